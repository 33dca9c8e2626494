/** Exporting in the browser: a download whose bytes are the server's own CSV. */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { expect, openQuery, sampleServer, test, writeSql } from './howdah.ts';

/** What `COPY … TO STDOUT (FORMAT csv, HEADER)` gives, read as the server builds it: one line a row. */
async function serverCsv(sql: string): Promise<string> {
  const client = new pg.Client({ connectionString: sampleServer().url });
  await client.connect();
  try {
    const file = `/tmp/howdah-e2e-${process.pid}.csv`;
    await client.query(`copy (${sql}) to '${file}' with (format csv, header)`);
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

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('full result');
  await page.keyboard.press('Enter');
  const [whole] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog').getByRole('button', { name: 'Choose file and export' }).click(),
  ]);
  expect(readFileSync(await whole.path(), 'utf8')).toBe(expected);
});
