/** Kept results on real servers: what is shown again, and everything that must keep it from being shown. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createResultCache } from '../../electron/features/result-cache/result-cache.ts';
import { WritesWatch } from '../../electron/features/result-cache/writes-watch.ts';
import { createSessions } from '../../electron/features/sessions/sessions.ts';
import { procedures } from '../../electron/procedures.ts';
import { migrate } from '../../electron/store/open.ts';
import { createResultCacheStore } from '../../electron/store/result-cache.ts';
import type { KeepChoice } from '../../shared/api/result-cache.ts';
import type { RunEvent } from '../../shared/api/sessions.ts';
import { noJournal } from './no-journal.ts';
import { startServer, type TestServer } from './servers.ts';
import { all, cellsOf, openWorld, until, type World } from './session-world.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };
const choice: KeepChoice = { on: true, maxAgeMs: 60_000, withClock: false, channel: '' };
const db = new Database(':memory:');
migrate(db);
afterAll(() => db.close());

function clientOf(server: TestServer, world: World, cacheOf: { made: ReturnType<typeof createResultCache> | null }) {
  const cache = createResultCache({
    store: createResultCacheStore(db),
    results: world.sources.results,
    specOf: async () => server.spec(),
    log,
  });
  cacheOf.made = cache;
  const sessions = createSessions({
    sources: world.sources,
    journal: noJournal,
    recordRun: () => {},
    connectionName: () => 'the shop',
    guard: { judge: async () => ({ kind: 'allow' }), require: async () => {} },
    parameters: { recall: () => null, remember: () => {} },
    keptResults: cache,
    log,
  });
  const client = createRouterClient(
    {
      sessions: procedures.sessions.router(sessions.procedures),
      cache: procedures.resultCache.router(cache.procedures),
    },
    { context: { role: 'admin', clientId: 'page' } },
  );
  return { cache, client };
}

describe.each([13, 18] as const)('PostgreSQL %i', (version) => {
  let server: TestServer;
  let world: World;
  let made: ReturnType<typeof clientOf>;
  let one: string;
  let two: string;

  beforeAll(async () => {
    server = await startServer(version);
    const cacheOf: { made: ReturnType<typeof createResultCache> | null } = { made: null };
    world = await openWorld(
      () => server.spec(),
      new WritesWatch(() => {
        if (!cacheOf.made) throw new Error('not there yet');
        return cacheOf.made.kept;
      }),
    );
    made = clientOf(server, world, cacheOf);
    await server.query(`
      create table item (id int primary key, name text, at timestamptz default '2026-01-01');
      insert into item values (1, 'a'), (2, 'b');
      create table other (id int primary key); create table doubted (id int); insert into doubted values (1);
      create view named as select name from item;
      create table part (id int) partition by range (id);
      create table part_1 partition of part for values from (0) to (100);
      create table parent (id int primary key);
      create table child (id int references parent on delete cascade);
      insert into parent values (1); insert into child values (1);
      create table audited (id int);
      create function audit() returns trigger language plpgsql as 'begin insert into item values (100 + new.id, ''t''); return new; end';
      create trigger audit after insert on audited for each row execute function audit();
      create function act(n int) returns int language sql as 'update item set name = name where id = n returning id';
      create function pure(n int) returns int language sql immutable as 'select n';
      create table secret (id int); alter table secret enable row level security;
      create role clerk; grant select on all tables in schema public to clerk;
      create schema elsewhere; create table elsewhere.item (id int, name text, at timestamptz)`);
    ({ sessionId: one } = await made.client.sessions.open({ connectionId: 'shop' }));
    ({ sessionId: two } = await made.client.sessions.open({ connectionId: 'shop' }));
  });
  afterAll(async () => {
    await made?.cache.close();
    await world?.close();
    await server?.stop();
  });
  beforeEach(async () => {
    await made.client.cache.save({ connectionId: 'shop', choice });
    await made.client.cache.clear();
  });

  async function run(sessionId: string, text: string, more: { fresh?: boolean; values?: Values } = {}) {
    const events: RunEvent[] = [];
    const input = { sessionId, text, what: { kind: 'all' } as const, rowLimit: 1000, stopOnError: true, ...more };
    for await (const event of await made.client.sessions.run(input)) events.push(event);
    const failed = all(events, 'failed')[0];
    if (failed) throw new Error(JSON.stringify(failed.failure));
    return events;
  }
  type Values = Record<string, { kind: 'value'; text: string }>;
  const isKept = (events: readonly RunEvent[]) => all(events, 'kept').length === 1;
  /** Runs it twice in the other tab first, so that a kept result is there. */
  const keep = async (text: string) => {
    await run(two, text);
    expect(isKept(await run(two, text))).toBe(true);
  };

  test('the same query shows the kept rows with their time, in any tab; Refresh asks again', async () => {
    const query = 'select id, name from item order by id';
    const first = await run(one, query);
    expect(isKept(first)).toBe(false);
    await server.query("insert into item values (3, 'unseen')");
    const again = await run(two, query);
    const [kept] = all(again, 'kept');
    expect(Date.now() - (kept?.atMs ?? 0)).toBeLessThan(60_000);
    const [shown] = all(again, 'result');
    const file = world.sources.results.resultFile(shown?.resultId ?? '');
    expect(await cellsOf(file)).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
    expect(again.map(({ kind }) => kind)).toEqual([
      'statement',
      'result',
      'kept',
      'progress',
      'resultEnd',
      'complete',
      'end',
    ]);
    // Closing what a tab shows leaves what is kept.
    await world.sources.results.closeResult(file.id);
    const refreshed = await run(one, query, { fresh: true });
    expect(isKept(refreshed)).toBe(false);
    expect(all(refreshed, 'resultEnd')[0]?.rows).toBe(3);
    const last = await run(one, query);
    expect(isKept(last)).toBe(true);
    expect(all(last, 'resultEnd')[0]?.rows).toBe(3);
    await server.query('delete from item where id = 3');
  });

  test('off, and too old, nothing is kept', async () => {
    await made.client.cache.save({ connectionId: 'shop', choice: { ...choice, on: false } });
    await run(one, 'select * from item');
    expect(isKept(await run(one, 'select * from item'))).toBe(false);
    await made.client.cache.save({ connectionId: 'shop', choice: { ...choice, maxAgeMs: 1000 } });
    await run(one, 'select * from item');
    const kept = Date.now();
    await until(() => Date.now() > kept + 1_100, 'old enough');
    expect(isKept(await run(one, 'select * from item'))).toBe(false);
  });

  test('other values are another query', async () => {
    const query = 'select * from item where id = :id';
    const id = (text: string): { values: Values } => ({ values: { id: { kind: 'value', text } } });
    await run(one, query, id('1'));
    expect(isKept(await run(one, query, id('2')))).toBe(false);
    expect(isKept(await run(one, query, id('1')))).toBe(true);
  });

  test.each([
    'select random(), * from item',
    'select clock_timestamp() from item',
    'select now() from item',
    'select current_date from item',
    "select * from item where at > 'today'",
    'select pure(id) from item',
    'select * from pg_class',
    'select * from secret',
    'select * from item for share',
    'select 1; select 2',
    'explain select * from item',
    'select * from item tablesample bernoulli (50)',
    "select 'item'::regclass from item",
    'with w as (update other set id = id returning id) select * from w',
  ])('not kept: %s', async (text) => {
    await run(one, text);
    expect(isKept(await run(one, text))).toBe(false);
    expect((await made.client.cache.state()).results).toBe(0);
  });

  test.each([
    'values (1), (2)',
    'table item',
    'select name from named',
    "select to_char(at, 'YYYY'), count(*), max(id + 1) from item where name like 'a%' group by 1",
    'with w as (select * from item) select w.id, o.id from w left join other o using (id) order by 1 desc limit 5',
    'select id, row_number() over (order by id) from part where id between 1 and 5',
    "select date_trunc('day', at)::date, name || 'x', coalesce(id, 0) from item where id in (1, 2)",
  ])('kept: %s', async (text) => {
    await keep(text);
  });

  test('the clock, where it was chosen', async () => {
    await made.client.cache.save({ connectionId: 'shop', choice: { ...choice, withClock: true } });
    await keep('select now(), * from item');
  });

  test.each([
    ["update item set name = 'c' where id = 2", 'select * from item'],
    ['delete from item where id = 99', 'select name from named'],
    ['with w as (insert into item values (50) returning id) delete from item using w where item.id = 50', 'table item'],
    ['update named set name = name', 'table item'],
    ['truncate other', 'select * from other'],
    ['insert into part values (1)', 'select * from part_1'],
    ['insert into part_1 values (1)', 'select * from part'],
    ['delete from parent', 'select * from child'],
    ['insert into audited values (1)', 'table item'],
    ['select act(1)', 'table item'],
    ["do 'begin perform act(1); end'", 'table item'],
    ['alter table item add column more int', 'select id from item'],
    ['select 1; update item set name = name', 'table item'],
    ['prepare p as update item set name = name; execute p; deallocate p', 'table item'],
    ['create table made_1 as select 1; drop table made_1', 'table item'],
  ])('dropped by a run: %s', async (text, query) => {
    await keep(query);
    await run(one, text);
    expect((await made.client.cache.state()).results).toBe(0);
    expect(isKept(await run(two, query))).toBe(false);
  });

  test('what concerns other tables, and what only reads, leaves it', async () => {
    await keep('table item');
    for (const text of [
      'insert into other values (7); delete from other',
      'select count(*) from item join other using (id)',
      "set application_name = 'x'",
      'vacuum other',
    ])
      await run(one, text);
    expect(isKept(await run(two, 'table item'))).toBe(true);
  });

  test('a write in a transaction counts again when it is committed; within one nothing is kept', async () => {
    await run(one, "begin; update item set name = 'z' where id = 1");
    // The other session still sees what was before.
    await keep('select name from item where id = 1');
    await run(one, 'select name from item where id = 1');
    expect(isKept(await run(one, 'select name from item where id = 1'))).toBe(false);
    await run(one, 'commit');
    const after = await run(two, 'select name from item where id = 1');
    expect(isKept(after)).toBe(false);
    const file = world.sources.results.resultFile(all(after, 'result')[0]?.resultId ?? '');
    expect(await cellsOf(file)).toEqual([['z']]);
  });

  test('what is written while the query runs keeps its result from being kept', async () => {
    await server.query('begin; lock table other in access exclusive mode');
    const blocked = run(one, 'select * from item, other');
    const source = await world.source();
    expect(source.facts.versionNum).toBeGreaterThan(0);
    await until(async () => (await waiting()) > 0, 'the query waits');
    await run(two, 'update item set name = name');
    await server.query('commit');
    await blocked;
    expect((await made.client.cache.state()).results).toBe(0);
  });
  const waiting = async () =>
    Number(
      (await server.query("select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'"))[0]?.n,
    );

  test('saving rows outside of a tab drops it', async () => {
    await keep('table item');
    const source = await world.source();
    const statements = [{ text: 'update public.item set name = $1 where id = $2', values: ['s', '1'], affects: 1 }];
    await source.write({ statements, statementTimeoutMs: 5_000, lockTimeoutMs: 5_000 });
    expect(isKept(await run(two, 'table item'))).toBe(false);
  });

  test('search_path, role, settings and temporary objects are part of it', async () => {
    const { sessionId } = await made.client.sessions.open({ connectionId: 'shop' });
    await keep('select * from item');
    expect(isKept(await run(sessionId, 'select * from item'))).toBe(true);
    for (const [set, reset] of [
      ['set search_path = elsewhere, public', 'reset search_path'],
      ['set role clerk', 'reset role'],
      ["set timezone = 'Asia/Tokyo'", 'reset timezone'],
    ] as const) {
      await run(sessionId, set);
      expect(isKept(await run(sessionId, 'select * from item'))).toBe(false);
      await run(sessionId, reset);
      expect(isKept(await run(sessionId, 'select * from item'))).toBe(true);
    }
    await run(sessionId, 'create temporary table item (id int)');
    await keep('select * from item');
    expect(isKept(await run(sessionId, 'select * from item'))).toBe(false);
    await made.client.sessions.close({ sessionId });
  });

  test('NOTIFY drops what reads the table that it names, and all where it names none', async () => {
    await made.client.cache.save({ connectionId: 'shop', choice: { ...choice, channel: 'Changes' } });
    const left = async () => (await made.client.cache.state()).results;
    await keep('table item');
    await keep('table other');
    await server.query(`notify "Changes", 'public.item'`);
    await until(async () => (await left()) === 1, 'that of item is dropped');
    expect(isKept(await run(two, 'table other'))).toBe(true);
    await server.query(`notify "Changes", 'something else'`);
    await until(async () => (await left()) === 0, 'all are dropped');
    await keep('table item');
    await server.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'howdah listen'",
    );
    await until(async () => (await left()) === 0, 'nobody listens any more');
    await keep('table item');
  });

  test('a write that was under way when its session was closed: what it concerns is not kept any more', async () => {
    const { sessionId } = await made.client.sessions.open({ connectionId: 'shop' });
    await keep('table doubted');
    await server.query('begin; lock table doubted in share mode');
    const blocked = run(sessionId, 'update doubted set id = 2').catch(() => {});
    await until(async () => (await waiting()) > 0, 'the update waits');
    await made.client.sessions.close({ sessionId });
    await blocked;
    await server.query('commit');
    expect(await made.client.cache.state()).toMatchObject({ results: 0, doubts: 1 });
    await run(two, 'table doubted');
    expect(isKept(await run(two, 'table doubted'))).toBe(false);
    await keep('table item');
  });

  test('the least recently used are let go for room, and their files with them', async () => {
    const size = async (text: string) => {
      const before = (await made.client.cache.state()).bytes;
      await run(one, text);
      return (await made.client.cache.state()).bytes - before;
    };
    const rows = (n: number) => `select repeat('x', 1000) from generate_series(1, 100) where ${n} = ${n}`;
    const each = await size(rows(1));
    await made.client.cache.setCap({ capBytes: each * 2 + 10 });
    await size(rows(2));
    expect(isKept(await run(one, rows(1)))).toBe(true);
    await run(one, rows(3));
    expect(await made.client.cache.state()).toMatchObject({ results: 2, evicted: 1 });
    expect(isKept(await run(one, rows(2)))).toBe(false);
    await made.client.cache.setCap({ capBytes: 0 });
    expect(await made.client.cache.state()).toMatchObject({ results: 0, bytes: 0 });
    await made.client.cache.setCap({ capBytes: 100_000_000 });
    await run(one, rows(1));
    expect((await readdir(path.join(world.folder, 'results'))).length).toBeGreaterThan(0);
    await world.sources.results.close();
    expect(await readdir(path.join(world.folder, 'results'))).toEqual([]);
  });
});
