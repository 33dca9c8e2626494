/** Statements over a stretch of time: from pg_stat_statements' growth, or, where that is missing, from the samples. */
import type { Statement, statementOrders } from '../../../../shared/api/monitor.ts';
import { invalid } from '../../../../shared/failure.ts';
import type { RolesSnapshot, ServerSnapshot } from '../../../../shared/metrics/snapshots.ts';
import { idleTx } from '../../activity-class.ts';
import type { RecordingFile, Span, StoredFamily } from '../../file/recording-file.ts';
import { flagNames } from '../../pack/delta-flags.ts';
import { judge } from '../activity/sample-filter.ts';
import { Buckets } from '../buckets.ts';
import { type AddedRow, addUp } from '../series/add-up.ts';
import { series } from '../series/series.ts';
import { sampledStatements } from './sampled-statements.ts';

export interface StatementsQuestion extends Span {
  readonly order: (typeof statementOrders)[number];
  readonly limit: number;
  readonly search?: string | undefined;
  readonly database?: string | undefined;
}

/** What of pg_stat_statements adds up to each figure. */
const figures = {
  calls: ['calls'],
  totalMs: ['total_exec_time'],
  rows: ['rows'],
  sharedHit: ['shared_blks_hit'],
  sharedRead: ['shared_blks_read'],
  sharedDirtied: ['shared_blks_dirtied'],
  tempBlocks: ['temp_blks_read', 'temp_blks_written'],
  ioMs: [
    'shared_blk_read_time',
    'shared_blk_write_time',
    'local_blk_read_time',
    'local_blk_write_time',
    'temp_blk_read_time',
    'temp_blk_write_time',
  ],
  walBytes: ['wal_bytes'],
  planMs: ['total_plan_time'],
  jitMs: ['jit_generation_time', 'jit_inlining_time', 'jit_optimization_time', 'jit_emission_time'],
} as const;
type Figure = keyof typeof figures;

/** Adds up the columns of a figure; 0 where none is known. */
function reader(family: StoredFamily, figure: Figure): (row: AddedRow) => number {
  const columns = columnsOf(family, figures[figure]);
  return ({ values }) =>
    columns.reduce((sum, column) => {
      const value = values[column] ?? Number.NaN;
      return sum + (Number.isNaN(value) ? 0 : value);
    }, 0);
}

const columnsOf = (family: StoredFamily, names: readonly string[]): number[] =>
  names.map((name) => family.columns.findIndex((column) => column.name === name)).filter((column) => column !== -1);

export function statements(file: RecordingFile, question: StatementsQuestion) {
  const family = file.family('statement');
  const { fromMs, toMs } = question;
  const span = { fromMs, toMs };
  const all = family && columnsOf(family, Object.values(figures).flat());
  const added = family && all ? addUp(file, family, span, all) : null;
  // A poll covers time also where nothing was called; the first one tells nothing of any time yet.
  if (!family || !added || added.coveredMs === 0) return sampled(file, question);
  const names = namesAt(file, toMs);
  const of = Object.fromEntries(
    Object.keys(figures).map((figure) => [figure, reader(family, figure as Figure)]),
  ) as Record<Figure, (row: AddedRow) => number>;
  const totalMs = added.rows.reduce((sum, row) => sum + of.totalMs(row), 0);
  const before = meansBefore(file, family, span, of);
  const found = added.rows
    .filter((row) => of.calls(row) > 0 || of.totalMs(row) > 0)
    .map((row) => statementOf(file, row, of, names, totalMs, before, span))
    .filter((one) => matches(one, question))
    .sort((a, b) => b[question.order] - a[question.order]);
  return {
    coveredMs: added.coveredMs,
    sampled: false,
    evicted: evictions(file, span),
    total: found.length,
    statements: found.slice(0, question.limit).map((one) => ({ ...one, text: file.text(one.queryId)?.text ?? null })),
  };

  /** Texts are read only where they are looked for: of thousands, most are not shown. */
  function matches(one: Statement, { search, database }: StatementsQuestion): boolean {
    if (database !== undefined && one.database !== database) return false;
    if (search === undefined || search.trim() === '') return true;
    const sought = search.trim().toLowerCase();
    return one.queryId === sought || (file.text(one.queryId)?.text.toLowerCase().includes(sought) ?? false);
  }
}

function statementOf(
  file: RecordingFile,
  row: AddedRow,
  of: Record<Figure, (row: AddedRow) => number>,
  names: Names,
  allMs: number,
  before: ReadonlyMap<number, number>,
  { fromMs, toMs }: Span,
): Statement {
  const { key, firstMs, known } = file.key(row.key);
  const [dbid = '', userid = '', queryid = ''] = key;
  const calls = of.calls(row);
  const totalMs = of.totalMs(row);
  const meanBefore = before.get(row.key);
  const meanMs = calls > 0 ? totalMs / calls : 0;
  return {
    key: key.join('/'),
    queryId: queryid === '' ? null : queryid,
    database: names.databases.get(dbid) ?? dbid,
    user: names.users.get(userid) ?? userid,
    text: null,
    calls,
    totalMs,
    meanMs,
    rows: of.rows(row),
    sharedHit: of.sharedHit(row),
    sharedRead: of.sharedRead(row),
    sharedDirtied: of.sharedDirtied(row),
    tempBlocks: of.tempBlocks(row),
    ioMs: of.ioMs(row),
    walBytes: of.walBytes(row),
    planMs: of.planMs(row),
    jitMs: of.jitMs(row),
    share: allMs > 0 ? totalMs / allMs : 0,
    isNew: !known && firstMs >= fromMs && firstMs < toMs,
    meanChange: meanBefore ? meanMs / meanBefore - 1 : null,
    flags: flagNames(row.flags),
    totalMsError: null,
  };
}

/** Mean time by key in the stretch of equal length before. */
function meansBefore(
  file: RecordingFile,
  family: StoredFamily,
  { fromMs, toMs }: Span,
  of: Record<Figure, (row: AddedRow) => number>,
): Map<number, number> {
  const columns = columnsOf(family, [...figures.calls, ...figures.totalMs]);
  const earlier = addUp(file, family, { fromMs: fromMs - (toMs - fromMs), toMs: fromMs }, columns);
  return new Map(
    earlier.rows.filter((row) => of.calls(row) > 0).map((row) => [row.key, of.totalMs(row) / of.calls(row)]),
  );
}

/** Times the extension threw entries out, where it says so (14 and later). */
function evictions(file: RecordingFile, span: Span): number | null {
  const family = file.family('statement_info');
  const column = family?.columns.findIndex(({ name }) => name === 'dealloc') ?? -1;
  if (!family || column === -1) return null;
  const values = addUp(file, family, span, [column]).rows.map((row) => row.values[column] ?? Number.NaN);
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

interface Names {
  readonly databases: ReadonlyMap<string, string>;
  readonly users: ReadonlyMap<string, string>;
}

function namesAt(file: RecordingFile, atMs: number): Names {
  const server = file.snapshot('server', null, atMs)?.content as Partial<ServerSnapshot> | undefined;
  const roles = file.snapshot('roles', null, atMs)?.content as RolesSnapshot | undefined;
  return {
    databases: new Map((server?.databases ?? []).map(({ oid, name }) => [String(oid), name])),
    users: new Map((Array.isArray(roles) ? roles : []).map(({ oid, name }) => [String(oid), name])),
  };
}

function sampled(file: RecordingFile, question: StatementsQuestion) {
  const { coveredMs, statements: all } = sampledStatements(file, question);
  const sought = question.search?.trim().toLowerCase() ?? '';
  const found = all
    .filter(
      (one) =>
        (question.database === undefined || one.database === question.database) &&
        (sought === '' || one.queryId === sought || (one.text ?? '').toLowerCase().includes(sought)),
    )
    .sort((a, b) => b[question.order] - a[question.order] || b.totalMs - a.totalMs);
  return {
    coveredMs,
    sampled: true,
    evicted: null,
    total: found.length,
    statements: found.slice(0, question.limit),
  };
}

/** One statement's text, its curve, and what its sessions waited for. */
export function statement(file: RecordingFile, question: Span & { key: string; buckets: number }) {
  const { key, fromMs, toMs } = question;
  const parts = key.split('/');
  const isSampled = parts.length < 4;
  const queryId = isSampled ? (parts[2] ?? key) : (parts[2] ?? '');
  const waits = waitsOf(file, { fromMs, toMs }, queryId);
  const text = file.text(queryId)?.text ?? null;
  if (isSampled) return { ...sampledCurve(file, question, queryId), text, waits };
  const metrics = ['calls', 'total_exec_time', 'rows'];
  const family = file.family('statement');
  if (!family) throw invalid('key', 'This recording has no statements.');
  const curve = series(file, { ...question, family: 'statement', metrics, keys: [parts] });
  const column = (metric: string): (number | null)[] =>
    (curve.series.find((one) => one.metric === metric)?.values ?? []).map((rate, place) =>
      rate === null ? null : (rate * (curve.coveredMs[place] ?? 0)) / 1000,
    );
  const calls = column('calls');
  const totalMs = column('total_exec_time');
  const { startMs, stepMs, buckets, coveredMs } = curve;
  return {
    startMs,
    stepMs,
    buckets,
    coveredMs,
    text,
    calls,
    meanMs: totalMs.map((value, place) => (value === null || !calls[place] ? null : value / calls[place])),
    totalMs,
    rows: column('rows'),
    waits,
  };
}

/** Without the extension: the session time of the samples; calls and rows are not known. */
function sampledCurve(file: RecordingFile, question: Span & { buckets: number }, queryId: string) {
  const buckets = new Buckets(question, question.buckets);
  const totalMs = new Float64Array(buckets.count);
  eachSample(
    file,
    question,
    queryId,
    (_, fromMs, toMs) => buckets.spread(totalMs, fromMs, toMs, toMs - fromMs),
    (fromMs, toMs) => buckets.cover(fromMs, toMs, toMs - fromMs),
  );
  const unknown = buckets.column(() => Number.NaN);
  return {
    ...buckets.frame(),
    calls: unknown,
    meanMs: unknown,
    totalMs: buckets.column((place) => totalMs[place] ?? 0),
    rows: unknown,
  };
}

function waitsOf(file: RecordingFile, span: Span, queryId: string) {
  const byEvent = new Map<string, { class: string; event: string; sessionMs: number }>();
  eachSample(file, span, queryId, (event, fromMs, toMs) => {
    const entry = byEvent.get(event) ?? { class: event.split(':')[0] ?? event, event, sessionMs: 0 };
    entry.sessionMs += toMs - fromMs;
    byEvent.set(event, entry);
  });
  return [...byEvent.values()].sort((a, b) => b.sessionMs - a.sessionMs);
}

function eachSample(
  file: RecordingFile,
  span: Span,
  queryId: string,
  visit: (event: string, fromMs: number, toMs: number) => void,
  covers: (fromMs: number, toMs: number) => void = () => undefined,
): void {
  const question = { by: 'event', filters: [{ dimension: 'query', value: queryId }], background: true } as const;
  for (const piece of file.ash(span)) {
    const core = file.sound(piece, () => piece.core());
    if (!core) continue;
    const within = core.ticks.map(({ atMs, weightMs }) => ({
      fromMs: Math.max(span.fromMs, atMs - weightMs),
      toMs: Math.min(span.toMs, atMs),
    }));
    for (const { fromMs, toMs } of within) if (toMs > fromMs) covers(fromMs, toMs);
    const { names, keys, classes, classAt } = judge(file, core, question);
    for (let sample = 0; sample < core.tick.length; sample++) {
      const { fromMs, toMs } = within[core.tick[sample] ?? 0] ?? { fromMs: 0, toMs: 0 };
      const key = keys[sample] ?? -1;
      if (toMs > fromMs && key >= 0 && classes[classAt[sample] ?? 0] !== idleTx) visit(names[key] ?? '', fromMs, toMs);
    }
  }
}
