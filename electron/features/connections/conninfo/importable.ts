/** What libpq's own files and variables on this machine offer for import. Their passwords stay in the backend. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type ConnectionDraft, newConnection, type SecretInputs } from '../../../../shared/api/connections.ts';
import type { Conninfo } from './conninfo.ts';
import { type DraftOf, draftOf } from './draft-of.ts';
import { conninfoOfEnvironment, type Environment } from './environment.ts';
import { type PassEntry, parsePassfile, passwordFor } from './passfile.ts';
import { parseServiceFile } from './service-file.ts';

export interface Importable {
  readonly id: string;
  readonly origin: 'pgpass' | 'service' | 'environment';
  readonly label: string;
  readonly draft: ConnectionDraft;
  readonly secrets: SecretInputs;
  readonly notes: readonly string[];
}

export interface Machine {
  readonly environment: Environment;
  readonly home: string;
  readonly user: string;
  readonly platform: NodeJS.Platform;
}

export const thisMachine = (): Machine => ({
  environment: process.env,
  home: homedir(),
  user: userInfo().username,
  platform: process.platform,
});

/** Everything found, each with an id that stays the same while the files do. */
export async function findImportable(machine: Machine): Promise<Importable[]> {
  const passfile = await readPassfile(machine);
  const services = await readServices(machine);
  const found: Importable[] = [];
  for (const [name, conninfo] of services) {
    found.push(await fromConninfo(machine, 'service', name, conninfo, passfile));
  }
  const environment = withService(conninfoOfEnvironment(machine.environment), services, machine.environment.PGSERVICE);
  if (environment.size > 0) {
    found.push(await fromConninfo(machine, 'environment', 'PG* variables', environment, passfile));
  }
  for (const entry of passfile.entries) {
    if (entry.host !== '*') found.push(fromPassEntry(machine, entry, passfile.tooOpen));
  }
  return found;
}

function withService(conninfo: Conninfo, services: ReadonlyMap<string, Conninfo>, service?: string): Conninfo {
  const base = service ? services.get(service) : undefined;
  return base ? new Map([...conninfo, ...base]) : conninfo;
}

interface Passfile {
  readonly entries: readonly PassEntry[];
  /** Others may read it: libpq does not use such a file, and neither do we use its passwords. */
  readonly tooOpen: boolean;
}

const tooOpenNote = 'The password file may be read by others (chmod 600 it); its passwords are not taken.';

async function readPassfile({ environment, home, platform }: Machine): Promise<Passfile> {
  const standard =
    platform === 'win32' ? join(environment.APPDATA ?? home, 'postgresql', 'pgpass.conf') : join(home, '.pgpass');
  const file = environment.PGPASSFILE || standard;
  const text = await readSmall(file);
  if (text === null) return { entries: [], tooOpen: false };
  const mode = (await stat(file)).mode;
  return { entries: parsePassfile(text), tooOpen: platform !== 'win32' && (mode & 0o077) !== 0 };
}

async function readServices({ environment, home, platform }: Machine): Promise<ReadonlyMap<string, Conninfo>> {
  const own =
    platform === 'win32'
      ? join(environment.APPDATA ?? home, 'postgresql', '.pg_service.conf')
      : join(home, '.pg_service.conf');
  const system = [
    environment.PGSYSCONFDIR,
    ...(platform === 'win32' ? [] : ['/etc/postgresql-common', '/etc/sysconfig/pgsql']),
  ];
  const files = [
    environment.PGSERVICEFILE || own,
    ...system.filter((folder) => folder !== undefined).map((folder) => join(folder, 'pg_service.conf')),
  ];
  const services = new Map<string, Conninfo>();
  for (const file of files) {
    for (const [name, conninfo] of parseServiceFile((await readSmall(file)) ?? '')) {
      if (!services.has(name)) services.set(name, conninfo);
    }
  }
  return services;
}

async function fromConninfo(
  machine: Machine,
  origin: 'service' | 'environment',
  name: string,
  conninfo: Conninfo,
  passfile: Passfile,
): Promise<Importable> {
  const read = draftOf(conninfo);
  const notes = [...read.notes];
  const pem = await readPemFiles(read.files, notes);
  const user = read.draft.user ?? machine.user;
  const draft = {
    ...newConnection,
    user,
    database: user,
    ...read.draft,
    ...pem.draft,
    name: origin === 'service' ? name : 'From PG* variables',
  };
  const listed = passwordFor(passfile.entries, draft);
  if (listed !== undefined && passfile.tooOpen && !read.password) notes.push(tooOpenNote);
  const password = read.password ?? (passfile.tooOpen ? undefined : listed);
  return item(origin, name, draft, { ...pem.secrets, password }, notes);
}

function fromPassEntry(machine: Machine, entry: PassEntry, tooOpen: boolean): Importable {
  const notes: string[] = tooOpen ? [tooOpenNote] : [];
  const any = (value: string, instead: string, what: string) => {
    if (value !== '*') return value;
    notes.push(`The line fits every ${what}; ${instead} was taken.`);
    return instead;
  };
  const user = any(entry.user, machine.user, 'user');
  const database = any(entry.database, 'postgres', 'database');
  const port = Number(entry.port === '*' ? 5432 : entry.port);
  const usable = Number.isInteger(port) && port >= 1 && port <= 65535;
  const draft = {
    ...newConnection,
    name: `${entry.database === '*' ? user : database} on ${entry.host}`.slice(0, 200),
    host: entry.host,
    port: usable ? port : 5432,
    database,
    user,
  };
  const label = `${entry.host}:${entry.port}:${entry.database}:${entry.user}`;
  return item('pgpass', label, draft, tooOpen ? {} : { password: entry.password }, notes);
}

function item(
  origin: Importable['origin'],
  label: string,
  draft: ConnectionDraft,
  secrets: SecretInputs,
  notes: readonly string[],
): Importable {
  const id = createHash('sha256')
    .update(JSON.stringify([origin, label]))
    .digest('hex')
    .slice(0, 32);
  return { id, origin, label: label.slice(0, 200), draft, secrets, notes };
}

interface PemFiles {
  readonly draft: Partial<ConnectionDraft>;
  readonly secrets: SecretInputs;
}

/** These paths stand in the person's own files, not in a pasted text: what they name is taken over if it is PEM. */
async function readPemFiles(files: DraftOf['files'], notes: string[]): Promise<PemFiles> {
  const pem = async (path: string | undefined) => {
    if (path === undefined || path === 'system') return undefined;
    const text = await readSmall(path);
    if (text?.includes('-----BEGIN ')) return text;
    notes.push(`${path} could not be read as PEM.`);
    return undefined;
  };
  const [root, certificate, key] = [await pem(files.sslrootcert), await pem(files.sslcert), await pem(files.sslkey)];
  return {
    draft: { ...(root && { sslRootCert: root }), ...(certificate && { sslCert: certificate }) },
    secrets: key ? { sslKey: key } : {},
  };
}

/** Null where there is no such file, it may not be read, or it is far too long to be what is looked for. */
async function readSmall(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    return size > 1_000_000 ? null : await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
