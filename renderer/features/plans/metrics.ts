/** What the views measure nodes by, and how bad a value is. */
import type { Figures, NodeFigures } from '../../../shared/plan/figures.ts';
import { type Plan, pagesOf } from '../../../shared/plan/plan.ts';
import { shownBytes, shownCount, shownDuration } from '../../ui/amounts.ts';

export const metrics = ['time', 'rows', 'cost', 'buffers', 'io'] as const;
export type Metric = (typeof metrics)[number];
export const metricLabels: Readonly<Record<Metric, string>> = {
  time: 'Time',
  rows: 'Rows',
  cost: 'Cost',
  buffers: 'Buffers',
  io: 'I/O',
};

/** Those that the plan has figures for; the first is the one to begin with. */
export function metricsOf(plan: Plan, figures: Figures): Metric[] {
  return metrics.filter((metric) => {
    if (metric === 'cost') return plan.root.totalCost !== null;
    if (metric === 'rows') return plan.analyzed || plan.root.planRows !== null;
    return figures.nodes.some((node) => (metricOf(node, metric) ?? 0) > 0);
  });
}

/** The node's own, without what is below it. */
export function metricOf(node: NodeFigures, metric: Metric): number | null {
  const { exclusiveBuffers: own } = node;
  switch (metric) {
    case 'time':
      return node.exclusiveMs;
    case 'rows':
      return node.rowsTotal ?? node.plannedRowsTotal;
    case 'cost':
      return node.exclusiveCost;
    case 'buffers':
      return pagesOf(own);
    case 'io':
      return own && own.ioReadMs + own.ioWriteMs;
  }
}

export function metricText(value: number | null, metric: Metric): string {
  if (value === null) return '';
  if (metric === 'time' || metric === 'io') return shownMs(value);
  if (metric === 'buffers') return value === 0 ? '' : pagesText(value);
  return metric === 'cost' ? shownCount(Math.round(value * 100) / 100) : shownCount(Math.round(value));
}

/** Three digits below a millisecond, which is what EXPLAIN has. */
export const shownMs = (value: number): string => (value < 1 ? `${value.toFixed(3)} ms` : shownDuration(value));
export const pagesText = (pages: number): string => `${shownCount(pages)} (${shownBytes(pages * 8192)})`;

export interface Scale {
  /** Share of the whole, for colour; 0 to 1. */
  share(node: NodeFigures): number;
}
/** Times and pages are shares of all nodes together; rows are measured by the most. */
export function scaleOf(figures: Figures, metric: Metric): Scale {
  const values = figures.nodes.map((node) => metricOf(node, metric) ?? 0);
  const sum = values.reduce((all, value) => all + value, 0);
  const whole = metric === 'rows' ? Math.max(...values, 0) : metric === 'time' ? (figures.totalMs ?? sum) : sum;
  return { share: (node) => (whole > 0 ? Math.min(1, (metricOf(node, metric) ?? 0) / whole) : 0) };
}

export type Severity = 'none' | 'low' | 'medium' | 'high';
/** Rows are no fault by themselves. */
export function severityOf(share: number, metric: Metric): Severity {
  if (metric === 'rows') return share > 0 ? 'low' : 'none';
  if (share >= 0.5) return 'high';
  if (share >= 0.2) return 'medium';
  return share >= 0.02 ? 'low' : 'none';
}
export const severityFill: Readonly<Record<Severity, string>> = {
  none: 'bg-line-strong',
  low: 'bg-accent',
  medium: 'bg-warning',
  high: 'bg-danger',
};

/** "12× more than expected", for factors worth a mark. */
export function estimateText(node: NodeFigures): string | null {
  const factor = node.estimateFactor;
  if (factor === null || (factor < 10 && factor > 0.1)) return null;
  return factor >= 1 ? `${shownCount(Math.round(factor))}× more` : `${shownCount(Math.round(1 / factor))}× fewer`;
}

/** Rows over all loops, with what rounding leaves open. */
export function rowsText(node: NodeFigures): string {
  if (node.rowsTotal === null) return '';
  const rows = shownCount(Math.round(node.rowsTotal));
  if (node.rowsUncertainty === 0) return rows;
  const open = shownCount(Math.ceil(node.rowsUncertainty));
  return node.rowsTotal === 0 ? `≤ ${open}` : `${rows} ± ${open}`;
}
