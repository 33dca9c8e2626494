import { useEffect, useState } from 'react';
import type { ServerBackups } from '../../../shared/api/backups.ts';
import { client } from '../../client/connect.ts';
import { useCall } from '../../client/use-call.ts';
import { shownBytes, shownCount } from '../../ui/amounts.ts';
import { cx } from '../../ui/class-names.ts';
import { FailureView } from '../../ui/failure-view.tsx';
import { Select } from '../../ui/field.tsx';
import { Callout, EmptyState, Spinner } from '../../ui/states.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { useConnections } from '../../workspace/connections.ts';
import { useLayout } from '../../workspace/layout.ts';
import { shownMoment } from './backup-words.ts';

const everyMs = 3_000;
const head = 'px-2 text-left text-xs font-medium text-muted';

/** Backups and restores that run on a server now, whoever began them, and its WAL archiving. */
export function OnServer() {
  const connections = useConnections((all) => all.connections);
  const [chosen, setChosen] = useState(useLayout.getState().currentConnectionId ?? '');
  const connectionId = connections.some(({ id }) => id === chosen) ? chosen : (connections[0]?.id ?? '');
  const state = useCall(client.backups.onServer, connectionId === '' ? null : { connectionId });
  const { reload } = state;
  useEffect(() => {
    const timer = setInterval(reload, everyMs);
    return () => clearInterval(timer);
  }, [reload]);
  if (connections.length === 0)
    return <EmptyState title="No connection yet">Save a connection to see what runs on its server.</EmptyState>;
  return (
    <div className="flex flex-col gap-3 p-3">
      <Select
        aria-label="Server"
        className="max-w-64"
        value={connectionId}
        onValue={setChosen}
        options={connections.map(({ id, name }) => ({ value: id, label: visibleText(name) }))}
      />
      {state.state === 'failed' && <FailureView failure={state.failure} />}
      {!state.data && state.state === 'pending' && <Spinner label="Asking the server" />}
      {state.data && <Running running={state.data.running} />}
      {state.data && <Archiver archiver={state.data.archiver} />}
    </div>
  );
}

function Running({ running }: Pick<ServerBackups, 'running'>) {
  if (running.length === 0)
    return (
      <p className="text-sm text-muted">
        No backup or restore runs there now: neither Howdah’s, nor pg_dump, pg_basebackup or others that say their name.
      </p>
    );
  return (
    <table aria-label="Running now" className="w-full text-xs">
      <thead>
        <tr className="h-7">
          <th className={head}>Program</th>
          <th className={head}>PID</th>
          <th className={head}>Role</th>
          <th className={head}>Database</th>
          <th className={head}>Since</th>
          <th className={head}>Does</th>
          <th className={cx(head, 'text-right')}>Done</th>
        </tr>
      </thead>
      <tbody>
        {running.map(({ pid, application, user, database, startedMs, doing, bytes, allBytes }) => (
          <tr key={pid} className="h-7 border-t border-line">
            <td className="px-2">{visibleText(application)}</td>
            <td className="px-2 tabular-nums">{pid}</td>
            <td className="px-2">{visibleText(user)}</td>
            <td className="px-2">{visibleText(database ?? '')}</td>
            <td className="px-2 tabular-nums">{startedMs === null ? '' : shownMoment(startedMs)}</td>
            <td className="max-w-80 truncate px-2">{visibleText(doing)}</td>
            <td className="px-2 text-right tabular-nums">
              {bytes === null ? '' : shownBytes(bytes)}
              {allBytes !== null && ` of ${shownBytes(allBytes)}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Archiver({ archiver }: Pick<ServerBackups, 'archiver'>) {
  const { mode, walLevel, archived, lastArchived, lastArchivedMs, failed, lastFailed, lastFailedMs } = archiver;
  if (mode === 'off')
    return (
      <p className="text-xs text-muted">
        WAL is not archived there (archive_mode is off, wal_level {visibleText(walLevel)}): a backup brings back its own
        moment, not one between two backups.
      </p>
    );
  const failing = lastFailedMs !== null && (lastArchivedMs === null || lastFailedMs > lastArchivedMs);
  return (
    <Callout
      tone={failing ? 'danger' : 'success'}
      title={failing ? 'WAL archiving fails: WAL piles up on the server until it works again' : 'WAL is archived'}
    >
      <span className="text-xs">
        {shownCount(archived)} files
        {lastArchived !== null &&
          lastArchivedMs !== null &&
          `, the last ${lastArchived} at ${shownMoment(lastArchivedMs)}`}
        {failed > 0 &&
          lastFailedMs !== null &&
          `; ${shownCount(failed)} failures, the last at ${shownMoment(lastFailedMs)} (${lastFailed})`}
        .
      </span>
    </Callout>
  );
}
