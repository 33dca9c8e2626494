/** What a grid shows and what it tells its owner. It takes data and never fetches any. */

import type { FilterOperator } from '../../shared/rows/row-words.ts';

/** A cell as the server's text form, or null for NULL. */
export type CellText = string | null;

export interface GridColumn {
  readonly name: string;
  /** Shown under the name: "timestamp(3) with time zone". */
  readonly typeName: string;
  /** pg_type.typcategory: N is right-aligned, U with a bytea type is shown as hex. */
  readonly category: string;
  /** What its owner has written about it; shown behind the type. */
  readonly comment?: string;
}
/** What has happened to a cell or a row since it was read. */
export type CellMark = 'edited' | 'changed' | 'unset';
export type RowMark = 'inserted' | 'deleted' | 'refused';

export interface GridRow {
  readonly cells: readonly CellText[];
  /** Column -> full size in bytes of the cells that came cut. */
  readonly cut?: ReadonlyMap<number, number>;
  /** Columns whose bytes were not valid text. */
  readonly invalid?: ReadonlySet<number>;
  /** Columns with a colour behind them: what a comparison has found. */
  readonly tints?: ReadonlyMap<number, CellTint>;
  /** `edited`: not stored yet. `changed`: by another, since the last look. `unset`: the server will choose its value. */
  readonly marks?: ReadonlyMap<number, CellMark>;
  readonly mark?: RowMark;
  /** Words behind a value: what it stands for. */
  readonly notes?: ReadonlyMap<number, string>;
}
export type CellTint = 'added' | 'removed';

/** Rows by position. `row` answers from memory at once; `request` says what is in sight. */
export interface GridSource {
  readonly columns: readonly GridColumn[];
  readonly rowCount: number;
  /** What stands beside a row instead of its number: where that is only about known. */
  numberAt?(index: number): string;
  /** The row if it is in memory. */
  row(index: number): GridRow | undefined;
  /**
   * The rows now in sight: what is missing is fetched, what is no longer wanted may be given up. Each `viewer` (the
   * grid, where none is named) has its own sight; a count of 0 ends it.
   */
  request(from: number, count: number, viewer?: string): void;
  /** Why a row in sight could not be fetched. */
  failureAt(index: number): string | undefined;
  /** Why any of the rows in sight could not be fetched. */
  failure(): string | undefined;
  /** Tries again to fetch what failed. */
  retry(): void;
  /** Called after anything above changed. */
  subscribe(listener: () => void): () => void;
}

/** Rows `fromRow`..`toRow`, both counted, in these result columns in display order. */
export interface GridRange {
  readonly fromRow: number;
  readonly toRow: number;
  readonly columns: readonly number[];
}

export interface GridSort {
  readonly column: number;
  readonly descending: boolean;
}

export interface GridFilter {
  readonly column: number;
  readonly operator: FilterOperator;
  readonly value: string;
}

export interface FindRequest {
  readonly text: string;
  readonly fromRow: number;
  readonly fromColumn: number;
  readonly backwards: boolean;
  readonly matchCase: boolean;
}
export interface FindHit {
  readonly row: number;
  readonly column: number;
  readonly wrapped: boolean;
  /** Which of how many, where they were counted. */
  readonly at?: number;
  readonly of?: number;
}

/** Numbers over a selection; sums and averages are exact decimal text, null where nothing was a number. */
export interface Aggregates {
  readonly cells: number;
  readonly nulls: number;
  readonly numbers: number;
  readonly sum: string | null;
  readonly average: string | null;
  readonly min: string | null;
  readonly max: string | null;
  readonly distinct: number | null;
}
