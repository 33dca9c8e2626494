import { expect, test } from 'vitest';
import { afterEvent, newRun } from '../results/run-state.ts';
import { endWords } from './run-notices.ts';

const timings = { serverMs: 1, transferMs: 1, totalMs: 2 };

test('what a run came to, in one sentence', () => {
  const done = afterEvent(newRun(0), { kind: 'complete', statement: 0, command: 'UPDATE 3', rows: 3, timings });
  expect(endWords('Query 1', done, 12_340).body).toBe('“Query 1” finished after 12.34 s: UPDATE 3');
  const failure = { kind: 'cancelled' as const, message: 'Cancelled.' };
  const failed = afterEvent(done, { kind: 'failed', statement: 1, failure, at: null, timings: null });
  expect(endWords('Query 1', failed, 61_000)).toMatchObject({
    failed: true,
    body: '“Query 1” failed after 1 m 01 s: Cancelled.',
  });
});
