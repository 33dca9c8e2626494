/**
 * Two rows that hang together by rows that refer to both: the ways between their tables are tried, the shortest first,
 * each by one question that finds the first row of a way that leads all along it.
 */
import { and, sameValues } from '../../../shared/edit/conditions.ts';
import { identifier, qualified } from '../../../shared/sql/quote.ts';
import { add, conditionAt, describe, edgeBetween, fetchRows, type RowGraph } from './row-graph-model.ts';
import { cellOf, type RowEdge, type RowNode } from './row-node.ts';
import { type Hop, type HopsOf, hopTo, tableWays } from './table-ways.ts';

/** Adds the rows of a way to the graph. @returns its references; null where none was found */
export async function findWay(graph: RowGraph, from: RowNode, to: RowNode): Promise<RowEdge[] | null> {
  const hopsOf: HopsOf = async (table) => {
    const { references, referencedBy } = await describe(graph, table);
    const hop = (outward: boolean) => (reference: Hop['reference']) => ({ from: table, reference, outward });
    return [...references.map(hop(true)), ...referencedBy.map(hop(false))];
  };
  for await (const way of tableWays(from.model.oid, to.model.oid, hopsOf)) {
    const found = await walked(graph, from, to, way);
    if (!found) continue;
    add(graph, found.rows, found.edges);
    return found.edges;
  }
  return null;
}

async function walked(
  graph: RowGraph,
  from: RowNode,
  to: RowNode,
  way: readonly Hop[],
): Promise<{ rows: RowNode[]; edges: RowEdge[] } | null> {
  const rows: RowNode[] = [];
  const edges: RowEdge[] = [];
  let at = from;
  for (const [number, hop] of way.entries()) {
    const isLast = number === way.length - 1;
    const next = isLast ? to : await firstOf(graph, at, hop, await leadingTo(graph, way.slice(number + 1), to));
    if (!next || (isLast && !(await joins(graph, at, hop, to)))) return null;
    if (!isLast) rows.push(next);
    edges.push(edgeBetween(at, next, hop.reference, hop.outward));
    at = next;
  }
  return { rows, edges };
}

async function firstOf(graph: RowGraph, at: RowNode, hop: Hop, rest: string | null): Promise<RowNode | null> {
  const here = await conditionAt(graph, at, hop.reference);
  if (here === null || rest === null) return null;
  const [found = null] = await fetchRows(graph, hopTo(hop), and(here, rest), 1);
  return found;
}

/** The condition on rows of the first hop's table from which the way leads to that row; null where none can. */
async function leadingTo(graph: RowGraph, [hop, ...rest]: readonly Hop[], to: RowNode): Promise<string | null> {
  if (!hop) return '';
  const { columns, reference } = { columns: await ownColumns(graph, hop), reference: hop.reference };
  if (rest.length === 0) {
    const values = reference.otherColumns.map((name) => valueAt(to, name));
    return values.includes(null) ? null : sameValues(columns, values);
  }
  const inner = await leadingTo(graph, rest, to);
  if (inner === null) return null;
  const { schema, name } = reference.other;
  const own = columns.map((column) => identifier(column.name)).join(', ');
  const other = reference.otherColumns.map(identifier).join(', ');
  return `(${own}) in (select ${other} from ${qualified(schema, name)} where ${inner})`;
}

/** The row is what the hop leads to. */
async function joins(graph: RowGraph, at: RowNode, hop: Hop, to: RowNode): Promise<boolean> {
  const own = hop.reference.columns.map((number) => cellOf(at, number));
  const others = hop.reference.otherColumns.map((name) => valueAt(to, name));
  if (own.includes(null) || others.includes(null)) return false;
  if (own.every((value, position) => value === others[position])) return true;
  // Equal values may be written otherwise: 1 and 1.0, char(n) and text.
  const condition = await conditionAt(graph, at, hop.reference);
  const key = to.model.key?.columns.flatMap((number) => to.model.columns.find((each) => each.number === number) ?? []);
  if (condition === null || !key || to.key.length === 0) return false;
  return (await fetchRows(graph, to.model.oid, and(condition, sameValues(key, to.key)), 1)).length > 0;
}

async function ownColumns(graph: RowGraph, { from, reference }: Hop) {
  const { columns } = await describe(graph, from);
  return reference.columns.map(
    (number) =>
      columns.find((column) => column.number === number) ?? { name: String(number), category: 'U', sortable: true },
  );
}

function valueAt(node: RowNode, name: string): string | null {
  const column = node.model.columns.find((each) => each.name === name);
  return column ? cellOf(node, column.number) : null;
}
