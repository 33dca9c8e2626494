import { useMemo } from 'react';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Pending } from '../../../ui/states.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { DataTable } from '../parts/table/data-table.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { sessionColumns } from '../sessions/session-columns.tsx';
import { blockersOf, classOf, isClient } from '../sessions/session-words.ts';
import { isNarrowedTo } from './activity-series.ts';
import type { ActivityView } from './activity-view.ts';

/** The single sample at the instant: its active sessions, narrowed as the chart is. */
export function SampleTable({ view, activity }: { view: MonitorView; activity: ActivityView }) {
  const lines = useTable('query', true);
  const answer = useCall(client.monitor.sessions, { id: view.id, atMs: view.atMs, idle: false });
  const { data } = answer;
  const columns = useMemo(
    () => sessionColumns(data?.atMs ?? view.atMs, blockersOf(data?.sessions ?? [])),
    [data, view.atMs],
  );
  if (!data && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-3" />;
  if (!data) return <Pending label="Reading the sample" />;
  const rows = data.sessions.filter(
    (each) =>
      (activity.background || isClient(each)) &&
      classOf(each) !== null &&
      activity.filters.every((filter) => isNarrowedTo(each, filter)),
  );
  return (
    <DataTable
      label="Sample"
      rows={rows}
      columns={columns}
      rowKey={(row) => `${row.pid} ${row.backendStartMs ?? ''}`}
      {...lines}
      onOpen={() => view.go('sessions')}
      empty={
        data.atMs === null
          ? 'There is no sample at this instant: nothing was recorded, or only its roll-up is left.'
          : 'No session was active at this instant.'
      }
    />
  );
}
