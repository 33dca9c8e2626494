/** Saving edits: the intended cells change and no other, or nothing does and it is said why. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeRelation } from '../../electron/features/data/relation.ts';
import { readPage } from '../../electron/features/data/rows.ts';
import { saveEdits } from '../../electron/features/data/save.ts';
import type { Source } from '../../electron/postgres/source.ts';
import type { NewValue, RelationModel, RowEdit } from '../../shared/api/data.ts';
import { statementsFor } from '../../shared/edit/statements.ts';
import { startServer, type TestServer } from './servers.ts';
import { openWorld, type World } from './session-world.ts';

const schema = `
create extension if not exists citext;
create schema s; create schema "S";
create collation s.blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
create domain s.positive as int check (value > 0); create type s.pair as (a int, b text); create type s.mood as enum ('ok', 'it''s bad');
create table s.t (id int primary key, n numeric(8,2), name varchar(5), code char(4), flag boolean, d s.positive, p s.pair, m s.mood,
  j json, jb jsonb, x xml, pt point, b bytea, arr text[], r int4range, ts timestamptz, blind text collate s.blind, ci citext, host inet, c "char",
  gen numeric generated always as (n * 2) stored);
insert into s.t (id, n, name, code, flag, d, p, m, j, jb, x, pt, b, arr, r, ts, blind, ci, host, c)
  select g, g * 1.5, 'n' || g, 'c' || g, g % 2 = 0, g, row(g, 'b')::s.pair, 'ok', '{"a": 1,  "a": 2}', '{"a": 1}', '<a/>', '(1,2)', '\\x00ff', '{a,NULL,"x,y"}', '[1,5)',
    '2024-03-31 01:30:00.123456+00', 'Abc', 'Abc', '10.0.0.1', 'q' from generate_series(1, 9) g;
create table s.twins (a int unique, b text); insert into s.twins values (null, 'x'), (null, 'x');
create table s.by_float (id float4 primary key, v text); insert into s.by_float values (0.1, 'a'), (1e10, 'b'), ('NaN', 'n');
create table s.by_char (id char(5) primary key, v text); insert into s.by_char values ('a', 'x'), ('b', 'y');
create table s.by_citext (id citext primary key, v text); insert into s.by_citext values ('Key', 'x');
create table s.by_bytea (id bytea primary key, v text); insert into s.by_bytea values ('\\x00ff', 'x'), ('\\x', 'y');
create table s.by_mood (id s.mood primary key, v text); insert into s.by_mood values ('it''s bad', 'x');
create table s.by_array (id int[] primary key, v text); insert into s.by_array values ('{1,2}', 'x');
create table s.by_time (id timestamptz primary key, v text); insert into s.by_time values ('2024-01-01 00:00:00.000001+00', 'x');
create table s.parts (id int, k text, v text, primary key (k, id)) partition by list (k);
create table s.parts_a partition of s.parts for values in ('a'); create table s.parts_b partition of s.parts for values in ('b');
insert into s.parts values (1, 'a', 'x'), (1, 'b', 'x');
create table s.swallowed (id int primary key, v text); insert into s.swallowed values (1, 'x');
create function s.swallow() returns trigger language plpgsql as 'begin return null; end';
create trigger swallow before update or delete or insert on s.swallowed for each row execute function s.swallow();
create table s.bent (id int primary key, v text); insert into s.bent values (1, 'x');
create function s.bend() returns trigger language plpgsql as 'begin new.v = upper(new.v); return new; end';
create trigger bend before update on s.bent for each row execute function s.bend();
create table s.ruled (id int primary key, v text); insert into s.ruled values (1, 'x');
create rule off as on update to s.ruled do instead nothing;
create table s.hidden (id int primary key, who text); insert into s.hidden values (1, 'clerk'), (2, 'other');
alter table s.hidden enable row level security; create role clerk login password 'clerk';
create policy own on s.hidden for all using (who = current_user) with check (true);
create table s.deferred (id int primary key, up int references s.deferred deferrable initially deferred); insert into s.deferred values (1, null), (2, 1);
create table s.always (id int generated always as identity primary key, v text default 'dflt', w int not null default 7);
insert into s.always (v) values ('x');
create table s.base (id int primary key, v text); insert into s.base values (1, 'x'); create view s.over as select * from s.base;
create function s.instead() returns trigger language plpgsql as 'begin return new; end';
create trigger instead instead of update on s.over for each row execute function s.instead();
create table "S".t (id int primary key, v text); insert into "S".t values (1, 'x');
create table s."Wide" (id int primary key ${Array.from({ length: 1590 }, (_, at) => `, c${at} smallint`).join('')}); insert into s."Wide" (id) values (1), (2);
create table s.hen (id int primary key, egg int); create table s.egg (id int primary key, hen int not null references s.hen);
insert into s.hen values (1, null), (2, null); insert into s.egg values (1, 1); alter table s.hen add foreign key (egg) references s.egg; update s.hen set egg = 1 where id = 1;
create table s.same (id int primary key, v text); insert into s.same values (1, 'x'); create table s."Same" (id int primary key, v text); insert into s."Same" values (1, 'x');
grant usage on schema s to clerk; grant all on s.hidden to clerk;`;

const text = (value: string | null): NewValue => (value === null ? { kind: 'null' } : { kind: 'text', text: value });
const all = { where: '', orderBy: '', search: '' };

describe.each([13, 18] as const)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  let source: Source;
  beforeAll(async () => {
    server = await startServer(major, { settings: { log_statement: 'all', log_line_prefix: '%a|' } });
    await server.query(schema);
    world = await openWorld(() => server.spec());
    source = await world.source();
  });
  afterAll(async () => {
    await world.close();
    await server.stop();
  });

  const modelOf = async (name: string, from: Source = source): Promise<RelationModel> => {
    const [row] = await server.query<{ oid: number }>('select $1::regclass::oid as oid', [name]);
    return describeRelation(from, row?.oid ?? 0);
  };
  /** The page's row with this key, and an edit of some of its columns. */
  const editing = async (name: string, id: string, changes: Record<string, string | null>, from: Source = source) => {
    const model = await modelOf(name, from);
    const { rows, keys } = await readPage(from, model, { query: all, from: { kind: 'start' }, count: 50 });
    const at = keys.findIndex((key) => key.join('/') === id);
    const numbered = Object.entries(changes).map(([column, value]) => {
      const position = model.columns.findIndex((one) => one.name === column);
      return { number: model.columns[position]?.number ?? 0, old: rows[at]?.[position] ?? null, value };
    });
    const edit: RowEdit = {
      kind: 'update',
      id,
      key: [...(keys[at] ?? [])],
      old: numbered.map(({ number, old }) => ({ column: number, value: old })),
      changes: numbered.map(({ number, value }) => ({ column: number, value: text(value) })),
    };
    return { model, edit, rows, at };
  };
  const change = async (name: string, id: string, changes: Record<string, string | null>, from?: Source) => {
    const { model, edit } = await editing(name, id, changes, from);
    return saveEdits(from ?? source, model, [edit]);
  };
  const rowsOf = async (name: string) => server.query<{ r: string }>(`select t::text as r from ${name} t order by 1`);

  test('changes the one cell, whatever the type', async () => {
    const values: Record<string, string | null> = {
      n: '10.00', name: 'ab ', code: 'x', flag: 'f', d: '7', p: '(9,"it""s")', m: "it's bad", j: '{"b":1, "b":1e400}', jb: null,
      x: '<b>1</b>', pt: '(3,4)', b: '\\x0102', arr: '{"a,b",NULL,"NULL",""}', r: '[2,3)', ts: '2024-10-27 02:30:00.5+00', blind: 'aBC',
      ci: 'ABC', host: '10.0.0.1/24', c: '',
    }; // biome-ignore format: one value a column
    for (const [column, value] of Object.entries(values)) {
      const others = Object.keys(values)
        .filter((other) => other !== column)
        .map((other) => `${other}::text`)
        .join(', ');
      const before = await server.query(`select md5(row(${others})::text) as m from s.t where id = 3`);
      const rest = await server.query('select t::text as r from s.t where id <> 3 order by id');
      const outcome = await change('s.t', '3', { [column]: value });
      expect(outcome, column).toMatchObject({ kind: 'saved', updated: 1 });
      const { model, rows, at } = await editing('s.t', '3', {});
      const position = model.columns.findIndex((one) => one.name === column);
      expect(rows[at]?.[position], column).toBe(column === 'code' ? 'x   ' : value);
      expect(await server.query(`select md5(row(${others})::text) as m from s.t where id = 3`), column).toEqual(before);
      expect(await server.query('select t::text as r from s.t where id <> 3 order by id')).toEqual(rest);
      // And back again from what it is now, NULL too.
      expect(await change('s.t', '3', { [column]: value }), column).toMatchObject({ kind: 'saved' });
    }
  });

  test('finds the row by a key of any type', async () => {
    for (const [name, id] of [
      ['s.by_float', '0.1'],
      ['s.by_float', 'NaN'],
      ['s.by_char', 'a    '],
      ['s.by_citext', 'Key'],
      ['s.by_bytea', '\\x00ff'],
      ['s.by_bytea', '\\x'],
      ['s.by_mood', "it's bad"],
      ['s.by_array', '{1,2}'],
      ['s.parts', 'b/1'],
      ['"S".t', '1'],
    ] as const) {
      // biome-ignore format: a table
      expect(await change(name, id, { v: 'changed' }), `${name} ${id}`).toMatchObject({ kind: 'saved', updated: 1 });
      const [count] = await server.query<{ n: number }>(`select count(*)::int as n from ${name} where v = 'changed'`);
      expect(count?.n, `${name} ${id}`).toBe(
        name === 's.by_float' && id === 'NaN' ? 2 : name === 's.by_bytea' && id === '\\x' ? 2 : 1,
      );
    }
    const time = await modelOf('s.by_time');
    const { keys } = await readPage(source, time, { query: all, from: { kind: 'start' }, count: 1 });
    expect(await change('s.by_time', keys[0]?.join('/') ?? '', { v: 'changed' })).toMatchObject({ kind: 'saved' });
    expect((await rowsOf('s.base'))[0]?.r).toBe('(1,x)');
  });

  test('changes nothing where the row is another by now, is gone, or the server keeps it as it is', async () => {
    const refused = async (name: string, id: string, changes: Record<string, string | null>, words: RegExp) => {
      const before = await rowsOf(name);
      const outcome = await change(name, id, changes);
      expect(outcome, name).toMatchObject({ kind: 'refused', id, failure: { message: expect.stringMatching(words) } });
      expect(await rowsOf(name), name).toEqual(before);
      return outcome;
    };
    const stale = await editing('s.t', '5', { n: '1.00' });
    await server.query('update s.t set n = 77 where id = 5');
    expect(await saveEdits(source, stale.model, [stale.edit])).toMatchObject({
      kind: 'refused', id: '5', failure: { message: expect.stringMatching(/Another has changed this row/) },
      now: expect.arrayContaining([{ column: 2, value: '77.00' }]),
    }); // biome-ignore format: one answer
    // 77 is 77.00, but not what was seen: a text is compared.
    const gone = await editing('s.t', '6', { n: '1.00' });
    await server.query('delete from s.t where id = 6');
    expect(await saveEdits(source, gone.model, [gone.edit])).toMatchObject({ kind: 'refused', now: null });
    await refused('s.swallowed', '1', { v: 'y' }, /trigger, a rule or a policy/);
    await refused('s.ruled', '1', { v: 'y' }, /./);
    await refused('s.t', '1', { d: '-1' }, /check constraint/);
    await refused('s.t', '1', { name: 'too long' }, /too long/);
    expect(await change('s.bent', '1', { v: 'y' })).toMatchObject({
      kind: 'saved',
      changedByServer: [{ column: 2, typed: 'y', stored: 'Y' }],
    });
    expect(await change('s.t', '1', { n: '3.456' })).toMatchObject({
      changedByServer: [{ typed: '3.456', stored: '3.46' }],
    });
    expect(await change('s.t', '1', { n: '4' })).toMatchObject({ changedByServer: [] });
  });

  test('all or nothing, with the row it stopped at', async () => {
    const before = await rowsOf('s.t');
    const first = await editing('s.t', '7', { n: '1.00' });
    const second = await editing('s.t', '8', { d: '-5' });
    const outcome = await saveEdits(source, first.model, [
      first.edit,
      second.edit,
      { kind: 'insert', id: 'new', changes: [{ column: 1, value: text('50') }] },
    ]);
    expect(outcome).toMatchObject({ kind: 'refused', id: '8', failure: { kind: 'postgres', sqlstate: '23514' } });
    expect(await rowsOf('s.t')).toEqual(before);
    const late = await editing('s.deferred', '2', { up: '99' });
    expect(await saveEdits(source, late.model, [late.edit])).toMatchObject({
      kind: 'refused',
      id: null,
      failure: { sqlstate: '23503' },
    });
  });

  test('a policy that hides the row after the change refuses it', async () => {
    const own = await openWorld(() => server.spec({ user: 'clerk', password: 'clerk' }));
    const clerk = await own.source();
    expect(await change('s.hidden', '1', { who: 'other' }, clerk)).toMatchObject({
      kind: 'refused',
      failure: { kind: 'postgres' },
    });
    await own.close();
    expect(await rowsOf('s.hidden')).toEqual([{ r: '(1,clerk)' }, { r: '(2,other)' }]);
  });

  test('inserts, with defaults left to the server, and deletes', async () => {
    const model = await modelOf('s.always');
    expect(await saveEdits(source, model, [{ kind: 'insert', id: 'a', changes: [] }])).toMatchObject({ inserted: 1 });
    expect(
      await saveEdits(source, model, [{ kind: 'insert', id: 'a', changes: [{ column: 2, value: text(null) }] }]),
    ).toMatchObject({ changes: [{ before: null, key: { id: '3' }, after: { id: '3', v: null } }] });
    expect((await rowsOf('s.always')).map(({ r }) => r)).toEqual(['(1,x,7)', '(2,dflt,7)', '(3,,7)']);
    for (const bad of [
      [{ kind: 'insert', id: 'a', changes: [{ column: 1, value: text('9') }] }],
      [{ kind: 'insert', id: 'a', changes: [{ column: 2, value: text('\0') }] }],
      [{ kind: 'insert', id: 'a', changes: [{ column: 2, value: text('\ud800') }] }],
    ] as RowEdit[][])
      expect(() => statementsFor(model, bad)).toThrow(/./);
    const old = [
      { column: 1, value: '2' },
      { column: 2, value: 'dflt' },
      { column: 3, value: '7' },
    ];
    const removal: RowEdit = { kind: 'delete', id: '2', key: ['2'], old };
    await server.query('update s.always set w = 8 where id = 2');
    expect(await saveEdits(source, model, [removal])).toMatchObject({ kind: 'refused' });
    await server.query('update s.always set w = 7 where id = 2');
    expect(await saveEdits(source, model, [removal])).toMatchObject({
      deleted: 1,
      changes: [{ key: { id: '2' }, before: { id: '2', v: 'dflt', w: '7' }, after: null }],
    });
  });

  test('refuses tables whose rows cannot be proven, and computed columns', async () => {
    for (const name of ['s.twins', 's.over']) {
      const model = await modelOf(name);
      expect(model.readOnly?.reason).toBeTruthy();
      expect(() => statementsFor(model, [{ kind: 'insert', id: 'a', changes: [] }])).toThrow(model.readOnly?.wayOut);
    }
    await expect(change('s.t', '2', { gen: '5' })).rejects.toThrow(/computes/);
    const readOnly = await openWorld(() => server.spec({ readOnly: true }));
    expect((await modelOf('s.t', await readOnly.source())).readOnly?.reason).toContain('read-only');
    await readOnly.close();
  });

  test('keys that go in a circle, and names that are equal but for case', async () => {
    const hen = await modelOf('s.hen');
    const other = { schema: 's', name: 'egg' };
    expect(hen).toMatchObject({ references: [{ other }], referencedBy: [{ other }] });
    const before = [await rowsOf('s.hen'), await rowsOf('s.egg')];
    expect(await change('s.hen', '1', { egg: '99' })).toMatchObject({
      kind: 'refused',
      failure: { sqlstate: '23503' },
    });
    const old = [
      { column: 1, value: '1' },
      { column: 2, value: '1' },
    ];
    const removal: RowEdit = { kind: 'delete', id: '1', key: ['1'], old };
    expect(await saveEdits(source, hen, [removal])).toMatchObject({ kind: 'refused', failure: { sqlstate: '23503' } });
    expect([await rowsOf('s.hen'), await rowsOf('s.egg')]).toEqual(before);
    expect(await change('s.hen', '1', { egg: null })).toMatchObject({ kind: 'saved', updated: 1 });
    expect(await change('s."Same"', '1', { v: 'y' })).toMatchObject({ kind: 'saved', updated: 1 });
    expect(await rowsOf('s.same')).toEqual([{ r: '(1,x)' }]);
    expect(await rowsOf('s."Same"')).toEqual([{ r: '(1,y)' }]);
  });

  test('goes through a table of 1,591 columns', async () => {
    const model = await modelOf('s."Wide"');
    const old = model.columns.map((column) => ({ column: column.number, value: column.number === 1 ? '2' : null }));
    expect(await saveEdits(source, model, [{ kind: 'delete', id: '2', key: ['2'], old }])).toMatchObject({
      deleted: 1,
    });
    expect(await change('s."Wide"', '1', { c1589: '7' })).toMatchObject({ updated: 1 });
  });

  test('sends what the preview shows, byte for byte, and nothing where nothing changes', async () => {
    const { model, edit } = await editing('s.t', '9', { n: '5.00', name: 'new' });
    const [statement] = statementsFor(model, [edit]);
    expect(statement?.text).not.toContain('code');
    const logged = async () => {
      const { readFile } = await import('node:fs/promises');
      return (await readFile(server.logFile, 'utf8')).split('\n').filter((line) => line.startsWith('howdah: save|'));
    };
    const before = (await logged()).length;
    expect(await saveEdits(source, model, [edit])).toMatchObject({ kind: 'saved' });
    const lines = (await logged()).slice(before);
    expect(lines.some((line) => line.endsWith(`: ${statement?.text}`))).toBe(true);
    const count = (await logged()).length;
    const none: RowEdit = { kind: 'update', id: '9', key: ['9'], old: [], changes: [] };
    expect(await saveEdits(source, model, [none])).toMatchObject({ kind: 'saved', updated: 0 });
    expect((await logged()).length).toBe(count);
  });
});
