import type { MonitorView } from '../frame/monitor-view.ts';

export interface Stretch {
  readonly id: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const minuteMs = 60_000;
/** So long after recording began, what is read rarely (sizes, settings, structure) comes in for the first time. */
const settlingMs = 5 * minuteMs;
const soonMs = 5_000;

/**
 * The instant all pages look at. The newest one is rounded up: what is slow to change is not asked for every second. In
 * whole minutes; at the beginning of a recording in five seconds, since there the first reading is waited for. An earlier
 * one is taken as it is: what was read after it was not known then.
 */
export function slowInstant({ atMs, span }: Pick<MonitorView, 'atMs' | 'span'>): number {
  if (span.toMs !== null && atMs < span.toMs) return atMs;
  const every = span.fromMs !== null && atMs - span.fromMs < settlingMs ? soonMs : minuteMs;
  return Math.ceil(atMs / every) * every;
}

/** The shown stretch up to that instant. */
export function upToNow(view: MonitorView): Stretch {
  const toMs = slowInstant(view);
  return { id: view.id, fromMs: Math.min(view.range.fromMs, toMs - minuteMs), toMs };
}

/** From the beginning of the recording to that instant. */
export function allUpToNow(view: MonitorView): Stretch {
  const { id, toMs, fromMs } = upToNow(view);
  return { id, fromMs: Math.min(view.span.fromMs ?? fromMs, toMs - minuteMs), toMs };
}
