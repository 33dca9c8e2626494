/** The object tree and the pages of objects, as a person meets them: by keyboard, by search, with hostile names. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, type Howdah, sampleServer, test } from './howdah.ts';

async function openTree(howdah: Howdah, page: Page): Promise<Locator> {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await page
    .getByRole('region', { name: 'Connections', exact: true })
    .getByRole('button', { name: /sample/ })
    .click();
  const tree = page.getByRole('tree', { name: 'Objects' });
  await expect(tree.getByRole('treeitem', { name: /^shop/ })).toBeVisible();
  return tree;
}
const noSeriousFinding = async (page: Page): Promise<void> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
};

test('goes down to a table by keyboard, reads about it and its DDL', async ({ howdah, page }) => {
  const tree = await openTree(howdah, page);
  const chosen = tree.locator('[aria-selected=true]');
  /** Letters with a rest between them begin another word: on a busy machine it is typed again, after such a rest. */
  const typed = (word: string) =>
    expect(async () => {
      await page.keyboard.type(word);
      await expect(chosen).toHaveText(new RegExp(`^${word}`), { timeout: 3_000 });
    }).toPass();
  await tree.focus();
  await typed('shop');
  await page.keyboard.press('ArrowRight');
  await expect(tree.getByRole('treeitem', { name: /^Tables\b/ })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(chosen).toHaveText(/^Tables/);
  await page.keyboard.press('ArrowRight');
  await expect(tree.getByRole('treeitem', { name: /^product/ }).first()).toBeVisible();
  await typed('product');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid', { name: 'Rows of product' })).toBeVisible();
  await page.getByRole('button', { name: 'Structure' }).click();
  await expect(page.getByRole('heading', { name: 'shop.product' })).toBeVisible();
  await noSeriousFinding(page);
  await page.getByRole('tab', { name: /^Columns/ }).click();
  await page.getByRole('region', { name: 'Columns' }).getByRole('button', { name: 'sku' }).click();
  await expect(page.getByRole('heading', { name: 'sku', exact: true })).toBeVisible();
  await expect(page.getByText('Column of shop.product', { exact: true })).toBeVisible();
  await page
    .getByRole('tab', { name: /shop\.product$/ })
    .last()
    .click();
  await page.getByRole('tab', { name: 'DDL' }).click();
  await expect(page.getByRole('region', { name: 'DDL' })).toContainText('CREATE TABLE shop.product (');
  await noSeriousFinding(page);
});

test('finds a name as it is typed and shows it in the tree', async ({ howdah, page }) => {
  const tree = await openTree(howdah, page);
  const search = page.getByRole('searchbox', { name: 'Search objects' });
  await search.fill('shop.product');
  const found = page.getByRole('tree', { name: 'Objects found' });
  await expect(found.getByRole('treeitem').first()).toHaveText(/^product/);
  await found.getByRole('treeitem').first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show in tree' }).click();
  await expect(tree.locator('[aria-selected=true]')).toHaveText(/^product/);
  await search.fill('no such thing anywhere');
  await expect(page.getByRole('heading', { name: 'No match' })).toBeVisible();
  await search.press('Escape');
  await expect(tree).toBeVisible();
});

test('opens rows of a table in an editor', async ({ howdah, page }) => {
  await openTree(howdah, page);
  await page.getByRole('searchbox', { name: 'Search objects' }).fill('product');
  await page.getByRole('tree', { name: 'Objects found' }).getByRole('treeitem').first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Select rows in a query' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Query' })).toContainText('from shop.product');
});

test('the keyboard is with what was opened last, and goes back when that closes', async ({ howdah, page }) => {
  const tree = await openTree(howdah, page);
  const palette = page.getByRole('combobox', { name: 'Find a command, connection or object' });
  await tree.getByRole('treeitem', { name: /^shop/ }).click({ button: 'right' });
  await expect(page.getByRole('menu')).toBeFocused();
  // One key right after the other: the menu has closed, and not yet given back the focus.
  await page.evaluate(() => {
    const press = (key: string, ctrlKey: boolean) =>
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key, code: ctrlKey ? 'KeyK' : key, ctrlKey, bubbles: true, cancelable: true }),
      );
    press('Escape', false);
    press('k', true);
  });
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(palette).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await expect(tree).toBeFocused();
  // What comes late under a dialog gets no keys, but has them when it has closed.
  await page.keyboard.press('ControlOrMeta+k');
  await expect(palette).toBeFocused();
  const search = page.getByRole('searchbox', { name: 'Search objects', includeHidden: true });
  await search.evaluate((box) => box.focus());
  await expect(palette).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(search).toBeFocused();
});
