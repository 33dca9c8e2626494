/** Polls of a family put together, and added up to minutes and hours: exactly, and so that parts of a minute add up, too. */
import { type BlockRow, blockOf, type FamilyBlock, type Poll } from './family-block.ts';

/** How two values of one key become one: a counter's growth adds up, a gauge's later reading holds, a peak is kept. */
export type Merge = 'sum' | 'last' | 'max';

/** Blocks of one family as one; polls of the same instant stay apart. */
export function joinBlocks(blocks: readonly FamilyBlock[], columns: number): FamilyBlock {
  const polls: { poll: Poll; block: number; place: number }[] = blocks.flatMap(({ polls: own }, block) =>
    own.map((poll, place) => ({ poll, block, place })),
  );
  polls.sort((a, b) => a.poll.atMs - b.poll.atMs);
  const places = blocks.map(({ polls: own }) => new Uint32Array(own.length));
  polls.forEach(({ block, place }, at) => {
    const own = places[block];
    if (own) own[place] = at;
  });
  const rows: BlockRow[] = blocks.flatMap((block, number) => rowsOf(block, columns, places[number]));
  return blockOf(
    polls.map(({ poll }) => poll),
    rows,
    columns,
  );
}

function rowsOf(block: FamilyBlock, columns: number, places?: Uint32Array): BlockRow[] {
  const rows: BlockRow[] = [];
  for (let row = 0; row < block.rowKey.length; row++) {
    const poll = block.rowPoll[row] ?? 0;
    const values: (number | null)[] = [];
    for (let column = 0; column < columns; column++) values.push(block.columns[column]?.[row] ?? null);
    rows.push({
      key: block.keys[block.rowKey[row] ?? 0] ?? 0,
      poll: places ? (places[poll] ?? 0) : poll,
      flags: block.rowFlags[row] ?? 0,
      values,
    });
  }
  return rows;
}

/**
 * One poll a stretch of `stepMs` (a minute, an hour), at that stretch's last poll; each belongs to the stretch in
 * which the middle of what it covers lies. Where the last poll was complete, gauges of keys it does not have are gone.
 */
export function rollUp(block: FamilyBlock, stepMs: number, merges: readonly Merge[]): FamilyBlock {
  const stretches: { atMs: number; coveredMs: number; flags: number; complete: boolean; last: number }[] = [];
  const placeOf = new Map<number, number>();
  const stretchOf = block.polls.map((poll, place) => {
    const start = Math.floor((poll.atMs - poll.coveredMs / 2) / stepMs);
    let own = placeOf.get(start);
    if (own === undefined) {
      own = stretches.push({ atMs: 0, coveredMs: 0, flags: 0, complete: false, last: 0 }) - 1;
      placeOf.set(start, own);
    }
    const stretch = stretches[own];
    if (stretch) {
      stretch.atMs = Math.max(stretch.atMs, poll.atMs);
      stretch.coveredMs += poll.coveredMs;
      stretch.flags |= poll.flags;
      stretch.complete = poll.complete;
      stretch.last = place;
    }
    return own;
  });
  const merged: { key: number; poll: number; flags: number; values: number[] }[] = [];
  let open: (typeof merged)[number] | undefined;
  for (let row = 0; row < block.rowKey.length; row++) {
    const key = block.keys[block.rowKey[row] ?? 0] ?? 0;
    const poll = block.rowPoll[row] ?? 0;
    const stretch = stretchOf[poll] ?? 0;
    if (!open || open.key !== key || open.poll !== stretch) {
      open = { key, poll: stretch, flags: 0, values: merges.map(() => Number.NaN) };
      merged.push(open);
    }
    open.flags |= block.rowFlags[row] ?? 0;
    const gone = stretches[stretch]?.complete === true && stretches[stretch]?.last !== poll;
    for (let column = 0; column < merges.length; column++) {
      const value = block.columns[column]?.[row] ?? Number.NaN;
      const merge = merges[column] ?? 'last';
      if (Number.isNaN(value) || (merge === 'last' && gone)) continue;
      const before = open.values[column] ?? Number.NaN;
      open.values[column] = Number.isNaN(before) ? value : combine(merge, before, value);
    }
  }
  const polls = stretches.map(({ last: _last, ...poll }) => poll);
  return blockOf(polls, merged, merges.length);
}

const combine = (merge: Merge, before: number, value: number): number =>
  merge === 'sum' ? before + value : merge === 'max' ? Math.max(before, value) : value;
