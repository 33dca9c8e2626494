/** What a rule says about a plan: where, on what evidence, what to do, and how much time that could save. */
import type { Figures, NodeFigures } from '../figures.ts';
import type { Plan, PlanNode } from '../plan.ts';

export const findingLevels = ['serious', 'warning', 'info'] as const;
export type FindingLevel = (typeof findingLevels)[number];

export interface Finding {
  readonly rule: string;
  /** Null for what concerns the statement as a whole. */
  readonly nodeId: number | null;
  readonly level: FindingLevel;
  readonly title: string;
  readonly evidence: string;
  readonly remedy: string;
  /** An upper guess: the node's own time × how much of it the remedy usually takes away. Null where nothing is known. */
  readonly savableMs: number | null;
}

export interface Seen {
  readonly plan: Plan;
  readonly figures: Figures;
  readonly node: PlanNode;
  readonly own: NodeFigures;
}

/** What a rule answers with; the rest is put in by find.ts. */
export interface Said {
  readonly title: string;
  readonly evidence: string;
  readonly remedy: string;
  readonly savableMs: number | null;
  readonly level?: FindingLevel;
}
export interface NodeRule {
  readonly name: string;
  /** Null where it does not apply. Asked only of nodes that ran. */
  readonly see: (seen: Seen) => Said | null;
  /** Also for nodes that took little time. */
  readonly always?: boolean;
}
export interface PlanRule {
  readonly name: string;
  readonly see: (plan: Plan, figures: Figures) => Said | null;
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
export const count = (value: number): string => whole.format(value);
export const percent = (share: number): string => `${whole.format(share * 100)} %`;
export const ms = (value: number): string =>
  value < 10 ? `${value.toFixed(2)} ms` : value < 1000 ? `${whole.format(value)} ms` : `${(value / 1000).toFixed(2)} s`;
export const kilobytes = (kb: number): string =>
  kb < 1024
    ? `${whole.format(kb)} kB`
    : kb < 1_048_576
      ? `${(kb / 1024).toFixed(1)} MB`
      : `${(kb / 1_048_576).toFixed(1)} GB`;

/** A part of the node's own time. */
export const partOfOwn = ({ own }: Seen, factor: number): number | null =>
  own.exclusiveMs === null ? null : own.exclusiveMs * factor;
