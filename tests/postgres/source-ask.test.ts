import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../electron/postgres/query.ts';
import type { Source } from '../../electron/postgres/source.ts';
import { majors, startServer, type TestServer } from './servers.ts';
import { openWorld, until, type World } from './session-world.ts';

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  let source: Source;
  beforeAll(async () => {
    server = await startServer(major);
    world = await openWorld(() => server.spec());
    source = await world.source();
  });
  afterAll(async () => {
    await world?.close();
    await server?.stop();
  });

  const one = query<{ one: number }>('test.one', 'select 1 as one');
  const ours = () =>
    server.query<{ pid: number; state: string; query: string }>(
      "select pid, state, query from pg_stat_activity where application_name = 'howdah'",
    );

  test('the facts are the server’s', async () => {
    expect(source.facts).toMatchObject({ database: 'postgres', user: 'postgres', standby: false, readOnly: false });
    expect(Math.floor(source.facts.versionNum / 10_000)).toBe(major);
    expect(source.facts.transport).toBe('not encrypted (loopback)');
  });

  test('the database that the connection opens by itself is the same source by its name', async () => {
    expect(await world.sources.source('test', 'postgres')).toBe(source);
  });

  test('values: small numbers, booleans and lists are decoded, everything else is PostgreSQL’s text', async () => {
    const [row] = await source.ask(
      query<Record<string, unknown>>(
        'test.values',
        `select 1 as int4, 2::int2 as int2, 3.5::float8 as float8, true as bool, 4000000000::oid as oid, null as "null",
          9007199254740993 as int8, 1.10 as numeric, '{"a":1.00, "a":2}'::json as json,
          timestamptz '2024-01-02 03:04:05.123456+00' as timestamptz, date 'infinity' as date, '\\x00ff'::bytea as bytea,
          array[1, 2] as int4s, array['a', 'b c', null] as texts, array[9007199254740993] as int8s,
          array['n']::name[] as names, interval '1 day 2 hours' as interval, 'x'::"char" as char`,
      ),
    );
    expect(row).toEqual({
      int4: 1,
      int2: 2,
      float8: 3.5,
      bool: true,
      oid: 4_000_000_000,
      null: null,
      int8: '9007199254740993',
      numeric: '1.10',
      json: '{"a":1.00, "a":2}',
      timestamptz: '2024-01-02 03:04:05.123456+00',
      date: 'infinity',
      bytea: '\\x00ff',
      int4s: [1, 2],
      texts: ['a', 'b c', null],
      int8s: '{9007199254740993}',
      names: ['n'],
      interval: '1 day 02:00:00',
      char: 'x',
    });
  });

  test('bound values, the marker, the text by version', async () => {
    const bound = query<{ sum: number; v: number }>(
      'test.bound',
      (since) => `select $1::int4 + $2::int4 as sum, ${since({ 13: '13', 17: '17' })} as v from pg_sleep(0)`,
    );
    expect(await source.ask(bound, [1, 2])).toEqual([{ sum: 3, v: major >= 17 ? 17 : 13 }]);
    expect((await ours()).map(({ query: text }) => text)).toEqual(
      expect.arrayContaining([expect.stringContaining('/* howdah:test.bound */')]),
    );
  });

  test('answers do not depend on what the role has set', async () => {
    await server.query("alter role postgres set datestyle = 'SQL, DMY'");
    await server.query("alter role postgres set search_path = 'nowhere'");
    const other = await openWorld(() => server.spec());
    try {
      const [row] = await (await other.source()).ask(
        query<Record<string, unknown>>(
          'test.settings',
          "select date '2026-02-01' as d, current_setting('search_path') as p",
        ),
      );
      expect(row).toEqual({ d: '2026-02-01', p: '""' });
    } finally {
      await other.close();
      await server.query('alter role postgres reset all');
    }
  });

  test('it is read-only, has a timeout, waits for no lock, and fails with the server’s words', async () => {
    await expect(source.ask(query('test.write', 'create table nope (a int)'))).rejects.toMatchObject({
      failure: { kind: 'postgres', sqlstate: '25006' },
    });
    await expect(source.ask(query('test.slow', 'select pg_sleep(30)'), [], { timeoutMs: 100 })).rejects.toMatchObject({
      failure: { kind: 'postgres', sqlstate: '57014' },
    });
    await expect(source.ask(query('test.bad', 'select nonsense'))).rejects.toMatchObject({
      failure: { kind: 'postgres', sqlstate: '42703', position: 30 },
    });
    const [row] = await source.ask(
      query<{ timeout: string; lock: string }>(
        'test.timeouts',
        "select current_setting('statement_timeout') as timeout, current_setting('lock_timeout') as lock",
      ),
    );
    expect(row).toEqual({ timeout: '30s', lock: '5s' });
    expect(await source.ask(one)).toEqual([{ one: 1 }]);
  });

  test('many at once take two connections at most, and nothing stays in a transaction', async () => {
    const asks = Array.from({ length: 20 }, () =>
      source.ask(query<{ n: number }>('test.many', 'select 1 as n from pg_sleep(0.02)')),
    );
    await until(async () => (await ours()).length === 2, 'two connections');
    expect(await Promise.all(asks)).toHaveLength(20);
    expect((await ours()).map(({ state }) => state)).toEqual(['idle', 'idle']);
  });

  test('an aborted question is cancelled on the server, and one that waits is not sent', async () => {
    const stop = new AbortController();
    const sleep = query('test.sleep', 'select pg_sleep(60)');
    const asks = [1, 2, 3].map(() => source.ask(sleep, [], { signal: stop.signal }));
    const settled = Promise.allSettled(asks);
    await until(async () => (await ours()).filter(({ state }) => state === 'active').length === 2, 'two run');
    stop.abort();
    for (const result of await settled) {
      expect(result).toMatchObject({ status: 'rejected', reason: { failure: { kind: 'cancelled' } } });
    }
    await until(async () => (await ours()).every(({ state }) => state === 'idle'), 'none runs');
    for (let round = 0; round < 20; round++) expect(await source.ask(one)).toEqual([{ one: 1 }]);
  });

  test('connections that were killed come back by themselves', async () => {
    const kill = () =>
      server.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'howdah'");
    await kill();
    expect(await source.ask(one)).toEqual([{ one: 1 }]);
    const asking = source.ask(query<{ n: number }>('test.killed', 'select 2 as n from pg_sleep(0.5)'));
    await until(async () => (await ours()).some(({ state }) => state === 'active'), 'asks');
    await kill();
    expect(await asking).toEqual([{ n: 2 }]);
  });

  test('a server that is not there fails as a connection, and is found again', async () => {
    await server.restart('immediate');
    expect(await source.ask(one)).toEqual([{ one: 1 }]);
  });
});

test('no connection at all: the reason, and no thread that stays', async () => {
  const server = await startServer(18);
  const world = await openWorld(() => server.spec({ password: 'wrong' }));
  try {
    await expect(world.source()).rejects.toMatchObject({ failure: { kind: 'connection', reason: 'passwordWrong' } });
    await expect(world.sources.source('test', 'nowhere')).rejects.toMatchObject({ failure: { kind: 'connection' } });
  } finally {
    await world.close();
    await server.stop();
  }
});
