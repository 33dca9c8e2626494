/** PostgreSQL's own client programs on this machine: all that are installed, and which of them fits a server. */
import { execFile } from 'node:child_process';
import { readdir, realpath, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { FailureError } from '../../../../shared/failure.ts';

export interface PgTools {
  readonly folder: string;
  readonly pgDump: string;
  readonly pgDumpAll: string;
  readonly pgRestore: string;
  /** 15.8 → "15.8", 15, 8 */
  readonly version: string;
  readonly major: number;
  readonly minor: number;
}
export interface BrokenTools {
  readonly folder: string;
  /** Its own word: a missing library, say. */
  readonly why: string;
}
export interface FoundTools {
  readonly usable: readonly PgTools[];
  readonly broken: readonly BrokenTools[];
}

const ending = process.platform === 'win32' ? '.exe' : '';
const withinMs = 10_000;

/** Folders in which each version has a folder of its own. */
const homes: readonly (readonly [home: string, below: string])[] =
  process.platform === 'win32'
    ? [['C:\\Program Files\\PostgreSQL', 'bin']]
    : process.platform === 'darwin'
      ? [
          ['/Applications/Postgres.app/Contents/Versions', 'bin'],
          ['/Library/PostgreSQL', 'bin'],
          ['/opt/homebrew/opt', 'bin'],
          ['/usr/local/opt', 'bin'],
        ]
      : [
          ['/usr/lib/postgresql', 'bin'],
          ['/usr/pgsql', 'bin'],
          ['/opt/postgresql', 'bin'],
        ];

/** @param environment whose PATH is looked through first */
export async function findTools(environment: NodeJS.ProcessEnv = process.env): Promise<FoundTools> {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const [home, below] of homes)
    for (const name of await readdir(home).catch(() => [])) folders.push(join(home, name, below));
  for (const name of await readdir('/usr').catch(() => []))
    if (/^pgsql-\d+$/.test(name)) folders.push(join('/usr', name, 'bin'));
  const seen = new Set<string>();
  const usable: PgTools[] = [];
  const broken: BrokenTools[] = [];
  for (const folder of folders) {
    const pgDump = join(folder, `pg_dump${ending}`);
    const real = await realpath(pgDump).catch(() => null);
    if (real === null || seen.has(real) || !(await stat(real)).isFile()) continue;
    seen.add(real);
    const asked = await versionOf(pgDump);
    if (typeof asked === 'string') broken.push({ folder, why: asked });
    else {
      const [pgDumpAll, pgRestore] = [join(folder, `pg_dumpall${ending}`), join(folder, `pg_restore${ending}`)];
      usable.push({ folder, pgDump, pgDumpAll, pgRestore, ...asked });
    }
  }
  usable.sort((a, b) => a.major - b.major || b.minor - a.minor);
  return { usable, broken };
}

/** Its version, or why it cannot be used. */
function versionOf(program: string): Promise<Pick<PgTools, 'version' | 'major' | 'minor'> | string> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], { timeout: withinMs, windowsHide: true }, (error, output, complaint) => {
      const found = /\(PostgreSQL\) ((\d+)(?:\.(\d+))?\S*)/.exec(output);
      if (error || !found) resolve((complaint || error?.message || 'It does not say its version.').trim());
      else resolve({ version: found[1] ?? '', major: Number(found[2]), minor: Number(found[3] ?? 0) });
    });
  });
}

/**
 * The one nearest to the server's version that is not older than it: pg_dump refuses newer servers.
 * @throws unsupported with all versions named
 */
export function fittingTools({ usable, broken }: FoundTools, serverVersionNum: number): PgTools {
  const major = Math.floor(serverVersionNum / 10_000);
  const fitting = usable.find((tools) => tools.major >= major);
  if (fitting) return fitting;
  const found = usable.map(({ version, folder }) => `${version} in ${folder}`).join(', ');
  const unusable = broken.map(({ folder, why }) => `${folder} (${why})`).join(', ');
  throw new FailureError({
    kind: 'unsupported',
    needs: `pg_dump ${major} or newer`,
    message: [
      usable.length > 0
        ? `pg_dump does not read servers that are newer than it: the server is PostgreSQL ${major}, and there is ${found}.`
        : 'No pg_dump was found on this machine.',
      unusable === '' ? '' : `Not usable: ${unusable}.`,
      `Install the client programs of PostgreSQL ${major}, or use the built-in backup, which needs none.`,
    ]
      .filter((part) => part !== '')
      .join(' '),
  });
}

/** It reads archives of all versions before it. @throws unsupported where there is none */
export function newestTools({ usable }: FoundTools): PgTools {
  const tools = [...usable].sort((a, b) => b.major - a.major || b.minor - a.minor)[0];
  if (tools) return tools;
  throw new FailureError({
    kind: 'unsupported',
    needs: 'pg_restore',
    message:
      'This is an archive of pg_dump, and no pg_restore was found on this machine. Install PostgreSQL’s client programs.',
  });
}
