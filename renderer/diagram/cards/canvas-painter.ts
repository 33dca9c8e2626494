/** Paints a scene into the page's canvas once a frame at most, and the small map beside it. */

import { CanvasSurface } from '../surfaces/canvas-surface.ts';
import type { TextWidth } from './card.ts';
import { drawScene } from './draw-scene.ts';
import { type Emphasis, noEmphasis } from './drawing.ts';
import { type Palette, readPalette } from './palette.ts';
import type { Scene } from './scene.ts';
import { measuredWidth } from './text-width.ts';
import { between, centred, fitting, sightOf, type View, zoomedAt } from './view.ts';

export const mapWidth = 168;
export const mapHeight = 112;
const flightMs = 260;

const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

export class CanvasPainter {
  view: View = { x: 0, y: 0, zoom: 1 };
  emphasis: Emphasis = noEmphasis;
  /** Called after each frame that was painted. */
  onPainted: () => void = () => undefined;
  readonly #canvas: HTMLCanvasElement;
  readonly #map: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #family: string;
  readonly #observers: readonly { disconnect(): void }[];
  #scene: Scene;
  #palette: Palette;
  #widthOf: TextWidth;
  #mapDrawn: ImageBitmap | HTMLCanvasElement | null = null;
  #frame = 0;
  #width = 0;
  #height = 0;
  #ratio = 0;
  #fitWhenSized = true;

  constructor(canvas: HTMLCanvasElement, map: HTMLCanvasElement, scene: Scene) {
    this.#canvas = canvas;
    this.#map = map;
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('This browser cannot draw.');
    this.#context = context;
    this.#family = getComputedStyle(canvas).fontFamily;
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
    for (const observer of this.#observers) observer.disconnect();
  }

  /** Another scene in the same view; `fit`: brought into sight as a whole. */
  show(scene: Scene, fit: boolean): void {
    this.#scene = scene;
    if (fit) this.fit(false);
    this.changed();
  }

  /** Something moved: the small map is drawn anew as well. */
  changed(): void {
    this.#mapDrawn = null;
    this.repaint();
  }

  repaint(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  look(view: View): void {
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
    const view = fitting(this.#scene.bounds, this.#width, this.#height);
    if (animated) this.#flyTo(view);
    else this.look(view);
  }

  /** Brings a card to the middle, at a size that can be read. */
  flyToCard(id: string): void {
    const card = this.#scene.card(id);
    if (!card) return;
    const zoom = Math.max(this.view.zoom, 0.85);
    // A card taller than the window: its head is in sight.
    const y = card.y + Math.min(card.height / 2, this.#height / zoom / 2 - 24);
    this.#flyTo(centred(card.x + card.width / 2, y, zoom, this.#width, this.#height));
  }

  /** The least move that brings a card, an area or a note into sight. */
  reveal(id: string): void {
    const card = this.#scene.card(id) ?? this.#scene.box(id)?.box;
    if (!card) return;
    const { x, y, zoom } = this.view;
    const margin = 24 / zoom;
    const [width, height] = [this.#width / zoom, this.#height / zoom];
    const along = (from: number, size: number, low: number, length: number) =>
      low - margin < from
        ? low - margin
        : low + length + margin > from + size
          ? Math.min(low - margin, low + length + margin - size)
          : from;
    this.look({ x: along(x, width, card.x, card.width), y: along(y, height, card.y, card.height), zoom });
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
    const { x, y, scale } = this.#mapScale();
    return { x: x + px / scale, y: y + py / scale };
  }

  centre(x: number, y: number): void {
    this.look(centred(x, y, this.view.zoom, this.#width, this.#height));
  }

  get widthOf(): TextWidth {
    return this.#widthOf;
  }

  #flyTo(to: View): void {
    const from = this.view;
    const began = performance.now();
    if (isStill()) {
      this.look(to);
      return;
    }
    const step = () => {
      const share = Math.min(1, (performance.now() - began) / flightMs);
      this.view = share === 1 ? to : between(from, to, share, this.#width, this.#height);
      this.#paint();
      if (share < 1) this.#frame = requestAnimationFrame(step);
      else this.#frame = 0;
    };
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(step);
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
    drawScene({ surface, palette: this.#palette, widthOf: this.#widthOf, zoom, sight }, this.#scene, this.emphasis);
    this.#paintMap();
    this.onPainted();
  }

  #mapScale(): { x: number; y: number; scale: number } {
    const bounds = this.#scene.bounds;
    const scale = Math.min((mapWidth - 8) / Math.max(1, bounds.width), (mapHeight - 8) / Math.max(1, bounds.height));
    return {
      x: bounds.x - (mapWidth / scale - bounds.width) / 2,
      y: bounds.y - (mapHeight / scale - bounds.height) / 2,
      scale,
    };
  }

  #paintMap(): void {
    const ratio = devicePixelRatio;
    const map = this.#map;
    if (map.width !== mapWidth * ratio) {
      map.width = mapWidth * ratio;
      map.height = mapHeight * ratio;
    }
    const context = map.getContext('2d');
    if (!context) return;
    this.#mapDrawn ??= this.#drawMap(ratio);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, map.width, map.height);
    context.drawImage(this.#mapDrawn, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { x, y, scale } = this.#mapScale();
    const sight = sightOf(this.view, this.#width, this.#height);
    // Where everything is in sight a map would only cover some of it.
    const bounds = this.#scene.bounds;
    const isAll =
      sight.x <= bounds.x &&
      sight.y <= bounds.y &&
      sight.x + sight.width >= bounds.x + bounds.width &&
      sight.y + sight.height >= bounds.y + bounds.height;
    map.style.visibility = isAll ? 'hidden' : 'visible';
    context.strokeStyle = this.#palette.accent;
    context.lineWidth = 1.5;
    context.strokeRect((sight.x - x) * scale, (sight.y - y) * scale, sight.width * scale, sight.height * scale);
  }

  #drawMap(ratio: number): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    canvas.width = mapWidth * ratio;
    canvas.height = mapHeight * ratio;
    const context = canvas.getContext('2d');
    if (!context) return canvas;
    const { x, y, scale } = this.#mapScale();
    context.setTransform(ratio * scale, 0, 0, ratio * scale, -x * scale * ratio, -y * scale * ratio);
    const surface = new CanvasSurface(context, this.#family);
    for (const area of this.#scene.areas) surface.rect(area, { fill: this.#palette.sunken });
    for (const { card, ...box } of this.#scene.cards)
      surface.rect(box, { fill: card.color ? this.#palette.tags[card.color] : this.#palette.lineStrong });
    return canvas;
  }
}
