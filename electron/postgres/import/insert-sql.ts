/** From the temporary table of texts into the target: one statement for a range of its rows, which answers with counts. */
import type { ImportPlan } from '../../../shared/api/import-plan.ts';
import { quoteIdentifier, quoteQualified } from '../../../shared/sql/quote.ts';
import { valueSql } from './rules-sql.ts';

export const stage = 'pg_temp.howdah_import';
export const rowNumber = 'howdah row';

/** A field of a record as the staging table has it: by the name of the file's column, as expressions use it. */
export interface Staged {
  readonly source: number;
  readonly name: string;
}

export interface TargetTable {
  /** By column: its type without a modifier. */
  readonly types: ReadonlyMap<string, string>;
  /** Its rows have no system columns to tell new ones by. */
  readonly partitioned: boolean;
}

/** Only the mapped columns; all of them where an expression may speak of any. */
export function stagedColumns({ columns, sourceColumns }: ImportPlan): Staged[] {
  const mapped = new Set(columns.flatMap(({ source }) => (source === null ? [] : [source])));
  const every = columns.some(({ rules }) => rules?.expression) && sourceColumns.length <= 1500;
  const used = new Set<string>([rowNumber]);
  return sourceColumns.flatMap((wanted, source) => {
    if (!every && !mapped.has(source)) return [];
    let name = wanted || `column ${source + 1}`;
    for (let number = 2; used.has(name); number++) name = `${wanted} ${number}`;
    used.add(name);
    return [{ source, name }];
  });
}

/**
 * How many rows are new, how many were written, and how many a later row of the file has overtaken: of equal keys the last
 * one counts, as the server takes a row only once a statement.
 */
export function insertSql(
  plan: ImportPlan,
  target: TargetTable,
  staged: readonly Staged[],
): (between: string) => string {
  const { columns, mode, table } = plan;
  const into = quoteQualified(table.schema, table.name);
  const names = columns.map((column) => quoteIdentifier(column.target)).join(', ');
  const nameOf = (source: number | null): string | null => staged.find((each) => each.source === source)?.name ?? null;
  const values = columns.map((column) => {
    const type = target.types.get(column.target) ?? 'text';
    return `${valueSql(column, nameOf(column.source), type)} as ${quoteIdentifier(column.target)}`;
  });
  const number = quoteIdentifier(rowNumber);
  const put = `insert into ${into} (${names}) overriding system value select ${names} from`;
  const rows = (between: string) =>
    `select ${number}, ${values.join(', ')} from ${stage} where ${number} between ${between}`;
  if (mode === 'upsert') return (between) => upsertSql(plan, target, put, rows(between));
  return (between) =>
    `with put as (${put} (${rows(between)}) r order by ${number} returning 1) select count(*), count(*), 0 from put`;
}

function upsertSql(
  { columns, keys, table }: ImportPlan,
  { partitioned }: TargetTable,
  put: string,
  rows: string,
): string {
  const number = quoteIdentifier(rowNumber);
  const key = keys.map(quoteIdentifier).join(', ');
  const noKey = keys.map((each) => `${quoteIdentifier(each)} is null`).join(' or ');
  const numbered = `select *, pg_catalog.row_number() over (partition by ${key} order by ${number} desc) as "howdah last" from (${rows}) r`;
  const others = columns.map(({ target }) => target).filter((target) => !keys.includes(target));
  const set = (others.length > 0 ? others : keys)
    .map((each) => `${quoteIdentifier(each)} = excluded.${quoteIdentifier(each)}`)
    .join(', ');
  const wanted = `("howdah last" = 1 or ${noKey})`;
  const same = keys.map((each) => `t.${quoteIdentifier(each)} = l.${quoteIdentifier(each)}`).join(' and ');
  const there = `exists (select from ${quoteQualified(table.schema, table.name)} t where ${same})`;
  const fresh = partitioned
    ? `(select count(*) from l where ${wanted} and not ${there})`
    : 'count(*) filter (where fresh)';
  return `with l as materialized (${numbered}), put as (${put} l where ${wanted} order by ${number}
    on conflict (${key}) do update set ${set} returning ${partitioned ? 'true' : '(xmax = 0)'} as fresh)
    select ${fresh}, count(*), (select count(*) from l where not ${wanted}) from put`;
}
