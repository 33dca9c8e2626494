/** Results that are pinned, stacked and compared. */
import { expect, openQuery, sampleServer, test, writeSql } from './howdah.ts';

test.beforeEach(async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
});

test('a pinned result stays over the next run, and two are compared cell by cell', async ({ page }) => {
  await writeSql(page, "select * from (values (1, 'a', 10), (2, 'b', 20), (3, 'c', 30)) as t (id, name, n)");
  await page.keyboard.press('Control+Enter');
  const grid = page.getByRole('grid');
  await expect(grid).toContainText('30');
  await page.getByRole('button', { name: 'Pin the result' }).click();
  await writeSql(page, "select * from (values (1, 'a', 10), (3, 'c', 33), (4, 'd', 40)) as t (id, name, n)");
  await page.keyboard.press('Control+Enter');
  await expect(grid).toContainText('33');
  await page.getByRole('tab', { name: /select \* from/ }).click();
  await expect(page.getByText('Pinned, run at')).toBeVisible();
  await expect(grid).toContainText('20');
  await page.getByRole('tab', { name: /^Result/ }).click();
  await page.getByRole('button', { name: 'Compare two results…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Compare' }).click();
  await expect(page.getByText('1 added')).toBeVisible();
  await expect(page.getByText('matched by id')).toBeVisible();
  await expect(grid).toContainText('differs in');
  await expect(grid.locator('.hg-cell.hg-removed', { hasText: '30' })).toBeVisible();
  await expect(grid.locator('.hg-cell.hg-added', { hasText: '33' })).toBeVisible();
  await expect(grid.locator('.hg-cell.hg-added', { hasText: 'c' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Show what is the same too' }).click();
  await expect(grid).toContainText('same');
  await page.keyboard.press('Alt+p');
  await expect(page.getByRole('tab', { name: /↔/ })).toHaveCount(0);
});

test('the results of a script below each other', async ({ page }) => {
  await writeSql(page, "select 'first' as a; select 'second' as b; select 'third' as c");
  await page.keyboard.press('Control+Shift+Enter');
  await expect(page.getByRole('tab', { name: /Result 3/ })).toBeVisible();
  await page.getByRole('button', { name: 'Results below each other' }).click();
  await expect(page.getByRole('grid', { name: 'Result 1' })).toContainText('first');
  await expect(page.getByRole('grid', { name: 'Result 2' })).toContainText('second');
  await page.getByRole('button', { name: 'Results below each other' }).click();
  await expect(page.getByRole('tab', { name: /Result 3/ })).toBeVisible();
});
