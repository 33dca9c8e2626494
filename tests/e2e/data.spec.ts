/** The rows of tables and views, as a person goes through them. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { notifyTriggerSql } from '../../shared/edit/follow-sql.ts';
import { startServer } from '../postgres/servers.ts';
import { expect, type Howdah, sampleServer, test } from './howdah.ts';

async function openRows(howdah: Howdah, page: Page, name: string, url = sampleServer().url): Promise<Locator> {
  await howdah.connect(page, url, { name: 'sample' });
  await page
    .getByRole('region', { name: 'Connections', exact: true })
    .getByRole('button', { name: /sample/ })
    .click();
  await page.getByRole('searchbox', { name: 'Search objects' }).fill(name);
  const found = page.getByRole('tree', { name: 'Objects found' }).getByRole('treeitem').first();
  await expect(found).toContainText(name.split('.').at(-1) ?? '');
  await found.dblclick();
  const grid = page.getByRole('grid', { name: `Rows of ${name.split('.').at(-1)}` });
  await expect(grid.getByRole('gridcell').first()).toBeVisible();
  return grid;
}
const noSeriousFinding = async (page: Page): Promise<void> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
};
const whereOf = (page: Page) => page.getByRole('combobox', { name: 'WHERE: condition' });
const foot = (page: Page, words: RegExp | string) => expect(page.getByText(words).first()).toBeVisible();

test('filters, orders and searches on the server, and says what is wrong where it is', async ({ howdah, page }) => {
  const grid = await openRows(howdah, page, 'shop.product');
  await foot(page, /^4,000 rows$/);
  const where = whereOf(page);
  await where.fill('pric');
  const offers = page.getByRole('listbox', { name: 'Suggestions' });
  await expect(offers.getByRole('option').first()).toContainText('price');
  await where.press('Tab');
  await expect(where).toHaveValue('price');
  await where.fill('prize > 10');
  await where.press('Enter');
  await expect(page.getByRole('alert')).toContainText('column "prize" does not exist');
  await expect(grid.getByRole('gridcell').first()).toBeVisible();
  // An order that comes while a slow condition is tried goes with it.
  await where.fill('price > 100 and exists (select pg_sleep(0.3))');
  await where.press('Enter');
  const order = page.getByRole('combobox', { name: 'ORDER BY: columns' });
  await order.fill('price desc');
  await order.press('Enter');
  await expect(grid.getByRole('columnheader', { name: /^price/ })).toHaveAttribute('aria-sort', 'descending');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByText(/^4,000 rows$/)).toHaveCount(0);
  await where.fill('price > 100');
  await where.press('Enter');
  await page.getByRole('searchbox', { name: 'Search all columns' }).fill('KNIFE');
  await expect(grid.getByRole('row').nth(1)).toContainText(/knife/);
  await noSeriousFinding(page);
  await page.getByRole('button', { name: 'All rows in their own order' }).click();
  await foot(page, /^4,000 rows$/);
});

test('picks values of a column, and goes along foreign keys both ways', async ({ howdah, page }) => {
  const grid = await openRows(howdah, page, 'shop.product');
  await expect(grid.getByRole('gridcell', { name: /Chef/ }).first()).toBeVisible();
  const header = grid.getByRole('columnheader', { name: /^brand_id/ });
  await header.hover();
  await header.locator('[data-part=menu]').click();
  await page.getByRole('menuitem', { name: 'Filter by value…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Filter on brand_id' });
  // A number says little: the brand's name stands beside it, and finds it.
  await dialog.getByRole('searchbox', { name: 'Values that contain' }).fill('alpen');
  await dialog.getByRole('checkbox', { name: /^\d+\s*Alpenglühn/ }).check();
  await noSeriousFinding(page);
  await dialog.getByRole('button', { name: 'Filter', exact: true }).click();
  await expect(whereOf(page)).toHaveValue(/^brand_id = \d+$/);
  await expect(grid.getByRole('gridcell', { name: /Alpenglühn/ }).first()).toBeVisible();
  await grid.getByRole('gridcell', { name: /Chef/ }).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: /Go to the row of shop.category/ }).click();
  const category = page.getByRole('grid', { name: 'Rows of category' });
  await expect(category.getByRole('gridcell').first()).toBeVisible();
  await foot(page, /^1 row$/);
  await page.getByRole('button', { name: 'Related rows' }).click();
  const related = page.getByRole('region', { name: 'Related rows' });
  await related.getByRole('tab', { name: /product by category_id/ }).click();
  await expect(related.getByRole('grid').getByRole('gridcell').first()).toBeVisible();
  await noSeriousFinding(page);
  await related.getByRole('button', { name: 'Open these rows in a tab' }).click();
  await expect(whereOf(page)).toHaveValue(/^category_id = /);
});

test('finds a text among the rows that are here, and on the server', async ({ howdah, page }) => {
  const grid = await openRows(howdah, page, 'shop.country');
  await grid.focus();
  await page.keyboard.press('Control+f');
  const find = page.getByRole('search', { name: 'Find in the fetched rows' });
  await expect(find.getByRole('textbox')).toBeFocused();
  await page.keyboard.type('united');
  await page.keyboard.press('Enter');
  await expect(find).toContainText(/Row \d+, 1 of \d/);
  await expect(grid.locator('.hg-found').first()).toContainText(/united/i);
  await page.keyboard.press('Enter');
  await expect(find).toContainText(/, 2 of \d/);
  await page.keyboard.press('Shift+F3');
  await expect(find).toContainText(/, 1 of \d/);
  await noSeriousFinding(page);
  await find.getByRole('button', { name: 'Search all rows on the server' }).click();
  await expect(page.getByRole('searchbox', { name: 'Search all columns' })).toHaveValue('united');
  await find.getByRole('textbox').press('Escape');
  await expect(grid.locator('.hg-found:visible')).toHaveCount(0);
});

test('shows a row whole, and finds a value in all tables', async ({ howdah, page }) => {
  const grid = await openRows(howdah, page, 'shop.country');
  await grid.focus();
  await page.keyboard.press('Space');
  const card = page.getByRole('complementary', { name: 'Row details' });
  await expect(card).toContainText('in_customs_union');
  await noSeriousFinding(page);
  // Closed with the focus in it, it gives that back to the rows.
  const next = card.getByRole('button', { name: 'Next row' });
  await next.focus();
  await next.press('Escape');
  await expect(card).toHaveCount(0);
  await expect(grid).toBeFocused();
  await page.getByRole('button', { name: 'Find a value in all tables' }).click();
  await page.getByRole('textbox', { name: 'Value to find' }).fill('KIT-011728');
  await page.keyboard.press('Enter');
  const found = page.getByRole('list', { name: 'Found in' });
  await expect(found.getByRole('button', { name: /shop.product\b.*sku/ })).toBeVisible();
  await expect(page.getByText(/tables looked at, found in/)).toBeVisible();
  await found.getByRole('button', { name: /shop.product\b.*sku/ }).click();
  await expect(whereOf(page)).toHaveValue("sku = 'KIT-011728'");
  await foot(page, /^1 row$/);
});

test('marks what another changes while it follows', async ({ howdah, page }) => {
  const server = await startServer(18);
  try {
    await server.query(
      "create table brand (id int primary key, name text); insert into brand select g, 'brand ' || g from generate_series(1, 9) g",
    );
    const grid = await openRows(howdah, page, 'public.brand', server.url);
    await page.getByRole('button', { name: /^Follow changes/ }).click();
    // The mark goes with the next look: it is waited for frame by frame, and not asked about now and then.
    const marked = grid.evaluate(
      (element) =>
        new Promise<string>((resolve) => {
          const look = () => {
            const text = element.querySelector('.hg-changed')?.textContent;
            if (text) resolve(text);
            else requestAnimationFrame(look);
          };
          look();
        }),
    );
    await server.query("update brand set name = 'Seen at once' where id = 3");
    expect(await marked).toBe('Seen at once');
    await page.getByRole('button', { name: /^Changes are noticed every/ }).click();
    await page.getByRole('menuitemcheckbox', { name: 'By NOTIFY…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Follow changes by NOTIFY' });
    await expect(dialog.getByRole('textbox', { name: 'Channel' })).toHaveValue('brand_changed');
    await noSeriousFinding(page);
    await dialog.getByRole('button', { name: 'Listen' }).click();
    await expect(page.getByRole('button', { name: 'Changes are noticed on NOTIFY brand_changed' })).toBeVisible();
    await expect
      .poll(
        async () =>
          (await server.query("select from pg_stat_activity where query ilike 'listen%brand_changed%'")).length,
      )
      .toBe(1);
    // Nobody notifies of this one: it is seen together with the next.
    await server.query("update brand set name = 'Unheard' where id = 4");
    await server.query(notifyTriggerSql('public', 'brand', 'brand_changed'));
    await server.query("insert into brand values (10, 'Heard of')");
    await expect(grid.getByText('Heard of')).toBeVisible();
    await expect(grid.getByText('Unheard')).toBeVisible();
    await foot(page, /^10 rows$/);
  } finally {
    await server.stop();
  }
});
