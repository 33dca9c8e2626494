/**
 * A layered layout of one module is brought to a shape that can be packed: a long chain is wrapped like a text, a layer
 * of many is split. The order within layers and of the layers, which is what keeps lines short, stays.
 */
export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Placed extends Size {
  x: number;
  y: number;
}

/** Between columns there is room for lines and their ends; between boxes of one column less. */
export const gapX = 72;
export const gapY = 28;

/** Wider or taller than this, a module is folded. */
const widest = 2;
const tallest = 1.6;

export function boundsOf(boxes: Iterable<Placed>): Placed {
  let [left, top, right, bottom] = [
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return left > right
    ? { x: 0, y: 0, width: 0, height: 0 }
    : { x: left, y: top, width: right - left, height: bottom - top };
}

/** Moves the boxes of a module, where its shape asks for it; their upper left corner comes to 0, 0. */
export function folded(boxes: readonly Placed[]): void {
  const bounds = boundsOf(boxes);
  for (const box of boxes) {
    box.x -= bounds.x;
    box.y -= bounds.y;
  }
  if (bounds.width <= bounds.height * widest && bounds.height <= bounds.width * tallest) return;
  const area = boxes.reduce((sum, { width, height }) => sum + (width + gapX) * (height + gapY), 0);
  const side = Math.sqrt(area);
  wrap(
    columnsOf(boxes).flatMap((column) => split(column, side)),
    side * 1.25,
  );
}

/** Boxes that stand over each other, from left to right, each column from the top. */
function columnsOf(boxes: readonly Placed[]): Placed[][] {
  const columns: Placed[][] = [];
  let right = Number.NEGATIVE_INFINITY;
  for (const box of [...boxes].sort((a, b) => a.x - b.x)) {
    if (box.x >= right) columns.push([]);
    columns.at(-1)?.push(box);
    right = Math.max(right, box.x + box.width);
  }
  for (const column of columns) column.sort((a, b) => a.y - b.y);
  return columns;
}

function split(column: readonly Placed[], most: number): Placed[][] {
  const parts: Placed[][] = [[]];
  let height = 0;
  for (const box of column) {
    if (height > 0 && height + box.height > most) {
      parts.push([]);
      height = 0;
    }
    parts.at(-1)?.push(box);
    height += box.height + gapY;
  }
  return parts;
}

/** Columns side by side, in rows of at most that width. */
function wrap(columns: readonly (readonly Placed[])[], most: number): void {
  let x = 0;
  let top = 0;
  let rowHeight = 0;
  for (const column of columns) {
    const width = Math.max(...column.map((box) => box.width));
    if (x > 0 && x + width > most) {
      x = 0;
      top += rowHeight;
      rowHeight = 0;
    }
    let y = top;
    for (const box of column) {
      box.x = x;
      box.y = y;
      y += box.height + gapY;
    }
    x += width + gapX;
    rowHeight = Math.max(rowHeight, y - top + gapY);
  }
}
