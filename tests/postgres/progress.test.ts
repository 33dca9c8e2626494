/** What a running statement is at, as the server tells it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { progressOf } from '../../electron/features/sessions/progress.ts';
import type { SessionProgress } from '../../shared/api/sessions.ts';
import { type Major, startServer, type TestServer } from './servers.ts';
import { openWorld, run, until, type World } from './session-world.ts';

describe.each([13, 18] as Major[])('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  beforeAll(async () => {
    server = await startServer(major);
    world = await openWorld(() => server.spec());
    await server.query('create table t as select i from generate_series(1, 1000) i');
  });
  afterAll(async () => {
    await world?.close();
    await server?.stop();
  });

  test('the phase and what is waited for, with its holder; nothing before and after', async () => {
    const [holder, session] = await Promise.all([world.session(), world.session()]);
    await run(holder, ['begin', 'insert into t values (0)']);
    expect(await progressOf(session)).toBeNull();
    const running = run(session, 'create index concurrently t_i on t (i)');
    let seen: SessionProgress | null = null;
    await until(async () => {
      seen = await progressOf(session);
      return (seen?.reported ?? null) !== null && (seen?.blockedBy.length ?? 0) > 0;
    }, 'the index waits for the writer');
    expect(seen).toMatchObject({
      reported: {
        command: 'CREATE INDEX CONCURRENTLY',
        object: 'public.t',
        phase: expect.stringContaining('waiting for writers'),
      },
      waitEventType: 'Lock',
      blockedBy: [holder.state.backendPid],
    });
    await run(holder, 'commit');
    await running;
    expect(await progressOf(session)).toBeNull();
    await Promise.all([holder.close(), session.close()]);
  });

  test('a statement that the server counts nothing of has its wait', async () => {
    const session = await world.session();
    const running = run(session, 'select pg_sleep(60)');
    let seen: SessionProgress | null = null;
    await until(async () => {
      seen = await progressOf(session);
      return seen?.waitEvent === 'PgSleep';
    }, 'it sleeps');
    expect(seen).toMatchObject({ reported: null, waitEventType: 'Timeout', blockedBy: [] });
    await session.cancel();
    await running;
    await session.close();
  });
});
