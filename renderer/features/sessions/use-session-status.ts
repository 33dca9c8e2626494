import { useEffect, useState } from 'react';
import { shownDuration } from '../../ui/amounts.ts';
import { type StatusPart, useStatusParts } from '../../workspace/status.ts';
import type { TabSession } from './tab-sessions.ts';

/** Says in the status bar where the tab is connected, how, and in which transaction. */
export function useSessionStatus(session: TabSession, connectionName: string | undefined): void {
  const since = session.state?.transactionSinceMs ?? null;
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (since === null) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [since]);
  useStatusParts(statusParts(session, connectionName, now));
}

/** The parts as data, for `nowMs`. */
export function statusParts(session: TabSession, connectionName: string | undefined, nowMs: number): StatusPart[] {
  const { facts, state, opening, failure } = session;
  if (opening) return [{ key: 'connection', text: `Connecting to ${connectionName ?? 'the server'}` }];
  if (!facts || !state) {
    const text = failure
      ? 'Not connected'
      : connectionName
        ? `${connectionName}: not connected yet`
        : 'No connection chosen';
    return [{ key: 'connection', text, tone: failure ? 'danger' : undefined }];
  }
  const parts: StatusPart[] = [
    { key: 'connection', text: `${facts.user}@${connectionName ?? ''}/${facts.database}`, tone: 'strong' },
    {
      key: 'server',
      text: `PostgreSQL ${facts.version.split(' ')[0]}${facts.standby ? ', standby' : ''}`,
      title: facts.version,
    },
    { key: 'transport', text: facts.transport },
    { key: 'pid', text: `pid ${state.backendPid}`, title: 'The server process of this tab' },
  ];
  if (state.lost)
    return [
      ...parts,
      {
        key: 'lost',
        text: 'Link lost: temporary tables, settings, locks and the transaction are gone',
        tone: 'danger',
      },
    ];
  if (state.transaction === 'idle') return [...parts, { key: 'transaction', text: 'No transaction' }];
  const age =
    state.transactionSinceMs === null ? '' : `, ${shownDuration(Math.max(0, nowMs - state.transactionSinceMs))}`;
  return [
    ...parts,
    state.transaction === 'open'
      ? { key: 'transaction', text: `Transaction open${age}`, tone: 'warning', title: 'COMMIT or ROLLBACK ends it' }
      : { key: 'transaction', text: `Transaction failed${age}: only ROLLBACK works`, tone: 'danger' },
  ];
}
