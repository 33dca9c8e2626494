/** Running with parameters, manual commit and timeouts, as a person meets them. */
import pg from 'pg';
import { expect, idle, openQuery, sampleServer, test, writeSql } from './howdah.ts';

test.beforeEach(async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
});

test('parameters are asked for, typed by the server and remembered', async ({ page }) => {
  await writeSql(page, 'select :n + 1 as next, :word::text as word where :n in (:list) or $1::int is null');
  await page.keyboard.press('Control+Enter');
  const dialog = page.getByRole('dialog', { name: 'Values of the parameters' });
  await expect(dialog).toContainText('integer');
  await dialog.getByRole('textbox', { name: ':n' }).fill('41');
  await dialog.getByRole('textbox', { name: ':word' }).fill("it's");
  await dialog.getByRole('textbox', { name: ':list' }).fill('1\n41');
  await dialog.getByRole('radiogroup', { name: 'Kind of $1' }).getByRole('radio', { name: 'NULL' }).click();
  await dialog.getByRole('textbox', { name: ':n' }).press('Enter');
  const grid = page.getByRole('grid');
  await expect(grid).toContainText('42');
  await writeSql(page, 'select :n + 2 as next, :word::text as word where :n in (:list)');
  await page.keyboard.press('F9');
  await expect(grid).toContainText('43');
  await expect(grid).toContainText("it's");
  await idle(page);
  await page.keyboard.press('Control+Enter');
  await expect(dialog.getByRole('textbox', { name: ':n' })).toHaveValue('41');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('manual commit keeps a transaction open, shows its locks, and ends it by a button or a key', async ({ page }) => {
  const status = page.getByRole('contentinfo');
  await page.getByRole('combobox', { name: 'Commit' }).selectOption('manual');
  await writeSql(page, 'create table shop.try_manual (n int)');
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('Transaction open');
  await status.getByRole('button', { name: /locks?, access exclusive/ }).click();
  await expect(page.getByRole('dialog', { name: 'Locks of the transaction' })).toContainText('access exclusive');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Rollback' }).click();
  await expect(status).toContainText('No transaction');
  await writeSql(page, "select to_regclass('shop.try_manual') as it");
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('grid')).toContainText('NULL');
  await idle(page);
  await page.keyboard.press('Alt+Shift+c');
  await expect(status).toContainText('No transaction');
  await writeSql(page, 'vacuum shop.customer');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('log')).toContainText('cannot run in a transaction');
  await idle(page);
  await page.getByRole('button', { name: 'Run it outside of a transaction' }).click();
  await expect(page.getByRole('log')).toContainText('VACUUM');
  // How a tab runs is kept.
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'Commit' })).toHaveValue('manual');
});

test('a timeout of the tab stops a statement, and the limit cuts its rows', async ({ page }) => {
  await page.getByRole('button', { name: 'Timeouts and row limit' }).click();
  const options = page.getByRole('dialog', { name: 'How this tab runs' });
  await options.getByRole('textbox', { name: 'Statement timeout' }).fill('200 ms');
  await options.getByRole('textbox', { name: 'Row limit' }).fill('7');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Timeouts and row limit: timeout 200 ms, 7 rows' })).toBeVisible();
  await writeSql(page, 'select pg_sleep(60)');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('log')).toContainText('statement timeout');
  // A busy server may need longer than that for anything.
  await page.getByRole('button', { name: /^Timeouts and row limit/ }).click();
  await options.getByRole('textbox', { name: 'Statement timeout' }).fill('');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Timeouts and row limit: 7 rows' })).toBeVisible();
  await writeSql(page, 'select * from generate_series(1, 100)');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Cut at the row limit of 7 rows')).toBeVisible();
});

test('a long run in another tab is listed, told of when it ends, and an entry of the history runs again', async ({
  howdah,
  page,
}) => {
  const client = await howdah.client(page);
  await client.app.saveSettings({ longRunMs: 1000 });
  // It waits for a lock that is held until it was seen, and until it has run for long enough to be told of.
  const holder = new pg.Client({ connectionString: sampleServer().url });
  await holder.connect();
  try {
    await holder.query('select pg_advisory_lock(271828)');
    await writeSql(page, "select pg_advisory_xact_lock(271828), 'waited' as it");
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Alt+t');
    await page.getByRole('contentinfo').getByRole('button', { name: '1 running' }).click();
    await expect(page.getByRole('dialog', { name: 'Running statements' })).toContainText('select pg_advisory');
    await page.keyboard.press('Escape');
    const waited = `select from pg_stat_activity
      where query like 'select pg_advisory_xact_lock(271828)%' and now() - query_start > '1.2 s'`;
    await expect.poll(async () => (await holder.query(waited)).rowCount).toBe(1);
  } finally {
    await holder.end();
  }
  await expect(page.getByText(/“Query 1” finished after/)).toBeVisible();
  await page.getByRole('button', { name: 'Go to it' }).click();
  await expect(page.getByRole('grid')).toContainText('waited');
  await writeSql(page, "select 'from ' || 'history' as again");
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('grid')).toContainText('from history');
  await page.keyboard.press('Alt+h');
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('failed');
  await expect(page.getByText('No run matches')).toBeVisible();
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('well');
  await page.getByRole('combobox', { name: 'Time' }).selectOption('today');
  await page.getByRole('combobox', { name: 'Connection' }).selectOption('sample');
  await page.getByTitle('Open in a new query tab (it is not run)').first().hover();
  await page.getByRole('button', { name: 'Run it again in a new tab' }).first().click();
  await expect(page.getByRole('grid')).toContainText('from history');
});
