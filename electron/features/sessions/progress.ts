/** What a session's running statement is at: how far it is where the server says so, else what it waits for. */
import type { SessionProgress } from '../../../shared/api/sessions.ts';
import type { Session } from '../../postgres/source.ts';
import { atWork, statementProgress } from './progress.sql.ts';

const timeoutMs = 5_000;

/** Null where nothing runs. */
export async function progressOf(session: Session): Promise<SessionProgress | null> {
  if (!session.state.running) return null;
  const { backendPid } = session.state;
  const [[work], [progress]] = await Promise.all([
    session.source.ask(atWork, [backendPid], { timeoutMs }),
    session.source.ask(statementProgress, [backendPid], { timeoutMs }),
  ]);
  if (!work || !session.state.running) return null;
  return {
    ...work,
    blockedBy: [...work.blockedBy],
    reported: progress ? { ...progress, done: Number(progress.done), total: Number(progress.total) || null } : null,
  };
}
