/** From answers to what a chart draws: colours, what lies over the stack, and sums for comparing. Pure. */
import type { ActivityFilter, ActivitySeries, Dimension, SessionAt } from '../../../../shared/api/monitor.ts';
import type { ChartSeries } from '../../../chart/chart-types.ts';
import { seriesColor, waitClass, waitClassRank } from '../../../chart/wait-classes.ts';
import { visibleText } from '../../../ui/visible-text.ts';
import { classOf } from '../sessions/session-words.ts';

/** The rest that the top series leave. */
const isRest = (key: string): boolean => key === '*';

/** Idle in transaction is drawn over the stack: it is no load, but it explains locks. */
export function stackOf(answer: ActivitySeries, by: Dimension, withPeak: boolean): ChartSeries[] {
  const stacked =
    by === 'class'
      ? answer.series
          .toSorted((a, b) => waitClassRank(a.key) - waitClassRank(b.key))
          .map(({ key, values }): ChartSeries => {
            const { label, color, pattern } = waitClass(key);
            const over = key === 'IdleTx';
            return { key, label, color, pattern, values, over, dashed: over };
          })
      : answer.series.map(({ key, label, values }, at): ChartSeries => {
          const look = isRest(key) ? { color: '--wait-other', pattern: 'plain' as const } : seriesColor(at);
          return { key, label: oneWord(label) || 'none', values, ...look };
        });
  if (!withPeak || answer.grain === 'raw') return stacked;
  return [...stacked, { key: 'peak', label: 'Peak', color: '--muted', values: answer.peak, over: true, dashed: true }];
}

const longest = 60;
const oneWord = (label: string): string => {
  const line = visibleText(label.replace(/\s+/g, ' ').trim());
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
};

/** Sessions at work in each bucket, idle transactions not counted; null in a gap. */
export const totals = (answer: ActivitySeries): (number | null)[] =>
  Array.from({ length: answer.buckets }, (_, at) =>
    (answer.coveredMs[at] ?? 0) === 0
      ? null
      : answer.series.reduce((sum, each) => sum + (each.key === 'IdleTx' ? 0 : (each.values[at] ?? 0)), 0),
  );

/** The average of what is known. */
export function averageOf(answer: ActivitySeries): number | null {
  let sum = 0;
  let covered = 0;
  totals(answer).forEach((value, at) => {
    if (value === null) return;
    const weight = answer.coveredMs[at] ?? 0;
    sum += value * weight;
    covered += weight;
  });
  return covered === 0 ? null : sum / covered;
}

/** How much of the range samples stand for, 0 to 1. */
export const coverage = (answer: Pick<ActivitySeries, 'coveredMs' | 'stepMs' | 'buckets'>): number =>
  Math.min(1, answer.coveredMs.reduce((sum, each) => sum + each, 0) / Math.max(1, answer.stepMs * answer.buckets));

/** `IO:DataFileRead`; what has no event is its own. */
function eventOf(session: SessionAt): string {
  const own = classOf(session) ?? '';
  return own === 'CPU' || own === 'IdleTx' || session.waitEvent === null ? own : `${own}:${session.waitEvent}`;
}

/** Whether a session of one sample is what the chart is narrowed to. @param label what the value is called */
export function isNarrowedTo(
  session: SessionAt,
  { dimension, value, label }: ActivityFilter & { label: string },
): boolean {
  switch (dimension) {
    case 'class':
      return (classOf(session) ?? '') === value;
    case 'event':
      return eventOf(session) === value;
    case 'query': {
      const { queryId, query } = session;
      if (queryId !== null && (value === queryId || value.endsWith(`:${queryId}`))) return true;
      return query?.replace(/\s+/g, ' ').trim().startsWith(label) ?? false;
    }
    case 'database':
      return (session.database ?? '') === value;
    case 'user':
      return (session.user ?? '') === value;
    case 'application':
      return session.application === value;
    case 'client':
      return (session.client ?? '') === value;
    case 'backendType':
      return session.backendType === value;
    case 'blocker':
      return String(session.blockedBy[0] ?? '') === value;
    case 'pid':
      return String(session.pid) === value;
  }
}
