/** Scripts and copies in the browser: what is in a file, what is refused, rows into another table, and in the background. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { expect, fromPalette, type Howdah, sampleServer, test } from './howdah.ts';

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
  const connections = page.getByRole('region', { name: 'Connections', exact: true });
  await connections.getByRole('button', { name: /sample/ }).click();
  await expect(page.getByRole('tree', { name: 'Objects' }).getByRole('treeitem', { name: /^shop/ })).toBeVisible();
}
async function openCopy(page: Page, table: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search objects' }).fill(`public.${table}`);
  const found = page.getByRole('tree', { name: 'Objects found' }).getByRole('treeitem');
  await found.filter({ hasText: table }).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy rows to…' }).click();
}
const noSeriousFinding = async (page: Page): Promise<void> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
};
async function chooseScript(page: Page, text: string): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('dialog').getByRole('button', { name: 'Choose a file…' }).click(),
  ]);
  await chooser.setFiles({ name: 'change.sql', mimeType: 'application/sql', buffer: Buffer.from(text) });
}

test('a script is read through, refused by name or run, and says where it failed', async ({ howdah, page }) => {
  await ask('drop table if exists public.e2e_script');
  await openTree(howdah, page);
  const open = async () => {
    await fromPalette(page, 'script of SQL');
  };
  const dialog = page.getByRole('dialog', { name: 'Run a script of SQL' });
  const kinds = dialog.getByRole('list', { name: 'Statements by kind' });
  await open();
  await chooseScript(page, 'create table public.e2e_script (a int);\n\\! touch here\n');
  await expect(dialog).toContainText('Line 2: \\! is a command of psql, which is not run here.');
  await expect(dialog.getByRole('button', { name: 'Run the script' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await open();
  const rows = 'copy public.e2e_script from stdin;\n1\n2\n\\.\n';
  await chooseScript(page, `create table public.e2e_script (a int);\n${rows}insert into public.missing values (1);\n`);
  await expect(kinds).toContainText('create table');
  await noSeriousFinding(page);
  await dialog.getByRole('button', { name: 'Run the script' }).click();
  await expect(dialog).toContainText('Line 6: relation "public.missing" does not exist. Nothing was changed.');
  expect(await ask(`select to_regclass('public.e2e_script') as t`)).toEqual([{ t: null }]);
  await dialog.getByRole('button', { name: 'Back to the choices' }).click();
  await dialog
    .getByLabel('How it is run')
    .selectOption({ label: 'Each statement by itself; those that fail are passed over' });
  await dialog.getByRole('button', { name: 'Run the script' }).click();
  await expect(dialog).toContainText('3 statements, 1 failed, 2 rows written');
  await expect(dialog.getByRole('table', { name: 'Statements that failed' })).toContainText(
    'insert into public.missing',
  );
  expect(await ask('select count(*)::int as n from public.e2e_script')).toEqual([{ n: 2 }]);
});

test('rows are copied into a new table and compared; one that is left goes on in the background', async ({
  howdah,
  page,
}) => {
  await ask(`drop table if exists public.e2e_from, public.e2e_into;
    create table public.e2e_from (id int primary key, "Odd Name" text);
    insert into public.e2e_from select i, 'row ' || i from generate_series(1, 5000) i`);
  await openTree(howdah, page);
  await openCopy(page, 'e2e_from');
  const dialog = page.getByRole('dialog', { name: 'Copy rows of public.e2e_from' });
  await dialog.getByRole('radio', { name: 'New' }).click();
  await dialog.getByLabel('Name', { exact: true }).fill('e2e_into');
  await expect(dialog.getByLabel('Column for Odd Name')).toHaveValue('Odd Name');
  await noSeriousFinding(page);
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(dialog).toContainText('5,000 rows read: 5,000 inserted');
  await expect(dialog).toContainText('both sides have the same 5,000 rows');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  expect(await ask('select count(*)::int as n from public.e2e_into')).toEqual([{ n: 5000 }]);

  // Somebody holds the table: what waits for it goes on behind its closed dialog, and can be stopped from the status bar.
  const holder = new pg.Client({ connectionString: sampleServer().url });
  await holder.connect();
  try {
    await holder.query('begin; lock table public.e2e_into');
    await openCopy(page, 'e2e_from');
    await dialog.getByLabel('Name', { exact: true }).fill('e2e_into');
    await holder.query('rollback');
    await expect(dialog.getByLabel('Column for id')).toHaveValue('id');
    await holder.query('begin; lock table public.e2e_into');
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
    await dialog.getByRole('button', { name: 'Go on in the background' }).click();
    await expect(dialog).toBeHidden();
    const status = page.getByRole('contentinfo').getByRole('button', { name: /Copy of public.e2e_from/ });
    await status.click();
    await noSeriousFinding(page);
    await page.getByRole('button', { name: 'Cancel Copy of public.e2e_from' }).click();
    await expect(status).toBeHidden();
  } finally {
    await holder.query('rollback');
    await holder.end();
  }
  expect(await ask('select count(*)::int as n from public.e2e_into')).toEqual([{ n: 5000 }]);
});
