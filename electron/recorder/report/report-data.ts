/** What a report says of a stretch of a recording: the same answers that the screens show. */
import { familyOf } from '../../../shared/metrics/families.ts';
import type { RecordingFile, Span } from '../file/recording-file.ts';
import { answer } from '../read/questions.ts';

export interface ReportChart {
  readonly title: string;
  readonly unit: 'sessions' | 'perSecond' | 'bytesPerSecond' | 'count';
  readonly stacked: boolean;
  readonly startMs: number;
  readonly stepMs: number;
  readonly lines: readonly { label: string; key: string; values: readonly (number | null)[] }[];
}

const buckets = 240;
const shown = 20;

export function reportData(file: RecordingFile, span: Span) {
  const activity = (by: 'event' | 'user' | 'application' | 'database') =>
    answer(file, 'shares', { ...span, by, filters: [], background: false, limit: 10 });
  const byClass = answer(file, 'shares', { ...span, by: 'class', filters: [], background: false, limit: 20 });
  const wholeMs = span.toMs - span.fromMs;
  return {
    info: answer(file, 'info', {}),
    span,
    /** How much of the stretch samples stand for. */
    coverage: wholeMs > 0 ? Math.min(1, byClass.coveredMs / wholeMs) : 0,
    gaps: answer(file, 'span', {}).gaps.filter(({ fromMs, toMs }) => toMs > span.fromMs && fromMs < span.toMs),
    averageActive: byClass.coveredMs > 0 ? byClass.totalMs / byClass.coveredMs : 0,
    charts: charts(file, span),
    classes: byClass.shares,
    events: activity('event').shares,
    users: activity('user').shares,
    applications: activity('application').shares,
    databases: activity('database').shares,
    statements: answer(file, 'statements', { ...span, order: 'totalMs', limit: shown }),
    blame: answer(file, 'blame', span).slice(0, shown),
    tables: largestTables(file, span),
    changes: answer(file, 'events', span).slice(0, 200),
  };
}
export type ReportData = ReturnType<typeof reportData>;

function charts(file: RecordingFile, span: Span): ReportChart[] {
  const question = { ...span, by: 'class', filters: [], background: false, buckets, top: 12 } as const;
  const { startMs, stepMs, series } = answer(file, 'activity', question);
  const active: ReportChart = {
    title: 'Average active sessions by wait class',
    unit: 'sessions',
    stacked: true,
    startMs,
    stepMs,
    lines: series.map(({ key, label, values }) => ({ key, label, values })),
  };
  const curves = [
    curve(file, span, {
      title: 'Transactions',
      unit: 'perSecond',
      family: 'database',
      metrics: ['xact_commit', 'xact_rollback'],
    }),
    curve(file, span, {
      title: 'Connections',
      unit: 'count',
      family: 'connections',
      metrics: ['total', 'active', 'idle_in_transaction', 'max_connections'],
    }),
    curve(file, span, {
      title: 'WAL written',
      unit: 'bytesPerSecond',
      family: 'wal',
      metrics: ['lsn'],
      names: ['Written'],
    }),
    curve(file, span, {
      title: 'Blocks read and hit',
      unit: 'perSecond',
      family: 'database',
      metrics: ['blks_read', 'blks_hit'],
    }),
  ];
  return [active, ...curves].filter((chart): chart is ReportChart => chart !== null && chart.lines.length > 0);
}

interface Curve {
  readonly title: string;
  readonly unit: ReportChart['unit'];
  readonly family: string;
  readonly metrics: readonly string[];
  /** Where the metrics' own names do not fit. */
  readonly names?: readonly string[];
}

/** Null where the recording has none of it. */
function curve(file: RecordingFile, span: Span, { title, unit, family, metrics, names }: Curve): ReportChart | null {
  const known = file.family(family)?.columns.map(({ name }) => name);
  if (!known) return null;
  const kept = metrics.filter((metric) => known.includes(metric));
  const { startMs, stepMs, series } = answer(file, 'series', { ...span, family, metrics: kept, keys: [], buckets });
  const lines = series
    .filter(({ values }) => values.some((value) => value !== null))
    .map(({ metric, values }) => ({
      key: metric,
      label:
        names?.[metrics.indexOf(metric)] ??
        familyOf(family)?.metrics.find(({ name }) => name === metric)?.label ??
        metric,
      values,
    }));
  return { title, unit, stacked: false, startMs, stepMs, lines };
}

/** With their indexes and TOAST, which stand under their table. */
function largestTables(file: RecordingFile, span: Span): { name: string; bytes: number }[] {
  const { metrics, key, rows } = answer(file, 'table', { ...span, family: 'relation_size' });
  const column = metrics.indexOf('bytes');
  const sizes = new Map<string, number>();
  for (const row of rows) {
    const [database, schema, table] = ['database', 'schema', 'table'].map((name) => row.key[key.indexOf(name)] ?? '');
    const name = `${database}: ${schema}.${table}`;
    sizes.set(name, (sizes.get(name) ?? 0) + (row.values[column] ?? 0));
  }
  return [...sizes]
    .map(([name, bytes]) => ({ name, bytes }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 10);
}
