/**
 * Where long rows begin, remembered as they are passed. The file's own index knows every 256th row; the way from there
 * to a row costs a read for each row between where rows are too long to lie together in one read. A result's file only
 * grows and its path is never used again, so what was seen once stays true.
 */

/** 2 kB each, at 256 rows between two entries. */
const mostStretches = 128;
/** By path and index entry, the least recently used first. */
const stretches = new Map<string, Float64Array>();

export class KnownRows {
  readonly #path: string;
  readonly #step: number;
  #entry = -1;
  /** Offsets of the rows of one index entry; 0 where not known: only an entry's first row, which the index knows, begins there. */
  #offsets: Float64Array = new Float64Array(0);

  constructor(path: string, step: number) {
    this.#path = path;
    this.#step = step;
  }

  /** The nearest row at or before this one, of those after the index entry's own, whose place is known; null where none is. */
  before(row: number): { row: number; offset: number } | null {
    this.#turnTo(row);
    const first = this.#entry * this.#step;
    for (let known = row; known > first; known--) {
      const offset = this.#offsets[known - first];
      if (offset) return { row: known, offset };
    }
    return null;
  }

  learn(row: number, offset: number): void {
    this.#turnTo(row);
    this.#offsets[row - this.#entry * this.#step] = offset;
  }

  #turnTo(row: number): void {
    const entry = Math.floor(row / this.#step);
    if (entry === this.#entry) return;
    this.#entry = entry;
    // A view of a result has an index of its own.
    const key = `${entry}x${this.#step} ${this.#path}`;
    this.#offsets = stretches.get(key) ?? new Float64Array(this.#step);
    stretches.delete(key);
    stretches.set(key, this.#offsets);
    const [oldest] = stretches.keys();
    if (stretches.size > mostStretches && oldest !== undefined) stretches.delete(oldest);
  }
}
