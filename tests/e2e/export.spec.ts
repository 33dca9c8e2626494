/** Exporting in the browser: a download whose bytes are the server's own CSV. */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import pg from 'pg';
import { expect, fromPalette, openQuery, sampleServer, test, writeSql } from './howdah.ts';

/** What `COPY … TO STDOUT (FORMAT csv, HEADER)` gives, read as the server builds it: one line a row. */
async function serverCsv(sql: string): Promise<string> {
  const client = new pg.Client({ connectionString: sampleServer().url });
  await client.connect();
  try {
    // In the server's own folder, which goes with the server.
    const { rows: place } = await client.query(`select current_setting('data_directory') || '/e2e-export.csv' as file`);
    const [{ file }] = place;
    await client.query(`copy (${sql}) to ${client.escapeLiteral(file)} with (format csv, header)`);
    const { rows } = await client.query('select pg_read_file($1) as text', [file]);
    return rows[0].text;
  } finally {
    await client.end();
  }
}

test('the fetched rows and the whole result download as the server would write them', async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
  const sql = 'select * from public.every_type order by id';
  await writeSql(page, sql);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('grid')).toBeVisible();
  const expected = await serverCsv(sql);

  await page.getByRole('button', { name: 'Export the result' }).click();
  const dialog = page.getByRole('dialog');
  const [fetched] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Choose file and export' }).click(),
  ]);
  expect(readFileSync(await fetched.path(), 'utf8')).toBe(expected);
  await expect(dialog).toContainText('is written');
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await fromPalette(page, 'full result');
  const [whole] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name: 'Choose file and export' }).click(),
  ]);
  expect(readFileSync(await whole.path(), 'utf8')).toBe(expected);
});

test('a table goes to the clipboard and to a workbook, a schema into an archive, from the tree', async ({
  howdah,
  page,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await page
    .getByRole('region', { name: 'Connections', exact: true })
    .getByRole('button', { name: /sample/ })
    .click();
  const tree = page.getByRole('tree', { name: 'Objects' });
  await page.getByRole('searchbox', { name: 'Search objects' }).fill('public.every_type');
  const found = page.getByRole('tree', { name: 'Objects found' });
  await found.getByRole('treeitem').filter({ hasText: 'every_type' }).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Export rows…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export public.every_type' });
  await dialog.getByRole('radio', { name: 'SQL' }).click();
  await dialog.getByLabel('Statements').selectOption('COPY with its data (quickest)');
  await dialog.getByRole('button', { name: 'Copy to clipboard' }).click();
  await expect(dialog).toContainText('It is on the clipboard');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^COPY "public"."every_type" \("id", /);
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await page.getByRole('searchbox', { name: 'Search objects' }).fill('');
  await tree.getByRole('treeitem', { name: /^shop/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Export tables…' }).click();
  const pick = page.getByRole('dialog', { name: 'Export tables of shop' });
  await expect(pick.getByRole('button', { name: 'Choose file and export' })).toBeDisabled();
  await pick.getByLabel('Filter tables').fill('product');
  await pick.getByRole('button', { name: 'All' }).click();
  await pick.getByRole('radio', { name: 'CSV' }).click();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  const [archive] = await Promise.all([
    page.waitForEvent('download'),
    pick.getByRole('button', { name: 'Choose file and export' }).click(),
  ]);
  expect(archive.suggestedFilename()).toBe('shop.zip');
  expect(
    readFileSync(await archive.path())
      .subarray(0, 4)
      .toString('latin1'),
  ).toBe('PK\u0003\u0004');
  await expect(pick).toContainText('is written');
});

test('a cancelled export leaves nothing and can be begun again', async ({ howdah, page }) => {
  await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await openQuery(page, 'sample');
  // Row by row: behind FROM the server would make all of them before the first.
  await writeSql(page, 'select i, md5(i::text) from (select generate_series(1, 100000000) as i) s');
  await fromPalette(page, 'full result');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'CSV' }).click();
  await dialog.getByRole('button', { name: 'Choose file and export' }).click();
  await expect(dialog.getByRole('status')).toContainText('rows/s');
  await dialog.getByRole('button', { name: 'Cancel export' }).click();
  await expect(dialog).toContainText('no file was left');
  await expect(dialog.getByRole('button', { name: 'Choose file and export' })).toBeEnabled();
});
