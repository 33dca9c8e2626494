/**
 * Rows of which only those are read anew that have changed. Each has a mark that costs little to ask for and is another
 * one whenever anything that is counted has changed. Everything is read again each hour all the same.
 */
import type { ReadRow } from '../../../../shared/metrics/rate.ts';

export interface Mark {
  readonly id: string;
  readonly mark: string;
}

const wholeEveryMs = 3_600_000;
/** Of all marks; beyond it, reading everything costs less than picking. */
const mostChanged = 1 / 3;

export class MarkedRows {
  #marks = new Map<string, string>();
  #rows = new Map<string, ReadRow>();
  #wholeAtMs = Number.NEGATIVE_INFINITY;

  /** Nothing was read yet. */
  get isNew(): boolean {
    return this.#wholeAtMs === Number.NEGATIVE_INFINITY;
  }

  forget(): void {
    this.#wholeAtMs = Number.NEGATIVE_INFINITY;
    this.#marks.clear();
    this.#rows.clear();
  }

  /** Whose marks are others than before or new; null: everything is to be read. */
  changed(marks: readonly Mark[]): string[] | null {
    if (performance.now() - this.#wholeAtMs >= wholeEveryMs) return null;
    const changed = marks.filter(({ id, mark }) => this.#marks.get(id) !== mark).map(({ id }) => id);
    return changed.length > marks.length * mostChanged ? null : changed;
  }

  get count(): number {
    return this.#marks.size;
  }

  /** Of all that is known; null: everything is to be read. */
  get marks(): string[] | null {
    return performance.now() - this.#wholeAtMs >= wholeEveryMs ? null : [...this.#marks.values()];
  }

  /** Rows that changed or are new, beside all the others, which are taken to exist still. */
  add(found: Iterable<readonly [mark: Mark, row: ReadRow]>): ReadRow[] {
    for (const [{ id, mark }, row] of found) {
      this.#marks.set(id, mark);
      this.#rows.set(id, row);
    }
    return [...this.#rows.values()];
  }

  /**
   * What was read, once all of it was read: a mark that is older than its row is asked about again, never the other
   * way round.
   * @param whole nothing but these rows exists
   * @returns all rows there are
   */
  take(marks: readonly Mark[], rows: Iterable<readonly [id: string, row: ReadRow]>, whole: boolean): ReadRow[] {
    this.#marks = new Map(marks.map(({ id, mark }) => [id, mark]));
    if (whole) {
      this.#rows.clear();
      this.#wholeAtMs = performance.now();
    }
    for (const [id, row] of rows) this.#rows.set(id, row);
    for (const id of this.#rows.keys()) if (!this.#marks.has(id)) this.#rows.delete(id);
    return [...this.#rows.values()];
  }
}
