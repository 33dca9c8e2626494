import { expect, it } from 'vitest';
import { bloatOf, readingsOf } from './bloat.ts';

const series = (relpages: (number | null)[], reltuples: (number | null)[]) => ({
  startMs: 0,
  stepMs: 1_000,
  buckets: relpages.length,
  coveredMs: relpages.map(() => 1_000),
  grain: 'raw' as const,
  series: [
    { key: ['shop', 'orders'], metric: 'relpages', values: relpages },
    { key: ['shop', 'orders'], metric: 'reltuples', values: reltuples },
  ],
});
const of = (relpages: (number | null)[], reltuples: (number | null)[]) =>
  bloatOf(readingsOf(series(relpages, reltuples), ['shop', 'orders']));

it('measures against the densest that was ever counted', () => {
  // After the second reading rows were deleted, and their pages stayed.
  expect(of([1_000, 1_000, 1_010, 1_010], [100_000, 100_000, 101_000, 50_500])).toEqual({
    bytes: 1_010 * 8192,
    perRow: (1_010 / 50_500) * 8192,
    leastPerRow: 81.92,
    leastAtMs: 1_000,
    emptyBytes: 505 * 8192,
    readings: 3,
  });
});

it('says nothing where nothing can be known', () => {
  // Counted once; never counted; too small; gaps between.
  expect(of([1_000, 1_000], [100_000, 100_000])).toBe(null);
  expect(of([1_000, 1_100], [-1, null])).toBe(null);
  expect(of([10, 20], [1_000, 1_000])).toBe(null);
  expect(of([1_000, null, 1_000], [100_000, null, 200_000])?.emptyBytes).toBe(0);
});
