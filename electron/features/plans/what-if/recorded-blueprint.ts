/**
 * Tables of a recording as a plan: its structure, sizes, settings and what it has of the planner's statistics. Most common
 * values and histograms are data, and in no recording: what is asked of single values is an average there.
 */
import { FailureError, invalid } from '../../../../shared/failure.ts';
import type { CatalogColumn, CatalogRelation, CatalogType } from '../../../../shared/metrics/snapshots.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import type { RecordedDatabase } from '../../../recorder/open/recorded-database.ts';
import type { Blueprint } from './blueprint.ts';
import { type Named, namedIn, type WrittenName } from './named.ts';
import type {
  CopiedColumn,
  CopiedConstraint,
  CopiedFunction,
  CopiedRelation,
  CopiedStatistics,
  CopiedType,
} from './what-if.sql.ts';

/** @throws FailureError where what is named is not in it, or is in it without what planning needs */
export async function recordedBlueprint(recorded: RecordedDatabase, named: Named): Promise<Blueprint> {
  const relations = await relationsOf(recorded, named);
  const own = new Map(relations.map((relation) => [relation.oid, relation]));
  const indexes = recorded.catalog.indexes.filter(({ table, valid }) => valid && own.has(table));
  const constraints = constraintsOf(recorded, own);
  const keys = new Set(constraints.map(({ table, name }) => `${table} ${name}`));
  const definitions = indexes.map(({ definition }) => definition);
  const functions = await functionsOf(recorded, named, definitions, relations);
  const { settings } = recorded.settings;
  return {
    relations: relations.map((relation) => relationOf(recorded, relation)),
    columns: relations.flatMap(({ oid, columns }) => columns.map((column) => columnOf(oid, column))),
    types: typesOf(recorded, named, [...relations.flatMap(({ columns }) => columns), ...functions.flatMap(wordsOf)]),
    functions,
    collations: [],
    constraints,
    // A key's index is made by the key, where the recording has it.
    indexes: indexes
      .filter(({ table, name }) => !keys.has(`${table} ${name}`))
      .map(({ oid, schema, name, definition }) => ({ schema, name, definition, blocks: blocksOf(recorded, oid) })),
    statistics: recorded.columnStatistics.flatMap((one): CopiedStatistics[] => {
      const relation = own.get(one.relid);
      if (!relation) return [];
      const { schema, name, kind } = relation;
      const { column, averageWidth, nullFraction, distinct, correlation } = one;
      const figures = { nullFraction: String(nullFraction), distinct: String(distinct), averageWidth };
      const rest = { values: null, frequencies: null, bounds: null, correlation: correlation?.toString() ?? null };
      return [{ schema, name, column, inherited: kind === 'p', ...figures, ...rest }];
    }),
    settings: settings
      .filter(
        ({ name, category, setting, bootValue }) =>
          setting !== bootValue && (category.startsWith('Query Tuning') || plannerMemory.includes(name)),
      )
      .map(({ name, setting }) => ({ name, value: setting })),
    extensions: recorded.extensions.filter(({ name }) => name !== 'plpgsql'),
    byBytes: recorded.byBytes,
    notes: [],
  };
}

const plannerMemory = ['work_mem', 'hash_mem_multiplier', 'temp_buffers'];

/** The local server has pages of 8 kB. */
const pagesHere = ({ blockSize }: RecordedDatabase, pages: number): number => Math.ceil((pages * blockSize) / 8192);
const blocksOf = (recorded: RecordedDatabase, oid: number): number =>
  pagesHere(recorded, recorded.sizes.get(oid)?.pages ?? 0);

/** public first, as nothing is recorded of the path. */
export function recordedPath({ catalog }: RecordedDatabase): string[] {
  const schemas = new Set(catalog.relations.map(({ schema }) => schema));
  schemas.delete('public');
  return ['public', ...[...schemas].sort()];
}

function relationOf(recorded: RecordedDatabase, relation: CatalogRelation): CopiedRelation {
  const { oid, schema, name, kind, parent, inherits = [], options } = relation;
  const size = recorded.sizes.get(oid);
  const blocks = kind === 'r' || kind === 'm' ? blocksOf(recorded, oid) : 0;
  return {
    ...{ schema, name, kind, blocks, relpages: blocks },
    oid: String(oid),
    reltuples: size?.rows ?? -1,
    relallvisible: Math.min(blocks, pagesHere(recorded, size?.allVisible ?? 0)),
    partitionKey: relation.partitionKey ?? null,
    bound: relation.bound ?? null,
    parents: (parent === null ? inherits : [parent]).map(String),
    definition: relation.definition ?? null,
    options: options.filter((option) => /^(parallel_workers|security_barrier)=/.test(option)),
    rowSecurity: false,
    extended: 0,
  };
}

const columnOf = (oid: number, { name, type, notNull }: CatalogColumn): CopiedColumn => ({
  ...{ oid: String(oid), name, type, notNull, collation: null, virtual: null },
  bareType: type.replace(/\([^)]*\)/, ''),
});

const wordsOf = ({ arguments: written, result }: CopiedFunction) => [{ type: written }, { type: result }];

/** Those that stand in columns and functions or are named, and what these stand on. */
function typesOf(
  { catalog }: RecordedDatabase,
  named: Named,
  used: readonly { readonly type: string }[],
): CopiedType[] {
  const { types = [] } = catalog;
  let text = used.map(({ type }) => type).join(' ');
  const names = new Set(named.types.map(({ name }) => name));
  const wanted = new Set<CatalogType>();
  for (let before = -1; wanted.size > before; ) {
    before = wanted.size;
    for (const type of types) if (names.has(type.name) || text.includes(type.written)) wanted.add(type);
    text += [...wanted].map(({ base }) => base ?? '').join(' ');
  }
  return types.filter((type) => wanted.has(type)).map(typeOf);
}

/** What a range and a composite type stand on is not recorded: as one in C, it counts as text. */
function typeOf({ schema, name, kind, base, labels }: CatalogType): CopiedType {
  const known = kind === 'e' || (kind === 'd' && base !== null);
  const parts = kind === 'e' ? labels : [base ?? 'text'];
  return { schema, name, kind: known ? kind : 'b', parts, names: [], extension: null };
}

function constraintsOf(recorded: RecordedDatabase, own: ReadonlyMap<number, CatalogRelation>): CopiedConstraint[] {
  const { constraints, indexes } = recorded.catalog;
  const sizes = new Map(indexes.map(({ table, name, oid }) => [`${table} ${name}`, blocksOf(recorded, oid)]));
  return constraints
    .filter(({ table, validated }) => validated && own.has(table))
    .map(({ table, name, type, definition, foreignTable }) => ({
      ...{ name, type, definition, table: String(table) },
      foreignTable: foreignTable === null ? null : String(foreignTable),
      blocks: 'pux'.includes(type) ? (sizes.get(`${table} ${name}`) ?? 0) : 0,
    }));
}

/**
 * Of functions there is no more than how they are called. One that an index is over must be immutable; the others are
 * planned as ones that give the same within a statement.
 */
async function functionsOf(
  { catalog }: RecordedDatabase,
  named: Named,
  definitions: readonly string[],
  relations: readonly CatalogRelation[],
): Promise<CopiedFunction[]> {
  const ofIndexes = (await namedIn(definitions)).functions;
  const queries = relations.flatMap(({ definition }) => definition ?? []);
  const wanted = [...named.functions, ...ofIndexes, ...(await namedIn(queries)).functions];
  const isIn = (names: readonly WrittenName[], one: { schema: string; name: string }) =>
    names.some(({ schema, name }) => name === one.name && (schema === null || schema === one.schema));
  return (catalog.functions ?? [])
    .filter((one) => one.kind === 'f' && isIn(wanted, one))
    .map(({ oid, schema, name, kind, set, arguments: written, result }) => ({
      ...{ schema, name, kind, set, result, arguments: written, oid: String(oid) },
      volatility: isIn(ofIndexes, { schema, name }) ? 'i' : 's',
      ...{ strict: false, language: 'plpgsql', body: null, definition: null },
    }));
}

async function relationsOf(recorded: RecordedDatabase, named: Named): Promise<CatalogRelation[]> {
  const path = recordedPath(recorded);
  const { relations } = recorded.catalog;
  const found = new Map<number, CatalogRelation>();
  const waiting: { readonly names: readonly WrittenName[]; readonly common: ReadonlySet<string> }[] = [
    { names: named.relations, common: named.common },
  ];
  const add = async (relation: CatalogRelation) => {
    if (found.has(relation.oid)) return;
    checkPlannable(relation);
    found.set(relation.oid, relation);
    if (typeof relation.definition === 'string') {
      const read = await namedIn([relation.definition]);
      waiting.push({ names: read.relations, common: read.common });
    }
    for (const child of relations)
      if (child.parent === relation.oid || child.inherits?.includes(relation.oid)) await add(child);
  };
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const { schema, name } of next.names) {
      if (schema === 'pg_catalog' || schema === 'information_schema') continue;
      const relation = (schema === null ? path : [schema])
        .map((each) => relations.find((one) => one.schema === each && one.name === name && one.kind !== 'S'))
        .find((one) => one !== undefined);
      if (relation) await add(relation);
      else if (schema !== null || !(next.common.has(name) || name.startsWith('pg_')))
        throw notThere(recorded, schema === null ? name : `${schema}.${name}`);
    }
  }
  return [...found.values()].sort((a, b) => a.oid - b.oid);
}

const notThere = ({ database, atMs }: RecordedDatabase, written: string): FailureError =>
  invalid(
    'sql',
    `The recording has no table ${written} in the database ${database}, as it was on ${new Date(atMs).toISOString().slice(0, 16).replace('T', ' at ')} UTC.`,
  );

/** @throws unsupported where planning needs what was not recorded */
function checkPlannable({ schema, name, kind, partitionKey, definition }: CatalogRelation): void {
  const missing =
    kind === 'f'
      ? 'is a foreign table, whose rows are elsewhere'
      : kind === 'p' && (partitionKey ?? null) === null
        ? 'is a partitioned table, and this recording is older than those that say how it is divided'
        : kind === 'v' && (definition ?? null) === null
          ? 'is a view, and its query is not in this recording'
          : null;
  if (missing === null) return;
  throw new FailureError({
    kind: 'unsupported',
    needs: 'a connection to the server',
    message: `It cannot be planned from the recording: ${identifier(schema)}.${identifier(name)} ${missing}.`,
  });
}
