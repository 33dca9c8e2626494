/** Which columns are shown, in which order and how wide. Immutable; a *position* is a place among the shown columns. */
export const MIN_WIDTH = 48;
export const MAX_WIDTH = 2_000;
/** A first width never exceeds this: one long text must not push the rest out of sight. */
export const MAX_FITTED = 420;

export interface ColumnLayout {
  /** Every column, in display order. */
  readonly order: readonly number[];
  readonly hidden: ReadonlySet<number>;
  /** Px by column number. */
  readonly widths: readonly number[];
  /** The shown columns: column number by position. */
  readonly visible: readonly number[];
  /** Px of each position's left edge; one more than positions, the last being the whole width. */
  readonly lefts: Float64Array;
}

function derive(order: readonly number[], hidden: ReadonlySet<number>, widths: readonly number[]): ColumnLayout {
  const visible = order.filter((column) => !hidden.has(column));
  const lefts = new Float64Array(visible.length + 1);
  for (const [position, column] of visible.entries()) {
    lefts[position + 1] = (lefts[position] ?? 0) + (widths[column] ?? MIN_WIDTH);
  }
  return { order, hidden, widths, visible, lefts };
}

const bounded = (width: number) => Math.round(Math.max(MIN_WIDTH, Math.min(width, MAX_WIDTH)));

export const createLayout = (widths: readonly number[]): ColumnLayout =>
  derive([...widths.keys()], new Set(), widths.map(bounded));

export const totalWidth = (layout: ColumnLayout): number => layout.lefts[layout.visible.length] ?? 0;
export const leftOf = (layout: ColumnLayout, position: number): number => layout.lefts[position] ?? totalWidth(layout);
export const widthAt = (layout: ColumnLayout, position: number): number =>
  leftOf(layout, position + 1) - leftOf(layout, position);

export function resizeColumn(layout: ColumnLayout, column: number, width: number): ColumnLayout {
  return derive(layout.order, layout.hidden, layout.widths.with(column, bounded(width)));
}

export const resizeAll = (layout: ColumnLayout, widths: readonly number[]): ColumnLayout =>
  derive(layout.order, layout.hidden, widths.map(bounded));

/** Moves the shown column at `from` so that it stands at `to` among the shown ones. */
export function moveColumn(layout: ColumnLayout, from: number, to: number): ColumnLayout {
  const column = layout.visible[from];
  const neighbour = layout.visible[Math.max(0, Math.min(to, layout.visible.length - 1))];
  if (column === undefined || neighbour === undefined || column === neighbour) return layout;
  const rest = layout.order.filter((other) => other !== column);
  const at = rest.indexOf(neighbour) + (to > from ? 1 : 0);
  return derive(rest.toSpliced(at, 0, column), layout.hidden, layout.widths);
}

/** Hides a column; the last one in sight stays. */
export function hideColumn(layout: ColumnLayout, column: number): ColumnLayout {
  if (layout.visible.length <= 1) return layout;
  return derive(layout.order, new Set(layout.hidden).add(column), layout.widths);
}

export function showColumn(layout: ColumnLayout, column: number): ColumnLayout {
  const hidden = new Set(layout.hidden);
  hidden.delete(column);
  return derive(layout.order, hidden, layout.widths);
}

export const showAllColumns = (layout: ColumnLayout): ColumnLayout => derive(layout.order, new Set(), layout.widths);

/** The position under `x` px of the columns' own width; the nearest one outside it, -1 with no columns. */
export function positionAt(layout: ColumnLayout, x: number): number {
  let low = 0;
  let high = layout.visible.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (leftOf(layout, middle) <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Positions [first, end) that touch the px range [left, left + width). */
export function positionsInSight(layout: ColumnLayout, left: number, width: number): { first: number; end: number } {
  if (layout.visible.length === 0 || width <= 0) return { first: 0, end: 0 };
  return { first: positionAt(layout, left), end: positionAt(layout, left + width - 1) + 1 };
}

/** The nearest scroll position that shows the column at `position`, its left edge first. */
export function leftShowing(layout: ColumnLayout, left: number, viewportWidth: number, position: number): number {
  const start = leftOf(layout, position);
  const end = leftOf(layout, position + 1);
  if (start < left || end - start > viewportWidth) return start;
  return end > left + viewportWidth ? end - viewportWidth : left;
}
