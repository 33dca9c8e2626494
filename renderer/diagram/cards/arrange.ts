/** Gives every card a place: the one it had, or one that is worked out. */

import { layoutInWorkers } from '../layout/elk-layout.ts';
import { boundsOf, gapX, gapY } from '../layout/fold.ts';
import type { LayoutProgress } from '../layout/layout-graph.ts';
import type { Line } from './card.ts';
import type { PlacedCard } from './scene.ts';

/**
 * Cards without a position get one; where most have none, all are laid out anew.
 * @returns whether all were
 */
export async function arrange(
  cards: readonly PlacedCard[],
  lines: readonly Line[],
  positions: Readonly<Record<string, readonly [x: number, y: number]>>,
  onProgress: (progress: LayoutProgress) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const homeless: PlacedCard[] = [];
  const housed: PlacedCard[] = [];
  for (const placed of cards) {
    const at = positions[placed.card.id];
    if (at) {
      [placed.x, placed.y] = at;
      housed.push(placed);
    } else homeless.push(placed);
  }
  if (homeless.length === 0) return false;
  const anew = housed.length < homeless.length;
  const moved = anew ? cards : homeless;
  const numbers = new Map(moved.map(({ card }, number) => [card.id, number]));
  const edges = lines.flatMap(({ from, to }) => {
    const [a, b] = [numbers.get(from), numbers.get(to)];
    return a === undefined || b === undefined || a === b ? [] : [[a, b] as const];
  });
  const places = await layoutInWorkers(
    moved.map(({ width, height }) => ({ width, height })),
    edges,
    onProgress,
    signal,
  );
  const bounds = boundsOf(anew ? [] : housed);
  // New ones come to the right of what there is, where they cover nothing.
  const [left, top] = anew ? [0, 0] : [bounds.x + bounds.width + 2 * gapX, bounds.y];
  for (const [number, placed] of moved.entries()) {
    placed.x = left + (places[number]?.x ?? 0);
    placed.y = top + (places[number]?.y ?? 0);
  }
  return anew;
}

/** Pushes down what has come to cover something, because cards have grown; what was above stays above. */
export function withoutOverlaps(cards: readonly PlacedCard[]): void {
  const done: PlacedCard[] = [];
  for (const card of cards.toSorted((a, b) => a.y - b.y || a.x - b.x)) {
    for (let under = covering(done, card); under; under = covering(done, card)) card.y = under.y + under.height + gapY;
    done.push(card);
  }
}

const covering = (done: readonly PlacedCard[], card: PlacedCard): PlacedCard | undefined =>
  done.find(
    (other) =>
      other.x < card.x + card.width &&
      card.x < other.x + other.width &&
      other.y < card.y + card.height &&
      card.y < other.y + other.height,
  );
