/** Some tables of a server as a plan: everything that planning needs, and no row. As statements for an empty database. */
import { identifier, quoteLiteral } from '../../../../shared/sql/quote.ts';
import type {
  CopiedColumn,
  CopiedConstraint,
  CopiedFunction,
  CopiedIndex,
  CopiedRelation,
  CopiedStatistics,
  CopiedType,
} from './what-if.sql.ts';

export interface Blueprint {
  readonly relations: readonly CopiedRelation[];
  readonly columns: readonly CopiedColumn[];
  readonly types: readonly CopiedType[];
  readonly functions: readonly CopiedFunction[];
  /** Collations of one's own: name as COLLATE has it, and how it is made where that is known. */
  readonly collations: readonly { readonly name: string; readonly sql: string | null }[];
  readonly constraints: readonly CopiedConstraint[];
  readonly indexes: readonly CopiedIndex[];
  readonly statistics: readonly CopiedStatistics[];
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  readonly extensions: readonly { readonly name: string; readonly schema: string }[];
  /** Text is sorted by its bytes (C), so that LIKE finds a prefix by an index; null where that is not known. */
  readonly byBytes: boolean | null;
  /** What was left out in reading it. */
  readonly notes: readonly string[];
}

/** One thing to be made. */
export interface Made {
  /** For people: the type shop.money_amount. */
  readonly what: string;
  readonly kind: 'collation' | 'type' | 'function' | 'relation' | 'key' | 'family';
  /** Null where it is known beforehand that it cannot be made. */
  readonly sql: string | null;
  /** What stands for it where it cannot be made, and what that means. */
  readonly instead?: { readonly sql: string; readonly means: string };
  /** Comes with it, where that can be had. */
  readonly extension?: string | null;
}

type Name = { readonly schema: string; readonly name: string };
export const qualified = ({ schema, name }: Name): string => `${identifier(schema)}.${identifier(name)}`;
const shown = ({ schema, name }: Name): string => `${schema}.${name}`;

export function schemasOf({ relations, types, functions, collations, extensions }: Blueprint): string[] {
  const names = [...relations, ...types, ...functions].map(({ schema }) => identifier(schema));
  const ofCollations = collations.map(({ name }) => name.replace(/\.(?:"(?:[^"]|"")*"|[^".]*)$/, ''));
  return [...new Set([...names, ...ofCollations, ...extensions.map(({ schema }) => identifier(schema))])].filter(
    (schema) => schema !== 'public' && schema !== 'pg_catalog',
  );
}

/** Own collations are made as they are, or as one that sorts by language. */
export const collationsOf = ({ collations }: Blueprint): Made[] =>
  collations.map(({ name, sql }) => {
    const instead = `create collation ${name} from pg_catalog."und-x-icu"`;
    const means = 'one that sorts like most languages stands for it';
    return { kind: 'collation', what: `the collation ${name}`, sql, instead: { sql: instead, means } };
  });

export const typesOf = ({ types }: Blueprint): Made[] =>
  types.map((type) => {
    const instead = `create domain ${qualified(type)} as pg_catalog.text`;
    const of = type.extension === null ? '' : ` of the extension ${type.extension}`;
    return {
      kind: 'type',
      what: `the type ${shown(type)}${of}`,
      sql: typeText(type),
      instead: { sql: instead, means: 'it counts as text' },
      extension: type.extension,
    };
  });

/** Null for what stands on functions in C. */
function typeText({ kind, parts, names, ...type }: CopiedType): string | null {
  const name = qualified(type);
  if (kind === 'e') return `create type ${name} as enum (${parts.map(quoteLiteral).join(', ')})`;
  if (kind === 'd') return `create domain ${name} as ${parts[0] ?? 'pg_catalog.text'}`;
  if (kind === 'r') return `create type ${name} as range (subtype = ${parts[0] ?? 'pg_catalog.int8'})`;
  if (kind !== 'c') return null;
  return `create type ${name} as (${names.map((each, at) => `${identifier(each)} ${parts[at]}`).join(', ')})`;
}

export const functionsOf = ({ functions }: Blueprint): Made[] =>
  functions.map((one) => {
    const stub = stubOf(one);
    const means = 'what it gives is a guess of PostgreSQL’s';
    return { kind: 'function', what: `the function ${shown(one)}`, sql: one.definition, instead: { sql: stub, means } };
  });

const volatilities: Readonly<Record<string, string>> = { i: 'immutable', s: 'stable', v: 'volatile' };

/** The same signature over nothing. In PL/pgSQL, which the planner does not look into. */
function stubOf({ set, strict, volatility, result, ...one }: CopiedFunction): string {
  const words = `${volatilities[volatility] ?? 'stable'}${strict ? ' strict' : ''}`;
  const body = set ? 'begin return; end' : 'begin return null; end';
  return `create function ${qualified(one)}(${one.arguments}) returns ${result} language plpgsql ${words} as '${body}'`;
}

/** Tables without keys, indexes and parents; views. */
export function relationsOf({ relations, columns }: Blueprint): Made[] {
  const ofRelation = new Map<string, CopiedColumn[]>();
  for (const column of columns) {
    const known = ofRelation.get(column.oid);
    if (known) known.push(column);
    else ofRelation.set(column.oid, [column]);
  }
  return relations.map((relation) => {
    const what = `${relation.kind === 'v' ? 'the view' : 'the table'} ${shown(relation)}`;
    if (relation.kind === 'v') {
      const query = (relation.definition ?? '').replace(/;\s*$/, '');
      return {
        kind: 'relation',
        what,
        sql: `create view ${qualified(relation)}${withOptions(relation.options)} as ${query}`,
      };
    }
    const own = ofRelation.get(relation.oid) ?? [];
    const text = (each: (column: CopiedColumn) => string) => {
      const isParent = relation.partitionKey !== null;
      const options = isParent ? '' : withOptions(['autovacuum_enabled=off', ...relation.options]);
      const split = isParent ? ` partition by ${relation.partitionKey}` : '';
      return `create table ${qualified(relation)} (${own.map(each).join(', ')})${split}${options}`;
    };
    const instead = { sql: text(plainColumn), means: 'its columns are without collations, lengths and expressions' };
    return { kind: 'relation', what, sql: text(wholeColumn), instead };
  });
}

const withOptions = (options: readonly string[]): string =>
  options.length === 0 ? '' : ` with (${options.map((option) => option.replace('=', ' = ')).join(', ')})`;

function wholeColumn({ name, type, collation, virtual, notNull }: CopiedColumn): string {
  const collate = collation === null ? '' : ` collate ${collation}`;
  const generated = virtual === null ? '' : ` generated always as (${virtual}) virtual`;
  return `${identifier(name)} ${type}${collate}${generated}${notNull ? ' not null' : ''}`;
}

const plainColumn = ({ name, bareType, notNull }: CopiedColumn): string =>
  `${identifier(name)} ${bareType}${notNull ? ' not null' : ''}`;

/** Keys and checks of each table, then the other indexes. Before a table is given to its parent, as pg_dump does it. */
export function keysOf({ relations, constraints, indexes }: Blueprint): Made[] {
  const tables = new Map(relations.map((relation) => [relation.oid, relation]));
  const isChild = new Set(relations.filter(({ parents }) => parents.length > 0).map(({ oid }) => oid));
  const isParent = new Set(relations.flatMap(({ parents }) => parents));
  const own = constraints.flatMap(({ table, name, type, definition }): Made[] => {
    const relation = tables.get(table);
    // A check keeps a table out of a plan only among its siblings.
    const counts = type === 'c' ? isChild.has(table) || isParent.has(table) : type !== 'f';
    if (!relation || !counts) return [];
    const sql = `alter table only ${qualified(relation)} add constraint ${identifier(name)} ${definition}`;
    return [{ kind: 'key', what: `the constraint ${name} of ${shown(relation)}`, sql }];
  });
  const others = indexes.map(({ name, definition: sql }): Made => ({ kind: 'key', what: `the index ${name}`, sql }));
  return [...own, ...others];
}

/** Partitions and children are given to their parents, as far as these are here. */
export function familiesOf({ relations }: Blueprint): Made[] {
  const here = new Map(relations.map((relation) => [relation.oid, relation]));
  return relations.flatMap((relation) =>
    relation.parents.flatMap((oid): Made[] => {
      const parent = here.get(oid);
      if (!parent) return [];
      const what = `${shown(relation)} as a part of ${shown(parent)}`;
      return relation.bound === null
        ? [{ kind: 'family', what, sql: `alter table ${qualified(relation)} inherit ${qualified(parent)}` }]
        : [
            {
              kind: 'family',
              what,
              sql: `alter table only ${qualified(parent)} attach partition ${qualified(relation)} ${relation.bound}`,
            },
          ];
    }),
  );
}

/** How many rows of one have a row of the other is told by foreign keys. */
export function foreignKeysOf({ relations, constraints }: Blueprint): Made[] {
  const here = new Map(relations.map((relation) => [relation.oid, relation]));
  return constraints.flatMap(({ table, name, type, definition, foreignTable }): Made[] => {
    const relation = here.get(table);
    if (type !== 'f' || !relation || foreignTable === null || !here.has(foreignTable)) return [];
    const sql = `alter table ${qualified(relation)} add constraint ${identifier(name)} ${definition}`;
    return [{ kind: 'key', what: `the foreign key ${name} of ${shown(relation)}`, sql }];
  });
}
