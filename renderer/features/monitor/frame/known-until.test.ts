import { expect, it } from 'vitest';
import { knownUntil } from './known-until.ts';

it('takes no time for a gap before the next reading is overdue', () => {
  const buckets = { startMs: 0, stepMs: 10, buckets: 10, coveredMs: [0, 10, 10, 10, 0, 0, 0, 0, 0, 0] };
  expect(knownUntil(buckets, 60, 30)).toBe(40);
  expect(knownUntil(buckets, 90, 30)).toBe(90);
  expect(knownUntil(buckets, 60, 0)).toBe(60);
  expect(knownUntil({ ...buckets, coveredMs: buckets.coveredMs.map(() => 0) }, 60, 30)).toBe(60);
});
