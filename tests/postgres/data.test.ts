/** Looking at rows: every row once and in order whatever the key, the order or the filter; and what is said of a relation. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countRows, readValue } from '../../electron/features/data/figures.ts';
import { findValue } from '../../electron/features/data/find-value.ts';
import { follow } from '../../electron/features/data/follow.ts';
import { frequentValues } from '../../electron/features/data/frequent-values.ts';
import { labelsOf, pickRows, relatedCounts } from '../../electron/features/data/references.ts';
import { describeRelation } from '../../electron/features/data/relation.ts';
import { readPage } from '../../electron/features/data/rows.ts';
import type { Source } from '../../electron/postgres/source.ts';
import type { DataQuery, PageFrom, RelationModel } from '../../shared/api/data.ts';
import { notifyTriggerSql } from '../../shared/edit/follow-sql.ts';
import { startServer, type TestServer } from './servers.ts';
import { openWorld, type World } from './session-world.ts';

const schema = `
create schema s; create schema "S";
create table s.plain (id int primary key, name text not null, note text, price numeric(8,2), at timestamptz, tag text);
insert into s.plain select g, 'name ' || g % 13, case when g % 3 = 0 then null else 'note ' || g % 7 end, (g % 50) / 4.0,
  case when g % 5 = 0 then null else timestamptz '2024-01-01' + g * interval '7 min' end, repeat('x', g % 3) from generate_series(1, 500) g;
create table s.two (a text, b int, c date, primary key (a, b));
insert into s.two select chr(97 + g % 5), g, date '2024-01-01' + g % 11 from generate_series(1, 200) g;
create table s.bare (a int, b text);
insert into s.bare select g % 20, case when g % 4 = 0 then null else 'b' || g % 3 end from generate_series(1, 3000) g;
create table s.parts (id int, region text, v int, primary key (region, id)) partition by list (region);
create table s.parts_a partition of s.parts for values in ('a'); create table s.parts_b partition of s.parts for values in ('b');
insert into s.parts select g, case when g % 2 = 0 then 'a' else 'b' end, g % 9 from generate_series(1, 150) g;
create table s.json_key (id uuid primary key default md5(random()::text)::uuid, j json, p point);
insert into s.json_key (j, p) select case when g % 4 = 0 then null else json_build_object('n', g % 6) end, point(g % 3, 1) from generate_series(1, 60) g;
create view s.looked as select id, name, price from s.plain;
create table s.child (id int primary key, plain_id int references s.plain, two_a text, two_b int, foreign key (two_a, two_b) references s.two);
insert into s.child select g, g % 20 + 1, 'b', 1 from generate_series(1, 100) g;
create table s.parent (id int primary key); create table s.heir () inherits (s.parent);
create table s."Odd ""x" ("select" int primary key, "ID" int, "id" text, "%s" text);
insert into s."Odd ""x" select g, g * 2, 'x', 'y' from generate_series(1, 9) g;
create table s.large (id int primary key, long text, bytes bytea, doc jsonb);
insert into s.large values (1, repeat('é', 5000), decode(repeat('ab', 3000), 'hex'), null), (2, 'short', '\\x00', '{}');
create table "S".plain (id int primary key); insert into "S".plain values (42);
create table s.nullable (a int unique, b text); create table s.deferred (a int not null unique deferrable);
create table s.partial (a int not null); create unique index on s.partial (a) where a > 0;
create table s.expr (a text not null); create unique index on s.expr (lower(a));
create table s.second (a int, b text not null unique);
create table s.lots (a int, b text) partition by list (a); create table s.lots_1 partition of s.lots for values in (1); create table s.lots_2 partition of s.lots for values in (2);
insert into s.lots values (1, 'twin'), (2, 'twin');
create role picker login password 'picker'; grant usage on schema s to picker; grant select on s.child to picker;
analyze;`;

const everything: DataQuery = { where: '', orderBy: '', search: '' };

async function walk(source: Source, model: RelationModel, query: DataQuery, count = 17, backwards = false) {
  const rows: (string | null)[][] = [];
  let from: PageFrom = { kind: backwards ? 'end' : 'start' };
  for (let guard = 0; guard < 1000; guard++) {
    const page = await readPage(source, model, { query, from, count });
    if (backwards) rows.unshift(...page.rows);
    else rows.push(...page.rows);
    const place = backwards ? page.places[0] : page.places.at(-1);
    if (!page.more || !place) return rows;
    if (model.paging === 'window') from = { kind: 'offset', offset: rows.length };
    else from = { kind: backwards ? 'before' : 'after', place };
  }
  throw new Error('never came to an end');
}

describe.each([13, 15, 18] as const)('PostgreSQL %i', (major) => {
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
  const modelOf = async (name: string) => {
    const [row] = await server.query<{ oid: number }>('select $1::regclass::oid as oid', [name]);
    return describeRelation(source, row?.oid ?? 0);
  };
  const oracle = async (from: string): Promise<(string | null)[][]> => {
    const texts = await server.query<{ r: string }>(
      `select coalesce(json_agg(v), '[]')::text as r from (select (select json_agg(x.value) from json_each_text(row_to_json(t)) x) as v from (${from}) t) q`,
    );
    return JSON.parse(texts[0]?.r ?? '[]') as (string | null)[][];
  };

  test('every row once and in order, forwards and backwards', async () => {
    const cases: [string, string, string[]][] = [
      [
        's.plain',
        'id, name',
        ['', 'name', 'note desc, name', 'note nulls first, price desc nulls last', 'id desc', 'tag, note'],
      ],
      ['s.two', 'a, b', ['', 'c desc', 'b', 'a desc, b desc']],
      ['s.parts', 'id, region', ['', 'v', 'v desc']],
      ['s.json_key', 'id', ['', 'j', 'p desc, j']],
      ['s."Odd ""x"', '"select", "ID"', ['', '"ID" desc', 'id, "%s"']],
    ];
    for (const [name, , orders] of cases) {
      const model = await modelOf(name);
      const key = model.key?.columns.map((number) => model.columns.find((column) => column.number === number)?.name);
      for (const orderBy of orders) {
        const query = { ...everything, orderBy };
        const forwards = await walk(source, model, query);
        const down = /desc/.test(orderBy) && !/asc|nulls|,\s*\w+$/.test(orderBy.replaceAll(/ desc/g, ''));
        const tail = (key ?? []).map((column) => `"${column}"${down || orderBy === 'a desc, b desc' ? ' desc' : ''}`);
        const textual = orderBy.replace(/\bj\b/, 'j::text collate "C"').replace(/\bp\b/, 'p::text collate "C"');
        const order = [textual, ...tail].filter(Boolean).join(', ');
        const [count] = await server.query<{ n: string }>(`select count(*)::text as n from ${name}`);
        expect(forwards, `${name} by ${order}`).toHaveLength(Number(count?.n));
        const ids =
          model.key?.columns.map((number) => model.columns.findIndex((column) => column.number === number)) ?? [];
        const wanted = await server.query<{ k: string }>(
          `select ${(key ?? []).map((column) => `"${column}"::text`).join(" || '/' || ")} as k from ${name} order by ${order}`,
        );
        const keyed = forwards.map((row) => ids.map((at) => row[at]).join('/'));
        expect(keyed, `${name} by ${order}`).toEqual(wanted.map((row) => row.k));
        expect(await walk(source, model, query, 23, true)).toEqual(forwards);
      }
    }
  });

  test('a table without a key, by place in the file; a view by windows', async () => {
    const bare = await modelOf('s.bare');
    expect(bare.paging).toBe('place');
    expect(bare.readOnly?.reason).toContain('no primary key');
    await server.query('delete from s.bare where a = 7');
    const rows = await walk(source, bare, everything, 100);
    expect(rows).toEqual(await oracle('select * from s.bare order by ctid'));
    expect(await walk(source, bare, everything, 333, true)).toEqual(rows);
    const middle = await readPage(source, bare, {
      query: everything,
      from: { kind: 'about', fraction: 0.5 },
      count: 10,
    });
    expect(middle.rows).toHaveLength(10);
    const looked = await modelOf('s.looked');
    expect(looked.paging).toBe('window');
    expect(await walk(source, looked, { ...everything, orderBy: 'id' })).toHaveLength(500);
    await expect(
      readPage(source, looked, { query: everything, from: { kind: 'offset', offset: 20_000 }, count: 1 }),
    ).rejects.toMatchObject({ failure: { kind: 'unsupported' } });
  });

  test('filters by what is written, by search, and counts', async () => {
    const model = await modelOf('s.plain');
    const query = { ...everything, where: "price > 10 -- and no more\n and note like 'note 1'", search: 'NAME 1' };
    const rows = await walk(source, model, query);
    const wanted = await oracle(
      "select * from s.plain where price > 10 and note like 'note 1' and concat_ws(' ', id, name, note, price, at, tag) ~* 'name 1' order by id",
    );
    expect(rows.map((row) => row[0])).toEqual(wanted.map((row) => row[0]));
    expect(await countRows(source, model, query, false)).toEqual({ rows: rows.length, exact: true });
    expect(await countRows(source, model, query, true)).toEqual({ rows: rows.length, exact: true });
    const about = await readPage(source, model, {
      query: everything,
      from: { kind: 'about', fraction: 0.5 },
      count: 5,
    });
    expect(Number(about.rows[0]?.[0])).toBeGreaterThan(200);
  });

  test('refuses what is not one condition, and says where', async () => {
    const model = await modelOf('s.plain');
    const at = async (where: string, orderBy = '') =>
      readPage(source, model, { query: { ...everything, where, orderBy }, from: { kind: 'start' }, count: 5 }).then(
        () => 'ran',
        (thrown) => thrown.failure,
      );
    for (const hostile of [
      'true) union select 1 from (select 1',
      'true) limit 1 -- ',
      'true); drop table s.plain; select (true',
      '1=1) order by (id',
      'id = $1',
      'true) for update of (plain',
      '/* ',
      "'",
    ])
      expect(await at(hostile), hostile).toMatchObject({ kind: 'invalid', field: 'where' });
    for (const hostile of ['id limit 1', 'id; drop table s.plain', 'id for update', 'id) x', '$1'])
      expect(await at('', hostile), hostile).toMatchObject({ kind: 'invalid', field: 'orderBy' });
    expect(await at('price >> > 3')).toMatchObject({ field: 'where', at: 9 });
    expect(await at("name = 'é' and prize > 3")).toMatchObject({ field: 'where', at: 15 });
    expect(await at('', 'nothing')).toMatchObject({ field: 'orderBy', at: 0 });
    expect(await at("set_config('transaction_read_only', 'off', false) = 'x'")).toMatchObject({ kind: 'postgres' });
    expect(await at('', 'price / 2, id')).toBe('ran');
    expect(await server.query('select count(*)::int as n from s.plain')).toEqual([{ n: 500 }]);
  });

  test('on a read-only connection, reads with no function that could act', async () => {
    await server.query(`create or replace function s.act() returns boolean language sql volatile as 'select true';
      create or replace view s.acting as select id from s.plain where s.act()`);
    const own = await openWorld(() => server.spec({ readOnly: true }));
    const reading = await own.source();
    const page = async (name: string, where: string, orderBy = '', search = '') => {
      const model = { ...(await modelOf(name)), paging: (await modelOf(name)).paging };
      const query = { where, orderBy, search };
      return readPage(reading, model, { query, from: { kind: 'start' }, count: 3 }).then(
        ({ rows }) => rows.length,
        (thrown) => thrown.failure.kind,
      );
    };
    for (const name of ['s.plain', 's.bare', 's.looked', 's.parts', 's.large', 's.json_key'])
      expect(await page(name, ''), name).toBeGreaterThan(0);
    expect(await page('s.plain', "note ilike 'NOTE%' and price > 1", 'name desc', 'a')).toBe(3);
    expect(await countRows(reading, await modelOf('s.plain'), everything, false)).toMatchObject({ rows: 500 });
    expect(await page('s.plain', 's.act()')).toBe('unsupported');
    expect(await page('s.plain', 'pg_cancel_backend(id)')).toBe('unsupported');
    expect(await page('s.plain', "id = 1 and pg_notify('a', 'b') is null")).toBe('unsupported');
    expect(await page('s.plain', '', 's.act()')).toBe('unsupported');
    expect(await page('s.acting', '')).toBe('unsupported');
    await own.close();
  });

  test('takes only what proves a row for a key', async () => {
    const keys: [string, string[] | null][] = [
      ['s.plain', ['id']],
      ['s.two', ['a', 'b']],
      ['s.parts', ['region', 'id']],
      ['s.second', ['b']],
      ['s.nullable', null],
      ['s.deferred', null],
      ['s.partial', null],
      ['s.expr', null],
      ['s.bare', null],
      ['s.lots', null],
      ['s.parent', null],
      ['s.looked', null],
    ];
    for (const [name, columns] of keys) {
      const model = await modelOf(name);
      const found =
        model.key?.columns.map((number) => model.columns.find((one) => one.number === number)?.name) ?? null;
      expect(found, name).toEqual(columns);
      if (columns === null) expect(model.readOnly?.wayOut, name).toBeTruthy();
      else expect(model.readOnly, name).toBeNull();
    }
    expect((await modelOf('"S".plain')).columns).toHaveLength(1);
  });

  test('cuts what is large, says how large it is, and gives it whole on demand', async () => {
    const model = await modelOf('s.large');
    const { rows, cut, keys } = await readPage(source, model, { query: everything, from: { kind: 'start' }, count: 5 });
    expect(rows[0]?.[1]).toBe('é'.repeat(1024));
    expect(cut).toEqual([
      [0, 1, 10_000],
      [0, 2, 6_002],
    ]);
    expect(rows[1]).toEqual(['2', 'short', '\\x00', '{}']);
    expect(keys).toEqual([['1'], ['2']]);
    let text = '';
    for (let at: number | null = 0; at !== null; ) {
      const piece = await readValue(source, model, { key: ['1'], column: 2, offsetBytes: at, lengthBytes: 3333 });
      expect(piece.sizeBytes).toBe(10_000);
      text += piece.text;
      at = piece.nextOffsetBytes;
    }
    expect(text).toBe('é'.repeat(5000));
    expect((await readValue(source, model, { key: ['1'], column: 4, offsetBytes: 0, lengthBytes: 9 })).isNull).toBe(
      true,
    );
  });

  test('follows foreign keys both ways', async () => {
    const child = await modelOf('s.child');
    const toPlain = child.references.find((one) => one.other.name === 'plain');
    expect(toPlain?.labelColumns[0]).toBe('name');
    const input = { constraint: toPlain?.constraint ?? '', label: 'name' };
    expect(await labelsOf(source, child, { ...input, keys: [['3'], ['9999'], ['1']] })).toEqual([
      'name 3',
      null,
      'name 1',
    ]);
    const picked = await pickRows(source, child, { ...input, contains: 'NAME 12' });
    expect(picked[0]).toEqual({ key: ['12'], label: 'name 12' });
    const plain = await modelOf('s.plain');
    const related = await relatedCounts(source, plain, [{ column: 1, value: '5' }]);
    expect(related).toMatchObject([{ rows: 5 }]);
  });

  test('knows a key between partitioned tables once, from either end and from a partition', async () => {
    await server.query(`create table s.of_parts (id int, region text, part int, foreign key (region, part) references s.parts)
      partition by hash (id); create table s.of_parts_0 partition of s.of_parts for values with (modulus 2, remainder 0);
      create table s.of_parts_1 partition of s.of_parts for values with (modulus 2, remainder 1)`);
    const ends = async (name: string) => {
      const { references, referencedBy } = await modelOf(name);
      return [
        ...references.map(({ other }) => `→ ${other.name}`),
        ...referencedBy.map(({ other }) => `← ${other.name}`),
      ];
    };
    expect(await ends('s.of_parts')).toEqual(['→ parts']);
    expect(await ends('s.of_parts_0')).toEqual(['→ parts']);
    expect(await ends('s.parts')).toEqual(['← of_parts']);
    expect(await ends('s.parts_a')).toEqual(['← of_parts']);
    await server.query('drop table s.of_parts');
  });

  test('is told of changes by NOTIFY, and not of those of another table', async () => {
    await server.query('create schema told; create table told.heard (id int); create table told.other (id int)');
    await server.query(notifyTriggerSql('told', 'heard', "a channel's"));
    const control = new AbortController();
    const events = follow(await server.spec(), "a channel's", 'heard', control.signal);
    const next = async () => (await events.next()).value?.kind;
    expect(await next()).toBe('listening');
    await server.query('insert into told.heard values (1)');
    expect(await next()).toBe('notified');
    await server.query(`select pg_notify('a channel''s', 'told.other')`);
    await server.query('truncate told.heard');
    expect(await next()).toBe('notified');
    const after = next();
    const pid = "select pid from pg_stat_activity where application_name = 'howdah listen'";
    const [listening] = await server.query<{ pid: number }>(pid);
    control.abort();
    expect(await after).toBeUndefined();
    await expect.poll(async () => (await server.query(pid)).length).toBe(0);
    const lost = follow(await server.spec(), 'c', 'heard');
    await lost.next();
    await server.query(`select pg_terminate_backend(pid) from (${pid}) l`);
    await expect(lost.next()).rejects.toThrow(/listened/);
    expect(listening).toBeDefined();
  });

  test('knows frequent values, and finds a value wherever it may be', async () => {
    const model = await modelOf('s.plain');
    const { values } = await frequentValues(source, model, { query: everything, column: 3, contains: '' });
    expect(values[0]).toEqual({ value: null, share: null, rows: 166, label: null });
    expect(
      (await frequentValues(source, model, { query: everything, column: 2, contains: 'me 1' })).values,
    ).toHaveLength(4);
    const child = await modelOf('s.child');
    const named = { query: everything, column: 2, reference: { constraint: 'child_plain_id_fkey', label: 'name' } };
    const pick = async (contains: string, from = source) =>
      (await frequentValues(from, child, { ...named, contains })).values.map(({ value, rows, label }) => [
        value,
        rows,
        label,
      ]);
    expect(await pick('NAME 12')).toEqual([['12', 5, 'name 12']]);
    expect(await pick('20')).toEqual([['20', 5, 'name 7']]);
    expect(await pick('')).toHaveLength(20);
    await expect(frequentValues(source, child, { ...named, column: 1, contains: 'x' })).rejects.toThrow(
      /of the column/,
    );
    // Who may not read the words picks by the values alone.
    const own = await openWorld(() => server.spec({ user: 'picker', password: 'picker' }));
    expect(await pick('2', await own.source())).toEqual(['12', '2', '20'].map((value) => [value, 5, null]));
    await own.close();
    const found: string[] = [];
    for await (const event of findValue(source, { text: '42', how: 'equals' })) {
      if (event.kind === 'hit') found.push(`${event.schema}.${event.name}.${event.column}:${event.rows}`);
      expect(event.kind).not.toBe('skipped');
    }
    expect(found.sort()).toEqual(['S.plain.id:1', 's.child.id:1', 's.parts.id:1', 's.plain.id:1', 's.two.b:1'].sort());
  });
});
