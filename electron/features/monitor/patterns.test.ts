import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { expect, it } from 'vitest';
import type { Statement } from '../../../shared/api/monitor.ts';
import { generatedToMs, generateRecording } from '../../../tests/fixtures/generate-recording.ts';
import { procedures } from '../../procedures.ts';
import { OpenRecordings } from '../../recorder/open/open-recordings.ts';
import { monitorProcedures } from './monitor.ts';
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

it('adds up to what the single statements of the same stretch add up to, in fewer lines', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-patterns-'));
  const recordings = new OpenRecordings();
  try {
    generateRecording(join(folder, 'shop.howdah'), { hours: 0.1, quiet: true });
    recordings.set('shop', { file: join(folder, 'shop.howdah'), live: false });
    const router = procedures.monitor.router(monitorProcedures({ recordings }));
    const client = createRouterClient(router, { context: { role: 'viewer', clientId: 'page' } });
    const question = { id: 'shop', fromMs: generatedToMs - 300_000, toMs: generatedToMs, order: 'calls' } as const;
    const single = await client.statements({ ...question, limit: 1_000 });
    const patterns = await client.patterns({ ...question, limit: 1_000 });
    const calls = (all: readonly { calls: number }[]) => all.reduce((sum, each) => sum + each.calls, 0);
    expect(calls(single.statements)).toBeGreaterThan(0);
    expect(calls(patterns.statements)).toBeCloseTo(calls(single.statements), 6);
    expect(patterns.total).toBeLessThan(single.total);
    expect(patterns.statements.flatMap(({ keys }) => keys).sort()).toEqual(
      single.statements.map(({ key }) => key).sort(),
    );
    expect(patterns.coveredMs).toBe(single.coveredMs);
  } finally {
    await recordings.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
