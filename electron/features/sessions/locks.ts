/** What a session has locked, for the status bar. */
import type { SessionLocks } from '../../../shared/api/sessions.ts';
import type { Session } from '../../postgres/source.ts';
import { blockedBy, heldLocks } from './locks.sql.ts';

/** Weakest first, as in PostgreSQL's documentation. */
const modes = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

export async function locksOf(session: Session): Promise<SessionLocks> {
  const { backendPid } = session.state;
  const [locks, blocked] = await Promise.all([
    session.source.ask(heldLocks, [backendPid], { timeoutMs: 5_000 }),
    session.source.ask(blockedBy, [backendPid], { timeoutMs: 5_000 }),
  ]);
  const granted = locks.filter((lock) => lock.granted && lock.locktype === 'relation');
  const strongest = Math.max(-1, ...granted.map((lock) => modes.indexOf(lock.mode)));
  return { locks, strongest: modes[strongest] ?? null, blocked };
}
