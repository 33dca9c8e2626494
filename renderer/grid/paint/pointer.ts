/** The mouse in a grid: selecting by dragging, and a column's width and place by its header. */
import { moveColumn, positionAt, resizeColumn } from '../model/column-layout.ts';
import { rowAt } from '../model/scroll-scale.ts';
import {
  type CellAt,
  extendTo,
  type Selection,
  type SelectionKind,
  selectAll,
  selectCell,
  selectColumn,
  selectRow,
  settle,
  toggle,
} from '../model/selection.ts';
import type { GridView } from './grid-view.ts';
import { fittedWidth } from './measure.ts';

export interface PointerCallbacks {
  readonly onSort: (column: number, add: boolean) => void;
  /** A column's menu was asked for at a place on the screen. */
  readonly onColumnMenu: (position: number, x: number, y: number) => void;
  readonly onOpen: (at: CellAt) => void;
}

/** Less movement than this is a click. */
const DRAG_PX = 4;
const within = (value: number, count: number) => Math.max(0, Math.min(value, count - 1));

/** The cell nearest to a point on the screen. */
export function cellNear(view: GridView, x: number, y: number): CellAt {
  const box = view.elements.body.getBoundingClientRect();
  const { top, left, layout } = view.data;
  return {
    row: within(rowAt(view.geometry, top, y - box.top), view.geometry.rowCount),
    position: Math.max(0, positionAt(layout, x - box.left + left)),
  };
}

const begin = (kind: SelectionKind, at: CellAt): Selection =>
  kind === 'cells' ? selectCell(at) : kind === 'rows' ? selectRow(at.row) : selectColumn(at.position, at.row);

const zoneOf = (element: Element | null) => element?.closest<HTMLElement>('[data-zone]')?.dataset.zone;

/** Starts to listen; the answer ends it. */
export function listenToPointer(view: GridView, callbacks: () => PointerCallbacks): () => void {
  const control = new AbortController();
  const { signal } = control;
  const { grid } = view.elements;
  const down = (event: PointerEvent) => {
    if (!(event.target instanceof Element)) return;
    const zone = zoneOf(event.target);
    if (!zone) return;
    grid.focus({ preventScroll: true });
    if (event.button === 2) return rightButton(view, event, zone);
    if (event.button !== 0) return;
    event.preventDefault();
    if (zone === 'corner') return view.inputs.state.setState({ selection: selectAll(view.data.selection.active) });
    if (zone === 'header') return headerDown(view, event, callbacks());
    if (view.geometry.rowCount > 0) dragSelection(view, event, zone === 'numbers' ? 'rows' : 'cells');
  };
  const double = (event: MouseEvent) => {
    // The grid has captured the pointer, so it is the event's target whatever lies under it.
    const under = document.elementFromPoint(event.clientX, event.clientY);
    if (under?.closest('[data-part="edge"]')) fitUnder(view, under);
    else if (zoneOf(under) === 'cells' && view.geometry.rowCount > 0) {
      callbacks().onOpen(cellNear(view, event.clientX, event.clientY));
    }
  };
  grid.addEventListener('pointerdown', down, { signal });
  grid.addEventListener('dblclick', double, { signal });
  return () => control.abort();
}

/** The right button selects what is under it, unless that is selected already. */
function rightButton(view: GridView, event: PointerEvent, zone: string): void {
  const { selection } = view.data;
  const at = cellNear(view, event.clientX, event.clientY);
  const kind: SelectionKind | null =
    zone === 'cells' ? 'cells' : zone === 'numbers' ? 'rows' : zone === 'header' ? 'columns' : null;
  if (!kind || view.geometry.rowCount === 0) return;
  const target = kind === 'columns' ? { ...at, row: selection.active.row } : at;
  const inside = [...selection.others, ...(selection.current ? [selection.current] : [])].some(
    (box) =>
      (kind === 'columns' || (target.row >= box.top && target.row <= box.bottom)) &&
      (kind === 'rows'
        ? box.right === Number.POSITIVE_INFINITY
        : target.position >= box.left && target.position <= box.right) &&
      (kind !== 'columns' || box.bottom === Number.POSITIVE_INFINITY),
  );
  if (!inside) view.inputs.state.setState({ selection: begin(kind, target) });
}

/** Follows the pointer until it is let go, scrolling while it is beyond an edge. */
function dragSelection(view: GridView, event: PointerEvent, kind: SelectionKind): void {
  const { state } = view.inputs;
  const at = cellNear(view, event.clientX, event.clientY);
  const { selection } = view.data;
  const more = event.ctrlKey || event.metaKey;
  const next = event.shiftKey
    ? extendTo({ ...selection, kind }, at)
    : more
      ? toggle(selection, kind, kind === 'rows' ? { row: at.row, position: 0 } : at)
      : begin(kind, at);
  state.setState({ selection: next });
  if (next.current === null) return;
  let point = { x: event.clientX, y: event.clientY };
  let frame = 0;
  const extend = () => {
    const head = cellNear(view, point.x, point.y);
    const now = view.data.selection;
    if (head.row !== now.head.row || (kind === 'cells' && head.position !== now.head.position)) {
      state.setState({ selection: extendTo(now, head) });
    }
  };
  const beyond = () => {
    frame = 0;
    const box = view.elements.body.getBoundingClientRect();
    const dy = overshoot(point.y, box.top, box.bottom);
    const dx = kind === 'rows' ? 0 : overshoot(point.x, box.left, box.right);
    if (dx === 0 && dy === 0) return;
    view.scrollTo(view.data.top + dy, view.data.left + dx);
    extend();
    frame = requestAnimationFrame(beyond);
  };
  follow(
    view.elements.grid,
    event,
    (moved) => {
      point = { x: moved.clientX, y: moved.clientY };
      extend();
      if (frame === 0) frame = requestAnimationFrame(beyond);
    },
    () => cancelAnimationFrame(frame),
  );
}

/** Px a frame: the further out, the faster. */
function overshoot(value: number, least: number, most: number): number {
  const by = value < least ? value - least : value > most ? value - most : 0;
  return Math.sign(by) * Math.min(400, Math.abs(by) * 0.6);
}

function follow(element: HTMLElement, event: PointerEvent, move: (event: PointerEvent) => void, end: () => void): void {
  const control = new AbortController();
  const { signal } = control;
  element.setPointerCapture(event.pointerId);
  const stop = () => {
    control.abort();
    end();
  };
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', stop, { signal });
  element.addEventListener('pointercancel', stop, { signal });
}

function headerDown(view: GridView, event: PointerEvent, callbacks: PointerCallbacks): void {
  const target = event.target as Element;
  const cell = target.closest<HTMLElement>('[data-position]');
  if (!cell) return;
  const position = Number(cell.dataset.position);
  const part = target.closest<HTMLElement>('[data-part]')?.dataset.part;
  const column = view.data.layout.visible[position];
  if (column === undefined) return;
  const modified = event.shiftKey || event.ctrlKey || event.metaKey;
  if (part === 'edge') dragWidth(view, event, column);
  else if (part === 'sort') callbacks.onSort(column, modified);
  else if (part === 'menu') {
    const box = (target.closest('[data-part]') ?? cell).getBoundingClientRect();
    callbacks.onColumnMenu(position, box.left, box.bottom + 2);
  } else {
    selectHeader(view, event, position);
    if (!modified) dragPlace(view, event, position, cell);
  }
}

function selectHeader(view: GridView, event: PointerEvent, position: number): void {
  const { selection } = view.data;
  const at = { row: view.window.first, position };
  const more = event.ctrlKey || event.metaKey;
  const next = event.shiftKey
    ? extendTo({ ...selection, kind: 'columns' }, at)
    : more
      ? toggle(selection, 'columns', at)
      : selectColumn(position, at.row);
  view.inputs.state.setState({ selection: next });
}

function dragWidth(view: GridView, event: PointerEvent, column: number): void {
  const from = event.clientX;
  const width = view.data.layout.widths[column] ?? 0;
  follow(
    view.elements.grid,
    event,
    (moved) =>
      view.inputs.state.setState({
        layout: resizeColumn(view.data.layout, column, width + moved.clientX - from),
        unfitted: false,
      }),
    () => undefined,
  );
}

function fitUnder(view: GridView, edge: Element): void {
  const position = Number(edge.closest<HTMLElement>('[data-position]')?.dataset.position ?? 0);
  fitColumn(view, position);
}

/** Makes a column as wide as the rows in memory near what is in sight need. */
export function fitColumn(view: GridView, position: number): void {
  const { layout } = view.data;
  const column = layout.visible[position];
  if (column === undefined) return;
  const width = fittedWidth(view.inputs.source, column, Math.max(0, view.window.first - 100), 300, view.family);
  view.inputs.state.setState({ layout: resizeColumn(layout, column, width), unfitted: false });
}

/** Moves a column: a line shows between which others it would land. */
function dragPlace(view: GridView, event: PointerEvent, from: number, cell: HTMLElement): void {
  const startX = event.clientX;
  const { grid } = view.elements;
  let to = from;
  let dragging = false;
  follow(
    view.elements.grid,
    event,
    (moved) => {
      if (!dragging && Math.abs(moved.clientX - startX) < DRAG_PX) return;
      dragging = true;
      to = cellNear(view, moved.clientX, moved.clientY).position;
      grid.dataset.moving = '';
      const { layout, left } = view.data;
      const edge = (layout.lefts[to > from ? to + 1 : to] ?? 0) - left + view.gutter;
      grid.style.setProperty('--drop', `${edge - 1}px`);
      cell.classList.add('hg-moving');
    },
    () => {
      delete grid.dataset.moving;
      cell.classList.remove('hg-moving');
      if (!dragging || to === from) return;
      const { layout, selection } = view.data;
      const moved = settle(selection, { rows: view.geometry.rowCount, positions: layout.visible.length });
      view.inputs.state.setState({
        layout: moveColumn(layout, from, to),
        selection: selectColumn(to, moved.active.row),
      });
    },
  );
}
