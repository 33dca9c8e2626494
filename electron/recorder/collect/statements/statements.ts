/**
 * pg_stat_statements: numbers each minute, by the function that reads no texts (the view reads all of them from a
 * file each time); a text once, when its statement is first met. Which columns there are is told by the extension as
 * it is installed, not by the server's version: after an upgrade it is often older.
 */
import { statement, statementInfo } from '../../../../shared/metrics/families/statement.ts';
import { FamilyGrowth, type ReadRow } from '../../../../shared/metrics/rate.ts';
import type { Moment, MonitorLink } from '../../../postgres/monitor/monitor-link.ts';
import { restAfterTexts } from '../allowance.ts';
import type { Collecting, Collector } from '../collector.ts';
import { MarkedRows } from '../families/marked-rows.ts';
import { readingAt, readRow } from '../families/read-family.ts';
import type { FamilyRow } from '../families/server.sql.ts';
import {
  changedRows,
  changedSql,
  infoSql,
  type MarkedRow,
  marksSql,
  numbersSql,
  type StatementsExtension,
  textsSql,
} from './statement-questions.ts';
import { statementsExtension } from './statements.sql.ts';

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

interface Numbers {
  readonly info: FamilyRow | undefined;
  readonly moment: Moment;
  readonly rows: readonly ReadRow[];
  readonly count: number;
}

/** Most statements are not called in a minute: only those that were are put into text. */
async function readNumbers(
  link: MonitorLink,
  extension: StatementsExtension,
  marked: MarkedRows,
  { signal }: Collecting,
): Promise<Numbers> {
  const info = extension.hasInfo ? (await link.ask<FamilyRow>(infoSql(extension), { signal })).rows[0] : undefined;
  const marks = link.pooled ? null : marked.marks;
  if (marks) {
    const name = 'recorder.changed-statements';
    const question = { name, text: () => changedSql(extension) };
    type Changed = { entries: string; changed: string | null };
    const { rows, moment } = await link.ask<Changed>(question, { prepared: [marks], signal });
    const count = Number(rows[0]?.entries ?? 0);
    const found = changedRows(extension, rows[0]?.changed ?? null);
    const all = marked.add(found.map((row) => [{ id: idOf(row), mark: row.mark }, readRow(statement, row)]));
    if (marked.count === count) return { info, moment, rows: all, count };
    // Some have gone: which, only a list of all can tell.
  }
  return { info, ...(await readByMarks(link, extension, marked, signal)) };
}

/** In two steps: which were called, and their numbers. */
async function readByMarks(
  link: MonitorLink,
  extension: StatementsExtension,
  marked: MarkedRows,
  signal: AbortSignal,
): Promise<Omit<Numbers, 'info'>> {
  const marks = await link.ask<MarkedRow>(marksSql(extension), { signal });
  const readable = marks.rows.filter(({ queryid }) => queryid !== null);
  const now = readable.map((row) => ({ id: idOf(row), mark: row.mark }));
  const changed = marked.changed(now);
  const found = changed
    ? await someNumbers(link, extension, [...new Set(changed.map((id) => id.split(' ')[0] ?? ''))], signal)
    : (await link.ask<FamilyRow>(numbersSql(extension), { signal })).rows;
  const read = found
    .filter(({ queryid }) => queryid !== null)
    .map((row) => [idOf(row), readRow(statement, row)] as const);
  return { moment: marks.moment, rows: marked.take(now, read, changed === null), count: marks.rows.length };
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
