import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { SessionAt } from '../../../../shared/api/monitor.ts';
import { shownInstant } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Checkbox, Segmented, TextInput } from '../../../ui/field.tsx';
import { SplitPane } from '../../../ui/split-pane.tsx';
import { Callout, Pending } from '../../../ui/states.tsx';
import { changeLayout, useLayout } from '../../../workspace/layout.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { DataTable } from '../parts/data-table.tsx';
import { SignalDialog, type SignalTarget } from '../parts/signal-dialog.tsx';
import type { SortBy } from '../parts/sorted.ts';
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
  const [sort, setSort] = useState<SortBy>({ key: 'xact', down: true });
  const [selected, setSelected] = useState<string | null>(null);
  const [signal, setSignal] = useState<SignalTarget | null>(null);
  const { resultsPx } = useLayout();
  const answer = useCall(client.monitor.sessions, { id: view.id, atMs: view.atMs, idle });
  const { data } = answer;
  const rows = useMemo(
    () => filtered(data?.sessions ?? [], { filter, search, background }),
    [data, filter, search, background],
  );
  const atMs = data?.atMs ?? view.atMs;
  const columns = useMemo(() => sessionColumns(atMs, blockersOf(data?.sessions ?? [])), [atMs, data]);
  if (!data && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (!data) return <Pending label="Reading the sessions" />;
  const chosen = rows.find((row) => keyOf(row) === selected);
  const table = (
    <DataTable
      label="Sessions"
      rows={rows}
      columns={columns}
      rowKey={keyOf}
      sort={sort}
      onSort={setSort}
      selectedKey={selected}
      onSelect={setSelected}
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
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
        <div className="relative w-56">
          <Search size={14} strokeWidth={1.75} aria-hidden className="absolute top-1.5 left-2 text-faint" />
          <TextInput
            type="search"
            aria-label="Filter sessions"
            placeholder="Role, application, query…"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            className="pl-7"
          />
        </div>
        <Segmented label="Which sessions" value={filter} options={filterLabels} onValue={setFilter} />
        <Checkbox label="Idle" checked={idle} onChange={(event) => setIdle(event.currentTarget.checked)} />
        <Checkbox
          label="Server processes"
          checked={background}
          onChange={(event) => setBackground(event.currentTarget.checked)}
        />
        <span className="ml-auto text-xs text-muted tabular-nums">
          {counted(rows.length, 'session')}
          {data.atMs !== null && ` at ${shownInstant(data.atMs)}`}
        </span>
      </div>
      <Pools view={view} />
      <Room
        clients={data.sessions.filter(isClient).length}
        complete={idle && data.fullAtMs !== null}
        max={data.maxConnections}
        reserved={data.reservedConnections}
      />
      <div className="min-h-0 flex-1">
        {chosen ? (
          <SplitPane
            direction="column"
            sized="second"
            sizePx={Math.min(resultsPx, 260)}
            minPx={140}
            onSize={(px) => changeLayout({ resultsPx: px })}
            label="Resize the details"
            first={table}
            second={
              <SessionDetails
                session={chosen}
                view={view}
                atMs={atMs}
                onSignal={setSignal}
                onClose={() => setSelected(null)}
              />
            }
          />
        ) : (
          table
        )}
      </div>
      {signal && <SignalDialog target={signal} onClose={() => setSignal(null)} />}
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
      className="mx-3 mt-2"
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
