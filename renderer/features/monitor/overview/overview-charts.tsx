import { useMemo } from 'react';
import { LoadChart } from '../activity/load-chart.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { FamilyChart, type FamilyCurves } from '../parts/family/family-chart.tsx';

const curves: readonly FamilyCurves[] = [
  {
    kind: 'stack',
    label: 'Connections',
    family: 'connections',
    metrics: ['active', 'idle_in_transaction', 'idle'],
    colors: ['--wait-cpu', '--wait-idletx', '--wait-other'],
  },
  { kind: 'lines', label: 'Transactions', family: 'database', metrics: ['xact_commit', 'xact_rollback'] },
];

/** Load, connections and transactions over the shown stretch, on one cursor. */
export function OverviewCharts({ view }: { view: MonitorView }) {
  const lines = useMemo(
    () => (view.vcpus === null ? [] : [{ value: view.vcpus, label: `${view.vcpus} vCPU` }]),
    [view.vcpus],
  );
  return (
    <div className="grid shrink-0 grid-cols-1 gap-x-5 gap-y-2 px-3 py-2 xl:grid-cols-3">
      <LoadChart view={view} lines={lines} heightPx={130} />
      {curves.map((each) => (
        <FamilyChart key={each.label} view={view} {...each} />
      ))}
    </div>
  );
}
