/** What a plan (EXPLAIN, FORMAT JSON) says about how much there is to do. */
import { z } from 'zod';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string | undefined;
  readonly 'Total Cost': number;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly PlanNode[] | undefined;
}
const planNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Total Cost': z.number(),
    'Plan Rows': z.number(),
    Plans: z.array(planNode).optional(),
  }),
);
const explained = z.tuple([z.object({ Plan: planNode })]).rest(z.unknown());

export interface Estimate {
  readonly cost: number;
  /** Rows that come out; for DML those that it touches. */
  readonly rows: number;
  /** The nodes that cost most by themselves, the first is the worst. */
  readonly biggest: readonly { readonly node: string; readonly cost: number; readonly rows: number }[];
}

const mostNodes = 3;

/** Null where the text is no such plan. */
export function estimateOf(json: string): Estimate | null {
  const read = explained.safeParse(parsed(json));
  if (!read.success) return null;
  const root = read.data[0].Plan;
  // A ModifyTable gives no rows itself: what feeds it does.
  const fed = root['Node Type'] === 'ModifyTable' ? (root.Plans ?? []) : [root];
  const nodes: Estimate['biggest'][number][] = [];
  const waiting: PlanNode[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    const below = node.Plans ?? [];
    waiting.push(...below);
    const own = node['Total Cost'] - below.reduce((sum, each) => sum + each['Total Cost'], 0);
    const on = node['Relation Name'] ? ` on ${node['Relation Name']}` : '';
    nodes.push({ node: `${node['Node Type']}${on}`, cost: Math.max(0, own), rows: node['Plan Rows'] });
  }
  return {
    cost: root['Total Cost'],
    rows: fed.reduce((sum, node) => sum + node['Plan Rows'], 0),
    biggest: nodes.sort((a, b) => b.cost - a.cost).slice(0, mostNodes),
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
