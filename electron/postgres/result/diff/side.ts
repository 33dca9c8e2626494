/** One of the two results of a comparison: the hashes of its rows' keys and of their values, 16 bytes a row. */
import type { RowFile } from '../read/data-row.ts';
import { type Aborted, scanRows } from '../read/scan-rows.ts';
import { fieldsOf, RowHash } from './row-hash.ts';

export interface SideColumns {
  readonly count: number;
  /** Column numbers of this side, in the order of the comparison. */
  readonly keys: readonly number[];
  readonly compared: readonly number[];
}

export interface Side {
  readonly keyHigh: Uint32Array;
  readonly keyLow: Uint32Array;
  readonly rowHigh: Uint32Array;
  readonly rowLow: Uint32Array;
}

export function readSide(file: RowFile, { count, keys, compared }: SideColumns, aborted: Aborted): Side {
  const words = () => new Uint32Array(file.rowCount);
  const side: Side = { keyHigh: words(), keyLow: words(), rowHigh: words(), rowLow: words() };
  const fields = new Int32Array(count);
  const hash = new RowHash();
  scanRows(file, 0, file.rowCount, aborted, (bytes, at, row) => {
    fieldsOf(bytes, at, fields);
    hash.start();
    for (const key of keys) hash.field(bytes, fields[key] as number);
    hash.finish();
    side.keyHigh[row] = hash.high;
    side.keyLow[row] = hash.low;
    hash.start();
    for (const column of compared) hash.field(bytes, fields[column] as number);
    hash.finish();
    side.rowHigh[row] = hash.high;
    side.rowLow[row] = hash.low;
    return true;
  });
  return side;
}

/** The rows of a side by their key's hash. Rows of one key are given out in their order, each once. */
export class KeyTable {
  readonly #side: Side;
  /** First row of a chain, or -1; the size is a power of two. */
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  readonly #mask: number;
  /** More than one row has the same key. */
  readonly repeats: boolean;

  constructor(side: Side) {
    const rows = side.keyHigh.length;
    this.#side = side;
    this.#mask = 2 ** Math.ceil(Math.log2(Math.max(2, rows * 1.5))) - 1;
    this.#heads = new Int32Array(this.#mask + 1).fill(-1);
    this.#next = new Int32Array(rows).fill(-1);
    let repeats = false;
    for (let row = rows - 1; row >= 0; row--) {
      const place = this.#placeOf(side.keyHigh[row] as number, side.keyLow[row] as number);
      const first = this.#heads[place] as number;
      if (first >= 0) repeats = true;
      this.#next[row] = first;
      this.#heads[place] = row;
    }
    this.repeats = repeats;
  }

  /** The next row with that key, which is then gone from the table; -1 where there is none (any more). */
  take(high: number, low: number): number {
    const place = this.#placeOf(high, low);
    const row = this.#heads[place] as number;
    if (row < 0) return -1;
    const next = this.#next[row] as number;
    // An emptied chain keeps its place: others may lie behind it.
    this.#heads[place] = next < 0 ? -2 - row : next;
    return row;
  }

  /** Open addressing: the place of the key's chain, or the free one where it would be. */
  #placeOf(high: number, low: number): number {
    const { keyHigh, keyLow } = this.#side;
    for (let place = (high ^ Math.imul(low, 0x9e3779b1)) & this.#mask; ; place = (place + 1) & this.#mask) {
      const head = this.#heads[place] as number;
      if (head === -1) return place;
      const row = head < 0 ? -2 - head : head;
      if (keyHigh[row] === high && keyLow[row] === low) return place;
    }
  }
}
