/** libpq's keywords as the fields of a connection, with a note for everything that could not be taken over. */
import { type ConnectionDraft, sslModes } from '../../../../shared/api/connections.ts';
import { clientParameters, ignoredParameters } from '../../../postgres/connect/parameters.ts';
import type { Conninfo } from './conninfo.ts';

export interface DraftOf {
  readonly draft: Partial<ConnectionDraft>;
  readonly password: string | undefined;
  readonly notes: readonly string[];
  /** Paths that were named; pasted text never makes this program read them. */
  readonly files: Readonly<Partial<Record<FileKeyword, string>>>;
}

const fileKeywords = ['sslrootcert', 'sslcert', 'sslkey', 'passfile'] as const;
export type FileKeyword = (typeof fileKeywords)[number];

/** Words of other drivers and pools, which a server would refuse as unknown settings. */
const foreignWords = new Set([
  ...['schema', 'pgbouncer', 'connection_limit', 'pool_timeout', 'sslaccept', 'sslidentity', 'socket_timeout'],
  ...[
    'currentSchema',
    'ssl',
    'sslfactory',
    'loginTimeout',
    'prepareThreshold',
    'reWriteBatchedInserts',
    'uselibpqcompat',
  ],
  ...['pool_size', 'max_overflow', 'pool_max_conns', 'pool_min_conns', 'statement_cache_size'],
]);
/** Settings that are often given and need no remark. */
const usualSettings = new Set([
  'application_name',
  'fallback_application_name',
  'options',
  'search_path',
  'TimeZone',
  'DateStyle',
]);

export function draftOf(conninfo: Conninfo): DraftOf {
  const notes: string[] = [];
  const files: Partial<Record<FileKeyword, string>> = {};
  const parameters: Record<string, string> = {};
  for (const [name, value] of conninfo) {
    if (handled.has(name)) continue;
    if (isFileKeyword(name)) files[name] = value;
    else if ((clientParameters as readonly string[]).includes(name) || usualSettings.has(name))
      parameters[name] = value;
    else if (name === 'sslpassword')
      notes.push('The passphrase of the client key (sslpassword) has to be entered by hand.');
    else if (ignoredParameters.includes(name) || foreignWords.has(name)) {
      if (name !== 'ssl') notes.push(`${name} has no meaning here and was left out.`);
    } else if (/^[A-Za-z_][A-Za-z0-9_.]{0,62}$/.test(name)) {
      parameters[name] = value;
      notes.push(`${name} is sent to the server as a setting.`);
    } else notes.push(`"${name.slice(0, 60)}" was not understood and was left out.`);
  }
  const draft: Partial<ConnectionDraft> = {
    ...hostOf(conninfo, notes),
    ...(conninfo.get('dbname') && { database: conninfo.get('dbname') }),
    ...(conninfo.get('user') && { user: conninfo.get('user') }),
    ...sslModeOf(conninfo, notes),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
  return { draft, password: conninfo.get('password') || undefined, notes, files };
}

const handled = new Set(['host', 'hostaddr', 'port', 'dbname', 'user', 'password', 'sslmode', 'requiressl']);
const isFileKeyword = (name: string): name is FileKeyword => (fileKeywords as readonly string[]).includes(name);

function hostOf(conninfo: Conninfo, notes: string[]): Partial<ConnectionDraft> {
  const hosts = (conninfo.get('host') ?? '').split(',');
  const ports = (conninfo.get('port') ?? '').split(',');
  const address = conninfo.get('hostaddr')?.split(',')[0];
  const host = hosts[0] || address;
  if (hosts.length > 1) notes.push(`${hosts.length} hosts are named; the first one, ${host}, was taken.`);
  if (hosts[0] && address) notes.push(`hostaddr=${address} was left out; the name ${hosts[0]} is looked up.`);
  const port = Number(ports[0] || Number.NaN);
  const valid = Number.isInteger(port) && port >= 1 && port <= 65535;
  if (ports[0] && !valid) notes.push(`"${ports[0].slice(0, 40)}" is not a port.`);
  return { ...(host && { host }), ...(valid && { port }) };
}

function sslModeOf(conninfo: Conninfo, notes: string[]): Partial<ConnectionDraft> {
  const mode = conninfo.get('sslmode');
  if (mode === undefined) {
    // JDBC's ssl=true and the requiressl of old.
    if (conninfo.get('ssl') === 'true' || conninfo.get('requiressl') === '1') return { sslMode: 'require' };
    // libpq's own words, so that a root certificate "system" means what it says.
    return conninfo.get('sslrootcert') === 'system' ? { sslMode: 'verify-full' } : {};
  }
  const known = sslModes.find((word) => word === mode && word !== 'auto');
  if (known) return { sslMode: known };
  if (mode === 'no-verify') {
    notes.push('sslmode=no-verify is written require here: encrypted, the server’s identity not checked.');
    return { sslMode: 'require' };
  }
  notes.push(`sslmode=${mode.slice(0, 40)} is not one of libpq’s words and was left out.`);
  return {};
}

/** What is to be said about files that a pasted text names. */
export function fileNotes(files: DraftOf['files']): string[] {
  const what: Record<FileKeyword, string> = {
    sslrootcert: 'Paste the root certificate',
    sslcert: 'Paste the client certificate',
    sslkey: 'Paste the client key',
    passfile: 'Import from the password file, or enter the password',
  };
  return fileKeywords
    .filter((name) => files[name] !== undefined && !(name === 'sslrootcert' && files[name] === 'system'))
    .map((name) => `${what[name]}: ${name} names a file, and files named in a pasted text are not read.`);
}
