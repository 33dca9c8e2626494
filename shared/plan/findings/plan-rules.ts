/** Rules about estimates, workers and the statement as a whole. */
import type { Figures } from '../figures.ts';
import { figureOf } from '../figures.ts';
import { numberOf, type Plan, type PlanNode, titleOf } from '../plan.ts';
import { count, ms, type NodeRule, type PlanRule, percent, type Seen } from './finding.ts';

const isOff = (factor: number | null): boolean => factor !== null && (factor >= 10 || factor <= 0.1);

/** They report no rows of their own, or what they would have had. */
const saysNothing = new Set(['BitmapOr', 'BitmapAnd', 'Result', 'ModifyTable', 'WorkTable Scan', 'Recursive Union']);

/** Where it starts: no input of the node is off already. */
const misestimate: NodeRule = {
  name: 'row-estimate',
  always: true,
  see: (seen) => {
    const { node, own, figures, plan } = seen;
    if (!isOff(own.estimateFactor) || node.actual === null || saysNothing.has(node.type)) return null;
    if (node.children.some((child) => isOff(figureOf(figures, child.id).estimateFactor))) return null;
    // What it misled is above it: the joins and sorts that were chosen for another number of rows.
    const above = own.parentId === null ? own : figureOf(figures, own.parentId);
    const at = Math.max(above.inclusiveMs ?? 0, own.inclusiveMs ?? 0);
    if (at < 10 && at < 0.05 * (figures.totalMs ?? 0)) return null;
    if (Math.abs(node.actual.rows - (node.planRows ?? 0)) < 20) return null;
    const factor = own.estimateFactor ?? 1;
    const times = factor >= 1 ? factor : 1 / factor;
    const generic = node.properties.some(([key, value]) => /Cond|Filter/.test(key) && /\$\d/.test(value));
    return {
      title: `${count(times)} times ${factor >= 1 ? 'more' : 'fewer'} rows than expected`,
      evidence: `${titleOf(node)}: ${count(node.planRows ?? 0)} expected a loop, ${shownRows(seen)} came. The nodes above were chosen for the wrong number.`,
      remedy: node.type.endsWith('Function Scan')
        ? 'The planner has no statistics of a function’s rows: give it a ROWS estimate, or put the rows into a temporary table and ANALYZE it.'
        : generic
          ? 'The condition has a parameter: this is a generic plan, which does not know its value. plan_cache_mode = force_custom_plan plans for the value.'
          : `ANALYZE ${node.relation ?? 'the tables'}; where columns depend on each other, CREATE STATISTICS on them; for an expression, statistics on the expression.`,
      savableMs: (above.exclusiveMs ?? 0) * (times >= 100 ? 0.4 : 0.2),
      level: times >= 100 && at > 0.1 * (plan.executionMs ?? at) ? 'serious' : 'warning',
    };
  },
};

const shownRows = ({ node, own }: Seen): string => {
  const rows = node.actual?.rows ?? 0;
  if (own.rowsUncertainty > 0 && rows === 0) return `≤ ${count(own.rowsUncertainty)} in all`;
  return rows < 10 ? String(Math.round(rows * 100) / 100) : count(rows);
};

const fewWorkers: NodeRule = {
  name: 'workers-missing',
  always: true,
  see: ({ node, own }) => {
    const planned = node.workersPlanned ?? 0;
    const launched = node.workersLaunched ?? planned;
    if (launched >= planned) return null;
    const share = (planned - launched) / (planned + 1);
    return {
      title: `${planned - launched} of ${planned} parallel workers were not there`,
      evidence: `Workers planned ${planned}, launched ${launched}.`,
      remedy:
        'All were busy: raise max_parallel_workers and max_worker_processes, or run fewer parallel statements at once.',
      savableMs: (own.inclusiveMs ?? 0) * share,
    };
  },
};

const skew: NodeRule = {
  name: 'worker-skew',
  see: ({ node, own }) => {
    const times = node.workers.flatMap(({ actual }) =>
      actual?.totalMs == null ? [] : [actual.totalMs * actual.loops],
    );
    if (times.length === 0 || own.cpuMs === null || own.inclusiveMs === null || own.exclusiveMs === null) return null;
    const fair = own.cpuMs / (times.length + 1);
    if (fair <= 0 || own.inclusiveMs < fair * 2 || own.exclusiveMs < own.inclusiveMs * 0.3) return null;
    return {
      title: 'One process did most of the parallel work',
      evidence: `The slowest took ${ms(own.inclusiveMs)}, an even share would be ${ms(fair)}.`,
      remedy:
        'A few large partitions or values, or workers that came late. Smaller pieces, or a lower parallel_setup_cost to start them sooner.',
      savableMs: (own.inclusiveMs - fair) * 0.5,
    };
  },
};

const pruning: NodeRule = {
  name: 'partitions-read',
  see: ({ node, figures }) => {
    if (!['Append', 'Merge Append', 'MergeAppend'].includes(node.type)) return null;
    const members = node.children.filter(({ relationship }) => relationship === 'Member');
    const ran = members.filter((member) => !member.neverExecuted);
    const empty = ran.filter((member) => (member.actual?.rows ?? 0) === 0);
    if (members.length < 8 || empty.length < ran.length * 0.7 || ran.length < 8) return null;
    const spent = empty.reduce((sum, member) => sum + (figureOf(figures, member.id).inclusiveMs ?? 0), 0);
    return {
      title: `${empty.length} of ${ran.length} partitions were read for nothing`,
      evidence: `They gave no row and took ${ms(spent)}; ${count(numberOf(node, 'Subplans Removed') ?? 0)} were pruned.`,
      remedy:
        'A condition on the partition key itself, with a constant or parameter of its type, lets the server leave them out.',
      savableMs: spent,
    };
  },
};

export const estimateRules: readonly NodeRule[] = [misestimate, fewWorkers, skew, pruning];

const planning: PlanRule = {
  name: 'planning-time',
  see: (plan, figures) => {
    const planned = plan.planningMs ?? 0;
    const ran = figures.totalMs;
    // Of a plan that was not run nobody knows what its planning is beside.
    if (ran === null || planned < 5 || planned < ran * 0.4) return null;
    const relations = new Set(plan.nodes.flatMap((node) => (node.relation ? [node.relation] : []))).size;
    return {
      title: 'Planning took as long as a good part of the run',
      evidence: `${ms(planned)} of planning for ${ms(ran)} of execution; ${relations} tables in the plan.`,
      remedy:
        'A prepared statement plans once. Many partitions, many indexes or many joins cost planning time: prune partitions, lower join_collapse_limit. The first statement of a session also loads the catalog.',
      savableMs: planned * 0.7,
    };
  },
};

const jit: PlanRule = {
  name: 'jit',
  see: (plan, figures) => {
    const spent = plan.jit?.totalMs ?? 0;
    const total = figures.totalMs ?? 0;
    if (spent < 10 || spent < total * 0.1) return null;
    return {
      title: 'JIT compilation takes much of the time',
      evidence: `${ms(spent)} (${percent(spent / total)}) to compile ${count(plan.jit?.functions ?? 0)} functions.`,
      remedy: 'A higher jit_above_cost, or jit = off for statements as short as this one.',
      savableMs: spent * 0.9,
    };
  },
};

const triggers: PlanRule = {
  name: 'trigger-time',
  see: (plan, figures) => {
    const total = figures.totalMs ?? 0;
    const worst = plan.triggers.reduce(
      (most, each) => ((each.timeMs ?? 0) > (most?.timeMs ?? 0) ? each : most),
      plan.triggers[0],
    );
    const spent = worst?.timeMs ?? 0;
    if (!worst || spent < 10 || spent < total * 0.1) return null;
    const name = worst.constraint ?? worst.name;
    return {
      title: `Triggers take ${percent(figures.triggersMs / total)} of the time`,
      evidence: `${name}${worst.relation ? ` on ${worst.relation}` : ''}: ${ms(spent)} in ${count(worst.calls)} calls.`,
      remedy: worst.constraint
        ? 'It checks a foreign key: an index on the referencing column lets it find the rows instead of reading the table each time.'
        : 'Look at what the function does a row; a statement-level trigger with transition tables does it once.',
      savableMs: spent * (worst.constraint ? 0.8 : 0.5),
    };
  },
};

const settings: PlanRule = {
  name: 'settings',
  see: (plan) => {
    const off = plan.settings.filter(([name, value]) => name.startsWith('enable_') && value === 'off');
    if (off.length === 0) return null;
    return {
      title: 'Kinds of plans are switched off',
      evidence: off.map(([name, value]) => `${name} = ${value}`).join(', '),
      remedy:
        'Such a setting is for trying things out; where it was needed, the estimates or cost settings are what is wrong.',
      savableMs: null,
      level: 'info',
    };
  },
};

const rate = (node: PlanNode, figures: Figures): number =>
  (figureOf(figures, node.id).exclusiveMs ?? 0) / Math.max(1, figureOf(figures, node.id).exclusiveCost ?? 1);

/** A node that took far more time for its cost than the rest: I/O, locks, functions the planner knows nothing about. */
const costOutlier: PlanRule = {
  name: 'cost-outlier',
  see: (plan: Plan, figures: Figures) => {
    const total = figures.totalMs ?? 0;
    const large = plan.nodes.filter(
      (node) => figureOf(figures, node.id).share >= 0.3 && (figureOf(figures, node.id).exclusiveMs ?? 0) >= 100,
    );
    const most = large.reduce<PlanNode | null>(
      (worst, node) => (worst && rate(worst, figures) >= rate(node, figures) ? worst : node),
      null,
    );
    if (!most) return null;
    const restCost = Math.max(1, (plan.root.totalCost ?? 0) - (figureOf(figures, most.id).exclusiveCost ?? 0));
    const others = (total - (figureOf(figures, most.id).exclusiveMs ?? 0)) / restCost;
    if (others <= 0 || rate(most, figures) < others * 50) return null;
    return {
      title: `${titleOf(most)} took far longer than its cost says`,
      evidence: `${ms(figureOf(figures, most.id).exclusiveMs ?? 0)} at a cost of ${count(figureOf(figures, most.id).exclusiveCost ?? 0)}: ${count(rate(most, figures) / others)} times the rate of the rest.`,
      remedy:
        'Slow disks, waiting for a lock, or a costly function: give the function a COST, and look at waits while it runs.',
      savableMs: null,
      level: 'info',
    };
  },
};

export const planRules: readonly PlanRule[] = [planning, jit, triggers, settings, costOutlier];
