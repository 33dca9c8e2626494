/** The rows with what is staged over them: new rows above or below them, changed and deleted ones marked. */
import type { DataColumn, NewValue } from '../../shared/api/data.ts';
import { rowId, type Staged, type StagedRow } from '../../shared/edit/staged.ts';
import type { CellMark, GridColumn, GridRow, GridSource } from '../grid/grid-source.ts';
import { shownCount } from '../ui/amounts.ts';
import type { StoredRow, StoredRows } from './edited-rows.ts';

const shownText = (value: NewValue): string | null => (value.kind === 'text' ? value.text : null);

export class StagedSource implements GridSource {
  readonly #base: StoredRows;
  readonly #columnAt: (at: number) => DataColumn | undefined;
  readonly #staged: () => Staged;
  readonly #refused: () => string | null;
  readonly #newRowsBelow: boolean;
  readonly #listeners = new Set<() => void>();
  #added: readonly string[] = [];
  /** Made once a state, so that the grid sees what has not changed. */
  #made = new WeakMap<
    object,
    { readonly staged: StagedRow | undefined; readonly refused: boolean; readonly row: GridRow }
  >();
  #seen: Staged | null = null;

  constructor(
    base: StoredRows,
    columnAt: (at: number) => DataColumn | undefined,
    staged: () => Staged,
    refused: () => string | null,
    newRowsStand: 'above' | 'below',
  ) {
    this.#base = base;
    this.#columnAt = columnAt;
    this.#staged = staged;
    this.#refused = refused;
    this.#newRowsBelow = newRowsStand === 'below';
  }

  get columns(): readonly GridColumn[] {
    return this.#base.columns;
  }
  get rowCount(): number {
    return this.#newRows().length + this.#base.rowCount;
  }

  #newRows(): readonly string[] {
    const staged = this.#staged();
    if (staged !== this.#seen) {
      this.#seen = staged;
      this.#added = [...staged.values()].filter((row) => row.kind === 'insert').map((row) => row.id);
    }
    return this.#added;
  }

  /** Where the first new row stands. */
  get firstNewRow(): number {
    return this.#newRowsBelow ? this.#base.rowCount : 0;
  }
  get lastNewRow(): number {
    return this.firstNewRow + this.#newRows().length - 1;
  }
  /** How many stand before those that are stored. */
  get #above(): number {
    return this.#newRowsBelow ? 0 : this.#newRows().length;
  }
  /** Where a row stands among those that are stored. */
  baseIndex(index: number): number {
    return index - this.#above;
  }
  newRowAt(index: number): string | null {
    return this.#newRows()[index - this.firstNewRow] ?? null;
  }
  idAt(index: number): string | null {
    const added = this.newRowAt(index);
    if (added !== null) return added;
    const key = this.#base.row(this.baseIndex(index))?.key;
    return key ? rowId(key) : null;
  }
  /** Where a row that is in memory stands, `near` where it stands there too; -1 where it is not. */
  indexOf(id: string, near = -1): number {
    if (near >= 0 && this.idAt(near) === id) return near;
    const added = this.#newRows().indexOf(id);
    if (added >= 0) return this.firstNewRow + added;
    for (const [index, row] of this.#base.loaded()) if (row.key && rowId(row.key) === id) return index + this.#above;
    return -1;
  }

  row(index: number): GridRow | undefined {
    const added = this.newRowAt(index);
    if (added !== null) return this.#newRow(added);
    const row = this.#base.row(this.baseIndex(index));
    if (!row?.key) return row;
    const id = rowId(row.key);
    const staged = this.#staged().get(id);
    const refused = staged !== undefined && this.#refused() === id;
    if (!staged) return row;
    const made = this.#made.get(row);
    if (made && made.staged === staged && made.refused === refused) return made.row;
    const next = this.#changed(row, staged, refused);
    this.#made.set(row, { staged, refused, row: next });
    return next;
  }

  #changed(row: StoredRow, staged: StagedRow, refused: boolean): GridRow {
    const mark = refused ? ('refused' as const) : staged.kind === 'delete' ? ('deleted' as const) : undefined;
    if (staged.kind !== 'update') return { ...row, mark };
    const cells = [...row.cells];
    const marks = new Map<number, CellMark>(row.marks);
    const cut = new Map(row.cut);
    const notes = new Map(row.notes);
    for (const position of this.columns.keys()) {
      const column = this.#columnAt(position);
      const value = column && staged.changes.get(column.number);
      if (!value) continue;
      cells[position] = shownText(value);
      marks.set(position, value.kind === 'default' ? 'unset' : 'edited');
      cut.delete(position);
      notes.delete(position);
    }
    return { ...row, cells, marks, cut, notes, mark };
  }

  #newRow(id: string): GridRow | undefined {
    const staged = this.#staged().get(id);
    if (staged?.kind !== 'insert') return undefined;
    const refused = this.#refused() === id;
    const made = this.#made.get(staged);
    if (made && made.refused === refused) return made.row;
    const marks = new Map<number, CellMark>();
    const cells = this.columns.map((_, position) => {
      const column = this.#columnAt(position);
      const value = column && staged.changes.get(column.number);
      marks.set(position, value ? 'edited' : 'unset');
      return value ? shownText(value) : null;
    });
    const row: GridRow = { cells, marks, mark: refused ? 'refused' : 'inserted' };
    this.#made.set(staged, { staged, refused, row });
    return row;
  }

  numberAt(index: number): string {
    if (this.newRowAt(index) !== null) return '+';
    const at = this.baseIndex(index);
    return this.#base.numberAt?.(at) ?? shownCount(at + 1);
  }
  request(from: number, count: number, viewer?: string): void {
    const first = Math.max(0, this.baseIndex(from));
    const end = Math.min(this.#base.rowCount, this.baseIndex(from + count));
    this.#base.request(first, Math.max(0, end - first), viewer);
  }
  failureAt(index: number): string | undefined {
    return this.newRowAt(index) !== null ? undefined : this.#base.failureAt(this.baseIndex(index));
  }
  failure(): string | undefined {
    return this.#base.failure();
  }
  retry(): void {
    this.#base.retry();
  }
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    const off = this.#base.subscribe(listener);
    return () => {
      this.#listeners.delete(listener);
      off();
    };
  }
  /** What is staged is another by now. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
