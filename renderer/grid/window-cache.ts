/**
 * Rows in memory, by blocks, fetched as they come into sight. It lives outside React and its size is bounded: the
 * least recently seen blocks go first. At most two fetches run at once, those for places scrolled past are aborted.
 */
import type { CellText, GridColumn, GridRow, GridSource } from './grid-source.ts';

export interface LoadedRows {
  readonly rows: readonly (readonly CellText[])[];
  /** [row offset, column, full size in bytes] of cut cells. */
  readonly cut: readonly (readonly [number, number, number])[];
  /** [row offset, column] of cells that are not valid text. */
  readonly invalidText: readonly (readonly [number, number])[];
}
export type LoadRows = (from: number, count: number, signal: AbortSignal) => Promise<LoadedRows>;

export interface WindowCacheOptions {
  readonly columns: readonly GridColumn[];
  readonly rowCount: number;
  readonly load: LoadRows;
  /** Words for a failed fetch. */
  readonly describe?: (thrown: unknown) => string;
  /** What cells may take in memory, in bytes as estimated. */
  readonly maxBytes?: number;
}

interface Block {
  readonly rows: readonly GridRow[];
  readonly bytes: number;
}

interface Sight {
  readonly from: number;
  readonly end: number;
}

const BLOCK_ROWS = 200;
/** A block of a very wide result holds fewer rows, so that one fetch stays a few MB. */
const BLOCK_CELLS = 24_000;
const MAX_BYTES = 24 * 1024 * 1024;
const MAX_FETCHES = 2;

function toRows(loaded: LoadedRows): GridRow[] {
  const cuts = new Map<number, Map<number, number>>();
  for (const [row, column, size] of loaded.cut) cuts.set(row, (cuts.get(row) ?? new Map()).set(column, size));
  const invalid = new Map<number, Set<number>>();
  for (const [row, column] of loaded.invalidText) invalid.set(row, (invalid.get(row) ?? new Set()).add(column));
  return loaded.rows.map((cells, at) => ({ cells, cut: cuts.get(at), invalid: invalid.get(at) }));
}

/** 16 bytes a cell and, at worst, two a character. */
function sizeOf(rows: readonly GridRow[]): number {
  let bytes = 0;
  for (const row of rows) for (const cell of row.cells) bytes += 16 + (cell === null ? 0 : 16 + cell.length * 2);
  return bytes;
}

export class WindowCache implements GridSource {
  readonly columns: readonly GridColumn[];
  readonly blockRows: number;
  readonly #load: LoadRows;
  readonly #describe: (thrown: unknown) => string;
  readonly #maxBytes: number;
  readonly #listeners = new Set<() => void>();
  /** In order of last sight, the oldest first. */
  readonly #blocks = new Map<number, Block>();
  readonly #fetches = new Map<number, AbortController>();
  readonly #failures = new Map<number, string>();
  /** What is in sight, by who looks. */
  readonly #sights = new Map<string, Sight>();
  #rowCount: number;
  #bytes = 0;

  constructor(options: WindowCacheOptions) {
    this.columns = options.columns;
    this.blockRows = Math.max(8, Math.min(BLOCK_ROWS, Math.floor(BLOCK_CELLS / Math.max(1, options.columns.length))));
    this.#rowCount = options.rowCount;
    this.#load = options.load;
    this.#describe = options.describe ?? ((thrown) => (thrown instanceof Error ? thrown.message : String(thrown)));
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
  }

  get rowCount(): number {
    return this.#rowCount;
  }
  /** Cells held now, in bytes as estimated. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  /** More rows have arrived; a last block that was short is fetched again when it is in sight. */
  setRowCount(rowCount: number): void {
    if (rowCount === this.#rowCount) return;
    this.#rowCount = rowCount;
    this.#fetchWanted();
    this.#changed();
  }

  /** Rows from the first on that came without being asked for. */
  offer(loaded: LoadedRows, rowCount: number): void {
    const rows = toRows(loaded).slice(0, this.blockRows);
    if ((this.#blocks.get(0)?.rows.length ?? 0) < rows.length) this.#keep(0, rows);
    this.setRowCount(rowCount);
  }

  /** Forgets every row and failure: the order, the filter or the result is another. */
  reset(rowCount: number): void {
    for (const fetch of this.#fetches.values()) fetch.abort();
    this.#fetches.clear();
    this.#blocks.clear();
    this.#failures.clear();
    this.#bytes = 0;
    this.#rowCount = rowCount;
    this.#fetchWanted();
    this.#changed();
  }

  /** Ends what is running; the cache can be used again. */
  stop(): void {
    for (const fetch of this.#fetches.values()) fetch.abort();
    this.#fetches.clear();
    this.#sights.clear();
  }

  row(index: number): GridRow | undefined {
    const number = Math.floor(index / this.blockRows);
    return this.#blocks.get(number)?.rows[index - number * this.blockRows];
  }

  /** The rows in memory, with their numbers. */
  *loaded(): Generator<readonly [number, GridRow]> {
    for (const [number, { rows }] of this.#blocks)
      for (const [at, row] of rows.entries()) yield [number * this.blockRows + at, row];
  }

  failureAt(index: number): string | undefined {
    return this.#failures.get(Math.floor(index / this.blockRows));
  }

  failure(): string | undefined {
    for (const [number, why] of this.#failures) if (this.#isWanted(number)) return why;
    return undefined;
  }

  retry(): void {
    this.#failures.clear();
    this.#fetchWanted();
    this.#changed();
  }

  request(from: number, count: number, viewer = 'grid'): void {
    const sight = { from: Math.max(0, from), end: from + count };
    for (const number of this.#blocksOf(sight)) {
      const block = this.#blocks.get(number);
      if (block) {
        this.#blocks.delete(number);
        this.#blocks.set(number, block);
      }
    }
    if (count > 0) this.#sights.set(viewer, sight);
    else this.#sights.delete(viewer);
    for (const [number, fetch] of this.#fetches) {
      if (this.#isWanted(number)) continue;
      fetch.abort();
      this.#fetches.delete(number);
    }
    this.#fetchWanted();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #blocksOf({ from, end }: Sight): number[] {
    const first = Math.floor(from / this.blockRows);
    const last = Math.ceil(Math.min(end, this.#rowCount) / this.blockRows);
    return Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at);
  }

  #isWanted(number: number): boolean {
    for (const { from, end } of this.#sights.values())
      if (number * this.blockRows < end && from < (number + 1) * this.blockRows) return true;
    return false;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #rowsIn(number: number): number {
    return Math.max(0, Math.min(this.blockRows, this.#rowCount - number * this.blockRows));
  }

  #fetchWanted(): void {
    for (const sight of this.#sights.values()) {
      for (const number of this.#blocksOf(sight)) {
        if (this.#fetches.size >= MAX_FETCHES) return;
        // A block that is short, since its rows were still coming, is good for as long as nobody looks further.
        const wanted = Math.min(this.#rowsIn(number), sight.end - number * this.blockRows);
        const missing = (this.#blocks.get(number)?.rows.length ?? 0) < wanted;
        if (missing && !this.#fetches.has(number) && !this.#failures.has(number)) void this.#fetch(number);
      }
    }
  }

  async #fetch(number: number): Promise<void> {
    const control = new AbortController();
    this.#fetches.set(number, control);
    try {
      const asked = this.#rowsIn(number);
      const rows = toRows(await this.#load(number * this.blockRows, asked, control.signal));
      if (control.signal.aborted) return;
      // Fewer than asked would be asked for again, and again.
      if (rows.length < asked) throw new Error(`${asked} rows were expected and ${rows.length} came`);
      this.#keep(number, rows);
    } catch (thrown) {
      if (control.signal.aborted) return;
      this.#failures.set(number, this.#describe(thrown));
    }
    this.#fetches.delete(number);
    this.#fetchWanted();
    this.#changed();
  }

  #keep(number: number, rows: readonly GridRow[]): void {
    this.#bytes -= this.#blocks.get(number)?.bytes ?? 0;
    this.#blocks.delete(number);
    const block = { rows, bytes: sizeOf(rows) };
    this.#blocks.set(number, block);
    this.#bytes += block.bytes;
    for (const [oldest, { bytes }] of this.#blocks) {
      if (this.#bytes <= this.#maxBytes) break;
      if (this.#isWanted(oldest)) continue;
      this.#blocks.delete(oldest);
      this.#bytes -= bytes;
    }
  }
}
