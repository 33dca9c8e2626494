/** The keys of one sort column for the rows of a view, and the values themselves where keys alone do not decide. */

import { intervalMicros } from '../compare/interval-key.ts';
import { emptyKey, nullWord } from '../compare/key.ts';
import { compareDecimals, doubleOf } from '../compare/number-key.ts';
import { keyFunction, wordAt } from '../compare/sort-key.ts';
import type { SortKind } from '../compare/sort-kind.ts';
import { fieldAt, int32At, type RowFile } from '../read/data-row.ts';
import { RowReader } from '../read/row-reader.ts';
import { mergeSort, radixSort } from './radix-sort.ts';

/** Values kept in memory for exact comparison, in bytes; what goes beyond is read from the file again. */
const keptBytes = 256 * 1024 * 1024;
const notKept = -1;

/** Fewer texts than this are compared as they are, and so are those that are alike for longer than this. */
const fewTexts = 24;
const deepest = 128;

interface Tie {
  /** How many bytes of the texts are known to be equal. */
  readonly depth: number;
  readonly descending: boolean;
  readonly keptAt: Float64Array;
  readonly directed: (left: number, right: number) => number;
}

interface Piece {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

export class KeyColumn {
  readonly column: number;
  readonly kind: SortKind;
  readonly #file: RowFile;
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  readonly #keyOf;
  readonly #key = emptyKey();
  /** Where in `#kept` the value of a row lies (length, then bytes); none while every key is exact. */
  #keptAt: Float64Array | null = null;
  #kept = Buffer.allocUnsafe(64 * 1024);
  #keptEnd = 0;

  constructor(file: RowFile, column: number, kind: SortKind) {
    this.#file = file;
    this.column = column;
    this.kind = kind;
    this.#keyOf = keyFunction(kind);
    this.#high = new Uint32Array(file.rowCount);
    this.#low = new Uint32Array(file.rowCount);
  }

  /** Takes the value of the view's row `place` (before sorting). False: the text is not of the column's kind. */
  add(place: number, bytes: Uint8Array, field: number): boolean {
    const length = field < 0 ? -1 : int32At(bytes, field);
    if (length < 0) {
      this.#high[place] = nullWord;
      this.#low[place] = nullWord;
      return true;
    }
    const start = field + 4;
    const key = this.#key;
    if (!this.#keyOf(bytes, start, start + length, key)) return false;
    this.#high[place] = key.high;
    this.#low[place] = key.low;
    if (!key.exact) this.#keep(place, bytes, start, length);
    return true;
  }

  /** `order` (places) sorted by this column, equal values in the order they had. @param rows the row of each place */
  sort(order: Uint32Array, rows: Uint32Array, descending: boolean): Uint32Array {
    const sorted = radixSort(order, this.#high, this.#low, descending);
    if (this.#keptAt) this.#decideTies(sorted, rows, this.#keptAt, descending);
    return sorted;
  }

  #keep(place: number, bytes: Uint8Array, start: number, length: number): void {
    this.#keptAt ??= new Float64Array(this.#file.rowCount).fill(Number.NaN);
    const end = this.#keptEnd + 4 + length;
    if (end > keptBytes) {
      this.#keptAt[place] = notKept;
      return;
    }
    if (end > this.#kept.length) {
      const larger = Buffer.allocUnsafe(Math.min(keptBytes, Math.max(end, this.#kept.length * 2)));
      this.#kept.copy(larger, 0, 0, this.#keptEnd);
      this.#kept = larger;
    }
    this.#kept.writeInt32BE(length, this.#keptEnd);
    this.#kept.set(bytes.subarray(start, start + length), this.#keptEnd + 4);
    this.#keptAt[place] = this.#keptEnd;
    this.#keptEnd = end;
  }

  #decideTies(order: Uint32Array, rows: Uint32Array, keptAt: Float64Array, descending: boolean): void {
    const reader = new RowReader(this.#file, 8192);
    const compare = this.#comparison(rows, reader, keptAt);
    const directed = descending ? (left: number, right: number) => compare(right, left) : compare;
    const decide = (start: number, end: number): void => {
      if (this.kind !== 'text' || !this.#decideByWords(order, start, end, { depth: 8, descending, keptAt, directed }))
        mergeSort(order, start, end, directed);
    };
    try {
      for (let start = 0; start < order.length; ) {
        const first = order[start] as number;
        let end = start + 1;
        let undecided = !Number.isNaN(keptAt[first]);
        for (; end < order.length; end++) {
          const next = order[end] as number;
          if (this.#high[next] !== this.#high[first] || this.#low[next] !== this.#low[first]) break;
          undecided ||= !Number.isNaN(keptAt[next]);
        }
        if (undecided && end - start > 1) decide(start, end);
        start = end;
      }
    } finally {
      reader.close();
    }
  }

  /**
   * Texts that begin alike, many of them: by their next eight bytes, then those that are still alike by the next. False
   * where comparing is better: few texts, long common beginnings, or values that are not in memory.
   */
  #decideByWords(order: Uint32Array, start: number, end: number, tie: Tie): boolean {
    const count = end - start;
    if (count < fewTexts || tie.depth > deepest) return false;
    const places = order.slice(start, end);
    const [high, low] = [new Uint32Array(count), new Uint32Array(count)];
    for (let at = 0; at < count; at++) {
      const kept = tie.keptAt[places[at] as number] as number;
      if (kept === notKept) return false;
      const from = kept + 4 + tie.depth;
      const valueEnd = kept + 4 + this.#kept.readInt32BE(kept);
      high[at] = wordAt(this.#kept, from, valueEnd);
      low[at] = wordAt(this.#kept, from + 4, valueEnd);
    }
    const sorted = radixSort(
      Uint32Array.from(places, (_, at) => at),
      high,
      low,
      tie.descending,
    );
    for (let at = 0; at < count; at++) order[start + at] = places[sorted[at] as number] as number;
    for (let at = 0; at < count; ) {
      const first = sorted[at] as number;
      let next = at + 1;
      for (; next < count; next++) {
        const other = sorted[next] as number;
        if (high[other] !== high[first] || low[other] !== low[first]) break;
      }
      // A zero byte means that these texts have ended, and are equal.
      const ended = ((low[first] as number) & 0xff) === 0;
      if (next - at > 1 && !ended) {
        const deeper = { ...tie, depth: tie.depth + 8 };
        if (!this.#decideByWords(order, start + at, start + next, deeper))
          mergeSort(order, start + at, start + next, tie.directed);
      }
      at = next;
    }
    return true;
  }

  #comparison(rows: Uint32Array, reader: RowReader, keptAt: Float64Array): (left: number, right: number) => number {
    const pieceOf = (place: number): Piece => {
      const at = keptAt[place] as number;
      if (at === notKept) return readPiece(reader, rows[place] as number, this.column);
      return { bytes: this.#kept, start: at + 4, end: at + 4 + this.#kept.readInt32BE(at) };
    };
    if (this.kind === 'text')
      return (left, right) => {
        const [a, b] = [pieceOf(left), pieceOf(right)];
        return a.bytes.compare(b.bytes, b.start, b.end, a.start, a.end);
      };
    /** A number that is not kept is one whose double says it exactly. */
    const textOf = (place: number): string => {
      if (Number.isNaN(keptAt[place])) return String(doubleOf(this.#high[place] as number, this.#low[place] as number));
      const { bytes, start, end } = pieceOf(place);
      return bytes.toString('latin1', start, end);
    };
    if (this.kind === 'number') return (left, right) => compareDecimals(textOf(left), textOf(right));
    const spanOf = (place: number): bigint =>
      Number.isNaN(keptAt[place]) ? BigInt(textOf(place)) : (intervalMicros(textOf(place)) ?? 0n);
    return (left, right) => compareWhole(spanOf(left), spanOf(right));
  }
}

const compareWhole = (left: bigint, right: bigint): number => (left < right ? -1 : left > right ? 1 : 0);

/** A copy, since two pieces are compared and the reader has one buffer. */
function readPiece(reader: RowReader, row: number, column: number): Piece {
  const at = reader.wholeRow(reader.locate(row));
  const field = fieldAt(reader.bytes, at, column);
  const start = field + 4;
  const bytes = Buffer.from(reader.bytes.subarray(start, start + int32At(reader.bytes, field)));
  return { bytes, start: 0, end: bytes.length };
}
