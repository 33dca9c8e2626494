import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../electron/postgres/source.ts';
import type { RunEvent } from '../../shared/api/sessions.ts';
import { majors, startServer, type TestServer } from './servers.ts';
import { all, only, openWorld, requestOf, run, select, until, type World } from './session-world.ts';

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

  const active = async () => {
    const [row] = await server.query('select state, wait_event from pg_stat_activity where pid = $1', [
      session.state.backendPid,
    ]);
    return row as { state: string; wait_event: string | null };
  };
  const running = () => until(async () => (await active()).state === 'active', 'the statement runs');

  test('a cancel stops the statement and the rest of the script, and the session is ready again', async () => {
    for (let round = 0; round < 5; round++) {
      const events = run(session, ['select pg_sleep(60)', 'create table never (a int)'], { stopOnError: false });
      await running();
      const answer = await session.cancel();
      expect(answer.outcome).toBe('cancelled');
      expect(session.state).toMatchObject({ running: false, transaction: 'idle', lost: null });
      expect(only(await events, 'failed').failure).toEqual({
        kind: 'cancelled',
        message: expect.stringMatching(/^Cancelled after \d+\.\d s\.$/),
      });
      expect(only(await events, 'end')).toMatchObject({ ran: 1, failed: 1, skipped: 1 });
    }
    expect((await select(world, session, "select to_regclass('never')")).cells).toEqual([[null]]);
  });

  test('while rows stream, while waiting for a lock, in a transaction, in COPY', async () => {
    const events: RunEvent[] = [];
    const streaming = (async () => {
      const endless = "select generate_series(1, 1000000000), repeat('x', 500)";
      for await (const event of session.run(requestOf([endless]))) events.push(event);
    })();
    await until(() => all(events, 'progress').some(({ rows }) => rows > 0), 'rows come');
    expect((await session.cancel()).outcome).toBe('cancelled');
    await streaming;
    expect(only(events, 'resultEnd').cut).toBe(true);

    await run(session, 'create table if not exists locked (a int)');
    const blocker = await world.session();
    await run(blocker, ['begin', 'lock table locked']);
    const waiting = run(session, ['begin', 'insert into locked values (1)']);
    await until(async () => (await active()).wait_event === 'relation', 'waits for the lock');
    expect((await session.cancel()).outcome).toBe('cancelled');
    await waiting;
    expect(session.state.transaction).toBe('failed');
    await run(session, 'rollback');
    await run(blocker, 'rollback');
    await blocker.close();

    const copy = run(session, 'copy (select generate_series(1, 1000000000)) to stdout');
    await running();
    expect((await session.cancel()).outcome).toBe('cancelled');
    await copy;
    expect((await select(world, session, 'select 1')).cells).toEqual([['1']]);
  });

  test('nothing to cancel', async () => {
    expect((await session.cancel()).outcome).toBe('notRunning');
  });

  test('a statement that catches the cancel is asked again, and a second press ends the backend', async () => {
    const stubborn = await world.session();
    const events = run(
      stubborn,
      'do $$ begin loop begin perform pg_sleep(60); exception when query_canceled then end; end loop; end $$',
    );
    await until(
      async () =>
        (
          await server.query('select 1 from pg_stat_activity where pid = $1 and wait_event = $2', [
            stubborn.state.backendPid,
            'PgSleep',
          ])
        ).length === 1,
      'sleeps',
    );
    const first = stubborn.cancel();
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(stubborn.state.running).toBe(true);
    const second = await stubborn.cancel();
    expect(second.outcome).toBe('terminated');
    expect((await first).outcome).toBe('terminated');
    expect(stubborn.state.lost).toMatchObject({ kind: 'connection', reason: 'serverShutDown' });
    expect(all(await events, 'failed')).toHaveLength(1);
    const there = () => server.query('select 1 from pg_stat_activity where pid = $1', [stubborn.state.backendPid]);
    await until(async () => (await there()).length === 0, 'the backend is gone');
    await stubborn.close();
  });

  test.runIf(major === 13 || major === 18)('1,000 races hit no innocent statement', { timeout: 600_000 }, async () => {
    let cancelled = 0;
    // Short statements of differing length, cancelled around their end: as long as a cancel takes on this machine.
    let ms = 1;
    for (let round = 0; round < 1_000; round++) {
      const racing = session.run(requestOf([`select pg_sleep(${((round % 7) * ms) / 2_000})`]));
      const ended = (async () => {
        for await (const event of racing) if (event.kind === 'failed') return event.failure.kind;
        return 'well';
      })();
      if (round % 3 === 0) await new Promise((resolve) => setTimeout(resolve, round % 5));
      const [outcome, how] = await Promise.all([session.cancel(), ended]);
      if (how === 'cancelled') cancelled++;
      else expect([how, outcome.outcome]).not.toContain('postgres');
      ms *= how === 'cancelled' ? 0.98 : 1.02;
      const innocent = await run(session, ['select 1', 'select 2']);
      expect(all(innocent, 'failed')).toEqual([]);
    }
    // A race that nobody ever wins is none.
    expect(cancelled).toBeGreaterThan(50);
    expect(cancelled).toBeLessThan(1_000);
  });
});
