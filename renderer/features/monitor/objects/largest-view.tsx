import { useMemo, useState } from 'react';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { shownInstant } from '../../../chart/time-axis.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Segmented } from '../../../ui/field.tsx';
import { SearchField } from '../../../ui/inputs/search-field.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import type { MonitorView } from '../frame/monitor-view.ts';
import { readFamily } from '../parts/family/family-rows.ts';
import { useFirstReading } from '../parts/first-reading.tsx';
import { upToNow } from '../parts/stretch.ts';
import { DataTable } from '../parts/table/data-table.tsx';
import { Toolbar } from '../parts/table/toolbar.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { WithDetails } from '../parts/table/with-details.tsx';
import { counted } from '../parts/words.ts';
import { GrowthChart } from './growth-chart.tsx';
import { objectColumns } from './object-columns.tsx';
import { sizedTables, sizeTree } from './size-tree.ts';
import { Treemap } from './treemap.tsx';

const top = 10;
type Shown = 'top' | 'all' | 'map';

/** The largest ten, all, or a map of where the disk went; one chosen shows how it grows. */
export function LargestView({ view }: { view: MonitorView }) {
  const [shown, setShown] = useState<Shown>('top');
  const [typed, setTyped] = useState('');
  const lines = useTable('bytes', true);
  const answer = useCall(readFamily, { ...upToNow(view), family: 'relation_size' });
  const reading = useFirstReading(view, 'relation_size');
  const tables = useMemo(
    () => (answer.data ? sizedTables(answer.data.rows).toSorted((a, b) => b.bytes - a.bytes) : []),
    [answer.data],
  );
  const root = useMemo(
    () => (answer.data && shown === 'map' ? sizeTree(answer.data.rows) : null),
    [answer.data, shown],
  );
  const whole = tables.reduce((sum, each) => sum + each.bytes, 0);
  const columns = useMemo(() => objectColumns(Math.max(1, whole)), [whole]);
  if (!answer.data && answer.state === 'failed') return <FailureView failure={answer.failure} className="m-4" />;
  if (!answer.data) return <Pending label="Reading the sizes" />;
  if (tables.length === 0) {
    return (
      <EmptyState title="No sizes are recorded of this time">
        Sizes are read when recording begins and once an hour. Look at a later instant, or wait a moment.
      </EmptyState>
    );
  }
  const search = typed.trim().toLowerCase();
  const found = tables.filter((each) => `${each.database} ${each.schema}.${each.name}`.toLowerCase().includes(search));
  const rows = shown === 'top' ? found.slice(0, top) : found;
  const chosen = tables.find((each) => each.key === lines.selectedKey);
  const table = (
    <DataTable
      label={shown === 'top' ? 'Largest tables' : 'All tables'}
      rows={rows}
      columns={columns}
      rowKey={(row) => row.key}
      {...lines}
      empty="No table fits."
    />
  );
  return (
    <div className="flex h-full flex-col">
      <Toolbar
        end={
          <>
            {counted(tables.length, 'table')}, {shownAmount(whole, { unit: 'bytes' })}
            {reading
              ? `: the largest; all are being read (${reading.read.toLocaleString('en')} so far)`
              : answer.data.atMs !== null && `, read at ${shownInstant(answer.data.atMs)}`}
          </>
        }
      >
        <Segmented
          label="What is shown"
          value={shown}
          onValue={setShown}
          options={[
            { value: 'top', label: 'Largest ten' },
            { value: 'all', label: 'All' },
            { value: 'map', label: 'Map' },
          ]}
        />
        {shown !== 'map' && (
          <SearchField
            className="w-64"
            label="Search tables"
            placeholder="Database, schema or table"
            value={typed}
            onValue={setTyped}
          />
        )}
      </Toolbar>
      <div className="min-h-0 flex-1">
        {root ? (
          <Treemap root={root} />
        ) : (
          <WithDetails
            table={table}
            label="Resize the growth"
            details={
              chosen && (
                <div className="h-full overflow-auto p-3">
                  <GrowthChart
                    key={chosen.key}
                    view={view}
                    label={`Size of ${chosen.schema}.${chosen.name}`}
                    family="relation_size"
                    keys={chosen.parts}
                    heightPx={180}
                  />
                </div>
              )
            }
          />
        )}
      </div>
    </div>
  );
}
