/** All findings of a plan, those that could save the most time first. */
import { type Figures, figureOf } from '../figures.ts';
import type { Plan } from '../plan.ts';
import { type Finding, type FindingLevel, findingLevels, type Said } from './finding.ts';
import { estimateRules, planRules } from './plan-rules.ts';
import { scanRules } from './scan-rules.ts';
import { workRules } from './work-rules.ts';

const shortestMs = 1;
const nodeRules = [...scanRules, ...workRules, ...estimateRules];

export function findingsOf(plan: Plan, figures: Figures): Finding[] {
  const found: Finding[] = [];
  const keep = (rule: string, nodeId: number | null, said: Said | null) => {
    if (said) found.push({ rule, nodeId, ...said, level: said.level ?? levelOf(said.savableMs, figures.totalMs) });
  };
  for (const node of plan.nodes) {
    // Of a statement this short nothing is worth a change, and most of what it took was measuring.
    if (!node.actual || (figures.totalMs ?? shortestMs) < shortestMs) continue;
    const own = figureOf(figures, node.id);
    // A node that matters: by its own time, or (TIMING off) each.
    const matters = own.exclusiveMs === null || own.share >= 0.05 || own.exclusiveMs >= 10;
    for (const rule of nodeRules) {
      if (matters || rule.always || feedsLarge(own.inclusiveMs, figures))
        keep(rule.name, node.id, rule.see({ plan, figures, node, own }));
    }
  }
  for (const rule of planRules) keep(rule.name, null, rule.see(plan, figures));
  return found.sort(
    (a, b) =>
      (b.savableMs ?? -1) - (a.savableMs ?? -1) || findingLevels.indexOf(a.level) - findingLevels.indexOf(b.level),
  );
}

/** Spills and loops show at a node whose time is in what lies below it. */
const feedsLarge = (inclusiveMs: number | null, { totalMs }: Figures): boolean =>
  inclusiveMs !== null && (inclusiveMs >= 10 || inclusiveMs >= 0.05 * (totalMs ?? inclusiveMs));

function levelOf(savableMs: number | null, totalMs: number | null): FindingLevel {
  if (savableMs === null || !totalMs) return 'info';
  const share = savableMs / totalMs;
  return share >= 0.3 ? 'serious' : share >= 0.05 ? 'warning' : 'info';
}
