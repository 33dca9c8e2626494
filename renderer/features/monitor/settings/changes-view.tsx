import { useMemo, useState } from 'react';
import type { MonitorEvent } from '../../../../shared/api/monitor.ts';
import { shownInstant } from '../../../chart/time-axis.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Segmented } from '../../../ui/field.tsx';
import { Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { LoadChart } from '../activity/load-chart.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import type { SortBy } from '../parts/table/sorted.ts';
import { Toolbar } from '../parts/table/toolbar.tsx';
import { counted, oneLine } from '../parts/words.ts';

const groups = ['all', 'setting', 'ddl', 'server', 'other'] as const;
type Group = (typeof groups)[number];
const labels: Record<Group, string> = {
  all: 'All',
  setting: 'Settings',
  ddl: 'Structure',
  server: 'Restarts and resets',
  other: 'Other',
};
const server = /restart|crash|reset|promot|failover|timeline|upgrade/i;
const maintenance: ReadonlySet<string> = new Set(['vacuum', 'analyze']);
const groupOf = (kind: string): Group =>
  kind === 'setting' || kind === 'ddl' ? kind : server.test(kind) ? 'server' : 'other';

const columns: readonly Column<MonitorEvent>[] = [
  { key: 'at', label: 'When', widthPx: 140, value: (row) => row.atMs, cell: (row) => shownInstant(row.atMs) },
  { key: 'kind', label: 'What', widthPx: 84, value: (row) => row.kind },
  {
    key: 'database',
    label: 'Database',
    widthPx: 96,
    value: (row) => row.database,
    cell: (row) => visibleText(row.database ?? ''),
  },
  { key: 'subject', label: 'Of', widthPx: 220, value: (row) => row.subject, cell: (row) => visibleText(row.subject) },
  {
    key: 'before',
    label: 'Before',
    widthPx: 140,
    value: (row) => row.before,
    cell: (row) => (
      <span className="font-mono text-2xs text-muted" title={row.before ?? undefined}>
        {oneLine(row.before)}
      </span>
    ),
  },
  {
    key: 'after',
    label: 'After',
    widthPx: 180,
    grows: true,
    value: (row) => row.after,
    cell: (row) => (
      <span className="font-mono text-2xs" title={row.after ?? undefined}>
        {oneLine(row.after)}
      </span>
    ),
  },
];

/** Changed settings and structure, restarts and resets, each marked on the load above; choosing one goes to its instant. */
export function ChangesView({ view }: { view: MonitorView }) {
  const [group, setGroup] = useState<Group>('all');
  const [sort, setSort] = useState<SortBy>({ key: 'at', down: true });
  const [selected, setSelected] = useState<string | null>(null);
  const { fromMs, toMs } = view.range;
  const events = useCall(client.monitor.events, { id: view.id, fromMs, toMs });
  const keyed = useMemo(
    () => (events.data ?? []).map((event, at) => ({ ...event, key: `${event.atMs} ${at}` })),
    [events.data],
  );
  const rows = keyed.filter(({ kind }) => (group === 'all' ? !maintenance.has(kind) : groupOf(kind) === group));
  if (!events.data && events.state === 'failed') return <FailureView failure={events.failure} className="m-4" />;
  if (!events.data) return <Pending label="Reading what changed" />;
  const choose = (key: string | null) => {
    setSelected(key);
    const event = keyed.find((each) => each.key === key);
    if (event) view.pin(event.atMs);
  };
  return (
    <div className="flex h-full flex-col">
      <div className="shrink-0 px-3 pt-2">
        <LoadChart view={view} heightPx={120} />
      </div>
      <Toolbar end={counted(rows.length, 'change')}>
        <Segmented
          label="Which changes"
          value={group}
          onValue={setGroup}
          options={groups.map((value) => ({ value, label: labels[value] }))}
        />
      </Toolbar>
      <div className="min-h-0 flex-1">
        <DataTable
          label="Changes"
          rows={rows}
          columns={columns}
          rowKey={(row) => (row as (typeof keyed)[number]).key}
          sort={sort}
          onSort={setSort}
          selectedKey={selected}
          onSelect={choose}
          empty="Nothing changed in this stretch of time. Show a longer one to look further back."
        />
      </div>
    </div>
  );
}
