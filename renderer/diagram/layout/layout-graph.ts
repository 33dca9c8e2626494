/**
 * Lays out a graph of boxes of any size: modules apart, each by ELK's layered layout, then packed; what has no edge
 * goes into a grid below. ELK alone takes more than a second for 1,000 boxes, and grows faster than they do.
 */
import type { ElkNode, LayoutOptions } from 'elkjs/lib/elk-api';
import { resting } from '../rest.ts';
import { boundsOf, folded, gapX, gapY, type Placed, type Size } from './fold.ts';
import { modulesOf, type Pair } from './modules.ts';
import { inGrid, packed } from './pack.ts';

/** One run of ELK; `layoutGraph` asks for several at a time. */
export type ElkRun = (graph: ElkNode) => Promise<ElkNode>;

export interface LayoutProgress {
  readonly done: number;
  readonly of: number;
}

/** Modules of this size take ELK a few milliseconds each, and can still be taken in at a glance. */
const mostInOne = 26;

/**
 * The cheap way of each step. In a module this small it finds nearly the crossings that the thorough one finds, and a
 * fifth less room; most of ELK's time is that of its code being compiled, and this has the least code.
 */
const options: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'POLYLINE',
  'elk.layered.thoroughness': '1',
  'elk.layered.crossingMinimization.greedySwitch.type': 'OFF',
  'elk.layered.nodePlacement.strategy': 'SIMPLE',
  'elk.spacing.nodeNode': String(gapY),
  'elk.layered.spacing.nodeNodeBetweenLayers': String(gapX),
  'elk.separateConnectedComponents': 'false',
  'elk.padding': '[top=0,left=0,bottom=0,right=0]',
};

/**
 * @param edges from a box to one that it refers to: what is referred to stands to the left
 * @returns the upper left corner of each box, in their order
 */
export async function layoutGraph(
  sizes: readonly Size[],
  edges: readonly Pair[],
  elk: ElkRun,
  onProgress: (progress: LayoutProgress) => void = () => undefined,
): Promise<{ x: number; y: number }[]> {
  const boxes = sizes.map((size): Placed => ({ ...size, x: 0, y: 0 }));
  const rest = resting();
  const modules = await modulesOf(boxes.length, edges, mostInOne, rest);
  const moduleOf = new Map(modules.flatMap((members, number) => members.map((node) => [node, number] as const)));
  const inner: Pair[][] = modules.map(() => []);
  const ties = modules.map(() => new Map<number, number>());
  for (const [from, to] of edges) {
    const [a, b] = [moduleOf.get(from), moduleOf.get(to)];
    if (a === undefined || b === undefined) continue;
    if (a === b) {
      // A second key between the same two says nothing new to a layout.
      if (!inner[a]?.some(([x, y]) => x === from && y === to)) inner[a]?.push([from, to]);
    } else {
      ties[a]?.set(b, (ties[a].get(b) ?? 0) + 1);
      ties[b]?.set(a, (ties[b].get(a) ?? 0) + 1);
    }
  }
  let done = 0;
  // The largest first: what is left at the end is shared best.
  const order = [...modules.keys()].sort((a, b) => (modules[b]?.length ?? 0) - (modules[a]?.length ?? 0));
  await Promise.all(
    order.map(async (number) => {
      await layModule(modules[number] ?? [], inner[number] ?? [], boxes, elk);
      onProgress({ done: ++done, of: modules.length });
    }),
  );
  const isolated = [...boxes.keys()].filter((node) => !moduleOf.has(node)).map((node) => boxes[node] as Placed);
  await rest();
  const sheet = await placeModules(modules, ties, boxes, rest);
  inGrid(isolated, sheet);
  await rest();
  return boxes.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
}

/** What ELK is asked for one module. */
export const layered = (
  nodes: readonly { readonly id: string; readonly size: Size }[],
  edges: readonly Pair[],
): ElkNode => ({
  id: 'root',
  layoutOptions: options,
  children: nodes.map(({ id, size: { width, height } }) => ({ id, width, height })),
  edges: edges.map(([from, to], number) => ({ id: `e${number}`, sources: [String(to)], targets: [String(from)] })),
});

async function layModule(
  members: readonly number[],
  edges: readonly Pair[],
  boxes: readonly Placed[],
  elk: ElkRun,
): Promise<void> {
  const own = members.map((node) => boxes[node] as Placed);
  if (edges.length === 0) return inGrid(own, { width: 0, height: 0 });
  const laid = await elk(
    layered(
      members.map((node) => ({ id: String(node), size: boxes[node] as Placed })),
      edges,
    ),
  );
  for (const { id, x = 0, y = 0 } of laid.children ?? []) Object.assign(boxes[Number(id)] as Placed, { x, y });
  folded(own);
}

async function placeModules(
  modules: readonly (readonly number[])[],
  ties: readonly ReadonlyMap<number, number>[],
  boxes: readonly Placed[],
  rest: () => Promise<void>,
): Promise<Size> {
  const members = modules.map((nodes) => nodes.map((node) => boxes[node] as Placed));
  const blocks = members.map((own, number) => ({ ...boundsOf(own), ties: ties[number] ?? new Map() }));
  const places = await packed(blocks, rest);
  await rest();
  for (const [number, place] of places.entries())
    for (const box of members[number] ?? []) {
      box.x += place.x;
      box.y += place.y;
    }
  return boundsOf(places);
}
