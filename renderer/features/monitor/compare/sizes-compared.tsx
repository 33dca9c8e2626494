import { useMemo, useState } from 'react';
import { shownAmount } from '../../../../shared/metrics/units.ts';
import { shownInstant } from '../../../chart/time-axis.ts';
import { useCall } from '../../../client/use-call.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Segmented } from '../../../ui/field.tsx';
import { SearchField } from '../../../ui/inputs/search-field.tsx';
import { EmptyState, Pending } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import type { MonitorView } from '../frame/monitor-view.ts';
import { type SizedTable, sizedTables } from '../objects/size-tree.ts';
import { readFamily } from '../parts/family/family-rows.ts';
import { type Column, DataTable } from '../parts/table/data-table.tsx';
import { Toolbar } from '../parts/table/toolbar.tsx';
import { useTable } from '../parts/table/use-table.ts';
import { changeWords, figureColumns, presenceColumn } from './change.tsx';
import { either, type Pair, pairs } from './pairs.ts';
import type { Sides } from './use-compared.ts';

const bytes = (value: number) => shownAmount(value, { unit: 'bytes' });
const nameOf = ({ schema, name }: SizedTable) => `${schema}.${name}`;
const ask = ({ id, range: { fromMs, toMs } }: MonitorView) => ({ id, fromMs, toMs, family: 'relation_size' });

/** Of databases that are called differently, tables are matched by their names where there is only one of each. */
export function pairTables(shown: readonly SizedTable[], compared: readonly SizedTable[]): Pair<SizedTable>[] {
  const databases = (tables: readonly SizedTable[]) => new Set(tables.map(({ database }) => database)).size;
  const single = databases(shown) === 1 && databases(compared) === 1;
  return pairs(shown, compared, (table) => (single ? nameOf(table) : JSON.stringify([table.database, nameOf(table)])));
}

const columns: readonly Column<Pair<SizedTable>>[] = [
  {
    key: 'name',
    label: 'Table',
    widthPx: 160,
    grows: true,
    value: (pair) => nameOf(either(pair)),
    cell: (pair) => visibleText(nameOf(either(pair))),
  },
  presenceColumn<SizedTable>(),
  {
    key: 'database',
    label: 'Database',
    widthPx: 92,
    spare: 1,
    value: (pair) => either(pair).database,
    cell: (pair) => visibleText(either(pair).database),
  },
  ...figureColumns<SizedTable>({
    key: 'bytes',
    title: 'With indexes and TOAST',
    widthPx: 92,
    direction: 'neither',
    of: (table) => table.bytes,
    words: bytes,
    absentIsZero: true,
  }),
  {
    key: 'percent',
    label: 'By',
    widthPx: 72,
    right: true,
    value: ({ shown, compared }) => (shown && compared?.bytes ? shown.bytes / compared.bytes : null),
    cell: ({ shown, compared }) => changeWords(shown?.bytes ?? null, compared?.bytes ?? null),
  },
  ...figureColumns<SizedTable>({
    key: 'index',
    label: 'Indexes',
    widthPx: 84,
    direction: 'neither',
    of: (table) => table.indexBytes,
    words: bytes,
    absentIsZero: true,
    spare: 1,
  }),
];

/** Why no table differs. */
function sameReading(shown: MonitorView, compared: MonitorView, atMs: number | null, otherMs: number | null): string {
  if (shown.id !== compared.id || atMs === null || atMs !== otherMs) return 'All tables are as large in both.';
  return `Both stretches have the same reading, of ${shownInstant(atMs)}: sizes are read once an hour. Compare with a stretch that ended earlier.`;
}

/** Tables as large as they were at the end of each stretch. */
export function SizesCompared({ shown, compared }: Sides) {
  const [which, setWhich] = useState<'changed' | 'all'>('changed');
  const [typed, setTyped] = useState('');
  const lines = useTable('bytesChange', true);
  const own = useCall(readFamily, ask(shown));
  const other = useCall(readFamily, ask(compared));
  const all = useMemo(
    () => (own.data && other.data ? pairTables(sizedTables(own.data.rows), sizedTables(other.data.rows)) : undefined),
    [own.data, other.data],
  );
  const failed = [own, other].find((each) => each.state === 'failed');
  if (!all && failed?.state === 'failed') return <FailureView failure={failed.failure} className="m-4" />;
  if (!all || !own.data || !other.data) return <Pending label="Reading the sizes" />;
  if (own.data.rows.length === 0 || other.data.rows.length === 0) {
    return (
      <EmptyState title={`No sizes are recorded of the ${own.data.rows.length === 0 ? 'shown' : 'compared'} stretch`}>
        Sizes are read when recording begins and once an hour. Choose a stretch that ends later.
      </EmptyState>
    );
  }
  const search = typed.trim().toLowerCase();
  const rows = all.filter(
    (pair) =>
      (which === 'all' || pair.shown?.bytes !== pair.compared?.bytes) &&
      `${either(pair).database} ${nameOf(either(pair))}`.toLowerCase().includes(search),
  );
  const whole = (of: 'shown' | 'compared') => all.reduce((sum, pair) => sum + (pair[of]?.bytes ?? 0), 0);
  const read = (atMs: number | null) => (atMs === null ? '' : ` (read at ${shownInstant(atMs)})`);
  return (
    <div className="flex h-full flex-col">
      <Toolbar
        end={`${bytes(whole('shown'))}${read(own.data.atMs)}, compared ${bytes(whole('compared'))}${read(other.data.atMs)}`}
      >
        <SearchField
          label="Search tables"
          placeholder="Database, schema or table"
          value={typed}
          onValue={setTyped}
          className="w-64"
        />
        <Segmented
          label="Which tables"
          value={which}
          onValue={setWhich}
          options={[
            { value: 'changed', label: 'Not the same' },
            { value: 'all', label: 'All' },
          ]}
        />
      </Toolbar>
      <div className="min-h-0 flex-1">
        <DataTable
          label="Sizes compared"
          rows={rows}
          columns={columns}
          rowKey={(pair) => pair.key}
          {...lines}
          empty={search ? 'No table fits.' : sameReading(shown, compared, own.data.atMs, other.data.atMs)}
        />
      </div>
    </div>
  );
}
