import { expect, it } from 'vitest';
import { earlierStretch, lengthsMs, rangeOf, stepFor, usualShown, wider } from './time-range.ts';

const minute = 60_000;

it('draws every length in steps that a chart has room for, never finer than the samples', () => {
  for (const length of lengthsMs) {
    const step = stepFor(length, 1000);
    expect(length / step).toBeLessThanOrEqual(360);
    expect(length / step).toBeGreaterThan(50);
  }
  expect(stepFor(5 * minute, 1000)).toBe(1000);
  expect(stepFor(5 * minute, 10_000)).toBe(10_000);
});

it('goes with the newest in whole steps, so that charts are not asked for at every tick', () => {
  const shown = { kind: 'last', lengthMs: 60 * minute } as const;
  const range = rangeOf(shown, 1_000_001_000, 1000, 0);
  expect(range).toEqual({ fromMs: 1_000_010_000 - 60 * minute, toMs: 1_000_010_000, stepMs: 10_000, buckets: 360 });
  expect(rangeOf(shown, 1_000_009_000, 1000, 0)).toEqual(range);
});

it('widens a chosen stretch to whole steps', () => {
  const range = rangeOf({ kind: 'fixed', fromMs: 1_500, toMs: 61_200 }, null, 1000, 0);
  expect(range).toEqual({ fromMs: 1000, toMs: 62_000, stepMs: 1000, buckets: 61 });
});

it('begins with all of a short recording and the newest of a live one', () => {
  expect(usualShown({ fromMs: 0, toMs: 20 * minute, live: false, everyMs: 1000 })).toEqual({
    kind: 'last',
    lengthMs: 20 * minute,
  });
  expect(usualShown({ fromMs: 0, toMs: 20 * minute, live: true, everyMs: 1000 })).toEqual({
    kind: 'last',
    lengthMs: 15 * minute,
  });
});

it('knows the stretch before, and a wider one that does not reach into the future', () => {
  expect(earlierStretch('before', { fromMs: 100, toMs: 150 })).toEqual({ fromMs: 50, toMs: 100 });
  expect(earlierStretch('day', { fromMs: 100, toMs: 150 })).toEqual({
    fromMs: 100 - 24 * 60 * minute,
    toMs: 150 - 24 * 60 * minute,
  });
  expect(wider({ fromMs: 100, toMs: 200 }, { fromMs: 0, toMs: 210, live: true, everyMs: 1 })).toEqual({
    fromMs: 10,
    toMs: 210,
  });
});
