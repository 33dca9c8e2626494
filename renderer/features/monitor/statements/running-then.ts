import { useMemo } from 'react';
import type { SessionAt, Statement } from '../../../../shared/api/monitor.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import type { RunningThen } from './statement-columns.tsx';

const place = (database: string | null, user: string | null): string => JSON.stringify([database, user]);

/** Active sessions of a sample by their statement; a pattern's line stands for all of its query ids. Pure. */
export function runningThen(atMs: number, sessions: readonly SessionAt[]): RunningThen {
  const byQuery = Map.groupBy(
    sessions.filter(({ state, queryId }) => state === 'active' && queryId !== null),
    ({ queryId }) => queryId ?? '',
  );
  return {
    atMs,
    sessions: (row: Statement & { readonly keys?: readonly string[] }) => {
      if (row.keys) {
        const queryIds = new Set(row.keys.map((key) => key.split('/')[2] ?? key));
        return [...queryIds].reduce((sum, queryId) => sum + (byQuery.get(queryId)?.length ?? 0), 0);
      }
      const own = place(row.database, row.user);
      return (byQuery.get(row.queryId ?? '') ?? []).filter((each) => place(each.database, each.user) === own).length;
    },
  };
}

/** Who was at which statement at the pinned instant; null where none is pinned. */
export function useRunningThen(view: MonitorView): RunningThen | null {
  const question = view.pinned ? { id: view.id, atMs: view.atMs, idle: false } : null;
  const { data } = useCall(client.monitor.sessions, question);
  return useMemo(
    () => (view.pinned && data ? runningThen(view.atMs, data.sessions) : null),
    [view.pinned, view.atMs, data],
  );
}
