/** Divides a graph into modules: nodes that have more to do with each other than with the rest, at most so many each. */

/** A pair of node numbers; direction does not matter here. */
export type Pair = readonly [number, number];

/**
 * Clusters grow by merging the pair that is tied most closely for its size, until no two that are tied fit together.
 * What is left over in bits (the many leaves of one hub) is put together by the cluster it hangs on.
 * @param rest awaited now and then
 * @returns the modules, each a list of node numbers; nodes without any edge are in none
 */
export async function modulesOf(
  count: number,
  edges: readonly Pair[],
  mostInOne: number,
  rest: () => Promise<void>,
): Promise<number[][]> {
  const clusters = new Clusters(count, edges, mostInOne);
  await clusters.mergeTied(rest);
  clusters.gatherBits();
  return clusters.lists();
}

/** Fewer than this are a bit, not a module. */
const bitSize = 4;

class Clusters {
  readonly #of: number[];
  readonly #members: (number[] | null)[];
  readonly #ties: Map<number, number>[];
  readonly #most: number;

  constructor(count: number, edges: readonly Pair[], mostInOne: number) {
    this.#most = mostInOne;
    this.#of = Array.from({ length: count }, (_, node) => node);
    this.#members = this.#of.map((node) => [node]);
    this.#ties = this.#of.map(() => new Map());
    for (const [a, b] of edges) {
      if (a === b) continue;
      this.#tie(a, b, 1);
      this.#tie(b, a, 1);
    }
  }

  async mergeTied(rest: () => Promise<void>): Promise<void> {
    const queue = new Queue();
    const offer = (a: number, b: number): void => {
      const size = this.#size(a) * this.#size(b);
      if (this.#fit(a, b)) queue.add((this.#ties[a]?.get(b) ?? 0) / Math.sqrt(size), a, b, size);
    };
    for (const [a, ties] of this.#ties.entries()) for (const b of ties.keys()) if (a < b) offer(a, b);
    for (let best = queue.take(), at = 0; best; best = queue.take(), at++) {
      if (at % 64 === 63) await rest();
      const { a, b, size } = best;
      // One of them has grown or gone since: it was offered anew then.
      if (!this.#members[a] || !this.#members[b] || this.#size(a) * this.#size(b) !== size || !this.#fit(a, b))
        continue;
      this.#merge(a, b);
      for (const other of this.#ties[a]?.keys() ?? []) offer(a, other);
    }
  }

  gatherBits(): void {
    const open = new Map<number, number>();
    for (const [cluster, members] of this.#members.entries()) {
      if (!members || members.length >= bitSize || this.#ties[cluster]?.size === 0) continue;
      const hub = this.#strongest(cluster);
      const gathered = open.get(hub);
      if (gathered !== undefined && this.#members[gathered] && this.#fit(gathered, cluster))
        this.#merge(gathered, cluster);
      else open.set(hub, cluster);
    }
  }

  lists(): number[][] {
    const lists = this.#members.filter((members): members is number[] => members !== null);
    return lists.filter(([first = 0, ...more]) => more.length > 0 || this.#ties[this.#of[first] ?? 0]?.size !== 0);
  }

  #size = (cluster: number): number => this.#members[cluster]?.length ?? 0;
  #fit = (a: number, b: number): boolean => this.#size(a) + this.#size(b) <= this.#most;

  #tie(a: number, b: number, by: number): void {
    const ties = this.#ties[a];
    ties?.set(b, (ties.get(b) ?? 0) + by);
  }

  #strongest(cluster: number): number {
    let best = -1;
    let most = 0;
    for (const [other, ties] of this.#ties[cluster] ?? []) if (ties > most) [best, most] = [other, ties];
    return best;
  }

  #merge(into: number, from: number): void {
    const members = this.#members[into] ?? [];
    for (const node of this.#members[from] ?? []) {
      this.#of[node] = into;
      members.push(node);
    }
    for (const [other, ties] of this.#ties[from] ?? []) {
      this.#ties[other]?.delete(from);
      if (other === into) continue;
      this.#tie(into, other, ties);
      this.#tie(other, into, ties);
    }
    this.#ties[into]?.delete(from);
    this.#ties[from]?.clear();
    this.#members[from] = null;
  }
}

interface Offer {
  readonly score: number;
  readonly a: number;
  readonly b: number;
  /** Of both when it was offered: tells whether it still holds. */
  readonly size: number;
}

/** A binary heap, the highest score first. */
class Queue {
  readonly #heap: Offer[] = [];

  add(score: number, a: number, b: number, size: number): void {
    const heap = this.#heap;
    heap.push({ score, a, b, size });
    for (let at = heap.length - 1; at > 0; ) {
      const above = (at - 1) >> 1;
      if (this.#score(above) >= this.#score(at)) return;
      this.#swap(at, above);
      at = above;
    }
  }

  take(): Offer | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || !last) return top;
    heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const larger = this.#score(left + 1) > this.#score(left) ? left + 1 : left;
      if (this.#score(larger) <= this.#score(at)) return top;
      this.#swap(at, larger);
      at = larger;
    }
  }

  #score = (at: number): number => this.#heap[at]?.score ?? Number.NEGATIVE_INFINITY;
  #swap(a: number, b: number): void {
    const kept = this.#heap[a] as Offer;
    this.#heap[a] = this.#heap[b] as Offer;
    this.#heap[b] = kept;
  }
}
