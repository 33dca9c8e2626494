/**
 * How something grows, and how sure one can be of where it will be: a random walk with drift (Hyndman and Athanasopoulos,
 * Forecasting: Principles and Practice, 5.2 and 5.5), since what is added on one day stays on the next. Its uncertainty
 * grows with the distance, and faster the shorter the history.
 */

export interface Reading {
  readonly atMs: number;
  readonly value: number;
}

export interface Forecast {
  /** Mean growth a day over what was read. */
  readonly perDay: number;
  /** Half the 95 % interval of that. */
  readonly perDayError: number;
  readonly historyMs: number;
  /** No further than the history is long: more cannot be said. */
  readonly untilMs: number;
  /** The middle and the ends of the 95 % band at an instant after the last reading. */
  readonly at: (atMs: number) => { readonly low: number; readonly middle: number; readonly high: number };
}

const dayMs = 86_400_000;
const fewest = 5;
const z = 1.959964;

/** The 97.5 % point of Student's t, by the Cornish-Fisher expansion: within 1 % from four degrees of freedom on. */
export function studentT(freedom: number): number {
  const first = (z ** 3 + z) / (4 * freedom);
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
  return z + first + second;
}

/** Null where too little was read: fewer than five readings, or all at one time. Sizes never fall below zero. */
export function forecast(readings: readonly Reading[]): Forecast | null {
  const first = readings[0];
  const last = readings.at(-1);
  if (!first || !last || readings.length < fewest) return null;
  const historyMs = last.atMs - first.atMs;
  if (historyMs <= 0) return null;
  const drift = (last.value - first.value) / historyMs;
  let squares = 0;
  for (let at = 1; at < readings.length; at++) {
    const [before, now] = [readings[at - 1] as Reading, readings[at] as Reading];
    const lengthMs = now.atMs - before.atMs;
    if (lengthMs > 0) squares += (now.value - before.value - drift * lengthMs) ** 2 / lengthMs;
  }
  const freedom = readings.length - 2;
  const variance = squares / freedom;
  const t = studentT(freedom);
  return {
    perDay: drift * dayMs,
    perDayError: t * Math.sqrt(variance / historyMs) * dayMs,
    historyMs,
    untilMs: last.atMs + historyMs,
    at(atMs) {
      const aheadMs = Math.max(0, atMs - last.atMs);
      const middle = last.value + drift * aheadMs;
      const half = t * Math.sqrt(variance * aheadMs * (1 + aheadMs / historyMs));
      return { low: Math.max(0, middle - half), middle: Math.max(0, middle), high: middle + half };
    },
  };
}
