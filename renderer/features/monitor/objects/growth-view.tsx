import { useState } from 'react';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Select } from '../../../ui/field.tsx';
import { Pending } from '../../../ui/states.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import type { FamilyCurves } from '../parts/family/family-chart.tsx';
import { FamilyCharts } from '../parts/family/family-charts.tsx';
import { readFamily } from '../parts/family/family-rows.ts';
import { upToNow } from '../parts/stretch.ts';
import { GrowthChart } from './growth-chart.tsx';

const temporary: readonly FamilyCurves[] = [
  {
    label: 'Temporary files written',
    family: 'database',
    metrics: ['temp_bytes'],
    kind: 'stack',
    note: 'Counted when a statement ends',
  },
  {
    label: 'Temporary files now',
    family: 'temporary_files',
    metrics: ['bytes'],
    kind: 'lines',
    note: 'Of statements that still run',
  },
];

/** How the databases grow and will, and what temporary files take. */
export function GrowthView({ view }: { view: MonitorView }) {
  const [chosen, setChosen] = useState('');
  const answer = useCall(readFamily, { ...upToNow(view), family: 'database_size' });
  if (!answer.data && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (!answer.data) return <Pending label="Reading the sizes" />;
  const databases = answer.data.rows.map((row) => [row.name('database'), row.name('datid')] as const);
  const keys = databases.filter(([name]) => chosen === '' || name === chosen);
  return (
    <div className="flex h-full flex-col gap-4 overflow-auto p-3">
      <div className="flex items-center gap-2 text-xs text-muted">
        Grows
        <Select
          aria-label="Which database"
          value={chosen}
          onValue={setChosen}
          options={[
            { value: '', label: 'All databases' },
            ...databases.map(([name]) => ({ value: name, label: name })),
          ]}
          className="w-56!"
        />
      </div>
      <GrowthChart
        key={chosen}
        view={view}
        label={chosen === '' ? 'Size of all databases' : `Size of ${chosen}`}
        family="database_size"
        keys={keys}
      />
      <FamilyCharts view={view} charts={temporary} />
    </div>
  );
}
