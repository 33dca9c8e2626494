/** A workload whose calls, waits and lock times are known, against what a recording of it says. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contendedLocks } from '../../electron/recorder/collect/activity/locks.sql.ts';
import { SessionSampler } from '../../electron/recorder/collect/activity/sample-sessions.ts';
import { statementCollector } from '../../electron/recorder/collect/statements/statements.ts';
import { RecordingFile } from '../../electron/recorder/file/recording-file.ts';
import { openWriter } from '../../electron/recorder/file/writer.ts';
import { answer } from '../../electron/recorder/read/questions.ts';
import type { Tick } from '../../electron/recorder/samples.ts';
import { blockersByPid, lockLeaderOf, rootsOf, waitsOf } from '../../shared/locks/blockers.ts';
import { forestRoots, lockEdges } from '../../shared/locks/forest.ts';
import { statement } from '../../shared/metrics/families/statement.ts';
import { added, eventually, pollByHand, recordInMemory } from './recorder-world.ts';
import { startServer, type TestServer } from './servers.ts';

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
const within5 = (found: number, real: number) => Math.abs(found - real) <= real * 0.05;

describe.each([13, 17, 18] as const)('PostgreSQL %i', (major) => {
  let server: TestServer;
  const clients: pg.Client[] = [];

  async function connect(application: string): Promise<pg.Client> {
    const { host, port, user, password, database } = server;
    const client = new pg.Client({ host, port, user, password, database, application_name: application });
    client.on('error', () => {});
    await client.connect();
    clients.push(client);
    return client;
  }

  /** Runs one after the other until one waits for a lock. */
  async function stepByStep(client: pg.Client, steps: readonly string[]): Promise<Promise<unknown>[]> {
    const pid = (client as unknown as { processID: number }).processID;
    for (const step of steps) {
      let isOver = false;
      const running = client
        .query(step)
        .catch(() => {})
        .finally(() => {
          isOver = true;
        });
      // The server is asked without a pause: a hundred waits are to be seen one after the other.
      while (!isOver) {
        const [row] = await server.query<{ waits: boolean }>(
          "select wait_event_type = 'Lock' as waits from pg_stat_activity where pid = $1",
          [pid],
        );
        if (row?.waits) return [running];
      }
    }
    return [];
  }

  beforeAll(async () => {
    server = await startServer(major, {
      settings: {
        shared_preload_libraries: 'pg_stat_statements',
        max_connections: '130',
        deadlock_timeout: '3600s',
        max_prepared_transactions: '5',
      },
    });
    await server.query('create extension pg_stat_statements');
    await server.query(
      'create table accounts (id int primary key, n int); insert into accounts select g, 0 from generate_series(1, 50) g',
    );
    for (let at = 0; at < 6; at++) await server.query(`create table t${at} (n int)`);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
    await server.stop();
  });

  describe('a recording of a known workload', () => {
    test('counts calls exactly, and time and blocked seconds within 5 %', async () => {
      const world = recordInMemory(server.spec(), {
        everyMs: 50,
        collectors: [{ ...statementCollector(), everyMs: 500 }],
      });
      await world.until(({ ticks }) => ticks.length > 3);
      await world.until(({ families }) => families.length > 0);

      const sleepers = await Promise.all([1, 2, 3].map(() => connect('sleeper')));
      const waiters = await Promise.all([1, 2, 3].map(() => connect('waiter')));
      const holder = await connect('holder');
      await holder.query('begin');
      await holder.query('update accounts set n = n + 1 where id = 7');
      const spent = async (work: Promise<unknown>) => {
        const fromMs = Date.now();
        await work.catch(() => {});
        return { fromMs, toMs: Date.now() };
      };
      const sleeping = Promise.all(sleepers.map((client) => spent(client.query('select pg_sleep(600)'))));
      const waiting = Promise.all(
        waiters.map((client) => spent(client.query('update accounts set n = n + 10 where id = 7'))),
      );
      for (let call = 0; call < 40; call++) await holder.query('select id from accounts where id = $1', [call]);
      // So long that its two ends are little of it, however seldom this machine comes to look.
      await world.until(({ ticks }) => {
        const are = (wanted: string, { sessions }: Tick) =>
          sessions.filter(({ application, state }) => application === wanted && state === 'active').length;
        const looks = ticks.filter((tick) => are('sleeper', tick) === 3 && are('waiter', tick) === 3);
        const weights = looks.map(({ weightMs }) => weightMs);
        return weights.length > 0 && sum(weights) > 40 * Math.max(...weights);
      });
      await holder.query('commit');
      await server.query("select pg_cancel_backend(pid) from pg_stat_activity where application_name = 'sleeper'");
      const [slept, blocked] = await Promise.all([sleeping, waiting]);
      const ticksNow = world.kept.ticks.length;
      await world.until(({ ticks }) => ticks.length > ticksNow + 1);
      const polled = world.kept.families.length;
      await world.until(({ families }) => families.length > polled + 2);
      await world.stop();

      const weigh = (application: string, wait: string | null) =>
        world.kept.ticks.reduce((sum, { sessions, weightMs }) => {
          const at = sessions.filter((s) => s.application === application && s.state === 'active');
          return sum + weightMs * at.filter((s) => wait === null || s.waitEventType === wait).length;
        }, 0);
      // What lies in a gap is said to be not known.
      const known = ({ fromMs, toMs }: { fromMs: number; toMs: number }) =>
        toMs -
        fromMs -
        sum(world.kept.gaps.map((gap) => Math.max(0, Math.min(toMs, gap.toMs) - Math.max(fromMs, gap.fromMs))));
      for (const [application, wait, real] of [
        ['sleeper', 'Timeout', sum(slept.map(known))],
        ['waiter', 'Lock', sum(blocked.map(known))],
      ] as const) {
        const found = weigh(application, wait);
        expect(within5(found, real), `${application}: ${found} of ${real}`).toBe(true);
      }
      // Each waiter was blocked by the holder, or stood behind the one that was.
      const holderPid = world.kept.ticks.flatMap((t) => t.sessions).find((s) => s.application === 'holder')?.pid;
      const blockers = new Set(
        world.kept.ticks
          .flatMap((t) => t.sessions)
          .filter((s) => s.application === 'waiter')
          .map((s) => s.blockedBy),
      );
      expect(blockers).toContain(holderPid);

      const [row] = await server.query<{ id: string; calls: string }>(
        "select queryid::text as id, calls from pg_stat_statements where query = 'select id from accounts where id = $1'",
      );
      expect(added(world.kept, statement, 'calls', (key) => key[2] === row?.id)).toBe(40);
      expect(Number(row?.calls)).toBe(40);
    });

    test.runIf(major === 17)('keeps no literal of a statement that has no id', async () => {
      const texts: string[] = [];
      const sampler = new SessionSampler(({ text }) => texts.push(text));
      const client = await connect('secretive');
      await client.query('set compute_query_id = off');
      const running = client.query("select pg_sleep(600), 'hunter2' as password").catch(() => {});
      const polls = pollByHand(server.spec());
      const sampled = await eventually(async () => {
        const { sessions } = await sampler.sample(await polls.link(), false, 1_000);
        return sessions.find(({ application }) => application === 'secretive');
      });
      expect(sampled.queryId).toBeNull();
      expect(sampled.queryHash).not.toBeNull();
      expect(texts).toEqual(['select pg_sleep(?), ? as password']);
      await server.query("select pg_cancel_backend(pid) from pg_stat_activity where application_name = 'secretive'");
      await running;
      await polls.close();
    });

    test('tells whose rows were waited for, by one and by several', async () => {
      const holder = await connect('holder');
      await holder.query('begin; update accounts set n = 1 where id in (20, 21)');
      const steps = (id: number) => [`update accounts set n = 2 where id = ${id}`];
      const running: Promise<unknown>[] = [];
      for (const id of [20, 21, 21]) running.push(...(await stepByStep(await connect('in line'), steps(id))));
      const polls = pollByHand(server.spec());
      const { sessions, locks } = await new SessionSampler(() => {}).sample(await polls.link(), false, 5_000);
      await polls.close();
      await holder.query('rollback');
      await Promise.all(running);
      const folder = mkdtempSync(join(tmpdir(), 'howdah-rows-'));
      const file = join(folder, 'rows.howdah');
      const writer = openWriter({ file, name: 'rows' });
      const atMs = Date.now();
      writer.tick({ atMs, plannedMs: 1_000, weightMs: 1_000, tookMs: 1, full: false, sessions, locks });
      const reader = new RecordingFile(file);
      const found = answer(reader, 'blame', { fromMs: atMs - 1_000, toMs: atMs });
      reader.close();
      writer.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      expect(found).toMatchObject([
        { object: 'rows of public.accounts', relation: 'public.accounts', victims: 3, blockedSeconds: 3 },
      ]);
    });

    test('finds the roots that pg_blocking_pids finds among parallel workers, which hold what others want', async () => {
      await server.query(`create table held (n int); create table wanted (n int);
        create table many with (parallel_workers = 2) as select generate_series(1, 20000) as n;
        create function at_work() returns int volatile parallel safe language plpgsql as $$ begin
          if exists (select from pg_stat_activity where pid = pg_backend_pid() and backend_type = 'parallel worker')
          then perform from held; else perform from wanted; end if;
          perform pg_sleep(600);
          return 1;
        end $$;
        analyze many`);
      const [holder, leader, last] = await Promise.all(['holder', 'leader', 'last'].map(connect));
      const pids = [holder, leader, last].map((client) => (client as unknown as { processID: number }).processID);
      const areWaiting = (count: number, pid: number | undefined, event: string) =>
        eventually(async () => {
          const [row] = await server.query<{ n: number }>(
            'select count(*)::int as n from pg_stat_activity where $1 in (pid, leader_pid) and wait_event = $2',
            [pid, event],
          );
          return row?.n === count;
        });
      await holder?.query('begin; lock table wanted in access exclusive mode');
      await leader?.query(
        'set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0',
      );
      const running = [leader?.query('select count(at_work()) from many').catch(() => {})];
      await areWaiting(2, pids[1], 'PgSleep');
      await areWaiting(1, pids[1], 'relation');
      running.push(last?.query('begin; lock table held in access exclusive mode').catch(() => {}));
      await areWaiting(1, pids[2], 'relation');
      const polls = pollByHand(server.spec());
      const compared = async () => {
        const { locks, sessions } = await new SessionSampler(() => {}).sample(await polls.link(), false, 5_000);
        const oracle = await server.query<{ pid: number; by: number[] }>(
          "select pid, pg_blocking_pids(pid) as by from pg_stat_activity where wait_event_type = 'Lock'",
        );
        const leaders = new Map(sessions.map((session) => [session.pid, lockLeaderOf(session)]));
        const leaderOf = (pid: number) => leaders.get(pid) ?? pid;
        const since = new Map(sessions.map(({ pid, stateChangeUs }) => [pid, stateChangeUs ?? 0]));
        const found = blockersByPid(
          waitsOf(locks ?? [], leaderOf, (pid) => since.get(pid) ?? 0),
          leaderOf,
        );
        const known = new Map(oracle.map(({ pid, by }) => [pid, [...new Set(by)]]));
        expect(found).toEqual(known);
        expect(forestRoots(lockEdges(locks ?? [], { leaders, waitingSinceUs: since }))).toEqual(rootsOf(known));
        return [rootsOf(found), sessions.find(({ pid }) => pid === pids[2])?.blockedBy];
      };
      expect(await compared()).toEqual([[pids[0]], pids[1]]);
      await holder?.query('commit');
      await areWaiting(3, pids[1], 'PgSleep');
      expect(await compared()).toEqual([[pids[1]], pids[1]]);
      await polls.close();
      await server.query('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [pids]);
      await Promise.all(running);
    });

    // Before 14 the server does not tell who stood in line first: what a session does began when it began to wait.
    const oneByOne = major < 14;
    test.for(oneByOne ? [1] : major === 17 ? [1, 2, 3, 4, 5, 6] : [])(
      'finds the roots that pg_blocking_pids finds, in random graphs of 100 sessions (%i)',
      async (seed) => {
        const random = randomFrom(seed);
        // Locks of nobody: pg_blocking_pids says 0.
        const orphan = await connect('orphan');
        await orphan.query(`begin; lock table t${random(6)} in share mode; prepare transaction 'table ${seed}'`);
        await orphan.query(
          `begin; update accounts set n = 1 where id = ${1 + random(8)}; prepare transaction 'row ${seed}'`,
        );
        const sessions = await Promise.all(Array.from({ length: 100 }, () => connect('graph')));
        const modes = ['access share', 'row share', 'row exclusive', 'share update exclusive', 'share', 'exclusive'];
        modes.push('share row exclusive', 'access exclusive');
        const steps = () => {
          const kind = random(10);
          if (kind < 5) return `lock table t${random(6)} in ${modes[random(8)]} mode`;
          if (kind < 8) return `update accounts set n = n where id = ${1 + random(8)}`;
          return `select pg_advisory_xact_lock${random(2) ? '_shared' : ''}(${random(5)})`;
        };
        const run = (client: pg.Client, sql: string) => client.query(sql).catch(() => {});
        const running: Promise<unknown>[] = [];
        for (const client of sessions) {
          if (!oneByOne) running.push(run(client, `begin; ${steps()}; ${steps()}; ${steps()}`));
          else running.push(...(await stepByStep(client, ['begin', steps(), steps(), steps()])));
        }
        // All have begun, and each is through or stands in a line of the lock table.
        await eventually(async () => {
          const [row] = await server.query<{ moving: string }>(
            `select count(*) as moving from pg_stat_activity a where application_name = 'graph' and state !~ '^idle in'
           and not (wait_event_type is not distinct from 'Lock' and exists (select from pg_locks l where l.pid = a.pid and not l.granted))`,
          );
          return Number(row?.moving) === 0;
        });
        const polls = pollByHand(server.spec());
        const { locks, sessions: seen } = await new SessionSampler(() => {}).sample(await polls.link(), false, 5_000);
        const oracle = await server.query<{ pid: number; by: number[] }>(
          "select pid, pg_blocking_pids(pid) as by from pg_stat_activity where wait_event_type = 'Lock'",
        );
        const since = new Map(seen.map(({ pid, stateChangeUs }) => [pid, stateChangeUs ?? 0]));
        const alone = (pid: number) => pid;
        const found = blockersByPid(waitsOf(locks ?? [], alone, (pid) => since.get(pid) ?? 0));
        const known = new Map(oracle.map(({ pid, by }) => [pid, by]));
        expect(oracle.length).toBeGreaterThan(40);
        expect([...found.keys()].sort()).toEqual([...known.keys()].sort());
        expect(rootsOf(found)).toEqual(rootsOf(known));
        expect((await (await polls.link()).ask(contendedLocks)).rows.length).toBe(locks?.length);
        await polls.close();
        await server.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'graph'");
        await Promise.all(running);
        expect(rootsOf(known)).toContain(0);
        for (const name of ['table', 'row']) await server.query(`rollback prepared '${name} ${seed}'`);
        // The next graph stands still only when none of this one's sessions can give up a lock any more.
        await eventually(async () => {
          const left = await server.query("select from pg_stat_activity where application_name = 'graph'");
          return left.length === 0;
        });
      },
    );
  });
});

/** A small generator of its own, so that a graph that fails can be had again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed * 2654435761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}
