/** Every row of a metric family over a stretch of time. */
import type { RecordingFile, Span, StoredFamily } from '../../file/recording-file.ts';
import { flagNames } from '../../pack/delta-flags.ts';
import type { Poll } from '../../pack/family-block.ts';
import { lookBackOf, readBlocks, readPolls, type Segment, segmentsOf } from '../family-range.ts';

const hourMs = 3_600_000;

export interface AddedRow {
  readonly key: number;
  readonly flags: number;
  /** By column: sums of counters, last values of gauges; NaN: not known. */
  readonly values: Float64Array;
}

/**
 * Every row of a family over a stretch of time. For counters a poll counts when the middle of what it covers lies within;
 * where the stretch is too short for that, those that overlap it count. A gauge is what was last read up to the end of the
 * stretch, before it began if need be, and never what was read after it.
 * @returns `atMs`: the last reading that anything was taken of; null where there is none
 */
export function addUp(
  file: RecordingFile,
  family: StoredFamily,
  span: Span,
  columns: readonly number[],
): { atMs: number | null; coveredMs: number; rows: AddedRow[] } {
  const gauges = columns.filter((column) => family.columns[column]?.merge === 'last');
  const counted = gauges.length < columns.length;
  const any = segmentsForSums(file, family, span, gauges.length > 0);
  const inside = hasMiddle(file, family, span, any);
  const added = new Map<number, { values: Float64Array; flags: number; seenMs: number }>();
  const total = { atMs: null as number | null, coveredMs: 0, completeMs: 0 };
  const segments =
    gauges.length > 0
      ? [
          ...segmentsOf(file, family, { fromMs: span.fromMs - lookBackOf(family), toMs: span.fromMs }, family.grain),
          ...any,
        ]
      : any;
  for (const { poll, rows } of readPolls(file, family, segments, columns)) {
    const counts = poll.atMs > span.fromMs && (!inside || middleIn(poll, span));
    if (counts) total.coveredMs += poll.coveredMs;
    const read = poll.atMs <= span.toMs;
    if (!read && !(counts && counted)) continue;
    total.atMs = Math.max(total.atMs ?? 0, poll.atMs);
    if (poll.complete && read) total.completeMs = Math.max(total.completeMs, poll.atMs);
    for (const { key, values, flags } of rows) {
      let row = added.get(key);
      if (!row) {
        row = { values: new Float64Array(family.columns.length).fill(Number.NaN), flags: 0, seenMs: 0 };
        added.set(key, row);
      }
      row.seenMs = Math.max(row.seenMs, poll.atMs);
      if (counts) row.flags |= flags;
      for (const column of columns) {
        const value = values[column] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        const before = row.values[column] ?? Number.NaN;
        if (family.columns[column]?.merge === 'last') {
          if (read) row.values[column] = value;
        } else if (counts) row.values[column] = (Number.isNaN(before) ? 0 : before) + value;
      }
    }
  }
  const rows = [...added]
    // What the last complete poll did not list is gone.
    .filter(([, { seenMs }]) => seenMs >= total.completeMs)
    .map(([key, { values, flags }]) => ({ key, values, flags }));
  return { atMs: total.atMs, coveredMs: total.coveredMs, rows };
}

const middleIn = ({ atMs, coveredMs }: Poll, { fromMs, toMs }: Span): boolean =>
  atMs - coveredMs / 2 > fromMs && atMs - coveredMs / 2 <= toMs;

function hasMiddle(file: RecordingFile, family: StoredFamily, span: Span, segments: readonly Segment[]): boolean {
  for (const { block, counts } of readBlocks(file, family, segments, []))
    if (block.polls.some((poll, place) => counts[place] === 1 && middleIn(poll, span))) return true;
  return false;
}

/**
 * Whole hours from their sums, what is left at both ends from the polls: exact, and quick over months. An hour keeps only
 * the last reading of a gauge, which may lie after the end: for gauges the last whole hour is read poll by poll, too.
 */
function segmentsForSums(
  file: RecordingFile,
  family: StoredFamily,
  { fromMs, toMs }: Span,
  gauges: boolean,
): Segment[] {
  const lastHour = Math.floor(toMs / hourMs) - (gauges ? 1 : 0);
  const hours = { fromMs: Math.ceil(fromMs / hourMs) * hourMs, toMs: lastHour * hourMs };
  if (hours.toMs - hours.fromMs < 2 * hourMs) return segmentsOf(file, family, { fromMs, toMs }, family.grain);
  return [
    ...segmentsOf(file, family, { fromMs, toMs: hours.fromMs }, family.grain),
    ...segmentsOf(file, family, hours, 2),
    ...segmentsOf(file, family, { fromMs: hours.toMs, toMs }, family.grain),
  ];
}

export function table(file: RecordingFile, question: Span & { family: string }) {
  const family = file.family(question.family);
  if (!family) return { atMs: null, coveredMs: 0, key: [], metrics: [], rows: [] };
  const columns = family.columns.map((_, place) => place);
  const { atMs, coveredMs, rows } = addUp(file, family, question, columns);
  return {
    atMs,
    coveredMs,
    key: [...family.keyNames],
    metrics: family.columns.map(({ name }) => name),
    rows: rows.map(({ key, values, flags }) => ({
      key: [...file.key(key).key],
      values: Array.from(values, (value) => (Number.isNaN(value) ? null : value)),
      flags: flagNames(flags),
    })),
  };
}
