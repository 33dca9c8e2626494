/** The steps as they are run, as a script for elsewhere. */
import type { RelationSize, RunStep } from '../../../../shared/api/structure.ts';
import { paceKind, touchedBytes } from '../../../../shared/ddl/estimate.ts';
import type { Step } from '../../../../shared/ddl/step.ts';

export function runStepOf(step: Step, size: RelationSize | null): RunStep {
  const { sql, alone, builds } = step;
  const [kind, bytes] = [paceKind(step), touchedBytes(step, size)];
  const load = kind !== null && bytes !== null ? { load: { kind, bytes } } : {};
  return { sql, alone, ...(builds ? { builds } : {}), ...load };
}

/** Neighbours in one transaction, with the lock timeout of the run; what stands alone by itself. */
export function scriptText(steps: readonly Step[], lockTimeoutMs: number): string {
  const lines: string[] = [];
  const timeout = lockTimeoutMs > 0 ? [`SET lock_timeout = '${lockTimeoutMs}ms';`, ''] : [];
  let open = false;
  const end = () => {
    if (open) lines.push('COMMIT;', '');
    open = false;
  };
  for (const step of steps) {
    if (step.alone) {
      end();
      lines.push(`${step.sql};`, '');
      continue;
    }
    if (!open) lines.push('BEGIN;');
    open = true;
    lines.push(`${step.sql};`);
  }
  end();
  return lines.length === 0 ? '' : `${[...timeout, ...lines].join('\n').trimEnd()}\n`;
}
