/** What the selected cells add up to, exactly, each cell counted once however often it is selected. */
import type { CellRange } from '../../../../shared/api/results.ts';
import type { Column } from '../../../../shared/api/sessions.ts';
import { type SortKind, sortKindOf } from '../compare/sort-kind.ts';
import { fieldAt, int32At, type RowFile } from '../read/data-row.ts';
import { type Aborted, type RowVisitor, scanRows, visitListed } from '../read/scan-rows.ts';
import { DecimalSum } from './decimal-sum.ts';
import { DistinctCount } from './distinct-count.ts';
import { Extremes } from './extremes.ts';

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

/** Rows `from … to` (both count) with the columns that are selected in all of them. */
interface Band {
  readonly from: number;
  readonly to: number;
  readonly columns: readonly number[];
}

/** @param view row numbers in order, or null for the file's own order; the ranges count positions in it. */
export function aggregate(
  file: RowFile,
  columns: readonly Column[],
  view: Uint32Array | null,
  ranges: readonly CellRange[],
  aborted: Aborted,
): Aggregates {
  const tally = new Tally(columns);
  for (const band of bandsOf(ranges, view ? view.length : file.rowCount, columns.length)) {
    const visit: RowVisitor = (bytes, at) => {
      for (const column of band.columns) tally.add(bytes, fieldAt(bytes, at, column), column);
      return true;
    };
    // Order does not matter here, and in the file's order reading is fastest.
    if (view) visitListed(file, view.slice(band.from, band.to + 1).sort(), aborted, visit);
    else scanRows(file, band.from, band.to + 1, aborted, visit);
  }
  return tally.done();
}

/** The ranges cut where one of them begins or ends, so that no cell is in two bands. */
export function bandsOf(ranges: readonly CellRange[], rowCount: number, columnCount: number): Band[] {
  const edges = new Set<number>();
  for (const { fromRow, toRow } of ranges) {
    edges.add(Math.min(fromRow, rowCount));
    edges.add(Math.min(toRow + 1, rowCount));
  }
  const sorted = [...edges].sort((left, right) => left - right);
  const bands: Band[] = [];
  for (let place = 0; place + 1 < sorted.length; place++) {
    const from = sorted[place] as number;
    const to = (sorted[place + 1] as number) - 1;
    const columns = new Set<number>();
    for (const range of ranges)
      if (range.fromRow <= from && range.toRow >= to) for (const column of range.columns) columns.add(column);
    const real = [...columns].filter((column) => column < columnCount).sort((left, right) => left - right);
    if (real.length > 0) bands.push({ from, to, columns: real });
  }
  return bands;
}

class Tally {
  #cells = 0;
  #nulls = 0;
  readonly #sum = new DecimalSum();
  readonly #extremes = new Extremes();
  readonly #distinct = new DistinctCount();
  readonly #kinds: readonly SortKind[];

  constructor(columns: readonly Column[]) {
    this.#kinds = columns.map(sortKindOf);
  }

  add(bytes: Buffer, field: number, column: number): void {
    this.#cells++;
    const length = field < 0 ? -1 : int32At(bytes, field);
    if (length < 0) {
      this.#nulls++;
      return;
    }
    const start = field + 4;
    const kind = this.#kinds[column] as SortKind;
    if (kind === 'number') this.#sum.add(bytes, start, start + length);
    this.#extremes.add(kind, bytes, start, start + length);
    this.#distinct.add(bytes, start, start + length);
  }

  done(): Aggregates {
    return {
      cells: this.#cells,
      nulls: this.#nulls,
      numbers: this.#sum.count,
      sum: this.#sum.sum(),
      average: this.#sum.average(),
      min: this.#extremes.min,
      max: this.#extremes.max,
      distinct: this.#distinct.count,
    };
  }
}
