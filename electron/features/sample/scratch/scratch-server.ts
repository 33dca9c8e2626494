/** A PostgreSQL of its own for one piece of work: made in a temporary folder, used, stopped and removed with all it held. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectSpec } from '../../../postgres/source.ts';
import { embeddedBinaries } from '../embedded-binaries.ts';
import { freePort, initCluster, PortTakenError, type PostgresProcess, startPostgres } from '../postgres-process.ts';
import { giveTo, serverUser } from '../server-user.ts';

export interface ScratchServer {
  readonly spec: ConnectSpec;
  stop(): Promise<void>;
}

/** It ends with this process; durability is not what it is for. Throws why it cannot be had. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_wal_size: '4GB',
  maintenance_work_mem: '128MB',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  wal_level: 'logical',
};

export async function startScratchServer(): Promise<ScratchServer> {
  const binaries = await embeddedBinaries();
  const user = await serverUser();
  const folder = await mkdtemp(join(tmpdir(), 'howdah-scratch-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    await chmod(folder, 0o755);
    const dataFolder = join(folder, 'data');
    await mkdir(dataFolder, { mode: 0o700 });
    await giveTo(user, folder);
    const password = randomBytes(18).toString('base64url');
    await initCluster({ binaries, user, dataFolder, password, args: ['--locale=C'] });
    const logFile = join(folder, 'log');
    const server = await onFreePort((port) => startPostgres({ binaries, user, dataFolder, logFile, port, settings }));
    const onExit = () => {
      server.kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    };
    process.once('exit', onExit);
    return {
      spec: { ...plain, port: server.port, password },
      async stop() {
        process.off('exit', onExit);
        await server.stop('immediate');
        await remove();
      },
    };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

async function onFreePort(start: (port: number) => Promise<PostgresProcess>): Promise<PostgresProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort());
    } catch (thrown) {
      if (!(thrown instanceof PortTakenError) || attempt === 10) throw thrown;
    }
  }
}

const plain: ConnectSpec = {
  host: '127.0.0.1',
  port: 5432,
  database: 'postgres',
  user: 'postgres',
  password: null,
  sslMode: 'disable',
  sslRootCert: '',
  sslCert: '',
  sslKey: null,
  sslKeyPassphrase: null,
  ssh: null,
  readOnly: false,
  onConnectSql: '',
  parameters: {},
};
