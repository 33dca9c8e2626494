import { expect, it } from 'vitest';
import type { SessionProgress } from '../../../../shared/api/sessions.ts';
import { reportedWords, shareDone, workWords } from './progress-words.ts';

const quiet: SessionProgress = { reported: null, waitEventType: null, waitEvent: null, workers: 0, blockedBy: [] };

it('says how far it is where the server does', () => {
  const reported = {
    command: 'COPY',
    phase: 'COPY TO',
    object: 'shop.t',
    done: 2048,
    total: null,
    unit: 'bytes',
  } as const;
  expect(reportedWords({ ...quiet, reported })).toBe('COPY on shop.t: COPY TO, 2.0 kB');
  expect(shareDone({ ...quiet, reported })).toBeNull();
  const index = {
    ...reported,
    command: 'CREATE INDEX',
    phase: 'building index: sorting',
    done: 25,
    total: 100,
    unit: 'tuples',
  } as const;
  expect(reportedWords({ ...quiet, reported: index })).toBe('CREATE INDEX on shop.t: sorting, 25 of 100 rows');
  expect(shareDone({ ...quiet, reported: index })).toBe(0.25);
});

it('says what it waits for, and who helps', () => {
  expect(workWords(quiet)).toBe('at work, not waiting');
  expect(workWords({ ...quiet, waitEventType: 'Lock', waitEvent: 'relation', blockedBy: [7, 9], workers: 2 })).toBe(
    'waits for Lock: relation (held by 7, 9) · 2 parallel workers',
  );
});
