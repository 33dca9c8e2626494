/** Running: what comes back while it streams, several results, errors at their place, transactions, cancel, history. */
import { expect, openQuery, sampleServer, test, writeSql } from './howdah.ts';

test.beforeEach(async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
});

test('a script gives its results in order, and an error at its place', async ({ page }) => {
  await writeSql(page, "select 1 as one;\n/* two */ select 'zwei' as two;\nselect 3,\n  nowhere from shop.customer");
  await page.keyboard.press('Control+Shift+Enter');
  await expect(page.getByText('line 4, column 3')).toBeVisible();
  await expect(page.getByText('42703')).toBeVisible();
  await expect(page.locator('.sql-editor .squiggly-error, .sql-editor .cdr.squiggly-error').first()).toBeVisible();
  await page.getByRole('tab', { name: /Result 2/ }).click();
  await expect(page.getByRole('grid')).toContainText('zwei');
  await page.getByRole('tab', { name: /Result 1/ }).click();
  await expect(page.getByRole('grid')).toContainText('one');
});

test('runs the statement at the caret, or exactly what is selected', async ({ page }) => {
  await writeSql(page, 'select 11 as first;\nselect 22 as second;');
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('grid')).toContainText('first');
  await page.locator('.sql-editor .view-lines').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Shift+Control+Home');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('tab', { name: /Result 2/ })).toBeVisible();
});

test('the transaction is always in sight, and closing an open one asks', async ({ page }) => {
  const status = page.getByRole('contentinfo');
  await writeSql(page, 'begin; create temp table t (n int)');
  await page.keyboard.press('Control+Shift+Enter');
  await expect(status).toContainText('Transaction open');
  await page.keyboard.press('Alt+w');
  const question = page.getByRole('dialog');
  await expect(question).toContainText('open transaction');
  await question.getByRole('button', { name: 'Keep the tab' }).click();
  await writeSql(page, 'select 1/0');
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('Transaction failed');
  await writeSql(page, 'rollback');
  await page.keyboard.press('Control+Enter');
  await expect(status).toContainText('No transaction');
});

test('cancel stops the statement and the session is ready again', async ({ page }) => {
  await writeSql(page, 'select pg_sleep(600)');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(page.getByRole('log')).toContainText('Cancelled');
  await writeSql(page, "select 'ready' as again");
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('grid')).toContainText('ready');
});

test('a million rows: in sight while they stream, any of them at once, sorted exactly', async ({ page }) => {
  await writeSql(page, 'select n, md5(n::text) as digest, n % 1000 as small from generate_series(1, 400000) n');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('400,000 rows').first()).toBeVisible();
  const grid = page.getByRole('grid');
  await expect(grid).toContainText('c4ca4238a0b923820dcc509a6f75849b');
  await grid.focus();
  await page.keyboard.press('Control+End');
  await expect(grid).toContainText('400000');
  await page.keyboard.press('Control+g');
  await page.getByRole('textbox', { name: /row/i }).fill('123456');
  await page.keyboard.press('Enter');
  await expect(grid).toContainText('123456');
  await expect(page.getByRole('contentinfo')).toContainText('No transaction');
});

test('notices and what was run are kept', async ({ page }) => {
  await writeSql(page, "do $$ begin raise notice 'look at <b>this</b>'; end $$");
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('look at <b>this</b>')).toBeVisible();
  await page.keyboard.press('Alt+h');
  await expect(page.getByRole('searchbox', { name: 'Search the history' })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search the history' }).fill('raise notice');
  await page.getByTitle('Open in a new query tab (it is not run)').first().click();
  await expect(page.locator('#page')).toContainText("raise notice 'look at <b>this</b>'");
  await expect(page.getByText('No results yet')).toBeVisible();
});
