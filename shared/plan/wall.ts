/**
 * How long each node took by the clock on the wall. EXPLAIN prints averages over loops, and below a Gather the loops of
 * all processes are one number; what a process did at the same time as another must not be added up.
 */
import type { Plan, PlanNode } from './plan.ts';

export interface Walls {
  /** By node id; milliseconds, children included; null where time was not measured. */
  readonly wallMs: readonly (number | null)[];
  /** The same added up over processes. */
  readonly cpuMs: readonly (number | null)[];
  /** Processes that ran the node: 1 outside of a Gather. */
  readonly processes: readonly number[];
}

export function wallsOf(plan: Plan): Walls {
  const wallMs: (number | null)[] = [];
  const cpuMs: (number | null)[] = [];
  const processes: number[] = [];
  const visit = (node: PlanNode, launched: number): void => {
    const { actual } = node;
    const total = actual?.totalMs ?? null;
    cpuMs[node.id] = total === null || !actual ? (node.neverExecuted ? 0 : null) : total * actual.loops;
    const ran = actual && launched > 0 ? Math.max(1, Math.min(actual.loops, launched + 1)) : 1;
    processes[node.id] = ran;
    wallMs[node.id] = launched > 0 ? parallelWall(node, ran) : (cpuMs[node.id] ?? null);
    const gathers = node.type === 'Gather' || node.type === 'Gather Merge';
    // InitPlans that hang on a node run once, in the leader, before the workers need them.
    for (const child of node.children) {
      const alone = child.relationship === 'InitPlan';
      visit(child, alone ? 0 : gathers ? (node.workersLaunched ?? 0) : launched);
    }
  };
  visit(plan.root, 0);
  return { wallMs, cpuMs, processes };
}

/**
 * With a line a worker (VERBOSE), the slowest process: the leader has what the workers leave of average × loops.
 * Without, the processes are taken to be alike: average × loops / processes.
 */
function parallelWall(node: PlanNode, processes: number): number | null {
  const { actual, workers } = node;
  if (!actual) return node.neverExecuted ? 0 : null;
  if (actual.totalMs === null) return null;
  const whole = actual.totalMs * actual.loops;
  const known = workers.flatMap(({ actual: own }) => (own?.totalMs == null ? [] : [own.totalMs * own.loops]));
  if (known.length === 0) return whole / processes;
  const leader = Math.max(0, whole - known.reduce((sum, each) => sum + each, 0));
  return Math.max(leader, ...known);
}
