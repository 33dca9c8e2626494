/** Average active sessions by wait class over the range: the chart that other pages put their own facts under. */
import { useMemo } from 'react';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { MonitorChart, type MonitorChartProps } from '../frame/monitor-chart.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { stackOf } from './activity-series.ts';

/** The load of a view's range, by wait class and without the server's own processes. */
export const useLoad = ({ id, range: { fromMs, toMs, buckets } }: MonitorView) =>
  useCall(client.monitor.activity, {
    id,
    fromMs,
    toMs,
    by: 'class' as const,
    filters: [],
    background: false,
    buckets,
    top: 12,
  });

/** Nothing while the first answer is on its way. */
export function LoadChart({ view, ...chart }: Pick<MonitorChartProps, 'view' | 'heightPx' | 'lines'>) {
  const { data } = useLoad(view);
  const series = useMemo(() => (data ? stackOf(data, 'class', false) : []), [data]);
  if (!data) return null;
  return (
    <MonitorChart
      {...chart}
      view={view}
      kind="stack"
      label="Average active sessions"
      buckets={data}
      series={series}
      unit={{ unit: 'sessions' }}
    />
  );
}
