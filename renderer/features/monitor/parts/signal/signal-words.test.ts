import { expect, it } from 'vitest';
import type { SignalPreview } from '../../../../../shared/api/signals.ts';
import { consequences } from './signal-words.ts';

const preview = (change: Partial<SignalPreview>): SignalPreview => ({
  there: true,
  backendType: 'client backend',
  state: 'active',
  query: 'update t set a = 1',
  xactAgeMs: 3_000,
  hasWritten: true,
  blocks: 2,
  antiWraparound: false,
  ...change,
});

it('says what is rolled back and who is freed', () => {
  expect(consequences(preview({}), 'terminate')).toEqual([
    'Its connection is closed; the client sees an error.',
    'Its transaction, open for 3 s, is rolled back: what it has written is lost.',
    '2 sessions that wait for it can go on.',
  ]);
  expect(consequences(preview({ hasWritten: false, blocks: 0, state: 'idle in transaction' }), 'cancel')).toEqual([
    'It runs no statement now: cancelling will change nothing.',
    'Its transaction, open for 3 s, has written nothing so far.',
  ]);
});

it('warns of what comes back, and of what must finish one day', () => {
  const worker = { backendType: 'autovacuum worker', xactAgeMs: null, blocks: 0 };
  expect(consequences(preview(worker), 'cancel').at(-1)).toBe('Autovacuum will come back to the table later.');
  expect(consequences(preview({ ...worker, antiWraparound: true }), 'cancel').at(-1)).toMatch(/wraparound/);
});
