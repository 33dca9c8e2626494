/** Importing in the browser: a file is chosen, read, mapped, tried, and its rows are in the table. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { expect, type Howdah, sampleServer, test } from './howdah.ts';

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: sampleServer().url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function openTree(howdah: Howdah, page: Page): Promise<void> {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await page
    .getByRole('region', { name: 'Connections', exact: true })
    .getByRole('button', { name: /sample/ })
    .click();
}

async function openImport(page: Page, table: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search objects' }).fill(`public.${table}`);
  const found = page.getByRole('tree', { name: 'Objects found' }).getByRole('treeitem');
  await found.filter({ hasText: table }).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Import rows…' }).click();
}

async function chooseFile(page: Page, name: string, text: string): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('dialog').getByRole('button', { name: 'Choose a file…' }).click(),
  ]);
  await chooser.setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
}
const noSeriousFinding = async (page: Page): Promise<void> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
};

test('a file goes into a table, what does not fit is put aside, and a second time updates', async ({
  howdah,
  page,
}) => {
  await ask(`drop table if exists public.e2e_orders;
    create table public.e2e_orders (id int primary key, customer varchar(8), ordered date)`);
  await openTree(howdah, page);
  await openImport(page, 'e2e_orders');
  const dialog = page.getByRole('dialog', { name: 'Import into public.e2e_orders' });
  const rows = ['1;ann;24.12.2024', '2;bob;31.12.2024', 'three;eve;1.1.2025', '4;much too long;1.1.2025'];
  await chooseFile(page, 'orders.csv', `ID;Customer;Ordered\n${rows.join('\n')}\n`);
  await expect(dialog.getByLabel('Between values')).toHaveValue(';');
  await expect(dialog.getByRole('table', { name: 'First rows of the file' })).toContainText('24.12.2024');
  await noSeriousFinding(page);
  await dialog.getByRole('button', { name: 'Next: the table' }).click();
  await expect(dialog.getByLabel('Column for Ordered')).toHaveValue('ordered');
  await dialog.getByRole('button', { name: 'Rules for Ordered' }).click();
  await dialog.getByLabel('Date format').fill('DD.MM.YYYY');
  await dialog.getByLabel('A row that does not fit').selectOption('Is put aside with its reason');
  await noSeriousFinding(page);
  await dialog.getByRole('button', { name: 'Dry run' }).click();
  await expect(dialog).toContainText('4 rows read: 2 inserted, 0 updated, 2 rejected');
  await expect(dialog.getByRole('table', { name: 'Rejected rows' })).toContainText('value too long');
  expect(await ask('select count(*)::int as n from public.e2e_orders')).toEqual([{ n: 0 }]);
  await dialog.getByRole('button', { name: 'Back to the choices' }).click();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog).toContainText('The rows are in the table');
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Save the rejected rows…' }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe('rejected.csv');
  expect(await ask('select id, customer, ordered::text from public.e2e_orders order by id')).toEqual([
    { id: 1, customer: 'ann', ordered: '2024-12-24' },
    { id: 2, customer: 'bob', ordered: '2024-12-31' },
  ]);
});

test('a file becomes a table, with the types its values have', async ({ howdah, page }) => {
  await ask('drop table if exists shop.e2e_made');
  await openTree(howdah, page);
  await page.getByRole('tree', { name: 'Objects' }).getByRole('treeitem', { name: /^shop/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Import a file as a table…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a file' });
  await chooseFile(page, 'e2e-made.json', '[{"id": 1, "price": 2.50}, {"id": 2, "price": null, "tags": ["a"]}]');
  await expect(dialog.getByLabel('Form', { exact: true })).toHaveValue('json');
  await dialog.getByRole('button', { name: 'Next: the table' }).click();
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('e2e_made');
  await expect(dialog.getByLabel('Type of tags')).toHaveValue('jsonb');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog).toContainText('2 rows read: 2 inserted');
  expect(await ask('select id, price::text, tags from shop.e2e_made order by id')).toEqual([
    { id: 1, price: '2.50', tags: null },
    { id: 2, price: null, tags: ['a'] },
  ]);
});

test('importing into production is asked about, and nothing is written before the yes', async ({ howdah, page }) => {
  await ask('drop table if exists public.e2e_asked; create table public.e2e_asked (id int primary key)');
  await howdah.connect(page, sampleServer().url, { name: 'live', environment: 'production' });
  await page.getByRole('region', { name: 'Connections', exact: true }).getByRole('button', { name: /live/ }).click();
  await openImport(page, 'e2e_asked');
  const dialog = page.getByRole('dialog', { name: 'Import into public.e2e_asked' });
  await chooseFile(page, 'asked.csv', 'id\n1\n2\n');
  await dialog.getByRole('button', { name: 'Next: the table' }).click();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  const question = page.getByRole('dialog', { name: /^Run INSERT/ });
  await expect(question).toBeVisible();
  await question.getByRole('button', { name: 'Do not run' }).click();
  expect(await ask('select count(*)::int as rows from public.e2e_asked')).toEqual([{ rows: 0 }]);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await question.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog).toContainText('2 rows read: 2 inserted');
  expect(await ask('select count(*)::int as rows from public.e2e_asked')).toEqual([{ rows: 2 }]);
});
