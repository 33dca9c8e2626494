/** Stretches of time: what is shown, and how finely. Pure. */

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** `last` goes with the newest of a source that is being recorded. */
export type Shown =
  | { readonly kind: 'last'; readonly lengthMs: number }
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number };

/** What a source covers; nulls while nothing is recorded yet. */
export interface Span {
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly live: boolean;
  readonly everyMs: number;
}

/** A range of whole steps: what is asked for, and what a chart's axis shows. */
export interface SteppedRange extends TimeRange {
  readonly stepMs: number;
  readonly buckets: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
export const dayMs = 24 * hour;
const day = dayMs;

/** Lengths that are offered, from the last five minutes to two years. */
export const lengthsMs: readonly number[] = [
  5 * minute,
  15 * minute,
  hour,
  6 * hour,
  day,
  7 * day,
  30 * day,
  90 * day,
  365 * day,
  730 * day,
];

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800].map(
  (each) => each * second,
);
const mostBuckets = 360;
/** Charts of a source that is being recorded are not asked for more often than this. */
const freshestMs = 2 * second;

/** What is shown before anybody has chosen: the newest quarter of an hour, or all of a short recording. */
export function usualShown({ fromMs, toMs, live }: Span): Shown {
  if (live || fromMs === null || toMs === null) return { kind: 'last', lengthMs: 15 * minute };
  return { kind: 'last', lengthMs: Math.max(minute, Math.min(hour, toMs - fromMs)) };
}

/** The step at which a length is drawn: never finer than samples come, never more buckets than a chart has room for. */
export function stepFor(lengthMs: number, everyMs: number): number {
  return steps.find((step) => step >= everyMs && lengthMs / step <= mostBuckets) ?? (steps.at(-1) as number);
}

/**
 * The range that is shown now, widened to whole steps.
 * @param toMs the newest instant of the source @param nowMs stands for it while nothing is recorded
 */
export function rangeOf(shown: Shown, toMs: number | null, everyMs: number, nowMs: number): SteppedRange {
  const newest = toMs ?? nowMs;
  const lengthMs = Math.max(second, shown.kind === 'last' ? shown.lengthMs : shown.toMs - shown.fromMs);
  const stepMs = stepFor(lengthMs, everyMs);
  if (shown.kind === 'fixed') {
    const from = Math.floor(shown.fromMs / stepMs) * stepMs;
    const to = Math.max(from + stepMs, Math.ceil(shown.toMs / stepMs) * stepMs);
    return { fromMs: from, toMs: to, stepMs, buckets: Math.round((to - from) / stepMs) };
  }
  const every = Math.max(stepMs, freshestMs);
  const to = Math.ceil(newest / every) * every;
  const buckets = Math.ceil(lengthMs / stepMs);
  return { fromMs: to - buckets * stepMs, toMs: to, stepMs, buckets };
}

/** With what one compares: the stretch right before, or the same one a day or a week earlier. */
export type Earlier = 'before' | 'day' | 'week';

/** The stretch of equal length that is meant. */
export function earlierStretch(which: Earlier, { fromMs, toMs }: TimeRange): TimeRange {
  const byMs = { before: toMs - fromMs, day, week: 7 * day }[which];
  return { fromMs: fromMs - byMs, toMs: toMs - byMs };
}

/** Twice the range around its middle, within the span where it is known. */
export function wider({ fromMs, toMs }: TimeRange, span: Span): TimeRange {
  const half = (toMs - fromMs) / 2;
  const to = Math.min(toMs + half, Math.max(toMs, span.toMs ?? toMs));
  return { fromMs: to - 4 * half, toMs: to };
}
