/**
 * What is selected, as rectangles of positions that never overlap, so that counting and adding up need no second look.
 * A whole row is a rectangle without a right end, a whole column one without a lower end: nothing is ever listed out,
 * and a column selected while rows still arrive takes in the new ones.
 */
import type { GridRange } from '../grid-source.ts';

export interface CellAt {
  readonly row: number;
  /** Position among the shown columns. */
  readonly position: number;
}
/** All four edges count; `right` or `bottom` may be Infinity. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}
export type SelectionKind = 'cells' | 'rows' | 'columns';

export interface Selection {
  readonly kind: SelectionKind;
  /** Where the cursor is, and where a range began. */
  readonly active: CellAt;
  /** The other end of the range being made. */
  readonly head: CellAt;
  /** Earlier ranges, without what `current` covers. */
  readonly others: readonly Box[];
  /** The range from active to head; null after a cell was taken out of a selection. */
  readonly current: Box | null;
}

function boxOf(kind: SelectionKind, a: CellAt, b: CellAt): Box {
  return {
    top: kind === 'columns' ? 0 : Math.min(a.row, b.row),
    bottom: kind === 'columns' ? Number.POSITIVE_INFINITY : Math.max(a.row, b.row),
    left: kind === 'rows' ? 0 : Math.min(a.position, b.position),
    right: kind === 'rows' ? Number.POSITIVE_INFINITY : Math.max(a.position, b.position),
  };
}

const covers = (box: Box, row: number, position: number) =>
  row >= box.top && row <= box.bottom && position >= box.left && position <= box.right;

/** `box` without `hole`: up to four boxes. */
export function subtract(box: Box, hole: Box): Box[] {
  if (hole.top > box.bottom || hole.bottom < box.top || hole.left > box.right || hole.right < box.left) return [box];
  const parts: Box[] = [];
  const top = Math.max(box.top, hole.top);
  const bottom = Math.min(box.bottom, hole.bottom);
  if (box.top < hole.top) parts.push({ ...box, bottom: hole.top - 1 });
  if (box.left < hole.left) parts.push({ ...box, top, bottom, right: hole.left - 1 });
  if (box.right > hole.right) parts.push({ ...box, top, bottom, left: hole.right + 1 });
  if (box.bottom > hole.bottom) parts.push({ ...box, top: hole.bottom + 1 });
  return parts;
}

/** Every selected rectangle, none overlapping another. */
export function boxes(selection: Selection): Box[] {
  const { current, others } = selection;
  return current ? [...others.flatMap((box) => subtract(box, current)), current] : [...others];
}

export function isSelected(selection: Selection, row: number, position: number): boolean {
  if (selection.current && covers(selection.current, row, position)) return true;
  for (const box of selection.others) if (covers(box, row, position)) return true;
  return false;
}

/** The same cells after so many rows have come above them, or gone where `by` is below 0. */
export function shiftRows(selection: Selection, by: number): Selection {
  const row = (at: number) => Math.max(0, at + by);
  const cell = (at: CellAt): CellAt => ({ ...at, row: row(at.row) });
  // A whole column stays one.
  const box = (at: Box): Box =>
    at.top === 0 && at.bottom === Number.POSITIVE_INFINITY ? at : { ...at, top: row(at.top), bottom: row(at.bottom) };
  const { active, head, others, current } = selection;
  return {
    ...selection,
    active: cell(active),
    head: cell(head),
    others: others.map(box),
    current: current && box(current),
  };
}

/** True where any cell of a row is selected: its number is then marked. */
export const touchesRow = (selection: Selection, row: number): boolean =>
  [selection.current, ...selection.others].some((box) => box && row >= box.top && row <= box.bottom);

/** True where any cell of a column is selected: its header is then marked. */
export const touchesColumn = (selection: Selection, position: number): boolean =>
  [selection.current, ...selection.others].some((box) => box && position >= box.left && position <= box.right);

const start = (kind: SelectionKind, at: CellAt, others: readonly Box[] = []): Selection => ({
  kind,
  active: at,
  head: at,
  others,
  current: boxOf(kind, at, at),
});

export const selectCell = (at: CellAt): Selection => start('cells', at);
export const selectRow = (row: number): Selection => start('rows', { row, position: 0 });
export const selectColumn = (position: number, row = 0): Selection => start('columns', { row, position });

/** Everything, keeping the cursor where it is. */
export const selectAll = (active: CellAt): Selection => ({
  kind: 'cells',
  active,
  head: active,
  others: [],
  current: { top: 0, left: 0, bottom: Number.POSITIVE_INFINITY, right: Number.POSITIVE_INFINITY },
});

/** Moves the far end of the range being made. */
export const extendTo = (selection: Selection, head: CellAt): Selection => ({
  ...selection,
  head,
  current: boxOf(selection.kind, selection.active, head),
});

/** Adds a cell, row or column beside what is selected; takes it out where it was selected already. */
export function toggle(selection: Selection, kind: SelectionKind, at: CellAt): Selection {
  const before = boxes(selection);
  const box = boxOf(kind, at, at);
  if (!before.some((other) => contains(other, box))) return start(kind, at, before);
  const others = before.flatMap((other) => subtract(other, box));
  return others.length === 0 ? start('cells', at) : { kind, active: at, head: at, others, current: null };
}
const contains = (outer: Box, inner: Box) =>
  outer.top <= inner.top && outer.bottom >= inner.bottom && outer.left <= inner.left && outer.right >= inner.right;

/** Selects the active cell's whole rows or columns. */
export const widen = (selection: Selection, kind: 'rows' | 'columns'): Selection => ({
  ...selection,
  kind,
  current: boxOf(kind, selection.active, selection.head),
});

export interface Bounds {
  readonly rows: number;
  readonly positions: number;
}
const within = (value: number, count: number) => Math.max(0, Math.min(value, count - 1));

/** Moves the cursor, or the far end where `extend`; steps may be infinite: to the edge. */
export function move(
  selection: Selection,
  rows: number,
  positions: number,
  bounds: Bounds,
  extend: boolean,
): Selection {
  const from = extend ? selection.head : selection.active;
  const to = {
    row: within(from.row + rows, bounds.rows),
    position: within(from.position + positions, bounds.positions),
  };
  return extend ? extendTo(selection, to) : selectCell(to);
}

/** Keeps the cursor where the rows and columns shown have changed under it. */
export const settle = (selection: Selection, bounds: Bounds): Selection =>
  selectCell({
    row: within(selection.active.row, bounds.rows),
    position: within(selection.active.position, bounds.positions),
  });

const bounded = (box: Box, bounds: Bounds): Box => ({
  ...box,
  bottom: Math.min(box.bottom, bounds.rows - 1),
  right: Math.min(box.right, bounds.positions - 1),
});

/** How many cells are selected: a double, exact up to 2^53. */
export function countCells(selection: Selection, bounds: Bounds): number {
  let count = 0;
  for (const box of boxes(selection)) {
    const { top, left, bottom, right } = bounded(box, bounds);
    count += Math.max(0, bottom - top + 1) * Math.max(0, right - left + 1);
  }
  return count;
}

/** The rectangles as row ranges and result columns, from the top left on. */
export function toRanges(selection: Selection, visible: readonly number[], rowCount: number): GridRange[] {
  return boxes(selection)
    .map((box) => bounded(box, { rows: rowCount, positions: visible.length }))
    .filter((box) => box.bottom >= box.top && box.right >= box.left)
    .sort((a, b) => a.top - b.top || a.left - b.left)
    .map((box) => ({ fromRow: box.top, toRow: box.bottom, columns: visible.slice(box.left, box.right + 1) }));
}
