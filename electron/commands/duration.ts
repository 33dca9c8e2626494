/** Lengths of time on the command line: `500ms`, `30s`, `10m`, `2h`, `7d`; a bare number is seconds. */
import { UsageError } from './command.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, '': 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** In milliseconds. @throws UsageError where it is none, or none above zero */
export function readDuration(option: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(text.trim()) ?? [];
  const ms = Number(number || Number.NaN) * (units[unit] ?? Number.NaN);
  if (Number.isFinite(ms) && ms > 0) return ms;
  throw new UsageError(`${option} wants a length of time such as 30s, 10m or 2h, not "${text}".`);
}
