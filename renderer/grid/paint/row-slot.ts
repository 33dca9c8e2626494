/** One recycled row: its number in the gutter and a ring of cells, of which a sideways step rewrites only the new. */
import { shownCount } from '../../ui/amounts.ts';
import type { GridColumn, GridRow } from '../grid-source.ts';
import { type ColumnLayout, leftOf, widthAt } from '../model/column-layout.ts';
import type { Sought } from '../model/find-rows.ts';
import { isSelected, type Selection, touchesRow } from '../model/selection.ts';
import { CellSlot } from './cell-slot.ts';

export interface RowFrame {
  readonly layout: ColumnLayout;
  readonly columns: readonly GridColumn[];
  /** Positions [first, end) to show. */
  readonly first: number;
  readonly end: number;
  /** Cells a row keeps; at least end - first. */
  readonly slots: number;
  readonly selection: Selection;
  readonly sought: Sought;
  readonly rowHeight: number;
  readonly numberAt?: (row: number) => string;
}

export class RowSlot {
  readonly element: HTMLDivElement;
  readonly number: HTMLDivElement;
  readonly #cells: CellSlot[] = [];
  #row = -1;
  #y = Number.NaN;
  #data: GridRow | undefined;
  #failed = false;
  #frame: RowFrame | null = null;

  constructor() {
    this.element = document.createElement('div');
    this.element.className = 'hg-row';
    this.element.setAttribute('role', 'row');
    this.number = document.createElement('div');
    this.number.className = 'hg-row-number';
    this.element.style.display = 'none';
    this.number.style.display = 'none';
  }

  hide(): void {
    if (this.#row === -1) return;
    this.#row = -1;
    this.#frame = null;
    this.element.style.display = 'none';
    this.number.style.display = 'none';
    // What is kept for later is no row: whoever looks for row 5 finds one.
    this.element.removeAttribute('aria-rowindex');
    this.#setMark('');
  }

  /** @param y px in the layer that carries the rows */
  paint(row: number, y: number, data: GridRow | undefined, failed: boolean, frame: RowFrame): void {
    const moved = row !== this.#row;
    if (!moved && y === this.#y && data === this.#data && failed === this.#failed && frame === this.#frame) return;
    if (moved) this.#become(row);
    if (y !== this.#y) {
      this.#y = y;
      this.element.style.transform = `translateY(${y}px)`;
      this.number.style.transform = `translateY(${y}px)`;
    }
    const rewrite =
      moved ||
      data !== this.#data ||
      failed !== this.#failed ||
      frame.layout !== this.#frame?.layout ||
      frame.sought !== this.#frame.sought;
    if (moved || rewrite) this.#mark(row, data, frame);
    this.#resize(frame.slots);
    this.#paintCells(row, data, failed, frame, rewrite);
    const rowSelected = touchesRow(frame.selection, row) ? 'hg-row-number hg-in' : 'hg-row-number';
    if (this.number.className !== rowSelected) this.number.className = rowSelected;
    this.#data = data;
    this.#failed = failed;
    this.#frame = frame;
  }

  /** The cell at a position, where it is in sight. */
  cell(position: number): HTMLDivElement | undefined {
    const slot = this.#cells[position % this.#cells.length];
    return slot?.position === position ? slot.element : undefined;
  }

  #become(row: number): void {
    if (this.#row === -1) {
      this.element.style.display = '';
      this.number.style.display = '';
    }
    this.#row = row;
    // The header is row 1.
    this.element.setAttribute('aria-rowindex', String(row + 2));
    this.element.classList.toggle('hg-odd', row % 2 === 1);
  }

  #mark(row: number, data: GridRow | undefined, frame: RowFrame): void {
    const text = frame.numberAt?.(row) ?? shownCount(row + 1);
    if (this.number.textContent !== text) this.number.textContent = text;
    this.#setMark(data?.mark ?? '');
  }

  #setMark(mark: string): void {
    if (mark === (this.element.dataset.mark ?? '')) return;
    for (const element of [this.element, this.number]) {
      if (mark) element.dataset.mark = mark;
      else delete element.dataset.mark;
    }
  }

  #resize(slots: number): void {
    if (this.#cells.length === slots) return;
    for (const cell of this.#cells.splice(slots)) cell.element.remove();
    while (this.#cells.length < slots) {
      const cell = new CellSlot();
      this.#cells.push(cell);
      this.element.append(cell.element);
    }
    // Every position has another slot now.
    for (const cell of this.#cells) cell.hide();
  }

  #paintCells(row: number, data: GridRow | undefined, failed: boolean, frame: RowFrame, rewrite: boolean): void {
    const { layout, first, end, slots } = frame;
    for (let at = first; at < first + slots; at++) {
      const cell = this.#cells[at % slots];
      if (!cell) continue;
      if (at >= end) {
        cell.hide();
        continue;
      }
      const column = layout.visible[at] ?? 0;
      if (rewrite || cell.position !== at) {
        if (cell.position === -1) cell.element.style.display = '';
        cell.place(at, leftOf(layout, at), widthAt(layout, at));
        cell.show(data, column, frame.columns[column], failed, frame.sought);
      }
      cell.select(isSelected(frame.selection, row, at));
    }
  }
}
