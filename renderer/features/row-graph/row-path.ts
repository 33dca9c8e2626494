/** How two rows hang together: by what is in the graph, else by what each of them refers to, and that in turn. */
import { add, follow, mostNodes, type RowGraph } from './row-graph-model.ts';
import type { RowEdge } from './row-node.ts';
import { findWay } from './row-way.ts';

/** The fewest references from one row to another among those given; null where none lead there. */
export function edgesBetween(edges: Iterable<RowEdge>, from: string, to: string): RowEdge[] | null {
  const of = new Map<string, RowEdge[]>();
  const note = (id: string, edge: RowEdge) => {
    const list = of.get(id);
    if (list) list.push(edge);
    else of.set(id, [edge]);
  };
  for (const edge of edges) {
    note(edge.from, edge);
    note(edge.to, edge);
  }
  const came = new Map<string, RowEdge | null>([[from, null]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined && !came.has(to); at = queue.shift())
    for (const edge of of.get(at) ?? []) {
      const other = edge.from === at ? edge.to : edge.from;
      if (came.has(other)) continue;
      came.set(other, edge);
      queue.push(other);
    }
  if (!came.has(to)) return null;
  const path: RowEdge[] = [];
  let at = to;
  for (let edge = came.get(at); edge; edge = came.get(at)) {
    path.unshift(edge);
    at = edge.from === at ? edge.to : edge.from;
  }
  return path;
}

/** References are followed so far from both ends. */
const mostRounds = 5;

/** By what both rows refer to, near or far; else by rows that refer to both. */
export async function findPath(graph: RowGraph, from: string, to: string): Promise<RowEdge[] | null> {
  const { nodes } = graph.store.getState();
  const [a, b] = [nodes.get(from), nodes.get(to)];
  return (await findOutward(graph, from, to)) ?? (a && b ? findWay(graph, a, b) : null);
}

/** Fetches what both rows refer to until a way is found; what did not help is taken out again. */
async function findOutward(graph: RowGraph, from: string, to: string): Promise<RowEdge[] | null> {
  const { store } = graph;
  const before = store.getState();
  const among = () => edgesBetween(store.getState().edges.values(), from, to);
  let path = among();
  const followed = new Set<string>();
  let edge = [from, to];
  for (let round = 0; path === null && round < mostRounds && edge.length > 0; round++) {
    const known = new Set(store.getState().nodes.keys());
    for (const id of edge) {
      const node = store.getState().nodes.get(id);
      if (!node || followed.has(id) || store.getState().nodes.size >= mostNodes) continue;
      followed.add(id);
      for (const reference of node.model.references) await follow(graph, node, reference, true);
    }
    path = among();
    const reached = [...store.getState().edges.values()]
      .filter((each) => followed.has(each.from))
      .map((each) => each.to);
    edge = [...new Set([...[...store.getState().nodes.keys()].filter((id) => !known.has(id)), ...reached])];
  }
  const { nodes, edges } = store.getState();
  const used = new Set([...before.nodes.keys(), ...(path ?? []).flatMap((each) => [each.from, each.to])]);
  store.setState({ nodes: before.nodes, edges: before.edges });
  add(
    graph,
    [...nodes.values()].filter(({ id }) => used.has(id)),
    [...edges.values()].filter((each) => used.has(each.from) && used.has(each.to)),
  );
  return path;
}
