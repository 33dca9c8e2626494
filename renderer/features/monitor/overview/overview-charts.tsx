import { useMemo } from 'react';
import type { Series } from '../../../../shared/api/monitor.ts';
import { familyOf } from '../../../../shared/metrics/families.ts';
import type { ChartSeries } from '../../../chart/chart-types.ts';
import { seriesColor } from '../../../chart/wait-classes.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { stackOf } from '../activity/activity-series.ts';
import { MonitorChart } from '../frame/monitor-chart.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';

const connectionStates = ['active', 'idle_in_transaction', 'idle'];
const connectionColors = ['--wait-cpu', '--wait-idletx', '--wait-other'];
const outcomes = ['xact_commit', 'xact_rollback'];

/** Curves of a family, named as the family names its metrics. */
function curves(family: string, answer: Series | undefined, colors?: readonly string[]): ChartSeries[] {
  const metrics = familyOf(family)?.metrics ?? [];
  return (answer?.series ?? []).map(({ metric, values }, at) => ({
    key: metric,
    label: metrics.find((each) => each.name === metric)?.label ?? metric,
    values,
    color: colors?.[at] ?? seriesColor(at).color,
  }));
}

/** Load, connections and transactions over the shown stretch, on one cursor. */
export function OverviewCharts({ view }: { view: MonitorView }) {
  const { fromMs, toMs, buckets } = view.range;
  const range = { id: view.id, fromMs, toMs };
  const activity = useCall(client.monitor.activity, {
    ...range,
    by: 'class' as const,
    filters: [],
    background: false,
    buckets,
    top: 12,
  });
  const connections = useCall(client.monitor.series, {
    ...range,
    family: 'connections',
    metrics: connectionStates,
    keys: [],
    buckets,
  });
  const transactions = useCall(client.monitor.series, {
    ...range,
    family: 'database',
    metrics: outcomes,
    keys: [],
    buckets,
  });
  const load = useMemo(() => (activity.data ? stackOf(activity.data, 'class', false) : []), [activity.data]);
  const open = useMemo(() => curves('connections', connections.data, connectionColors), [connections.data]);
  const done = useMemo(() => curves('database', transactions.data), [transactions.data]);
  const lines = useMemo(
    () => (view.vcpus === null ? [] : [{ value: view.vcpus, label: `${view.vcpus} vCPU` }]),
    [view.vcpus],
  );
  return (
    <div className="grid shrink-0 grid-cols-1 gap-x-5 gap-y-2 px-3 py-2 xl:grid-cols-3">
      {activity.data && (
        <MonitorChart
          view={view}
          kind="stack"
          label="Average active sessions"
          buckets={activity.data}
          series={load}
          unit={{ unit: 'sessions' }}
          lines={lines}
          heightPx={130}
        />
      )}
      {connections.data && (
        <MonitorChart
          view={view}
          kind="stack"
          label="Connections"
          buckets={connections.data}
          series={open}
          unit={{ unit: 'count' }}
          heightPx={130}
        />
      )}
      {transactions.data && (
        <MonitorChart
          view={view}
          kind="lines"
          label="Transactions"
          buckets={transactions.data}
          series={done}
          unit={{ unit: 'count', perSecond: true }}
          heightPx={130}
        />
      )}
    </div>
  );
}
