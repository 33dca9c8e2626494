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

/** In whole seconds, as it ticks: "7 s", "3 m 05 s". */
const shownAge = (ms: number): string =>
  ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : shownDuration(Math.floor(ms / 1000) * 1000);

/** From here on an open transaction is a danger to others: vacuum waits for it, and so may they. */
const longTransactionMs = 5 * 60_000;

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
  const age = state.transactionSinceMs === null ? '' : `, ${shownAge(nowMs - state.transactionSinceMs)}`;
  const old = state.transactionSinceMs !== null && nowMs - state.transactionSinceMs > longTransactionMs;
  const locks: StatusPart[] = session.sessionId ? [{ key: 'locks', text: '', locksOf: session.sessionId }] : [];
  if (state.transaction === 'failed')
    return [...parts, { key: 'transaction', text: `Transaction failed${age}: only ROLLBACK works`, tone: 'danger' }];
  return [
    ...parts,
    {
      key: 'transaction',
      text: `Transaction open${age}`,
      tone: old ? 'danger' : 'warning',
      title: old ? 'Open for long: its locks and its snapshot hold others up' : 'COMMIT or ROLLBACK ends it',
    },
    ...locks,
  ];
}
