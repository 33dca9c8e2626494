/** Which part of a diagram is in sight, and how large: pure arithmetic. */
export interface View {
  /** The diagram's point at the upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}
/** What was in sight, and of which `fitKey`: of a canvas that is gone. */
export interface KeptView {
  current: { readonly view: View; readonly fitKey: string } | null;
}
interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const leastZoom = 0.02;
export const mostZoom = 2;
const bounded = (zoom: number): number => Math.min(mostZoom, Math.max(leastZoom, zoom));

/** All of it in sight, not larger than life. */
export function fitting(bounds: Area, width: number, height: number, margin = 32): View {
  if (bounds.width === 0 || width === 0 || height === 0) return { x: -margin, y: -margin, zoom: 1 };
  const zoom = bounded(Math.min(1, (width - 2 * margin) / bounds.width, (height - 2 * margin) / bounds.height));
  return centred(bounds.x + bounds.width / 2, bounds.y + bounds.height / 2, zoom, width, height);
}

export function centred(x: number, y: number, zoom: number, width: number, height: number): View {
  return { x: x - width / 2 / zoom, y: y - height / 2 / zoom, zoom };
}

/** Zoomed by a factor, with the point at those screen coordinates staying where it is. */
export function zoomedAt(view: View, factor: number, px: number, py: number): View {
  const zoom = bounded(view.zoom * factor);
  return { x: view.x + px / view.zoom - px / zoom, y: view.y + py / view.zoom - py / zoom, zoom };
}

export const sightOf = ({ x, y, zoom }: View, width: number, height: number): Area => ({
  x,
  y,
  width: width / zoom,
  height: height / zoom,
});

/** Where the canvas is in the window. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * What is in sight once the canvas has another place or size, because something opened or closed beside it. What lies
 * under the pointer stays where it is while a card is being used (`busy`). Otherwise what was in sight as a whole is so
 * again, and of what was not the middle stays in the middle.
 */
export function afterResize(view: View, before: Frame, now: Frame, bounds: Area, busy: boolean): View {
  const { zoom } = view;
  const still: View = { x: view.x + (now.left - before.left) / zoom, y: view.y + (now.top - before.top) / zoom, zoom };
  if (busy) return still;
  const whole = fitting(bounds, now.width, now.height);
  if (isSame(view, fitting(bounds, before.width, before.height))) return whole;
  if (now.width >= before.width && now.height >= before.height) return still;
  const [x, y] = [view.x + before.width / 2 / zoom, view.y + before.height / 2 / zoom];
  const kept = centred(x, y, zoom, now.width, now.height);
  const wasWhole = sees(sightOf(view, before.width, before.height), bounds);
  return wasWhole && !sees(sightOf(kept, now.width, now.height), bounds) ? whole : kept;
}

const isSame = (a: View, b: View): boolean =>
  Math.abs(a.x - b.x) + Math.abs(a.y - b.y) < 1 / b.zoom && Math.abs(a.zoom / b.zoom - 1) < 0.001;

export const sees = (sight: Area, { x, y, width, height }: Area): boolean =>
  sight.x <= x && sight.y <= y && sight.x + sight.width >= x + width && sight.y + sight.height >= y + height;

/** The least move that brings something into sight; what is larger than the window is seen from its upper left. */
export function revealing(view: View, box: Area, width: number, height: number): View {
  const { x, y, zoom } = view;
  const margin = 24 / zoom;
  const along = (from: number, size: number, low: number, length: number) =>
    low - margin < from
      ? low - margin
      : low + length + margin > from + size
        ? Math.min(low - margin, low + length + margin - size)
        : from;
  return { x: along(x, width / zoom, box.x, box.width), y: along(y, height / zoom, box.y, box.height), zoom };
}

/** On the way from one to the other, eased; in between it draws back a little where the way is long. */
export function between(from: View, to: View, share: number, width: number, height: number): View {
  const eased = share < 0.5 ? 2 * share * share : 1 - (2 - 2 * share) ** 2 / 2;
  const middle = ({ x, y, zoom }: View) => [x + width / 2 / zoom, y + height / 2 / zoom] as const;
  const [[ax, ay], [bx, by]] = [middle(from), middle(to)];
  const zoom = from.zoom * (to.zoom / from.zoom) ** eased;
  return centred(ax + (bx - ax) * eased, ay + (by - ay) * eased, zoom, width, height);
}
