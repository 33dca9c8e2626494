import type { MonitorView } from '../frame/monitor-view.ts';

export interface Stretch {
  readonly id: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const minuteMs = 60_000;

/** Up to the instant all pages look at, in whole minutes: what is slow to change is not asked for every second. */
export function upToNow(view: MonitorView): Stretch {
  const toMs = Math.ceil(view.atMs / minuteMs) * minuteMs;
  return { id: view.id, fromMs: Math.min(view.range.fromMs, toMs - minuteMs), toMs };
}

/** From the beginning of the recording to that instant. */
export function allUpToNow(view: MonitorView): Stretch {
  const { id, toMs, fromMs } = upToNow(view);
  return { id, fromMs: Math.min(view.span.fromMs ?? fromMs, toMs - minuteMs), toMs };
}
