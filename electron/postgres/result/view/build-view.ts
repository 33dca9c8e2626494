/** An order and a filter over the fetched rows: the row numbers in the view's order, and a finer index to reach them by. */
import type { ViewSpec } from '../../../../shared/api/results.ts';
import type { Column } from '../../../../shared/api/sessions.ts';
import { invalid } from '../../../../shared/failure.ts';
import { type SortKind, sortKindOf, sortNote } from '../compare/sort-kind.ts';
import { fieldAt, type RowFile, rowBytesAt } from '../read/data-row.ts';
import { type Aborted, scanRows, throwIfAborted } from '../read/scan-rows.ts';
import { type FilterTest, filterTest } from './filter.ts';
import { KeyColumn } from './key-column.ts';

export interface BuiltView {
  /** Row numbers in order; shared memory, so that the host and the worker see one copy. */
  readonly rows: Uint32Array;
  /** The byte offset of every `step`th row, finer than the file's own where rows are few. */
  readonly offsets: Float64Array;
  readonly step: number;
  /** What is not as the server would order or compare, in sentences. */
  readonly notes: readonly string[];
}

/** So many entries of the finer index are kept at most: 16 MB. */
const finestEntries = 2_000_000;

/** Throws `invalid` for columns the result does not have and for filter values that are not of their column's type. */
export function buildView(file: RowFile, columns: readonly Column[], spec: ViewSpec, aborted: Aborted): BuiltView {
  for (const { column } of [...spec.sort, ...spec.filters])
    if (column >= columns.length) throw invalid('spec', `The result has no column ${column + 1}.`);
  const asText = new Set<number>();
  for (;;) {
    const attempt = new Attempt(file, columns, spec, asText);
    const stuck = attempt.run(aborted);
    if (stuck === null) return attempt.view(aborted);
    // A value in another style than ISO: the whole column is taken as text, and that is said.
    asText.add(stuck);
  }
}

/** One pass over the file, with each column taken as its kind or as text. */
class Attempt {
  readonly #file: RowFile;
  readonly #columns: readonly Column[];
  readonly #spec: ViewSpec;
  readonly #asText: ReadonlySet<number>;
  readonly #tests: readonly { readonly column: number; readonly test: FilterTest }[];
  readonly #keys: readonly KeyColumn[];
  readonly #rows: Uint32Array;
  #count = 0;
  readonly #offsets: Float64Array;
  readonly #step: number;

  constructor(file: RowFile, columns: readonly Column[], spec: ViewSpec, asText: ReadonlySet<number>) {
    this.#file = file;
    this.#columns = columns;
    this.#spec = spec;
    this.#asText = asText;
    this.#tests = spec.filters.map((filter) => ({
      column: filter.column,
      test: filterTest(filter, columns[filter.column] as Column, this.#kindOf(filter.column)),
    }));
    this.#keys = spec.sort.map(({ column }) => new KeyColumn(file, column, this.#kindOf(column)));
    this.#rows = new Uint32Array(file.rowCount);
    this.#step = Math.min(file.step, 2 ** Math.ceil(Math.log2(Math.max(1, file.rowCount / finestEntries))));
    this.#offsets = shared(Float64Array, Math.ceil(file.rowCount / this.#step));
  }

  #kindOf(column: number): SortKind {
    return this.#asText.has(column) ? 'text' : sortKindOf(this.#columns[column] as Column);
  }

  /** Null when done, else the column whose text is not of its kind. */
  run(aborted: Aborted): number | null {
    let stuck: number | null = null;
    let offset = 0;
    scanRows(this.#file, 0, this.#file.rowCount, aborted, (bytes, at, row) => {
      if (row % this.#step === 0) this.#offsets[row / this.#step] = offset;
      offset += rowBytesAt(bytes, at);
      for (const { column, test } of this.#tests) {
        const passes = test(bytes, fieldAt(bytes, at, column));
        if (passes === null) stuck = column;
        if (!passes) return stuck === null;
      }
      for (const key of this.#keys) {
        if (!key.add(this.#count, bytes, fieldAt(bytes, at, key.column))) {
          stuck = key.column;
          return false;
        }
      }
      this.#rows[this.#count++] = row;
      return true;
    });
    return stuck;
  }

  view(aborted: Aborted): BuiltView {
    const rows = this.#rows.subarray(0, this.#count);
    let order: Uint32Array = Uint32Array.from({ length: 0 });
    if (this.#keys.length > 0) {
      order = new Uint32Array(this.#count);
      for (let place = 0; place < order.length; place++) order[place] = place;
      // Stable sorts from the last column to the first.
      for (const [at, key] of [...this.#keys.entries()].reverse()) {
        throwIfAborted(aborted);
        order = key.sort(order, rows, this.#spec.sort[at]?.descending ?? false);
      }
    }
    const ordered = shared(Uint32Array, this.#count);
    if (this.#keys.length === 0) ordered.set(rows);
    else for (let place = 0; place < order.length; place++) ordered[place] = rows[order[place] as number] as number;
    return { rows: ordered, offsets: this.#offsets, step: this.#step, notes: this.#notes() };
  }

  #notes(): string[] {
    const notes = [...this.#asText].map(
      (column) =>
        `${this.#columns[column]?.name}: the values are not in a style that can be compared, so their text is (set DateStyle to ISO and IntervalStyle to postgres).`,
    );
    for (const { column } of this.#spec.sort) {
      const note = this.#asText.has(column) ? null : sortNote(this.#columns[column] as Column);
      if (note && !notes.includes(note)) notes.push(note);
    }
    return notes;
  }
}

function shared<T>(make: new (buffer: SharedArrayBuffer) => T, count: number): T {
  const bytes = make === (Float64Array as unknown) ? 8 : 4;
  return new make(new SharedArrayBuffer(count * bytes));
}
