import { expect, it } from 'vitest';
import type { SessionAt } from '../../../../shared/api/monitor.ts';
import { classOf, connectionRoom, filtered } from './session-words.ts';

const session = (change: Partial<SessionAt>): SessionAt => ({
  pid: 1,
  leaderPid: null,
  database: 'shop',
  user: 'app',
  application: 'web',
  client: '10.0.0.1',
  backendType: 'client backend',
  state: 'active',
  waitEventType: null,
  waitEvent: null,
  queryId: null,
  query: 'select 1',
  backendStartMs: 0,
  xactStartMs: null,
  queryStartMs: null,
  stateChangeMs: null,
  xidAge: null,
  xminAge: null,
  blockedBy: [],
  ...change,
});

it('counts a session for what it waits for, and an idle one for nothing', () => {
  expect(classOf(session({}))).toBe('CPU');
  expect(classOf(session({ waitEventType: 'IO' }))).toBe('IO');
  expect(classOf(session({ state: 'idle in transaction (aborted)', waitEventType: 'Client' }))).toBe('IdleTx');
  expect(classOf(session({ state: 'idle', waitEventType: 'Client' }))).toBe(null);
  expect(classOf(session({ state: null }))).toBe(null);
});

it('narrows by state, by who blocks, by words, and leaves the server’s own processes out', () => {
  const all = [
    session({ pid: 1, state: 'idle in transaction' }),
    session({ pid: 2, blockedBy: [1], waitEventType: 'Lock', query: 'update orders set x = 1' }),
    session({ pid: 3, backendType: 'autovacuum worker' }),
    session({ pid: 4, state: 'idle', query: 'commit' }),
  ];
  const pids = (change: Partial<Parameters<typeof filtered>[1]>) =>
    filtered(all, { filter: 'all', search: '', idle: true, background: false, ...change }).map((each) => each.pid);
  expect(pids({})).toEqual([1, 2, 4]);
  expect(pids({ idle: false })).toEqual([1, 2]);
  expect(pids({ background: true })).toEqual([1, 2, 3, 4]);
  expect(pids({ filter: 'blocking' })).toEqual([1]);
  expect(pids({ filter: 'blocked' })).toEqual([2]);
  expect(pids({ filter: 'idleInTransaction' })).toEqual([1]);
  expect(pids({ search: 'UPDATE  shop' })).toEqual([2]);
  // What others are may be hidden from the role; processes of the server's own have none.
  const hidden = { backendType: '', state: null, query: null };
  all.push(session({ ...hidden, pid: 5 }), session({ ...hidden, pid: 6, database: null, user: null }));
  expect(pids({})).toEqual([1, 2, 4, 5]);
});

it('knows how much room is left for ordinary roles', () => {
  expect(connectionRoom(77, 100, 3)).toMatchObject({ limit: 97, level: 'fine' });
  expect(connectionRoom(78, 100, 3)).toMatchObject({ level: 'near' });
  expect(connectionRoom(97, 100, 3)).toMatchObject({ level: 'full' });
  expect(connectionRoom(5, null, null)).toBe(null);
});
