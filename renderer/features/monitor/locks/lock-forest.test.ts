import { expect, it } from 'vitest';
import type { LockNode } from '../../../../shared/api/monitor.ts';
import { ddlQueues, forestLines, freedBy, rootsOf } from './lock-forest.ts';

const node = (id: string, parentId: string | null, change: Partial<LockNode> = {}): LockNode => ({
  kind: id.startsWith('o') ? 'object' : 'session',
  id,
  parentId,
  pid: id.startsWith('s') ? Number(id.slice(1)) : null,
  label: id,
  lockType: null,
  mode: null,
  granted: null,
  waitingSinceMs: null,
  waiting: 0,
  blockedSeconds: 0,
  session: null,
  ...change,
});

/** 1 holds a row that 2 and 3 wait for; 2 (DDL) holds up 4 by queueing; 9 blocks 10 elsewhere. */
const forest = [
  node('s9', null, { blockedSeconds: 2 }),
  node('o9', 's9', { blockedSeconds: 2 }),
  node('s10', 'o9', { waitingSinceMs: 8_000 }),
  node('s1', null, { blockedSeconds: 25 }),
  node('o1', 's1', { blockedSeconds: 25 }),
  node('s2', 'o1', { waitingSinceMs: 0, mode: 'AccessExclusiveLock', granted: false }),
  node('o2', 's2', { blockedSeconds: 5 }),
  node('s4', 'o2', { waitingSinceMs: 5_000 }),
  node('s3', 'o1', { waitingSinceMs: 0 }),
];

it('begins with the root that costs most, and folds', () => {
  const lines = forestLines(forest, new Set(['s2']));
  expect(lines.map((line) => `${line.depth}${line.node.id}`)).toEqual([
    '0s1',
    '1o1',
    '2s2',
    '2s3',
    '0s9',
    '1o9',
    '2s10',
  ]);
  expect(lines[2]).toMatchObject({ expandable: true, expanded: false });
  expect(rootsOf(forest).map((root) => root.id)).toEqual(['s1', 's9']);
});

it('knows whom a cancel would free, each once, however deep', () => {
  expect(freedBy(forest, 's1', 10_000)).toEqual({ sessions: 3, seconds: 25 });
  expect(freedBy(forest, 's2', 10_000)).toEqual({ sessions: 1, seconds: 5 });
  expect(freedBy([...forest, node('o3', 's9'), node('s4', 'o3', { waitingSinceMs: 9_000 })], 's9', 10_000)).toEqual({
    sessions: 2,
    seconds: 3,
  });
});

it('names the DDL that holds up others by queueing', () => {
  // It waits itself, and sessions wait behind it.
  expect(ddlQueues([...forest, node('s5', 's2')]).map((each) => each.id)).toEqual(['s2']);
  expect(ddlQueues([node('s2', null, { mode: 'AccessExclusiveLock', granted: false })])).toEqual([]);
});
