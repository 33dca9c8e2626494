/** Ways from one table to another along foreign keys, either way: the shortest first. */
import type { Reference } from '../../../shared/api/data.ts';

/** From a table along a reference: `outward` where it is the table's own, else it is one to the table. */
export interface Hop {
  readonly from: number;
  readonly reference: Reference;
  readonly outward: boolean;
}
export type HopsOf = (table: number) => Promise<readonly Hop[]>;

export const hopTo = ({ reference }: Hop): number => reference.other.oid;

/** A way of more hops says little, and there are thousands of them. */
const mostHops = 5;
const mostTables = 120;
const mostWays = 40;

/** No way passes a table twice. */
export async function* tableWays(from: number, to: number, hopsOf: HopsOf): AsyncGenerator<readonly Hop[]> {
  const distances = new Distances(to, hopsOf);
  let told = 0;
  for (let length = 1; length <= mostHops; length++) {
    await distances.deepen();
    for await (const way of waysOfLength([], from, to, length, distances.far, hopsOf)) {
      yield way;
      if (++told === mostWays) return;
    }
  }
}

/** How many hops tables are from one of them, as far as was asked for. */
class Distances {
  readonly far: Map<number, number>;
  readonly #hopsOf: HopsOf;
  #edge: readonly number[];
  #depth = 0;

  constructor(target: number, hopsOf: HopsOf) {
    this.far = new Map([[target, 0]]);
    this.#edge = [target];
    this.#hopsOf = hopsOf;
  }

  /** One hop further. */
  async deepen(): Promise<void> {
    this.#depth++;
    const next: number[] = [];
    for (const table of this.#edge)
      for (const hop of await this.#hopsOf(table)) {
        if (this.far.has(hopTo(hop)) || this.far.size >= mostTables) continue;
        this.far.set(hopTo(hop), this.#depth);
        next.push(hopTo(hop));
      }
    this.#edge = next;
  }
}

async function* waysOfLength(
  before: readonly Hop[],
  at: number,
  to: number,
  left: number,
  far: ReadonlyMap<number, number>,
  hopsOf: HopsOf,
): AsyncGenerator<readonly Hop[]> {
  for (const hop of await hopsOf(at)) {
    if (isBack(before.at(-1), hop)) continue;
    const next = hopTo(hop);
    const way = [...before, hop];
    if (left === 1) {
      if (next === to) yield way;
      continue;
    }
    if (next === to || next === at || before.some(({ from }) => from === next)) continue;
    if ((far.get(next) ?? mostHops) < left) yield* waysOfLength(way, next, to, left - 1, far, hopsOf);
  }
}

/** To a row that refers here and by the same key back again: that is the row one came from. */
const isBack = (before: Hop | undefined, hop: Hop): boolean =>
  before !== undefined &&
  !before.outward &&
  hop.outward &&
  hopTo(hop) === before.from &&
  hop.reference.constraint === before.reference.constraint;
