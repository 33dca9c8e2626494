/**
 * Tables of a recording as a plan: its structure, sizes, settings and what it has of the planner's statistics. Most common
 * values and histograms are data, and in no recording: what is asked of single values is an average there.
 */
import { FailureError, invalid } from '../../../../shared/failure.ts';
import type { CatalogColumn, CatalogRelation } from '../../../../shared/metrics/snapshots.ts';
import { postgresParser } from '../../../postgres/parser/postgres-parser.ts';
import type { RecordedDatabase } from '../../../recorder/open/recorded-database.ts';
import type { Blueprint } from './blueprint.ts';
import type { CopiedColumn, CopiedStatistics } from './what-if.sql.ts';

interface NamedRelation {
  readonly schema: string | null;
  readonly name: string;
}

/** @throws FailureError where the statement names what is not in it, or is no plain table */
export async function recordedBlueprint(recorded: RecordedDatabase, sql: string): Promise<Blueprint> {
  const relations = await relationsIn(recorded, sql);
  const other = relations.find(({ kind }) => kind !== 'r' && kind !== 'm');
  if (other) {
    throw new FailureError({
      kind: 'unsupported',
      needs: 'plain tables',
      message: `${other.schema}.${other.name} is no plain table: of views, partitioned and foreign tables a recording has too little to plan with.`,
    });
  }
  const own = new Map(relations.map((relation) => [relation.oid, relation]));
  const sizeOf = (oid: number) => recorded.sizes.get(oid);
  const { settings } = recorded.settings;
  return {
    relations: relations.map(({ oid, schema, name, kind }) => {
      const size = sizeOf(oid);
      const relpages = pagesHere(recorded, size?.pages ?? 0);
      const relallvisible = Math.min(relpages, pagesHere(recorded, size?.allVisible ?? 0));
      return { oid: String(oid), schema, name, kind, relpages, reltuples: size?.rows ?? -1, relallvisible };
    }),
    columns: relations.flatMap(({ oid, columns }) => columns.map((column) => columnOf(recorded, oid, column))),
    indexes: recorded.catalog.indexes
      .filter(({ table, valid }) => valid && own.has(table))
      .map(({ oid, schema, name, definition }) => {
        const relpages = pagesHere(recorded, sizeOf(oid)?.pages ?? 0);
        return { schema, name, definition, relpages };
      }),
    statistics: recorded.columnStatistics.flatMap((one): CopiedStatistics[] => {
      const relation = own.get(one.relid);
      if (!relation) return [];
      const { schema, name } = relation;
      const { column, averageWidth, nullFraction, distinct, correlation } = one;
      const figures = { nullFraction: String(nullFraction), distinct: String(distinct), averageWidth };
      const values = { values: null, frequencies: null, bounds: null };
      return [{ schema, name, column, ...figures, ...values, correlation: correlation?.toString() ?? null }];
    }),
    settings: settings
      .filter(
        ({ name, category, setting, bootValue }) =>
          setting !== bootValue && (category.startsWith('Query Tuning') || plannerMemory.includes(name)),
      )
      .map(({ name, setting }) => ({ name, value: setting })),
  };
}

const plannerMemory = ['work_mem', 'hash_mem_multiplier', 'temp_buffers'];

/** The local server has pages of 8 kB. */
const pagesHere = ({ blockSize }: RecordedDatabase, pages: number): number => Math.ceil((pages * blockSize) / 8192);

/** public first, as nothing is recorded of the path. */
export function recordedPath({ catalog }: RecordedDatabase): string[] {
  const schemas = new Set(catalog.relations.map(({ schema }) => schema));
  schemas.delete('public');
  return ['public', ...[...schemas].sort()];
}

async function relationsIn(recorded: RecordedDatabase, sql: string): Promise<CatalogRelation[]> {
  const outcome = (await postgresParser()).parse(sql);
  const named: NamedRelation[] = [];
  const common = new Set<string>();
  if (outcome.kind === 'parsed') for (const { node } of outcome.statements) collect(node, named, common);
  const path = recordedPath(recorded);
  const found = new Map<number, CatalogRelation>();
  for (const { schema, name } of named) {
    if (schema === 'pg_catalog' || schema === 'information_schema') continue;
    const relation = (schema === null ? path : [schema])
      .map((each) => recorded.catalog.relations.find((one) => one.schema === each && one.name === name))
      .find((one) => one !== undefined);
    if (relation) found.set(relation.oid, relation);
    else if (schema !== null || !(common.has(name) || name.startsWith('pg_'))) {
      const written = schema === null ? name : `${schema}.${name}`;
      const { database, atMs } = recorded;
      throw invalid(
        'sql',
        `The recording has no table ${written} in the database ${database}, as it was on ${new Date(atMs).toISOString().slice(0, 16).replace('T', ' at ')} UTC.`,
      );
    }
  }
  return [...found.values()];
}

/** Every table that is named anywhere, and the names of WITH, which may hide one. */
function collect(value: unknown, named: NamedRelation[], common: Set<string>): void {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (typeof node !== 'object' || node === null) continue;
    const fields = node as { relname?: unknown; schemaname?: unknown; ctename?: unknown };
    if (typeof fields.relname === 'string')
      named.push({ schema: typeof fields.schemaname === 'string' ? fields.schemaname : null, name: fields.relname });
    if (typeof fields.ctename === 'string') common.add(fields.ctename);
    waiting.push(...Object.values(node));
  }
}

/** Types of one's own become domains over what they stand on, or over text: what PostgreSQL brings along stays. */
function columnOf({ catalog }: RecordedDatabase, oid: number, column: CatalogColumn): CopiedColumn {
  const { name, notNull } = column;
  const plain = { oid: String(oid), name, notNull, typeSchema: null, typeName: null };
  const bare = column.type.replace(/\([^)]*\)/, '');
  const element = bare.replace(/(\[\])+$/, '');
  const type = catalog.types?.find(({ written }) => written === element);
  // Written with its schema: none of PostgreSQL's own are.
  const foreign = type !== undefined || (element !== '"char"' && /^("|[^\s"]+\.)/.test(element));
  if (!foreign) return { ...plain, type: column.type };
  if (!type || element !== bare) return { ...plain, type: element === bare ? 'text' : 'text[]' };
  const base = type.base !== null && !catalog.types?.some(({ written }) => written === type.base) ? type.base : 'text';
  return { ...plain, type: base, typeSchema: type.schema, typeName: type.name };
}
