/**
 * Keeps the sample busy: services that read and write with pauses (some 80 statements a second, little CPU), and the
 * troubles that later pages are there to show: a queue at a row and at a table, a slow query, spills to disk, a
 * transaction left idle, a deadlock, errors. Never touches logistics.tracking_event: it keeps exactly a million rows.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { failureOf } from '../../../../shared/failure.ts';
import type { Log } from '../../../platform.ts';
import { connectPlain, type PlainClient, type PlainTarget } from '../../../postgres/plain-client.ts';
import { actors } from './actors.ts';
import type { Actor, Stage } from './stage.ts';

export interface Workload {
  readonly running: boolean;
  /** Resolves when all services are connected; throws where one cannot. */
  start(target: Omit<PlainTarget, 'applicationName'>): Promise<void>;
  /** Resolves when none of its connections is left at the server. */
  stop(): Promise<void>;
}

interface Run {
  readonly ending: AbortController;
  readonly clients: Set<PlainClient>;
  readonly loops: readonly Promise<void>[];
  readonly target: Omit<PlainTarget, 'applicationName'>;
}

export function createWorkload(log: Log): Workload {
  let run: Run | null = null;
  let changing: Promise<void> = Promise.resolve();
  /** One after the other: a stop during a start waits for it. */
  const inTurn = (action: () => Promise<void>): Promise<void> => {
    const done = changing.then(action);
    changing = done.catch(() => undefined);
    return done;
  };
  return {
    get running() {
      return run !== null;
    },
    start: (target) =>
      inTurn(async () => {
        if (!run) run = await begin(target, log);
      }),
    stop: () =>
      inTurn(async () => {
        const ending = run;
        run = null;
        if (ending) await end(ending);
      }),
  };
}

async function begin(target: Run['target'], log: Log): Promise<Run> {
  const ending = new AbortController();
  const clients = new Set<PlainClient>();
  const connect = async ({ name, user }: Actor) => {
    const client = await connectPlain({ ...target, user, applicationName: name });
    clients.add(client);
    return client;
  };
  const opened = await Promise.allSettled(actors.map(connect));
  for (const outcome of opened) {
    if (outcome.status === 'fulfilled') continue;
    await Promise.all([...clients].map((client) => client.close()));
    throw outcome.reason;
  }
  const first = opened.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : null));
  const loops = actors.map((actor, i) => loop(actor, first[i] as PlainClient));
  return { ending, clients, loops, target };

  async function loop(actor: Actor, opening: PlainClient): Promise<void> {
    let client = opening;
    let told = false;
    while (!ending.signal.aborted) {
      try {
        if (client.lost) {
          clients.delete(client);
          client = await connect(actor);
        }
        await actor.play(stageFor(client, ending.signal));
        told = false;
      } catch (thrown) {
        if (ending.signal.aborted) return;
        if (!told)
          log.warn('A service of the sample workload failed.', { name: actor.name, reason: failureOf(thrown).message });
        told = true;
        if (!client.lost) await client.query('rollback').catch(() => undefined);
        await delay(1_000, undefined, { signal: ending.signal }).catch(() => undefined);
      }
    }
  }
}

function stageFor(client: PlainClient, signal: AbortSignal): Stage {
  return {
    client,
    pause: (ms) => delay(ms * (0.5 + Math.random()), undefined, { signal }),
    async attempt(sql, values) {
      try {
        await client.query(sql, values);
      } catch (thrown) {
        if (signal.aborted || client.lost) throw thrown;
        if (failureOf(thrown).kind !== 'postgres') throw thrown;
      }
    },
  };
}

/** The server ends its side, which also wakes those that wait for a lock or sleep; then nothing is left of us there. */
async function end({ ending, clients, loops, target }: Run): Promise<void> {
  ending.abort();
  const pids = [...clients].filter((client) => !client.lost).map((client) => client.pid);
  await terminate(target, pids).catch(() => undefined);
  await Promise.all([...clients].map((client) => client.close()));
  await Promise.allSettled(loops);
  // One of them may have been connecting anew just then.
  await Promise.all([...clients].map((client) => client.close()));
}

/** Asks for the end of all, then waits up to five seconds until all are gone. Throws where the server itself is gone. */
async function terminate(target: Run['target'], pids: readonly number[]): Promise<void> {
  const control = await connectPlain({ ...target, applicationName: 'howdah-sample' });
  const ours = 'pid = any($1::int[]) and application_name = any($2::text[])';
  const values = [pids, actors.map(({ name }) => name)];
  try {
    await control.query(
      `select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where ${ours}`,
      values,
    );
    for (const patience = Date.now() + 5_000; Date.now() < patience; await delay(15)) {
      const left = await control.query(`select pid from pg_catalog.pg_stat_activity where ${ours}`, values);
      if (left.length === 0) return;
    }
  } finally {
    await control.close();
  }
}
