import { expect, it } from 'vitest';
import type { SessionAt, Statement } from '../../../../shared/api/monitor.ts';
import { runningThen } from './running-then.ts';

const session = (queryId: string, user: string, state = 'active') =>
  ({ queryId, user, database: 'shop', state }) as SessionAt;
const row = (queryId: string, more = {}) =>
  ({ key: `1/2/${queryId}/t`, queryId, database: 'shop', user: 'web', ...more }) as Statement;

it('counts the active sessions of a statement, of its own role and database; of a pattern all of them', () => {
  const then = runningThen(0, [
    session('7', 'web'),
    session('7', 'web'),
    session('7', 'batch'),
    session('7', 'web', 'idle in transaction'),
    session('8', 'web'),
  ]);
  expect(then.sessions(row('7'))).toBe(2);
  expect(then.sessions(row('9'))).toBe(0);
  expect(then.sessions(row('7', { keys: ['1/2/7/t', '1/3/7/t', '1/2/8/t'] }))).toBe(4);
});
