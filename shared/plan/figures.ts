/**
 * What each node itself cost: figures without those of the nodes it includes. The sum over all nodes is never more
 * than the root's (plus what ran outside of it): where rounding or processes side by side make the parts exceed the
 * whole, the parts are scaled down, and the node says so.
 */
import { type Charge, chargeOf } from './charge.ts';
import type { BufferName, Buffers, Plan, PlanNode } from './plan.ts';
import { wallsOf } from './wall.ts';

export interface NodeFigures {
  readonly id: number;
  readonly depth: number;
  readonly parentId: number | null;
  /** By the clock, children included; null where not measured. */
  readonly inclusiveMs: number | null;
  readonly exclusiveMs: number | null;
  /** Added up over processes, children included. */
  readonly cpuMs: number | null;
  /** Share of the whole execution, 0 to 1. */
  readonly share: number;
  /** The parts claimed more than the whole: rounding, or processes side by side. */
  readonly clamped: boolean;
  readonly processes: number;
  readonly exclusiveCost: number | null;
  /** Over all loops. */
  readonly rowsTotal: number | null;
  /** ± so many rows by rounding of the average; 0 where exact. */
  readonly rowsUncertainty: number;
  readonly plannedRowsTotal: number | null;
  /** Actual over planned rows, a loop; at least 1/1 where either is below 1. Null where not comparable. */
  readonly estimateFactor: number | null;
  /** Stopped early by what is above (LIMIT, semi-join, merge join): its rows say nothing about the estimate. */
  readonly cutShort: boolean;
  readonly exclusiveBuffers: Buffers | null;
  readonly exclusiveWalBytes: number | null;
  readonly rowsRemoved: number;
}

export interface Figures {
  readonly nodes: readonly NodeFigures[];
  readonly charge: Charge;
  /** What shares are of: Execution Time, else the root's time; null without times. */
  readonly totalMs: number | null;
  readonly triggersMs: number;
  /** Of all nodes together. */
  readonly nodesMs: number;
}

export function figuresOf(plan: Plan): Figures {
  const walls = wallsOf(plan);
  const charge = chargeOf(plan, walls);
  const rootMs = walls.wallMs[plan.root.id] ?? null;
  const totalMs = plan.executionMs ?? rootMs;
  const rest =
    plan.executionMs === null || rootMs === null ? Number.POSITIVE_INFINITY : Math.max(0, plan.executionMs - rootMs);
  const time = exclusive((id) => walls.wallMs[id] ?? null, charge, plan, rest);
  const asPlanned = plannedCharge(plan);
  const cost = exclusive((id) => plan.nodes[id]?.totalCost ?? null, asPlanned, plan, Number.POSITIVE_INFINITY);
  const wal = exclusive((id) => plan.nodes[id]?.wal?.bytes ?? null, charge, plan, Number.POSITIVE_INFINITY);
  const buffers = exclusiveBuffers(plan, charge);
  const cut = cutShortOf(plan);
  const { depth, parent } = placesOf(plan);
  const nodes = plan.nodes.map((node) => {
    const exclusiveMs = time.own[node.id] ?? null;
    return {
      id: node.id,
      depth: depth[node.id] ?? 0,
      parentId: parent[node.id] ?? null,
      inclusiveMs: walls.wallMs[node.id] ?? null,
      exclusiveMs,
      cpuMs: walls.cpuMs[node.id] ?? null,
      share: totalMs && exclusiveMs !== null ? Math.min(1, exclusiveMs / totalMs) : 0,
      clamped: time.clamped[node.id] ?? false,
      processes: walls.processes[node.id] ?? 1,
      exclusiveCost: cost.own[node.id] ?? null,
      exclusiveBuffers: buffers[node.id] ?? null,
      exclusiveWalBytes: wal.own[node.id] ?? null,
      cutShort: cut.has(node.id),
      ...rowFigures(plan, node, cut.has(node.id)),
    };
  });
  const nodesMs = nodes.reduce((sum, { exclusiveMs }) => sum + (exclusiveMs ?? 0), 0);
  const triggersMs = plan.triggers.reduce((sum, { timeMs }) => sum + (timeMs ?? 0), 0);
  return { nodes, charge, totalMs, triggersMs, nodesMs };
}

/** From the top: what a node includes may take no more than the node has. */
function exclusive(inclusiveOf: (id: number) => number | null, charge: Charge, plan: Plan, outsideAtMost: number) {
  const own: (number | null)[] = plan.nodes.map(() => null);
  const clamped: boolean[] = plan.nodes.map(() => false);
  const visit = (id: number, scale: number): void => {
    const whole = inclusiveOf(id);
    const parts = charge.paid[id] ?? [];
    const claimed = parts.reduce((sum, part) => sum + (inclusiveOf(part) ?? 0), 0);
    const fits = whole === null || claimed <= whole;
    if (whole !== null) own[id] = fits ? (whole - claimed) * scale : 0;
    clamped[id] = !fits;
    const partScale = fits || claimed === 0 || whole === null ? scale : (scale * whole) / claimed;
    for (const part of parts) visit(part, partScale);
  };
  visit(plan.root.id, 1);
  const outside = charge.outside.reduce((sum, id) => sum + (inclusiveOf(id) ?? 0), 0);
  for (const id of charge.outside) visit(id, outside > outsideAtMost ? outsideAtMost / outside : 1);
  return { own, clamped };
}

/** The planner adds a CTE's and an InitPlan's cost to the node it hangs on. */
function plannedCharge(plan: Plan): Charge {
  const payer: (number | null)[] = plan.nodes.map(() => null);
  const paid = plan.nodes.map((node) => node.children.map(({ id }) => id));
  for (const node of plan.nodes) for (const child of node.children) payer[child.id] = node.id;
  return { payer, paid, outside: [] };
}

const bufferNames: readonly BufferName[] = [
  ...(['sharedHit', 'sharedRead', 'sharedDirtied', 'sharedWritten', 'localHit', 'localRead'] as const),
  ...(['localDirtied', 'localWritten', 'tempRead', 'tempWritten', 'ioReadMs', 'ioWriteMs'] as const),
];

function exclusiveBuffers(plan: Plan, charge: Charge): (Buffers | null)[] {
  if (!plan.nodes.some(({ buffers }) => buffers !== null)) return plan.nodes.map(() => null);
  // A node without a line has touched no page.
  const parts = bufferNames.map(
    (name) => exclusive((id) => plan.nodes[id]?.buffers?.[name] ?? 0, charge, plan, Number.POSITIVE_INFINITY).own,
  );
  const entriesOf = (id: number) => bufferNames.map((name, at) => [name, round(parts[at]?.[id] ?? 0)] as const);
  return plan.nodes.map(({ id }) => Object.fromEntries(entriesOf(id)) as unknown as Buffers);
}

/** Away with the dust of floating point; not rounded up, so that sums hold. */
const round = (value: number): number => Math.floor(value * 1000 + 1e-6) / 1000;

function placesOf(plan: Plan) {
  const depth: number[] = [0];
  const parent: (number | null)[] = [null];
  for (const node of plan.nodes) {
    for (const child of node.children) {
      depth[child.id] = (depth[node.id] ?? 0) + 1;
      parent[child.id] = node.id;
    }
  }
  return { depth, parent };
}

function rowFigures(plan: Plan, node: PlanNode, cutShort: boolean) {
  const { actual, planRows } = node;
  const loops = actual?.loops ?? 0;
  const rowsTotal = actual ? actual.rows * loops : node.neverExecuted ? 0 : null;
  const factor = actual && planRows !== null && !cutShort ? Math.max(actual.rows, 1) / Math.max(planRows, 1) : null;
  const removed = node.properties
    .filter(([key]) => key.startsWith('Rows Removed by'))
    .reduce((sum, [, value]) => sum + (Number.parseFloat(value) || 0), 0);
  return {
    rowsTotal,
    rowsUncertainty: actual && loops > 1 && !plan.fractionalRows ? 0.5 * loops : 0,
    plannedRowsTotal: planRows === null ? null : planRows * Math.max(1, loops),
    estimateFactor: factor,
    rowsRemoved: removed * Math.max(1, loops),
  };
}

/** They read all their input before they give a row: what is below them was not cut short. */
const blocking = new Set(['Sort', 'Hash', 'Materialize', 'Gather Merge', 'ModifyTable', 'SetOp']);
const blocks = (node: PlanNode): boolean =>
  blocking.has(node.type) || (node.type === 'Aggregate' && node.strategy !== 'Sorted');

/** Nodes that something above stopped before their end. */
function cutShortOf(plan: Plan): Set<number> {
  const cut = new Set<number>();
  const visit = (node: PlanNode, isCut: boolean): void => {
    if (isCut) cut.add(node.id);
    const goesOn = isCut && !blocks(node);
    for (const child of node.children) {
      const semi =
        /Semi|Anti/.test(node.joinType ?? '') && node.type === 'Nested Loop' && child.relationship === 'Inner';
      const unique =
        child.relationship === 'Inner' &&
        node.properties.some(([key, value]) => key === 'Inner Unique' && value === 'true');
      const own =
        node.type === 'Limit' || node.type === 'Merge Join' || semi || (unique && node.type === 'Nested Loop');
      const fresh = child.relationship === 'SubPlan' || child.relationship === 'InitPlan';
      visit(
        child,
        fresh ? child.actual !== null && (child.planRows ?? 0) > 1 && child.actual.rows <= 1 : goesOn || own,
      );
    }
  };
  visit(plan.root, false);
  return cut;
}

/** Figures of a node, which is known to be of the plan. */
export const figureOf = (figures: Figures, id: number): NodeFigures => figures.nodes[id] as NodeFigures;
