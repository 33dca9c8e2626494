import { useState } from 'react';
import type { ImportPlan } from '../../../../shared/api/import-plan.ts';
import type { ImportProgress } from '../../../../shared/api/transfer.ts';
import { client } from '../../../client/connect.ts';
import type { TaskState } from '../tasks/tasks.ts';
import { useTask } from '../tasks/use-task.ts';
import { countWords, importWords } from './import-run-view.tsx';

interface Wanted {
  readonly where: { readonly connectionId: string; readonly database?: string };
  readonly token: string;
  readonly name: string;
  readonly plan: ImportPlan;
}

/** One import of a dialog; it goes on when the dialog goes. */
export function useImport() {
  const [dryRun, setDryRun] = useState(false);
  const { run, start, cancel, forget } = useTask<ImportProgress>();
  return {
    run,
    dryRun,
    cancel,
    forget,
    start({ where, token, name, plan }: Wanted): void {
      setDryRun(plan.dryRun);
      start({
        title: `${plan.dryRun ? 'Dry run' : 'Import'} of ${name}`,
        runLabel: 'Import',
        open: (permit, signal) =>
          client.transfer.import({ ...where, chosen: token, plan, ...(permit ? { permit } : {}) }, { signal }),
        words: stateOf,
      });
    },
  };
}

function stateOf(event: ImportProgress, startedAt: number): TaskState {
  if (event.kind === 'failed') return { kind: 'failed', words: event.failure.message };
  if (event.kind === 'done') return { kind: 'done', words: countWords(event), rejectsId: event.rejectsId };
  const fraction = event.totalBytes > 0 ? event.bytes / event.totalBytes : undefined;
  return { kind: 'running', words: importWords(event, startedAt), fraction };
}
