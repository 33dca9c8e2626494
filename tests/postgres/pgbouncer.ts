/** A PgBouncer in transaction mode before a test server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../electron/features/sample/postgres-process.ts';
import { giveTo, serverUser } from '../../electron/features/sample/server-user.ts';
import type { ConnectSpec } from '../../electron/postgres/source.ts';
import type { TestServer } from './servers.ts';

export interface Bouncer {
  readonly spec: ConnectSpec;
  /** The first cell, asked through it as a program of somebody else's would. */
  query(sql: string): Promise<unknown>;
  stop(): Promise<void>;
}

export async function behindBouncer(program: string, folder: string, server: TestServer): Promise<Bouncer> {
  const port = await freePort();
  const users = join(folder, 'users.txt');
  await writeFile(users, `"${server.user}" "${server.password}"\n`);
  const config = join(folder, 'pgbouncer.ini');
  await writeFile(
    config,
    `[databases]
* = host=${server.host} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
admin_users = ${server.user}
pool_mode = transaction
default_pool_size = 2
`,
  );
  // It does not run as root, as PostgreSQL does not.
  const user = await serverUser();
  if (user) await giveTo(user, folder);
  const child = spawn(program, [config], { stdio: ['ignore', 'ignore', 'pipe'], ...user });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/process up/.test(said)) resolve();
    });
    child.once('exit', () => reject(new Error(said)));
  });
  return {
    spec: server.spec({ port }),
    async query(sql) {
      const { host, user, password, database } = server;
      const client = new pg.Client({ host, port, user, password, database });
      await client.connect();
      const { rows } = await client.query({ text: sql, rowMode: 'array' });
      await client.end();
      return rows[0]?.[0];
    },
    async stop() {
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}
