/** Paints a scene into the page's canvas once a frame at most, and the small map beside it. */

import { boundsOf } from '../layout/fold.ts';
import { CanvasSurface } from '../surfaces/canvas-surface.ts';
import type { TextWidth } from './card.ts';
import { drawScene } from './draw-scene.ts';
import { type Emphasis, noEmphasis } from './drawing.ts';
import { drawGrip, drawJoining, type Joining } from './join/grip.ts';
import { type Palette, readPalette } from './palette.ts';
import type { Scene } from './scene.ts';
import { CanvasMap } from './sight/canvas-map.ts';
import {
  afterResize,
  between,
  centred,
  type Frame,
  fitting,
  revealing,
  sightOf,
  type View,
  zoomedAt,
} from './sight/view.ts';
import { measuredWidth } from './text-width.ts';

const flightMs = 260;
/** Nothing moves away under the pointer before its second click could come. */
const afterDoubleClickMs = 400;

const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

export class CanvasPainter {
  view: View = { x: 0, y: 0, zoom: 1 };
  emphasis: Emphasis = noEmphasis;
  /** Where a line can be drawn from, under the pointer; and one that is being drawn. */
  grip: { readonly x: number; readonly y: number } | null = null;
  joining: Joining | null = null;
  /** A button of the pointer is held down on the canvas. */
  isPressed = false;
  readonly #canvas: HTMLCanvasElement;
  readonly #map: CanvasMap;
  readonly #context: CanvasRenderingContext2D;
  readonly #family: string;
  readonly #observers: readonly { disconnect(): void }[];
  #scene: Scene;
  #palette: Palette;
  #widthOf: TextWidth;
  #frame = 0;
  #width = 0;
  #height = 0;
  #ratio = 0;
  #fitWhenSized = true;
  /** Where the canvas was. */
  #frameBefore: Frame | null = null;
  #flight: { readonly from: View; readonly to: () => View; readonly began: number } | null = null;
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(canvas: HTMLCanvasElement, map: HTMLCanvasElement, scene: Scene) {
    this.#canvas = canvas;
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('This browser cannot draw.');
    this.#context = context;
    this.#family = getComputedStyle(canvas).fontFamily;
    this.#map = new CanvasMap(map, this.#family);
    this.#scene = scene;
    this.#palette = readPalette();
    this.#widthOf = measuredWidth(context, this.#family);
    const size = new ResizeObserver(() => this.#resize());
    size.observe(canvas);
    const theme = new MutationObserver(() => this.#recolor());
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    this.#observers = [size, theme];
    if (document.fonts.status !== 'loaded')
      void document.fonts.ready.then(() => {
        this.#widthOf = measuredWidth(this.#context, this.#family);
        this.repaint();
      });
  }

  get scene(): Scene {
    return this.#scene;
  }

  get size(): { width: number; height: number } {
    return { width: this.#width, height: this.#height };
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#settling);
    for (const observer of this.#observers) observer.disconnect();
  }

  /** What was in sight before, in place of all. */
  startAt(view: View): void {
    this.view = view;
    this.#fitWhenSized = false;
  }

  /** Another scene in the same view; `fit`: brought into sight as a whole. */
  show(scene: Scene, fit: boolean): void {
    this.#scene = scene;
    if (fit) this.fit(false);
    this.changed();
  }

  /** Something moved: the small map is drawn anew as well. */
  changed(): void {
    this.#map.changed();
    this.repaint();
  }

  repaint(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#flyOn();
      this.#paint();
    });
  }

  look(view: View): void {
    this.#flight = null;
    this.view = view;
    this.repaint();
  }

  zoomBy(factor: number, px = this.#width / 2, py = this.#height / 2): void {
    this.look(zoomedAt(this.view, factor, px, py));
  }

  fit(animated = true): void {
    if (this.#width === 0) {
      this.#fitWhenSized = true;
      return;
    }
    const whole = () => fitting(this.#scene.bounds, this.#width, this.#height);
    if (animated) this.#flyTo(whole);
    else this.look(whole());
  }

  /** Brings a card to the middle, at a size that can be read. */
  flyToCard(id: string): void {
    const card = this.#scene.card(id);
    if (!card) return;
    const zoom = Math.max(this.view.zoom, 0.85);
    this.#flyTo(() => {
      // A card taller than the window: its head is in sight.
      const y = card.y + Math.min(card.height / 2, this.#height / zoom / 2 - 24);
      return centred(card.x + card.width / 2, y, zoom, this.#width, this.#height);
    });
  }

  /** The least move that brings a card, an area or a note into sight. */
  reveal(id: string): void {
    const card = this.#scene.card(id) ?? this.#scene.box(id)?.box;
    if (!card) return;
    this.look(revealing(this.view, card, this.#width, this.#height));
  }

  /** The diagram's point at those coordinates of the window. */
  at(clientX: number, clientY: number): { x: number; y: number } {
    const box = this.#canvas.getBoundingClientRect();
    return {
      x: this.view.x + (clientX - box.left) / this.view.zoom,
      y: this.view.y + (clientY - box.top) / this.view.zoom,
    };
  }

  /** The diagram's point at a place of the small map. */
  atMap(px: number, py: number): { x: number; y: number } {
    return this.#map.at(this.#scene, px, py);
  }

  centre(x: number, y: number): void {
    this.look(centred(x, y, this.view.zoom, this.#width, this.#height));
  }

  get widthOf(): TextWidth {
    return this.#widthOf;
  }

  /** @param to worked out anew for each frame: the canvas may get another size on the way */
  #flyTo(to: () => View): void {
    if (isStill()) {
      this.look(to());
      return;
    }
    this.#flight = { from: this.view, to, began: performance.now() };
    this.repaint();
  }

  #flyOn(): void {
    if (!this.#flight) return;
    const { from, to, began } = this.#flight;
    const share = Math.min(1, (performance.now() - began) / flightMs);
    this.view = share === 1 ? to() : between(from, to(), share, this.#width, this.#height);
    if (share === 1) this.#flight = null;
    else this.repaint();
  }

  #recolor(): void {
    this.#palette = readPalette();
    this.changed();
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    if (clientWidth === 0) return;
    const ratio = devicePixelRatio;
    if (clientWidth === this.#width && clientHeight === this.#height && ratio === this.#ratio) return;
    this.#ratio = ratio;
    this.#width = clientWidth;
    this.#height = clientHeight;
    const { left, top } = this.#canvas.getBoundingClientRect();
    const frame = { left, top, width: clientWidth, height: clientHeight };
    if (this.#frameBefore && !this.#flight) this.#resettle(this.#frameBefore, frame);
    this.#frameBefore = frame;
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    if (this.#fitWhenSized) {
      this.#fitWhenSized = false;
      this.fit(false);
    }
    // In the same frame: an empty canvas would flash. What was asked for meanwhile is done with that.
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#paint();
    if (this.#flight) this.repaint();
  }

  #paint(): void {
    if (this.#width === 0) return;
    const context = this.#context;
    const { x, y, zoom } = this.view;
    const ratio = devicePixelRatio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = this.#palette.surface;
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.setTransform(ratio * zoom, 0, 0, ratio * zoom, -x * zoom * ratio, -y * zoom * ratio);
    const surface = new CanvasSurface(context, this.#family);
    const sight = sightOf(this.view, this.#width, this.#height);
    const drawing = { surface, palette: this.#palette, widthOf: this.#widthOf, zoom, sight };
    drawScene(drawing, this.#scene, this.emphasis);
    if (this.joining) drawJoining(drawing, this.#scene, this.joining);
    if (this.grip) drawGrip(drawing, this.grip);
    this.#map.paint(this.#scene, { view: this.view, width: this.#width, height: this.#height }, this.#palette);
  }

  /** Something beside the canvas opened or closed. */
  #resettle(before: Frame, now: Frame): void {
    const { selected, held } = this.emphasis;
    const isBusy = selected.size > 0 || held !== null || this.isPressed;
    this.view = afterResize(this.view, before, now, this.#scene.bounds, isBusy);
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#revealUsed(), afterDoubleClickMs);
  }

  /** What is selected comes into sight again where it was covered. */
  #revealUsed(): void {
    const { selected, held } = this.emphasis;
    const used = held === null ? [...selected] : [held];
    const boxes = used.flatMap((id) => this.#scene.card(id) ?? this.#scene.box(id)?.box ?? []);
    if (boxes.length === 0 || this.isPressed) return;
    const box = boundsOf(boxes);
    const { zoom } = this.view;
    // Of several that are far from each other none is to be preferred, and one that fills the window is seen anyway.
    if (box.width * zoom > this.#width || box.height * zoom > this.#height) return;
    const there = revealing(this.view, box, this.#width, this.#height);
    if (there.x !== this.view.x || there.y !== this.view.y) this.#flyTo(() => there);
  }
}
