/**
 * Rows of a relation for the grid. What is in memory is one run of blocks that follow each other: the next block is
 * asked for after the last row of the run, the one before ahead of its first. A jump begins another run, at the place
 * about so far into the table; its rows' numbers are then about right only, and are put right when an end is met.
 */
import type { DataPage, PageFrom, Place } from '../../../shared/api/data.ts';
import type { StoredRow, StoredRows } from '../../editing/edited-rows.ts';
import type { CellMark, GridColumn } from '../../grid/grid-source.ts';

export const blockRows = 200;
/** Up to here a row's number is enough to go to it. */
const countedTo = 50_000;
const mostBlocks = 60;
/** What the server gives of rows that have no key to go by. */
const mostInWindows = 10_000;
/** So many rows are put in front where a run begins too early in the numbering. */
const rowsInFront = 50 * blockRows;

export type LoadedRow = StoredRow;

export interface PagedSourceOptions {
  readonly columns: readonly GridColumn[];
  readonly paging: 'key' | 'place' | 'window';
  readonly load: (from: PageFrom, count: number, signal: AbortSignal) => Promise<DataPage>;
  readonly describe: (thrown: unknown) => string;
  /** A block has come: what else is to be known of its rows can be fetched. */
  readonly onBlock?: (rows: readonly LoadedRow[]) => void;
  /** Numbers have moved by so many rows: what is in sight should stay there. */
  readonly onRenumber?: (by: number) => void;
}

interface Block {
  readonly first: Place | undefined;
  readonly last: Place | undefined;
  /** Null where it was given up to save memory. */
  rows: LoadedRow[] | null;
  readonly count: number;
}

export class PagedSource implements StoredRows {
  readonly columns: readonly GridColumn[];
  readonly #options: PagedSourceOptions;
  readonly #listeners = new Set<() => void>();
  readonly #sights = new Map<string, readonly number[]>();
  #blocks = new Map<number, Block>();
  /** Shown until their place is filled again. */
  #stale = new Map<number, LoadedRow[]>();
  /** Where the next run has to begin. */
  #anchor: { readonly number: number; readonly place: Place } | null = null;
  #low = 0;
  #high = -1;
  #rowCount = 0;
  #exact = false;
  /** Numbers are about right only: the run was begun by a jump. */
  #about = false;
  #fetch: { readonly number: number; readonly control: AbortController } | null = null;
  #failure: { readonly number: number; readonly why: string; readonly thrown: unknown } | null = null;
  #used: number[] = [];
  #marking = false;

  constructor(options: PagedSourceOptions) {
    this.columns = options.columns;
    this.#options = options;
  }

  get rowCount(): number {
    return this.#rowCount;
  }
  /** The count is known, by counting or by having met the end. */
  get exact(): boolean {
    return this.#exact;
  }
  get busy(): boolean {
    return this.#fetch !== null;
  }
  /** What was thrown by the last fetch that failed. */
  get thrown(): unknown {
    return this.#failure?.thrown ?? null;
  }
  get loadedRows(): number {
    return [...this.#blocks.values()].reduce((sum, block) => sum + block.count, 0);
  }

  /** How many rows there are as counted or estimated elsewhere. Never fewer than are known to be there. */
  setTotal(rows: number, exact: boolean): void {
    if (this.#exact && !exact) return;
    const bound = this.#options.paging === 'window' ? Math.min(rows, mostInWindows) : rows;
    const known = this.#high < 0 ? 0 : this.#high * blockRows + (this.#blocks.get(this.#high)?.count ?? 0);
    this.#rowCount = Math.max(bound, this.#about ? 0 : known);
    this.#exact = exact;
    this.#work();
    this.#changed();
  }

  /** Forgets everything: another order or filter, whose first page may be there already. */
  reset(page?: DataPage): void {
    this.#fetch?.control.abort();
    this.#fetch = null;
    this.#blocks.clear();
    this.#stale.clear();
    this.#anchor = null;
    this.#low = 0;
    this.#high = -1;
    this.#about = false;
    this.#failure = null;
    this.#rowCount = 0;
    this.#exact = false;
    if (page) this.#take(0, { kind: 'start' }, page);
    this.#work(true);
    this.#changed();
  }

  /** Reads what is in sight again; what has changed since is marked where `mark`. Nothing flickers. */
  refresh(mark: boolean): void {
    const sight = [...new Set([...this.#sights.values()].flat())].sort((a, b) => a - b);
    const first = sight[0] ?? 0;
    const place = this.#blocks.get(first)?.first;
    this.#fetch?.control.abort();
    this.#fetch = null;
    this.#stale = new Map(
      sight.flatMap((number) => {
        const rows = this.#blocks.get(number)?.rows ?? this.#stale.get(number);
        return rows ? [[number, rows] as const] : [];
      }),
    );
    this.#blocks.clear();
    this.#anchor = place && first > 0 ? { number: first, place } : null;
    this.#low = 0;
    this.#high = -1;
    this.#failure = null;
    this.#marking = mark;
    this.#work(true);
    this.#changed();
  }

  stop(): void {
    this.#fetch?.control.abort();
    this.#fetch = null;
    this.#sights.clear();
  }

  row(index: number): LoadedRow | undefined {
    const number = Math.floor(index / blockRows);
    const at = index - number * blockRows;
    return this.#blocks.get(number)?.rows?.[at] ?? this.#stale.get(number)?.[at];
  }

  numberAt(index: number): string {
    const number = (index + 1).toLocaleString('en-US');
    return this.#about ? `~${number}` : number;
  }

  failureAt(index: number): string | undefined {
    return this.#failure?.number === Math.floor(index / blockRows) ? this.#failure.why : undefined;
  }
  failure(): string | undefined {
    return this.#failure?.why;
  }
  retry(): void {
    this.#failure = null;
    this.#work(true);
    this.#changed();
  }

  request(from: number, count: number, viewer = 'grid'): void {
    if (count > 0) {
      const first = Math.max(0, Math.floor(from / blockRows));
      const last = Math.max(first, Math.floor((Math.max(1, Math.min(from + count, this.#rowCount)) - 1) / blockRows));
      this.#sights.set(
        viewer,
        Array.from({ length: last - first + 1 }, (_, at) => first + at),
      );
    } else this.#sights.delete(viewer);
    if (this.#fetch && !this.#isWanted(this.#fetch.number)) {
      this.#fetch.control.abort();
      this.#fetch = null;
    }
    this.#work();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Gives rows another look (labels have come): `change` answers with the row as it is to be shown. */
  change(edit: (row: LoadedRow) => LoadedRow): void {
    for (const block of this.#blocks.values()) if (block.rows) block.rows = block.rows.map(edit);
    this.#changed();
  }

  /** The rows in memory, with their numbers; those that are just being read again as well. */
  *loaded(): Generator<readonly [number, LoadedRow]> {
    for (const [number, block] of this.#blocks)
      for (const [at, row] of (block.rows ?? []).entries()) yield [number * blockRows + at, row];
    for (const [number, rows] of this.#stale)
      if (!this.#blocks.has(number)) for (const [at, row] of rows.entries()) yield [number * blockRows + at, row];
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #isWanted(number: number): boolean {
    for (const blocks of this.#sights.values()) if (blocks.includes(number) || blocks.includes(number - 1)) return true;
    return number === 0 && this.#rowCount === 0;
  }

  /** Fetches the next thing that is missing; one at a time, since each begins where the last ended. */
  #work(first = false): void {
    if (this.#fetch || this.#failure) return;
    const sight = [...new Set([...this.#sights.values()].flat())].sort((a, b) => a - b);
    if (sight.length === 0 && (first || this.#high < 0)) sight.push(0);
    const last = Math.max(0, Math.ceil(this.#rowCount / blockRows) - 1);
    // One ahead, so that scrolling on finds it there.
    const ahead = (sight.at(-1) ?? 0) + 1;
    const wanted = ahead <= last && this.#high >= 0 ? [...sight, ahead] : sight;
    const missing = wanted.find((number) => (number <= last || number === 0) && !this.#blocks.get(number)?.rows);
    if (missing === undefined) return;
    // An empty table, or rows that are known to be no more.
    if (this.#high >= 0 && this.#rowCount === 0) return;
    void this.#load(missing, last);
  }

  #fromFor(number: number, last: number): { from: PageFrom; count: number; fresh: boolean } {
    const block = this.#blocks.get(number);
    if (this.#options.paging === 'window') {
      const fresh = this.#high >= 0 && (number < this.#low - 1 || number > this.#high + 1);
      return { from: { kind: 'offset', offset: number * blockRows }, count: blockRows, fresh };
    }
    if (block?.first) return { from: { kind: 'at', place: block.first }, count: block.count, fresh: false };
    if (this.#anchor && this.#high < 0) {
      const near = Math.abs(number - this.#anchor.number) <= 1;
      if (near && number === this.#anchor.number)
        return { from: { kind: 'at', place: this.#anchor.place }, count: blockRows, fresh: true };
    }
    const after = this.#high >= 0 && number === this.#high + 1 ? this.#blocks.get(this.#high)?.last : undefined;
    if (after) return { from: { kind: 'after', place: after }, count: blockRows, fresh: false };
    const before = this.#high >= 0 && number === this.#low - 1 ? this.#blocks.get(this.#low)?.first : undefined;
    if (before) return { from: { kind: 'before', place: before }, count: blockRows, fresh: false };
    if (number === 0) return { from: { kind: 'start' }, count: blockRows, fresh: true };
    if (this.#exact && this.#rowCount <= countedTo)
      return { from: { kind: 'offset', offset: number * blockRows }, count: blockRows, fresh: true };
    if (number === last)
      return { from: { kind: 'end' }, count: Math.max(1, this.#rowCount - number * blockRows), fresh: true };
    return {
      from: { kind: 'about', fraction: Math.min(1, (number * blockRows) / Math.max(1, this.#rowCount)) },
      count: blockRows,
      fresh: true,
    };
  }

  async #load(number: number, last: number): Promise<void> {
    const control = new AbortController();
    const fetch = { number, control };
    this.#fetch = fetch;
    const { from, count, fresh } = this.#fromFor(number, last);
    this.#changed();
    try {
      const page = await this.#options.load(from, count, control.signal);
      if (control.signal.aborted) return;
      if (fresh) {
        this.#blocks.clear();
        this.#about =
          from.kind === 'about' || (from.kind === 'end' && !this.#exact) || (from.kind === 'at' && this.#about);
      }
      this.#anchor = null;
      this.#take(number, from, page);
    } catch (thrown) {
      if (control.signal.aborted) return;
      this.#failure = { number, why: this.#options.describe(thrown), thrown };
    } finally {
      if (this.#fetch === fetch) this.#fetch = null;
    }
    this.#work();
    this.#changed();
  }

  #take(number: number, from: PageFrom, page: DataPage): void {
    const rows = toRows(page);
    if (from.kind === 'before' && (rows.length < blockRows || !page.more || number === 0) && this.#about) {
      this.#meetStart(number, rows.length, page.more);
      return;
    }
    const before = this.#stale.get(number);
    const shown = this.#marking && before ? marked(rows, before) : rows;
    const block: Block = { first: page.places[0], last: page.places.at(-1), rows: shown, count: rows.length };
    const fresh = this.#blocks.size === 0;
    this.#blocks.set(number, block);
    this.#stale.delete(number);
    this.#low = fresh ? number : Math.min(this.#low, number);
    this.#high = fresh ? number : Math.max(this.#high, number);
    const known = number * blockRows + rows.length;
    const forwards = from.kind !== 'before' && from.kind !== 'end';
    const isAgain = from.kind === 'at' && !fresh;
    if (forwards && !isAgain && !page.more) {
      this.#rowCount = known;
      if (!this.#about) this.#exact = true;
    } else if (forwards && page.more && this.#rowCount <= known) this.#rowCount = known + blockRows;
    this.#giveUpOld(number);
    this.#options.onBlock?.(shown);
  }

  /** Going up from a jump, the first row of all was met before number 1, or number 1 before it. */
  #meetStart(number: number, count: number, more: boolean): void {
    if (more && number === 0) {
      // Too few numbers are left: more of them in front.
      const by = rowsInFront / blockRows;
      this.#blocks = new Map([...this.#blocks].map(([at, block]) => [at + by, block]));
      this.#low += by;
      this.#high += by;
      this.#rowCount += rowsInFront;
      this.#sights.clear();
      this.#options.onRenumber?.(rowsInFront);
      return;
    }
    const by = -(number * blockRows + blockRows - count);
    this.#blocks.clear();
    this.#high = -1;
    this.#low = 0;
    this.#about = false;
    this.#rowCount = Math.max(0, this.#rowCount + by);
    this.#sights.clear();
    this.#options.onRenumber?.(by);
  }

  #giveUpOld(number: number): void {
    this.#used = [number, ...this.#used.filter((other) => other !== number)];
    for (const old of this.#used.slice(mostBlocks)) {
      const block = this.#blocks.get(old);
      if (block && !this.#isWanted(old)) block.rows = null;
    }
    this.#used = this.#used.slice(0, mostBlocks);
  }
}

function toRows(page: DataPage): LoadedRow[] {
  const cuts = new Map<number, Map<number, number>>();
  for (const [row, column, size] of page.cut) cuts.set(row, (cuts.get(row) ?? new Map()).set(column, size));
  return page.rows.map((cells, at) => ({ cells, cut: cuts.get(at), key: page.keys[at] }));
}

/** Rows with a mark on each cell that is another than before; a row that was not there is marked whole. */
function marked(rows: readonly LoadedRow[], before: readonly LoadedRow[]): LoadedRow[] {
  if (!rows.some((row) => row.key)) return [...rows];
  const old = new Map(before.map((row) => [JSON.stringify(row.key), row]));
  return rows.map((row) => {
    const was = old.get(JSON.stringify(row.key));
    const marks = new Map<number, CellMark>();
    for (const [column, cell] of row.cells.entries())
      if (!was || was.cells[column] !== cell) marks.set(column, 'changed');
    return marks.size === 0 ? row : { ...row, marks };
  });
}
