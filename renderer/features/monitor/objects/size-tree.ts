/** Sizes of relations, added up by table, schema and database. Pure. */
import type { NamedRow } from '../../../../shared/health/evidence.ts';

export type SizeKind = 'database' | 'schema' | 'table' | 'matview' | 'index' | 'toast';

export interface SizeNode {
  readonly key: string;
  readonly kind: SizeKind;
  readonly name: string;
  readonly bytes: number;
  readonly children: readonly SizeNode[];
}

/** A table, or what belongs to one, as a line of the list. */
export interface SizedTable {
  readonly key: string;
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'matview';
  /** With indexes and TOAST. */
  readonly bytes: number;
  readonly ownBytes: number;
  readonly indexBytes: number;
  readonly toastBytes: number;
  readonly rows: number | null;
  /** The parts' keys in the family `relation_size`. */
  readonly parts: readonly (readonly string[])[];
}

export const relationKey = ['database', 'schema', 'name', 'relid', 'kind', 'table'] as const;

interface Part {
  readonly words: readonly string[];
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: SizeKind;
  readonly table: string;
  readonly bytes: number;
  readonly rows: number | null;
}

const kindOf = (word: string): SizeKind =>
  word === 'index' || word === 'toast' || word === 'matview' ? word : 'table';

const partsOf = (rows: readonly NamedRow[]): Part[] =>
  rows.map((row) => ({
    words: relationKey.map((part) => row.name(part)),
    database: row.name('database'),
    schema: row.name('schema'),
    name: row.name('name'),
    kind: kindOf(row.name('kind')),
    table: row.name('table') || row.name('name'),
    bytes: row.value('bytes') ?? 0,
    rows: row.value('reltuples'),
  }));

const sum = (parts: readonly { readonly bytes: number }[]): number => parts.reduce((all, { bytes }) => all + bytes, 0);
const tableKey = ({ database, schema, table }: Part): string => JSON.stringify([database, schema, table]);

/** All tables and materialized views, each with what belongs to it. */
export function sizedTables(rows: readonly NamedRow[]): SizedTable[] {
  return [...Map.groupBy(partsOf(rows), tableKey)].map(([key, parts]) => {
    const own = parts.filter(({ kind }) => kind === 'table' || kind === 'matview');
    const [first] = own.length > 0 ? own : parts;
    return {
      key,
      database: first?.database ?? '',
      schema: first?.schema ?? '',
      name: first?.table ?? '',
      kind: first?.kind === 'matview' ? 'matview' : 'table',
      bytes: sum(parts),
      ownBytes: sum(own),
      indexBytes: sum(parts.filter(({ kind }) => kind === 'index')),
      toastBytes: sum(parts.filter(({ kind }) => kind === 'toast')),
      rows: own[0]?.rows ?? null,
      parts: parts.map(({ words }) => words),
    };
  });
}

/** Database, schema, table, part: each level the largest first. */
export function sizeTree(rows: readonly NamedRow[]): SizeNode {
  const parts = partsOf(rows);
  const level = (kind: SizeKind, name: string, key: string, children: readonly SizeNode[]): SizeNode => ({
    key,
    kind,
    name,
    bytes: sum(children),
    children: children.toSorted((a, b) => b.bytes - a.bytes),
  });
  const tableOf = (members: readonly Part[]): SizeNode => {
    const [first] = members;
    const leaves = members.map((part) => ({
      key: JSON.stringify(part.words),
      kind: part.kind,
      name: part.kind === 'toast' ? 'TOAST' : part.kind === 'index' ? part.name : 'rows',
      bytes: part.bytes,
      children: [],
    }));
    return level(
      first?.kind === 'matview' ? 'matview' : 'table',
      first?.table ?? '',
      first ? tableKey(first) : '',
      leaves,
    );
  };
  const databases = [...Map.groupBy(parts, ({ database }) => database)].map(([database, ofDatabase]) => {
    const schemas = [...Map.groupBy(ofDatabase, ({ schema }) => schema)].map(([schema, ofSchema]) =>
      level(
        'schema',
        schema,
        JSON.stringify([database, schema]),
        [...Map.groupBy(ofSchema, tableKey).values()].map(tableOf),
      ),
    );
    return level('database', database, database, schemas);
  });
  return level('database', 'All databases', '', databases);
}
