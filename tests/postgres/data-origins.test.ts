/** Which columns of a query's result can be edited: only those of which the server's own answer proves whose they are. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { originsOf } from '../../electron/features/data/origins.ts';
import { describeRelation } from '../../electron/features/data/relation.ts';
import { saveEdits } from '../../electron/features/data/save.ts';
import type { Source } from '../../electron/postgres/source.ts';
import { identifier, qualified } from '../../shared/sql/quote.ts';
import { startServer, type TestServer } from './servers.ts';
import { openWorld, type World } from './session-world.ts';

const schema = `create schema s; create schema "S";
create table s.maker (id int primary key, name text, boss int); insert into s.maker values (1, 'Ada', 2), (2, 'Bo', 1);
create table s.thing (id int primary key, name text, maker int, price numeric generated always as (id * 2) stored);
insert into s.thing values (1, 'a', 1), (2, 'b', 1), (3, 'c', null);
create table "S".thing (id int primary key, name text); insert into "S".thing values (1, 'other');
create table s.two (a int, b text, v text, primary key (a, b)); insert into s.two values (1, 'x', 'v'), (1, 'y', 'w');
create table s.bare (a int, b text); insert into s.bare values (1, 'x');
create table s.maybe (a int unique, b text); insert into s.maybe values (null, 'x'), (null, 'x');
create table s.by_float (id float8 primary key, v text); insert into s.by_float values (3.14159, 'pi');
create table s.by_day (at timestamptz, id int, v text, primary key (at, id)); insert into s.by_day values ('2026-02-01 10:00+00', 1, 'v');
create table s.parts (id int primary key, v text) partition by range (id); create table s.parts_1 partition of s.parts for values from (0) to (10); insert into s.parts values (1, 'v');
create table s.parent (id int primary key, v text); create table s.child () inherits (s.parent); insert into s.parent values (1, 'p'); insert into s.child values (1, 'c');
create view s.seen as select * from s.thing;`;

describe.each([13, 18] as const)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  let source: Source;
  beforeAll(async () => {
    server = await startServer(major);
    await server.query(schema);
    world = await openWorld(() => server.spec());
    source = await world.source();
  });
  afterAll(async () => {
    await world.close();
    await server.stop();
  });

  const originsAnd = async (sql: string) => {
    const { columns, rows } = await source.read(sql);
    const found = await originsOf({ sql, columns }, (oid) => describeRelation(source, oid));
    return { shown: columns, rows, ...found };
  };

  test.each<[string, readonly (string | RegExp)[]]>([
    ['select * from s.thing', [/By this value/, 's.thing', 's.thing', 's.thing']],
    ['select t.name as "other name", t.id as key, upper(t.name) from s.thing t', ['s.thing', /By this/, /computes/]],
    ['select id, name, id from s.thing', [/By this/, 's.thing', /By this/]],
    [
      'select t.id, t.name, m.id, m.name from s.thing t left join s.maker m on m.id = t.maker',
      [/By this/, 's.thing', /By this/, 's.maker'],
    ],
    [
      'select t.id, m.name from s.thing t join s.maker m on m.id = t.maker',
      [/By this/, /The key of “s.maker” is not in the result: add “id”/],
    ],
    // Which of the two a name is of the server does not say: the first would go to the wrong row.
    ['select a.id, b.name from s.maker a join s.maker b on b.id = a.boss', [/2 times/, /2 times/]],
    [
      'with m as (select id, name, boss from s.maker) select a.id, b.name from m a join m b on b.id = a.boss',
      [/2 times/, /2 times/],
    ],
    ['with m as (select * from s.maker), n as (select * from m) select n.id, n.name from n', [/By this/, 's.maker']],
    ['with maker as (select id, name from s.maker) select id, name from maker', [/By this/, 's.maker']],
    [
      'select x.id, x.name from (select id, name from s.maker where boss in (select id from s.maker)) x',
      [/By this/, 's.maker'],
    ],
    ['select id, name, (select name from s.maker where id = maker) from s.thing', [/By this/, 's.thing', /computes/]],
    ['select t.id, t.name, o.id, o.name from s.thing t, "S".thing o', [/By this/, 's.thing', /By this/, 'S.thing']],
    ['select id, name from s.thing union all select id, name from s.maker', [/computes/, /computes/]],
    ['select id, name from s.thing group by id, name order by id limit 2', [/By this/, 's.thing']],
    ['select a, v from s.two', [/add “b”/, /add “b”/]],
    ['select v, b, a from s.two', ['s.two', /By this/, /By this/]],
    ['select * from s.bare', [/no primary key/, /no primary key/]],
    ['select * from s.maybe', [/no primary key/, /no primary key/]],
    ['select * from s.by_float', [/double precision is written/, /double precision is written/]],
    ['select * from s.by_day', [/By this/, /By this/, 's.by_day']],
    ['select * from s.parts', [/By this/, 's.parts']],
    ['select * from s.parent', [/inherit/, /inherit/]],
    ['select * from s.seen', [/A view/, /A view/, /A view/, /A view/]],
    [
      'select g, t.id, t.name from generate_series(1, 2) g, lateral (select * from s.thing where id = g) t',
      [/computes/, /By this/, 's.thing'],
    ],
    [
      'with recursive up as (select id, name, boss from s.maker where id = 1 union select m.id, m.name, m.boss from s.maker m join up on m.id = up.boss) select id, name from up',
      [/computes/, /computes/],
    ],
    ['select oid, relname from pg_class limit 1', [/catalog of the server/, /catalog of the server/]],
    ['table s.maker', [/By this/, 's.maker', 's.maker']],
    ['explain select * from s.maker', [/computes/]],
  ])('%s', async (sql, expected) => {
    const found = await originsAnd(sql);
    const words = found.columns.map(({ table, reason }) => {
      const model = found.tables[table ?? -1]?.model;
      return reason ?? `${model?.schema}.${model?.name}`;
    });
    expect(words).toEqual(expected.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))));
    // The server's word: each value that can be edited is that of the row which its key finds.
    for (const { model, key } of found.tables)
      for (const row of found.rows) {
        const values = key.map(({ at }) => row[at] ?? null);
        if (values.includes(null)) continue;
        for (const [at, column] of found.shown.entries()) {
          if (column.tableOid !== model.oid) continue;
          const of = model.columns.find(({ number }) => number === column.attributeNumber);
          const where = (model.key?.columns ?? [])
            .map(
              (number, part) =>
                `${identifier(model.columns.find((each) => each.number === number)?.name ?? '')} = $${part + 1}`,
            )
            .join(' and ');
          const [stored] = (
            await source.read(
              `select ${identifier(of?.name ?? '')}::text from ${qualified(model.schema, model.name)} where ${where}`,
              values,
            )
          ).rows;
          expect(stored?.[0], `${column.name} of ${values}`).toBe(row[at]);
        }
      }
  });

  test('parameters stand for values; what cannot be read is not edited', async () => {
    const { columns } = await source.read('select id, name from s.maker');
    const of = (sql: string) => originsOf({ sql, columns }, (oid) => describeRelation(source, oid));
    expect((await of('select id, name from s.maker where id = :id')).tables).toHaveLength(1);
    expect((await of('update s.maker set name = name returning id, name')).tables).toEqual([]);
    expect((await of('with u as (update s.maker set name = name returning id, name) select * from u')).tables).toEqual(
      [],
    );
    expect((await of('select id, name from s.maker; select 1')).tables).toEqual([]);
    expect((await of('no sql')).columns[0]?.reason).toMatch(/single SELECT/);
  });

  test('a temporary table of another session is not ours to change', async () => {
    await server.query('create temp table t (id int primary key, v text)');
    const [row] = await server.query<{ oid: number }>("select 't'::regclass::oid as oid");
    const model = await describeRelation(source, row?.oid ?? 0);
    expect(model.readOnly?.reason).toMatch(/temporary/);
  });

  test('what is saved is the row that its key in the result finds, and nothing else', async () => {
    const sql = 'select m.name as who, t.name, t.id from s.thing t join s.maker m on m.id = t.maker order by t.id';
    const { rows, tables } = await originsAnd(sql);
    const [table] = tables;
    const model = table?.model;
    if (!model || !table) throw new Error('not editable');
    const key = table.key.map(({ at }) => rows[1]?.[at] ?? '');
    const name = model.columns.find((column) => column.name === 'name')?.number ?? 0;
    const edit = (old: string | null, text: string) => [
      {
        kind: 'update' as const,
        id: '1',
        key,
        old: [{ column: name, value: old }],
        changes: [{ column: name, value: { kind: 'text' as const, text } }],
      },
    ];
    expect(await saveEdits(source, model, edit('b', 'B'))).toMatchObject({
      kind: 'saved',
      stored: [{ id: '1', cells: [{ column: name, value: 'B' }, { value: '2' }] }],
    });
    expect(await server.query('select id, name from s.thing order by id')).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'B' },
      { id: 3, name: 'c' },
    ]);
    // The result is as it was read: another value there by now refuses the save.
    expect(await saveEdits(source, model, edit('b', 'again'))).toMatchObject({ kind: 'refused', id: '1' });
    await saveEdits(source, model, edit('B', 'b'));
  });
});
