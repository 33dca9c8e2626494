/** Adds the growth of a counter, block by block, to curves. */
import type { FamilyBlock } from '../pack/family-block.ts';
import type { Buckets } from './buckets.ts';

const uncounted = -2;
const inSeveral = -1;

/** By poll: the bucket it lies in. What it covers is noted. */
export function placesOf({ polls }: FamilyBlock, counts: Uint8Array, buckets: Buckets): Int32Array {
  const places = new Int32Array(polls.length).fill(uncounted);
  for (const [poll, { atMs, coveredMs }] of polls.entries()) {
    if (counts[poll] !== 1) continue;
    const only = buckets.only(atMs - coveredMs, atMs);
    places[poll] = only >= 0 ? only : inSeveral;
    if (only >= 0 && coveredMs > 0) buckets.coveredMs[only] = (buckets.coveredMs[only] as number) + coveredMs;
    else buckets.cover(atMs - coveredMs, atMs, coveredMs);
  }
  return places;
}

interface Adding {
  readonly places: Int32Array;
  /** By key of the block: its line, -1 where it is not asked for. */
  readonly ownLines: Int32Array;
  /** Sums of the metric by line. */
  readonly lines: readonly (Float64Array | undefined)[];
  readonly buckets: Buckets;
}

/** Adds a counter's growth to the lines. */
export function addColumn(block: FamilyBlock, column: number, { places, ownLines, lines, buckets }: Adding): void {
  const values = block.columns[column];
  if (!values) return;
  const { polls, rowKey, rowPoll } = block;
  for (let row = 0; row < values.length; row++) {
    const line = ownLines[rowKey[row] as number] as number;
    if (line < 0) continue;
    const poll = rowPoll[row] as number;
    const place = places[poll] as number;
    const value = values[row] as number;
    if (place === uncounted || Number.isNaN(value)) continue;
    const sums = lines[line] as Float64Array;
    const own = polls[poll];
    if (place >= 0) sums[place] = (sums[place] as number) + value;
    else if (own) buckets.spread(sums, own.atMs - own.coveredMs, own.atMs, value);
  }
}
