/**
 * Where the sample server keeps things, and how several programs on one data folder agree about it:
 *
 *   <data>/sample/state.json    folder of the cluster, port, saved connection
 *   <data>/sample/password      mode 0600: the server is a local throw-away and only this user can reach the file
 *   <data>/sample/lock          whoever starts, loads or stops it; touched every two seconds
 *   <data>/sample/users/<pid>   one for each program that uses it; the last to leave stops it
 *   <base>/data, <base>/server.log   the cluster; <base> is <data>/sample, or, where we are root and the server's user
 *                               cannot reach that, a folder of its own outside
 */
import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { everyoneMayEnter } from './embedded-binaries.ts';
import { isAlive } from './postgres-process.ts';
import type { ServerUser } from './server-user.ts';

const stateSchema = z.object({ base: z.string(), port: z.number().int(), connectionId: z.string() }).partial();
export type SampleState = z.infer<typeof stateSchema>;

export class SampleFolder {
  readonly path: string;
  readonly users: string;

  constructor(dataFolder: string) {
    this.path = path.join(path.resolve(dataFolder), 'sample');
    this.users = path.join(this.path, 'users');
  }

  async readState(): Promise<SampleState> {
    const text = await readFile(path.join(this.path, 'state.json'), 'utf8').catch(() => '{}');
    try {
      return stateSchema.parse(JSON.parse(text));
    } catch {
      return {};
    }
  }

  async writeState(changes: SampleState): Promise<void> {
    const fresh = path.join(this.path, `state.${process.pid}.json`);
    await writeFile(fresh, JSON.stringify({ ...(await this.readState()), ...changes }));
    await rename(fresh, path.join(this.path, 'state.json'));
  }

  async readPassword(): Promise<string | null> {
    return readFile(path.join(this.path, 'password'), 'utf8').catch(() => null);
  }

  async makePassword(): Promise<string> {
    const password = randomBytes(18).toString('base64url');
    const file = path.join(this.path, 'password');
    await rm(file, { force: true });
    await writeFile(file, password, { mode: 0o600, flag: 'wx' });
    return password;
  }

  /** The folder of the cluster, as remembered or as it should be; made. */
  async base(user: ServerUser): Promise<string> {
    await mkdir(this.users, { recursive: true });
    const remembered = (await this.readState()).base;
    if (remembered && (await belongsToUs(remembered))) return remembered;
    const base = !user || (await everyoneMayEnter(this.path)) ? this.path : await this.#outside();
    await this.writeState({ base });
    return base;
  }

  /** A private home lets no other user through, so root's sample lies beside it; remembered in state.json. */
  async #outside(): Promise<string> {
    const shared = (await stat('/var/tmp').catch(() => null)) ? '/var/tmp' : tmpdir();
    const name = `howdah-sample-${createHash('sha256').update(this.path).digest('hex').slice(0, 12)}`;
    for (const folder of [path.join(shared, name), path.join(shared, `${name}-${randomBytes(6).toString('hex')}`)]) {
      await mkdir(folder, { mode: 0o755 }).catch(() => undefined);
      if (!(await belongsToUs(folder))) continue;
      await removeOrphans(shared);
      await writeFile(path.join(folder, ownerFile), this.path);
      return folder;
    }
    throw new Error(`No folder could be made under ${shared}.`);
  }

  /** Runs the action while no other program on this data folder runs one. `onWait` is called once if it must wait. */
  async locked<T>(action: () => Promise<T>, onWait?: () => void): Promise<T> {
    await mkdir(this.users, { recursive: true });
    const file = path.join(this.path, 'lock');
    let told = false;
    while (!(await take(file))) {
      if (!told) onWait?.();
      told = true;
      await delay(100);
    }
    const touching = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), 2_000);
    try {
      return await action();
    } finally {
      clearInterval(touching);
      await rm(file, { force: true });
    }
  }

  async enter(): Promise<void> {
    await writeFile(path.join(this.users, String(process.pid)), '');
  }

  /** Forgets our use and that of programs which are no more; true when nobody is left. */
  async leave(): Promise<boolean> {
    await rm(path.join(this.users, String(process.pid)), { force: true });
    let left = 0;
    for (const name of await readdir(this.users).catch(() => [])) {
      if (isAlive(Number(name))) left++;
      else await rm(path.join(this.users, name), { force: true });
    }
    return left === 0;
  }
}

/** In a cluster's folder outside: the sample folder it belongs to. */
const ownerFile = 'owner';

/** Clusters outside whose data folder was deleted would otherwise lie there for ever, a gigabyte each. */
async function removeOrphans(shared: string): Promise<void> {
  const names = await readdir(shared).catch(() => []);
  for (const name of names.filter((each) => each.startsWith('howdah-sample-'))) {
    const folder = path.join(shared, name);
    if (!(await belongsToUs(folder))) continue;
    const owner = await readFile(path.join(folder, ownerFile), 'utf8').catch(() => '');
    if (owner === '' || (await stat(owner).catch(() => null))) continue;
    const postmaster = await readFile(path.join(folder, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
    if (isAlive(Number.parseInt(postmaster, 10))) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A lock whose holder is no more, or which nobody has touched for 15 s, is nobody's. */
async function take(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
  const [holder, facts] = await Promise.all([readFile(file, 'utf8').catch(() => ''), stat(file).catch(() => null)]);
  const age = facts ? Date.now() - facts.mtimeMs : 0;
  const dead = holder !== '' && !isAlive(Number(holder));
  if (dead || age > 15_000) await rm(file, { force: true });
  return false;
}

async function belongsToUs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => null);
  if (!found?.isDirectory()) return false;
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o022) === 0);
}
