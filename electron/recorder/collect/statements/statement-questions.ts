/**
 * What is asked of pg_stat_statements. Marked by hand: what differs here is the extension as it is installed, which
 * `query` knows nothing of.
 */
import { statement } from '../../../../shared/metrics/families/statement.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import type { FamilyRow } from '../families/server.sql.ts';

export interface StatementsExtension {
  readonly schema: string;
  readonly version: string;
  /** Out columns of its function; empty where the view `pg_stat_statements_info` is missing. */
  readonly columns: ReadonlySet<string>;
  readonly hasInfo: boolean;
}

export type MarkedRow = FamilyRow & { readonly mark: string };

/** Where a column has another name in an older extension. */
const olderNames: Readonly<Record<string, string>> = {
  total_exec_time: 'total_time',
  max_exec_time: 'max_time',
  shared_blk_read_time: 'blk_read_time',
  shared_blk_write_time: 'blk_write_time',
};

const longestText = 100_000;

const toplevelOf = (columns: ReadonlySet<string>): string => (columns.has('toplevel') ? 's.toplevel' : 'true');
const columnOf = (columns: ReadonlySet<string>, name: string): string | undefined =>
  [name, olderNames[name] ?? name].find((each) => columns.has(each));

export function numbersSql(extension: StatementsExtension): string {
  return [
    `/* howdah:recorder.statements */ select ${numbers(extension)}`,
    `from ${identifier(extension.schema)}.pg_stat_statements(false) s`,
  ].join(' ');
}

const numbers = (extension: StatementsExtension): string =>
  columnsOf(extension)
    .map(({ name, sql }) => `${sql} as ${identifier(name)}`)
    .join(', ');

function columnsOf({ columns }: StatementsExtension): { name: string; sql: string }[] {
  const metrics = statement.metrics.flatMap(({ name }) => {
    const found = columnOf(columns, name);
    return found ? [{ name, sql: `s.${identifier(found)}` }] : [];
  });
  const birth = columns.has('stats_since') ? "date_part('epoch', s.stats_since) * 1000" : 'null';
  const keys = ['dbid', 'userid', 'queryid'].map((name) => ({ name, sql: `s.${name}` }));
  return [...keys, { name: 'toplevel', sql: toplevelOf(columns) }, { name: 'reset', sql: birth }, ...metrics];
}

/**
 * Another one for each entry, and after each call. An entry that was evicted and came back may have as many calls as
 * before.
 */
function markOf({ columns }: StatementsExtension): string {
  const time = identifier(columnOf(columns, 'total_exec_time') ?? '');
  const parts = [
    's.calls * 1000003',
    `(s.${time} * 1000)::int8`,
    ...(columns.has('plans') ? ['s.plans * 7'] : []),
    ...(columns.has('stats_since') ? ["(date_part('epoch', s.stats_since) * 1000000)::int8"] : []),
  ];
  const top = columns.has('toplevel') ? ' # s.toplevel::int4::int8' : '';
  return `s.queryid # (s.dbid::int8 << 31) # (s.userid::int8 << 1)${top} # (${parts.join(' + ')})`;
}

export function marksSql(extension: StatementsExtension): string {
  return [
    '/* howdah:recorder.statement-marks */ select s.dbid, s.userid, s.queryid,',
    `${toplevelOf(extension.columns)} as toplevel, ${markOf(extension)} as mark`,
    `from ${identifier(extension.schema)}.pg_stat_statements(false) s`,
  ].join(' ');
}

/**
 * $1: all marks that are known. One row: the number of entries that may be read, and those whose marks are not among
 * them, a line each. The entries are gone through once; kept for a second time, to be counted, they cost twice as much.
 */
export const changedSql = (extension: StatementsExtension): string =>
  [
    '/* howdah:recorder.changed-statements */ select count(s.queryid) as entries,',
    `string_agg(concat(${[...columnsOf(extension).map(({ sql }) => sql), 's.mark'].join(", ' ', ")}), e'\\n')`,
    'filter (where s.mark not in (select unnest($1::int8[]))) as changed',
    `from (select s.*, ${markOf(extension)} as mark`,
    `from ${identifier(extension.schema)}.pg_stat_statements(false) s) s`,
  ].join(' ');

/** The lines of `changedSql`: numbers and letters with a space between, nothing where one is not known. */
export function changedRows(extension: StatementsExtension, changed: string | null): MarkedRow[] {
  const names = columnsOf(extension).map(({ name }) => name);
  return (changed ?? '').split('\n').flatMap((line) => {
    const values = line.split(' ');
    const mark = values.at(names.length);
    return mark ? [{ ...Object.fromEntries(names.map((name, place) => [name, values[place] || null])), mark }] : [];
  });
}

export const infoSql = ({ schema }: StatementsExtension): string =>
  `/* howdah:recorder.statements-info */ select i.dealloc, i.stats_reset as reset,
    current_setting('pg_stat_statements.max', true) as max from ${identifier(schema)}.pg_stat_statements_info i`;

export const textsSql = ({ schema }: StatementsExtension): string =>
  `/* howdah:recorder.statement-texts */ select distinct on (s.queryid) s.queryid::text as "queryId",
    left(s.query, ${Number(longestText)}) as text from ${identifier(schema)}.pg_stat_statements(true) s
    where s.queryid::text = any($1::text[]) order by s.queryid`;
