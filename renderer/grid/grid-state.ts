/** What a person has done to a grid: kept outside the component, so that a tab shows it again as it was left. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GridColumn, GridFilter, GridSort } from './grid-source.ts';
import { type ColumnLayout, createLayout, MAX_FITTED } from './model/column-layout.ts';
import type { Sought } from './model/find-rows.ts';
import { type Selection, selectCell } from './model/selection.ts';

export interface GridStateData {
  readonly layout: ColumnLayout;
  /** True until widths were fitted to the first rows or set by hand. */
  readonly unfitted: boolean;
  readonly selection: Selection;
  /** Px from the first row's upper edge; exceeds what a browser can scroll. */
  readonly top: number;
  /** Px from the first column's left edge. */
  readonly left: number;
  readonly sort: readonly GridSort[];
  readonly filters: readonly GridFilter[];
  /** Cells that hold it are marked. */
  readonly sought: Sought;
}
export type GridState = StoreApi<GridStateData>;

/** A first width from the column's own words, before any row is known. */
const guessWidth = (column: GridColumn) =>
  Math.min(MAX_FITTED, Math.max(72, 44 + Math.max(column.name.length * 7.2, column.typeName.length * 6)));

/** The state of a grid that nobody has touched. */
export const createGridState = (columns: readonly GridColumn[]): GridState =>
  createStore<GridStateData>(() => ({
    layout: createLayout(columns.map(guessWidth)),
    unfitted: true,
    selection: selectCell({ row: 0, position: 0 }),
    top: 0,
    left: 0,
    sort: [],
    filters: [],
    sought: null,
  }));

/** The order after a click on a column's sort button: ascending, descending, none. `add` keeps the other columns. */
export function nextSort(sort: readonly GridSort[], column: number, add: boolean): GridSort[] {
  const now = sort.find((one) => one.column === column);
  const next =
    now === undefined ? [{ column, descending: false }] : now.descending ? [] : [{ column, descending: true }];
  if (!add) return next;
  return now && next[0]
    ? sort.map((one) => (one.column === column ? { column, descending: true } : one))
    : [...sort.filter((one) => one.column !== column), ...next];
}
