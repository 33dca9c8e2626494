/** Packs modules into one sheet: no two overlap, the sheet is about as wide as a screen, what is related lies near. */
import { boundsOf, gapX, gapY, type Placed, type Size } from './fold.ts';

/** Width by height that is aimed at, and what is tried for it. */
export const wantedAspect = 1.45;
const widthsTried = [0.85, 0.95, 1.05, 1.15, 1.3, 1.5, 1.8];
/** How much nearness counts against height. */
const nearness = 0.4;
const gap = 64;

export interface Block extends Size {
  /** Weights of the ties to other blocks, by their number. */
  readonly ties: ReadonlyMap<number, number>;
}

/** @param rest awaited now and then @returns the upper left corner of each block, in their order */
export async function packed(blocks: readonly Block[], rest: () => Promise<void>): Promise<Placed[]> {
  const area = blocks.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  const least = Math.max(0, ...blocks.map(({ width }) => width + gap));
  const order = inOrderOfTies(blocks);
  let best: { places: Placed[]; cost: number } | null = null;
  for (const factor of widthsTried) {
    const width = Math.max(least, Math.sqrt(area * wantedAspect) * factor);
    const places = onShelf(blocks, order, width);
    const sheet = boundsOf(places);
    const off = Math.abs(Math.log(sheet.width / sheet.height / wantedAspect));
    const cost = (sheet.width * sheet.height) / area + 0.8 * off;
    if (!best || cost < best.cost) best = { places, cost };
    await rest();
  }
  return best?.places ?? [];
}

/** The largest first, then always what is tied most to those before; large ones among the untied. */
function inOrderOfTies(blocks: readonly Block[]): number[] {
  const left = new Set(blocks.keys());
  const pull = blocks.map(() => 0);
  const sizes = blocks.map(({ width, height }) => width * height);
  const order: number[] = [];
  while (left.size > 0) {
    let next = -1;
    for (const at of left)
      if (
        next < 0 ||
        (pull[at] ?? 0) > (pull[next] ?? 0) ||
        (pull[at] === pull[next] && (sizes[at] ?? 0) > (sizes[next] ?? 0))
      )
        next = at;
    left.delete(next);
    order.push(next);
    for (const [other, weight] of blocks[next]?.ties ?? []) pull[other] = (pull[other] ?? 0) + weight;
  }
  return order;
}

interface Step {
  x: number;
  y: number;
  width: number;
}

/** Along a skyline: each block goes where it rises least and stands nearest to what it is tied to. */
function onShelf(blocks: readonly Block[], order: readonly number[], sheetWidth: number): Placed[] {
  const places: Placed[] = [];
  let skyline: Step[] = [{ x: 0, y: 0, width: sheetWidth }];
  for (const number of order) {
    const { width, height, ties } = blocks[number] as Block;
    const full = width + gap;
    const related = [...ties].flatMap(([other, weight]) => (places[other] ? [{ place: places[other], weight }] : []));
    let best: { x: number; y: number; cost: number } | null = null;
    for (const step of skyline) {
      const x = Math.min(step.x, sheetWidth - full);
      const y = heightOver(skyline, x, full);
      const cost = y + height + nearness * distance(x + width / 2, y + height / 2, related);
      if (!best || cost < best.cost) best = { x, y, cost };
    }
    const { x, y } = best ?? { x: 0, y: 0 };
    places[number] = { x, y, width, height };
    skyline = raised(skyline, x, full, y + height + gap);
  }
  return places;
}

function heightOver(skyline: readonly Step[], x: number, width: number): number {
  let y = 0;
  for (const step of skyline) if (step.x < x + width && step.x + step.width > x) y = Math.max(y, step.y);
  return y;
}

function raised(skyline: readonly Step[], x: number, width: number, y: number): Step[] {
  const right = x + width;
  const steps: Step[] = [];
  for (const step of skyline) {
    const end = step.x + step.width;
    if (end <= x || step.x >= right) steps.push(step);
    else {
      if (step.x < x) steps.push({ x: step.x, y: step.y, width: x - step.x });
      if (end > right) steps.push({ x: right, y: step.y, width: end - right });
    }
  }
  steps.push({ x, y, width });
  return steps.sort((a, b) => a.x - b.x);
}

function distance(x: number, y: number, related: readonly { place: Placed; weight: number }[]): number {
  let sum = 0;
  let weights = 0;
  for (const { place, weight } of related) {
    sum += weight * Math.hypot(x - place.x - place.width / 2, y - place.y - place.height / 2);
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}

/**
 * Boxes that belong to nothing: columns of one width, each box in the shortest, the tallest first; below what there is
 * already, or beside it where the sheet would become too tall.
 */
export function inGrid(boxes: readonly Placed[], sheet: Size): void {
  if (boxes.length === 0) return;
  const cell = Math.max(...boxes.map((box) => box.width)) + gapX / 2;
  const sorted = boxes.toSorted((a, b) => b.height - a.height);
  const isAlone = sheet.width === 0;
  let best: { count: number; beside: boolean; cost: number } | null = null;
  for (const count of countsTried(boxes.length)) {
    const grid = { width: count * cell - gapX / 2, height: Math.max(...stacked(sorted, count).bottoms) - gapY };
    for (const beside of isAlone ? [false] : [false, true]) {
      const width = beside ? sheet.width + gapX + grid.width : Math.max(sheet.width, grid.width);
      const height = beside ? Math.max(sheet.height, grid.height) : sheet.height + (isAlone ? 0 : gapX) + grid.height;
      const cost = Math.abs(Math.log(width / height / wantedAspect)) + (beside ? besideCost : 0);
      if (!best || cost < best.cost) best = { count, beside, cost };
    }
  }
  const { count, beside } = best ?? { count: 1, beside: false };
  const [left, top] = isAlone ? [0, 0] : beside ? [sheet.width + gapX, 0] : [0, sheet.height + gapX];
  const { places } = stacked(sorted, count);
  for (const [at, box] of sorted.entries()) {
    box.x = left + (places[at]?.column ?? 0) * cell;
    box.y = top + (places[at]?.y ?? 0);
  }
}

/** Below is where one looks for what is left over. */
const besideCost = 0.5;
const mostCounts = 40;

/** All numbers of columns where these are few, else ever larger steps. */
function countsTried(most: number): number[] {
  const counts = new Set<number>();
  for (let count = 1; count <= most && counts.size < mostCounts; count += Math.max(1, Math.floor(count / 8)))
    counts.add(count);
  return [...counts];
}

function stacked(
  boxes: readonly Placed[],
  count: number,
): { places: { column: number; y: number }[]; bottoms: number[] } {
  const bottoms = Array.from({ length: count }, () => 0);
  const places = boxes.map(({ height }) => {
    let column = 0;
    for (const [other, bottom] of bottoms.entries()) if (bottom < (bottoms[column] ?? 0)) column = other;
    const y = bottoms[column] ?? 0;
    bottoms[column] = y + height + gapY;
    return { column, y };
  });
  return { places, bottoms };
}
