/**
 * Where a client program connects to: what may be seen as its arguments, so that a command that is shown says it, the rest by
 * its environment; secrets in files of this user alone, for as long as it runs.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError } from '../../../../shared/failure.ts';
import type { ConnectSpec } from '../../source.ts';

export interface ToolPlace {
  readonly env: Readonly<Record<string, string>>;
  /** Paths of the texts that were given, by their names. */
  readonly files: Readonly<Record<string, string>>;
  /** Removes the files. */
  close(): Promise<void>;
}

/** Nothing of ours but what it needs: no PGOPTIONS, no LD_PRELOAD, no PG* of the person's shell. */
const inherited = ['PATH', 'HOME', 'SystemRoot', 'TEMP', 'TMP', 'USERPROFILE'];

/** For a program that connects to nothing. */
export function bareEnvironment(): Record<string, string> {
  const env: Record<string, string> = { LC_ALL: 'C' };
  for (const name of inherited) if (process.env[name] !== undefined) env[name] = process.env[name];
  return env;
}

/**
 * As arguments that all of PostgreSQL's programs take.
 * @param database null for pg_dumpall, which finds its own
 */
export function connectionWords({ host, port, user, sslMode }: ConnectSpec, database: string | null): string[] {
  const words = [`--host=${host}`, `--port=${port}`, `--username=${user}`];
  const ssl = sslMode === 'auto' || sslMode === 'prefer' ? [] : [`sslmode=${sslMode}`];
  if (database !== null && ssl.length === 0 && /^[\w-]+$/.test(database)) return [...words, `--dbname=${database}`];
  // A conninfo string of one word, so that a name with "=" in it is a name.
  const named = database === null ? [] : [`dbname='${database.replaceAll(/['\\]/g, '\\$&')}'`];
  return named.length + ssl.length === 0 ? words : [...words, `--dbname=${[...named, ...ssl].join(' ')}`];
}

/** @throws unsupported through an SSH tunnel, which is inside this program */
export function refuseTunnel({ ssh }: ConnectSpec): void {
  if (ssh)
    throw new FailureError({
      kind: 'unsupported',
      needs: 'a direct connection',
      message:
        'This connection goes through an SSH tunnel inside Howdah, which pg_dump cannot use. The built-in backup can.',
    });
}

/** @param texts files that the program is to read. Throws unsupported through an SSH tunnel */
export async function toolPlace(
  spec: ConnectSpec,
  application = 'howdah: backup',
  texts: Readonly<Record<string, string>> = {},
): Promise<ToolPlace> {
  refuseTunnel(spec);
  const folder = await mkdtemp(join(tmpdir(), 'howdah-tool-'));
  const put = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const env = bareEnvironment();
  Object.assign(env, {
    PGHOST: spec.host,
    PGPORT: String(spec.port),
    PGUSER: spec.user,
    PGDATABASE: spec.database,
    PGAPPNAME: application,
    PGSSLMODE: spec.sslMode === 'auto' ? 'prefer' : spec.sslMode,
    PGPASSFILE: await put('pass', spec.password === null ? '' : `*:*:*:*:${escaped(spec.password)}\n`),
  });
  if (spec.sslRootCert) env.PGSSLROOTCERT = await put('root.crt', spec.sslRootCert);
  if (spec.sslCert) env.PGSSLCERT = await put('client.crt', spec.sslCert);
  if (spec.sslKey) env.PGSSLKEY = await put('client.key', spec.sslKey);
  const files: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) files[name] = await put(name, text);
  return { env, files, close: () => rm(folder, { recursive: true, force: true }) };
}

const escaped = (text: string): string => text.replaceAll(/[\\:]/g, '\\$&');
