/** The built-in backup and restore of pgbench's tables beside pg_dump -Fc -Z1 and pg_restore, on the same server in one run. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { everything } from '../../electron/postgres/backup/dump/choice.ts';
import { nothingSpecial } from '../../electron/postgres/backup/restore/request.ts';
import { runRestore } from '../../electron/postgres/backup/restore/run-restore.ts';
import { runBackup } from '../../electron/postgres/backup/run-backup.ts';
import { startServer } from '../postgres/servers.ts';

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number | null;
  readonly ok: boolean;
}
const scale = Number(process.env.HOWDAH_BENCH_SCALE ?? 50);
const rounds = Number(process.env.HOWDAH_BENCH_ROUNDS ?? 5);
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const there = (program: string): boolean => {
  try {
    execFileSync(program, ['--version']);
    return true;
  } catch {
    return false;
  }
};

export async function run(): Promise<Row[]> {
  if (!['pgbench', 'pg_dump', 'pg_restore'].every(there)) {
    console.log('pgbench, pg_dump and pg_restore are not installed here: nothing to compare with.');
    return [];
  }
  const server = await startServer(15, { settings: { max_wal_size: '4GB', maintenance_work_mem: '256MB' } });
  const folder = await mkdtemp(join(tmpdir(), 'howdah-bench-'));
  const env = {
    ...process.env,
    PGHOST: server.host,
    PGPORT: String(server.port),
    PGUSER: server.user,
    PGPASSWORD: server.password,
  };
  const tool = (name: string, ...args: string[]) => promisify(execFile)(name, args, { env });
  const times: Record<'dump' | 'backup' | 'verify' | 'pgRestore' | 'restore', number[]> = {
    dump: [],
    backup: [],
    verify: [],
    pgRestore: [],
    restore: [],
  };
  const timed = async (list: number[], work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    list.push(performance.now() - began);
  };
  try {
    await server.query('create database bench');
    await tool('pgbench', '-i', '-q', '-s', String(scale), 'bench');
    const path = join(folder, 'built-in.hbk');
    const dump = join(folder, 'dump.fc');
    for (let round = 0; round < rounds; round++) {
      await timed(times.dump, () => tool('pg_dump', '-Fc', '-Z1', '-f', dump, 'bench'));
      await timed(times.backup, async () => {
        const { verifiedMs } = await runBackup({
          spec: server.spec({ database: 'bench' }),
          path,
          choice: everything,
          jobs: 2,
          level: 1,
          lockTimeoutMs: 10_000,
          program: 'bench',
        });
        times.verify.push(verifiedMs);
      });
      await server.query('create database theirs');
      await timed(times.pgRestore, () => tool('pg_restore', '-d', 'theirs', dump));
      await server.query('drop database theirs');
      await timed(times.restore, () =>
        runRestore({
          spec: server.spec(),
          path,
          choice: { ...nothingSpecial, target: { kind: 'new', database: 'ours' } },
        }),
      );
      await server.query('drop database ours');
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const row = (name: string, value: number, unit: string, bar: number | null): Row => ({
    name,
    value: Math.round(value * 100) / 100,
    unit,
    bar,
    ok: bar === null || value <= bar,
  });
  return [
    row(`pg_dump -Fc -Z1, scale ${scale}`, median(times.dump), 'ms', null),
    row('built-in backup, reading back included', median(times.backup), 'ms', null),
    row('of which reading back', median(times.verify), 'ms', null),
    row('backup / pg_dump', median(times.backup) / median(times.dump), 'x', 1.3),
    row('pg_restore', median(times.pgRestore), 'ms', null),
    row('built-in restore, checking first included', median(times.restore), 'ms', null),
    row('restore / pg_restore', median(times.restore) / median(times.pgRestore), 'x', 1.3),
  ];
}
