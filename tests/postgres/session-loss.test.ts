/** What is said when the link breaks is compared with what the server did. */

import { readdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../electron/postgres/query.ts';
import type { Session } from '../../electron/postgres/source.ts';
import type { RunEvent } from '../../shared/api/sessions.ts';
import { startServer, type TestServer } from './servers.ts';
import { all, only, openWorld, requestOf, run, select, until, type World } from './session-world.ts';

describe.each([13, 18] as const)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  beforeAll(async () => {
    server = await startServer(major);
    world = await openWorld(() => server.spec());
    await server.query('create table t (a text)');
  });
  afterAll(async () => {
    await world?.close();
    await server?.stop();
  });

  const terminate = (session: Session) => server.query('select pg_terminate_backend($1)', [session.state.backendPid]);
  const sleeping = (session: Session) =>
    until(
      async () =>
        (
          await server.query("select 1 from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'", [
            session.state.backendPid,
          ])
        ).length > 0,
      'sleeps',
    );

  test('a backend that is terminated while it runs: the run ends, the session says why', async () => {
    const session = await world.session();
    const events = run(session, ['select pg_sleep(60)', 'select 1'], { stopOnError: false });
    await sleeping(session);
    await terminate(session);
    expect(only(await events, 'failed').failure).toMatchObject({
      kind: 'connection',
      reason: 'serverShutDown',
      sqlstate: '57P01',
    });
    expect(only(await events, 'end')).toMatchObject({ ran: 1, failed: 1, skipped: 1 });
    expect(session.state).toMatchObject({ running: false, lost: { reason: 'serverShutDown' } });
    const again = await run(session, 'select 1');
    expect(only(again, 'end')).toMatchObject({ ran: 0, skipped: 1 });
    await session.close();
  });

  test('terminated while idle in a transaction, and rows that had come stay', async () => {
    const session = await world.session();
    const { file } = await select(world, session, 'select generate_series(1, 1000)');
    await run(session, ['begin', "insert into t values ('gone')"]);
    await terminate(session);
    await expect.poll(() => session.state.lost).toMatchObject({ reason: 'serverShutDown' });
    expect(session.state.transaction).toBe('idle');
    await session.close();
    expect(file.rowCount).toBe(1000);
    expect(await server.query("select 1 from t where a = 'gone'")).toEqual([]);
  });

  test('a server that dies at once in the middle of rows', async () => {
    const session = await world.session();
    const other = await world.session();
    const events: RunEvent[] = [];
    const ended = (async () => {
      const endless = "select generate_series(1, 1000000000), repeat('x', 100)";
      for await (const event of session.run(requestOf([endless]))) events.push(event);
    })();
    await until(() => all(events, 'progress').some(({ rows }) => rows > 0), 'rows come');
    // The test servers do not sync: what was made so far must be there after the crash.
    await server.query('checkpoint');
    await server.restart('immediate');
    await ended;
    expect(only(events, 'failed').failure).toMatchObject({ kind: 'connection' });
    expect(only(events, 'resultEnd').cut).toBe(true);
    await expect.poll(() => other.state.lost).toMatchObject({ kind: 'connection' });
    await Promise.all([session.close(), other.close()]);
    // The catalog's connection comes back by itself.
    const source = await world.source();
    expect(await source.ask(query<{ one: number }>('test.one', 'select 1 as one'))).toEqual([{ one: 1 }]);
  });

  test('one session that is lost leaves the others alone', async () => {
    const [lost, other] = [await world.session(), await world.session()];
    await run(other, ['begin', "insert into t values ('kept')"]);
    await terminate(lost);
    await expect.poll(() => lost.state.lost).not.toBeNull();
    expect(all(await run(other, 'commit'), 'failed')).toEqual([]);
    expect(await server.query("select 1 from t where a = 'kept'")).toHaveLength(1);
    await Promise.all([lost.close(), other.close()]);
  });

  test('a crash of the thread costs its own sessions, and the next use starts another', async () => {
    const threads: Worker[] = [];
    const note = (thread: Worker) => void threads.push(thread);
    process.on('worker', note);
    const doomed = await world.sources.source('doomed');
    process.off('worker', note);
    const session = await doomed.openSession();
    const safe = await world.session();
    await run(safe, 'begin');
    const { file } = await select(world, session, 'select generate_series(1, 500)');
    const events = run(session, "insert into t select 'x' from pg_sleep(60)");
    await sleeping(session);
    expect(threads).toHaveLength(1);
    await threads[0]?.terminate();
    expect(only(await events, 'failed').failure).toMatchObject({ kind: 'outcomeUnknown' });
    expect(only(await events, 'end')).toMatchObject({ ran: 1, failed: 1 });
    expect(session.state).toMatchObject({ running: false, lost: { kind: 'connection', reason: 'lost' } });
    expect(file.rowCount).toBe(500);
    expect(safe.state).toMatchObject({ transaction: 'open', lost: null });
    expect(all(await run(safe, 'commit'), 'failed')).toEqual([]);
    const fresh = await doomed.openSession();
    expect((await select(world, fresh, 'select 1')).cells).toEqual([['1']]);
    await Promise.all([session.close(), fresh.close(), safe.close()]);
  });

  test('files of processes that are no more are removed, others are left', async () => {
    const folder = path.join(world.folder, 'results');
    const dead = path.join(folder, '4194304-0123456789ab-abc');
    const recycled = path.join(folder, `${process.pid}-0123456789ab-abc`);
    const alive = path.join(folder, `${process.ppid}-0123456789ab-abc`);
    const foreign = path.join(folder, 'notes.txt');
    for (const file of [dead, recycled, alive, foreign]) await writeFile(file, '');
    await world.sources.results.prepare();
    const left = await readdir(folder);
    expect(left).not.toContain(path.basename(dead));
    expect(left).not.toContain(path.basename(recycled));
    expect(left).toEqual(expect.arrayContaining([path.basename(alive), 'notes.txt']));
  });

  describe('through a line that can be cut', () => {
    let line: Line;
    let remote: World;
    beforeAll(async () => {
      line = await openLine(server.port);
      remote = await openWorld(() => server.spec({ port: line.port }));
    });
    afterAll(async () => {
      await remote?.close();
      await line?.close();
    });

    const outcome = async (xid: string | undefined) =>
      (await server.query<{ status: string }>('select pg_xact_status($1::text::xid8) as status', [xid]))[0]?.status;

    test('the answer to a COMMIT is lost: the outcome is unknown, and the xid tells', async () => {
      const session = await remote.session();
      await run(session, ['begin', "insert into t values ('answer lost')"]);
      line.dropAnswersAfter((sent) => sent.includes('commit'));
      const events = await run(session, 'commit');
      const { failure } = only(events, 'failed');
      expect(failure).toMatchObject({ kind: 'outcomeUnknown', xid: expect.stringMatching(/^\d+$/) });
      expect(await outcome(failure.kind === 'outcomeUnknown' ? failure.xid : undefined)).toBe('committed');
      expect(session.state.lost).toMatchObject({ kind: 'connection' });
      await session.close();
    });

    test('the COMMIT itself never arrives: still unknown to us, and the xid tells', async () => {
      const session = await remote.session();
      await run(session, ['begin', "insert into t values ('commit lost')"]);
      line.dropRequestsFrom((sent) => sent.includes('commit'));
      const { failure } = only(await run(session, 'commit'), 'failed');
      expect(failure).toMatchObject({ kind: 'outcomeUnknown' });
      const xid = failure.kind === 'outcomeUnknown' ? failure.xid : undefined;
      await until(async () => (await outcome(xid)) === 'aborted', 'the server rolls back');
      await session.close();
    });

    test('a link that was dead before the COMMIT: it was not sent, and that is certain', async () => {
      const session = await remote.session();
      await run(session, ['begin', "insert into t values ('never')"]);
      line.dropRequestsFrom(() => true);
      const { failure } = only(await run(session, 'commit'), 'failed');
      expect(failure).toMatchObject({ kind: 'connection', message: expect.stringContaining('not sent') });
      expect(await server.query("select 1 from t where a = 'never'")).toEqual([]);
      await session.close();
    });

    test('a statement that commits by itself is unknown too; reading and rolling back are not', async () => {
      const expected = [
        ["insert into t values ('by itself')", 'outcomeUnknown'],
        ['select * from t', 'connection'],
        ['show work_mem', 'connection'],
      ] as const;
      for (const [text, kind] of expected) {
        const session = await remote.session();
        line.dropAnswersAfter((sent) => sent.includes(text));
        expect([text, only(await run(session, text), 'failed').failure.kind]).toEqual([text, kind]);
        await session.close();
      }
      const session = await remote.session();
      await run(session, ['begin', "insert into t values ('rolled back')"]);
      line.dropAnswersAfter((sent) => sent.includes('delete'));
      const inBlock = only(await run(session, 'delete from t'), 'failed').failure;
      expect(inBlock).toMatchObject({ kind: 'connection', message: expect.stringContaining('rolled back') });
      await session.close();
    });
  });
});

interface Line {
  readonly port: number;
  /** From the first request that matches on, no answer comes back, and the line breaks. */
  dropAnswersAfter(matches: (sent: string) => boolean): void;
  /** From the first request that matches on, nothing gets through, and the line breaks. */
  dropRequestsFrom(matches: (sent: string) => boolean): void;
  close(): Promise<void>;
}

/** A TCP proxy of a few lines. */
async function openLine(target: number): Promise<Line> {
  let matches: ((sent: string) => boolean) | null = null;
  let what: 'answers' | 'requests' = 'answers';
  const sockets = new Set<Socket>();
  const proxy: Server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    let silent = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    far.on('data', (chunk) => {
      if (!silent) near.write(chunk);
      else near.destroy();
    });
    near.on('data', (chunk) => {
      if (!matches?.(chunk.toString('latin1'))) return void far.write(chunk);
      matches = null;
      if (what === 'requests') return void near.destroy();
      silent = true;
      far.write(chunk);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (typeof address === 'string' || !address) throw new Error('no port');
  return {
    port: address.port,
    dropAnswersAfter: (when) => {
      matches = when;
      what = 'answers';
    },
    dropRequestsFrom: (when) => {
      matches = when;
      what = 'requests';
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
