import { expect, it } from 'vitest';
import type { RememberedStatement } from '../../../../shared/api/memory.ts';
import { ago, memoryParts, sparkline } from './memory-words.ts';

const known: RememberedStatement = {
  from: 0,
  to: 10,
  fingerprint: 'f',
  key: '1/10/42/t',
  sampled: false,
  coveredMs: 86_400_000,
  callsADay: 12_345,
  msADay: 50_000,
  meanMs: 4.05,
  p95MinuteMs: 12.5,
  trend: [1, null, 4],
  waits: [{ event: 'IO:DataFileRead', share: 0.456 }],
  plan: null,
};
const day = 86_400_000;

it('draws from nothing to the highest, and leaves out what is not known', () => {
  expect(sparkline([0, 5, null, 10])).toBe('▁▅·█');
  expect(sparkline([3])).toBe('');
  expect(sparkline([0, 0])).toBe('▁▁');
});

it('says what is known in one line', () => {
  expect(memoryParts(known, 0)).toEqual([
    {
      text: '12.3 k calls a day · mean 4.05 ms · p95 of minutes 12.5 ms · ▃·█ · IO:DataFileRead 46 %',
      opens: 'statement',
    },
  ]);
});

it('says that a rate is made up from less than a day, and that time is sampled', () => {
  expect(memoryParts({ ...known, coveredMs: day / 2 }, 0)[0]?.text).toMatch(/^≈12.3 k calls a day/);
  const sampled = { ...known, sampled: true, callsADay: null, meanMs: null, p95MinuteMs: null, trend: [] };
  expect(memoryParts(sampled, 0)[0]?.text).toBe('50 s a day (sampled) · IO:DataFileRead 46 %');
});

it('tells of plans by themselves', () => {
  const plan = { lastId: 3, atMs: 0, changedAtMs: null };
  const parts = memoryParts({ ...known, key: null, plan }, 3 * day);
  expect(parts).toEqual([{ text: 'plan 3 d ago', opens: 'plan' }]);
  expect(memoryParts({ ...known, key: null, plan: { ...plan, changedAtMs: day } }, 3 * day)[0]?.text).toBe(
    'plan 3 d ago, changed 2 d ago',
  );
  expect([0, 90_000, 7_200_000].map(ago)).toEqual(['just now', '2 min ago', '2 h ago']);
});
