/** Amounts of monitoring as a person reads them: one place for charts, tables and reports. */
import type { MetricUnit } from './metric.ts';

/** A metric's unit, or one that only a chart has: sessions at work on average. */
export type ShownUnit = MetricUnit | 'sessions';

export interface UnitOf {
  readonly unit: ShownUnit;
  /** The value is a growth a second. */
  readonly perSecond?: boolean;
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const blockBytes = 8192;

/** Three significant digits, no trailing zeroes: 0.042, 1.5, 12.4, 340. */
function short(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 100) return whole.format(value);
  if (size >= 10) return String(Number(value.toFixed(1)));
  if (size >= 1) return String(Number(value.toFixed(2)));
  return String(Number(value.toPrecision(2)));
}

function scaled(value: number, base: number, names: readonly string[]): string {
  let amount = value;
  let step = 0;
  // 999.6 would be written as 1,000.
  while (Math.abs(amount) >= base - 0.5 && step < names.length - 1) {
    amount /= base;
    step++;
  }
  return `${short(amount)}${names[step]}`;
}

/** 512 B, 1.5 kB, 293 MB: units of 1,024, named as pg_size_pretty does. */
const bytes = (value: number): string => scaled(value, 1024, [' B', ' kB', ' MB', ' GB', ' TB', ' PB']);

/** 950, 1.2 k, 3.4 M; the limit of a bigint is 9.22 E. */
const count = (value: number): string => scaled(value, 1000, ['', ' k', ' M', ' G', ' T', ' P', ' E']);

/** 12 µs, 4.2 ms, 1.5 s, 3 min 20 s, 5 h 12 min. */
function duration(ms: number): string {
  const size = Math.abs(ms);
  if (size === 0) return '0 ms';
  if (size < 1) return `${short(ms * 1000)} µs`;
  if (size < 1000) return `${short(ms)} ms`;
  if (size < 60_000) return `${short(ms / 1000)} s`;
  const seconds = Math.round(size / 1000);
  const parts: readonly [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const at = parts.findIndex(([length]) => seconds >= length);
  const [length, name] = parts[at] ?? [1, 's'];
  const [nextLength, nextName] = parts[at + 1] ?? [1, 's'];
  const rest = Math.floor((seconds % length) / nextLength);
  const words = `${Math.floor(seconds / length)} ${name}${rest > 0 ? ` ${rest} ${nextName}` : ''}`;
  return ms < 0 ? `-${words}` : words;
}

function instant(ms: number): string {
  const at = new Date(ms);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A log sequence number as the server writes it. */
function lsn(value: number): string {
  const low = value % 4_294_967_296;
  return `${((value - low) / 4_294_967_296).toString(16).toUpperCase()}/${low.toString(16).toUpperCase()}`;
}

const amounts: Record<ShownUnit, (value: number) => string> = {
  count,
  bytes,
  ms: duration,
  us: (value) => duration(value / 1000),
  ratio: (value) => `${short(value * 100)} %`,
  xids: count,
  lsn,
  epochMs: instant,
  blocks: (value) => bytes(value * blockBytes),
  sessions: short,
};

/**
 * A value with its unit: `4.2 MB/s`, `12 ms`, `340`. Blocks are shown as bytes of 8 kB blocks; a growing time a second
 * (ms of waiting a second, say) as that many sessions' worth.
 */
export function shownAmount(value: number, { unit, perSecond }: UnitOf): string {
  if (!Number.isFinite(value)) return '–';
  if (!perSecond) return amounts[unit](value);
  if (unit === 'ms') return `${duration(value)}/s`;
  return `${amounts[unit](value)}/s`;
}
