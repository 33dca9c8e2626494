/** What a session is doing, in few words; and which sessions a filter lets through. Pure. */
import type { SessionAt } from '../../../../shared/api/monitor.ts';

/** How the person narrows the list. */
export const sessionFilters = ['all', 'active', 'waiting', 'idleInTransaction', 'blocked', 'blocking'] as const;
export type SessionFilter = (typeof sessionFilters)[number];

/** The wait class it counts for: CPU while it computes, IdleTx while it keeps a transaction open and does nothing. */
export function classOf(session: SessionAt): string | null {
  if (session.state?.startsWith('idle in transaction')) return 'IdleTx';
  if (session.state === 'idle' || session.state === 'disabled') return null;
  if (session.waitEventType !== null) return session.waitEventType;
  return session.state === null && isClient(session) ? null : 'CPU';
}

/** Does a client's work; the others are the server's own. Where that may not be seen, a role tells them apart. */
export const isClient = ({ backendType, user }: SessionAt): boolean =>
  backendType === '' ? user !== null : backendType === 'client backend' || backendType === 'parallel worker';

/** Pids that others wait for. */
export const blockersOf = (sessions: readonly SessionAt[]): ReadonlySet<number> =>
  new Set(sessions.flatMap((each) => each.blockedBy));

function passes(session: SessionAt, filter: SessionFilter, blockers: ReadonlySet<number>): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'active':
      return session.state === 'active';
    case 'waiting':
      return session.state === 'active' && session.waitEventType !== null;
    case 'idleInTransaction':
      return session.state?.startsWith('idle in transaction') ?? false;
    case 'blocked':
      return session.blockedBy.length > 0;
    case 'blocking':
      return blockers.has(session.pid);
  }
}

/** Those that pass, and hold every word of the search somewhere in what is shown of them. */
export function filtered(
  sessions: readonly SessionAt[],
  { filter, search, idle, background }: { filter: SessionFilter; search: string; idle: boolean; background: boolean },
): readonly SessionAt[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const blockers = blockersOf(sessions);
  return sessions.filter((each) => {
    if (!background && !isClient(each)) return false;
    if (!idle && each.state === 'idle' && filter !== 'blocking') return false;
    if (!passes(each, filter, blockers)) return false;
    const text = [each.pid, each.database, each.user, each.application, each.client, each.backendType, each.state]
      .concat([each.waitEventType, each.waitEvent, each.query])
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** How near the server is to refusing connections. */
export interface ConnectionRoom {
  readonly clients: number;
  /** What ordinary roles may use. */
  readonly limit: number;
  readonly share: number;
  readonly level: 'fine' | 'near' | 'full';
}

/** Null where the limit is not known. Warns from 80 %, as nearly every DBA's rule does. */
export function connectionRoom(clients: number, max: number | null, reserved: number | null): ConnectionRoom | null {
  if (max === null) return null;
  const limit = Math.max(1, max - (reserved ?? 0));
  const share = clients / limit;
  return { clients, limit, share, level: share >= 1 ? 'full' : share >= 0.8 ? 'near' : 'fine' };
}
