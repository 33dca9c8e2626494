/** Objects and sizes, replication and I/O, settings and changes, the recorder: of a recording with no server. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWriter } from '../../electron/recorder/file/writer.ts';
import type { CatalogIndex, CatalogSnapshot, IndexAdviceSnapshot } from '../../shared/metrics/snapshots.ts';
import { generatedToMs, generateRecording } from '../fixtures/generate-recording.ts';
import { expect, test } from './howdah.ts';
import { fits, go, grid, openRecording, section, sound } from './monitoring.ts';

const folder = mkdtempSync(join(tmpdir(), 'howdah-more-'));
const file = join(folder, 'shop.howdah');
const hours = 12;

const index = (oid: number, name: string, more: Partial<CatalogIndex>): CatalogIndex => ({
  oid,
  table: 17_000,
  schema: 'public',
  name,
  method: 'btree',
  definition: `CREATE INDEX ${name} ON public.orders USING btree (customer_id)`,
  unique: false,
  primary: false,
  exclusion: false,
  valid: true,
  ready: true,
  replicaIdentity: false,
  constraint: false,
  keys: [2],
  included: [],
  operatorClasses: [3124],
  collations: [0],
  options: [0],
  expressions: null,
  predicate: null,
  ...more,
});
const catalog: CatalogSnapshot = {
  relations: ['orders', 'order_items'].map((name, place) => ({
    oid: 17_000 + place,
    schema: 'public',
    name,
    kind: 'r',
    owner: 'postgres',
    persistence: 'p',
    options: place === 0 ? ['autovacuum_vacuum_scale_factor=0.01'] : [],
    parent: null,
    comment: null,
    columns: [
      { num: 1, name: 'id', type: 'bigint', notNull: true, default: null },
      { num: 2, name: 'customer_id', type: 'bigint', notNull: true, default: null },
    ],
  })),
  indexes: [
    index(27_000, 'orders_customer_idx', {}),
    index(27_001, 'orders_customer_idx1', {}),
    index(27_002, 'orders_broken_idx', { valid: false }),
  ],
  constraints: [
    {
      oid: 30_000,
      table: 17_001,
      name: 'order_items_order_fk',
      type: 'f',
      definition: 'FOREIGN KEY (id) REFERENCES orders(id)',
      columns: [1],
      foreignTable: 17_000,
      foreignColumns: [1],
      validated: true,
    },
  ],
};
const advice: IndexAdviceSnapshot = {
  redundant: [{ index: 27_001, coveredBy: 27_000, identical: true }],
  invalid: [27_002],
  foreignKeysWithoutIndex: [{ constraint: 30_000, table: 17_001 }],
  scansBefore: [],
  statisticsResetMs: null,
};

test.beforeAll(() => {
  generateRecording(file, { hours, name: 'shop-db-1', everyMs: 10_000, active: 3, tables: 30, statements: 6 });
  const atMs = generatedToMs - 3_600_000;
  const writer = openWriter({ file, name: 'shop-db-1' });
  writer.snapshot({ kind: 'catalog', database: 'shop', atMs, content: catalog });
  writer.snapshot({ kind: 'indexAdvice', database: 'shop', atMs, content: advice });
  const lacking = {
    name: 'I/O timing',
    state: 'missing',
    reason: 'track_io_timing is off: how long reads and writes take is not known.',
    sql: "ALTER SYSTEM SET track_io_timing = 'on';\nSELECT pg_reload_conf();",
    needsRestart: false,
  };
  const there = {
    name: 'Statements',
    state: 'there',
    reason: 'pg_stat_statements 1.11.',
    sql: null,
    needsRestart: false,
  };
  writer.snapshot({ kind: 'capabilities', database: null, atMs, content: [there, lacking] });
  const at = { atMs: generatedToMs + 1_000, coveredMs: 10_000, flags: [], complete: true };
  const replicas = [
    {
      key: ['replica-a', '10.0.0.6', '811', 'streaming', 'sync'],
      values: [0, 0, 8_192, 81_920, 0.4, 0.9, 2.1, 12, 800],
    },
    {
      key: ['replica-b', '10.0.0.7', '812', 'catchup', 'async'],
      values: [8e6, 9e6, 9e6, 3e8, null, null, 42_000, 90_000, 1_200],
    },
  ];
  writer.family({ family: 'replication', ...at, rows: replicas });
  const slots = [
    { key: ['cdc', 'logical', 'shop', 'f', 'extended', ''], values: [9e9, 9e9, null, null, 2e6, atMs, 0, 0, 0, 0] },
  ];
  writer.family({ family: 'slot', ...at, rows: slots });
  const tick = { plannedMs: 10_000, weightMs: 10_000, tookMs: 1, full: true, sessions: [], locks: null };
  writer.tick({ atMs: generatedToMs + 10_000, ...tick });
  writer.close();
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

test('objects and sizes of a recording', async ({ howdah: _, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openRecording(page, file, 'shop-db-1');
  await go(page, 'Objects and sizes');
  await expect(grid(page, 'Largest tables').getByRole('row')).toHaveCount(11);
  await expect(grid(page, 'Largest tables').getByRole('row').nth(1)).toContainText('public.orders');
  await grid(page, 'Largest tables').getByRole('row').nth(1).click();
  await expect(page.getByRole('figure', { name: 'Size of public.orders' })).toBeVisible();
  await sound(page, 'more-largest');
  await page.getByRole('radio', { name: 'Map' }).click();
  await page.getByRole('button', { name: /^shop .*, database/ }).click();
  await expect(page.getByRole('button', { name: /^public .*, schema/ })).toBeVisible();
  await page.getByRole('button', { name: /^public .*, schema/ }).click();
  await expect(page.getByRole('button', { name: /^orders .*, table/ })).toBeVisible();
  await sound(page, 'more-map');
  await section(page, 'Growth');
  await expect(page.getByText(/Grows by .* a day/)).toBeVisible();
  await sound(page, 'more-growth');
  await section(page, 'Indexes');
  await grid(page, 'Index advice').getByText('Duplicate').click();
  const told = page.getByRole('region', { name: 'Advice' });
  await expect(told).toContainText('DROP INDEX CONCURRENTLY public.orders_customer_idx1;');
  await expect(grid(page, 'Index advice')).toContainText('order_items_order_fk');
  await sound(page, 'more-indexes');
  await section(page, 'Vacuum');
  await expect(grid(page, 'Vacuum queue').getByRole('row').nth(1)).toContainText('%');
  await sound(page, 'more-vacuum');
  await section(page, 'Bloat');
  await expect(page.getByRole('tabpanel', { name: 'Bloat' })).toContainText(/Known of \d+ of the \d+ largest/);
  await sound(page, 'more-bloat');
  await section(page, 'Wraparound and sequences');
  await expect(grid(page, 'Limits')).toContainText('Forced vacuum');
  await sound(page, 'more-limits');
});

test('replication, settings and the recorder of a recording', async ({ howdah: _, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openRecording(page, file, 'shop-db-1');
  await go(page, 'Replication and I/O');
  await expect(grid(page, 'Standbys')).toContainText('replica-b');
  await expect(grid(page, 'Replication slots')).toContainText('cdc');
  await sound(page, 'more-replication');
  for (const name of ['Standbys', 'Replication slots']) await fits(page, name);
  await section(page, 'WAL and checkpoints');
  await expect(page.getByRole('figure', { name: 'Checkpoints', exact: true })).toBeVisible();
  await sound(page, 'more-wal');
  await section(page, 'I/O');
  await expect(grid(page, 'I/O by process and context')).toContainText('client backend');
  await sound(page, 'more-io');
  await fits(page, 'I/O by process and context');
  await go(page, 'Settings and changes');
  await page.getByRole('button', { name: 'Show all that is recorded' }).click();
  await expect(grid(page, 'Changes')).toContainText('work_mem');
  await sound(page, 'more-changes');
  await section(page, /^Settings/);
  await expect(grid(page, 'Settings')).toContainText('statement_timeout');
  await sound(page, 'more-settings');
  await section(page, 'Two times compared');
  await expect(grid(page, 'Settings compared').getByRole('row').nth(1)).toContainText('4 MB');
  await expect(grid(page, 'Settings compared').getByRole('row').nth(1)).toContainText('64 MB');
  await go(page, 'Recorder');
  await expect(page.getByRole('list', { name: 'What may be seen' })).toContainText('track_io_timing');
  await sound(page, 'more-capabilities');
  await section(page, 'Own cost');
  await grid(page, 'Own cost').getByRole('row').nth(1).click();
  await expect(page.getByRole('region', { name: /^How .* is read/ })).toContainText('pg_stat_get_activity');
  await section(page, /^Gaps/);
  await expect(grid(page, 'Gaps')).toContainText('The connection to the server was lost.');
  await page.getByRole('button', { name: 'Save a copy…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save a copy of the recording' });
  await dialog.getByRole('checkbox', { name: /^Without the texts/ }).check();
  await sound(page, 'more-save-copy');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save a copy…' }).click();
  expect(statSync(await (await download).path()).size).toBeGreaterThan(10_000);
  await page.getByRole('button', { name: 'Close…' }).click();
  await page
    .getByRole('dialog', { name: /^Close the recording/ })
    .getByRole('button', { name: 'Close', exact: true })
    .last()
    .click();
  await expect(page.getByRole('heading', { name: 'No server yet' })).toBeVisible();
  await expect(page.getByRole('tab', { name: /Recorder · / })).toHaveCount(0);
});
