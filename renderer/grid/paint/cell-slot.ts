/** One recycled cell: writes to the DOM only what differs from what it shows, and only ever as text. */
import type { GridColumn, GridRow } from '../grid-source.ts';
import { cellPieces, isPlain, sizeText } from '../model/cell-text.ts';
import { holds, type Sought } from '../model/find-rows.ts';

/** The narrowest character is about this wide, so no more of a text than this can be seen. */
const PX_PER_CHAR = 2.5;

export class CellSlot {
  readonly element: HTMLDivElement;
  position = -1;
  readonly #text: Text;
  #plain = true;
  #shown = '';
  #className = '';
  #selected = false;
  #left = -1;
  #width = -1;

  constructor() {
    this.element = document.createElement('div');
    this.element.setAttribute('role', 'gridcell');
    this.element.setAttribute('aria-selected', 'false');
    this.element.style.display = 'none';
    this.#text = document.createTextNode('');
    this.element.append(this.#text);
  }

  hide(): void {
    if (this.position === -1) return;
    this.position = -1;
    this.element.style.display = 'none';
    this.element.removeAttribute('aria-colindex');
  }

  place(position: number, left: number, width: number): void {
    if (this.position !== position) {
      this.position = position;
      this.element.setAttribute('aria-colindex', String(position + 1));
    }
    if (this.#left !== left) {
      this.#left = left;
      this.element.style.left = `${left}px`;
    }
    if (this.#width !== width) {
      this.#width = width;
      this.element.style.width = `${width}px`;
    }
  }

  select(selected: boolean): void {
    if (this.#selected === selected) return;
    this.#selected = selected;
    this.element.setAttribute('aria-selected', selected ? 'true' : 'false');
  }

  /** Shows a value, a placeholder where the row is not there yet, or that it cannot be had. */
  show(row: GridRow | undefined, column: number, info: GridColumn | undefined, failed: boolean, sought: Sought): void {
    const value = row?.cells[column];
    const mark = row?.tints?.get(column) ?? row?.marks?.get(column);
    const number = `${info?.category === 'N' ? ' hg-number' : ''}${mark ? ` hg-${mark}` : ''}${sought && holds(value, sought) ? ' hg-found' : ''}`;
    const note = row?.notes?.get(column);
    if (!row) this.#write(failed ? 'not loaded' : '', failed ? 'hg-cell hg-failed' : 'hg-cell hg-waiting');
    else if (mark === 'unset' && typeof value !== 'string') this.#write('DEFAULT', `hg-cell hg-null${number}`);
    else if (note !== undefined && typeof value === 'string') this.#writeNoted(value, note, `hg-cell${number}`);
    else if (value === null || value === undefined) this.#write('NULL', `hg-cell hg-null${number}`);
    else this.#writeValue(value, row.cut?.get(column), row.invalid?.has(column) === true, `hg-cell${number}`);
  }

  #writeValue(value: string, size: number | undefined, invalid: boolean, className: string): void {
    const most = Math.ceil(this.#width / PX_PER_CHAR) + 8;
    if (size === undefined && !invalid && isPlain(value, most)) this.#write(value, className);
    else this.#writePieces(value, className, most, size, invalid);
  }

  #write(text: string, className: string): void {
    if (!this.#plain) {
      this.element.replaceChildren(this.#text);
      this.#plain = true;
    }
    if (this.#shown !== text) {
      this.#shown = text;
      this.#text.data = text;
    }
    this.#dress(className);
  }

  #writePieces(value: string, className: string, most: number, size: number | undefined, invalid: boolean): void {
    const nodes: Node[] = [];
    if (invalid) nodes.push(span('hg-mark hg-warn', 'invalid UTF-8'));
    if (size !== undefined) nodes.push(span('hg-size', sizeText(size)));
    for (const piece of cellPieces(value, most, size !== undefined)) {
      nodes.push(piece.mark ? span('hg-mark', piece.text) : document.createTextNode(piece.text));
    }
    this.element.replaceChildren(...nodes);
    this.#plain = false;
    this.#dress(className);
  }

  #writeNoted(value: string, note: string, className: string): void {
    this.element.replaceChildren(document.createTextNode(`${value} `), span('hg-note', note.slice(0, 200)));
    this.#plain = false;
    this.#dress(className);
  }

  #dress(className: string): void {
    if (this.#className === className) return;
    this.#className = className;
    this.element.className = className;
  }
}

export function span(className: string, text: string): HTMLSpanElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}
