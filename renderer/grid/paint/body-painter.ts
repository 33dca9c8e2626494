/**
 * Draws the rows in sight. Rows hang in a layer at places relative to `#base`, so that scrolling moves one layer and
 * fills only the rows that came into sight; the base follows now and then, since transforms are single precision.
 */
import { visibleText } from '../../ui/visible-text.ts';
import type { GridSource } from '../grid-source.ts';
import { type ColumnLayout, leftOf, positionsInSight, totalWidth } from '../model/column-layout.ts';
import type { Sought } from '../model/find-rows.ts';
import { type RowWindow, rowsInSight, type ScrollGeometry } from '../model/scroll-scale.ts';
import { type Box, boxes, type Selection } from '../model/selection.ts';
import { type RowFrame, RowSlot } from './row-slot.ts';

const REBASE_ROWS = 1000;
const MAX_OUTLINES = 24;

export interface BodyElements {
  /** role=rowgroup, the size of what is in sight. */
  readonly body: HTMLElement;
  /** Moves the rows. */
  readonly layer: HTMLElement;
  /** Moves the row numbers. */
  readonly numbers: HTMLElement;
  /** Range outlines and the cursor, over the rows. */
  readonly outlines: HTMLElement;
}

export interface BodyFrame {
  readonly source: GridSource;
  readonly layout: ColumnLayout;
  readonly selection: Selection;
  readonly sought: Sought;
  readonly geometry: ScrollGeometry;
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly idPrefix: string;
}

/** To whole device pixels: between them text would blur. */
const snap = (px: number) => Math.round(px * devicePixelRatio) / devicePixelRatio;

export class BodyPainter {
  readonly #elements: BodyElements;
  readonly #rows: RowSlot[] = [];
  readonly #outlines: HTMLDivElement[] = [];
  readonly #cursor: HTMLDivElement;
  #base = 0;
  #columnSlots = 0;
  #frame: RowFrame | null = null;
  #active: HTMLElement | null = null;
  #layerWidth = -1;

  constructor(elements: BodyElements) {
    this.#elements = elements;
    this.#cursor = document.createElement('div');
    this.#cursor.className = 'hg-cursor';
    elements.outlines.append(this.#cursor);
  }

  /** Draws, and answers with the rows in sight and the id of the active cell where that is among them. */
  paint(frame: BodyFrame): { window: RowWindow; activeId: string | null } {
    const window = rowsInSight(frame.geometry, frame.top);
    const { rowHeight } = frame.geometry;
    this.#resize(Math.ceil(frame.geometry.viewportHeight / rowHeight) + 1);
    if (Math.abs(window.first - this.#base) > REBASE_ROWS) this.#base = window.first;
    const y = snap(this.#base * rowHeight - frame.top);
    this.#elements.layer.style.transform = `translate(${snap(-frame.left)}px, ${y}px)`;
    // A row without an extent is no row to assistive technology.
    if (this.#layerWidth !== totalWidth(frame.layout)) {
      this.#layerWidth = totalWidth(frame.layout);
      this.#elements.layer.style.width = `${this.#layerWidth}px`;
    }
    this.#elements.numbers.style.transform = `translateY(${y}px)`;
    const rowFrame = this.#rowFrame(frame);
    this.#paintRows(frame, rowFrame, window);
    this.#paintOutlines(frame);
    return { window, activeId: this.#markActive(frame, window) };
  }

  #rowFrame(frame: BodyFrame): RowFrame {
    const { first, end } = positionsInSight(frame.layout, frame.left, frame.width);
    // Never fewer than before: while columns of different widths pass, every row would grow and shrink.
    if (this.#columnSlots > 2 * (end - first) + 8) this.#columnSlots = 0;
    this.#columnSlots = Math.max(this.#columnSlots, end - first + 1);
    const before = this.#frame;
    const same =
      before &&
      before.layout === frame.layout &&
      before.columns === frame.source.columns &&
      before.first === first &&
      before.end === end &&
      before.slots === this.#columnSlots &&
      before.selection === frame.selection &&
      before.sought === frame.sought;
    if (!same) {
      this.#frame = {
        layout: frame.layout,
        columns: frame.source.columns,
        first,
        end,
        slots: this.#columnSlots,
        selection: frame.selection,
        sought: frame.sought,
        rowHeight: frame.geometry.rowHeight,
        ...(frame.source.numberAt ? { numberAt: (row) => frame.source.numberAt?.(row) ?? '' } : {}),
      };
    }
    return this.#frame as RowFrame;
  }

  #paintRows(frame: BodyFrame, rowFrame: RowFrame, window: RowWindow): void {
    const count = this.#rows.length;
    for (let row = window.first; row < window.first + count; row++) {
      const slot = this.#rows[row % count];
      if (row >= window.end) {
        slot?.hide();
        continue;
      }
      const data = frame.source.row(row);
      const failed = data === undefined && frame.source.failureAt(row) !== undefined;
      slot?.paint(row, (row - this.#base) * rowFrame.rowHeight, data, failed, rowFrame);
    }
  }

  #resize(count: number): void {
    if (this.#rows.length === count) return;
    for (const row of this.#rows.splice(count)) {
      row.element.remove();
      row.number.remove();
    }
    while (this.#rows.length < count) {
      const row = new RowSlot();
      this.#rows.push(row);
      this.#elements.layer.append(row.element);
      this.#elements.numbers.append(row.number);
    }
    for (const row of this.#rows) row.hide();
  }

  /** The active cell carries an id made of its place, so that a screen reader notices a move between recycled cells. */
  #markActive(frame: BodyFrame, window: RowWindow): string | null {
    const { row, position } = frame.selection.active;
    const inSight = row >= window.first && row < window.end;
    const cell = inSight ? this.#rows[row % this.#rows.length]?.cell(position) : undefined;
    const id = `${frame.idPrefix}-${row}-${position}`;
    if (this.#active !== cell) {
      this.#active?.removeAttribute('id');
      this.#active?.removeAttribute('aria-label');
      this.#active = cell ?? null;
    }
    if (!cell) return null;
    if (cell.id !== id) cell.id = id;
    const label = spoken(frame, cell);
    if (cell.getAttribute('aria-label') !== label) cell.setAttribute('aria-label', label);
    return id;
  }

  #paintOutlines(frame: BodyFrame): void {
    const shown = boxes(frame.selection).slice(-MAX_OUTLINES);
    while (this.#outlines.length < shown.length) {
      const outline = document.createElement('div');
      outline.className = 'hg-range';
      this.#outlines.push(outline);
      this.#elements.outlines.append(outline);
    }
    for (const [at, outline] of this.#outlines.entries()) {
      const box = shown[at];
      const single = box && box.top === box.bottom && box.left === box.right;
      placeBox(outline, !box || single ? null : box, frame);
    }
    const { row, position } = frame.selection.active;
    const none = frame.geometry.rowCount === 0 || frame.layout.visible.length === 0;
    placeBox(this.#cursor, none ? null : { top: row, bottom: row, left: position, right: position }, frame);
  }
}

/** The active cell in words: the name of its column, and what an eye tells apart by style alone. */
function spoken(frame: BodyFrame, cell: HTMLElement): string {
  const { row, position } = frame.selection.active;
  const column = frame.layout.visible[position] ?? 0;
  const name = visibleText(frame.source.columns[column]?.name ?? '');
  const data = frame.source.row(row);
  const value = data?.cells[column];
  if (!data) return `${name}: loading`;
  if (value === null || value === undefined) return `${name}: NULL, no value`;
  return `${name}: ${cell.textContent || 'empty text'}`;
}

/** Lays an outline over cells; edges far out of sight are cut to just outside it. */
function placeBox(element: HTMLElement, box: Box | null, frame: BodyFrame): void {
  const { geometry, layout, top, left, width } = frame;
  const upper = box ? Math.max(-8, box.top * geometry.rowHeight - top) : 0;
  const lower = box
    ? Math.min(
        geometry.viewportHeight + 8,
        (Math.min(box.bottom, geometry.rowCount - 1) + 1) * geometry.rowHeight - top,
      )
    : 0;
  const start = box ? Math.max(-8, leftOf(layout, box.left) - left) : 0;
  const end = box ? Math.min(width + 8, leftOf(layout, Math.min(box.right, layout.visible.length - 1) + 1) - left) : 0;
  if (!box || lower <= upper || end <= start) {
    element.style.display = 'none';
    return;
  }
  element.style.display = '';
  element.style.transform = `translate(${snap(start)}px, ${snap(upper)}px)`;
  element.style.width = `${snap(end) - snap(start) - 1}px`;
  element.style.height = `${snap(lower) - snap(upper) - 1}px`;
}
