/** Saved queries and templates in the side bar. */
import { expect, openQuery, sampleServer, test, writeSql } from './howdah.ts';

test.beforeEach(async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
});

test('a query is saved by key, found by its text, opened again, renamed, deleted and brought back', async ({
  page,
}) => {
  await writeSql(page, 'select 12345 as answer');
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('The answer');
  await dialog.getByRole('combobox', { name: 'Folder' }).fill('Reports/Daily');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'The answer' })).toBeVisible();
  await page.getByRole('button', { name: 'Saved queries', exact: true }).click();
  const tree = page.getByRole('tree', { name: 'Saved queries' });
  await expect(tree.getByRole('treeitem', { name: /Daily/ })).toBeVisible();
  await writeSql(page, 'select 678 as changed');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved “The answer”.')).toBeVisible();
  await page.keyboard.press('Alt+w');
  await page.getByRole('searchbox', { name: 'Search saved queries' }).fill('678');
  await tree.getByRole('treeitem', { name: /The answer/ }).dblclick();
  await expect(page.locator('#page')).toContainText('678');
  await page.getByRole('searchbox', { name: 'Search saved queries' }).fill('');
  await tree.getByRole('treeitem', { name: /The answer/ }).click();
  await page.keyboard.press('F2');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Renamed');
  await page.keyboard.press('Enter');
  await tree.getByRole('treeitem', { name: /Renamed/ }).dragTo(tree.getByRole('treeitem', { name: /Reports/ }));
  await expect(tree.getByRole('treeitem', { name: /Daily/ })).toHaveCount(0);
  await tree.getByRole('treeitem', { name: /Renamed/ }).click();
  await page.keyboard.press('Delete');
  await expect(tree.getByRole('treeitem', { name: /Renamed/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(tree.getByRole('treeitem', { name: /Renamed/ })).toBeVisible();
});

test('what was changed elsewhere is told at the save, and a template runs', async ({ howdah, page }) => {
  await writeSql(page, 'select 1');
  await page.keyboard.press('Control+s');
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Shared');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved “Shared”.')).toBeVisible();
  const client = await howdah.client(page);
  const { ids } = await client.queries.search({ text: 'Shared' });
  const { group, name, digest, id } = await client.queries.get({ id: ids[0] ?? '' });
  await client.queries.save({ id, group, name, text: 'select 2 as theirs', connectionId: null, basedOn: digest });
  await writeSql(page, 'select 3 as mine');
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: /changed elsewhere/ });
  await expect(dialog).toContainText('select 2 as theirs');
  await dialog.getByRole('button', { name: 'Write over it' }).click();
  await expect.poll(async () => (await client.queries.get({ id })).text).toBe('select 3 as mine');
  await page.getByRole('button', { name: 'Saved queries', exact: true }).click();
  const tree = page.getByRole('tree', { name: 'Saved queries' });
  await page.getByRole('searchbox', { name: 'Search saved queries' }).fill('calendar');
  await tree.getByRole('treeitem', { name: 'Calendar weeks' }).dblclick();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').getByRole('textbox', { name: ':year' }).fill('2026');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('grid')).toContainText('2026-W01');
});
