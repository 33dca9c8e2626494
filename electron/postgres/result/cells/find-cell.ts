/** The next or previous cell that contains a text, in the order the rows are shown in; goes round once. */

import { type Matcher, textMatcher } from '../compare/text-match.ts';
import { fieldAt, int32At, type RowFile } from '../read/data-row.ts';
import { type Aborted, type RowVisitor, scanRows, visitListed } from '../read/scan-rows.ts';

export interface FindRequest {
  readonly text: string;
  readonly fromRow: number;
  readonly fromColumn: number;
  readonly backwards: boolean;
  readonly matchCase: boolean;
  /** Looks at the cell it starts from first, and not last. */
  readonly inclusive: boolean;
  /** Result column numbers in the order they are shown. */
  readonly columns: readonly number[];
}

export interface FoundCell {
  readonly row: number;
  readonly column: number;
  readonly wrapped: boolean;
}

/** Positions `from … to` (both count), and in each row the shown columns `low … high`. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
  readonly wrapped: boolean;
}

/** Rows looked at one after the other before a view is searched by one pass over the whole file. */
const blockRows = 8192;

/** @param view row numbers in order, or null for the file's own order. Rows in the answer are positions in it. */
export function findCell(
  file: RowFile,
  view: Uint32Array | null,
  request: FindRequest,
  aborted: Aborted,
): FoundCell | null {
  const search = new Search(file, view, request, aborted);
  for (const stretch of stretches(request, view ? view.length : file.rowCount)) {
    const found = search.first(stretch);
    if (found) return { ...found, wrapped: stretch.wrapped };
  }
  return null;
}

/** In searching order: the rest of the row, the rows after it, from the other end up to it, and the row's beginning. */
function stretches(request: FindRequest, count: number): Stretch[] {
  if (count === 0 || request.columns.length === 0) return [];
  const row = Math.min(request.fromRow, count - 1);
  const last = request.columns.length - 1;
  const here = Math.max(0, request.columns.indexOf(request.fromColumn));
  const own = request.inclusive ? 0 : 1;
  const whole = { low: 0, high: last };
  const before = { from: 0, to: row - 1, ...whole };
  const after = { from: row + 1, to: count - 1, ...whole };
  const all = request.backwards
    ? [
        { from: row, to: row, low: 0, high: here - own, wrapped: false },
        { ...before, wrapped: false },
        { ...after, wrapped: true },
        { from: row, to: row, low: here + 1 - own, high: last, wrapped: true },
      ]
    : [
        { from: row, to: row, low: here + own, high: last, wrapped: false },
        { ...after, wrapped: false },
        { ...before, wrapped: true },
        { from: row, to: row, low: 0, high: here - 1 + own, wrapped: true },
      ];
  return all.filter(({ from, to, low, high }) => from <= to && low <= high);
}

class Search {
  readonly #file: RowFile;
  readonly #view: Uint32Array | null;
  readonly #request: FindRequest;
  readonly #aborted: Aborted;
  readonly #matches: Matcher;
  readonly #inFileOrder: boolean;
  #positions: Uint32Array | null = null;

  constructor(file: RowFile, view: Uint32Array | null, request: FindRequest, aborted: Aborted) {
    this.#file = file;
    this.#view = view;
    this.#request = request;
    this.#aborted = aborted;
    this.#matches = textMatcher(request.text, request.matchCase, 'anywhere');
    this.#inFileOrder = isIncreasing(request.columns);
  }

  /** The first match of the stretch in the direction of the search. */
  first(stretch: Stretch): { row: number; column: number } | null {
    const { backwards } = this.#request;
    const count = stretch.to - stretch.from + 1;
    for (let done = 0; done < count; done += blockRows) {
      if (done > 0 && this.#view && this.#view.length > this.#file.rowCount / 32) return this.#bestOf(stretch);
      const size = Math.min(blockRows, count - done);
      const from = backwards ? stretch.to - done - size + 1 : stretch.from + done;
      const found = this.#inBlock(from, size, stretch);
      if (found) return found;
    }
    return null;
  }

  #inBlock(from: number, size: number, stretch: Stretch): { row: number; column: number } | null {
    let found: { row: number; column: number } | null = null;
    let position = from;
    const visit: RowVisitor = (bytes, at) => {
      const column = this.#inRow(bytes, at, stretch);
      if (column >= 0) found = { row: position, column };
      position++;
      // Backwards the block's last match is wanted.
      return found === null || this.#request.backwards;
    };
    if (this.#view) visitListed(this.#file, this.#view.subarray(from, from + size), this.#aborted, visit);
    else scanRows(this.#file, from, from + size, this.#aborted, visit);
    return found;
  }

  /** One pass in the file's order, keeping the match that comes first in the view's. */
  #bestOf(stretch: Stretch): { row: number; column: number } | null {
    const { backwards } = this.#request;
    const positions = this.#positionsOfRows();
    let best = backwards ? -1 : Number.POSITIVE_INFINITY;
    let bestColumn = 0;
    scanRows(this.#file, 0, this.#file.rowCount, this.#aborted, (bytes, at, row) => {
      const position = (positions[row] as number) - 1;
      if (position < stretch.from || position > stretch.to) return true;
      if (backwards ? position < best : position > best) return true;
      const column = this.#inRow(bytes, at, stretch);
      if (column < 0) return true;
      best = position;
      bestColumn = column;
      return true;
    });
    return Number.isFinite(best) && best >= 0 ? { row: best, column: bestColumn } : null;
  }

  /** For each row of the file its position in the view plus one; 0 for rows that are not in it. */
  #positionsOfRows(): Uint32Array {
    if (this.#positions) return this.#positions;
    const positions = new Uint32Array(this.#file.rowCount);
    this.#view?.forEach((row, position) => {
      positions[row] = position + 1;
    });
    this.#positions = positions;
    return positions;
  }

  /** The result column of the row's first (backwards: last) match among the shown columns `low … high`; -1 for none. */
  #inRow(bytes: Buffer, at: number, { low, high }: Stretch): number {
    const { columns, backwards } = this.#request;
    if (this.#inFileOrder && !backwards) return this.#alongRow(bytes, at, low, high);
    for (let step = low; step <= high; step++) {
      const column = columns[backwards ? high - (step - low) : step] as number;
      if (this.#matchesAt(bytes, fieldAt(bytes, at, column))) return column;
    }
    return -1;
  }

  /** The usual case, with one walk along the row. */
  #alongRow(bytes: Buffer, at: number, low: number, high: number): number {
    const { columns } = this.#request;
    let column = columns[low] as number;
    let field = fieldAt(bytes, at, column);
    for (let shown = low; shown <= high && field >= 0; shown++) {
      const next = columns[shown] as number;
      for (; column < next; column++) field += 4 + Math.max(0, int32At(bytes, field));
      if (this.#matchesAt(bytes, field)) return next;
    }
    return -1;
  }

  #matchesAt(bytes: Buffer, field: number): boolean {
    const length = field < 0 ? -1 : int32At(bytes, field);
    return length > 0 && this.#matches(bytes, field + 4, field + 4 + length);
  }
}

const isIncreasing = (numbers: readonly number[]): boolean =>
  numbers.every((number, place) => place === 0 || number > (numbers[place - 1] as number));
