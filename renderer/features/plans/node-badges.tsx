import type { NodeFigures } from '../../../shared/plan/figures.ts';
import type { Finding } from '../../../shared/plan/findings/finding.ts';
import type { PlanNode } from '../../../shared/plan/plan.ts';
import { shownCount } from '../../ui/amounts.ts';
import { cx } from '../../ui/class-names.ts';
import { estimateText } from './metrics.ts';

const badge = 'shrink-0 rounded-sm px-1 text-2xs leading-4 whitespace-nowrap';
const tones = {
  quiet: 'bg-sunken text-muted',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
};

/** Marks that tell at a glance: findings, a wrong estimate, loops, workers, what never ran. */
export function NodeBadges({
  node,
  figure,
  findings,
}: {
  node: PlanNode;
  figure: NodeFigures;
  findings: readonly Finding[];
}) {
  const estimate = figure.cutShort ? null : estimateText(figure);
  const loops = node.actual?.loops ?? 1;
  const serious = findings.some(({ level }) => level === 'serious');
  return (
    <>
      {findings.length > 0 && (
        <span className={cx(badge, serious ? tones.danger : tones.warning)}>
          {findings.length === 1 ? '1 finding' : `${findings.length} findings`}
        </span>
      )}
      {estimate && <span className={cx(badge, tones.warning)}>{estimate} rows</span>}
      {loops > 1 && figure.processes === 1 && <span className={cx(badge, tones.quiet)}>{shownCount(loops)} loops</span>}
      {figure.processes > 1 && <span className={cx(badge, tones.quiet)}>{figure.processes} processes</span>}
      {node.workersLaunched !== null && <span className={cx(badge, tones.quiet)}>{node.workersLaunched} workers</span>}
      {node.neverExecuted && <span className={cx(badge, tones.quiet)}>never executed</span>}
      {figure.cutShort && node.actual && <span className={cx(badge, tones.quiet)}>stopped early</span>}
    </>
  );
}
