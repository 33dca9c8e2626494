import { expect, it } from 'vitest';
import type { ActivitySeries, SessionAt } from '../../../../shared/api/monitor.ts';
import { averageOf, coverage, isNarrowedTo, stackOf, totals } from './activity-series.ts';

const series = (key: string, values: (number | null)[]) => ({ key, label: key, totalMs: 0, values });
const answer: ActivitySeries = {
  startMs: 0,
  stepMs: 1000,
  buckets: 3,
  coveredMs: [1000, 0, 500],
  grain: 'minute',
  peak: [9, null, 8],
  series: [series('IdleTx', [4, null, 4]), series('Lock', [1, null, 2]), series('CPU', [2, null, 4])],
};

it('stacks CPU first, draws idle transactions and the peak over it, and names what it knows', () => {
  const stack = stackOf(answer, 'class', true);
  expect(stack.map((each) => [each.label, each.over ?? false])).toEqual([
    ['CPU*', false],
    ['Lock', false],
    ['Idle in transaction', true],
    ['Peak', true],
  ]);
  // Of single samples the highest is what is drawn.
  expect(stackOf({ ...answer, grain: 'raw' }, 'class', true).map((each) => each.key)).not.toContain('peak');
});

it('adds up what is load, weighs it by what is covered, and knows nothing of gaps', () => {
  expect(totals(answer)).toEqual([3, null, 6]);
  expect(averageOf(answer)).toBe(4);
  expect(coverage(answer)).toBe(0.5);
  expect(averageOf({ ...answer, coveredMs: [0, 0, 0] })).toBe(null);
});

it('narrows a sample as the chart is narrowed', () => {
  const session = {
    state: 'active',
    backendType: 'client backend',
    waitEventType: 'IO',
    waitEvent: 'DataFileRead',
    queryId: '42',
    query: 'select\n  1',
    blockedBy: [7],
    pid: 5,
  } as unknown as SessionAt;
  const fits = (dimension: Parameters<typeof isNarrowedTo>[1]['dimension'], value: string, label = value) =>
    isNarrowedTo(session, { dimension, value, label });
  expect(fits('event', 'IO:DataFileRead')).toBe(true);
  expect(fits('event', 'CPU')).toBe(false);
  expect(fits('query', 'q:42')).toBe(true);
  expect(fits('query', 'h:9', 'select 1')).toBe(true);
  expect(fits('blocker', '7')).toBe(true);
  expect(fits('pid', '6')).toBe(false);
});
