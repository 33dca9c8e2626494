/**
 * A server's health over a stretch of time: a score by category with its evidence, and one for the whole. The whole is
 * the worst of the categories, each weighted by how much it matters (a mean would hide it), and at most what a finding
 * that must not be outvoted allows. What could not be seen lowers the confidence, never the score.
 */
import type { HealthEvidence } from './evidence.ts';
import { type CategoryId, categories, type Finding, type Judgement } from './finding.ts';
import { judgeConnections } from './rules/connections.ts';
import { judgeErrors, judgeSizes } from './rules/limits.ts';
import { judgeSettings } from './rules/settings.ts';
import { judgeBloat, judgeVacuum } from './rules/vacuum.ts';
import { judgeCache, judgeWaits } from './rules/waits.ts';
import { judgeCheckpoints, judgeReplication } from './rules/writes.ts';

export interface CategoryHealth extends Judgement {
  readonly id: CategoryId;
  readonly label: string;
  /** 0 to 100; null where nothing could be seen. */
  readonly score: number | null;
}

export interface Health {
  /** 0 to 100; null where nothing could be seen at all. */
  readonly score: number | null;
  /** How much of what counts could be seen, 0 to 1. */
  readonly confidence: number;
  readonly categories: readonly CategoryHealth[];
  /** The worst first. */
  readonly findings: readonly Finding[];
}

const rules: Record<CategoryId, (evidence: HealthEvidence) => Judgement> = {
  connections: judgeConnections,
  waits: judgeWaits,
  cache: judgeCache,
  vacuum: judgeVacuum,
  bloat: judgeBloat,
  checkpoints: judgeCheckpoints,
  replication: judgeReplication,
  errors: judgeErrors,
  sizes: judgeSizes,
  settings: judgeSettings,
};

const severities = { critical: 0, warning: 1, notice: 2 } as const;
const seen = { known: 1, partly: 0.5, unknown: 0 } as const;

export function judgeHealth(evidence: HealthEvidence): Health {
  const judged = categories.map(({ id, label, weight }) => {
    const judgement = rules[id](evidence);
    const lost = judgement.findings.reduce((sum, each) => sum + each.deduction, 0);
    const score = judgement.known === 'unknown' ? null : Math.max(0, 100 - lost);
    return { id, label, weight, score, ...judgement };
  });
  const findings = judged
    .flatMap((each) => each.findings)
    .toSorted((a, b) => severities[a.severity] - severities[b.severity] || b.deduction - a.deduction);
  const scores = judged.flatMap(({ score, weight }) => (score === null ? [] : [100 - weight * (100 - score)]));
  const caps = findings.flatMap((each) => (each.cap === undefined ? [] : [each.cap]));
  const whole = judged.reduce((sum, each) => sum + each.weight, 0);
  const known = judged.reduce((sum, each) => sum + each.weight * seen[each.known], 0);
  return {
    score: scores.length === 0 ? null : Math.round(Math.min(...scores, ...caps)),
    confidence: (known / whole) * (0.5 + 0.5 * Math.min(1, Math.max(0, evidence.covered))),
    categories: judged.map(({ weight: _, ...each }) => each),
    findings,
  };
}
