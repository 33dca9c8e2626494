/** The grid alone on a page: `?data=long&rows=10000000&theme=dark`. What it reports is kept in `window.harness`. */
import '../../../renderer/app/theme.css';
import { useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Grid } from '../../../renderer/grid/grid.tsx';
import type { Aggregates, FindRequest, GridFilter, GridRange, GridSort } from '../../../renderer/grid/grid-source.ts';
import { createGridState, type GridState } from '../../../renderer/grid/grid-state.ts';
import { RecordView } from '../../../renderer/grid/record-view.tsx';
import { ValueViewer } from '../../../renderer/grid/value/value-viewer.tsx';
import { WindowCache } from '../../../renderer/grid/window-cache.ts';
import { hostile, long, type MadeResult, pieceOf, values, wide, windowOf } from './harness-data.ts';

declare global {
  interface Window {
    harness: {
      readonly calls: { readonly name: string; readonly data: unknown }[];
      state: GridState;
      cache: WindowCache;
      readonly fetches: number[];
      /** With `?held`: the windows that were asked for come now, and the next at once. */
      readonly release: () => void;
      /** More rows have arrived. */
      readonly grow: (rowCount: number) => void;
    };
  }
}

const query = new URLSearchParams(location.search);
const data = query.get('data') ?? 'long';
const rows = Number(query.get('rows') ?? 10_000_000);
const latencyMs = Number(query.get('latency') ?? 2);
const held = Promise.withResolvers<void>();
if (!query.has('held')) held.resolve();
document.documentElement.dataset.theme = query.get('theme') ?? 'light';

const makers: Record<string, () => MadeResult> = {
  wide: () => wide(rows),
  hostile,
  values,
  empty: () => long(0),
};
const made: MadeResult = (makers[data] ?? (() => long(rows)))();
const calls: { name: string; data: unknown }[] = [];
const fetches: number[] = [];
let reversed = false;
let grown = 0;

const cache = new WindowCache({
  columns: made.columns,
  rowCount: made.rowCount,
  load: async (from, count, signal) => {
    fetches.push(from);
    await held.promise;
    await new Promise((done) => setTimeout(done, latencyMs));
    if (data === 'failing' && from >= 200 && fetches.length < 20) throw new Error('The result file could not be read');
    signal.throwIfAborted();
    if (!reversed) return windowOf({ ...made, rowCount: Math.max(grown, made.rowCount) }, from, count);
    const mirrored = windowOf(made, made.rowCount - from - count, count);
    return { ...mirrored, rows: mirrored.rows.toReversed() };
  },
});
const state = createGridState(made.columns);
window.harness = {
  calls,
  state,
  cache,
  fetches,
  release: held.resolve,
  grow: (rowCount) => {
    grown = rowCount;
    cache.setRowCount(rowCount);
  },
};
const log = (name: string, what: unknown) => void calls.push({ name, data: what });

/** Sorts as far as a made-up result can: the last rows first. */
async function order(sort: readonly GridSort[], filters: readonly GridFilter[]): Promise<void> {
  log('order', { sort, filters });
  if (filters.some((filter) => filter.value === 'impossible'))
    throw new Error('The filter has no meaning for this column');
  reversed = sort[0]?.descending === true;
  cache.reset(filters.length > 0 ? 0 : made.rowCount);
}
async function find({ text, fromRow, backwards }: FindRequest) {
  const step = backwards ? -1 : 1;
  for (let row = fromRow + step; row >= 0 && row < made.rowCount && Math.abs(row - fromRow) < 100_000; row += step) {
    for (let column = 0; column < made.columns.length; column++) {
      if (made.cell(row, column)?.includes(text)) return { row, column, wrapped: false };
    }
  }
  return null;
}
async function aggregate(ranges: readonly GridRange[]): Promise<Aggregates> {
  log('aggregate', ranges);
  const cells = ranges.reduce((sum, range) => sum + (range.toRow - range.fromRow + 1) * range.columns.length, 0);
  return { cells, nulls: 2, numbers: cells, sum: '1250.75', average: '125.075', min: '1', max: '99.5', distinct: 10 };
}

type Side = { kind: 'value'; row: number; column: number } | { kind: 'record' } | null;

function SidePane({
  side,
  onValue,
  onClose,
}: {
  side: NonNullable<Side>;
  onValue: (row: number, column: number) => void;
  onClose: () => void;
}) {
  if (side.kind === 'record') {
    return <RecordView label="Result 1" source={cache} state={state} onOpenValue={onValue} onClose={onClose} />;
  }
  const { row, column } = side;
  const info = made.columns[column];
  if (!info) return null;
  return (
    <ValueViewer
      column={info}
      row={row}
      valueKey={`${row} ${column}`}
      load={async (offset, length, { base64 }) => pieceOf(made, row, column, offset, length, base64)}
      onClose={onClose}
    />
  );
}

function Page() {
  const [side, setSide] = useState<Side>(null);
  const footer = useMemo(() => <>{made.rowCount.toLocaleString('en-US')} rows · server 41 ms · transfer 1.9 s</>, []);
  const openValue = (row: number, column: number) => {
    log('openValue', { row, column });
    setSide({ kind: 'value', row, column });
  };
  return (
    <main className="flex h-full">
      <div className="min-w-0 flex-1">
        <Grid
          label="Result 1"
          source={cache}
          state={state}
          progress={(query.get('progress') as 'streaming' | 'cut' | null) ?? 'complete'}
          failure={query.get('failure')}
          onRetry={() => log('retry', null)}
          onOrder={order}
          onCopy={(ranges, format, header) => log('copy', { ranges, format, header })}
          onCopyName={(name) => log('copyName', name)}
          onOpenValue={openValue}
          onOpenRecord={() => setSide({ kind: 'record' })}
          onFind={find}
          onAggregate={aggregate}
          footer={footer}
        />
      </div>
      {side && (
        <div className="w-[460px] border-l border-line">
          <SidePane side={side} onValue={openValue} onClose={() => setSide(null)} />
        </div>
      )}
    </main>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Page />);
