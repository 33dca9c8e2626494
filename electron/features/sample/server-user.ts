/** PostgreSQL refuses to run as root. Where we are root, it runs as the OS user `postgres`, made if missing. */
import { execFile } from 'node:child_process';
import { chown, lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { FailureError } from '../../../shared/failure.ts';

const run = promisify(execFile);

/** Null: as whoever we are. */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

let known: Promise<ServerUser> | undefined;

/** @throws unsupported where we are root and the user can neither be found nor made */
export function serverUser(): Promise<ServerUser> {
  known ??= find();
  return known;
}

async function find(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return null;
  const found = await lookUp();
  if (found) return found;
  for (const [program, ...words] of makers) {
    await run(program as string, words).catch(() => undefined);
    const made = await lookUp();
    if (made) return made;
  }
  throw new FailureError({
    kind: 'unsupported',
    needs: 'postgres (OS user)',
    message: 'PostgreSQL does not run as root, and an OS user named postgres could not be made. Run as another user.',
  });
}

// Debian, Fedora and others; then Alpine.
const makers: readonly (readonly string[])[] = [
  ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
  ['adduser', '-S', '-D', '-H', '-s', '/sbin/nologin', 'postgres'],
];

async function lookUp(): Promise<ServerUser> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** Gives a folder and all in it to the server's user. */
export async function giveTo(user: ServerUser, folder: string): Promise<void> {
  if (!user) return;
  await chown(folder, user.uid, user.gid);
  if (!(await lstat(folder)).isDirectory()) return;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chown(path.join(entry.parentPath, entry.name), user.uid, user.gid);
  }
}
