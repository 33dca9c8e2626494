/** The grip at the right edge of a row: from there a line is drawn to another card by pointer. */
import { headHeight, rowHeight, rowMiddle } from '../card.ts';
import type { Drawing } from '../drawing.ts';
import type { PlacedCard, Scene } from '../scene.ts';

/** A row of a card; -1: its head. */
export interface CardRowAt {
  readonly id: string;
  readonly row: number;
}
interface Point {
  readonly x: number;
  readonly y: number;
}
/** A line that is being drawn, and the card it would end at. */
export interface Joining {
  readonly from: Point;
  readonly to: Point;
  readonly over: string | null;
}

/** Pixels of the screen around a grip in which it is taken. */
const reachPx = 9;
/** Below this zoom rows cannot be told apart. */
const gripsFrom = 0.42;

export function rowAt({ card, y: top }: PlacedCard, y: number): number {
  const row = Math.floor((y - top - headHeight - 2) / rowHeight);
  return row < 0 || row >= card.rows.length ? -1 : row;
}

const gripPoint = (placed: PlacedCard, row: number): Point => ({
  x: placed.x + placed.width,
  y: placed.y + rowMiddle(row),
});

/** The grip of the row at a point or just left of it, and whether the point is on it. */
export function gripAt(
  scene: Scene,
  { x, y }: Point,
  zoom: number,
): { readonly at: CardRowAt; readonly point: Point; readonly taken: boolean } | null {
  const reach = reachPx / zoom;
  const placed = zoom < gripsFrom ? null : (scene.cardAt(x, y) ?? scene.cardAt(x - reach, y));
  if (!placed) return null;
  const row = rowAt(placed, y);
  const point = gripPoint(placed, row);
  const taken = Math.abs(x - point.x) <= reach && Math.abs(y - point.y) <= reach;
  return { at: { id: placed.card.id, row }, point, taken };
}

export function drawGrip({ surface, palette, zoom }: Drawing, { x, y }: Point): void {
  const size = 9 / zoom;
  surface.rect(
    { x: x - size / 2, y: y - size / 2, width: size, height: size },
    { fill: palette.raised, stroke: { color: palette.accent, width: 1.6 / zoom }, radius: size / 2 },
  );
}

export function drawJoining({ surface, palette, zoom }: Drawing, scene: Scene, { from, to, over }: Joining): void {
  const target = over === null ? undefined : scene.card(over);
  if (target) surface.rect(target, { stroke: { color: palette.accent, width: 2 / zoom }, radius: 5 });
  surface.path(
    (path) => {
      path.moveTo(from.x, from.y);
      path.lineTo(to.x, to.y);
    },
    { stroke: { color: palette.accent, width: 1.6 / zoom, dash: [6 / zoom, 4 / zoom] } },
  );
}
