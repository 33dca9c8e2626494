/** Advice on indexes and vacuum, from what the recorder reads of real servers; and its SQL, which must do what it says. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { indexAdvice } from '../../shared/advice/index-advice.ts';
import { vacuumQueue } from '../../shared/advice/vacuum-queue.ts';
import { familyOf } from '../../shared/metrics/families.ts';
import type { CatalogSnapshot, IndexAdviceSnapshot, SettingsSnapshot } from '../../shared/metrics/snapshots.ts';
import { type Kept, recordInMemory } from './recorder-world.ts';
import { startServer, type TestServer } from './servers.ts';

const database = 'postgres';
const world = `
create schema "Sales Data";
create table "Sales Data".orders (id bigint primary key, "order" text, note text);
create table lines (id bigint primary key, order_id bigint references "Sales Data".orders, amount int)
  with (autovacuum_enabled = false, autovacuum_vacuum_threshold = 10, autovacuum_vacuum_scale_factor = 0);
create index twin_a on "Sales Data".orders ("order");
create index twin_b on "Sales Data".orders ("order");
create index idle on lines (amount);
create index broken on "Sales Data".orders (note);
insert into "Sales Data".orders select g, g::text, '' from generate_series(1, 200) g;
insert into lines select g, 1 + g % 200, g from generate_series(1, 1000) g;
update pg_index set indisvalid = false where indexrelid = '"Sales Data".broken'::regclass;`;

async function lookAt(server: TestServer): Promise<Kept> {
  const recording = recordInMemory(server.spec());
  const needed = ['table', 'index', 'relation_size'];
  await recording.until(
    ({ families, snapshots }) =>
      needed.every((id) => families.some(({ family }) => family === id)) &&
      snapshots.some(({ kind, database: of }) => kind === 'indexAdvice' && of === database) &&
      snapshots.some(({ kind }) => kind === 'settings'),
  );
  await recording.stop();
  return recording.kept;
}

const content = <Content>(kept: Kept, kind: string): Content =>
  kept.snapshots.findLast((each) => each.kind === kind && (each.database ?? database) === database)?.content as Content;

/** The last rows of a family: its key's parts and metrics by name. */
function rowsOf(kept: Kept, id: string) {
  const family = familyOf(id);
  const rows = kept.families.filter(({ family: name }) => name === id).flatMap((each) => each.rows);
  return rows
    .map(({ key, values }) => ({
      name: (part: string) => key[family?.key.indexOf(part) ?? -1] ?? '',
      value: (metric: string) => values[family?.metrics.findIndex(({ name }) => name === metric) ?? -1] ?? null,
    }))
    .filter((row) => row.name('database') === database);
}

function adviceOf(kept: Kept) {
  const catalog = content<CatalogSnapshot>(kept, 'catalog');
  const indexes = rowsOf(kept, 'index').map(
    (row) => [Number(row.name('indexrelid')), row.value('idx_scan') ?? 0] as const,
  );
  const sizes = rowsOf(kept, 'relation_size').map(
    (row) => [Number(row.name('relid')), row.value('bytes') ?? 0] as const,
  );
  return indexAdvice({
    database,
    catalog,
    advice: content<IndexAdviceSnapshot>(kept, 'indexAdvice'),
    bytes: new Map(sizes),
    scans: new Map(indexes),
    observedMs: 1000,
    tables: new Map(),
  });
}

describe.each([13, 18] as const)('PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
    await server.query(world);
  });
  afterAll(() => server.stop());

  test('what is wrong with indexes is found, and gone once its SQL was run', async () => {
    const found = adviceOf(await lookAt(server));
    expect(found.map(({ kind, subject }) => `${kind} ${subject}`).toSorted()).toEqual([
      'duplicate twin_b',
      'foreignKey lines_order_id_fkey',
      'invalid broken',
      'unused idle',
    ]);
    expect(found.find(({ subject }) => subject === 'idle')?.bytes).toBeGreaterThan(0);
    for (const { sql } of found) await server.query((sql ?? '').split('\n')[0] ?? '');
    // The twin that is left may be judged by itself now; the index for the foreign key is new and not used yet.
    const after = adviceOf(await lookAt(server));
    expect(after.filter(({ kind }) => kind !== 'unused')).toEqual([]);
  });

  test('the queue goes by the options of the table, and its SQL empties it', async () => {
    const queue = async () => {
      const kept = await lookAt(server);
      const optionsOf = new Map(
        content<CatalogSnapshot>(kept, 'catalog').relations.map(({ oid, options }) => [oid, options]),
      );
      const tables = rowsOf(kept, 'table').map((row) => ({
        database,
        schema: row.name('schema'),
        table: row.name('table'),
        relid: row.name('relid'),
        rows: row.value('reltuples'),
        dead: row.value('n_dead_tup'),
        insertedSince: row.value('n_ins_since_vacuum'),
        changedSince: row.value('n_mod_since_analyze'),
        lastVacuumMs: row.value('last_vacuum'),
        lastAnalyzeMs: row.value('last_analyze'),
        options: optionsOf.get(Number(row.name('relid'))) ?? [],
      }));
      return vacuumQueue(tables, content<SettingsSnapshot>(kept, 'settings'));
    };
    const { host, port, user, password, database: name } = server;
    const client = new pg.Client({ host, port, user, password, database: name });
    await client.connect();
    await client.query('analyze lines');
    await client.query('delete from lines where id <= 40');
    // What a session did is counted by the time it has ended, or a moment after.
    await client.end();
    const counted = async (dead: number) => {
      for (;;) {
        const lines = (await queue()).find(({ table }) => table === 'lines');
        if (lines?.dead === dead) return lines;
      }
    };
    const lines = await counted(40);
    expect(lines).toMatchObject({ threshold: 10, byDead: 4, off: true });
    await server.query(lines.sql);
    expect((await counted(0)).byDead).toBe(0);
  });
});
