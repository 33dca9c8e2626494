/** Reads the polls of a family over a stretch of time, at the grain that is wanted where there is one. */
import { familyOf } from '../../../shared/metrics/families.ts';
import type { RecordingFile, Span, StoredFamily } from '../file/recording-file.ts';
import type { FamilyBlock, Poll } from '../pack/family-block.ts';

export interface Segment extends Span {
  readonly grain: number;
}
export interface PollRow {
  /** A number for RecordingFile.key. */
  readonly key: number;
  readonly flags: number;
  /** By column of the family; only those that were asked for are filled. NaN: not known. */
  readonly values: Float64Array;
}
export interface PollRows {
  readonly poll: Poll;
  readonly rows: readonly PollRow[];
}

const hourMs = 3_600_000;
/** What did not change is told again every hour: so far back one has to look for what a gauge was. */
const usualLookBackMs = 2 * hourMs + hourMs / 6;
/** Sizes of very many relations are read over hours. */
const longLookBackMs = 26 * hourMs;
export const lookBackOf = ({ name }: StoredFamily): number =>
  (familyOf(name)?.everyMs ?? 0) >= hourMs ? longLookBackMs : usualLookBackMs;

/**
 * Which grain is read for which part: the wanted one as far as it goes; finer ones for what has not been added up yet;
 * coarser ones for what has been forgotten at the wanted one.
 */
export function segmentsOf(file: RecordingFile, family: StoredFamily, span: Span, wanted: number): Segment[] {
  const grain = Math.max(wanted, family.grain);
  const has = file.grainSpan(family, grain);
  const finer = (part: Span): Segment[] => {
    if (part.fromMs >= part.toMs) return [];
    return grain > family.grain ? segmentsUpTo(file, family, part, grain - 1) : [];
  };
  const coarser = (part: Span): Segment[] => {
    if (part.fromMs >= part.toMs || grain >= 2) return [];
    const coarse = file.grainSpan(family, grain + 1);
    return coarse && coarse.fromMs < part.toMs ? segmentsOf(file, family, part, grain + 1) : [];
  };
  if (!has) return [...coarser(span), ...finer(span)];
  return [
    ...coarser({ fromMs: span.fromMs, toMs: Math.min(span.toMs, has.fromMs) }),
    ...within(span, { grain, ...has }),
    ...finer({ fromMs: Math.max(span.fromMs, has.toMs), toMs: span.toMs }),
  ];
}

/** Only `grain` and finer: for the end of time, where nothing coarser can be. */
function segmentsUpTo(file: RecordingFile, family: StoredFamily, span: Span, grain: number): Segment[] {
  const has = file.grainSpan(family, grain);
  const rest = { fromMs: Math.max(span.fromMs, has?.toMs ?? span.fromMs), toMs: span.toMs };
  return [
    ...(has ? within(span, { grain, ...has }) : []),
    ...(grain > family.grain && rest.fromMs < rest.toMs ? segmentsUpTo(file, family, rest, grain - 1) : []),
  ];
}

function within(span: Span, segment: Segment): Segment[] {
  const fromMs = Math.max(span.fromMs, segment.fromMs);
  const toMs = Math.min(span.toMs, segment.toMs);
  // A grain's end is the instant of its last poll, which belongs to it.
  return fromMs < toMs ? [{ grain: segment.grain, fromMs, toMs }] : [];
}

/**
 * Blocks with, by poll, whether it counts: oldest first within a segment. A poll stands for (at - covered, at] and
 * belongs to the segment in which the middle of that lies; one that reaches over either end of the whole counts, too,
 * since the caller takes of it what overlaps.
 */
export function* readBlocks(
  file: RecordingFile,
  family: StoredFamily,
  segments: readonly Segment[],
  columns: readonly number[],
): Generator<{ block: FamilyBlock; counts: Uint8Array }> {
  for (const segment of segments) {
    const { fromMs, toMs } = segment;
    const isFirst = segment === segments[0];
    const isLast = segment === segments.at(-1);
    for (const block of file.blocks(family, segment.grain, segment, columns)) {
      const counts = new Uint8Array(block.polls.length);
      for (const [place, { atMs, coveredMs }] of block.polls.entries()) {
        const middle = atMs - coveredMs / 2;
        const begins = middle > fromMs || (isFirst && atMs > fromMs);
        if (begins && (middle <= toMs || (isLast && atMs - coveredMs < toMs))) counts[place] = 1;
      }
      yield { block, counts };
    }
  }
}

/** The same poll by poll. */
export function* readPolls(
  file: RecordingFile,
  family: StoredFamily,
  segments: readonly Segment[],
  columns: readonly number[],
): Generator<PollRows> {
  for (const { block, counts } of readBlocks(file, family, segments, columns)) {
    const byPoll: PollRow[][] = block.polls.map(() => []);
    for (let row = 0; row < block.rowKey.length; row++) {
      const poll = block.rowPoll[row] ?? 0;
      if (!counts[poll]) continue;
      const values = new Float64Array(family.columns.length).fill(Number.NaN);
      for (const column of columns) values[column] = block.columns[column]?.[row] ?? Number.NaN;
      byPoll[poll]?.push({
        key: block.keys[block.rowKey[row] ?? 0] ?? 0,
        flags: block.rowFlags[row] ?? 0,
        values,
      });
    }
    for (const [place, poll] of block.polls.entries()) if (counts[place]) yield { poll, rows: byPoll[place] ?? [] };
  }
}
