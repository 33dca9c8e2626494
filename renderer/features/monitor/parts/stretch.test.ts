import { expect, it } from 'vitest';
import { slowInstant } from './stretch.ts';

const span = { fromMs: 1_000_000, toMs: null, live: true, everyMs: 1_000 };

it('looks again soon while the first readings come in, then once a minute', () => {
  const at = (afterMs: number) => slowInstant({ atMs: 1_000_000 + afterMs, span: { ...span, gaps: [] } }) - 1_000_000;
  expect([at(1_000), at(6_000), at(29_000)]).toEqual([5_000, 10_000, 30_000]);
  expect(at(400_000)).toBe(440_000);
  expect(at(430_000)).toBe(440_000);
});
