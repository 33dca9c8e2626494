/**
 * Scrolling further than a browser can. Chromium lays out at most 2^25 px and Firefox less, so the native scroll range
 * is capped and the true position (`top`, px, a double: exact to far below a pixel at 2^31 rows) is kept apart from it.
 * A short native movement (wheel, touch) moves by as many px; a long one (dragging the bar) goes by proportion.
 */
export const MAX_NATIVE_PX = 8_000_000;

export interface ScrollGeometry {
  readonly rowCount: number;
  readonly rowHeight: number;
  readonly viewportHeight: number;
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(value, most));

/** Height of the element that makes the native scroll bar. */
export const nativeHeight = (g: ScrollGeometry): number => Math.min(g.rowCount * g.rowHeight, MAX_NATIVE_PX);

/** True where native and true positions differ. */
export const isScaled = (g: ScrollGeometry): boolean => g.rowCount * g.rowHeight > MAX_NATIVE_PX;

/** The furthest `top`, in px. */
export const maxTop = (g: ScrollGeometry): number => Math.max(0, g.rowCount * g.rowHeight - g.viewportHeight);

const maxNative = (g: ScrollGeometry) => Math.max(0, nativeHeight(g) - g.viewportHeight);

export const clampTop = (g: ScrollGeometry, top: number): number => clamp(top, 0, maxTop(g));

/** Where the native scroll bar stands for `top`. */
export function toNative(g: ScrollGeometry, top: number): number {
  const most = maxTop(g);
  return isScaled(g) ? (clamp(top, 0, most) / most) * maxNative(g) : clamp(top, 0, most);
}

/** The `top` after the native bar moved from `before` to `now`, both in native px. */
export function afterNativeScroll(g: ScrollGeometry, top: number, before: number, now: number): number {
  if (!isScaled(g)) return clampTop(g, now);
  if (now <= 0) return 0;
  // Native positions are rounded to device pixels, so the end is reached within one.
  if (now >= maxNative(g) - 1) return maxTop(g);
  const moved = now - before;
  if (Math.abs(moved) <= g.viewportHeight) return clampTop(g, top + moved);
  return clampTop(g, (now / maxNative(g)) * maxTop(g));
}

/** Row at `y` px below the viewport's upper edge; may be rowCount or more, or below 0, outside the rows. */
export const rowAt = (g: ScrollGeometry, top: number, y: number): number => Math.floor((top + y) / g.rowHeight);

export interface RowWindow {
  readonly first: number;
  /** One past the last row that can be seen, even in part. */
  readonly end: number;
}
export function rowsInSight(g: ScrollGeometry, top: number): RowWindow {
  const first = clamp(Math.floor(top / g.rowHeight), 0, g.rowCount);
  return { first, end: clamp(Math.ceil((top + g.viewportHeight) / g.rowHeight), first, g.rowCount) };
}

/** How many rows fit whole: the step of a page key, at least 1. */
export const pageRows = (g: ScrollGeometry): number => Math.max(1, Math.floor(g.viewportHeight / g.rowHeight));

/** The nearest `top` that shows `row` whole. `middle` puts it in the middle unless it is in sight already. */
export function topShowing(g: ScrollGeometry, top: number, row: number, place: 'nearest' | 'middle'): number {
  const upper = row * g.rowHeight;
  const lower = upper + g.rowHeight;
  if (upper >= top && lower <= top + g.viewportHeight) return top;
  if (place === 'middle') return clampTop(g, upper - (g.viewportHeight - g.rowHeight) / 2);
  return clampTop(g, upper < top ? upper : lower - g.viewportHeight);
}
