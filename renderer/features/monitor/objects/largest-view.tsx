import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { shownInstant } from '../../../chart/time-axis.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Segmented, TextInput } from '../../../ui/field.tsx';
import { SplitPane } from '../../../ui/split-pane.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import { changeLayout, useLayout } from '../../../workspace/layout.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { DataTable } from '../parts/data-table.tsx';
import { readFamily } from '../parts/family-rows.ts';
import type { SortBy } from '../parts/sorted.ts';
import { counted } from '../parts/words.ts';
import { GrowthChart } from './growth-chart.tsx';
import { objectColumns } from './object-columns.tsx';
import { sizedTables, sizeTree } from './size-tree.ts';
import { upToNow } from './stretch.ts';
import { Treemap } from './treemap.tsx';

const top = 10;
type Shown = 'top' | 'all' | 'map';

/** The largest ten, all, or a map of where the disk went; one chosen shows how it grows. */
export function LargestView({ view }: { view: MonitorView }) {
  const [shown, setShown] = useState<Shown>('top');
  const [typed, setTyped] = useState('');
  const [sort, setSort] = useState<SortBy>({ key: 'bytes', down: true });
  const [selected, setSelected] = useState<string | null>(null);
  const { resultsPx } = useLayout();
  const answer = useCall(readFamily, { ...upToNow(view), family: 'relation_size' });
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
  const chosen = tables.find((each) => each.key === selected);
  const table = (
    <DataTable
      label={shown === 'top' ? 'Largest tables' : 'All tables'}
      rows={rows}
      columns={columns}
      rowKey={(row) => row.key}
      sort={sort}
      onSort={setSort}
      selectedKey={selected}
      onSelect={setSelected}
      empty="No table fits."
    />
  );
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
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
          <div className="relative w-64">
            <Search size={14} strokeWidth={1.75} aria-hidden className="absolute top-1.5 left-2 text-faint" />
            <TextInput
              type="search"
              aria-label="Search tables"
              placeholder="Database, schema or table"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              className="pl-7"
            />
          </div>
        )}
        <span className="ml-auto text-xs text-muted tabular-nums">
          {counted(tables.length, 'table')}, {shownAmount(whole, { unit: 'bytes' })}
          {answer.data.atMs !== null && `, read at ${shownInstant(answer.data.atMs)}`}
        </span>
      </div>
      <div className="min-h-0 flex-1">
        {root ? (
          <Treemap root={root} />
        ) : chosen ? (
          <SplitPane
            direction="column"
            sized="second"
            sizePx={resultsPx}
            minPx={180}
            onSize={(px) => changeLayout({ resultsPx: px })}
            label="Resize the growth"
            first={table}
            second={
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
            }
          />
        ) : (
          table
        )}
      </div>
    </div>
  );
}
