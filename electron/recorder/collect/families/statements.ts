/**
 * pg_stat_statements: numbers each minute, by the function that reads no texts (the view reads all of them from a
 * file each time); a text once, when its statement is first met. Which columns there are is told by the extension as
 * it is installed, not by the server's version: after an upgrade it is often older.
 */
import { statement, statementInfo } from '../../../../shared/metrics/families/statement.ts';
import { FamilyGrowth, type ReadRow } from '../../../../shared/metrics/rate.ts';
import { identifier } from '../../../../shared/sql/quote.ts';
import type { MonitorLink } from '../../../postgres/monitor/monitor-link.ts';
import { restAfterTexts } from '../allowance.ts';
import type { Collecting, Collector } from '../collector.ts';
import { MarkedRows } from './marked-rows.ts';
import { readingAt, readRow } from './read-family.ts';
import type { FamilyRow } from './server.sql.ts';
import { statementsExtension } from './statements.sql.ts';

/** Where a column has another name in an older extension. */
const olderNames: Readonly<Record<string, string>> = {
  total_exec_time: 'total_time',
  max_exec_time: 'max_time',
  shared_blk_read_time: 'blk_read_time',
  shared_blk_write_time: 'blk_write_time',
};

export interface StatementsExtension {
  readonly schema: string;
  readonly version: string;
  /** Out columns of its function; empty where the view `pg_stat_statements_info` is missing. */
  readonly columns: ReadonlySet<string>;
  readonly hasInfo: boolean;
}

export interface FoundStatements extends StatementsExtension {
  /** Where it is installed; null: in the recorder's own database. It counts the statements of all. */
  readonly database: string | null;
}

/** Null where the extension is not installed in the link's database. */
export async function findStatements(link: MonitorLink): Promise<StatementsExtension | null> {
  const [found] = await link.askWith(statementsExtension, []);
  if (!found) return null;
  return { schema: found.schema, version: found.version, columns: new Set(found.columns), hasInfo: found.hasInfo };
}

/** In the recorder's own database, or else in the first one that has it; each that is looked into costs a connection. */
export async function findStatementsAnywhere(collecting: Collecting): Promise<FoundStatements | null> {
  const own = await findStatements(collecting.link);
  if (own) return { ...own, database: null };
  for (const database of (await collecting.databases()).slice(1)) {
    const found = await collecting.aside(database, findStatements).catch(() => null);
    collecting.signal.throwIfAborted();
    if (found) return { ...found, database };
  }
  return null;
}

/** Other databases are not connected to every minute to see whether it has been installed. */
const lookElsewhereEveryMs = 3_600_000;
const textTimeoutMs = 60_000;
const longestText = 100_000;

export function statementCollector(): Collector {
  const growth = new FamilyGrowth(statement, { rowMarker: 'birth' });
  const infoGrowth = new FamilyGrowth(statementInfo);
  let extension: FoundStatements | null = null;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let textsAtMs = Number.NEGATIVE_INFINITY;
  let textsTookMs = 0;
  let metBefore = 0;
  const told = new Set<string>();
  const marked = new MarkedRows();
  return {
    id: statement.id,
    label: statement.label,
    everyMs: statement.everyMs,
    sql: () =>
      extension ? `${marksSql(extension)};\n\n${numbersSql(extension)}` : '-- pg_stat_statements is not installed here',
    forget() {
      growth.forget();
      marked.forget();
      infoGrowth.forget();
      extension = null;
      lookedAtMs = Number.NEGATIVE_INFINITY;
    },
    async run(collecting) {
      const found = extension ?? (await find(collecting));
      extension = found;
      if (!found) return 0;
      try {
        const read = (link: MonitorLink) => readNumbers(link, found, marked, collecting);
        const { info, moment, rows, count } = await on(collecting, found, read);
        const common = { ...readingAt(collecting, moment), scopes: [''], whole: true };
        const familyReset = info ? (info.reset ?? null) : undefined;
        const reading = { ...common, rows, familyReset };
        collecting.family({ family: statement.id, ...growth.read({ ...reading, evictions: info?.dealloc }) });
        const self = { key: [], values: [String(count), info?.max ?? null, info?.dealloc ?? null] };
        collecting.family({ family: statementInfo.id, ...infoGrowth.read({ ...common, rows: [self], familyReset }) });
        await fetchTexts(collecting, found, rows.map(queryIdOf));
        return count;
      } catch (thrown) {
        // It may have been altered or dropped: looked for anew at the next run.
        extension = null;
        lookedAtMs = Number.NEGATIVE_INFINITY;
        throw thrown;
      }
    },
  };

  async function find(collecting: Collecting): Promise<FoundStatements | null> {
    const now = performance.now();
    const everywhere = now - lookedAtMs >= lookElsewhereEveryMs;
    if (everywhere) {
      lookedAtMs = now;
      return findStatementsAnywhere(collecting);
    }
    const own = await findStatements(collecting.link);
    return own && { ...own, database: null };
  }

  /** The whole file of texts is read however few are wanted: the longer that takes, the less often. */
  async function fetchTexts(collecting: Collecting, installed: FoundStatements, queryIds: readonly string[]) {
    const unknown = [...new Set(queryIds)].filter((queryId) => !told.has(queryId));
    const now = performance.now();
    const many = unknown.length > 20 + metBefore / 10;
    if (unknown.length === 0 || now - textsAtMs < restAfterTexts(textsTookMs, many)) return;
    const missing = await collecting.missingTexts(unknown);
    if (missing.length > 0) await readTexts(collecting, installed, missing);
    for (const queryId of unknown) told.add(queryId);
    metBefore = told.size;
  }

  async function readTexts(collecting: Collecting, installed: FoundStatements, missing: readonly string[]) {
    textsAtMs = performance.now();
    const texts = await collecting.aside(installed.database, async (link) => {
      const began = performance.now();
      try {
        return await link.askWith<{ queryId: string; text: string }>(
          { name: 'recorder.statement-texts', text: () => textsSql(installed) },
          [missing],
          { timeoutMs: textTimeoutMs, signal: collecting.signal },
        );
      } finally {
        textsTookMs = performance.now() - began - link.leastMs;
      }
    });
    for (const { queryId, text } of texts)
      if (text !== null && text !== '<insufficient privilege>')
        collecting.text({ queryId, queryHash: null, text, normalised: true });
  }
}

/** In the recorder's own database over its own connection, which is there anyway. */
const on = <T>(collecting: Collecting, { database }: FoundStatements, work: (link: MonitorLink) => Promise<T>) =>
  database === null ? work(collecting.link) : collecting.aside(database, work);

/** Most statements are not called in a minute: first what tells which were, then the numbers of these. */
async function readNumbers(
  link: MonitorLink,
  extension: StatementsExtension,
  marked: MarkedRows,
  { signal }: Collecting,
) {
  const info = extension.hasInfo ? (await link.ask<FamilyRow>(infoSql(extension), { signal })).rows[0] : undefined;
  const marks = await link.ask<FamilyRow & { mark: string }>(marksSql(extension), { signal });
  const readable = marks.rows.filter(({ queryid }) => queryid !== null);
  const now = readable.map((row) => ({ id: idOf(row), mark: row.mark }));
  const changed = marked.changed(now);
  const found = changed
    ? await someNumbers(link, extension, [...new Set(changed.map((id) => id.split(' ')[0] ?? ''))], signal)
    : (await link.ask<FamilyRow>(numbersSql(extension), { signal })).rows;
  const read = found
    .filter(({ queryid }) => queryid !== null)
    .map((row) => [idOf(row), readRow(statement, row)] as const);
  return { info, moment: marks.moment, rows: marked.take(now, read, changed === null), count: marks.rows.length };
}

const idOf = ({ queryid, dbid, userid, toplevel }: FamilyRow): string => `${queryid} ${dbid} ${userid} ${toplevel}`;
const queryIdAt = statement.key.indexOf('queryid');
const queryIdOf = ({ key }: ReadRow): string => key[queryIdAt] ?? '';

async function someNumbers(
  link: MonitorLink,
  extension: StatementsExtension,
  queryIds: readonly string[],
  signal: AbortSignal,
): Promise<FamilyRow[]> {
  if (queryIds.length === 0) return [];
  const { rows } = await link.ask<FamilyRow>(
    `${numbersSql(extension)} where s.queryid in (${queryIds.map((id) => BigInt(id)).join(', ')})`,
    { signal },
  );
  return rows;
}

const toplevelOf = (columns: ReadonlySet<string>): string => (columns.has('toplevel') ? 's.toplevel' : 'true');
const columnOf = (columns: ReadonlySet<string>, name: string): string | undefined =>
  [name, olderNames[name] ?? name].find((each) => columns.has(each));

/** Marked by hand: what differs here is the extension, which `query` knows nothing of. */
function numbersSql({ schema, columns }: StatementsExtension): string {
  const metrics = statement.metrics.flatMap(({ name }) => {
    const found = columnOf(columns, name);
    return found ? [`s.${identifier(found)} as ${identifier(name)}`] : [];
  });
  const birth = columns.has('stats_since') ? "date_part('epoch', s.stats_since) * 1000" : 'null';
  return [
    '/* howdah:recorder.statements */ select s.dbid, s.userid, s.queryid,',
    `${toplevelOf(columns)} as toplevel, ${birth} as reset, ${metrics.join(', ')}`,
    `from ${identifier(schema)}.pg_stat_statements(false) s`,
  ].join(' ');
}

/** An entry that was evicted and came back may have as many calls as before. */
function marksSql({ schema, columns }: StatementsExtension): string {
  const time = identifier(columnOf(columns, 'total_exec_time') ?? '');
  const parts = [
    's.calls * 1000003',
    `(s.${time} * 1000)::int8`,
    ...(columns.has('plans') ? ['s.plans * 7'] : []),
    ...(columns.has('stats_since') ? ["(date_part('epoch', s.stats_since) * 1000000)::int8"] : []),
  ];
  return [
    '/* howdah:recorder.statement-marks */ select s.dbid, s.userid, s.queryid,',
    `${toplevelOf(columns)} as toplevel, ${parts.join(' + ')} as mark`,
    `from ${identifier(schema)}.pg_stat_statements(false) s`,
  ].join(' ');
}

const infoSql = ({ schema }: StatementsExtension): string =>
  `/* howdah:recorder.statements-info */ select i.dealloc, i.stats_reset as reset,
    current_setting('pg_stat_statements.max', true) as max from ${identifier(schema)}.pg_stat_statements_info i`;

const textsSql = ({ schema }: StatementsExtension): string =>
  `/* howdah:recorder.statement-texts */ select distinct on (s.queryid) s.queryid::text as "queryId",
    left(s.query, ${Number(longestText)}) as text from ${identifier(schema)}.pg_stat_statements(true) s
    where s.queryid::text = any($1::text[]) order by s.queryid`;
