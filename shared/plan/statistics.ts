/** A plan added up by kind of node, by table and by index. */
import { type Figures, figureOf } from './figures.ts';
import { type Plan, type PlanNode, pagesOf } from './plan.ts';

export interface StatisticsRow {
  readonly name: string;
  readonly count: number;
  readonly exclusiveMs: number | null;
  readonly share: number;
  readonly rows: number | null;
  /** Pages, hit and read, of the nodes themselves. */
  readonly pages: number | null;
  readonly nodeIds: readonly number[];
}

export interface Statistics {
  readonly byType: readonly StatisticsRow[];
  readonly byTable: readonly StatisticsRow[];
  readonly byIndex: readonly StatisticsRow[];
}

export const statisticsOf = (plan: Plan, figures: Figures): Statistics => ({
  byType: grouped(plan, figures, (node) => node.label),
  byTable: grouped(plan, figures, (node) => node.relation && [node.schema, node.relation].filter(Boolean).join('.')),
  byIndex: grouped(plan, figures, (node) => node.index),
});

function grouped(plan: Plan, figures: Figures, keyOf: (node: PlanNode) => string | null): StatisticsRow[] {
  const groups = Map.groupBy(plan.nodes, (node) => keyOf(node) ?? '');
  groups.delete('');
  return [...groups]
    .map(([name, nodes]) => {
      const own = nodes.map((node) => figureOf(figures, node.id));
      return {
        name,
        count: nodes.length,
        exclusiveMs: added(own.map(({ exclusiveMs }) => exclusiveMs)),
        share: own.reduce((sum, { share }) => sum + share, 0),
        rows: added(own.map(({ rowsTotal }) => rowsTotal)),
        pages: added(own.map(({ exclusiveBuffers }) => pagesOf(exclusiveBuffers))),
        nodeIds: nodes.map(({ id }) => id),
      };
    })
    .sort((a, b) => (b.exclusiveMs ?? 0) - (a.exclusiveMs ?? 0) || b.count - a.count);
}

const added = (values: readonly (number | null)[]): number | null =>
  values.every((value) => value === null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
