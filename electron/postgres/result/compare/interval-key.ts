/** Intervals as PostgreSQL compares them: a month is 30 days, a day is 24 hours. */

import type { Key } from './key.ts';
import { doubleKey } from './number-key.ts';

const micros: Readonly<Record<string, bigint>> = {
  year: 31_104_000_000_000n,
  mon: 2_592_000_000_000n,
  day: 86_400_000_000n,
};

/** Understands the style `postgres` ("1 year 2 mons -3 days 04:05:06.7") and "infinity"; other styles answer false. */
export function intervalKey(bytes: Uint8Array, start: number, end: number, key: Key): boolean {
  const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
  if (text === 'infinity' || text === '-infinity') {
    doubleKey(text === 'infinity' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY, key);
    key.exact = true;
    return true;
  }
  const span = intervalMicros(text);
  if (span === null) return false;
  doubleKey(Number(span), key);
  key.exact = span >= -9_007_199_254_740_992n && span <= 9_007_199_254_740_992n;
  return true;
}

/** The length in microseconds, or null for a text of another style. */
export function intervalMicros(text: string): bigint | null {
  const pattern = /(?:^| )(?:([+-]?\d+) (year|mon|day)s?|([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?)(?= |$)/y;
  let span = 0n;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) return null;
    const [, count, unit, sign, hours, minutes, seconds, fraction = ''] = match;
    if (unit) span += BigInt(count as string) * (micros[unit] as bigint);
    else {
      const time = BigInt(hours as string) * 3600n + BigInt(minutes as string) * 60n + BigInt(seconds as string);
      const length = time * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
      span += sign === '-' ? -length : length;
    }
  }
  return text === '' ? null : span;
}

/** Two interval texts of the style `postgres` by their length. */
export function compareIntervals(left: string, right: string): number {
  const difference = (intervalMicros(left) ?? 0n) - (intervalMicros(right) ?? 0n);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
