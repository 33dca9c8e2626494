/** Where the program keeps its own files: HOWDAH_DATA, or the place the operating system gives to programs. */
import { chmodSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The data folder's absolute path; nothing is created.
 * @param chosen what the person asked for on the command line; wins over HOWDAH_DATA
 */
export function dataFolderPath(chosen?: string, env: NodeJS.ProcessEnv = process.env): string {
  const asked = chosen || env.HOWDAH_DATA;
  if (asked) return resolve(asked);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Howdah');
  if (process.platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Howdah');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'howdah');
}

/** Makes the folder if it is missing, and readable by this user alone. */
export function makeDataFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  return path;
}
