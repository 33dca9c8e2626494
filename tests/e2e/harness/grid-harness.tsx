/** The grid alone on a page: `?data=long&rows=10000000&theme=dark`. What it reports is kept in `window.harness`. */
import '../../../renderer/app/theme.css';
import { useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { Grid } from '../../../renderer/grid/grid.tsx';
import type { Aggregates, FindRequest, GridFilter, GridRange, GridSort } from '../../../renderer/grid/grid-source.ts';
import { createGridState, type GridState } from '../../../renderer/grid/grid-state.ts';
import { WindowCache } from '../../../renderer/grid/window-cache.ts';
import { hostile, long, type MadeResult, wide, windowOf } from './harness-data.ts';

declare global {
  interface Window {
    harness: {
      readonly calls: { readonly name: string; readonly data: unknown }[];
      state: GridState;
      cache: WindowCache;
      readonly fetches: number[];
    };
  }
}

const query = new URLSearchParams(location.search);
const data = query.get('data') ?? 'long';
const rows = Number(query.get('rows') ?? 10_000_000);
const latencyMs = Number(query.get('latency') ?? 2);
document.documentElement.dataset.theme = query.get('theme') ?? 'light';

const made: MadeResult =
  data === 'wide' ? wide(rows) : data === 'hostile' ? hostile() : long(data === 'empty' ? 0 : rows);
const calls: { name: string; data: unknown }[] = [];
const fetches: number[] = [];
let reversed = false;

const cache = new WindowCache({
  columns: made.columns,
  rowCount: made.rowCount,
  load: async (from, count, signal) => {
    fetches.push(from);
    await new Promise((done) => setTimeout(done, latencyMs));
    if (data === 'failing' && from >= 200 && fetches.length < 20) throw new Error('The result file could not be read');
    signal.throwIfAborted();
    if (!reversed) return windowOf(made, from, count);
    const mirrored = windowOf(made, made.rowCount - from - count, count);
    return { ...mirrored, rows: mirrored.rows.toReversed() };
  },
});
const state = createGridState(made.columns);
window.harness = { calls, state, cache, fetches };
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

function Page() {
  const footer = useMemo(() => <>{made.rowCount.toLocaleString('en-US')} rows · server 41 ms · transfer 1.9 s</>, []);
  return (
    <main className="h-full">
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
        onOpenValue={(row, column) => log('openValue', { row, column })}
        onOpenRecord={(row) => log('openRecord', row)}
        onFind={find}
        onAggregate={aggregate}
        footer={footer}
      />
    </main>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Page />);
