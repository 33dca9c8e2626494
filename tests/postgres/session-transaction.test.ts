/** The state shown is the server's own: after every statement it is compared with pg_stat_activity. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../electron/postgres/source.ts';
import { majors, startServer, type TestServer } from './servers.ts';
import { all, only, openWorld, run, select, type World } from './session-world.ts';

const activityOf = { idle: 'idle', 'idle in transaction': 'open', 'idle in transaction (aborted)': 'failed' } as const;

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  let session: Session;
  beforeAll(async () => {
    server = await startServer(major, { settings: { max_prepared_transactions: '5' } });
    world = await openWorld(() => server.spec());
    session = await world.session();
    await server.query('create table t (a int)');
  });
  afterAll(async () => {
    await world?.close();
    await server?.stop();
  });

  const steps: readonly (readonly [string, 'idle' | 'open' | 'failed'])[] = [
    ['truncate t', 'idle'],
    ['begin', 'open'],
    ['insert into t values (1)', 'open'],
    ['savepoint s', 'open'],
    ['select 1/0', 'failed'],
    ['select 1', 'failed'],
    ['rollback to s', 'open'],
    ['commit and chain', 'open'],
    ['rollback and chain', 'open'],
    ['rollback', 'idle'],
    ['do $$ begin perform 1; end $$', 'idle'],
    ['do $$ begin insert into t values (2); commit; insert into t values (3); end $$', 'idle'],
    ['start transaction read only', 'open'],
    ['insert into t values (4)', 'failed'],
    ['commit', 'idle'],
    ['begin', 'open'],
    ['begin', 'open'],
    ['create function f() returns int language plpgsql as $$ begin return 1; end $$', 'open'],
    ['select f()', 'open'],
    ['do $$ begin commit; end $$', 'failed'],
    ['end', 'idle'],
    ['begin', 'open'],
    ['insert into t values (5)', 'open'],
    ["prepare transaction 'two'", 'idle'],
    ["commit prepared 'two'", 'idle'],
    ['abort', 'idle'],
  ];

  test('the state is that of ReadyForQuery', async () => {
    for (const [text, expected] of steps) {
      await run(session, text);
      const [row] = await server.query<{ state: keyof typeof activityOf }>(
        'select state from pg_stat_activity where pid = $1',
        [session.state.backendPid],
      );
      expect([text, session.state.transaction, activityOf[row?.state ?? 'idle']]).toEqual([text, expected, expected]);
      expect(session.state.transactionSinceMs === null).toBe(expected === 'idle');
    }
  });

  test('a chained transaction is a new one; a savepoint does not begin one', async () => {
    await run(session, 'begin');
    const since = session.state.transactionSinceMs as number;
    await run(session, ['select pg_sleep(0.02)', 'savepoint s', 'rollback to s', 'release s']);
    expect(session.state.transactionSinceMs).toBe(since);
    await run(session, 'commit and chain');
    expect(session.state.transactionSinceMs).toBeGreaterThan(since);
    await run(session, 'rollback');
  });

  test('the row limit cuts: the statement is cancelled outside of a transaction', async () => {
    // Read to its end it would take longer than a test may.
    const events = await run(session, 'select generate_series(1, 2000000000) g', { rowLimit: 1000 });
    expect(only(events, 'resultEnd')).toMatchObject({ rows: 1000, cut: true });
    expect(only(events, 'complete')).toMatchObject({ command: 'SELECT', rows: 1000 });
    expect(all(events, 'failed')).toEqual([]);
    const exact = await run(session, 'select generate_series(1, 1000) g', { rowLimit: 1000 });
    expect(only(exact, 'resultEnd')).toMatchObject({ rows: 1000, cut: false });
  });

  test('the row limit never fails a transaction that is open', async () => {
    const events = await run(
      session,
      [
        'begin',
        'insert into t values (77)',
        'select generate_series(1, 300000) g',
        'select count(*) from t where a = 77',
        'commit',
      ],
      { rowLimit: 1000 },
    );
    expect(all(events, 'failed')).toEqual([]);
    expect(all(events, 'resultEnd')[0]).toMatchObject({ rows: 1000, cut: true });
    expect(all(events, 'complete')[2]).toMatchObject({ command: 'SELECT 300000' });
    expect((await select(world, session, 'select count(*) from t where a = 77')).cells).toEqual([['1']]);
  });

  test('nor one that has written nothing', async () => {
    const events = await run(session, ['begin', 'select generate_series(1, 3000000)', 'select 1', 'commit'], {
      rowLimit: 1000,
    });
    expect(all(events, 'failed')).toEqual([]);
    expect(all(events, 'complete')[1]).toMatchObject({ command: 'SELECT 3000000' });
  });

  test('the row limit never undoes what a statement wrote', async () => {
    await run(session, [
      'create table w (a int)',
      "create function g(int) returns int language sql as 'insert into w values ($1) returning a'",
    ]);
    const limit = { rowLimit: 100 };
    const returning = await run(session, 'insert into w select generate_series(1, 100000) returning a', limit);
    expect(only(returning, 'resultEnd')).toMatchObject({ rows: 100, cut: true });
    expect(only(returning, 'complete')).toMatchObject({ command: 'INSERT 0 100000', rows: 100_000 });
    await run(session, 'with i as (insert into w values (-1)) select generate_series(1, 200000)', limit);
    await run(session, 'select g(g) from generate_series(200001, 220000) g', limit);
    const { cells } = await select(world, session, 'select count(*), min(a), max(a) from w');
    expect(cells).toEqual([[String(100_000 + 1 + 20_000), '-1', '220000']]);
  });

  test('a read-only connection says so and is so', async () => {
    const readOnly = await openWorld(() => server.spec({ readOnly: true }));
    try {
      const tab = await readOnly.session();
      expect(tab.source.facts.readOnly).toBe(true);
      const { failure } = only(await run(tab, 'create table nope (a int)'), 'failed');
      expect(failure).toMatchObject({ kind: 'unsupported', needs: 'a connection that may write' });
    } finally {
      await readOnly.close();
    }
  });

  test('SQL-on-connect runs; where it fails the session is there all the same', async () => {
    const well = await openWorld(() => server.spec({ onConnectSql: "set my.x = 'a;b'; set my.y = '2'" }));
    const ill = await openWorld(() => server.spec({ onConnectSql: 'select nonsense' }));
    try {
      const tab = await well.session();
      expect((await select(well, tab, "select current_setting('my.x') || current_setting('my.y')")).cells).toEqual([
        ['a;b2'],
      ]);
      expect(tab.onConnectError).toBeUndefined();
      const other = await ill.session();
      expect(other.onConnectError).toMatchObject({ sqlstate: '42703' });
      expect((await select(ill, other, 'select 1')).cells).toEqual([['1']]);
    } finally {
      await well.close();
      await ill.close();
    }
  });

  test('temporary tables and settings belong to the tab; the server knows us', async () => {
    const other = await world.session();
    await run(session, ['create temp table mine (a int)', "set work_mem = '7MB'"]);
    expect((await select(world, session, 'show work_mem')).cells).toEqual([['7MB']]);
    expect(
      (await select(world, other, "select to_regclass('mine')::text, current_setting('work_mem') = '7MB'")).cells,
    ).toEqual([[null, 'f']]);
    const names = await server.query(
      "select distinct application_name n from pg_stat_activity where backend_type = 'client backend' order by 1",
    );
    expect(names.map(({ n }) => n)).toEqual(['howdah', 'howdah: editor', 'oracle']);
    await other.close();
  });
});
