/** Some statements over a stretch of time: how often they were called, how long they took, what they waited for. */
import { idleTx } from '../../activity-class.ts';
import type { RecordingFile, Span } from '../../file/recording-file.ts';
import { judge } from '../activity/sample-filter.ts';
import { series } from '../series/series.ts';

export interface RememberedQuestion extends Span {
  /** Keys of the family `statement`, as `monitor.statements` gives them, a list for each statement that is asked for. */
  readonly statements: readonly { readonly keys: readonly string[]; readonly queryIds: readonly string[] }[];
  /** Pieces of the curve. */
  readonly buckets: number;
}

const minuteMs = 60_000;
const mostWaits = 3;
/** Samples are read of this much of the end only: more of them would hold up what stands in line behind. */
const waitsOfMs = 3 * 3_600_000;

interface MinutesOf {
  readonly calls: (number | null)[];
  readonly totalMs: (number | null)[];
}

export function remembered(file: RecordingFile, question: RememberedQuestion) {
  const minutes = minutesOf(file, question);
  const waits = waitsOf(file, question);
  return question.statements.map(({ queryIds }, place) => ({
    p95MinuteMs: p95(minutes[place]),
    trend: trendOf(minutes[place], question.buckets),
    waits: topOf(queryIds.map((queryId) => waits.get(queryId))),
  }));
}

function minutesOf(file: RecordingFile, { fromMs, toMs, statements }: RememberedQuestion): MinutesOf[] {
  const keys = [...new Set(statements.flatMap((each) => each.keys))].filter((key) => key.split('/').length >= 4);
  if (keys.length === 0 || !file.family('statement')) return [];
  const curves = series(file, {
    fromMs,
    toMs,
    family: 'statement',
    metrics: ['calls', 'total_exec_time'],
    keys: keys.map((key) => key.split('/')),
    buckets: Math.max(1, Math.ceil((toMs - fromMs) / minuteMs)),
  });
  const added = (key: string, metric: string): (number | null)[] => {
    const found = curves.series.find((each) => each.metric === metric && each.key.join('/') === key);
    return (found?.values ?? []).map((rate, at) =>
      rate === null ? null : (rate * (curves.coveredMs[at] ?? 0)) / 1000,
    );
  };
  return statements.map((each) => ({
    calls: sum(each.keys.map((key) => added(key, 'calls'))),
    totalMs: sum(each.keys.map((key) => added(key, 'total_exec_time'))),
  }));
}

function sum(columns: readonly (number | null)[][]): (number | null)[] {
  const [first = [], ...others] = columns;
  return first.map((value, at) =>
    others.reduce((all, each) => (each[at] == null ? all : (all ?? 0) + each[at]), value),
  );
}

/** Of the minutes' means, each as often as it was called. */
function p95(minutes: MinutesOf | undefined): number | null {
  if (!minutes) return null;
  const means = minutes.calls
    .map((calls, at) => ({ calls: calls ?? 0, meanMs: (minutes.totalMs[at] ?? 0) / (calls || 1) }))
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => a.meanMs - b.meanMs);
  let left = 0.95 * means.reduce((all, { calls }) => all + calls, 0);
  for (const { calls, meanMs } of means) {
    left -= calls;
    if (left <= 1e-9) return meanMs;
  }
  return means.at(-1)?.meanMs ?? null;
}

function trendOf(minutes: MinutesOf | undefined, buckets: number): (number | null)[] {
  if (!minutes) return [];
  const calls = new Float64Array(buckets);
  const totalMs = new Float64Array(buckets);
  minutes.calls.forEach((value, at) => {
    const place = Math.floor((at * buckets) / minutes.calls.length);
    calls[place] = (calls[place] ?? 0) + (value ?? 0);
    totalMs[place] = (totalMs[place] ?? 0) + (minutes.totalMs[at] ?? 0);
  });
  return Array.from(calls, (count, place) => (count > 0 ? (totalMs[place] ?? 0) / count : null));
}

type Waits = ReadonlyMap<string, number>;

/** Session time by event, for each queryid that is asked for: one reading of the samples for all of them. */
function waitsOf(file: RecordingFile, { fromMs, toMs, statements }: RememberedQuestion): Map<string, Waits> {
  const found = new Map(
    statements.flatMap(({ queryIds }) => queryIds).map((each) => [each, new Map<string, number>()]),
  );
  if (found.size === 0) return found;
  const span = { fromMs: Math.max(fromMs, toMs - waitsOfMs), toMs };
  const asked = { filters: [], background: true } as const;
  for (const piece of file.ash(span)) {
    const core = file.sound(piece, () => piece.core());
    if (!core) continue;
    const queries = judge(file, core, { by: 'query', ...asked });
    // Most minutes have none of them.
    if (!queries.names.some((name) => found.has(name))) continue;
    const events = judge(file, core, { by: 'event', ...asked });
    for (let sample = 0; sample < core.tick.length; sample++) {
      const waits = found.get(queries.names[queries.keys[sample] ?? -1] ?? '');
      const event = events.names[events.keys[sample] ?? -1];
      if (!waits || !event || events.classes[events.classAt[sample] ?? 0] === idleTx) continue;
      const weight = core.ticks[core.tick[sample] ?? 0]?.weightMs ?? 0;
      waits.set(event, (waits.get(event) ?? 0) + weight);
    }
  }
  return found;
}

function topOf(all: readonly (Waits | undefined)[]): { event: string; share: number }[] {
  const sums = new Map<string, number>();
  for (const waits of all) for (const [event, ms] of waits ?? []) sums.set(event, (sums.get(event) ?? 0) + ms);
  const whole = [...sums.values()].reduce((one, other) => one + other, 0);
  return [...sums]
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostWaits)
    .map(([event, ms]) => ({ event, share: ms / whole }));
}
