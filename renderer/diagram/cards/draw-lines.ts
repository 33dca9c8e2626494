/** Draws the lines between cards: quiet ones in one path, those that are lit above them, each with its ends. */

import { circle, type Path } from '../surfaces/surface.ts';
import type { Line, LineEnd } from './card.ts';
import type { Drawing, Emphasis } from './drawing.ts';
import { type Route, type Scene, stub } from './scene.ts';

/** Below this zoom an end is a dot. */
const endsFrom = 0.3;

export function drawLines(drawing: Drawing, scene: Scene, { lit, litLines, selected }: Emphasis, dimmed: number): void {
  const { surface, palette, zoom } = drawing;
  const quiet: Route[] = [];
  const bright: Route[] = [];
  const isBright = (line: Line): boolean =>
    litLines?.has(line.id) ?? (lit ? [...selected].some((id) => line.from === id || line.to === id) : false);
  for (const line of scene.lines) {
    const route = scene.route(line);
    if (!route || !crosses(drawing, route)) continue;
    (lit && isBright(line) ? bright : quiet).push(route);
  }
  const width = Math.max(1.2, 0.7 / zoom);
  surface.opacity(lit ? dimmed : 1);
  strokeAll(drawing, quiet, palette.lineStrong, width);
  surface.opacity(1);
  if (bright.length > 0) strokeAll(drawing, bright, palette.accent, width * 1.4);
}

function crosses({ sight }: Drawing, { x1, y1, x2, y2, reach }: Route): boolean {
  if (!sight) return true;
  return (
    Math.min(x1, x2) - reach < sight.x + sight.width &&
    Math.max(x1, x2) + reach > sight.x &&
    Math.min(y1, y2) - 6 < sight.y + sight.height &&
    Math.max(y1, y2) + 6 > sight.y
  );
}

function strokeAll({ surface, palette, zoom }: Drawing, routes: readonly Route[], color: string, width: number): void {
  for (const dashed of [false, true]) {
    const some = routes.filter(({ line }) => line.dashed === dashed);
    if (some.length === 0) continue;
    const stroke = { color, width, ...(dashed ? { dash: [6, 4] as const } : {}) };
    surface.path(
      (path) => {
        for (const route of some) curve(path, route);
      },
      { stroke },
    );
  }
  if (zoom < endsFrom || routes.length === 0) return;
  const solid = { color, width: Math.max(1.2, width) };
  surface.path(
    (path) => {
      for (const { line, x1, y1, way1, x2, y2, way2 } of routes) {
        end(path, x1, y1, way1, line.fromEnd);
        end(path, x2, y2, way2, line.toEnd);
      }
    },
    { stroke: solid },
  );
  // Rings hide the line under them.
  surface.path(
    (path) => {
      for (const { line, x1, y1, way1, x2, y2, way2 } of routes) {
        if (line.fromEnd.optional) circle(path, x1 + way1 * ring, y1, 3.5);
        if (line.toEnd.optional) circle(path, x2 + way2 * ring, y2, 3.5);
      }
    },
    { stroke: solid, fill: palette.surface },
  );
}

const ring = 15;
const foot = 11;

function curve(path: Path, { x1, y1, way1, x2, y2, way2, reach }: Route): void {
  path.moveTo(x1, y1);
  path.lineTo(x1 + way1 * stub, y1);
  path.curveTo(x1 + way1 * (stub + reach * 0.6), y1, x2 + way2 * (stub + reach * 0.6), y2, x2 + way2 * stub, y2);
  path.lineTo(x2, y2);
}

function end(path: Path, x: number, y: number, way: 1 | -1, { many, optional }: LineEnd): void {
  if (many) {
    path.moveTo(x, y - 5);
    path.lineTo(x + way * foot, y);
    path.lineTo(x, y + 5);
    return;
  }
  for (const at of optional ? [8] : [6, 10]) {
    path.moveTo(x + way * at, y - 5);
    path.lineTo(x + way * at, y + 5);
  }
}
