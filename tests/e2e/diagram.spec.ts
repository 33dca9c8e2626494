/** Diagrams of tables and graphs of rows, as a person goes about them on the sample. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import pg from 'pg';
import { openWriter } from '../../electron/recorder/file/writer.ts';
import { catalog, generateRecording } from '../fixtures/generate-recording.ts';
import { expect, fromPalette, type Howdah, sampleServer, test } from './howdah.ts';
import { openRecording } from './monitoring.ts';

async function connected(howdah: Howdah, page: Page): Promise<string> {
  const id = await howdah.connect(page, sampleServer().url, { name: 'sample' });
  await page
    .getByRole('region', { name: 'Connections', exact: true })
    .getByRole('button', { name: /sample/ })
    .click();
  await expect(page.getByRole('treeitem', { name: /^shop/ })).toBeVisible();
  return id;
}
async function openDiagram(page: Page): Promise<Locator> {
  await page.keyboard.press('Alt+d');
  const canvas = page.getByRole('application', { name: /^Diagram of sample: \d+ tables, \d+ keys/ });
  await expect(canvas).toBeVisible();
  return canvas;
}
const noSeriousFinding = async (page: Page): Promise<void> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
};
async function saved(page: Page, kind: string): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as' }).click();
  await page.getByRole('menuitem', { name: kind, exact: true }).click();
  return readFileSync(await (await download).path(), 'latin1');
}

test('finds a table, goes along its keys by keyboard, shows what is around it, and keeps the layout', async ({
  howdah,
  page,
}) => {
  await connected(howdah, page);
  const canvas = await openDiagram(page);
  await page.keyboard.press('Control+f');
  await page.getByRole('searchbox', { name: 'Find a table or column' }).fill('customer');
  await page.keyboard.press('Enter');
  const details = page.getByRole('region', { name: 'Table', exact: true });
  await expect(details).toContainText('Refers to');
  await details.getByRole('button', { name: /shop\.country/ }).click();
  await expect(details.getByRole('heading', { level: 2 })).toHaveText('country');
  await canvas.focus();
  await page.keyboard.press('ArrowRight');
  await expect(details.getByRole('heading', { level: 2 })).not.toHaveText('country');
  await page.keyboard.press('Alt+ArrowDown');
  await details.getByRole('button', { name: 'Around it' }).click();
  await expect(page.getByRole('application', { name: /^Diagram of sample: [1-9] tables|1\d tables/ })).toBeVisible();
  await page.getByRole('button', { name: 'Main' }).click();
  await page.getByRole('menuitem', { name: /Keep a copy/ }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Neighbours');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Neighbours' })).toBeVisible();
  await noSeriousFinding(page);
  // The tab was kept, and so was its layout.
  await page.reload();
  await expect(page.getByRole('button', { name: 'Neighbours' })).toBeVisible();
  await expect(page.getByRole('application', { name: /^Diagram of sample: [1-9] tables|1\d tables/ })).toBeVisible();
});

test('marks what has changed since it was seen, and keys can be drawn by hand and checked', async ({
  howdah,
  page,
}) => {
  const connectionId = await connected(howdah, page);
  await openDiagram(page);
  const client = await howdah.client(page);
  const source = { connectionId, database: 'sample' };
  await expect.poll(async () => (await client.diagrams.layouts({ source })).length).toBe(1);
  await page.getByRole('button', { name: 'Keys', exact: true }).click();
  await page.getByRole('menuitem', { name: /Suggest/ }).click();
  const dialog = page.getByRole('dialog');
  const suggestion = dialog.getByRole('listitem').filter({ hasText: 'logistics.drone (warehouse_id)' });
  await suggestion.getByRole('button', { name: 'Check on the data' }).click();
  await expect(suggestion.getByRole('status')).toContainText(/rows/);
  await suggestion.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: /Add/ }).click();
  await expect.poll(async () => (await client.diagrams.virtualKeys({ source })).length).toBe(1);
  const [layout] = await client.diagrams.layouts({ source });
  const content = await client.diagrams.layout({ id: layout?.id ?? '' });
  const { 'shop.country': _, ...known } = content.known;
  await client.diagrams.save({
    id: layout?.id ?? null,
    source,
    name: 'Main',
    content: { ...content, known: { ...known, 'shop.gone': 'x' } },
  });
  await page.reload();
  await expect(page.getByText('Since this layout was last seen: 1 table new, 1 table gone (shop.gone).')).toBeVisible();
  await page.getByRole('button', { name: 'Mark as seen' }).click();
  await expect(page.getByText('Since this layout was last seen')).toHaveCount(0);
});

test('is painted by heat, shows recorded changes, and reads a file of SQL', async ({ howdah, page }) => {
  await connected(howdah, page);
  await openDiagram(page);
  await page.getByRole('button', { name: 'Heat', exact: true }).click();
  const heat = page.getByRole('region', { name: 'Heat' });
  await expect(heat).toContainText('As the server knows it');
  // Cards tell what they are painted by.
  await expect.poll(() => saved(page, 'SVG')).toMatch(/>[\d.]+ (kB|MB)</);
  await heat.getByRole('combobox', { name: 'Painted by' }).selectOption({ label: 'Dead rows' });
  await expect(heat).toContainText('from a recording only');
  await heat.getByRole('button', { name: 'Paint no heat' }).click();
  await page.getByRole('button', { name: 'Changes of the structure' }).click();
  await expect(page.getByRole('region', { name: 'Changes of the structure' })).toContainText('No recording');
  await noSeriousFinding(page);
  await openSqlFile(page, 'create table a (id int primary key); create table b (a_id int references a);');
  await expect(page.getByRole('application', { name: 'Diagram of shop.sql: 2 tables, 1 key' })).toBeVisible();
});

/** A recorded hour, in whose last seconds a table was made and another one changed. */
function recordedChange(file: string): void {
  const { toMs } = generateRecording(file, { hours: 1, active: 2, name: 'shop-db-1' });
  const writer = openWriter({ file, name: 'shop-db-1' });
  const [orders, ...others] = catalog.relations;
  if (!orders) throw new Error('a recording without tables');
  const column = { num: 2, name: 'refund', type: 'bigint', notNull: false, default: null };
  const relations = [
    { ...orders, columns: [...orders.columns, column] },
    ...others,
    { ...orders, oid: 17_900, name: 'refunds' },
  ];
  const atMs = toMs + 2_000;
  for (const subject of ['public.refunds', 'public.orders'])
    writer.event({ atMs, kind: 'ddl', database: 'shop', subject, before: null, after: 'a table' });
  writer.snapshot({ kind: 'catalog', database: 'shop', atMs, content: { ...catalog, relations } });
  const tick = { plannedMs: 1_000, weightMs: 1_000, tookMs: 1, full: true, sessions: [], locks: null };
  writer.tick({ ...tick, atMs: toMs + 5_000 });
  writer.close();
}

test('a recording’s diagram is painted by everything that was counted, at any instant, and shows what changed', async ({
  howdah,
  page,
}) => {
  const file = join(howdah.dataFolder, 'shop.howdah');
  recordedChange(file);
  await openRecording(page, file, 'shop-db-1');
  await page.keyboard.press('Alt+d');
  const canvas = (tables: number) =>
    page.getByRole('application', { name: `Diagram of shop: ${tables} tables, 0 keys` });
  await expect(canvas(11)).toBeVisible();
  await page.getByRole('button', { name: 'Heat', exact: true }).click();
  const heat = page.getByRole('region', { name: 'Heat' });
  for (const [label, badge] of [
    ['Dead rows', />[\d,.]+<.text>/],
    ['Rows read in an hour', />[\d,.]{5,}<.text>/],
    ['Rows written in an hour', />[\d,.]{5,}<.text>/],
    ['Growth in a day', />\+[\d.]+ [kMG]?B</],
    ['Size', />[\d.]+ [MG]B</],
  ] as const) {
    await heat.getByRole('combobox', { name: 'Painted by' }).selectOption({ label });
    await expect.poll(() => saved(page, 'SVG'), { message: label }).toMatch(badge);
  }
  const newest = await saved(page, 'SVG');
  await heat.getByRole('slider', { name: 'At this instant' }).press('Home');
  await expect(heat.getByRole('button', { name: 'Newest' })).toBeEnabled();
  await expect.poll(() => saved(page, 'SVG')).not.toBe(newest);
  await heat.getByRole('button', { name: 'Paint no heat' }).click();
  await page.getByRole('button', { name: 'Changes of the structure' }).click();
  const changes = page.getByRole('region', { name: 'Changes of the structure' });
  await changes.getByRole('button', { name: /public\.refunds/ }).click();
  await expect(page.getByText(/just after these changes: 1 table new, 1 table changed/)).toBeVisible();
  await changes.getByRole('button', { name: /orders_placed_at_idx/ }).click();
  await expect(canvas(10)).toBeVisible();
  await changes.getByRole('button', { name: 'Back to now' }).click();
  await expect(canvas(11)).toBeVisible();
});

test('areas and notes are moved, sized and removed by keyboard, and told', async ({ howdah, page }) => {
  const connectionId = await connected(howdah, page);
  const canvas = await openDiagram(page);
  const client = await howdah.client(page);
  const source = { connectionId, database: 'sample' };
  const add = async (entry: RegExp, field: string, text: string) => {
    await page.getByRole('button', { name: 'Main' }).click();
    await page.getByRole('menuitem', { name: entry }).click();
    await page.getByRole('textbox', { name: field }).fill(text);
    await page.getByRole('button', { name: 'Add' }).click();
  };
  const told = page.locator('[aria-live]').filter({ hasText: /^(Area|Note) / });
  await add(/Add a note/, 'Text', 'Ask finance');
  // What is new has the keys.
  await expect(told).toHaveText(/^Note Ask finance, at /);
  await add(/Add an area/, 'Name', 'Billing');
  await expect(told).toHaveText(/^Area Billing, 0 tables in it, /);
  await canvas.focus();
  // From one to the other.
  await page.keyboard.press('n');
  await expect(told).toHaveText(/^Note Ask finance/);
  await page.keyboard.press('n');
  await expect(told).toHaveText(/^Area Billing, \d+ tables? in it, at -?\d+, -?\d+, 480 wide, 320 high$/);
  const before = (await told.textContent()) ?? '';
  await page.keyboard.press('Alt+ArrowRight');
  await expect(told).not.toHaveText(before);
  await page.keyboard.press('Alt+Shift+ArrowDown');
  await page.keyboard.press('Alt+Shift+ArrowLeft');
  await expect(told).toContainText('472 wide, 328 high');
  const kept = async () => {
    const [layout] = await client.diagrams.layouts({ source });
    const { areas, notes } = await client.diagrams.layout({ id: layout?.id ?? '' });
    return [...areas.map(({ width, height }) => `${width} × ${height}`), ...notes.map(({ text }) => text)];
  };
  await expect.poll(kept).toEqual(['472 × 328', 'Ask finance']);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('Rename the area');
  await page.keyboard.press('Escape');
  await canvas.focus();
  await page.keyboard.press('Delete');
  await expect.poll(kept).toEqual(['Ask finance']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(kept).toEqual(['472 × 328', 'Ask finance']);
  await noSeriousFinding(page);
});

test('a key is drawn from row to table by pointer, and declared through the designer', async ({ howdah, page }) => {
  const url = await freshDatabase(
    'drawn_key',
    'create table buyer (id int primary key); create table sale (buyer int)',
  );
  const connectionId = await howdah.connect(page, url, { name: 'shop' });
  await page.getByRole('region', { name: 'Connections', exact: true }).getByRole('button', { name: /shop/ }).click();
  await expect(page.getByRole('treeitem', { name: /^public/ })).toBeVisible();
  await page.keyboard.press('Alt+d');
  const canvas = page.getByRole('application', { name: 'Diagram of drawn_key: 2 tables, 0 keys' });
  await expect(canvas).toBeVisible();
  const client = await howdah.client(page);
  const layouts = () => client.diagrams.layouts({ source: { connectionId, database: 'drawn_key' } });
  await expect.poll(async () => (await layouts()).length).toBe(1);
  const { positions } = await client.diagrams.layout({ id: (await layouts())[0]?.id ?? '' });
  // Both are in sight, as large as life: the middle of the picture is in the middle of the canvas.
  const [left = 0, top = 0, width = 0, height = 0] = (/viewBox="([^"]+)"/.exec(await saved(page, 'SVG'))?.[1] ?? '')
    .split(' ')
    .map(Number);
  const box = await canvas.boundingBox();
  if (!box) throw new Error('nothing is drawn');
  const at = (table: string, dx: number, dy: number) => {
    const [x = 0, y = 0] = positions[table] ?? [];
    return [
      box.x + box.width / 2 + x + dx - left - width / 2,
      box.y + box.height / 2 + y + dy - top - height / 2,
    ] as const;
  };
  // From the edge of a row, below the head, to the head of the other. No card is narrower than that.
  await page.mouse.move(...at('public.sale', 140, 40));
  await page.mouse.down();
  await page.mouse.move(...at('public.buyer', 20, 10), { steps: 5 });
  await page.mouse.up();
  const dialog = page.getByRole('dialog', { name: 'Draw a key' });
  await expect(dialog.getByRole('combobox', { name: 'Table' })).toHaveValue('public.sale');
  await expect(dialog.getByRole('combobox', { name: 'Column 1', exact: true })).toHaveValue('buyer');
  await expect(dialog.getByRole('combobox', { name: 'Column 1 referred to' })).toHaveValue('id');
  await noSeriousFinding(page);
  await dialog.getByRole('button', { name: 'Declare in the database…' }).click();
  await expect(page.getByRole('region', { name: 'Pending changes' })).toContainText(
    'FOREIGN KEY (buyer) REFERENCES public.buyer (id)',
  );
  await page.getByRole('button', { name: /^Run/ }).click();
  // It was changed while another tab was in front.
  await expect(page.getByRole('region', { name: 'Pending changes' })).toContainText('Nothing to do');
  await page.getByRole('tab', { name: /Diagram/ }).click();
  await expect(page.getByRole('application', { name: 'Diagram of drawn_key: 2 tables, 1 key' })).toBeVisible();
  await expect(page.getByText('1 table changed')).toBeVisible();
});

/** On the sample's server, with what that statement makes in it. */
async function freshDatabase(name: string, statement: string): Promise<string> {
  const server = new pg.Client({ connectionString: sampleServer().url });
  await server.connect();
  await server.query(`drop database if exists ${name} with (force)`);
  await server.query(`create database ${name}`);
  await server.end();
  const url = Object.assign(new URL(sampleServer().url), { pathname: `/${name}` }).href;
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  await database.query(statement);
  await database.end();
  return url;
}

async function openSqlFile(page: Page, sql: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await fromPalette(page, 'Diagram of a file');
  await (await chooser).setFiles({ name: 'shop.sql', mimeType: 'application/sql', buffer: Buffer.from(sql) });
}

test('is saved as pictures and texts that open elsewhere, whatever the alphabet', async ({ howdah, page }) => {
  await connected(howdah, page);
  await openDiagram(page);
  const svg = await saved(page, 'SVG');
  expect(svg).toContain('>customer_order</text>');
  const wrong = await page.evaluate(
    (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')?.textContent,
    svg,
  );
  expect(wrong).toBeUndefined();
  const png = await saved(page, 'PNG');
  const width = await page.evaluate(async (binary) => {
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return (await createImageBitmap(new Blob([bytes], { type: 'image/png' }))).width;
  }, png);
  expect(width).toBeGreaterThan(1_000);
  expect(await saved(page, 'Mermaid')).toMatch(/^erDiagram/);
  expect(await saved(page, 'DBML')).toContain('Table "shop"."customer"');
  expect(await saved(page, 'SQL')).toContain('CREATE TABLE shop.customer (');
  await openSqlFile(page, 'create table "Клієнт" (id int primary key, "名前" text, "😀" text, "جدول" text);');
  await expect(page.getByRole('application', { name: 'Diagram of shop.sql: 1 table, 0 keys' })).toBeVisible();
  const pdf = await saved(page, 'PDF');
  expect(pdf).toMatch(/^%PDF-1\.7/);
  const streams = [...pdf.matchAll(/\/Length (\d+) >>\nstream\n/g)].map(({ index, 0: head, 1: length }) => {
    const from = index + head.length;
    return inflateSync(Buffer.from(pdf.slice(from, from + Number(length)), 'latin1')).toString('latin1');
  });
  const unicode = streams.find((stream) => stream.includes('begincmap'));
  for (const text of ['К', '名', '😀', 'جدول'])
    expect(unicode).toContain(`<${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`);
  await expect(page.getByText('could not be drawn')).toHaveCount(0);
});

test('a row’s graph grows along foreign keys and is saved', async ({ howdah, page }) => {
  await connected(howdah, page);
  await fromPalette(page, 'Graph of rows');
  await page.getByRole('searchbox', { name: 'Table' }).fill('shop.order_line');
  await page.getByRole('list', { name: 'Tables found' }).getByRole('button').first().click();
  await page.getByRole('list', { name: 'Rows found' }).getByRole('button').first().click();
  const graph = page.getByRole('application', { name: /^Graph of \d+ rows?/ });
  await expect(graph).toBeVisible();
  const row = page.getByRole('region', { name: 'Row', exact: true });
  await expect(row.getByRole('heading', { level: 2 })).toContainText('order_line');
  await noSeriousFinding(page);
  await graph.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('toolbar', { name: 'Row graph' }).getByRole('status')).toContainText(
    /\d+ of at most 600 rows/,
  );
  expect(await saved(page, 'INSERT statements')).toContain('INSERT INTO shop.order_line');
  const { rows } = JSON.parse(await saved(page, 'JSON'));
  expect(rows.length).toBeGreaterThan(2);
});

const orders = `
  create table buyer (id int primary key, name text not null, idol int references buyer);
  create table goods (id int primary key, title text, first_buyer int references buyer);
  create table sale (id int primary key, buyer int not null references buyer, at date);
  create table sale_line (sale int references sale, no int, goods int not null references goods, primary key (sale, no));
  insert into buyer values (1, 'Ada', null), (2, 'O''Hara', 2);
  insert into goods values (7, 'Lamp', null), (8, 'Rug', 2);
  insert into sale values (10, 1, '2025-01-02'), (11, 2, null), (12, 1, null);
  insert into sale_line values (10, 1, 8), (11, 1, 7), (12, 1, 8), (12, 2, 7)`;

test('two rows are joined by rows that refer to both, and the script makes them again', async ({ howdah, page }) => {
  const url = await freshDatabase('row_graph', orders);
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  await howdah.connect(page, url, { name: 'orders' });
  await page
    .getByRole('region', { name: 'Connections', exact: true })
    .getByRole('button', { name: /orders/ })
    .click();
  await expect(page.getByRole('treeitem', { name: /^public/ })).toBeVisible();
  await fromPalette(page, 'Graph of rows');
  const choose = async (table: string, row: string) => {
    await page.getByRole('searchbox', { name: 'Table' }).fill(table);
    await page.getByRole('list', { name: 'Tables found' }).getByRole('button', { name: table }).first().click();
    await page.getByRole('list', { name: 'Rows found' }).getByRole('button', { name: row }).click();
  };
  await choose('buyer', 'Ada');
  await page.getByRole('button', { name: 'Add a row' }).click();
  await choose('goods', 'Lamp');
  // Ada, her second sale, its second line, the lamp.
  await expect(page.getByRole('application', { name: 'Graph of 4 rows and 3 references' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Leave the path' })).toBeEnabled();
  const { references } = JSON.parse(await saved(page, 'JSON'));
  expect(references.map(({ constraint }: { constraint: string }) => constraint).sort()).toEqual([
    'sale_buyer_fkey',
    'sale_line_goods_fkey',
    'sale_line_sale_fkey',
  ]);
  const script = await saved(page, 'INSERT statements');
  await database.query('truncate buyer, goods, sale, sale_line');
  await database.query(script);
  const { rows } = await database.query(
    'select b::text as b, g::text as g, s::text as s, l::text as l from buyer b, goods g, sale s, sale_line l',
  );
  expect(rows).toEqual([{ b: '(1,Ada,)', g: '(7,Lamp,)', s: '(12,1,)', l: '(12,2,7)' }]);
  await database.end();
});
