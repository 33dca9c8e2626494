/** Guard rails as a person meets them: the question before a run, the name to type, read-only, and the way back. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, openQuery, sampleServer, test, writeSql } from './howdah.ts';

async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}
/** For looking at, in both themes: HOWDAH_LOOK names a folder. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.HOWDAH_LOOK;
  if (!folder) return;
  const size = page.viewportSize();
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`:root[data-theme="${colorScheme}"]`).waitFor();
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` });
  }
  if (size) await page.setViewportSize(size);
}
const run = (page: Page) => page.keyboard.press('Control+Shift+Enter');

test('production asks with the rows at stake, has the name typed, and the journal brings them back', async ({
  howdah,
  page,
}) => {
  await howdah.connect(page, sampleServer().url, { name: 'prod', environment: 'production' });
  await openQuery(page, 'prod');
  await writeSql(page, 'create schema if not exists guard_e2e; drop table if exists guard_e2e.item');
  await run(page);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Run these 2 changes?');
  await expect(dialog).toContainText('production');
  await accessible(page);
  await look(page, 'name');
  await dialog.getByRole('button', { name: 'Do not run' }).click();
  await expect(page.getByText('No results yet')).toBeVisible();
  await run(page);
  await dialog.getByRole('textbox', { name: 'Type guard_e2e.item to run it' }).fill('guard_e2e.item');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('DROP TABLE');

  await writeSql(
    page,
    `create table guard_e2e.item (id int primary key, name text);
     insert into guard_e2e.item select n, 'item ' || n from generate_series(1, 12) n`,
  );
  await run(page);
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('log')).toContainText('INSERT 0 12');

  await writeSql(page, 'delete from guard_e2e.item where id > 9');
  await run(page);
  await expect(dialog).toContainText('Exactly 3 rows now.');
  await expect(dialog.getByRole('region', { name: 'First rows that it would touch' })).toContainText('item 10');
  await accessible(page);
  await look(page, 'question');
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('log')).toContainText('DELETE 3');
  await expect(page.getByRole('log')).toContainText('3 rows are kept in the undo journal.');
  await page.getByRole('button', { name: 'Undo…' }).click();
  const rows = page.getByRole('region', { name: 'Changed rows' });
  await expect(rows).toContainText('item 10');
  await expect(page.getByRole('region', { name: 'The script' })).toContainText('guard_e2e');
  await accessible(page);
  await look(page, 'journal');
  await page.getByRole('button', { name: 'Open in a query tab' }).click();
  await page.locator('.sql-editor .view-lines').waitFor();
  await expect(page.getByRole('contentinfo')).toContainText('No transaction');
  await run(page);
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('log')).toContainText('DO');
  await writeSql(page, 'select count(*) as there from guard_e2e.item');
  await run(page);
  await expect(page.getByRole('grid')).toContainText('12');

  await writeSql(page, 'delete from guard_e2e.item');
  await page.keyboard.press('Control+Shift+X');
  await expect(dialog).toContainText('Deletes every row of guard_e2e.item');
  await expect(dialog).toContainText('it did to rows and tables is rolled back');
  await accessible(page);
  await look(page, 'analyze');
  await dialog.getByRole('textbox', { name: 'Type guard_e2e.item to run it' }).fill('guard_e2e.item');
  await dialog.getByRole('button', { name: 'Run and roll back' }).click();
  await expect(page.locator('#page')).toContainText('Delete on item');

  await page.keyboard.press('Control+,');
  const kept = page.getByRole('region', { name: 'Guard rails' });
  await expect(kept).toContainText(/The journal holds \d+ changes.*At 5,000 changes/);
  await kept.getByRole('button', { name: 'Clear journal…' }).scrollIntoViewIfNeeded();
  await look(page, 'kept');
  await kept.getByRole('button', { name: 'Clear journal…' }).click();
  await dialog.getByRole('button', { name: 'Clear journal' }).click();
  await expect(kept).toContainText('The journal is empty.');
  await kept.getByRole('button', { name: 'Open journal' }).click();
  await expect(page.locator('#page')).toContainText('Nothing to undo yet');
});

test('a read-only connection refuses a script before any of it is run', async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'careful', readOnly: true });
  await openQuery(page, 'careful');
  await writeSql(page, 'select 1 as one; delete from shop.customer');
  await run(page);
  await expect(page.getByRole('log')).toContainText('This connection is read-only');
  await expect(page.getByRole('log')).toContainText('use a connection that is not marked read-only');
  await writeSql(page, "select nextval('shop.orders_id_seq'), lower('A')");
  await run(page);
  await expect(page.getByRole('log')).toContainText('nextval() acts in spite of a read-only transaction');
  await writeSql(page, "select 'still' || ' here' as reads from shop.customer limit 1");
  await run(page);
  await expect(page.getByRole('grid')).toContainText('still here');
  await expect(page.getByRole('contentinfo')).toContainText('No transaction');
});

test('what is asked is chosen in the settings, and an expensive query leads to its plan', async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'dev' });
  await page.keyboard.press('Control+,');
  const rails = page.getByRole('region', { name: 'Guard rails' });
  await rails.getByRole('combobox', { name: 'For' }).selectOption('Development');
  await rails.getByRole('radiogroup', { name: 'Changing rows' }).getByRole('radio', { name: 'Ask' }).click();
  await rails.getByRole('checkbox', { name: /Explain queries first/ }).check();
  await rails.getByRole('textbox', { name: 'Ask above a cost of' }).fill('500');
  await page.keyboard.press('Enter');
  await accessible(page);
  await look(page, 'settings');
  await openQuery(page, 'dev');
  await writeSql(page, 'select count(*) from shop.customer_order a, shop.customer_order b');
  await run(page);
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Run this expensive query?');
  await look(page, 'cost');
  await dialog.getByRole('button', { name: 'Show the plan instead' }).click();
  await expect(page.getByRole('tab', { name: /Plan/, selected: true })).toBeVisible();
});
