/** What a person has changed in a tab and not saved: staged, undone, redone, shown over the rows, and sent. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '../../shared/api/base.ts';
import type { NewValue } from '../../shared/api/data.ts';
import {
  addRow,
  type Changes,
  deleteRow,
  duplicateOf,
  editsOf,
  isWritable,
  newRowId,
  nothingStaged,
  type ReadRow,
  redo,
  revertCell,
  revertRow,
  rowId,
  type Staged,
  type Steps,
  setCell,
  setNewCell,
  step,
  stepsFrom,
  undo,
} from '../../shared/edit/staged.ts';
import { client } from '../client/connect.ts';
import { failureFrom } from '../client/failure.ts';
import { shiftRows } from '../grid/model/selection.ts';
import { ROW_HEIGHT } from '../grid/paint/grid-view.ts';
import { toast } from '../ui/toast.tsx';
import { onTabClosed } from '../workspace/tabs.ts';
import type { EditedRows } from './edited-rows.ts';
import { StagedSource } from './staged-source.ts';

export interface Refusal {
  /** The row it stopped at. */
  readonly id: string | null;
  readonly failure: Failure;
  /** What the row holds now, by column, where another has changed it. */
  readonly now: readonly { readonly column: number; readonly value: string | null }[] | null;
}

export interface EditState {
  readonly steps: Steps<Staged>;
  readonly saving: boolean;
  readonly refusal: Refusal | null;
}

export interface Edits {
  readonly rows: EditedRows;
  readonly store: StoreApi<EditState>;
  readonly source: StagedSource;
}

const all = new WeakMap<EditedRows, Edits>();

/** What is edited in these rows; made at the first call. */
export function editsIn(rows: EditedRows): Edits {
  const existing = all.get(rows);
  if (existing) return existing;
  const store = createStore<EditState>(() => ({ steps: stepsFrom(nothingStaged), saving: false, refusal: null }));
  const staged = () => store.getState().steps.now;
  const refused = () => store.getState().refusal?.id ?? null;
  const source = new StagedSource(rows.source, (at) => rows.columnAt(at), staged, refused, rows.newRowsStand);
  store.subscribe((now, before) => {
    if (rows.newRowsStand === 'above') keepCursor(rows, newRows(before.steps.now), newRows(now.steps.now));
    source.changed();
  });
  const edits = { rows, store, source };
  all.set(rows, edits);
  return edits;
}

const newRows = (staged: Staged): number => [...staged.values()].filter(({ kind }) => kind === 'insert').length;

/** New rows come and go above those that are stored: the cursor stays with its row, and what is in sight where it is. */
function keepCursor({ grid }: EditedRows, before: number, now: number): void {
  const { selection, top } = grid.getState();
  const by = now - before;
  if (by === 0 || selection.active.row < before) return;
  grid.setState({ selection: shiftRows(selection, by), top: top === 0 ? 0 : Math.max(0, top + by * ROW_HEIGHT) });
}

/** What a tab holds is asked about before it is closed. */
const unsaved = new Map<string, Set<Edits>>();
export function noteTab(tabId: string, edits: Edits): void {
  const noted = unsaved.get(tabId) ?? new Set<Edits>();
  unsaved.set(tabId, noted.add(edits));
}
onTabClosed(({ id }) => unsaved.delete(id));
/** Of rows that are not shown any more nothing is asked. */
export function forgetEdits(edits: Edits): void {
  for (const noted of unsaved.values()) noted.delete(edits);
}
export const anythingStaged = (): boolean => [...unsaved.keys()].some((tabId) => stagedIn(tabId) > 0);
const stagedRows = (edits: Edits): number => edits.store.getState().steps.now.size;
export const stagedIn = (tabId: string): number =>
  [...(unsaved.get(tabId) ?? [])].reduce((sum, edits) => sum + stagedRows(edits), 0);

const beingSaved = 'These rows are just being saved: try again in a moment.';

/** What would be staged now would be gone with what is saved. @returns whether it was done */
function change({ store }: Edits, edit: (now: Staged) => Staged): boolean {
  if (store.getState().saving) {
    toast(beingSaved, 'warning');
    return false;
  }
  store.setState(({ steps, refusal }) => {
    const next = step(steps, edit(steps.now));
    return next === steps ? {} : { steps: next, refusal: next.now.size === 0 ? null : refusal };
  });
  return true;
}

/** Resolves when no save is under way. */
export function savingEnded({ store }: Edits): Promise<void> {
  return new Promise((resolve) => {
    if (!store.getState().saving) {
      resolve();
      return;
    }
    const off = store.subscribe(({ saving }) => {
      if (saving) return;
      off();
      resolve();
    });
  });
}

/** A row of the grid as it can be edited; null where it is not in memory, or proves nothing. */
const readRowAt = ({ source, rows }: Edits, index: number): ReadRow | null =>
  source.newRowAt(index) === null ? rows.readRow(source.baseIndex(index)) : null;

export interface CellChange {
  readonly row: number;
  /** Column of the grid. */
  readonly position: number;
  readonly value: NewValue;
}

/** Several cells at once are one step. @returns how many were not possible, with the first reason */
export function setCells(edits: Edits, changes: readonly CellChange[]): { refused: number; why: string | null } {
  let refused = 0;
  let why: string | null = null;
  const refuse = (reason: string) => {
    refused++;
    why ??= reason;
  };
  if (edits.store.getState().saving) return { refused: changes.length, why: beingSaved };
  const [first] = changes;
  // Of several tables the one that is edited is that of the first cell.
  if (first) whyNot(edits, first.row, first.position);
  change(edits, (now) => {
    let staged = now;
    for (const { row, position, value } of changes) {
      const problem = whyNot(edits, row, position, false);
      const column = edits.rows.columnAt(position);
      if (problem || !column) {
        refuse(problem ?? 'There is no such column.');
        continue;
      }
      const added = edits.source.newRowAt(row);
      const read = readRowAt(edits, row);
      if (added !== null) staged = setNewCell(staged, added, column.number, value);
      else if (read) staged = setCell(staged, edits.rows.model, read, column.number, value);
    }
    return staged;
  });
  return { refused, why };
}

/** Why a cell cannot be changed; null where it can. `mayChoose`: its table may be made the edited one. */
export function whyNot(edits: Edits, row: number, position: number, mayChoose = true): string | null {
  const { rows, source } = edits;
  if (rows.readOnly) return `${rows.readOnly.reason} ${rows.readOnly.wayOut}`;
  const before = rows.model;
  const added = source.newRowAt(row);
  const other =
    added === null ? rows.choose?.(source.baseIndex(row), position, mayChoose && stagedRows(edits) === 0) : null;
  // Steps back would be into rows of another table.
  if (rows.model !== before) edits.store.setState({ steps: stepsFrom(nothingStaged), refusal: null });
  if (other) return other;
  const column = rows.columnAt(position);
  if (!column) return 'There is no such column.';
  if (column.generated !== 'no') return 'The server computes this column: it cannot be written.';
  if (!isWritable(column, added !== null))
    return column.identity === 'always'
      ? 'Only the server gives this column a value.'
      : 'Your role may not write this column.';
  if (added !== null) return null;
  const read = readRowAt(edits, row);
  if (!read) return 'This row is not loaded yet.';
  const id = rowId(read.key);
  if (edits.store.getState().steps.now.get(id)?.kind === 'delete') return 'This row is marked for deletion.';
  return null;
}

let made = 0;
/** One step, however many; they stand above what is stored, the last one lowest. */
export const insertRows = (edits: Edits, rows: readonly Changes[]): boolean =>
  change(edits, (now) => rows.reduce((staged, changes) => addRow(staged, newRowId(++made), changes), now));
export const insertRow = (edits: Edits): boolean => insertRows(edits, [new Map()]);

/** @returns how many were made */
export function duplicateRows(edits: Edits, rows: readonly number[]): number {
  const { model } = edits.rows;
  const places = model.columns.map(({ number }) =>
    edits.source.columns.findIndex((_, at) => edits.rows.columnAt(at)?.number === number),
  );
  let count = 0;
  change(edits, (now) => {
    let staged = now;
    for (const index of rows) {
      const shown = edits.source.row(index);
      if (!shown) continue;
      // What is not shown, or not whole, is left to the server.
      const unknown = places.flatMap((at, position) => (at < 0 || shown.cut?.has(at) ? [position] : []));
      const cells = places.map((at) => shown.cells[at] ?? null);
      staged = addRow(staged, newRowId(++made), duplicateOf(model, cells, new Set(unknown)));
      count++;
    }
    return staged;
  });
  return count;
}

/**
 * New rows are gone at once; stored ones are marked, and marked ones are not any more where all of them were.
 * @returns how many were left as they are: not in memory, or not to be found by a key
 */
export function deleteRows(edits: Edits, rows: readonly number[]): number {
  const added = rows.flatMap((index) => edits.source.newRowAt(index) ?? []);
  const stored = rows.flatMap((index) => readRowAt(edits, index) ?? []);
  change(edits, (now) => {
    let staged = now;
    const allMarked = stored.length > 0 && stored.every(({ key }) => now.get(rowId(key))?.kind === 'delete');
    for (const id of added) staged = revertRow(staged, id);
    for (const row of stored) staged = allMarked ? revertRow(staged, rowId(row.key)) : deleteRow(staged, row);
    return staged;
  });
  return rows.length - added.length - stored.length;
}

export function revertRows(edits: Edits, rows: readonly number[]): void {
  const ids = rows.flatMap((index) => edits.source.idAt(index) ?? []);
  change(edits, (now) => ids.reduce(revertRow, now));
}

export function revertCells(edits: Edits, cells: readonly { row: number; position: number }[]): void {
  change(edits, (now) =>
    cells.reduce((staged, { row, position }) => {
      const id = edits.source.idAt(row);
      const column = edits.rows.columnAt(position);
      return id !== null && column ? revertCell(staged, id, column.number) : staged;
    }, now),
  );
}

export const revertAll = (edits: Edits): boolean => change(edits, () => nothingStaged);
/** To the state before or after, where no save is under way. */
const goTo = ({ store }: Edits, way: typeof undo): void =>
  store.setState(({ steps, saving }) => (saving ? {} : { steps: way(steps), refusal: null }));
export const undoStep = (edits: Edits): void => goTo(edits, undo);
export const redoStep = (edits: Edits): void => goTo(edits, redo);

export interface Saved {
  readonly words: string;
  readonly notes: readonly string[];
}

const counted = (count: number, verb: string) => (count === 0 ? [] : [`${count.toLocaleString('en-US')} ${verb}`]);

/** Null where it was refused: the state says why. */
export async function save(edits: Edits, confirmed: boolean): Promise<Saved | null> {
  const { rows, store } = edits;
  const staged = store.getState().steps.now;
  if (staged.size === 0 || store.getState().saving) return null;
  store.setState({ saving: true, refusal: null });
  try {
    const outcome = await client.data.save({ ...rows.where, edits: editsOf(staged, rows.model), confirmed });
    if (outcome.kind === 'refused') {
      const { id, failure, now } = outcome;
      store.setState({ saving: false, refusal: { id, failure, now } });
      return null;
    }
    store.setState({ steps: stepsFrom(nothingStaged), saving: false, refusal: null });
    rows.saved(
      outcome,
      [...staged.values()].flatMap(({ kind, id }) => (kind === 'delete' ? [id] : [])),
    );
    const { inserted, updated, deleted, changedByServer, notKept } = outcome;
    const parts = [...counted(inserted, 'added'), ...counted(updated, 'changed'), ...counted(deleted, 'deleted')];
    const first = changedByServer[0];
    const name = rows.model.columns.find(({ number }) => number === first?.column)?.name;
    return {
      words: `Saved: ${parts.join(', ')}.`,
      notes: [
        ...(first
          ? [
              `The server stored ${name} as ${first.stored ?? 'NULL'} where ${first.typed ?? 'NULL'} was typed${changedByServer.length > 1 ? `, and ${changedByServer.length - 1} more otherwise` : ''}.`,
            ]
          : []),
        ...(notKept ? [`It could not be kept for undoing: ${notKept}`] : []),
      ],
    };
  } catch (thrown) {
    store.setState({ saving: false, refusal: { id: null, failure: failureFrom(thrown), now: null } });
    return null;
  }
}
