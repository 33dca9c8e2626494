/** The sample server: made, loaded and started as far as needed, shared by all programs on one data folder. */
import { mkdir } from 'node:fs/promises';
import type { SampleStatus } from '../../../shared/api/sample.ts';
import { FailureError, failureOf } from '../../../shared/failure.ts';
import type { Log } from '../../platform.ts';
import { connectPlain, type PlainTarget } from '../../postgres/plain-client.ts';
import { loadSampleDatabase, pointForeignServerAt } from './load-database.ts';
import type { PostgresProcess } from './postgres-process.ts';
import {
  type Cluster,
  clusterAt,
  clusterExists,
  findRunning,
  makeSampleCluster,
  setAside,
  startCluster,
  stopRunning,
} from './sample-cluster.ts';
import { SampleFolder } from './sample-folder.ts';
import { serverUser } from './server-user.ts';
import { stopWithUs } from './stop-with-us.ts';

export interface SampleServerDeps {
  readonly dataFolder: string;
  readonly log: Log;
  /** resources/ of the checkout or of the packaged app; the checkout's where not given. */
  readonly resourcesFolder?: string;
  /** Exactly this port, or an `invalid` failure. Where not given: the last one if free, otherwise any. */
  readonly port?: number;
  /** `few` for tests that only need the tables to be there. */
  readonly rows?: 'few' | 'all';
}
/** `step` is a sentence for the progress bar, `fraction` is of the whole, 0 to 1. */
export type OnProgress = (step: string, fraction: number) => void;
/** How to reach it, password included: for the backend only. */
export type SampleTarget = Omit<PlainTarget, 'applicationName'>;

export interface SampleServer {
  /** Joins an opening that is under way. */
  open(onProgress?: OnProgress): Promise<SampleTarget>;
  status(): Promise<Pick<SampleStatus, 'state' | 'port' | 'connectionId'>>;
  /** Where it runs and this program uses it. */
  readonly target: SampleTarget | null;
  rememberConnection(id: string): Promise<void>;
  /** Ends our use. The server itself stops when no other program uses it. */
  stop(): Promise<void>;
}

interface InUse {
  readonly target: SampleTarget;
  readonly cluster: Cluster;
  /** Null where another program had started it. */
  readonly process: PostgresProcess | null;
  readonly unguard: () => void;
}

export function createSampleServer(deps: SampleServerDeps): SampleServer {
  const folder = new SampleFolder(deps.dataFolder);
  const listeners = new Set<OnProgress>();
  let opening: Promise<SampleTarget> | null = null;
  let inUse: InUse | null = null;
  /** Our server while its database is being loaded. */
  let loading: PostgresProcess | null = null;
  let abandoned = false;

  const tell: OnProgress = (step, fraction) => {
    for (const listener of listeners) listener(step, fraction);
  };

  async function openOnce(): Promise<SampleTarget> {
    await mkdir(folder.users, { recursive: true, mode: 0o755 });
    return folder.locked(
      async () => {
        if (inUse && (await answers(inUse.target, 'sample'))) return inUse.target;
        inUse?.unguard();
        inUse = null;
        const { cluster, target, process } = await ensureRunning(folder, deps, tell);
        await folder.enter();
        const use = { target, cluster, process, unguard: stopWithUs(folder.users, cluster.dataFolder) };
        try {
          await load(use);
        } catch (thrown) {
          await leave(use);
          throw thrown;
        }
        inUse = use;
        return target;
      },
      () => tell('Waiting for another Howdah, which is preparing the sample', 0),
    );
  }

  async function load({ target, process }: InUse): Promise<void> {
    loading = process;
    abandoned = false;
    try {
      await loadSampleDatabase(target, {
        rows: deps.rows ?? 'all',
        resourcesFolder: deps.resourcesFolder,
        onStep: (step, fraction) => tell(step, 0.08 + fraction * 0.92),
      });
      if (process) await pointForeignServerAt(target);
      await folder.writeState({ port: target.port });
    } catch (thrown) {
      if (!abandoned) throw thrown;
      const message = 'The sample was stopped before it was ready.';
      throw new FailureError({ kind: 'cancelled', message }, { cause: thrown });
    } finally {
      loading = null;
    }
  }

  /** Within the lock. */
  async function leave({ cluster, process, unguard }: InUse): Promise<void> {
    unguard();
    if (!(await folder.leave())) return;
    const running = await findRunning(cluster);
    if (process && running?.pid === process.pid) await process.stop('fast');
    else if (running) await stopRunning(cluster, running.pid);
  }

  async function stop(): Promise<void> {
    if (loading) {
      // Half a database is worth nothing: no need to wait for the rest of it.
      abandoned = true;
      await loading.stop('immediate');
    }
    await opening?.catch(() => undefined);
    const stopping = inUse;
    inUse = null;
    if (stopping) await folder.locked(() => leave(stopping));
  }

  return {
    async open(onProgress) {
      if (onProgress) listeners.add(onProgress);
      opening ??= openOnce().finally(() => {
        opening = null;
      });
      try {
        return await opening;
      } finally {
        if (onProgress) listeners.delete(onProgress);
      }
    },
    async status() {
      const { base, port, connectionId } = await folder.readState();
      if (!base || !(await clusterExists(base))) return { state: 'absent' };
      const running = await findRunning(await clusterAt(base, await serverUser()));
      return running
        ? { state: 'running', port: running.port, connectionId }
        : { state: 'stopped', port, connectionId };
    },
    get target() {
      return inUse?.target ?? null;
    },
    rememberConnection: (connectionId) => folder.writeState({ connectionId }),
    stop,
  };
}

const targetAt = (port: number, password: string): SampleTarget => ({
  host: '127.0.0.1',
  port,
  user: 'postgres',
  password,
  database: 'sample',
});

/** Takes over what runs, or starts what is there, or makes it; what will not start is set aside and made anew. */
async function ensureRunning(folder: SampleFolder, deps: SampleServerDeps, tell: OnProgress) {
  const user = await serverUser();
  const base = await folder.base(user);
  const cluster = await clusterAt(base, user);
  const password = await folder.readPassword();
  const running = await findRunning(cluster);
  if (running) {
    const target = password ? targetAt(running.port, password) : null;
    if (target && (await answers(target, 'postgres'))) return { cluster, target, process: null };
    await stopRunning(cluster, running.pid);
  }
  const port = deps.port ?? (await folder.readState()).port;
  const start = async (secret: string) => {
    tell('Starting PostgreSQL', 0.06);
    const process = await startCluster(cluster, { port, demanded: deps.port !== undefined });
    return { cluster, process, target: targetAt(process.port, secret) };
  };
  if (await clusterExists(base)) {
    try {
      if (!password) throw new Error('Its password is gone.');
      const started = await start(password);
      if (await answers(started.target, 'postgres')) return started;
      await started.process.stop('fast');
      throw new Error('Its password does not open it.');
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure.kind === 'invalid' || failure.kind === 'unsupported') throw thrown;
      deps.log.warn('The sample did not start; it is set aside and made anew.', { reason: failure.message });
      await setAside(cluster);
    }
  }
  tell('Making a database cluster', 0.01);
  const fresh = await folder.makePassword();
  await makeSampleCluster(base, cluster, fresh);
  return start(fresh);
}

async function answers(target: SampleTarget, database: string): Promise<boolean> {
  try {
    const client = await connectPlain({ ...target, database, applicationName: 'howdah' });
    await client.close();
    return true;
  } catch {
    return false;
  }
}
