/**
 * How much of a table or index is empty, where it can be known: its pages a row now against the fewest it ever had in the
 * recording, both as VACUUM or ANALYZE left them (relpages and reltuples are written together). That needs no statistics
 * of columns, and duplicates in an index, nulls and fillfactor do not deceive it; wider rows do. Pure.
 */
import type { Series } from '../../../../../shared/api/monitor.ts';

export interface Bloat {
  readonly bytes: number;
  /** Bytes a row at the last VACUUM or ANALYZE, and the fewest seen. */
  readonly perRow: number;
  readonly leastPerRow: number;
  readonly leastAtMs: number;
  /** What would be given back if it were as dense as it was then. */
  readonly emptyBytes: number;
  /** Times that it was counted anew in the recording. */
  readonly readings: number;
}

const pageBytes = 8192;
/** Smaller ones are noise: a page more or less is a percent. */
export const fewestPages = 100;

interface Reading {
  readonly atMs: number;
  readonly pages: number;
  readonly rows: number;
}

/** Readings that tell something new: another number of pages or rows than before. */
export function readingsOf(series: Series, key: readonly string[]): Reading[] {
  const values = (metric: string) =>
    series.series.find((each) => each.metric === metric && each.key.join('\0') === key.join('\0'))?.values ?? [];
  const [pages, rows] = [values('relpages'), values('reltuples')];
  const found: Reading[] = [];
  for (let at = 0; at < series.buckets; at++) {
    const reading = { atMs: series.startMs + (at + 1) * series.stepMs, pages: pages[at] ?? 0, rows: rows[at] ?? 0 };
    const before = found.at(-1);
    if (reading.pages < fewestPages || reading.rows <= 0) continue;
    if (before?.pages === reading.pages && before.rows === reading.rows) continue;
    found.push(reading);
  }
  return found;
}

/** Null where it cannot be known: counted fewer than twice, or too small. */
export function bloatOf(readings: readonly Reading[]): Bloat | null {
  const last = readings.at(-1);
  if (!last || readings.length < 2) return null;
  const density = ({ pages, rows }: Reading) => pages / rows;
  const densest = readings.reduce((least, each) => (density(each) < density(least) ? each : least), last);
  return {
    bytes: last.pages * pageBytes,
    perRow: density(last) * pageBytes,
    leastPerRow: density(densest) * pageBytes,
    leastAtMs: densest.atMs,
    emptyBytes: Math.max(0, last.pages - Math.ceil(last.rows * density(densest))) * pageBytes,
    readings: readings.length,
  };
}
