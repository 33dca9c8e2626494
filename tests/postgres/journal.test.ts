/** The journal's inverse, run on real servers: it brings rows back exactly, or does nothing at all. */
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createJournal } from '../../electron/features/journal/journal.ts';
import { createJournalStore } from '../../electron/store/journal.ts';
import { migrate } from '../../electron/store/open.ts';
import type { JournalChange } from '../../shared/journal/change.ts';
import { startServer, type TestServer } from './servers.ts';
import { openWorld, type World } from './session-world.ts';

/** Types with and without equality, a generated and an identity column, names and values that need quotes. */
const table = `create schema "Odd ""name""";
create table "Odd ""name"""."T""s" (
  id int generated always as identity primary key, "na'me" text, j json, p point, x xml, f float4, f8 float8,
  ts timestamptz, i interval, b bytea, n numeric(10, 2), c char(5), a int[], row_ pg_catalog.pg_lsn, howdah_rows int,
  twice int generated always as (howdah_rows * 2) stored)`;
const insert = `insert into "Odd ""name"""."T""s" ("na'me", j, p, x, f, f8, ts, i, b, n, c, a, row_, howdah_rows) values
  ('it''s \\ $howdah$ "q"', '{"a": 10.00, "a": 1}', '(1,2)', '<a/>', 0.1, 1e-300, '2026-01-02 03:04:05.678901+05',
   '-1 day -02:03:04', '\\xdeadbeef', 10.50, 'ab', '[0:1]={1,NULL}', '16/B374D848', 7),
  (null, null, null, null, 'NaN', 'Infinity', 'infinity', null, null, null, null, null, null, null)`;

describe.each([13, 18] as const)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  let journal: ReturnType<typeof createJournal>;
  const db = new Database(':memory:');

  beforeAll(async () => {
    migrate(db);
    server = await startServer(major);
    world = await openWorld(() => server.spec());
    journal = createJournal({
      store: createJournalStore(db),
      sources: world.sources,
      connectionName: () => 'shop',
      wanted: () => true,
      log: { info() {}, warn() {}, error() {} },
    });
    await server.query(table);
    await server.query(insert);
  });
  afterAll(async () => {
    await world?.close();
    await server?.stop();
    db.close();
  });

  const where = { schema: 'Odd "name"', table: 'T"s' };
  const rows = async (): Promise<Record<string, string | null>[]> => {
    const columns = (
      await server.query<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = '"Odd ""name"""."T""s"'::regclass and attnum > 0`,
      )
    ).map(({ name }) => name);
    const pairs = columns.map((name) => {
      const quoted = `"${name.replaceAll('"', '""')}"`;
      return `case when num_nulls(${quoted}) = 0 then concat(${quoted}) end as ${quoted}`;
    });
    return await server.query(`select ${pairs.join(', ')} from "Odd ""name"""."T""s" order by 1`);
  };
  const add = (changes: readonly JournalChange[]) =>
    journal.add({ connectionId: 'shop', database: 'postgres', atMs: 1, title: 'test', changes });
  const keyOf = (row: Record<string, string | null>) => ({ id: row.id ?? null });

  test('an update, a delete and an insert are taken back together, to the last digit', async () => {
    const before = await rows();
    const [first, second] = before;
    if (!first || !second) throw new Error('no rows');
    const target = '"Odd ""name"""."T""s"';
    await server.query(`update ${target} set "na'me" = 'other', j = '[]', a = null, howdah_rows = 8 where id = 1`);
    const [changed] = await rows();
    if (!changed) throw new Error('no row');
    await server.query(`delete from ${target} where id = 2`);
    await server.query(`insert into ${target} ("na'me") values ('new')`);
    const added = (await rows()).at(-1) ?? {};
    const id = add([
      { ...where, key: keyOf(first), before: first, after: changed },
      { ...where, key: keyOf(second), before: second, after: null },
      { ...where, key: keyOf(added), before: null, after: added },
    ]);
    const script = await journal.inverse(id);
    await server.query(script);
    expect(await rows()).toEqual(before);
    // A second time nothing looks as it was left.
    await expect(server.query(script)).rejects.toMatchObject({ code: '23000' });
    expect(await rows()).toEqual(before);
  });

  test('one row that somebody has changed since keeps all of it from being taken back', async () => {
    const [first, second] = await rows();
    if (!first || !second) throw new Error('no rows');
    const target = '"Odd ""name"""."T""s"';
    await server.query(`update ${target} set howdah_rows = 20`);
    const [firstLeft, secondLeft] = await rows();
    const id = add([
      { ...where, key: keyOf(first), before: first, after: firstLeft ?? null },
      { ...where, key: keyOf(second), before: second, after: secondLeft ?? null },
    ]);
    await server.query(`update ${target} set j = '{"somebody": 1}' where id = 1`);
    const now = await rows();
    await expect(server.query(await journal.inverse(id))).rejects.toThrow(/Odd "name"\.T"s: the row with id = 1/);
    expect(await rows()).toEqual(now);
  });

  test('what is gone, or was never kept, is said', async () => {
    const row = { a: '1' };
    const gone = add([{ schema: 'public', table: 'gone', key: row, before: row, after: null }]);
    await expect(journal.inverse(gone)).rejects.toThrow(/public\.gone is not there/);
    const column = add([{ ...where, key: { id: '1', gone: null }, before: { id: '1' }, after: null }]);
    await expect(journal.inverse(column)).rejects.toThrow(/column gone/);
    const notKept = journal.add({
      connectionId: 'shop',
      database: 'postgres',
      atMs: 1,
      title: 'x',
      changes: [],
      notCaptured: 'It has no key.',
    });
    await expect(journal.inverse(notKept)).rejects.toThrow('It has no key.');
  });
});
