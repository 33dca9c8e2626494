import { useMemo, useState } from 'react';
import type { SessionAt } from '../../../../shared/api/monitor.ts';
import { shownInstant } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Checkbox, Segmented } from '../../../ui/field.tsx';
import { SearchField } from '../../../ui/inputs/search-field.tsx';
import { Callout, Pending } from '../../../ui/states.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { Lacking } from '../parts/lacking.tsx';
import { useSignal } from '../parts/signal/signal-buttons.tsx';
import { DataTable } from '../parts/table/data-table.tsx';
import { Toolbar } from '../parts/table/toolbar.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { WithDetails } from '../parts/table/with-details.tsx';
import { counted, percent } from '../parts/words.ts';
import { Pools } from './pools.tsx';
import { sessionColumns } from './session-columns.tsx';
import { SessionDetails } from './session-details.tsx';
import { blockersOf, connectionRoom, filtered, isClient, type SessionFilter } from './session-words.ts';

const filterLabels: readonly { value: SessionFilter; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'active', label: 'Active' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'idleInTransaction', label: 'Idle in transaction' },
  { value: 'blocked', label: 'Blocked' },
  { value: 'blocking', label: 'Blocking' },
];

/** Sessions come and go, and pids are used again. */
const keyOf = (session: SessionAt): string => `${session.pid} ${session.backendStartMs ?? ''}`;

/** Every session at the instant, with what it waits for and since when. */
export function SessionsPage({ view }: { view: MonitorView }) {
  const [filter, setFilter] = useState<SessionFilter>('all');
  const [search, setSearch] = useState('');
  const [idle, setIdle] = useState(true);
  const [background, setBackground] = useState(false);
  const lines = useTable('xact', true);
  const signal = useSignal(view);
  // The idle ones too, shown or not: they count for the limit.
  const answer = useCall(client.monitor.sessions, { id: view.id, atMs: view.atMs, idle: true });
  const { data } = answer;
  const rows = useMemo(
    () => filtered(data?.sessions ?? [], { filter, search, idle, background }),
    [data, filter, search, idle, background],
  );
  const atMs = data?.atMs ?? view.atMs;
  const columns = useMemo(() => sessionColumns(atMs, blockersOf(data?.sessions ?? [])), [atMs, data]);
  if (!data && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (!data) return <Pending label="Reading the sessions" />;
  const chosen = rows.find((row) => keyOf(row) === lines.selectedKey);
  const table = (
    <DataTable
      label="Sessions"
      rows={rows}
      columns={columns}
      rowKey={keyOf}
      {...lines}
      empty={
        data.atMs === null
          ? 'Nothing was recorded at this instant. Choose another one on a chart or on the bar above.'
          : data.sessions.length === 0
            ? 'No session did anything at this instant.'
            : 'No session fits the filter.'
      }
    />
  );
  return (
    <div className="flex h-full flex-col">
      <Toolbar end={`${counted(rows.length, 'session')}${data.atMs === null ? '' : ` at ${shownInstant(data.atMs)}`}`}>
        <SearchField
          className="w-40"
          label="Filter sessions"
          placeholder="Role, query…"
          value={search}
          onValue={setSearch}
        />
        <Segmented label="Which sessions" value={filter} options={filterLabels} onValue={setFilter} />
        <Checkbox label="Idle" checked={idle} onChange={(event) => setIdle(event.currentTarget.checked)} />
        <Checkbox
          label="Server processes"
          checked={background}
          onChange={(event) => setBackground(event.currentTarget.checked)}
        />
      </Toolbar>
      <Lacking view={view} names={['Sessions of other roles']} />
      <Pools view={view} />
      <Room
        clients={data.sessions.filter(isClient).length}
        complete={data.fullAtMs !== null}
        max={data.maxConnections}
        reserved={data.reservedConnections}
      />
      <div className="min-h-0 flex-1">
        <WithDetails
          table={table}
          mostPx={260}
          details={
            chosen && (
              <SessionDetails
                session={chosen}
                view={view}
                atMs={atMs}
                signal={signal}
                onClose={() => lines.onSelect(null)}
              />
            )
          }
        />
      </div>
    </div>
  );
}

/** Said where the server is about to refuse connections. */
function Room(props: { clients: number; complete: boolean; max: number | null; reserved: number | null }) {
  const room = props.complete ? connectionRoom(props.clients, props.max, props.reserved) : null;
  if (!room || room.level === 'fine') return null;
  return (
    <Callout
      tone={room.level === 'full' ? 'danger' : 'warning'}
      className="mx-3 my-2 shrink-0"
      title={
        room.level === 'full'
          ? `All ${room.limit} connections for ordinary roles are taken`
          : `${room.clients} of ${room.limit} connections are taken (${percent(room.share)})`
      }
    >
      New clients are refused at the limit. End idle sessions, lower the pools’ sizes, or put a pooler before the
      server; raising max_connections needs a restart and memory.
    </Callout>
  );
}
