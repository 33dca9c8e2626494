import { expect, it } from 'vitest';
import type { Statement } from '../../../shared/api/monitor.ts';
import { patternsOf } from './patterns.ts';

const statement = (key: string, more: Partial<Statement>): Statement => ({
  key,
  queryId: key,
  database: 'shop',
  user: 'web',
  text: `select ${key}`,
  calls: 10,
  totalMs: 100,
  meanMs: 10,
  rows: 10,
  sharedHit: 1,
  sharedRead: 1,
  sharedDirtied: 0,
  tempBlocks: 0,
  ioMs: 0,
  walBytes: 0,
  planMs: 0,
  jitMs: 0,
  share: 0.1,
  isNew: false,
  meanChange: null,
  flags: [],
  totalMsError: null,
  ...more,
});

it('adds up what has one fingerprint, and weighs the change of its mean by what was called', () => {
  const [first, second, ...others] = patternsOf(
    [
      statement('a', { user: 'web', totalMs: 100, meanChange: 1 }),
      statement('b', { user: 'batch', totalMs: 300, calls: 30, meanChange: 0, flags: ['reset'] }),
      statement('c', { totalMs: 1_000, calls: 1, meanMs: 1_000, isNew: true }),
    ],
    ['same', 'same', 'other'],
    'totalMs',
  );
  expect(first).toMatchObject({ pattern: 'other', keys: ['c'], isNew: true, meanMs: 1_000, user: 'web' });
  expect(second).toMatchObject({
    pattern: 'same',
    key: 'b',
    keys: ['b', 'a'],
    calls: 40,
    totalMs: 400,
    meanMs: 10,
    user: '2 roles',
    database: 'shop',
    isNew: false,
    flags: ['reset'],
  });
  // 400 now, 50 + 300 before.
  expect(second?.meanChange).toBeCloseTo(400 / 350 - 1, 9);
  expect(others).toEqual([]);
});

it('keeps apart what has no fingerprint, and adds up errors as squares', () => {
  const found = patternsOf(
    [
      statement('a', { text: 'SELECT … 0123', totalMsError: 3 }),
      statement('b', { text: 'SELECT … 0123', totalMsError: 4 }),
      statement('c', { text: null, totalMsError: 1 }),
    ],
    [null, null, null],
    'calls',
  );
  expect(found.map(({ pattern, totalMsError }) => [pattern, totalMsError])).toEqual([
    ['SELECT … 0123', 5],
    ['query id c', 1],
  ]);
});
