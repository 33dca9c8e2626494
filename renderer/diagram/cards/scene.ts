/** A diagram with everything in its place: what is where, what touches what, and which line goes how. */
import { boundsOf, type Size } from '../layout/fold.ts';
import { type Box, type Card, type Line, rowMiddle } from './card.ts';

export interface PlacedCard extends Size {
  readonly card: Card;
  x: number;
  y: number;
}

/** A line from one card's edge to another's: two ends, each pointing away from its card, and the handles between. */
export interface Route {
  readonly line: Line;
  readonly x1: number;
  readonly y1: number;
  /** 1: it leaves to the right. */
  readonly way1: 1 | -1;
  readonly x2: number;
  readonly y2: number;
  readonly way2: 1 | -1;
  readonly reach: number;
}

/** How far a line runs straight out of a card: room for its end. */
export const stub = 20;

export class Scene {
  readonly cards: readonly PlacedCard[];
  readonly lines: readonly Line[];
  readonly areas: readonly Box[];
  readonly notes: readonly Box[];
  readonly #byId = new Map<string, PlacedCard>();
  readonly #linesOf = new Map<string, Line[]>();
  readonly #routes = new Map<string, Route>();

  constructor(cards: readonly PlacedCard[], lines: readonly Line[], areas: readonly Box[], notes: readonly Box[]) {
    this.cards = cards;
    this.lines = lines;
    this.areas = areas;
    this.notes = notes;
    for (const card of cards) this.#byId.set(card.card.id, card);
    for (const line of this.lines)
      for (const end of new Set([line.from, line.to])) {
        const list = this.#linesOf.get(end);
        if (list) list.push(line);
        else this.#linesOf.set(end, [line]);
      }
  }

  card(id: string): PlacedCard | undefined {
    return this.#byId.get(id);
  }

  linesOf(id: string): readonly Line[] {
    return this.#linesOf.get(id) ?? [];
  }

  /** The card itself and those that a line joins to it. */
  related(id: string): Set<string> {
    return new Set([id, ...this.linesOf(id).flatMap(({ from, to }) => [from, to])]);
  }

  move(id: string, x: number, y: number): void {
    const card = this.#byId.get(id);
    if (!card) return;
    card.x = x;
    card.y = y;
    for (const line of this.linesOf(id)) this.#routes.delete(line.id);
  }

  route(line: Line): Route | null {
    const known = this.#routes.get(line.id);
    if (known) return known;
    const [from, to] = [this.#byId.get(line.from), this.#byId.get(line.to)];
    if (!from || !to) return null;
    const made = routeOf(line, from, to);
    this.#routes.set(line.id, made);
    return made;
  }

  get bounds(): { x: number; y: number; width: number; height: number } {
    return boundsOf([...this.cards, ...this.areas, ...this.notes]);
  }

  /** What lies at a point: the uppermost. */
  cardAt(x: number, y: number): PlacedCard | null {
    return this.cards.findLast((card) => isIn(card, x, y)) ?? null;
  }

  boxAt(boxes: readonly Box[], x: number, y: number): Box | null {
    return boxes.findLast((box) => isIn(box, x, y)) ?? null;
  }

  /** An area or a note, by its id. */
  box(id: string): { readonly kind: BoxKind; readonly box: Box } | null {
    const area = this.areas.find((each) => each.id === id);
    const box = area ?? this.notes.find((each) => each.id === id);
    return box ? { kind: area ? 'area' : 'note', box } : null;
  }

  /** Areas and notes in the order in which one reads. */
  get boxes(): Box[] {
    return [...this.areas, ...this.notes].sort((a, b) => a.y - b.y || a.x - b.x);
  }

  /** What stands in an area: it goes with it. */
  cardsIn(area: Box): PlacedCard[] {
    return this.cards.filter((card) => isIn(area, ...middleOf(card)));
  }

  /** Puts an area or a note elsewhere, or gives it another size. */
  place(box: Box, now: Partial<Pick<Box, 'x' | 'y' | 'width' | 'height'>>): void {
    Object.assign(box, now);
  }

  /** The nearest card in a direction: what an arrow key goes to from a card, an area or a note. */
  neighbour(id: string | null, dx: number, dy: number): PlacedCard | null {
    const from = id === null ? undefined : (this.#byId.get(id) ?? this.box(id)?.box);
    if (!from) return this.cards[0] ?? null;
    const [x, y] = middleOf(from);
    let best: { card: PlacedCard; far: number } | null = null;
    for (const card of this.cards) {
      if (card === from) continue;
      const [cx, cy] = middleOf(card);
      const along = (cx - x) * dx + (cy - y) * dy;
      const aside = Math.abs((cx - x) * dy) + Math.abs((cy - y) * dx);
      if (along <= 1 || aside > along * 2) continue;
      const far = along + 2 * aside;
      if (!best || far < best.far) best = { card, far };
    }
    return best?.card ?? null;
  }
}

export type BoxKind = 'area' | 'note';
/** Smaller than this an area or a note is not made. */
export const leastBox = { width: 80, height: 48 } as const;

type Rectangle = Size & { readonly x: number; readonly y: number };
export const middleOf = ({ x, y, width, height }: Rectangle): [number, number] => [x + width / 2, y + height / 2];
const isIn = (box: Rectangle, x: number, y: number): boolean =>
  x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;

/** So far apart, a line goes between the two; nearer, it goes round at one side. */
const between = 2 * stub + 4;

function routeOf(line: Line, from: PlacedCard, to: PlacedCard): Route {
  const y1 = from.y + Math.min(rowMiddle(line.fromRow), from.height - 4);
  const y2 = to.y + Math.min(rowMiddle(line.toRow), to.height - 4);
  const [fromRight, toRight] = [from.x + from.width, to.x + to.width];
  if (from === to)
    return { line, x1: fromRight, y1, way1: 1, x2: toRight, y2: y1 === y2 ? to.y + 8 : y2, way2: 1, reach: 46 };
  const apart = Math.max(to.x - fromRight, from.x - toRight);
  if (apart >= between) {
    const reach = Math.min(120, Math.max(36, apart / 2));
    return to.x > fromRight
      ? { line, x1: fromRight, y1, way1: 1, x2: to.x, y2, way2: -1, reach }
      : { line, x1: from.x, y1, way1: -1, x2: toRight, y2, way2: 1, reach };
  }
  const right = Math.abs(fromRight - toRight) <= Math.abs(from.x - to.x);
  const reach = 40 + Math.min(60, Math.abs(y1 - y2) / 12) + Math.abs(right ? fromRight - toRight : from.x - to.x) * 0.7;
  return right
    ? { line, x1: fromRight, y1, way1: 1, x2: toRight, y2, way2: 1, reach }
    : { line, x1: from.x, y1, way1: -1, x2: to.x, y2, way2: -1, reach };
}
