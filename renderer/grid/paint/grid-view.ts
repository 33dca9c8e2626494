/** Ties a grid's state to its elements: scrolls, and draws at most once a frame. React mounts it and stays out of the way. */
import { shownCount } from '../../ui/amounts.ts';
import type { GridSource } from '../grid-source.ts';
import type { GridState, GridStateData } from '../grid-state.ts';
import { leftShowing, resizeAll, totalWidth } from '../model/column-layout.ts';
import {
  afterNativeScroll,
  clampTop,
  isScaled,
  nativeHeight,
  type RowWindow,
  type ScrollGeometry,
  toNative,
  topShowing,
} from '../model/scroll-scale.ts';
import { type BodyElements, BodyPainter } from './body-painter.ts';
import { HeaderPainter } from './header-painter.ts';
import { fittedWidths, loadedRows, ROWS_TO_FIT } from './measure.ts';

export const ROW_HEIGHT = 26;
export const HEADER_HEIGHT = 40;

export interface GridElements extends BodyElements {
  /** role=grid: has the focus and the scroll bars. */
  readonly grid: HTMLElement;
  /** As large as the native scroll range. */
  readonly spacer: HTMLElement;
  /** Stays in sight, as large as the grid's inside: the header and the rows under it. */
  readonly stage: HTMLElement;
  readonly header: HTMLElement;
}
export interface GridInputs {
  readonly source: GridSource;
  readonly state: GridState;
  readonly sortable: boolean;
  readonly idPrefix: string;
}

const LINE_PX = 40;
/** What remains of a wheel step after one frame. */
const GLIDE = 0.62;

const noFit = { state: null, from: 0, rows: 0 };

export class GridView {
  readonly elements: GridElements;
  readonly #body: BodyPainter;
  readonly #header: HeaderPainter;
  readonly #observer: ResizeObserver;
  readonly #abort = new AbortController();
  #inputs: GridInputs;
  #unsubscribe: () => void = () => undefined;
  #frame = 0;
  #size = { width: 0, height: 0 };
  /** Where the native bars stood when they were last written or read. */
  #native = 0;
  #nativeLeft = 0;
  /** `must`: the native bars go where the state says. `may`: unless a person has moved them since they were last read. */
  #follow: 'no' | 'may' | 'must' = 'must';
  /** While the state is told where the native bars stand. */
  #reading = false;
  #glideTo: number | null = null;
  #window: RowWindow = { first: 0, end: 0 };
  #gutter = 0;
  #family = '';
  /** What the widths were fitted to last. */
  #fitted: { readonly state: GridState | null; readonly from: number; readonly rows: number } = noFit;

  constructor(elements: GridElements, inputs: GridInputs) {
    this.elements = elements;
    this.#inputs = inputs;
    this.#body = new BodyPainter(elements);
    this.#header = new HeaderPainter(elements.header);
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(elements.grid);
    const { signal } = this.#abort;
    elements.grid.addEventListener('scroll', () => this.#scrolled(), { signal, passive: true });
    elements.grid.addEventListener('scrollend', () => this.#settle(), { signal, passive: true });
    elements.grid.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    this.update(inputs);
  }

  /** Other rows, another state, or other marks. */
  update(inputs: GridInputs): void {
    this.#unsubscribe();
    if (inputs.source !== this.#inputs.source) this.#glideTo = null;
    this.#inputs = inputs;
    const offSource = inputs.source.subscribe(() => this.#sourceChanged());
    const offState = inputs.state.subscribe((now, before) => {
      if (!this.#reading && (now.top !== before.top || now.left !== before.left)) this.#follow = 'must';
      this.schedule();
    });
    this.#unsubscribe = () => {
      offSource();
      offState();
    };
    this.#follow = 'must';
    this.schedule();
  }

  dispose(): void {
    this.#unsubscribe();
    this.#abort.abort();
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  get inputs(): GridInputs {
    return this.#inputs;
  }
  get data(): GridStateData {
    return this.#inputs.state.getState();
  }
  get geometry(): ScrollGeometry {
    return { rowCount: this.#inputs.source.rowCount, rowHeight: ROW_HEIGHT, viewportHeight: this.#size.height };
  }
  /** Px of cells in sight, without the row numbers. */
  get cellsWidth(): number {
    return Math.max(0, this.#size.width - this.#gutter);
  }
  get gutter(): number {
    return this.#gutter;
  }
  get window(): RowWindow {
    return this.#window;
  }
  /** Asked for once: the answer costs a style of the whole page. */
  get family(): string {
    this.#family ||= getComputedStyle(this.elements.grid).fontFamily;
    return this.#family;
  }

  scrollTo(top: number, left = this.data.left): void {
    this.#glideTo = null;
    this.#follow = 'must';
    const most = Math.max(0, totalWidth(this.data.layout) - this.cellsWidth);
    this.#inputs.state.setState({ top: clampTop(this.geometry, top), left: Math.max(0, Math.min(left, most)) });
  }

  /** Brings a cell into sight. */
  show(row: number, position: number, place: 'nearest' | 'middle' = 'nearest'): void {
    const { top, left, layout } = this.data;
    this.scrollTo(topShowing(this.geometry, top, row, place), leftShowing(layout, left, this.cellsWidth, position));
  }

  schedule(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #sourceChanged(): void {
    // The bar's range has changed; where it is scaled, so has the bar's place.
    this.#mayFollow();
    this.schedule();
  }

  #resized(): void {
    const { grid, stage } = this.elements;
    const { row } = this.data.selection.active;
    const seen = this.#size.height > 0 && topShowing(this.geometry, this.data.top, row, 'nearest') === this.data.top;
    this.#size = { width: grid.clientWidth, height: Math.max(0, grid.clientHeight - HEADER_HEIGHT) };
    stage.style.width = `${grid.clientWidth}px`;
    stage.style.height = `${grid.clientHeight}px`;
    this.#mayFollow();
    // A cursor that was in sight stays there when a bar opens above the rows.
    const kept = topShowing(this.geometry, this.data.top, row, 'nearest');
    if (seen && kept !== this.data.top) this.scrollTo(kept);
    // Before this frame is shown, else the new edge would flash empty.
    cancelAnimationFrame(this.#frame);
    this.#draw();
  }

  #scrolled(): void {
    const { grid } = this.elements;
    const now = grid.scrollTop;
    const nowLeft = grid.scrollLeft;
    // The event of a movement of our own comes a frame later: the state may have gone on since.
    const moved = Math.abs(now - this.#native) >= 1;
    const movedAside = Math.abs(nowLeft - this.#nativeLeft) >= 1;
    const { top, left } = this.data;
    this.#reading = true;
    this.#inputs.state.setState({
      left: movedAside ? nowLeft : left,
      top: moved ? afterNativeScroll(this.geometry, top, this.#native, now) : top,
    });
    this.#reading = false;
    if (moved) this.#native = now;
    if (movedAside) this.#nativeLeft = nowLeft;
  }

  /** After a short native movement the scaled bar stands a little off. */
  #settle(): void {
    if (!isScaled(this.geometry)) return;
    this.#mayFollow();
    this.schedule();
  }

  /** A scaled range is scrolled here, px by px; any other natively. */
  #wheel(event: WheelEvent): void {
    if (event.ctrlKey || !isScaled(this.geometry)) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? this.#size.height : 1;
    const sideways = event.shiftKey && event.deltaX === 0;
    const x = (sideways ? event.deltaY : event.deltaX) * unit;
    const y = sideways ? 0 : event.deltaY * unit;
    const { top, left } = this.data;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (Math.abs(y) < 40 || calm) {
      this.scrollTo((this.#glideTo ?? top) + y, left + x);
      return;
    }
    // A notched wheel jumps: glide there over a few frames, as the browser does.
    const goal = clampTop(this.geometry, (this.#glideTo ?? top) + y);
    this.scrollTo(top, left + x);
    this.#glideTo = goal;
    this.schedule();
  }

  #glide(): void {
    if (this.#glideTo === null) return;
    const { top } = this.data;
    const rest = (this.#glideTo - top) * GLIDE;
    const goal = this.#glideTo;
    const done = Math.abs(rest) < 1;
    this.#follow = 'must';
    this.#inputs.state.setState({ top: done ? goal : goal - rest });
    if (done) this.#glideTo = null;
  }

  #layoutFrame(): void {
    const { spacer, grid } = this.elements;
    const digits = Math.max(2, shownCount(this.#inputs.source.rowCount).length);
    const gutter = Math.round(digits * 6.8 + 18);
    if (gutter !== this.#gutter) {
      this.#gutter = gutter;
      grid.style.setProperty('--gutter', `${gutter}px`);
    }
    const width = `${Math.ceil(totalWidth(this.data.layout) + gutter)}px`;
    const height = `${nativeHeight(this.geometry) + HEADER_HEIGHT}px`;
    if (spacer.style.width !== width) spacer.style.width = width;
    if (spacer.style.height !== height) spacer.style.height = height;
  }

  /** Reads and moves the native bars: before anything is drawn, while the layout is still clean. */
  #followNative(): void {
    if (this.#follow === 'no') return;
    // Where a new result begins. To ask the bars would cost a layout of the page just before its rows are drawn.
    const begins = this.data.top === 0 && this.data.left === 0 && this.#native === 0 && this.#nativeLeft === 0;
    if (begins) {
      this.#follow = 'no';
      return;
    }
    const { grid } = this.elements;
    // The event of a movement may not have been delivered yet: writing now would undo it.
    const moved = Math.abs(grid.scrollTop - this.#native) >= 1 || Math.abs(grid.scrollLeft - this.#nativeLeft) >= 1;
    if (this.#follow === 'may' && moved) this.#scrolled();
    this.#follow = 'no';
    const { top, left } = this.data;
    const wanted = toNative(this.geometry, top);
    if (Math.abs(wanted - this.#native) >= 0.5 || Math.abs(grid.scrollTop - wanted) >= 1) {
      grid.scrollTop = wanted;
      this.#native = grid.scrollTop;
    }
    if (Math.abs(grid.scrollLeft - left) >= 1) grid.scrollLeft = left;
    this.#nativeLeft = grid.scrollLeft;
    // There may be less to scroll than before: columns were hidden, or made narrower.
    if (left - this.#nativeLeft < 1) return;
    this.#reading = true;
    this.#inputs.state.setState({ left: this.#nativeLeft });
    this.#reading = false;
  }

  #mayFollow(): void {
    if (this.#follow === 'no') this.#follow = 'may';
  }

  #draw(): void {
    this.#frame = 0;
    if (this.#size.height === 0) return;
    this.#layoutFrame();
    this.#glide();
    const bounded = clampTop(this.geometry, this.data.top);
    if (bounded !== this.data.top) this.#inputs.state.setState({ top: bounded });
    this.#followNative();
    const { source, idPrefix, sortable } = this.#inputs;
    this.#fit();
    const { layout, selection, top, left, sort, filters, sought } = this.data;
    const width = this.cellsWidth;
    this.#header.paint({ columns: source.columns, layout, selection, left, width, sort, filters, sortable });
    const frame = { source, layout, selection, sought, geometry: this.geometry, top, left, width, idPrefix };
    const { window, activeId } = this.#body.paint(frame);
    this.#window = window;
    if (activeId) this.elements.grid.setAttribute('aria-activedescendant', activeId);
    else this.elements.grid.removeAttribute('aria-activedescendant');
    source.request(window.first, window.end - window.first);
    if (this.#glideTo !== null) this.schedule();
  }

  #fit(): void {
    const { source, state } = this.#inputs;
    const { unfitted, layout, top, left, selection } = this.data;
    const from = Math.floor(top / ROW_HEIGHT);
    if (!unfitted) return;
    const last = this.#fitted.state === state ? this.#fitted : noFit;
    // Rows come in flocks, the first of them few: the widths follow until enough were seen or one has moved on.
    const moved = last.rows > 0 && from !== last.from;
    const rows = loadedRows(source, from);
    if (moved) state.setState({ unfitted: false });
    if (moved || rows <= last.rows) return;
    this.#fitted = { state, from, rows };
    const wanted = fittedWidths(source, from, this.family);
    // Once shown, a column only grows.
    const widths =
      last.rows === 0 ? wanted : wanted.map((width, column) => Math.max(width, layout.widths[column] ?? 0));
    const fitted = resizeAll(layout, widths);
    // A cursor that was in sight stays there.
    const { position } = selection.active;
    const seen = leftShowing(layout, left, this.cellsWidth, position) === left;
    this.#follow = seen ? 'must' : this.#follow;
    const kept = seen ? leftShowing(fitted, left, this.cellsWidth, position) : left;
    state.setState({ unfitted: rows < ROWS_TO_FIT, layout: fitted, left: kept });
    this.#layoutFrame();
    this.#followNative();
  }
}
