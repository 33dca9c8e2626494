/** The object tree as a person uses it: open down to a table, search, look at its page and its DDL. */
import { expect, openQuery, sampleServer, test } from './howdah.ts';

test('the tree opens down to a table; its page has everything about it', async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
  const tree = page.getByRole('tree');
  await expect(tree).toBeVisible();
  const search = page.getByPlaceholder('Search names and comments');
  await search.fill('customer');
  await page
    .getByRole('option', { name: /^customer/ })
    .or(page.getByRole('treeitem', { name: /^customer/ }))
    .first()
    .click();
  await search.press('Enter');
  await expect(page.getByRole('tab', { name: /customer/ })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('tab', { name: /^Columns/ }).click();
  await expect(page.locator('#page')).toContainText('email');
  await page.getByRole('tab', { name: 'DDL' }).click();
  await expect(page.locator('#page')).toContainText('CREATE TABLE');
});
