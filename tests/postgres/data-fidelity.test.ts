/** Every value of `every_type` edited as the grid does it, and seen by another connection: only what was meant is another. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readValue } from '../../electron/features/data/figures.ts';
import { describeRelation } from '../../electron/features/data/relation.ts';
import { readPage } from '../../electron/features/data/rows.ts';
import { saveEdits } from '../../electron/features/data/save.ts';
import { loadSampleSchema } from '../../electron/features/sample/load-schema.ts';
import type { Source } from '../../electron/postgres/source.ts';
import type { DataColumn, RelationModel } from '../../shared/api/data.ts';
import { asText, editsOf, nothingStaged, type ReadRow, type Staged, setCell } from '../../shared/edit/staged.ts';
import { quoteIdentifier } from '../../shared/sql/quote.ts';
import { startServer, type TestServer } from './servers.ts';
import { openWorld, type World } from './session-world.ts';

let server: TestServer;
let world: World;
let source: Source;
let model: RelationModel;
beforeAll(async () => {
  server = await startServer(18, { database: 'sample' });
  await loadSampleSchema(server, { rows: 'few' });
  world = await openWorld(() => server.spec());
  source = await world.source();
  const [row] = await server.query<{ oid: number }>("select 'public.every_type'::regclass::oid as oid");
  model = await describeRelation(source, row?.oid ?? 0);
});
afterAll(async () => {
  await world.close();
  await server.stop();
});

/** As the grid has them; what was cut is fetched whole, as it is before it can be edited. */
async function rowsNow(): Promise<ReadRow[]> {
  const query = { where: '', orderBy: '', search: '' };
  const page = await readPage(source, model, { query, from: { kind: 'start' }, count: 100 });
  expect(page.more).toBe(false);
  const cells = page.rows.map((row) => [...row]);
  for (const [row, position] of page.cut) {
    const column = model.columns[position]?.number ?? 0;
    const whole = { key: page.keys[row] ?? [], column, offsetBytes: 0, lengthBytes: 8_000_000 };
    const line = cells[row];
    if (line) line[position] = (await readValue(source, model, whole)).text;
  }
  return cells.map((line, at) => ({ key: page.keys[at] ?? [], cells: line, cut: new Set() }));
}

/** By the server's own send functions, not by text. */
const fingerprints = async (): Promise<Map<string, string>> => {
  const parts = model.columns.map(({ name }) => `md5(coalesce(${quoteIdentifier(name)}::text, 'NULL '))`);
  const [row] = await server.query<{ all: string }>(
    `select json_agg(json_build_array(id, array[${parts.join(', ')}]))::text as all from public.every_type`,
  );
  const sums = new Map<string, string>();
  for (const [id, cells] of JSON.parse(row?.all ?? '[]') as [number, string[]][])
    for (const [at, sum] of cells.entries()) sums.set(`${id}/${model.columns[at]?.name}`, sum);
  return sums;
};

const shifted = (rows: readonly ReadRow[], column: DataColumn, position: number, by: number): Staged =>
  rows.reduce((staged, row, at) => {
    const other = rows[(at + by + rows.length) % rows.length];
    return setCell(staged, model, row, column.number, asText(other?.cells[position] ?? null));
  }, nothingStaged);

test('every column: each row takes the value of the next, and then its own again', async () => {
  const original = await fingerprints();
  let changed = 0;
  for (const [position, column] of model.columns.entries()) {
    if (column.name === 'id' || column.name === 'label') continue;
    const before = await rowsNow();
    const staged = shifted(before, column, position, 1);
    const outcome = await saveEdits(source, model, editsOf(staged, model));
    expect(outcome, column.name).toMatchObject({ kind: 'saved', updated: staged.size, changedByServer: [] });
    changed += staged.size;
    const now = await fingerprints();
    const differing = [...now].filter(([cell, sum]) => original.get(cell) !== sum).map(([cell]) => cell);
    expect(
      differing.every((cell) => cell.endsWith(`/${column.name}`)),
      column.name,
    ).toBe(true);
    const after = await rowsNow();
    const texts = after.map((row) => row.cells[position]);
    expect(texts, column.name).toEqual(before.map((_, at) => before[(at + 1) % before.length]?.cells[position]));
    const back = shifted(after, column, position, -1);
    expect(await saveEdits(source, model, editsOf(back, model)), column.name).toMatchObject({ kind: 'saved' });
    expect(await fingerprints(), column.name).toEqual(original);
  }
  expect(changed).toBeGreaterThan(500);
});

test('a save without a change sends nothing', async () => {
  const rows = await rowsNow();
  const same = rows.reduce(
    (staged, row) =>
      model.columns.reduce(
        (now, column, at) => setCell(now, model, row, column.number, asText(row.cells[at] ?? null)),
        staged,
      ),
    nothingStaged,
  );
  expect(same.size).toBe(0);
  expect(
    await saveEdits(
      { ...source, write: () => Promise.reject(new Error('sent')) } as Source,
      model,
      editsOf(same, model),
    ),
  ).toMatchObject({ kind: 'saved', updated: 0 });
});
