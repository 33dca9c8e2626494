/** What a restore will do, before it does anything: what is made, what stands in its way, what is missing there. */
import { FailureError } from '../../../../shared/failure.ts';
import type { ConnectSpec } from '../../source.ts';
import { ArchiveReader } from '../archive/archive-reader.ts';
import type { ArchiveItem, Manifest } from '../archive/manifest.ts';
import { BackupLink } from '../wire/backup-link.ts';
import { longestName, restoreName, workingDatabase } from './new-database.ts';
import { chosenItems, type RestoreChoice } from './request.ts';
import {
  type ExistingRow,
  targetExtensions,
  targetFacts,
  targetObjects,
  targetRoles,
  targetTablespaces,
} from './target.sql.ts';

export interface Existing {
  readonly item: number;
  readonly kind: string;
  readonly name: string;
  /** For DROP; comes quoted from the server. */
  readonly identity: string;
  /** As the planner thinks. */
  readonly rows: number;
}
export interface RestorePlan {
  readonly manifest: Manifest;
  readonly items: readonly ArchiveItem[];
  readonly targetVersion: string;
  readonly currentRole: string;
  /** Of the same kind and name, there already. */
  readonly existing: readonly Existing[];
  readonly missingRoles: readonly string[];
  readonly missingTablespaces: readonly string[];
  readonly missingExtensions: readonly string[];
  readonly rows: number;
  readonly rawBytes: number;
  /** Sentences: it cannot begin while there is one. */
  readonly obstacles: readonly string[];
  readonly warnings: readonly string[];
}

/** @param spec to the server; its database is asked, or the chosen one where that is there. Throws why it cannot be known */
export async function planRestore(
  spec: ConnectSpec,
  path: string,
  choice: RestoreChoice,
  signal?: AbortSignal,
): Promise<RestorePlan> {
  const archive = await ArchiveReader.open(path);
  await archive.close();
  const { target } = choice;
  const link = await BackupLink.open(
    target.kind === 'existing' ? { ...spec, database: target.database } : spec,
    restoreName,
    signal,
  );
  try {
    const { manifest } = archive;
    const items = chosenItems(manifest, choice);
    const plan = await planOf(
      link,
      {
        items,
        roles: manifest.roles.map(({ name }) => name),
        tablespaces: manifest.tablespaces,
        warnings: manifest.warnings,
        versionNum: manifest.server.versionNum,
        version: manifest.server.version,
      },
      choice,
    );
    return {
      ...plan,
      manifest,
      items,
      rows: items.reduce((sum, { data }) => sum + (data?.rows ?? 0), 0),
      rawBytes: items.reduce((sum, { data }) => sum + (data?.rawBytes ?? 0), 0),
    };
  } finally {
    await link.close();
  }
}

/** What is to be restored, whatever file it lies in. */
export interface Restorable {
  /** Those that were chosen. */
  readonly items: readonly Pick<ArchiveItem, 'id' | 'kind' | 'schema' | 'name' | 'section'>[];
  readonly roles: readonly string[];
  readonly tablespaces: readonly string[];
  readonly warnings: readonly string[];
  /** Of the server that it comes from. */
  readonly versionNum: number;
  readonly version: string;
  /** Its routines name the types of their arguments alone: one of the same name counts as the same. */
  readonly typesOnly?: boolean;
}

/** Holds it against the place where it is to go. */
export async function planOf(
  link: BackupLink,
  backup: Restorable,
  choice: RestoreChoice,
): Promise<Omit<RestorePlan, 'manifest' | 'items' | 'rows' | 'rawBytes'>> {
  const { target } = choice;
  const { items } = backup;
  const [facts] = await link.ask(targetFacts);
  if (!facts)
    throw new FailureError({ kind: 'internal', message: 'The server does not know the role of this session.' });
  const there = async (question: typeof targetRoles) => new Set((await link.ask(question)).map(({ name }) => name));
  const roles = await there(targetRoles);
  const tablespaces = await there(targetTablespaces);
  const extensions = await there(targetExtensions);
  const existing = target.kind === 'existing' ? existingOf(backup, await link.ask(targetObjects)) : [];
  const missingRoles = backup.roles.map((name) => choice.roles[name] ?? name).filter((name) => !roles.has(name));
  const missingExtensions = items
    .filter(({ kind, name }) => kind === 'extension' && !extensions.has(name))
    .map(({ name }) => name);
  const obstacles: string[] = [];
  if (target.kind === 'new' && facts.databases.includes(target.database))
    obstacles.push(`There is a database ${target.database} already. Choose another name, or restore into it.`);
  const nameBytes = Buffer.byteLength(target.database);
  if (target.kind === 'new' && nameBytes > longestName)
    obstacles.push(
      `The name ${target.database} has ${nameBytes} bytes; PostgreSQL keeps ${longestName}. Choose a shorter one.`,
    );
  const working = workingDatabase(target);
  if (target.kind === 'new' && facts.databases.includes(working))
    obstacles.push(
      `There is a database ${working}: a restore into ${target.database} is at work, or one was broken off. If none is, drop it.`,
    );
  if (target.kind === 'new' && !facts.createdb) obstacles.push('This role may not create databases.');
  if (target.kind === 'existing' && target.onExisting === 'refuse' && existing.length > 0)
    obstacles.push(
      `${existing.length} of these are in ${target.database} already: ${firstNames(existing.map(({ name }) => name))}. Choose whether to replace or to keep them.`,
    );
  for (const name of missingExtensions) obstacles.push(`The server has no extension ${name} to be installed.`);
  for (const [name, other] of Object.entries(choice.roles))
    if (!roles.has(other)) obstacles.push(`There is no role ${other} to take the place of ${name}.`);
  if (missingRoles.length > 0 && choice.missingRoles === 'create' && !facts.createrole)
    obstacles.push(`This role may not create the missing roles: ${firstNames(missingRoles)}.`);
  const warnings = [...backup.warnings];
  if (Math.floor(backup.versionNum / 10_000) > Math.floor(link.facts.versionNum / 10_000))
    warnings.push(
      `The backup is of PostgreSQL ${backup.version}, the target is ${link.facts.version}: what only the newer one knows will fail.`,
    );
  return {
    targetVersion: link.facts.version,
    currentRole: link.facts.user,
    existing,
    missingRoles,
    missingTablespaces: backup.tablespaces.filter((name) => !tablespaces.has(choice.tablespaces[name] ?? name)),
    missingExtensions,
    obstacles,
    warnings,
  };
}

export const firstNames = (names: readonly string[], most = 8): string =>
  names.slice(0, most).join(', ') + (names.length > most ? ` and ${names.length - most} more` : '');

function existingOf({ items, typesOnly }: Restorable, rows: readonly ExistingRow[]): Existing[] {
  // A table and a view cannot have one name either: what takes the name is in the way, whatever it is.
  const relation = (kind: string): string =>
    /^(table|partitionedTable|foreignTable|view|materializedView|sequence)$/.test(kind)
      ? 'relation'
      : /^(function|procedure|aggregate)$/.test(kind)
        ? 'routine'
        : /^(type|domain)$/.test(kind)
          ? 'type'
          : kind;
  const keyOf = (kind: string, schema: string | null, name: string): string =>
    JSON.stringify([
      relation(kind),
      schema,
      typesOnly && relation(kind) === 'routine' ? name.replace(/\(.*$/s, '') : name,
    ]);
  const there = new Map(rows.map((row) => [keyOf(row.kind, row.schema, row.name), row]));
  return items.flatMap((item) => {
    if (item.section !== 'before') return [];
    const row = there.get(keyOf(item.kind, item.schema, item.name));
    if (!row) return [];
    const name = item.schema === null || item.kind === 'schema' ? item.name : `${item.schema}.${item.name}`;
    return [{ item: item.id, kind: row.kind, name, identity: row.identity, rows: Number(row.rows) }];
  });
}
