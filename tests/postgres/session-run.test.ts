import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../electron/postgres/source.ts';
import { builtInType } from '../../electron/postgres/wire/built-in-types.ts';
import { majors, startServer, type TestServer } from './servers.ts';
import { all, only, openWorld, run, select, type World } from './session-world.ts';

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  let session: Session;
  beforeAll(async () => {
    server = await startServer(major);
    world = await openWorld(() => server.spec());
    session = await world.session();
  });
  afterAll(async () => {
    await world?.close();
    await server?.stop();
  });

  test('a query gives its events in order, and its rows in the file', async () => {
    const { columns, cells, file, events } = await select(
      world,
      session,
      "select g as n, nullif('row ' || g, 'row 2') as t, ''::text as empty from generate_series(1, 3) g",
    );
    expect(columns.map(({ name, typeName, category }) => [name, typeName, category])).toEqual([
      ['n', 'integer', 'N'],
      ['t', 'text', 'S'],
      ['empty', 'text', 'S'],
    ]);
    expect(cells).toEqual([
      ['1', 'row 1', ''],
      ['2', null, ''],
      ['3', 'row 3', ''],
    ]);
    expect(file).toMatchObject({ rowCount: 3, complete: true, sizeBytes: (await stat(file.path)).size });
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    const kinds = events.map(({ kind }) => kind).filter((kind) => kind !== 'progress');
    expect(kinds).toEqual(['state', 'statement', 'result', 'resultEnd', 'complete', 'state', 'end']);
    expect(only(events, 'complete')).toMatchObject({ command: 'SELECT 3', rows: 3 });
    expect(only(events, 'end')).toMatchObject({ ran: 1, failed: 0, skipped: 0 });
  });

  test('every 256th row is in the index, and the file is whole', async () => {
    const { file, cells } = await select(
      world,
      session,
      'select g, repeat(g::text, g % 50) from generate_series(1, 100000) g',
    );
    expect(cells).toHaveLength(100_000);
    expect(cells[99_999]?.[0]).toBe('100000');
    expect(file.index).toHaveLength(Math.ceil(100_000 / 256));
    let at = 0;
    const offsets: number[] = [];
    for (const [row, [number, text]] of cells.entries()) {
      if (row % 256 === 0) offsets.push(at);
      at += 15 + Buffer.byteLength(number as string) + Buffer.byteLength(text as string);
    }
    expect([...file.index]).toEqual(offsets);
  });

  test('statements run in order, each with its own end; an error stops the rest, or not', async () => {
    const script = ['create temp table t (a int)', 'insert into t values (1), (2)', 'select 1/0', 'table t'];
    const stopped = await run(session, script);
    expect(all(stopped, 'complete').map(({ command, rows }) => [command, rows])).toEqual([
      ['CREATE TABLE', null],
      ['INSERT 0 2', 2],
    ]);
    expect(only(stopped, 'failed').failure).toMatchObject({ kind: 'postgres', sqlstate: '22012' });
    expect(all(stopped, 'result')).toEqual([]);
    expect(only(stopped, 'end')).toMatchObject({ ran: 3, failed: 1, skipped: 1 });
    const further = await run(session, script, { stopOnError: false });
    expect(all(further, 'failed').map(({ statement }) => statement)).toEqual([0, 2]);
    expect(all(further, 'complete').at(-1)).toMatchObject({ statement: 3, rows: 4 });
    expect(only(further, 'end')).toMatchObject({ ran: 4, failed: 2, skipped: 0 });
  });

  test('an error is placed in the editor text, by code points of the server and UTF-16 units of ours', async () => {
    const events = await run(session, ['select 1', "select '😀é', nonsense from pg_class"]);
    const { at, failure } = only(events, 'failed');
    expect(failure).toMatchObject({ sqlstate: '42703', position: 14 });
    const text = "select 1;select '😀é', nonsense from pg_class";
    expect(text.slice(at?.from, at?.to)).toBe('nonsense');
  });

  test('all fields of an error arrive', async () => {
    await run(session, 'create temp table u (a int constraint positive check (a > 0))');
    const { failure } = only(await run(session, 'insert into u values (-1)'), 'failed');
    expect(failure).toMatchObject({ sqlstate: '23514', constraint: 'positive', table: 'u', severity: 'ERROR' });
    expect(failure).toHaveProperty('detail');
    const inside = only(
      await run(session, "do $$ begin raise exception 'no' using hint = 'try', errcode = 'P0042'; end $$"),
      'failed',
    );
    expect(inside.failure).toMatchObject({ sqlstate: 'P0042', message: 'no', hint: 'try' });
    expect(inside.failure).toHaveProperty('where');
  });

  test('an error that comes at the end, at the commit, is not reported as success', async () => {
    await run(session, [
      'drop table if exists d',
      'create table d (a int unique deferrable initially deferred)',
      'insert into d values (1)',
    ]);
    const events = await run(session, 'insert into d values (1)');
    expect(all(events, 'complete')).toEqual([]);
    expect(only(events, 'failed').failure).toMatchObject({ sqlstate: '23505' });
  });

  test('rows before an error stay; the result says that it is cut', async () => {
    const events = await run(session, 'select 1000 / (1000 - g) from generate_series(1, 2000) g');
    expect(only(events, 'resultEnd')).toMatchObject({ rows: 999, cut: true });
    expect(only(events, 'failed').failure).toMatchObject({ sqlstate: '22012' });
  });

  test('more than one statement in a text is refused by the server, not half run', async () => {
    const events = await run(session, 'create temp table never (a int); select 1');
    expect(only(events, 'failed').failure).toMatchObject({ sqlstate: '42601' });
    expect((await select(world, session, "select to_regclass('never')")).cells).toEqual([[null]]);
  });

  test('COPY TO STDOUT is a result of one column; COPY FROM STDIN is refused and hangs nothing', async () => {
    const { columns, cells, file } = await select(
      world,
      session,
      "copy (select g, case g when 2 then null else 'x' end, '' from generate_series(1, 600) g) to stdout",
    );
    expect(columns.map(({ name, typeName }) => [name, typeName])).toEqual([['copy', 'text']]);
    expect(cells.slice(0, 2)).toEqual([['1\tx\t'], ['2\t\\N\t']]);
    expect(cells).toHaveLength(600);
    expect(file.index).toHaveLength(3);
    expect((await select(world, session, "copy (select '') to stdout")).cells).toEqual([['']]);
    await run(session, 'create temp table target (a int)');
    const events = await run(session, ['copy target from stdin', 'select 1'], { stopOnError: false });
    expect(only(events, 'failed').failure).toMatchObject({ kind: 'unsupported' });
    expect(only(events, 'complete')).toMatchObject({ command: 'SELECT 1' });
  });

  test('parameters without values, NUL, and an empty statement', async () => {
    expect(only(await run(session, 'select $1::int, $2'), 'failed').failure).toMatchObject({ kind: 'unsupported' });
    expect(only(await run(session, "select 'a\0b'"), 'failed')).toMatchObject({
      failure: { kind: 'invalid' },
      at: { from: 9, to: 10 },
    });
    expect(only(await run(session, '-- nothing'), 'complete')).toMatchObject({ command: '', rows: null });
  });

  test('utility statements that cannot run in a block run', async () => {
    const events = await run(session, [
      'vacuum pg_class',
      'create database other',
      'drop database other',
      'checkpoint',
      'reindex table pg_class',
    ]);
    expect(all(events, 'failed')).toEqual([]);
  });

  test('a procedure that commits, EXPLAIN ANALYZE, EXECUTE, FETCH, RETURNING', async () => {
    const events = await run(session, [
      'create temp table p (a int)',
      'create procedure pg_temp.fill() language plpgsql as $$ begin for i in 1..3 loop insert into p values (i); commit; end loop; end $$',
      'call pg_temp.fill()',
      'explain (analyze, costs off) select * from p',
      'prepare q (int) as select * from p where a > $1',
      'execute q(1)',
      'insert into p values (9) returning a, a * 2 as twice',
      'begin',
      'declare c cursor for select * from p order by a',
      'fetch 2 from c',
      'rollback',
    ]);
    expect(all(events, 'failed')).toEqual([]);
    const ends = all(events, 'resultEnd').map(({ statement, rows }) => [statement, rows]);
    expect(ends.filter(([statement]) => statement !== 3)).toEqual([
      [5, 2],
      [6, 1],
      [9, 2],
    ]);
  });

  test('hostile and duplicate column names, and 1,664 columns', async () => {
    const names = [
      '__proto__',
      'constructor',
      'a',
      'a',
      '"q"',
      '<img onerror=x>',
      '\u202egnp.exe',
      'line\nbreak',
      '?column?',
    ];
    const list = names.map((name, index) => `${index} as "${name.replaceAll('"', '""')}"`).join(', ');
    const { columns, cells } = await select(world, session, `select ${list}`);
    expect(columns.map(({ name }) => name)).toEqual(names);
    expect(cells).toEqual([names.map((_, index) => String(index))]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    const many = Array.from({ length: 1664 }, (_, index) => `${index} as "${'é'.repeat(28)}${index}"`).join(', ');
    const wide = await select(world, session, `select ${many}`);
    expect(wide.columns).toHaveLength(1664);
    expect(wide.cells[0]?.[1663]).toBe('1663');
    const tooMany = only(await run(session, `select ${many}, 1`), 'failed');
    expect(tooMany.failure).toMatchObject({ sqlstate: '54011' });
  });

  test('built-in types are named as the server names them, with every modifier', async () => {
    const rows = await server.query<{ oid: number; typmod: number; name: string; category: string }>(typesSql);
    expect(rows.filter(({ oid, typmod }) => builtInType(oid, typmod)).length).toBeGreaterThan(200);
    const moved = new Set([18, 194, 3361, 3402, 5017]);
    for (const { oid, typmod, name, category } of rows) {
      const ours = builtInType(oid, typmod);
      if (!ours) continue;
      expect([oid, typmod, ours.name]).toEqual([oid, typmod, name]);
      // These five were category S before PostgreSQL 14.
      if (!moved.has(oid)) expect([oid, ours.category]).toEqual([oid, category]);
    }
  });

  test('types of the database are looked up; one made in an open transaction has only its number', async () => {
    await run(session, [
      'drop schema if exists shop cascade',
      'create schema shop',
      "create type shop.mood as enum ('well')",
      'create domain shop.price as numeric(10, 2)',
      'create type shop.pair as (a int, b text)',
    ]);
    const { columns } = await select(
      world,
      session,
      "select 'well'::shop.mood m, '{well}'::shop.mood[] ms, 1::shop.price p, (1, 'x')::shop.pair r, 1.5::numeric(4,1) n, now()::timestamp(3) t",
    );
    expect(columns.map(({ typeName, category }) => [typeName, category])).toEqual([
      ['shop.mood', 'E'],
      ['shop.mood[]', 'A'],
      ['numeric(10,2)', 'N'],
      ['shop.pair', 'C'],
      ['numeric(4,1)', 'N'],
      ['timestamp(3) without time zone', 'D'],
    ]);
    const events = await run(session, [
      'begin',
      "create type shop.fresh as enum ('x')",
      "select 'x'::shop.fresh",
      'rollback',
    ]);
    expect(only(events, 'result').columns[0]).toMatchObject({
      category: 'X',
      typeName: expect.stringMatching(/^type \d+$/),
    });
  });

  test('columns of a table say which', async () => {
    await run(session, ['create temp table base (x int, y text)', 'insert into base values (1, null)']);
    const { columns } = await select(world, session, 'select y, x, x + 1 as z from base');
    const [{ oid }] = (await select(world, session, "select 'base'::regclass::oid")).cells.map(([oid]) => ({
      oid: Number(oid),
    })) as [{ oid: number }];
    expect(columns.map(({ tableOid, attributeNumber }) => [tableOid, attributeNumber])).toEqual([
      [oid, 2],
      [oid, 1],
      [0, 0],
    ]);
  });

  test('notices come with their statement; a set client_encoding is set back', async () => {
    const events = await run(session, [
      "do $$ begin raise notice 'one' using hint = 'h'; raise warning 'two'; end $$",
      'select 1',
    ]);
    expect(
      all(events, 'notice').map(({ statement, notice }) => [statement, notice.severity, notice.message, notice.hint]),
    ).toEqual([
      [0, 'NOTICE', 'one', 'h'],
      [0, 'WARNING', 'two', undefined],
    ]);
    const encoding = await run(session, ["set client_encoding = 'LATIN1'", "select 'é' as e"]);
    expect(only(encoding, 'notice').notice.message).toContain('set back');
    const { resultId } = only(encoding, 'result');
    const file = world.sources.results.resultFile(resultId);
    expect(file.sizeBytes).toBe(7 + 4 + 2);
  });

  test('NOTIFY arrives, also from before the run', async () => {
    await run(session, 'listen news');
    await server.query("notify news, 'while idle'");
    const events = await run(session, ["notify news, 'now'", 'unlisten *']);
    const told = all(events, 'notice').map(({ notice }) => notice.message);
    expect(told).toEqual(expect.arrayContaining(['news: while idle', 'news: now']));
  });

  test('standard_conforming_strings is known for splitting', async () => {
    expect(session.standardConformingStrings).toBe(true);
    await run(session, 'set standard_conforming_strings = off');
    expect(session.standardConformingStrings).toBe(false);
    await run(session, 'reset standard_conforming_strings');
    expect(session.standardConformingStrings).toBe(true);
  });

  test('one run at a time', async () => {
    const first = run(session, 'select pg_sleep(0.2)');
    expect(() => session.run({ statements: [], rowLimit: null, stopOnError: true })).toThrow(/running/);
    await first;
    expect(all(await run(session, 'select 1'), 'failed')).toEqual([]);
  });

  test('leaving the iteration does not stop the run', async () => {
    await run(session, 'create temp table left_alone (a int)');
    for await (const event of session.run({
      statements: [{ text: 'insert into left_alone select 1 from pg_sleep(0.1)', range: { from: 0, to: 50 } }],
      rowLimit: null,
      stopOnError: true,
    })) {
      if (event.kind === 'statement') break;
    }
    await expect.poll(() => session.state.running).toBe(false);
    expect((await select(world, session, 'select count(*) from left_alone')).cells).toEqual([['1']]);
  });

  test('closing a result removes its file', async () => {
    const { file, events } = await select(world, session, 'select 1');
    const { resultId } = only(events, 'result');
    await world.sources.results.closeResult(resultId);
    expect(await readdir(path.dirname(file.path))).not.toContain(path.basename(file.path));
    expect(() => world.sources.results.resultFile(resultId)).toThrow(/not there any more/);
  });
});

const typesSql = `
select t.oid::int, m.typmod, format_type(t.oid, m.typmod) as name, t.typcategory::text as category
from pg_type t cross join lateral (
  select -1 as typmod
  union select n from unnest(case
    when t.oid in (1042, 1043, 1014, 1015) then array[5, 14, 1004]
    when t.oid in (1560, 1561, 1562, 1563) then array[1, 8, 64]
    when t.oid in (1700, 1231) then array[(10 << 16 | 2) + 4, (38 << 16) + 4, (1000 << 16 | 1000) + 4]
      || case when current_setting('server_version_num')::int >= 150000
         then array[(3 << 16 | (-5 & 2047)) + 4] else '{}' end
    when t.oid in (1083, 1114, 1184, 1266, 1115, 1185, 1270, 1183) then array[0, 3, 6]
    when t.oid in (1186, 1187) then (
      select array_agg(mask << 16 | p) from unnest(array[
        4, 2, 6, 8, 1024, 2048, 4096, 1032, 3080, 7176, 3072, 7168, 6144, 32767]) mask, unnest(array[65535]) p)
      || array[4096 << 16 | 3, 7176 << 16 | 0, 32767 << 16 | 6]
    end) n
) m
where t.oid < 10000`;
