import { expect, it } from 'vitest';
import type { ChartSeries } from './chart-types.ts';
import { bucketAt, columnsOf, gapsOf, lastKnown, valueLimits } from './columns.ts';

const series = (key: string, values: (number | null)[], change: Partial<ChartSeries> = {}): ChartSeries => ({
  key,
  label: key,
  values,
  color: '--ink',
  ...change,
});
const buckets = { startMs: 1000, stepMs: 10, buckets: 4, coveredMs: [10, 0, 10, 5] };

it('stacks from the first up, draws the highest first, and leaves gaps empty for all', () => {
  const { x, drawn } = columnsOf('stack', buckets, [
    series('cpu', [1, null, 2, null]),
    series('io', [2, null, null, 3]),
    series('peak', [9, null, 9, 9], { over: true }),
  ]);
  expect(x).toEqual([1000, 1010, 1020, 1030, 1040]);
  expect(drawn.map((each) => [each.series.key, each.values])).toEqual([
    ['io', [3, null, 2, 3, 3]],
    ['cpu', [1, null, 2, 0, 0]],
    ['peak', [9, null, 9, 9, 9]],
  ]);
});

it('draws lines as they are, and breaks them where nothing is known', () => {
  expect(columnsOf('lines', buckets, [series('a', [1, null, 2, 3])]).drawn[0]?.values).toEqual([1, null, 2, 3, null]);
});

it('knows what of the range is a gap, and that the future is none', () => {
  const all = [series('a', [1, null, 2, 3])];
  expect(gapsOf(buckets, all, { fromMs: 990, toMs: 1060 }, 1050)).toEqual([
    { fromMs: 990, toMs: 1000 },
    { fromMs: 1010, toMs: 1020 },
    { fromMs: 1040, toMs: 1050 },
  ]);
  const { coveredMs: _, ...uncounted } = buckets;
  expect(gapsOf(uncounted, all, { fromMs: 1000, toMs: 1040 }, 1040)).toEqual([{ fromMs: 1010, toMs: 1020 }]);
});

it('finds the bucket of an instant and the last known one', () => {
  expect([999, 1000, 1009, 1010, 1039, 1040].map((at) => bucketAt(buckets, at))).toEqual([null, 0, 0, 1, 3, null]);
  expect(lastKnown(buckets, [series('a', [1, null, 2, null])])).toBe(2);
  expect(lastKnown(buckets, [series('a', [null, null, null, null])])).toBe(null);
});

it('shows a line that is near and leaves out one that would flatten the curve', () => {
  const { drawn } = columnsOf('stack', buckets, [series('a', [1, null, 2, 3])]);
  expect(valueLimits(drawn, [{ value: 8 }])[1]).toBeCloseTo(8.64);
  expect(valueLimits(drawn, [{ value: 64 }])[1]).toBeCloseTo(3.24);
  expect(valueLimits([], [])).toEqual([0, 1]);
});
