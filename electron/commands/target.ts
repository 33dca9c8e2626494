/** Which server a command is meant for: --url (a URL or a libpq keyword string), the PG* variables, the password file. */
import { readFile, stat } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { newConnection } from '../../shared/api/connections.ts';
import { invalid } from '../../shared/failure.ts';
import { type Conninfo, parseConninfo } from '../features/connections/conninfo/conninfo.ts';
import { type DraftOf, draftOf } from '../features/connections/conninfo/draft-of.ts';
import { conninfoOfEnvironment, type Environment } from '../features/connections/conninfo/environment.ts';
import { parsePassfile, passwordFor } from '../features/connections/conninfo/passfile.ts';
import type { ConnectSpec } from '../postgres/source.ts';
import { UsageError } from './command.ts';

/** What the URL leaves open is taken from the variables, as libpq does. Notes go to standard error. */
export async function targetOf(url: string | undefined, environment: Environment = process.env): Promise<ConnectSpec> {
  const conninfo = merged(url, environment);
  if (conninfo.size === 0) throw new UsageError('--url is missing, and no PG* variable says where to connect.');
  const { draft, password, notes, files } = draftOf(conninfo);
  for (const note of notes) console.error(`howdah: ${note}`);
  const user = draft.user ?? userInfo().username;
  const { host, port, database, sslMode, parameters } = { ...newConnection, database: user, ...draft };
  return {
    host,
    port,
    database,
    user,
    password: password ?? (await listedPassword(files, environment, { host, port, database, user })),
    sslMode,
    sslRootCert: files.sslrootcert === 'system' ? '' : ((await pem(files.sslrootcert)) ?? ''),
    sslCert: (await pem(files.sslcert)) ?? '',
    sslKey: await pem(files.sslkey),
    sslKeyPassphrase: conninfo.get('sslpassword') ?? null,
    ssh: null,
    readOnly: false,
    onConnectSql: '',
    parameters,
  };
}

function merged(url: string | undefined, environment: Environment): Conninfo {
  if (url === undefined) return conninfoOfEnvironment(environment);
  if (url.trim() === '') throw new UsageError('--url is empty.');
  const asked = parseConninfo(url);
  // Named here only so that the other variables count; the URL's own host, if any, wins.
  const offered = new Map(conninfoOfEnvironment({ ...environment, PGHOST: environment.PGHOST ?? newConnection.host }));
  if (asked.has('host')) offered.delete('hostaddr');
  return new Map([...offered, ...asked]);
}

/** A file that others may read is not used, as in libpq. */
async function listedPassword(
  files: DraftOf['files'],
  environment: Environment,
  key: { host: string; port: number; database: string; user: string },
): Promise<string | null> {
  const usual =
    process.platform === 'win32'
      ? join(environment.APPDATA ?? homedir(), 'postgresql', 'pgpass.conf')
      : join(homedir(), '.pgpass');
  const path = files.passfile ?? environment.PGPASSFILE ?? usual;
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      console.error(`howdah: ${path} may be read by others (chmod 600 it); it is not used.`);
      return null;
    }
    return passwordFor(parsePassfile(await readFile(path, 'utf8')), key) ?? null;
  } catch {
    return null;
  }
}

async function pem(path: string | undefined): Promise<string | null> {
  if (path === undefined) return null;
  const text = await readFile(path, 'utf8').catch(() => '');
  if (!text.includes('-----BEGIN ')) throw invalid('url', `${path} could not be read as PEM.`);
  return text;
}
