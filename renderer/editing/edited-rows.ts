/** Rows that can be edited, wherever they are shown: a table's own, or those of one table in a query's result. */
import type { DataColumn, Reference, RelationModel } from '../../shared/api/data.ts';
import type { ReadRow } from '../../shared/edit/staged.ts';
import type { client } from '../client/connect.ts';
import type { GridRow, GridSource } from '../grid/grid-source.ts';
import type { GridState } from '../grid/grid-state.ts';
import type { LoadPiece } from '../grid/value/value-piece.ts';
import type { Where } from './chosen-labels.ts';

/** A row as it is stored, as far as it is known. */
export interface StoredRow extends GridRow {
  /** The values of the table's proven key; undefined where there is none. */
  readonly key: readonly string[] | undefined;
}

export interface StoredRows extends GridSource {
  row(index: number): StoredRow | undefined;
  /** The rows in memory, with their numbers. */
  loaded(): Iterable<readonly [number, StoredRow]>;
}

/** What a row holds by column, as the server told when it refused to save it. */
export interface RowNow {
  readonly id: string;
  readonly cells: readonly { readonly column: number; readonly value: string | null }[];
}

export type SaveOutcome = Awaited<ReturnType<typeof client.data.save>>;
export type SavedOutcome = Extract<SaveOutcome, { kind: 'saved' }>;

export interface EditedRows {
  /** The table whose rows are edited. */
  readonly where: Where;
  readonly model: RelationModel;
  readonly grid: GridState;
  readonly source: StoredRows;
  /** Why nothing can be changed here, and what would help; null where something can, or it is not known yet. */
  readonly readOnly: { readonly reason: string; readonly wayOut: string } | null;
  /** Rows can be added, duplicated, deleted and pasted as well. */
  readonly wholeRows: boolean;
  /** Why rows cannot be added; null where they can. */
  readonly noNewRows: string | null;
  /** Below, where the rows that are there must keep their numbers. */
  readonly newRowsStand: 'above' | 'below';
  /** The table's column that stands in a column of the grid. */
  columnAt(at: number): DataColumn | undefined;
  /** A row as the server is asked to find it; null where it is not in memory, or proves nothing. */
  readRow(index: number): ReadRow | null;
  /** Finds out what can be edited, where that is not known from the beginning. */
  prepare?(): Promise<void>;
  /**
   * Why a cell cannot be edited although its table's column could; null where it can. Where rows of several tables are
   * shown and `free` (nothing is staged), the table of this column is the edited one from now on.
   */
  choose?(index: number, at: number, free: boolean): string | null;
  /** A value that is shown cut, by pieces. */
  pieces(index: number, at: number): LoadPiece | null;
  /** From now on the whole value is what was read. */
  keepWhole(index: number, at: number, whole: string): void;
  /** Looks again at what is stored. `now`: what the server has just said of one row. */
  refresh(now?: RowNow): void;
  /** @param deleted ids of the rows that are gone now */
  saved(outcome: SavedOutcome, deleted: readonly string[]): void;
}

/** A foreign key of this column alone: its rows can be picked. */
export const referenceOf = ({ references }: RelationModel, column: number): Reference | undefined =>
  references.find(({ columns }) => columns.length === 1 && columns[0] === column);

/** With the whole of a value that was shown cut: what is compared at saving is that. */
export function withWhole<Row extends StoredRow>(row: Row, position: number, whole: string | null): Row {
  const cut = new Map(row.cut);
  cut.delete(position);
  return { ...row, cells: row.cells.map((cell, at) => (at === position ? whole : cell)), cut };
}
