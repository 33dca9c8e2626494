/** Diagrams on real servers: the graph of a database, SQL that makes it again, layouts that stay, keys checked on data. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headOf, readCatalog } from '../../electron/features/catalog/catalog.ts';
import { checkKey } from '../../electron/features/diagrams/check-key.ts';
import { readSql } from '../../electron/features/diagrams/sql/read-sql.ts';
import { catalogConstraints, catalogRelations } from '../../electron/recorder/collect/snapshots/catalog.sql.ts';
import { createDiagramStore } from '../../electron/store/diagrams.ts';
import { openStore } from '../../electron/store/open.ts';
import type { DiagramContent, DiagramGraph } from '../../shared/api/diagrams.ts';
import { Catalog } from '../../shared/complete/catalog.ts';
import { sqlOf } from '../../shared/diagram/export-sql.ts';
import { graphOfCatalog } from '../../shared/diagram/graph-of-catalog.ts';
import { graphOfSnapshot } from '../../shared/diagram/graph-of-snapshot.ts';
import { virtualKey } from '../../shared/diagram/suggest-keys.ts';
import { pgSource } from './pg-source.ts';
import { startServer, type TestServer, uniqueName } from './servers.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer(18);
});
afterAll(() => server?.stop());

const schema = `
  create schema "Odd ""s""";
  create type "Odd ""s""".mood as enum ('ok', 'it''s', 'not "ok"');
  create domain public.email as text check (value ~ '@');
  create table country (code char(2) primary key, name text not null unique);
  create table "Country" (code char(2) primary key);
  create table customer (
    id bigint generated always as identity primary key, country char(2) references country, mail email, moods "Odd ""s""".mood[],
    referred_by bigint references customer, price numeric(10, 2) default 0 not null, unique (country, mail));
  comment on table customer is 'who''s who';
  comment on column customer.mail is E'one\\nline';
  create table "Odd ""s"""."or.der" ("customer id" bigint not null references customer, "No" int, primary key ("No", "customer id"));
  create table line (n int, c bigint, foreign key (n, c) references "Odd ""s"""."or.der" ("No", "customer id"));
  create table by_index (a int, b int);
  create unique index on by_index (a);
  create table to_index (a int references by_index (a));
  create table part (id int, at date, country char(2) references country, primary key (id, at)) partition by range (at);
  create table part_1 partition of part for values from ('2025-01-01') to ('2026-01-01');
  create view seen as select * from customer;
  create table empty ();`;

async function graphIn(database: string): Promise<DiagramGraph> {
  const source = await pgSource(server, database);
  try {
    const head = await headOf(source);
    const catalog = new Catalog(head);
    for await (const event of readCatalog(source, head)) catalog.take(event);
    return await graphOfCatalog(catalog, async () => undefined);
  } finally {
    await source.close();
  }
}

async function freshDatabase(sql: string): Promise<string> {
  const name = uniqueName('diagram');
  await server.query(`create database ${name}`);
  const source = await pgSource(server, name);
  await source.client.query('set search_path = public');
  await source.client.query(sql).finally(() => source.close());
  return name;
}

/** What a diagram shows of tables: without what SQL from a diagram says it leaves out. */
const seen = ({ tables, keys, types }: DiagramGraph) => ({
  tables: tables
    .filter(({ kind, parent }) => kind !== 'view' && parent === null)
    .map(({ id, comment, columns, uniques }) => ({
      id,
      comment,
      columns: columns.map(({ hasDefault: _, ...column }) => column),
      // A key made where only an index was.
      uniques: id === 'by_index' || id === 'public.by_index' ? [] : uniques.map((unique) => unique.join()).sort(),
    })),
  keys: keys.map(({ from, fromColumns, to, toColumns }) => JSON.stringify([from, fromColumns, to, toColumns])).sort(),
  types: types
    .map(({ schema: of, name, labels, base }) => ({ of, name, labels, base }))
    .sort((a, b) => (a.name < b.name ? -1 : 1)),
});

describe('the graph of a database', () => {
  test('has what the server has, and its SQL makes an equal one', async () => {
    const graph = await graphIn(await freshDatabase(schema));
    expect(graph.tables.map(({ id }) => id)).toContain('"Odd ""s"""."or.der"');
    expect(graph.tables.find(({ id }) => id === 'public.part_1')?.parent).toBe('public.part');
    expect(graph.keys.find(({ from }) => from === 'public.line')).toMatchObject({
      to: '"Odd ""s"""."or.der"',
      fromColumns: ['n', 'c'],
      toColumns: ['No', 'customer id'],
    });
    // A partition's key is its table's.
    expect(
      graph.keys
        .filter(({ to }) => to === 'public.country')
        .map(({ from }) => from)
        .sort(),
    ).toEqual(['public.customer', 'public.part']);
    const again = await graphIn(
      await freshDatabase(sqlOf({ ...graph, tables: graph.tables.filter(({ parent }) => parent === null) })),
    );
    expect(seen(again)).toEqual(seen(graph));
  });

  test('read out of SQL text it is what the server would have made of it', async () => {
    const later = `
      alter table customer add column since timestamptz(3) default now(), add column "Rank" serial;
      alter table by_index alter b set not null;
      alter table to_index rename a to b;
      create table if not exists empty (never int);
      create table gone (a int); drop table gone;
      set search_path = "Odd ""s""";
      create table here (id int, mood mood, primary key (id));
      comment on table here is 'here';
      create table public.codes (c "char", d char, e interval, f varchar(3)[], g bit varying(5));`;
    const live = await graphIn(await freshDatabase(schema + later));
    const dump = `\\restrict x\nCOPY public.country (code) FROM stdin;\nab'c;\n\\.\n${schema}${later}\nselect 1; create tabel x;`;
    const { graph: read, unread, passedOver } = await readSql(dump);
    const named = ({ tables, keys }: DiagramGraph) => ({
      tables: tables.map(({ id, kind, parent, comment, columns }) => ({
        ...{ id, kind, parent, comment },
        // What a view selects, only the server knows.
        columns:
          kind === 'view' ? [] : columns.map(({ name, type, notNull, primary }) => ({ name, type, notNull, primary })),
      })),
      keys: keys
        .map(({ from, fromColumns, to, toColumns }) => JSON.stringify([from, fromColumns, to, toColumns]))
        .sort(),
    });
    expect(named(read)).toEqual(named(live));
    expect(unread).toEqual([{ line: dump.split('\n').length, message: 'syntax error at or near "tabel"' }]);
    expect(passedOver).toBeGreaterThan(0);
  });

  test('is the same out of what a recording keeps of it', async () => {
    const database = await freshDatabase(schema);
    const source = await pgSource(server, database);
    const relations = (await source.ask(catalogRelations, [0, 10_000])).map(({ columns, ...relation }) => ({
      ...relation,
      columns: (JSON.parse(columns) as [number, string, string, boolean, string | null][]).map(
        ([num, name, type, notNull, value]) => ({ num, name, type, notNull, default: value }),
      ),
    }));
    const constraints = await source.ask(catalogConstraints, [0, 10_000]);
    await source.close();
    const recorded = graphOfSnapshot({ relations, indexes: [], constraints });
    const live = await graphIn(database);
    const plain = ({ tables, keys }: DiagramGraph) => ({
      tables: tables
        .filter(({ parent }) => parent === null)
        .map(({ id, kind, columns, uniques }) => ({
          ...{ id, kind },
          uniques: uniques.map((unique) => unique.join()).sort(),
          columns: columns.map(({ name, type, notNull, primary }) => ({ name, type, notNull, primary })),
        })),
      // A partition's own copies of its table's keys are in a recording, and are told once when it is folded.
      keys: keys
        .filter(({ from }) => from !== 'public.part_1')
        .map(({ id }) => id)
        .sort(),
    });
    expect(plain(recorded)).toEqual(plain(live));
    expect(recorded.tables.find(({ id }) => id === 'public.part_1')?.parent).toBe('public.part');
  });

  test('with keys drawn by hand: they are told, and not declared', async () => {
    const graph = await graphIn(
      await freshDatabase('create table a (id int primary key, b_id int); create table b (id int primary key)'),
    );
    const drawn = { ...graph, keys: [virtualKey('public.a', ['b_id'], 'public.b', ['id'])] };
    expect(sqlOf(drawn)).toContain('-- ALTER TABLE public.a ADD CONSTRAINT b_id_virtual');
    expect((await graphIn(await freshDatabase(sqlOf(drawn)))).keys).toEqual([]);
  });
});

test('a key is checked on the data: rows without a counterpart, and whether what it refers to is unique', async () => {
  const source = await pgSource(
    server,
    await freshDatabase(`
    create table a (id int, "x Y" int, z int); create table b (p int, q int);
    insert into a values (1, 1, 1), (2, 2, 2), (3, null, 3), (4, 9, 9); insert into b values (1, 1), (2, 2), (2, 2)`),
  );
  const read = async (text: string, values: readonly unknown[] = []) => ({
    columns: [],
    rows: (await source.client.query({ text, values: [...values], rowMode: 'array' })).rows,
  });
  const key = { from: { schema: 'public', name: 'a' }, to: { schema: 'public', name: 'b' } };
  const checked = await checkKey({ read }, { ...key, fromColumns: ['x Y', 'z'], toColumns: ['p', 'q'] });
  expect({ ...checked, rows: Number(checked.rows) }).toEqual({
    rows: 3,
    orphans: 1,
    examples: ['9, 9'],
    unique: false,
  });
  await expect(checkKey({ read }, { ...key, fromColumns: ['z'], toColumns: ['p', 'q'] })).rejects.toMatchObject({
    failure: { kind: 'invalid' },
  });
  await source.close();
});

test('layouts stay by source and name, over a restart of the program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-diagrams-'));
  const source = { connectionId: 'c', database: 'd' };
  const content: DiagramContent = {
    choice: { kind: 'around', table: 'public.a', hops: 2 },
    detail: 'keys',
    views: true,
    partitions: false,
    hidden: ['public.b'],
    arranged: true,
    positions: { 'public.a': [1.5, -2] },
    colors: { 'public.a': 'teal' },
    notes: [{ id: 'n', text: 'note', color: 'yellow', x: 0, y: 0, width: 100, height: 50 }],
    areas: [],
    known: { 'public.a': 'digest' },
  };
  try {
    let opened = openStore(folder);
    let store = createDiagramStore(opened.db);
    const saved = store.save({ id: null, source, name: 'Main', content });
    expect(() => store.save({ id: null, source, name: 'Main', content })).toThrow(/already/);
    store.save({ id: null, source: { recordingId: 'c', database: 'd' }, name: 'Main', content });
    store.saveKeys(source, [virtualKey('public.a', ['b'], 'public.b', ['id'])]);
    opened.close();
    opened = openStore(folder);
    store = createDiagramStore(opened.db);
    // The order of a source's fields says nothing.
    expect(store.layouts({ database: 'd', connectionId: 'c' })).toEqual([saved]);
    expect(store.layout(saved.id)).toEqual(content);
    expect(store.keys(source)).toHaveLength(1);
    const renamed = store.save({ id: saved.id, source, name: 'Shop', content: { ...content, hidden: [] } });
    expect(store.layouts(source).map(({ id, name }) => [id, name])).toEqual([[saved.id, 'Shop']]);
    expect(store.layout(renamed.id).hidden).toEqual([]);
    store.remove(saved.id);
    expect(store.layouts(source)).toEqual([]);
    expect(() => store.layout(saved.id)).toThrow(/not there any more/);
    opened.close();
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
