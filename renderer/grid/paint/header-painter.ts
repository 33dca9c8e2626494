/** Draws the header cells in sight: name, type, order and filter marks, and the two buttons a mouse finds there. */
import { visibleText } from '../../ui/visible-text.ts';
import type { GridColumn, GridFilter, GridSort } from '../grid-source.ts';
import { type ColumnLayout, leftOf, positionsInSight, widthAt } from '../model/column-layout.ts';
import { type Selection, touchesColumn } from '../model/selection.ts';
import { icon } from './icons.ts';

export interface HeaderFrame {
  readonly columns: readonly GridColumn[];
  readonly layout: ColumnLayout;
  readonly selection: Selection;
  readonly left: number;
  readonly width: number;
  readonly sort: readonly GridSort[];
  readonly filters: readonly GridFilter[];
  readonly sortable: boolean;
}

class HeaderSlot {
  readonly element = document.createElement('div');
  readonly #name = document.createElement('div');
  readonly #type = document.createElement('div');
  readonly #sort = document.createElement('button');
  readonly #menu = document.createElement('button');
  #sortMark = '';

  constructor() {
    this.element.setAttribute('role', 'columnheader');
    this.#name.className = 'hg-name';
    this.#type.className = 'hg-type';
    const words = document.createElement('div');
    words.className = 'hg-words';
    words.append(this.#name, this.#type);
    for (const [button, part] of [
      [this.#sort, 'sort'],
      [this.#menu, 'menu'],
    ] as const) {
      button.type = 'button';
      // The grid is one stop of the Tab key; from the keyboard a column's menu opens with Alt+Down.
      button.tabIndex = -1;
      button.className = 'hg-header-button';
      button.dataset.part = part;
    }
    this.#menu.append(icon('more'));
    const edge = document.createElement('div');
    edge.className = 'hg-edge';
    edge.dataset.part = 'edge';
    this.element.append(words, this.#sort, this.#menu, edge);
  }

  paint(position: number, frame: HeaderFrame): void {
    const column = frame.layout.visible[position] ?? 0;
    const info = frame.columns[column];
    if (!info) return;
    const name = visibleText(info.name);
    this.element.style.left = `${leftOf(frame.layout, position)}px`;
    this.element.style.width = `${widthAt(frame.layout, position)}px`;
    this.element.setAttribute('aria-colindex', String(position + 1));
    this.element.dataset.position = String(position);
    this.#name.textContent = name;
    const comment = info.comment ? visibleText(info.comment) : '';
    this.#type.textContent = `${visibleText(info.typeName)}${comment && ` · ${comment}`}`;
    this.element.title = `${name}\n${visibleText(info.typeName)}${comment && `\n${comment}`}`;
    const filtered = frame.filters.some((filter) => filter.column === column);
    const selected = touchesColumn(frame.selection, position);
    this.element.className = `hg-header${info.category === 'N' ? ' hg-number' : ''}${selected ? ' hg-in' : ''}${filtered ? ' hg-filtered' : ''}`;
    this.#menu.setAttribute('aria-label', `Menu of column ${name}`);
    this.#paintSort(column, name, frame);
  }

  #paintSort(column: number, name: string, frame: HeaderFrame): void {
    const at = frame.sort.findIndex((one) => one.column === column);
    const sort = frame.sort[at];
    this.#sort.hidden = !frame.sortable;
    this.#sort.setAttribute('aria-label', `Sort by ${name}`);
    if (sort) this.element.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
    else this.element.removeAttribute('aria-sort');
    const mark = sort ? `${sort.descending ? 'down' : 'up'}${frame.sort.length > 1 ? at + 1 : ''}` : 'none';
    if (mark === this.#sortMark) return;
    this.#sortMark = mark;
    const number = document.createTextNode(sort && frame.sort.length > 1 ? String(at + 1) : '');
    this.#sort.replaceChildren(icon(sort ? (sort.descending ? 'down' : 'up') : 'upDown'), number);
    this.#sort.classList.toggle('hg-on', sort !== undefined);
  }
}

export class HeaderPainter {
  readonly #layer: HTMLElement;
  readonly #slots: HeaderSlot[] = [];
  #shown: (HeaderFrame & { first: number; end: number }) | null = null;

  constructor(layer: HTMLElement) {
    this.#layer = layer;
  }

  paint(frame: HeaderFrame): void {
    const { first, end } = positionsInSight(frame.layout, frame.left, frame.width);
    this.#layer.style.transform = `translateX(${Math.round(-frame.left * devicePixelRatio) / devicePixelRatio}px)`;
    const before = this.#shown;
    if (
      before &&
      before.first === first &&
      before.end === end &&
      before.layout === frame.layout &&
      before.columns === frame.columns &&
      before.selection === frame.selection &&
      before.sort === frame.sort &&
      before.filters === frame.filters &&
      before.sortable === frame.sortable
    ) {
      return;
    }
    this.#shown = { ...frame, first, end };
    while (this.#slots.length < end - first) {
      const slot = new HeaderSlot();
      this.#slots.push(slot);
      this.#layer.append(slot.element);
    }
    for (const [at, slot] of this.#slots.entries()) {
      const inSight = first + at < end;
      slot.element.style.display = inSight ? '' : 'none';
      if (inSight) slot.paint(first + at, frame);
    }
  }
}
