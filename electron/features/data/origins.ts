/**
 * Which columns of a query's result can be edited: those of a table that gives one row to each row of the result, and
 * whose proven key is among the columns. RowDescription says which column is which table's; the statement, read by
 * PostgreSQL's parser, says whether the table stands in it once.
 */
import type { DataColumn, RelationModel, ResultOrigins } from '../../../shared/api/data.ts';
import { fromTables, timesIn } from '../../../shared/edit/from-tables.ts';
import { visibleName } from '../../../shared/edit/words.ts';
import { failureOf } from '../../../shared/failure.ts';
import { withPlaceholders } from '../../../shared/sql/parameters.ts';
import { postgresParser } from '../../postgres/parser/postgres-parser.ts';

export interface OriginsInput {
  readonly sql: string;
  readonly columns: readonly { readonly tableOid: number; readonly attributeNumber: number }[];
}

const mostTables = 20;
const longestRead = 1_000_000;

const inTable = 'Edit these rows in their table.';
const computed = 'The query computes this column: no table holds it.';

/** @param describe the relation with this oid; throws where it is not there any more */
export async function originsOf(
  { sql, columns }: OriginsInput,
  describe: (oid: number) => Promise<RelationModel>,
): Promise<ResultOrigins> {
  const oids = [...new Set(columns.filter(hasTable).map(({ tableOid }) => tableOid))];
  const none = (reason: string): ResultOrigins => ({
    tables: [],
    columns: columns.map(() => ({ table: null, reason })),
  });
  if (oids.length === 0) return none(computed);
  const tables = await readFrom(sql);
  if (tables === null) return none('Only what a single SELECT gives can be edited here.');
  const found = await Promise.all(
    oids.slice(0, mostTables).map(async (oid) => ({ oid, ...(await tableOf(oid, columns, tables, describe)) })),
  );
  const editable = found.flatMap(({ table }) => table ?? []);
  return {
    tables: editable,
    columns: columns.map((column, at) => {
      if (!hasTable(column)) return { table: null, reason: computed };
      const of = found.find(({ oid }) => oid === column.tableOid);
      const table = editable.findIndex(({ model }) => model.oid === column.tableOid);
      if (table < 0) return { table: null, reason: of?.reason ?? `These are too many tables. ${inTable}` };
      const isKey = editable[table]?.key.some((part) => samePlace(columns, part.at, at)) ?? false;
      return { table, reason: isKey ? `By this value the row is found: it is changed in the table. ${inTable}` : null };
    }),
  };
}

const hasTable = ({ tableOid, attributeNumber }: OriginsInput['columns'][number]) =>
  tableOid > 0 && attributeNumber > 0;

const samePlace = (columns: OriginsInput['columns'], one: number, other: number): boolean =>
  columns[one]?.tableOid === columns[other]?.tableOid &&
  columns[one]?.attributeNumber === columns[other]?.attributeNumber;

async function readFrom(sql: string): Promise<ReturnType<typeof fromTables>> {
  if (sql.length > longestRead || sql.includes('\0') || !sql.isWellFormed()) return null;
  const outcome = (await postgresParser()).parse(withPlaceholders(sql) ?? sql);
  if (outcome.kind !== 'parsed') return null;
  const [statement, ...others] = outcome.statements;
  return statement && others.length === 0 ? fromTables(statement.node) : null;
}

type Found = { readonly table: ResultOrigins['tables'][number] | null; readonly reason: string | null };
const because = (reason: string): Found => ({ table: null, reason });

async function tableOf(
  oid: number,
  columns: OriginsInput['columns'],
  tables: NonNullable<ReturnType<typeof fromTables>>,
  describe: (oid: number) => Promise<RelationModel>,
): Promise<Found> {
  let model: RelationModel;
  try {
    model = await describe(oid);
  } catch (thrown) {
    return because(failureOf(thrown).message);
  }
  const name = visibleName(`${model.schema}.${model.name}`);
  if (model.readOnly) return because(`${model.readOnly.reason} ${model.readOnly.wayOut}`);
  const times = timesIn(tables, model.schema, model.name);
  if (times !== 1)
    return because(
      times === 0
        ? `It cannot be told which row of ${name} this is. ${inTable}`
        : `${name} may stand in the query ${times} times: it cannot be told which of its rows this is. ${inTable}`,
    );
  const parts = (model.key?.columns ?? []).map((number) => ({
    column: model.columns.find((each) => each.number === number),
    at: columns.findIndex((each) => each.tableOid === oid && each.attributeNumber === number),
  }));
  const missing = parts.filter(({ at }) => at < 0).map(({ column }) => visibleName(column?.name ?? ''));
  if (parts.length === 0 || missing.length > 0)
    return because(`The key of ${name} is not in the result: add ${missing.join(', ')} to the query.`);
  const key = parts.map(({ column, at }) => ({ at, form: column ? formOf(column) : null }));
  const unclear = parts.find((_, at) => key[at]?.form === null)?.column;
  if (unclear)
    return because(
      `How a ${unclear.typeName} is written depends on settings of the tab, so ${visibleName(unclear.name)} does not prove which row of ${name} is meant. ${inTable}`,
    );
  return { table: { model, key: key.flatMap(({ at, form }) => (form ? [{ at, form }] : [])) }, reason: null };
}

/** Types whose text is the same whatever a session has set: by category, and one by one. */
const plainCategories = new Set(['S', 'B', 'I', 'V']);
const plainTypes = new Set([
  ...[17, 18, 20, 21, 23, 26, 28, 829, 774, 1083, 1266, 1700, 2950, 3220, 5069], // bytea, "char", int8, int2, int4, oid, xid, macaddr, macaddr8, time, timetz, numeric, uuid, pg_lsn, xid8
]);
/** date, timestamp, timestamptz: in their ISO form, which cannot be taken for another, they prove a row. */
const datedTypes = new Set([1082, 1114, 1184]);

/** Null: what the result shows may be read as another value. Rounded floats, intervals, money, and what has such parts. */
export function formOf({ typeKind, category, baseTypeOid }: DataColumn): 'plain' | 'iso' | null {
  if (typeKind === 'e' || plainTypes.has(baseTypeOid)) return 'plain';
  if (datedTypes.has(baseTypeOid)) return 'iso';
  return typeKind === 'b' && plainCategories.has(category) ? 'plain' : null;
}
