/** Two plans of one statement side by side: their trees matched node by node, and what changed. */
import { type Figures, figureOf, type NodeFigures } from './figures.ts';
import { type Plan, type PlanNode, pagesOf, targetOf, within } from './plan.ts';

export interface ComparedNode {
  readonly before: PlanNode | null;
  readonly after: PlanNode | null;
  readonly depth: number;
  /** What is different in kind: "Seq Scan became Index Scan", "index a became b". */
  readonly changes: readonly string[];
  /** After minus before, a node that is not there counting nothing; null where one plan does not tell such a figure. */
  readonly exclusiveMs: number | null;
  readonly exclusiveCost: number | null;
  readonly pages: number | null;
  readonly rows: number | null;
  readonly plannedRows: number | null;
}

export interface Comparison {
  readonly nodes: readonly ComparedNode[];
  readonly sameShape: boolean;
  /** Which plan uses which index. */
  readonly indexes: readonly { readonly name: string; readonly before: boolean; readonly after: boolean }[];
}

export interface Side {
  readonly plan: Plan;
  readonly figures: Figures;
}

export function comparePlans(before: Side, after: Side): Comparison {
  const partner = matched(before.plan, after.plan);
  const taken = new Set(partner.values());
  const nodes: ComparedNode[] = [];
  const gone = before.plan.nodes.filter((node) => !taken.has(node.id));
  const told = new Set<number>();
  const tellGone = (under: number | null, depth: number) => {
    for (const node of gone) {
      const parent = keptParent(before.figures, node.id, taken);
      if (parent !== under || told.has(node.id)) continue;
      told.add(node.id);
      nodes.push({ ...compared(before, after, node, null), depth });
    }
  };
  const visit = (node: PlanNode, depth: number) => {
    const other = partner.get(node.id);
    nodes.push({
      ...compared(before, after, other === undefined ? null : (before.plan.nodes[other] ?? null), node),
      depth,
    });
    if (other !== undefined) tellGone(other, depth + 1);
    for (const child of node.children) visit(child, depth + 1);
  };
  tellGone(null, 0);
  visit(after.plan.root, 0);
  return {
    nodes,
    sameShape: gone.length === 0 && nodes.every((node) => node.before && node.after && node.changes.length === 0),
    indexes: indexesOf(before.plan, after.plan),
  };
}

/** The nearest node above that is in both plans. */
function keptParent(figures: Figures, id: number, taken: ReadonlySet<number>): number | null {
  let at = figureOf(figures, id).parentId;
  while (at !== null && !taken.has(at)) at = figureOf(figures, at).parentId;
  return at;
}

/** What a node is for, however it does it: reading this table, joining these, sorting, grouping. */
function roleOf(node: PlanNode): string {
  if (/Scan$/.test(node.type) && node.type !== 'Bitmap Index Scan') return `read ${targetOf(node)}`;
  if (node.type === 'Bitmap Index Scan') return `bitmap ${node.index ?? ''}`;
  const tables = [...within(node)].flatMap((each) => (each.relation ? [each.alias ?? each.relation] : []));
  const set = [...new Set(tables)].sort().join(' ');
  if (/Join$|Nested Loop/.test(node.type)) return `join ${set}`;
  if (/Sort$/.test(node.type)) return `sort ${set}`;
  if (['Aggregate', 'Group', 'Unique'].includes(node.type))
    return `group ${node.label.split(' ')[0] === 'Partial' ? 'partial ' : ''}${set}`;
  return `${node.type} ${set}`;
}

/** Id after -> id before. Same role first, in order of appearance; then same role without its tables. */
function matched(before: Plan, after: Plan): Map<number, number> {
  const partner = new Map<number, number>();
  const taken = new Set<number>();
  const pass = (keyOf: (node: PlanNode) => string) => {
    const waiting = Map.groupBy(
      before.nodes.filter((node) => !taken.has(node.id)),
      keyOf,
    );
    for (const node of after.nodes) {
      if (partner.has(node.id)) continue;
      const found = waiting.get(keyOf(node))?.shift();
      if (!found) continue;
      partner.set(node.id, found.id);
      taken.add(found.id);
    }
  };
  const roles = new Map([...before.nodes, ...after.nodes].map((node) => [node, roleOf(node)]));
  pass((node) => roles.get(node) ?? '');
  pass((node) => (/Scan$/.test(node.type) ? `read ${node.relation ?? node.cteName ?? node.index}` : `${node.type}`));
  return partner;
}

function compared(one: Side, two: Side, before: PlanNode | null, after: PlanNode | null): Omit<ComparedNode, 'depth'> {
  const changes: string[] = [];
  if (before && after) {
    if (before.label !== after.label) changes.push(`${before.label} became ${after.label}`);
    if (before.index !== after.index) changes.push(`index ${before.index ?? 'none'} became ${after.index ?? 'none'}`);
    const names = [firstInput(before), firstInput(after)];
    if (/Join$|Nested Loop/.test(after.type) && names[0] !== names[1])
      changes.push('the sides are joined in another order');
  }
  const told = ({ plan, figures }: Side, node: PlanNode | null, of: (figure: NodeFigures) => number | null) => {
    if (node) return of(figureOf(figures, node.id));
    return of(figureOf(figures, plan.root.id)) === null ? null : 0;
  };
  const minus = (of: (figure: NodeFigures) => number | null): number | null => {
    const from = told(one, before, of);
    const to = told(two, after, of);
    return from === null || to === null ? null : to - from;
  };
  return {
    before,
    after,
    changes,
    exclusiveMs: minus((figure) => figure.exclusiveMs),
    exclusiveCost: minus((figure) => figure.exclusiveCost),
    pages: minus((figure) => pagesOf(figure.exclusiveBuffers)),
    rows: minus((figure) => figure.rowsTotal),
    plannedRows: minus((figure) => figure.plannedRowsTotal),
  };
}

const firstInput = (node: PlanNode): string => {
  const [first] = node.children;
  if (!first) return '';
  return [...new Set([...within(first)].flatMap((each) => (each.relation ? [each.alias ?? each.relation] : [])))]
    .sort()
    .join(' ');
};

function indexesOf(before: Plan, after: Plan) {
  const of = (plan: Plan) => new Set(plan.nodes.flatMap((node) => (node.index ? [node.index] : [])));
  const [one, two] = [of(before), of(after)];
  return [...new Set([...one, ...two])].sort().map((name) => ({ name, before: one.has(name), after: two.has(name) }));
}
