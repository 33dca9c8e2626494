import type { Buckets } from '../../../chart/chart-types.ts';

/** Readings may be late by so much of their interval. */
const patience = 1.5;

/** Up to when something could be known: to the newest sample, or to the last reading while the next is not overdue. Pure. */
export function knownUntil({ startMs, stepMs, coveredMs }: Buckets, newestMs: number, everyMs: number): number {
  const last = coveredMs?.findLastIndex((each) => each > 0) ?? -1;
  const readMs = startMs + (last + 1) * stepMs;
  return last >= 0 && newestMs - readMs < everyMs * patience ? Math.min(newestMs, readMs) : newestMs;
}
