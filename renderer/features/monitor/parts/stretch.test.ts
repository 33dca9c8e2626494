import { expect, it } from 'vitest';
import { slowInstant } from './stretch.ts';

const span = { fromMs: 1_000_000, live: true, everyMs: 1_000, gaps: [] };
/** After the beginning of the recording, at its newest sample. */
const newest = (afterMs: number) => {
  const atMs = 1_000_000 + afterMs;
  return slowInstant({ atMs, span: { ...span, toMs: atMs } }) - 1_000_000;
};

it('looks again soon while the first readings come in, then once a minute', () => {
  expect([newest(1_000), newest(6_000), newest(29_000)]).toEqual([5_000, 10_000, 30_000]);
  expect(newest(400_000)).toBe(440_000);
  expect(newest(430_000)).toBe(440_000);
});

it('looks at an earlier instant exactly', () => {
  expect(slowInstant({ atMs: 1_430_001, span: { ...span, toMs: 1_430_002 } })).toBe(1_430_001);
});
