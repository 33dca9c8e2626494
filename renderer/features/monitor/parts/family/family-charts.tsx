import type { MonitorView } from '../../frame/monitor-view.ts';
import { FamilyChart, type FamilyCurves } from './family-chart.tsx';

/** Charts of families beside each other, two in a line where there is room. */
export function FamilyCharts({ view, charts }: { view: MonitorView; charts: readonly FamilyCurves[] }) {
  return (
    <div className="grid shrink-0 grid-cols-1 gap-x-5 gap-y-3 lg:grid-cols-2">
      {charts.map((chart) => (
        <FamilyChart key={chart.label} view={view} {...chart} />
      ))}
    </div>
  );
}
