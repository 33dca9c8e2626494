import { useState } from 'react';
import { useCall } from '../../../client/use-call.ts';
import { Sections } from '../../../ui/tabs.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import type { FamilyCurves } from '../parts/family/family-chart.tsx';
import { FamilyCharts } from '../parts/family/family-charts.tsx';
import { readFamily } from '../parts/family/family-rows.ts';
import { FamilySection } from '../parts/family/family-section.tsx';
import type { FamilyTableProps } from '../parts/family/family-table.tsx';
import { Lacking } from '../parts/lacking.tsx';

/** Standbys and slots, the log and its checkpoints, and who reads and writes files. */
export function ReplicationPage({ view }: { view: MonitorView }) {
  const [section, setSection] = useState('replication');
  return (
    <Sections
      label="Replication and I/O"
      value={section}
      onValue={setSection}
      sections={[
        { value: 'replication', label: 'Replication', content: <Replication view={view} /> },
        { value: 'wal', label: 'WAL and checkpoints', content: <WalAndCheckpoints view={view} /> },
        { value: 'io', label: 'I/O', content: <Io view={view} /> },
      ]}
    />
  );
}

const stepMs = 10_000;
/** The shown stretch up to the instant all pages look at: what counters are added up over. */
function shownStretch(view: MonitorView): { id: string; fromMs: number; toMs: number } {
  const toMs = Math.ceil(view.atMs / stepMs) * stepMs;
  return { id: view.id, fromMs: Math.min(view.range.fromMs, toMs - stepMs), toMs };
}

const tables: readonly Omit<FamilyTableProps, 'data'>[] = [
  {
    family: 'replication',
    label: 'Standbys',
    keys: [
      ['application_name', 'Standby', 150],
      ['client', 'Client', 110],
      ['state', 'State', 90],
      ['sync_state', 'Sync', 76],
    ],
    metrics: [
      'sent_lag_bytes',
      'write_lag_bytes',
      'flush_lag_bytes',
      'replay_lag_bytes',
      'replay_lag',
      'xmin_age',
      'reply_age',
    ],
    spare: ['reply_age', 'xmin_age', 'write_lag_bytes', 'flush_lag_bytes', 'client', 'sent_lag_bytes', 'replay_lag'],
    sortBy: 'replay_lag_bytes',
    empty: 'No standby was connected at this time.',
  },
  {
    family: 'slot',
    label: 'Replication slots',
    keys: [
      ['slot_name', 'Slot', 150],
      ['slot_type', 'Type', 76],
      ['active', 'Active', 60],
      ['wal_status', 'WAL', 84],
      ['invalidation_reason', 'Invalid because', 110],
    ],
    metrics: [
      'retained_bytes',
      'confirmed_lag_bytes',
      'safe_wal_size',
      'xmin_age',
      'catalog_xmin_age',
      'inactive_since',
      'total_bytes',
      'spill_bytes',
    ],
    spare: [
      'spill_bytes',
      'total_bytes',
      'catalog_xmin_age',
      'xmin_age',
      'confirmed_lag_bytes',
      'inactive_since',
      'safe_wal_size',
      'invalidation_reason',
    ],
    sortBy: 'retained_bytes',
    empty: 'There was no replication slot at this time.',
  },
  {
    family: 'standby',
    label: 'This server as a standby',
    keys: [],
    metrics: ['replay_lag_bytes', 'replay_delay', 'message_age', 'received_lsn', 'replayed_lsn'],
    sortBy: 'replay_lag_bytes',
    empty: 'It is no standby.',
  },
  {
    family: 'subscription',
    label: 'Subscriptions',
    keys: [['subscription', 'Subscription', 200]],
    metrics: ['apply_error_count', 'sync_error_count'],
    sortBy: 'apply_error_count',
    empty: 'It subscribes to nothing.',
  },
];
const lagCharts: readonly FamilyCurves[] = [
  {
    label: 'WAL not replayed by standbys',
    family: 'replication',
    metrics: ['replay_lag_bytes'],
    kind: 'lines',
    emptyWords: 'No standby is known of this time',
  },
  {
    label: 'WAL kept for slots',
    family: 'slot',
    metrics: ['retained_bytes'],
    kind: 'lines',
    emptyWords: 'No slot is known of this time',
  },
];

function Replication({ view }: { view: MonitorView }) {
  const stretch = shownStretch(view);
  return (
    <div className="flex h-full flex-col gap-4 overflow-auto p-3">
      <Lacking view={view} names={['Sessions of other roles']} className="" />
      {tables.map((table) => (
        <FamilySection key={table.family} stretch={stretch} {...table} />
      ))}
      <FamilyCharts view={view} charts={lagCharts} />
    </div>
  );
}

const walCharts: readonly FamilyCurves[] = [
  { label: 'WAL written', family: 'wal', metrics: ['lsn'], names: ['Written'], kind: 'lines' },
  { label: 'WAL directory', family: 'wal_directory', metrics: ['bytes'], kind: 'lines' },
  { label: 'WAL records and full pages', family: 'wal', metrics: ['wal_records', 'wal_fpi'], kind: 'lines' },
  {
    label: 'WAL writes, flushes, buffers full',
    family: 'wal',
    metrics: ['wal_write', 'wal_sync', 'wal_buffers_full'],
    kind: 'lines',
  },
  { label: 'Checkpoints', family: 'checkpointer', metrics: ['num_timed', 'num_requested'], kind: 'bars' },
  { label: 'Time in checkpoints', family: 'checkpointer', metrics: ['write_time', 'sync_time'], kind: 'lines' },
  { label: 'Written during checkpoints', family: 'checkpointer', metrics: ['buffers_written'], kind: 'lines' },
  { label: 'Background writer', family: 'bgwriter', metrics: ['buffers_clean', 'buffers_alloc'], kind: 'lines' },
  { label: 'Archived WAL files', family: 'archiver', metrics: ['archived_count', 'failed_count'], kind: 'bars' },
  { label: 'Waiting for the archiver', family: 'wal_directory', metrics: ['ready'], kind: 'lines' },
];

function WalAndCheckpoints({ view }: { view: MonitorView }) {
  return (
    <div className="flex h-full flex-col gap-4 overflow-auto p-3">
      <Lacking view={view} names={['WAL files and temporary files']} className="" />
      <FamilyCharts view={view} charts={walCharts} />
    </div>
  );
}

const ioKeys = [
  ['backend_type', 'Process', 150],
  ['object', 'Object', 110],
  ['context', 'Context', 90],
] as const;
const ioMetrics = [
  'reads',
  'read_bytes',
  'read_time',
  'writes',
  'write_bytes',
  'write_time',
  'extends',
  'hits',
  'evictions',
  'reuses',
  'fsyncs',
  'fsync_time',
];
const ioSpare = [
  'reuses',
  'evictions',
  'fsync_time',
  'write_time',
  'read_time',
  'fsyncs',
  'extends',
  'hits',
  'write_bytes',
  'read_bytes',
];
const mostCurves = 8;

function Io({ view }: { view: MonitorView }) {
  const stretch = shownStretch(view);
  const answer = useCall(readFamily, { ...stretch, family: 'io' });
  const busiest = (metric: string) =>
    (answer.data?.rows ?? [])
      .filter((row) => (row.value(metric) ?? 0) > 0)
      .toSorted((a, b) => (b.value(metric) ?? 0) - (a.value(metric) ?? 0))
      .slice(0, mostCurves)
      .map((row) => ['backend_type', 'object', 'context'].map((part) => row.name(part)))
      .toSorted((a, b) => a.join().localeCompare(b.join(), 'en'));
  const charts: readonly FamilyCurves[] = [
    { label: 'Reads by process', family: 'io', metrics: ['reads'], kind: 'stack', keys: busiest('reads') },
    { label: 'Writes by process', family: 'io', metrics: ['writes'], kind: 'stack', keys: busiest('writes') },
  ];
  return (
    <div className="flex h-full flex-col gap-4 overflow-auto p-3">
      <Lacking view={view} names={['I/O by kind of process', 'Read and write times']} className="" />
      {answer.data && <FamilyCharts view={view} charts={charts} />}
      <FamilySection
        stretch={stretch}
        family="io"
        label="I/O by process and context"
        keys={ioKeys}
        metrics={ioMetrics}
        spare={ioSpare}
        sortBy="reads"
        empty="Not recorded: the server counts I/O by process from version 16 on."
        idle="Nothing was read or written in this stretch of time."
      />
    </div>
  );
}
