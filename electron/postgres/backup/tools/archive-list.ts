/** What an archive of pg_dump holds, as pg_restore lists it: its entries with what each needs, and where it comes from. */
import type { BackupItem } from '../../../../shared/api/backups.ts';
import { FailureError, invalid } from '../../../../shared/failure.ts';
import { fileFailure } from '../archive/file-failure.ts';
import { findTools, newestTools, type PgTools } from './find-tools.ts';
import { runTool } from './run-tool.ts';
import { bareEnvironment } from './tool-place.ts';

export interface ArchiveEntry extends BackupItem {
  readonly owner: string;
}
export interface ArchiveList {
  readonly entries: readonly ArchiveEntry[];
  readonly database: string;
  readonly serverVersion: string;
  /** Of the pg_dump that wrote it. */
  readonly toolMajor: number;
  /** That read it; no older than the one that wrote it. */
  readonly tools: PgTools;
}

/** @throws unsupported where there is no pg_restore; invalid where it is no archive that it reads */
export async function listArchive(path: string, signal?: AbortSignal): Promise<ArchiveList> {
  const found = await findTools();
  const newest = newestTools(found);
  const lines: string[] = [];
  try {
    const onOutput = (line: string) => void lines.push(line);
    const args = ['--list', '--verbose', path];
    await runTool({ program: newest.pgRestore, args, env: bareEnvironment(), onOutput, signal });
  } catch (thrown) {
    if (signal?.aborted || !(thrown instanceof FailureError)) throw fileFailure(thrown, path);
    throw invalid('file', `pg_restore ${newest.version} does not read it: ${thrown.message}`);
  }
  const head = (name: string): string => new RegExp(`^; +${name}: (.*)$`, 'm').exec(lines.join('\n'))?.[1] ?? '';
  const toolMajor = Number.parseInt(head('Dumped by pg_dump version'), 10) || 0;
  // A newer pg_restore than need be sets what an older server has not: the nearest that can read it is taken.
  const tools = found.usable.find(({ major }) => major >= toolMajor) ?? newest;
  return {
    entries: entriesOf(lines),
    database: head('dbname'),
    serverVersion: head('Dumped from database version'),
    toolMajor,
    tools,
  };
}

/** `214; 1259 16385 TABLE public orders owner`, and under it `;	depends on: 5 7`. */
export function entriesOf(lines: readonly string[]): ArchiveEntry[] {
  const entries: ArchiveEntry[] = [];
  for (const line of lines) {
    const needs = /^;\s+depends on: ([\d ]+)$/.exec(line)?.[1];
    const last = entries.at(-1);
    if (needs !== undefined && last)
      entries[entries.length - 1] = { ...last, needs: needs.trim().split(' ').map(Number) };
    const entry = /^(\d+); \d+ \d+ (.*)$/.exec(line);
    if (entry) entries.push(entryOf(Number(entry[1]), entry[2] ?? ''));
  }
  return withoutSpecial(entries);
}

/** What pg_restore sees to itself is nothing to be picked. */
function withoutSpecial(all: readonly ArchiveEntry[]): ArchiveEntry[] {
  const entries = all.filter(
    ({ kind }) => !/^(encoding|stdstrings|searchpath|database|database properties)$/.test(kind),
  );
  const known = new Set(entries.map(({ id }) => id));
  return entries.map((entry) => ({ ...entry, needs: entry.needs.filter((id) => known.has(id)) }));
}

function entryOf(id: number, text: string): ArchiveEntry {
  const kind = kinds.find((word) => text.startsWith(`${word} `)) ?? text.split(' ', 1)[0] ?? '';
  const rest = text.slice(kind.length + 1);
  const schemaEnd = rest.indexOf(' ');
  const ownerAt = rest.lastIndexOf(' ');
  const name = rest.slice(schemaEnd + 1, Math.max(schemaEnd + 1, ownerAt));
  const schema = kind === 'SCHEMA' ? name : rest.slice(0, schemaEnd);
  return {
    id,
    kind: shownKinds[kind] ?? kind.toLowerCase(),
    schema: schema === '-' ? null : schema,
    name,
    section: sectionOf(kind),
    rows: null,
    bytes: 0,
    needs: [],
    owner: rest.slice(ownerAt + 1),
  };
}

/** Of more than one word; longer ones first, so that one is not taken for another's beginning. */
const kinds = [
  'PUBLICATION TABLES IN SCHEMA',
  'TEXT SEARCH CONFIGURATION',
  'MATERIALIZED VIEW DATA',
  'TEXT SEARCH DICTIONARY',
  'TEXT SEARCH TEMPLATE',
  'FOREIGN DATA WRAPPER',
  'PROCEDURAL LANGUAGE',
  'SUBSCRIPTION TABLE',
  'DATABASE PROPERTIES',
  'TEXT SEARCH PARSER',
  'SEQUENCE OWNED BY',
  'MATERIALIZED VIEW',
  'PUBLICATION TABLE',
  'CHECK CONSTRAINT',
  'STATISTICS DATA',
  'OPERATOR FAMILY',
  'SECURITY LABEL',
  'OPERATOR CLASS',
  'FOREIGN SERVER',
  'BLOB METADATA',
  'FOREIGN TABLE',
  'FK CONSTRAINT',
  'EVENT TRIGGER',
  'ACCESS METHOD',
  'USER MAPPING',
  'SEQUENCE SET',
  'ROW SECURITY',
  'TABLE ATTACH',
  'INDEX ATTACH',
  'DEFAULT ACL',
  'TABLE DATA',
  'DUMMY TYPE',
  'SHELL TYPE',
] as const;

/** As Howdah's own backups call them. */
const shownKinds: Readonly<Record<string, string>> = {
  'TABLE DATA': 'rows',
  'FK CONSTRAINT': 'foreign key',
  'MATERIALIZED VIEW': 'materializedView',
  'FOREIGN TABLE': 'foreignTable',
  ACL: 'grants',
};

const data = new Set([
  'TABLE DATA',
  'SEQUENCE SET',
  'BLOB',
  'BLOBS',
  'BLOB METADATA',
  'LARGE OBJECT',
  'STATISTICS DATA',
]);
const after = new Set([
  'INDEX',
  'INDEX ATTACH',
  'CONSTRAINT',
  'CHECK CONSTRAINT',
  'FK CONSTRAINT',
  'TRIGGER',
  'RULE',
  'POLICY',
  'ROW SECURITY',
  'MATERIALIZED VIEW DATA',
  'STATISTICS',
  'EVENT TRIGGER',
  'PUBLICATION',
  'PUBLICATION TABLE',
  'PUBLICATION TABLES IN SCHEMA',
  'SUBSCRIPTION',
  'SUBSCRIPTION TABLE',
  'COMMENT',
  'ACL',
  'DEFAULT',
  'DEFAULT ACL',
  'SEQUENCE OWNED BY',
  'SECURITY LABEL',
  'TABLE ATTACH',
]);
const sectionOf = (kind: string): BackupItem['section'] =>
  data.has(kind) ? 'data' : after.has(kind) ? 'after' : 'before';
