/** Which part of a diagram is in sight, and how large: pure arithmetic. */
export interface View {
  /** The diagram's point at the upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
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

/** On the way from one to the other, eased; in between it draws back a little where the way is long. */
export function between(from: View, to: View, share: number, width: number, height: number): View {
  const eased = share < 0.5 ? 2 * share * share : 1 - (2 - 2 * share) ** 2 / 2;
  const middle = ({ x, y, zoom }: View) => [x + width / 2 / zoom, y + height / 2 / zoom] as const;
  const [[ax, ay], [bx, by]] = [middle(from), middle(to)];
  const zoom = from.zoom * (to.zoom / from.zoom) ** eased;
  return centred(ax + (bx - ax) * eased, ay + (by - ay) * eased, zoom, width, height);
}
