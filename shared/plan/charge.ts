/**
 * Whose figures include whose. A node's time and buffers include those of its inputs, of its SubPlans, and of the
 * InitPlans and CTEs that it was the first to evaluate; that is often not the node on which the text hangs them.
 * Here each node gets the one node that pays for it, so that nothing is subtracted twice or not at all.
 */
import { type Plan, type PlanNode, within } from './plan.ts';
import type { Walls } from './wall.ts';

export interface Charge {
  /** By node id: who includes it; null for the root and for what runs outside of it. */
  readonly payer: readonly (number | null)[];
  /** By node id: whose figures it includes. */
  readonly paid: readonly (readonly number[])[];
  /** Data-modifying CTEs that nothing reads: they run after the root, within the execution time. */
  readonly outside: readonly number[];
}

/** A rounded average may lie so far off, relatively, and milliseconds are printed to three digits. */
const slack = 0.98;
const slackMs = 0.002;

export function chargeOf(plan: Plan, walls: Walls): Charge {
  const payer: (number | null)[] = plan.nodes.map(() => null);
  const outside: number[] = [];
  for (const node of plan.nodes) {
    for (const child of node.children) {
      const found = child.relationship === 'InitPlan' ? evaluatorOf(child, node, walls, plan) : node;
      if (found) payer[child.id] = found.id;
      else outside.push(child.id);
    }
  }
  for (const id of payer.keys()) if (inCircle(id, payer)) payer[id] = parentOf(plan, id);
  const paid: number[][] = plan.nodes.map(() => []);
  for (const [id, by] of payer.entries()) if (by !== null) paid[by]?.push(id);
  return { payer, paid, outside };
}

function evaluatorOf(initPlan: PlanNode, holder: PlanNode, walls: Walls, plan: Plan): PlanNode | null {
  const cte = /^CTE (.+)$/.exec(initPlan.subplanName ?? '')?.[1];
  if (cte !== undefined) {
    const scans = plan.nodes.filter((node) => node.type === 'CTE Scan' && node.cteName === cte && !node.neverExecuted);
    if (scans.length === 0) return initPlan.type === 'ModifyTable' ? null : holder;
    return scans.find((scan) => covers(scan, initPlan, walls)) ?? longest(scans, walls);
  }
  const mentioned = mentionOf(initPlan.subplanName ?? '');
  const own = new Set([...within(initPlan)].map(({ id }) => id));
  const near = [...within(holder)].filter((node) => !own.has(node.id));
  const users = near.filter((node) => mentions(node, mentioned));
  // A Gather evaluates for its workers, before they start; the nodes below only mention the value.
  const gather = users.find((node) => mentions(node, mentioned, 'Params Evaluated'));
  if (gather) return gather;
  const fitting = users.filter((node) => covers(node, initPlan, walls));
  const lowest = fitting.filter((node) => !fitting.some((other) => other !== node && isBelow(other, node)));
  if (lowest[0]) return lowest[0];
  // What uses it lies below a node that was the first to need it, or the text does not show the use.
  const around = near.filter((node) => users.some((user) => isBelow(user, node)) && covers(node, initPlan, walls));
  return around.at(-1) ?? holder;
}

const covers = (node: PlanNode, part: PlanNode, walls: Walls): boolean =>
  (walls.wallMs[node.id] ?? 0) >= (walls.wallMs[part.id] ?? 0) * slack - slackMs && pages(node) >= pages(part);

const pages = ({ buffers }: PlanNode): number =>
  buffers === null
    ? 0
    : buffers.sharedHit + buffers.sharedRead + buffers.localHit + buffers.localRead + buffers.tempRead;

const longest = (nodes: readonly PlanNode[], walls: Walls): PlanNode | null =>
  nodes.reduce<PlanNode | null>(
    (most, node) => (most && (walls.wallMs[most.id] ?? 0) >= (walls.wallMs[node.id] ?? 0) ? most : node),
    null,
  );

/** How expressions name an InitPlan's value: `$0` up to 16, `(InitPlan 1).col1` from 17. */
function mentionOf(name: string): RegExp {
  const own = /^InitPlan \d+/.exec(name)?.[0];
  const params = [...(/\(returns (.*)\)$/.exec(name)?.[1]?.matchAll(/\$(\d+)/g) ?? [])].map(([, number]) => number);
  const words = [
    ...(own ? [String.raw`\b${own}\b`] : []),
    ...(params.length > 0 ? [String.raw`\$(?:${params.join('|')})(?!\d)`] : []),
  ];
  return new RegExp(words.join('|') || '(?!)');
}

const mentions = (node: PlanNode, pattern: RegExp, only?: string): boolean =>
  node.properties.some(([key, value]) => (only ? key === only : key !== 'Params Evaluated') && pattern.test(value));

function isBelow(node: PlanNode, above: PlanNode): boolean {
  if (node === above) return false;
  for (const each of within(above)) if (each === node) return true;
  return false;
}

function inCircle(id: number, payer: readonly (number | null)[]): boolean {
  const seen = new Set<number>();
  for (let at: number | null = id; at !== null; at = payer[at] ?? null) {
    if (seen.has(at)) return true;
    seen.add(at);
  }
  return false;
}

const parentOf = (plan: Plan, id: number): number | null =>
  plan.nodes.find((node) => node.children.some((child) => child.id === id))?.id ?? null;
