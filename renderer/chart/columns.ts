/** From series to the columns that are drawn: stacking, gaps, and which bucket an instant lies in. */
import type { Buckets, ChartKind, ChartSeries, TimeRange } from './chart-types.ts';

export interface Columns {
  /** Starts of the buckets, and the end of the last. */
  readonly x: readonly number[];
  /** In the order of drawing: of a stack the highest first, so that the lower ones lie on it. */
  readonly drawn: readonly { readonly series: ChartSeries; readonly values: readonly (number | null)[] }[];
}

/** True where nothing is known of a bucket. */
function isGap(buckets: Buckets, series: readonly ChartSeries[], bucket: number): boolean {
  if (buckets.coveredMs) return (buckets.coveredMs[bucket] ?? 0) === 0;
  return series.every((each) => each.values[bucket] == null);
}

/** The values with the last once more: a step needs an end to be drawn to. */
const withEnd = (values: readonly (number | null)[]): (number | null)[] => [...values, values.at(-1) ?? null];

/** What is drawn, from the back to the front. */
export function columnsOf(kind: ChartKind, buckets: Buckets, series: readonly ChartSeries[]): Columns {
  const x = Array.from({ length: buckets.buckets + 1 }, (_, at) => buckets.startMs + at * buckets.stepMs);
  if (kind === 'lines') {
    return { x, drawn: series.map((each) => ({ series: each, values: [...each.values, null] })) };
  }
  const sums: (number | null)[] = Array.from({ length: buckets.buckets }, (_, at) =>
    isGap(buckets, series, at) ? null : 0,
  );
  const stacked = series
    .filter((each) => !each.over)
    .map((each) => {
      for (let at = 0; at < sums.length; at++) {
        const sum = sums[at];
        if (sum != null) sums[at] = sum + (each.values[at] ?? 0);
      }
      return { series: each, values: withEnd(sums) };
    });
  const over = series.filter((each) => each.over).map((each) => ({ series: each, values: withEnd(each.values) }));
  return { x, drawn: [...stacked.reverse(), ...over] };
}

/** Stretches of the shown range of which nothing is known; what lies after `endMs` has not happened yet. */
export function gapsOf(buckets: Buckets, series: readonly ChartSeries[], range: TimeRange, endMs: number): TimeRange[] {
  const gaps: { fromMs: number; toMs: number }[] = [];
  const last = buckets.startMs + buckets.buckets * buckets.stepMs;
  const add = (fromMs: number, toMs: number) => {
    const from = Math.max(fromMs, range.fromMs);
    const to = Math.min(toMs, range.toMs, endMs);
    if (to <= from) return;
    const before = gaps.at(-1);
    if (before && before.toMs >= from) before.toMs = to;
    else gaps.push({ fromMs: from, toMs: to });
  };
  add(range.fromMs, buckets.startMs);
  for (let at = 0; at < buckets.buckets; at++) {
    if (!isGap(buckets, series, at)) continue;
    const from = buckets.startMs + at * buckets.stepMs;
    add(from, from + buckets.stepMs);
  }
  add(last, range.toMs);
  return gaps;
}

/** The bucket an instant lies in; null outside. */
export function bucketAt(buckets: Buckets, atMs: number): number | null {
  const at = Math.floor((atMs - buckets.startMs) / buckets.stepMs);
  return at >= 0 && at < buckets.buckets ? at : null;
}

/** The last bucket of which something is known; null in an empty chart. */
export function lastKnown(buckets: Buckets, series: readonly ChartSeries[]): number | null {
  for (let at = buckets.buckets - 1; at >= 0; at--) {
    if (!isGap(buckets, series, at) && series.some((each) => each.values[at] != null)) return at;
  }
  return null;
}

/** The limits of the value axis: from 0, as far as `reach` and the values, room above, and the lines where they are not far off. */
export function valueLimits(
  drawn: Columns['drawn'],
  lines: readonly { readonly value: number }[],
  reach = 0,
): readonly [number, number] {
  let most = reach;
  let least = 0;
  for (const { values } of drawn) {
    for (const value of values) {
      if (value == null) continue;
      if (value > most) most = value;
      if (value < least) least = value;
    }
  }
  for (const { value } of lines) if (value <= most * 4 && value > most) most = value;
  if (most === 0 && least === 0) return [0, 1];
  return [least, most * 1.08];
}
