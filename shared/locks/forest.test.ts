import { describe, expect, it } from 'vitest';
import type { LockRow } from './blockers.ts';
import { forestRoots, lockEdges, lockForest } from './forest.ts';
import { modesConflict } from './lock-modes.ts';

const lock = (pid: number | null, mode: string, granted: boolean, more: Partial<LockRow> = {}): LockRow => ({
  lockType: 'relation',
  database: 'shop',
  relation: 'public.orders',
  page: null,
  tuple: null,
  virtualXid: null,
  transactionId: null,
  classId: null,
  objId: null,
  objSubId: null,
  virtualTransaction: `${pid}/1`,
  pid,
  mode,
  granted,
  waitStartUs: granted ? null : 1_000_000 + (pid ?? 0) * 1000,
  ...more,
});
const pairs = (locks: LockRow[]) => lockEdges(locks).map(({ waiter, blocker }) => [waiter, blocker]);

describe('conflicts', () => {
  it('are symmetric, and nothing conflicts with a predicate lock', () => {
    const modes =
      'AccessShare RowShare RowExclusive ShareUpdateExclusive Share ShareRowExclusive Exclusive AccessExclusive'
        .split(' ')
        .map((word) => `${word}Lock`);
    for (const a of modes) for (const b of modes) expect(modesConflict(a, b)).toBe(modesConflict(b, a));
    expect(modesConflict('AccessExclusiveLock', 'SIReadLock')).toBe(false);
    expect(modesConflict('RowExclusiveLock', 'RowExclusiveLock')).toBe(false);
    expect(modesConflict('ShareLock', 'RowExclusiveLock')).toBe(true);
  });
});

describe('edges', () => {
  it('lead to who holds, not to who waits beside', () => {
    expect(
      pairs([lock(1, 'ExclusiveLock', true), lock(2, 'ExclusiveLock', false), lock(3, 'ExclusiveLock', false)]),
    ).toEqual([
      [2, 1],
      [3, 1],
    ]);
  });
  it('lead to who is ahead where nobody holds what conflicts: the queue behind an ALTER TABLE', () => {
    const queue = [
      lock(1, 'AccessShareLock', true),
      lock(2, 'AccessExclusiveLock', false),
      lock(3, 'AccessShareLock', false),
    ];
    expect(pairs(queue)).toEqual([
      [2, 1],
      [3, 2],
    ]);
    expect(forestRoots(lockEdges(queue))).toEqual([1]);
  });
  it('know prepared transactions, lock groups, and servers that do not say since when', () => {
    expect(pairs([lock(null, 'ExclusiveLock', true), lock(2, 'ShareLock', false)])).toEqual([[2, 0]]);
    const group = [lock(1, 'ExclusiveLock', true), lock(2, 'ExclusiveLock', false)];
    expect(lockEdges(group, { leaders: new Map([[2, 1]]) })).toEqual([]);
    // What a worker holds or waits for is its leader's: 3 is a worker of 2 and has what 4 wants.
    const worker = { leaders: new Map([[3, 2]]) };
    const held = { relation: 'public.items' };
    const locks = [lock(1, 'ExclusiveLock', true), lock(2, 'ExclusiveLock', false)];
    locks.push(lock(3, 'ShareLock', true, held), lock(4, 'ExclusiveLock', false, held));
    expect(forestRoots(lockEdges(locks, worker))).toEqual([1]);
    expect(lockForest(locks, 5_000, worker).flatMap(({ kind, pid }) => (kind === 'session' ? pid : []))).toEqual([
      1, 2, 4,
    ]);
    const old = [2, 3].map((pid) => lock(pid, 'AccessExclusiveLock', false, { waitStartUs: null }));
    const since = new Map([
      [2, 20],
      [3, 10],
    ]);
    expect(lockEdges(old, { waitingSinceUs: since }).map(({ waiter, blocker }) => [waiter, blocker])).toEqual([[2, 3]]);
  });
  it('give a ring one root', () => {
    const other = { relation: 'public.items' };
    const ring = [
      lock(1, 'ExclusiveLock', true),
      lock(2, 'ExclusiveLock', false),
      lock(2, 'ExclusiveLock', true, other),
      lock(1, 'ExclusiveLock', false, other),
    ];
    expect(forestRoots(lockEdges(ring))).toEqual([1]);
    expect(lockForest(ring, 3000).map(({ pid, kind }) => `${kind} ${pid}`)).toEqual([
      'session 1',
      'object 1',
      'session 2',
    ]);
  });
});

describe('the forest', () => {
  it('adds up who waits and for how long', () => {
    const nodes = lockForest(
      [lock(1, 'AccessShareLock', true), lock(2, 'AccessExclusiveLock', false), lock(3, 'AccessShareLock', false)],
      2_002,
    );
    expect(
      nodes.map(({ kind, pid, parentId, waiting, blockedSeconds }) => [kind, pid, parentId, waiting, blockedSeconds]),
    ).toEqual([
      ['session', 1, null, 2, 1 + 0.999],
      ['object', 1, 'session:1', 2, 1 + 0.999],
      ['session', 2, nodes[1]?.id, 1, 0.999],
      ['object', 2, 'session:2', 1, 0.999],
      ['session', 3, nodes[3]?.id, 0, 0],
    ]);
  });
  it('shows those who queue for one row together', () => {
    const xid = { lockType: 'transactionid', relation: null, transactionId: '812' };
    const row = { lockType: 'tuple', page: 5, tuple: 3 };
    const nodes = lockForest(
      [
        lock(1, 'ExclusiveLock', true, xid),
        lock(2, 'ShareLock', false, xid),
        lock(2, 'ExclusiveLock', true, row),
        lock(3, 'ExclusiveLock', false, row),
        lock(4, 'ExclusiveLock', false, row),
      ],
      5_000,
    );
    expect(nodes.map(({ kind, pid, label }) => `${kind} ${pid} ${label}`)).toEqual([
      'session 1 1',
      'object 1 row (5,3) of public.orders',
      'session 2 2',
      'session 3 3',
      'session 4 4',
    ]);
    expect(nodes[0]?.waiting).toBe(3);
  });
});
