/**
 * Edits that are not stored yet, by row and column: never by a place on the screen. Every state is a value of its own,
 * so that undo and redo are steps in a list of them.
 */
import type { DataColumn, NewValue, RelationModel, RowEdit } from '../api/data.ts';

export type Cells = readonly (string | null)[];

/** A row as it was read, and what it shall become. `id` is its key's values, or made up for a new row. */
export type StagedRow =
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly key: readonly string[];
      readonly cells: Cells;
      readonly changes: Changes;
    }
  | { readonly kind: 'insert'; readonly id: string; readonly changes: Changes }
  | {
      readonly kind: 'delete';
      readonly id: string;
      readonly key: readonly string[];
      readonly cells: Cells;
      readonly cut: ReadonlySet<number>;
    };
/** By pg_attribute.attnum. */
export type Changes = ReadonlyMap<number, NewValue>;
/** In the order in which rows were first touched. */
export type Staged = ReadonlyMap<string, StagedRow>;

export const nothingStaged: Staged = new Map();

export const rowId = (key: readonly string[]): string => JSON.stringify(key);

/** Names of new rows; no key is written like this. */
export const newRowId = (number: number): string => `new:${number}`;
export const isNew = (id: string): boolean => id.startsWith('new:');

export interface ReadRow {
  readonly key: readonly string[];
  readonly cells: Cells;
  /** Positions of cells whose value is not known whole. */
  readonly cut: ReadonlySet<number>;
}

export const asText = (cell: string | null): NewValue =>
  cell === null ? { kind: 'null' } : { kind: 'text', text: cell };

export const sameValue = (value: NewValue, cell: string | null): boolean =>
  value.kind === 'null' ? cell === null : value.kind === 'text' && cell !== null && value.text === cell;

const put = (staged: Staged, row: StagedRow): Staged => new Map(staged).set(row.id, row);

function without(staged: Staged, id: string): Staged {
  if (!staged.has(id)) return staged;
  const next = new Map(staged);
  next.delete(id);
  return next;
}

type Model = Pick<RelationModel, 'columns'>;
const positionOf = (model: Model, column: number) => model.columns.findIndex(({ number }) => number === column);

/**
 * A cell of a row that is stored. A value that is what was read is no change. A row that is to be deleted stays so.
 * A change of a cell that was cut is refused by the caller: what it was is not known.
 */
export function setCell(staged: Staged, model: Model, row: ReadRow, column: number, value: NewValue): Staged {
  const id = rowId(row.key);
  const before = staged.get(id);
  if (before?.kind === 'delete') return staged;
  // What was read first is what the server is asked to find: reading the row again meanwhile changes nothing of that.
  const cells = before?.kind === 'update' ? before.cells : row.cells;
  const changes = new Map(before?.kind === 'update' ? before.changes : []);
  if (sameValue(value, cells[positionOf(model, column)] ?? null)) changes.delete(column);
  else changes.set(column, value);
  if (changes.size === 0) return without(staged, id);
  return put(staged, { kind: 'update', id, key: row.key, cells, changes });
}

/** A cell of a new row; null leaves it to the server. */
export function setNewCell(staged: Staged, id: string, column: number, value: NewValue | null): Staged {
  const row = staged.get(id);
  if (row?.kind !== 'insert') return staged;
  const changes = new Map(row.changes);
  if (value === null || value.kind === 'default') changes.delete(column);
  else changes.set(column, value);
  return put(staged, { ...row, changes });
}

export const addRow = (staged: Staged, id: string, changes: Changes = new Map()): Staged =>
  put(staged, { kind: 'insert', id, changes });

/** Marks a stored row for deletion, and whatever was changed in it is forgotten. */
export function deleteRow(staged: Staged, row: ReadRow): Staged {
  const id = rowId(row.key);
  const before = staged.get(id);
  if (before?.kind === 'delete') return staged;
  const cells = before?.kind === 'update' ? before.cells : row.cells;
  return put(staged, { kind: 'delete', id, key: row.key, cells, cut: row.cut });
}

/** Takes everything about a row back; a new row is gone. */
export const revertRow = (staged: Staged, id: string): Staged => without(staged, id);

/** Takes one change back. */
export function revertCell(staged: Staged, id: string, column: number): Staged {
  const row = staged.get(id);
  if (!row || row.kind === 'delete' || !row.changes.has(column)) return staged;
  const changes = new Map(row.changes);
  changes.delete(column);
  if (changes.size === 0 && row.kind === 'update') return without(staged, id);
  return put(staged, { ...row, changes });
}

/** May be written at all: not computed, and the role may. */
export const isWritable = (column: DataColumn, inNewRow: boolean): boolean =>
  column.generated === 'no' &&
  (inNewRow ? column.mayInsert && column.identity !== 'always' : column.mayUpdate && column.identity !== 'always');

/** The values of a row as those of another: what the server makes itself (identity, computed, and the key) is left to it. */
export function duplicateOf(model: RelationModel, cells: Cells, cut: ReadonlySet<number>): Changes {
  const changes = new Map<number, NewValue>();
  const single = model.key?.columns.length === 1 ? model.key.columns[0] : undefined;
  for (const [position, column] of model.columns.entries()) {
    if (!isWritable(column, true) || cut.has(position) || column.identity !== 'no') continue;
    const keyByDefault = column.number === single && column.defaultText !== null;
    if (!keyByDefault) changes.set(column.number, asText(cells[position] ?? null));
  }
  return changes;
}

/** What is to be sent: for a change what the row was in the columns that change, for a deletion in all that are known. */
export function editsOf(staged: Staged, model: Model): RowEdit[] {
  return [...staged.values()].map((row): RowEdit => {
    const listed = (changes: Changes) => [...changes].map(([column, value]) => ({ column, value }));
    if (row.kind === 'insert') return { kind: 'insert', id: row.id, changes: listed(row.changes) };
    const { id, key, cells } = row;
    const old = (columns: readonly number[]) =>
      columns.map((column) => ({ column, value: cells[positionOf(model, column)] ?? null }));
    if (row.kind === 'update')
      return { kind: 'update', id, key: [...key], old: old([...row.changes.keys()]), changes: listed(row.changes) };
    const known = model.columns.filter((_, position) => !row.cut.has(position)).map(({ number }) => number);
    return { kind: 'delete', id, key: [...key], old: old(known) };
  });
}

/** Undo and redo over any values. */
export interface Steps<State> {
  readonly past: readonly State[];
  readonly now: State;
  readonly future: readonly State[];
}
const mostSteps = 500;
export const stepsFrom = <State>(now: State): Steps<State> => ({ past: [], now, future: [] });
export const step = <State>(steps: Steps<State>, next: State): Steps<State> =>
  next === steps.now ? steps : { past: [...steps.past, steps.now].slice(-mostSteps), now: next, future: [] };
export function undo<State>(steps: Steps<State>): Steps<State> {
  const last = steps.past.at(-1);
  if (last === undefined) return steps;
  return { past: steps.past.slice(0, -1), now: last, future: [steps.now, ...steps.future] };
}
export function redo<State>(steps: Steps<State>): Steps<State> {
  const [next, ...future] = steps.future;
  if (next === undefined) return steps;
  return { past: [...steps.past, steps.now], now: next, future };
}
