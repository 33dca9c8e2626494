/** A kept plan as the views need it: tree, figures, findings, made once. */
import { useMemo } from 'react';
import { type Figures, figuresOf } from '../../../shared/plan/figures.ts';
import { findingsOf } from '../../../shared/plan/findings/find.ts';
import type { Finding } from '../../../shared/plan/findings/finding.ts';
import type { Plan, PlanNode } from '../../../shared/plan/plan.ts';
import { readPlan } from '../../../shared/plan/read/read-plan.ts';

export interface PlanModel {
  readonly plan: Plan;
  readonly figures: Figures;
  readonly findings: readonly Finding[];
  readonly findingsByNode: ReadonlyMap<number, readonly Finding[]>;
}

/** Throws PlanTextError for a text that is no plan. */
export function planModel(text: string): PlanModel {
  const plan = readPlan(text);
  const figures = figuresOf(plan);
  const findings = findingsOf(plan, figures);
  const byNode = new Map<number, Finding[]>();
  for (const finding of findings) {
    if (finding.nodeId !== null) byNode.set(finding.nodeId, [...(byNode.get(finding.nodeId) ?? []), finding]);
  }
  return { plan, figures, findings, findingsByNode: byNode };
}

export const usePlanModel = (text: string): PlanModel => useMemo(() => planModel(text), [text]);

/** What every view is given. */
export interface ViewProps {
  readonly model: PlanModel;
  readonly selected: number | null;
  readonly onSelect: (nodeId: number) => void;
}

export const subplanText = (node: PlanNode): string | null => node.subplanName?.replace(/ \(returns .*\)$/, '') ?? null;
