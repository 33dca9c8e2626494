/** The steps as they are run, as a script for elsewhere. */
import type { RunStep } from '../../../../shared/api/structure.ts';
import type { Step } from '../../../../shared/ddl/step.ts';

export const runStepOf = ({ sql, alone, builds }: Step): RunStep => ({ sql, alone, ...(builds ? { builds } : {}) });

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
