/** One graph of rows: what was fetched, how it hangs together, where it stands. Outlives the page while its tab is open. */
import { createStore, type StoreApi } from 'zustand';
import type { Failure } from '../../../shared/api/base.ts';
import type { Reference, RelationModel } from '../../../shared/api/data.ts';
import { sameValues } from '../../../shared/edit/conditions.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { arrange, withoutOverlaps } from '../../diagram/cards/arrange.ts';
import { sizeOf } from '../../diagram/cards/card.ts';
import { type PlacedCard, Scene } from '../../diagram/cards/scene.ts';
import type { KeptView } from '../../diagram/cards/sight/view.ts';
import { pageTextWidth } from '../../diagram/cards/text-width.ts';
import { toast } from '../../ui/toast.tsx';
import { onTabClosed } from '../../workspace/tabs.ts';
import { edgeLine, idOf, type RowEdge, type RowNode, rowCard, valuesOf } from './row-node.ts';

export interface RowGraphState {
  readonly nodes: ReadonlyMap<string, RowNode>;
  readonly edges: ReadonlyMap<string, RowEdge>;
  readonly startId: string | null;
  readonly scene: Scene | null;
  readonly fitKey: string;
  readonly selected: ReadonlySet<string>;
  readonly hovered: string | null;
  readonly path: readonly RowEdge[] | null;
  /** So many rows are fetched by one step. */
  readonly step: number;
  readonly busy: boolean;
  readonly failure: Failure | null;
}

export interface RowGraph {
  readonly connectionId: string;
  readonly database: string;
  readonly store: StoreApi<RowGraphState>;
  readonly models: Map<number, Promise<RelationModel>>;
  positions: Record<string, readonly [number, number]>;
  arranged: boolean;
  /** What of it is in sight. */
  readonly kept: KeptView;
  control: AbortController;
}

/** More than these are no graph to look at any more. */
export const mostNodes = 600;
const graphs = new Map<string, RowGraph>();
onTabClosed(({ id }) => {
  graphs.get(id)?.control.abort(new DOMException('The tab was closed.', 'AbortError'));
  graphs.delete(id);
});

export function rowGraphOf(tabId: string, connectionId: string, database: string): RowGraph {
  const there = graphs.get(tabId);
  if (there) return there;
  const store = createStore<RowGraphState>(() => ({
    nodes: new Map(),
    edges: new Map(),
    startId: null,
    scene: null,
    fitKey: '',
    selected: new Set<string>(),
    hovered: null,
    path: null,
    step: 10,
    busy: false,
    failure: null,
  }));
  const made: RowGraph = {
    connectionId,
    database,
    store,
    models: new Map(),
    positions: {},
    arranged: false,
    kept: { current: null },
    control: new AbortController(),
  };
  graphs.set(tabId, made);
  return made;
}

export function describe(graph: RowGraph, oid: number): Promise<RelationModel> {
  const known = graph.models.get(oid) ?? client.data.describe({ ...whereOf(graph), oid });
  graph.models.set(oid, known);
  known.catch(() => graph.models.delete(oid));
  return known;
}
export const whereOf = ({ connectionId, database }: RowGraph) => ({ connectionId, database });

/** Rows of a relation that a condition finds, at most so many. */
export async function fetchRows(
  graph: RowGraph,
  oid: number,
  where: string,
  count: number,
  search = '',
): Promise<RowNode[]> {
  const model = await describe(graph, oid);
  const page = await client.data.rows(
    { ...whereOf(graph), oid, query: { where, orderBy: '', search }, from: { kind: 'start' }, count },
    { signal: graph.control.signal },
  );
  const columns = model.columns.filter(({ maySelect }) => maySelect);
  return page.rows.map((cells, at) => {
    const key = page.keys[at] ?? [];
    const cut = page.cut.filter(([row]) => row === at).flatMap(([, position]) => columns[position]?.number ?? []);
    return { id: idOf(model, key, cells), model, key, cells, cut: new Set(cut) };
  });
}

/** The condition for the rows at the other end of a reference. */
export async function conditionAt(graph: RowGraph, node: RowNode, reference: Reference): Promise<string | null> {
  const values = valuesOf(node, reference);
  if (!values) return null;
  const other = await describe(graph, reference.other.oid);
  const columns = reference.otherColumns.map(
    (name) => other.columns.find((column) => column.name === name) ?? { name, category: 'U', sortable: true },
  );
  return sameValues(columns, values);
}

/** Follows a reference, either way, and puts what it finds into the graph. @returns how many rows it found */
export async function follow(graph: RowGraph, node: RowNode, reference: Reference, outward: boolean): Promise<number> {
  const condition = await conditionAt(graph, node, reference);
  if (condition === null) return 0;
  const { nodes, step } = graph.store.getState();
  const room = Math.max(0, mostNodes - nodes.size);
  if (room === 0) {
    toast(`The graph has ${mostNodes} rows: more could not be told apart. Remove some first.`, 'warning');
    return 0;
  }
  const found = await fetchRows(graph, reference.other.oid, condition, outward ? 1 : Math.min(step, room));
  add(
    graph,
    found,
    found.map((other) => edgeBetween(node, other, reference, outward)),
  );
  return found.length;
}

const edgeOf = (from: RowNode, to: RowNode, constraint: string, columns: readonly number[]): RowEdge => ({
  id: JSON.stringify([from.id, constraint, to.id]),
  constraint,
  from: from.id,
  to: to.id,
  columns,
});
function inwardEdge(node: RowNode, other: RowNode, { constraint, otherColumns }: Reference): RowEdge {
  const numbers = otherColumns.flatMap(
    (name) => other.model.columns.find((column) => column.name === name)?.number ?? [],
  );
  return edgeOf(other, node, constraint, numbers);
}

/** The edge between a row and one that was found along a reference of it, or of one to it. */
export const edgeBetween = (node: RowNode, other: RowNode, reference: Reference, outward: boolean): RowEdge =>
  outward ? edgeOf(node, other, reference.constraint, reference.columns) : inwardEdge(node, other, reference);

export function add(graph: RowGraph, found: readonly RowNode[], joined: readonly RowEdge[]): void {
  graph.store.setState(({ nodes, edges }) => ({
    nodes: new Map([...nodes, ...found.filter(({ id }) => !nodes.has(id)).map((node) => [node.id, node] as const)]),
    edges: new Map([...edges, ...joined.map((edge) => [edge.id, edge] as const)]),
  }));
}

/** Leaves the rows out of the graph, and what only they held in it stays where it is. */
export function leaveOut(graph: RowGraph, ids: readonly string[]): void {
  const gone = new Set(ids);
  graph.store.setState(({ nodes, edges, startId }) => ({
    nodes: new Map([...nodes].filter(([id]) => !gone.has(id))),
    edges: new Map([...edges].filter(([, { from, to }]) => !gone.has(from) && !gone.has(to))),
    startId: startId !== null && gone.has(startId) ? null : startId,
    selected: new Set<string>(),
    path: null,
  }));
  void draw(graph);
}

let scenes = 0;
/** Gives what was fetched its places. */
export async function draw(graph: RowGraph, anew = false): Promise<void> {
  const { nodes, edges, startId } = graph.store.getState();
  const widthOf = await pageTextWidth();
  const withSchema = new Set([...nodes.values()].map(({ model }) => model.schema)).size > 1;
  const cards = [...nodes.values()].map((node): PlacedCard => {
    const card = rowCard(node, { start: node.id === startId, withSchema });
    return { card, ...sizeOf(card, widthOf), x: 0, y: 0 };
  });
  const lines = [...edges.values()].map(edgeLine);
  const known = anew || !graph.arranged ? {} : graph.positions;
  const wholly = await arrange(cards, lines, known, () => undefined, graph.control.signal);
  if (!wholly) withoutOverlaps(cards);
  graph.positions = Object.fromEntries(cards.map(({ card, x, y }) => [card.id, [x, y] as const]));
  if (anew) graph.arranged = false;
  graph.store.setState(({ fitKey }) => ({
    scene: new Scene(cards, lines, [], []),
    fitKey: wholly ? `${++scenes}` : fitKey,
  }));
}

/** Runs a step with its failure told on the page. */
export async function work(graph: RowGraph, step: () => Promise<void>): Promise<void> {
  graph.store.setState({ busy: true, failure: null });
  try {
    await step();
    await draw(graph);
  } catch (thrown) {
    if (!graph.control.signal.aborted) graph.store.setState({ failure: failureFrom(thrown) });
  } finally {
    graph.store.setState({ busy: false });
  }
}

/** Everything that a row refers to, and some of what refers to it. */
export async function expandAll(graph: RowGraph, id: string): Promise<void> {
  const node = graph.store.getState().nodes.get(id);
  if (!node) return;
  for (const reference of node.model.references) await follow(graph, node, reference, true);
  for (const reference of node.model.referencedBy) await follow(graph, node, reference, false);
}
