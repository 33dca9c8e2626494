/** The small map beside a canvas: everything as blocks, and a frame around what is in sight. */

import { CanvasSurface } from '../../surfaces/canvas-surface.ts';
import type { Palette } from '../palette.ts';
import type { Scene } from '../scene.ts';
import { sees, sightOf, type View } from './view.ts';

export const mapWidth = 168;
export const mapHeight = 112;

interface Look {
  readonly view: View;
  readonly width: number;
  readonly height: number;
}

export class CanvasMap {
  readonly #map: HTMLCanvasElement;
  readonly #family: string;
  /** The blocks, drawn once for many frames. */
  #drawn: HTMLCanvasElement | null = null;

  constructor(map: HTMLCanvasElement, family: string) {
    this.#map = map;
    this.#family = family;
  }

  /** Something moved, or has another colour. */
  changed(): void {
    this.#drawn = null;
  }

  /** The diagram's point at a place of the map. */
  at(scene: Scene, px: number, py: number): { x: number; y: number } {
    const { x, y, scale } = scaleOf(scene);
    return { x: x + px / scale, y: y + py / scale };
  }

  paint(scene: Scene, { view, width, height }: Look, palette: Palette): void {
    const ratio = devicePixelRatio;
    const map = this.#map;
    if (map.width !== mapWidth * ratio) {
      map.width = mapWidth * ratio;
      map.height = mapHeight * ratio;
    }
    const context = map.getContext('2d');
    if (!context) return;
    this.#drawn ??= this.#draw(scene, palette, ratio);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, map.width, map.height);
    context.drawImage(this.#drawn, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { x, y, scale } = scaleOf(scene);
    const sight = sightOf(view, width, height);
    // Where everything is in sight a map would only cover some of it.
    map.style.visibility = sees(sight, scene.bounds) ? 'hidden' : 'visible';
    context.strokeStyle = palette.accent;
    context.lineWidth = 1.5;
    context.strokeRect((sight.x - x) * scale, (sight.y - y) * scale, sight.width * scale, sight.height * scale);
  }

  #draw(scene: Scene, palette: Palette, ratio: number): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    canvas.width = mapWidth * ratio;
    canvas.height = mapHeight * ratio;
    const context = canvas.getContext('2d');
    if (!context) return canvas;
    const { x, y, scale } = scaleOf(scene);
    context.setTransform(ratio * scale, 0, 0, ratio * scale, -x * scale * ratio, -y * scale * ratio);
    const surface = new CanvasSurface(context, this.#family);
    for (const area of scene.areas) surface.rect(area, { fill: palette.sunken });
    for (const { card, ...box } of scene.cards)
      surface.rect(box, { fill: card.color ? palette.tags[card.color] : palette.lineStrong });
    return canvas;
  }
}

function scaleOf({ bounds }: Scene): { x: number; y: number; scale: number } {
  const scale = Math.min((mapWidth - 8) / Math.max(1, bounds.width), (mapHeight - 8) / Math.max(1, bounds.height));
  return {
    x: bounds.x - (mapWidth / scale - bounds.width) / 2,
    y: bounds.y - (mapHeight / scale - bounds.height) / 2,
    scale,
  };
}
