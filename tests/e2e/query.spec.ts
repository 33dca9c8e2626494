/** Running: what comes back while it streams, several results, errors at their place, transactions, cancel, history. */
import { expect, idle, openQuery, sampleServer, test, writeSql } from './howdah.ts';

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
  await idle(page);
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
  await idle(page);
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
  await writeSql(page, "select 'ready' as again, -1111111111111111 as n");
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('grid')).toContainText('ready');
  // A number is not cut: it would be read as another.
  const number = page.getByRole('grid').getByText('-1111111111111111');
  await expect.poll(() => number.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
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
  // Kept at its end, which comes after the notice.
  await expect(page.getByRole('log')).toContainText('1 statement run');
  await page.keyboard.press('Alt+h');
  await expect(page.getByRole('searchbox', { name: 'Search the history' })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search the history' }).fill('raise notice');
  await page.getByTitle('Open in a new query tab (it is not run)').first().click();
  await expect(page.locator('#page')).toContainText("raise notice 'look at <b>this</b>'");
  await expect(page.getByText('No results yet')).toBeVisible();
});

test('a psql command is refused at its place, and what stands before it still runs', async ({ page }) => {
  await writeSql(page, "select 'before' as it;\n\\d shop.customer\nselect 3");
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('log')).toContainText('Nothing was run');
  await expect(page.getByRole('log')).toContainText('line 2, column 1');
  await expect(page.locator('.sql-editor .squiggly-error').first()).toBeVisible();
  await page.getByRole('button', { name: 'Go to the place in the text' }).click();
  await idle(page);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('grid')).toContainText('before');
});

test('a line of two million characters runs as it stands, and an error at its end has its place', async ({ page }) => {
  await writeSql(page, `select 'begins ${'x'.repeat(2_000_000)}' as long`);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('grid')).toContainText('begins xxx');
  await page.locator('.sql-editor').click({ position: { x: 300, y: 14 } });
  await page.keyboard.press('End');
  await page.keyboard.type(', nowhere');
  await idle(page);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('log')).toContainText('column "nowhere" does not exist');
  await expect(page.getByRole('log')).toContainText(/line 1, column 2,?000,?027/);
});

test('an error without a place says which statement it was', async ({ page }) => {
  await writeSql(page, 'select 1;\nselect 2/0;\nselect 3');
  await page.keyboard.press('Control+Shift+Enter');
  await expect(page.getByRole('log')).toContainText('statement 2, line 2, column 1');
  await expect(page.getByRole('button', { name: 'Go to the statement' })).toBeVisible();
});

test('a tab does not leave its open transaction without asking, and shows it from afar', async ({ page }) => {
  await writeSql(page, 'begin');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('tab', { name: /Query 1/ }).getByRole('img', { name: 'Transaction open' })).toBeVisible();
  const database = page.getByRole('combobox', { name: 'Database of this tab' });
  await database.selectOption('postgres');
  await page.getByRole('dialog').getByRole('button', { name: 'Stay here' }).click();
  await expect(database).toHaveValue('sample');
  await expect(page.getByRole('contentinfo')).toContainText('Transaction open');
  await database.selectOption('postgres');
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
  await expect(page.getByRole('contentinfo')).toContainText('No transaction');
  await expect(database).toHaveValue('postgres');
});

test('rows are copied as INSERT into the table one names', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await writeSql(page, "select 1 as id, 'it''s' as name");
  await page.keyboard.press('Control+Enter');
  const grid = page.getByRole('grid');
  await expect(grid).toContainText("it's");
  await grid.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Copy as' }).press('ArrowRight');
  await page.getByRole('menuitem', { name: 'SQL INSERT…' }).click();
  await page.getByRole('textbox', { name: 'Into the table' }).fill('shop.orders');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe(`INSERT INTO "shop"."orders" ("id", "name") VALUES\n  (1, 'it''s');\n`);
});

test('a filter does not change where the rows were cut', async ({ howdah, page }) => {
  const client = await howdah.client(page);
  await client.app.saveSettings({ rowLimit: 1000 });
  await page.reload();
  await openQuery(page, 'sample');
  await writeSql(page, 'select n from generate_series(1, 5000) n');
  await page.keyboard.press('Control+Enter');
  const grid = page.getByRole('grid');
  await expect(page.getByText('Cut at the row limit of 1,000 rows')).toBeVisible();
  await grid.focus();
  await page.keyboard.press('Alt+ArrowDown');
  await page.getByRole('menuitem', { name: 'Filter…' }).click();
  await page.getByRole('textbox', { name: 'Value to compare with' }).fill('7');
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 of the fetched rows')).toBeVisible();
  await expect(page.getByText('Cut at the row limit of 1,000 rows')).toBeVisible();
});
