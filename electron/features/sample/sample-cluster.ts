/** The sample's cluster on disk: how it is configured, made, started, and set aside when it will not start. */
import { mkdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FailureError } from '../../../shared/failure.ts';
import { type EmbeddedBinaries, embeddedBinaries } from './embedded-binaries.ts';
import {
  freePort,
  initCluster,
  isAlive,
  PortTakenError,
  type PostgresProcess,
  portIsFree,
  readPostmaster,
  signalPostmaster,
  startPostgres,
} from './postgres-process.ts';
import { isPostmasterOf } from './process-identity.ts';
import { giveTo, type ServerUser } from './server-user.ts';

const settings = `
# Written by Howdah for its sample server. What a monitored server should have, on a small scale.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = 'all'
compute_query_id = on
track_io_timing = on
track_wal_io_timing = on
track_functions = 'all'
track_activity_query_size = 4096
shared_buffers = '128MB'
max_connections = 100
max_prepared_transactions = 10
max_wal_size = '512MB'
wal_level = 'logical'
# The rows can be made again: a second of them may go when the power does.
synchronous_commit = off
log_lock_waits = on
log_temp_files = 0
log_min_duration_statement = '2s'
log_line_prefix = '%m [%p] %q%u@%d %a '
timezone = 'UTC'
log_timezone = 'UTC'
`;
const hba = 'host all all 127.0.0.1/32 scram-sha-256\nhost replication all 127.0.0.1/32 scram-sha-256\n';
/** What a full sample takes on disk with its write-ahead log, in bytes; measured 1.1 GB. */
const neededBytes = 1_600_000_000;

export interface Cluster {
  readonly binaries: EmbeddedBinaries;
  readonly user: ServerUser;
  readonly dataFolder: string;
  readonly logFile: string;
}

export async function clusterAt(base: string, user: ServerUser): Promise<Cluster> {
  const binaries = await embeddedBinaries();
  return { binaries, user, dataFolder: path.join(base, 'data'), logFile: path.join(base, 'server.log') };
}

export const clusterExists = (base: string): Promise<boolean> =>
  stat(path.join(base, 'data')).then(
    () => true,
    () => false,
  );

/** Made under another name and moved into place, so that `data` is always a whole cluster. */
export async function makeSampleCluster(base: string, cluster: Cluster, password: string): Promise<void> {
  await mustFit(base);
  const fresh = path.join(base, 'data.new');
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await giveTo(cluster.user, fresh);
  const args = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--data-checksums'];
  await initCluster({ ...cluster, dataFolder: fresh, password, args });
  await writeFile(path.join(fresh, 'postgresql.conf'), settings);
  await writeFile(path.join(fresh, 'pg_hba.conf'), hba);
  await giveTo(cluster.user, path.join(fresh, 'postgresql.conf'));
  await rename(fresh, cluster.dataFolder);
}

async function mustFit(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= neededBytes) return;
  throw new FailureError({
    kind: 'internal',
    message: `The sample needs ${neededBytes / 1e9} GB of free space in ${folder}; there are ${(bavail * bsize) / 1e9} GB.`,
  });
}

/** The server that already runs on this cluster, whoever started it. */
export async function findRunning(cluster: Cluster): Promise<{ pid: number; port: number } | null> {
  const found = await readPostmaster(cluster.dataFolder);
  if (!found?.ready || !isAlive(found.pid) || !(await isPostmasterOf(found.pid, cluster.dataFolder))) return null;
  return { pid: found.pid, port: found.port };
}

/**
 * Starts the cluster, on the wanted port where that is free or else (unless it is demanded) on any.
 * After a SIGKILL the server's children may hold its memory for a moment, and the pid file lies about who runs.
 */
export async function startCluster(
  cluster: Cluster,
  wanted: { port?: number; demanded?: boolean },
): Promise<PostgresProcess> {
  await removeStalePidFile(cluster);
  let port = wanted.port ?? (await freePort());
  if (!wanted.demanded && !(await portIsFree(port))) port = await freePort();
  for (let attempt = 1; ; attempt++) {
    try {
      return await startPostgres({ ...cluster, port, settings: {} });
    } catch (thrown) {
      if (thrown instanceof PortTakenError) {
        if (wanted.demanded) throw new FailureError({ kind: 'invalid', field: 'port', message: thrown.message });
        port = await freePort();
      }
      if (attempt >= 8) throw thrown;
      await delay(attempt * 100);
    }
  }
}

/** PostgreSQL refuses while the number in its pid file is anyone's; after a restart of the machine it often is. */
async function removeStalePidFile(cluster: Cluster): Promise<void> {
  const found = await readPostmaster(cluster.dataFolder);
  if (!found || (isAlive(found.pid) && (await isPostmasterOf(found.pid, cluster.dataFolder)))) return;
  await rm(path.join(cluster.dataFolder, 'postmaster.pid'), { force: true });
}

/** Ends a server found by `findRunning` and waits until it is gone. */
export async function stopRunning(cluster: Cluster, pid: number): Promise<void> {
  await signalPostmaster(pid, 'fast', cluster);
  const patience = Date.now() + 20_000;
  while (isAlive(pid) && (await readPostmaster(cluster.dataFolder))) {
    if (Date.now() > patience) await signalPostmaster(pid, 'immediate', cluster);
    await delay(20);
  }
}

/** Keeps one damaged cluster, the latest, for whoever wants to know. */
export async function setAside(cluster: Cluster): Promise<void> {
  const aside = `${cluster.dataFolder}.damaged`;
  await rm(aside, { recursive: true, force: true });
  await rename(cluster.dataFolder, aside);
}
