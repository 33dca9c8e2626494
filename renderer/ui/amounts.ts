/** Amounts in words and digits, the same everywhere. */

const whole = new Intl.NumberFormat('en');

/** 1,234,567 */
export const shownCount = (count: number): string => whole.format(count);

/** "1 table", "1,000 tables" */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${shownCount(count)} ${count === 1 ? one : many}`;

/** "1 row", "1,000 rows" */
export const rowsWords = (rows: number | null): string =>
  rows === null ? '' : `${shownCount(rows)} ${rows === 1 ? 'row' : 'rows'}`;

/** Milliseconds as a person reads them: 0.4 ms, 12 ms, 1.25 s, 3 m 05 s. */
export function shownDuration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} m`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];
/** Bytes in units of 1,024, as pg_size_pretty names them: 512 B, 1.5 kB, 293 MB. */
export function shownBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${unit === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`;
}

/** "in 3 h 20 m", "in 12 m", "now": to be read at a glance. */
export function untilWords(ms: number, nowMs: number): string {
  const minutes = Math.round((ms - nowMs) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `in ${minutes} m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `in ${hours} h ${String(minutes % 60).padStart(2, '0')} m`;
  return `in ${Math.round(hours / 24)} days`;
}
