/** An order in which everything can be made: what is needed comes first, and of what may come, what ought to. */

export interface Node {
  readonly key: string;
  /** Lower comes sooner, where needs allow. */
  readonly rank: number;
  /** Keys. Those of nothing in sight are no need. */
  readonly needs: ReadonlySet<string>;
}

export interface Ordered<N extends Node> {
  readonly nodes: N[];
  /** Where two need each other: what was put first although it needs something that comes later. */
  readonly forced: N[];
}

/** Stable: nodes of one rank keep the order they are given in, as far as their needs let them. */
export function inOrder<N extends Node>(given: readonly N[]): Ordered<N> {
  const places = new Map(given.map((node, at) => [node.key, at]));
  const waitsFor = given.map((node) => [...node.needs].filter((key) => key !== node.key && places.has(key)).length);
  const neededBy = new Map<string, number[]>();
  for (const [at, node] of given.entries())
    for (const key of node.needs) if (key !== node.key && places.has(key)) push(neededBy, key, at);
  const ready = new Heap((a: number, b: number) => (given[a] as N).rank - (given[b] as N).rank || a - b);
  for (const [at, count] of waitsFor.entries()) if (count === 0) ready.push(at);
  const done = new Set<number>();
  const nodes: N[] = [];
  const forced: N[] = [];
  while (nodes.length < given.length) {
    let at = ready.pop();
    if (at === undefined) {
      at = nextInCircle(given, places, done);
      forced.push(given[at] as N);
    }
    if (done.has(at)) continue;
    done.add(at);
    const node = given[at] as N;
    nodes.push(node);
    for (const other of neededBy.get(node.key) ?? []) {
      waitsFor[other] = (waitsFor[other] ?? 0) - 1;
      if (waitsFor[other] === 0) ready.push(other);
    }
  }
  return { nodes, forced };
}

/** Goes from need to need until it comes back: that one is in the circle itself, not only behind it. */
function nextInCircle(given: readonly Node[], places: ReadonlyMap<string, number>, done: ReadonlySet<number>): number {
  let at = given.findIndex((_, place) => !done.has(place));
  const seen = new Set<number>();
  while (!seen.has(at)) {
    seen.add(at);
    for (const key of given[at]?.needs ?? []) {
      const next = places.get(key);
      if (next !== undefined && next !== at && !done.has(next)) {
        at = next;
        break;
      }
    }
  }
  return at;
}

const push = (map: Map<string, number[]>, key: string, value: number): void => {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
};

class Heap {
  readonly #items: number[] = [];
  readonly #compare: (a: number, b: number) => number;
  constructor(compare: (a: number, b: number) => number) {
    this.#compare = compare;
  }
  push(item: number): void {
    const items = this.#items;
    items.push(item);
    for (let at = items.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }
  pop(): number | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return first;
    items[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      let least = at;
      if (left < items.length && this.#before(left, least)) least = left;
      if (left + 1 < items.length && this.#before(left + 1, least)) least = left + 1;
      if (least === at) return first;
      this.#swap(at, least);
      at = least;
    }
  }
  #before(a: number, b: number): boolean {
    return this.#compare(this.#items[a] as number, this.#items[b] as number) < 0;
  }
  #swap(a: number, b: number): void {
    const items = this.#items;
    const kept = items[a] as number;
    items[a] = items[b] as number;
    items[b] = kept;
  }
}
