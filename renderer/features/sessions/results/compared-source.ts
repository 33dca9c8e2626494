/** The rows of a comparison with colours: what was added and removed whole, of a changed row the cells that differ. */
import type { CellTint, GridColumn, GridRow, GridSource } from '../../../grid/grid-source.ts';

/** The comparison's own columns: `change` and `differs in`. */
const ownColumns = 2;

export class ComparedSource implements GridSource {
  readonly #source: GridSource;
  readonly #tinted = new WeakMap<GridRow, GridRow>();

  constructor(source: GridSource) {
    this.#source = source;
  }

  get columns(): readonly GridColumn[] {
    return this.#source.columns;
  }
  get rowCount(): number {
    return this.#source.rowCount;
  }

  /** The same object for the same row: the grid rewrites what is another. */
  row(index: number): GridRow | undefined {
    const row = this.#source.row(index);
    if (!row) return undefined;
    const known = this.#tinted.get(row);
    if (known) return known;
    const tints = tintsOf(row, this.columns);
    const tinted = tints.size > 0 ? { ...row, tints } : row;
    this.#tinted.set(row, tinted);
    return tinted;
  }

  request(from: number, count: number, viewer?: string): void {
    this.#source.request(from, count, viewer);
  }
  failureAt(index: number): string | undefined {
    return this.#source.failureAt(index);
  }
  failure(): string | undefined {
    return this.#source.failure();
  }
  retry(): void {
    this.#source.retry();
  }
  subscribe(listener: () => void): () => void {
    return this.#source.subscribe(listener);
  }
}

const tintOf: Readonly<Record<string, CellTint>> = {
  added: 'added',
  after: 'added',
  removed: 'removed',
  before: 'removed',
};

/** By column; columns of one name that differ are all coloured, for the comparison tells only the name. */
export function tintsOf(row: GridRow, columns: readonly GridColumn[]): ReadonlyMap<number, CellTint> {
  const [change, differing] = row.cells;
  const tint = tintOf[change ?? ''];
  if (!tint) return new Map();
  const whole = change === 'added' || change === 'removed';
  const names = new Set((differing ?? '').split(', '));
  const tinted = columns.flatMap(({ name }, at) =>
    at === 0 || (at >= ownColumns && (whole || names.has(name))) ? [[at, tint] as const] : [],
  );
  return new Map(tinted);
}
