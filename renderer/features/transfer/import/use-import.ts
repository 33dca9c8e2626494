import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { ImportPlan, RejectedRow } from '../../../../shared/api/import-plan.ts';
import type { ImportProgress } from '../../../../shared/api/transfer.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { askGuard } from '../../../workspace/guard/guard-questions.ts';
import { useTabs } from '../../../workspace/tabs.ts';

export type Run =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'running';
      readonly startedAt: number;
      readonly dryRun: boolean;
      readonly now: Extract<ImportProgress, { kind: 'progress' }> | null;
    }
  | { readonly kind: 'done'; readonly dryRun: boolean; readonly end: Extract<ImportProgress, { kind: 'done' }> }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly rejects: readonly RejectedRow[] };

interface Wanted {
  readonly where: { readonly connectionId: string; readonly database?: string };
  readonly token: string;
  readonly plan: ImportPlan;
}

/** One import of a dialog; it is cancelled when the dialog goes. */
export function useImport(): { run: Run; start: (wanted: Wanted) => void; cancel: () => void; forget: () => void } {
  const [run, setRun] = useState<Run>({ kind: 'none' });
  const control = useRef<AbortController | null>(null);
  useEffect(() => () => control.current?.abort(), []);
  const start = async ({ where, token, plan }: Wanted, permit?: string): Promise<void> => {
    const own = new AbortController();
    control.current = own;
    const { dryRun } = plan;
    const running = { kind: 'running', startedAt: performance.now(), dryRun } as const;
    setRun({ ...running, now: null });
    try {
      const input = { ...where, chosen: token, plan, ...(permit === undefined ? {} : { permit }) };
      const events = await client.transfer.import(input, { signal: own.signal });
      for await (const event of events) {
        if (own.signal.aborted) return;
        if (event.kind === 'question') {
          setRun({ kind: 'none' });
          const { question } = event;
          const tabId = useTabs.getState().activeId ?? '';
          const yes = await askGuard(tabId, { question, notes: [], runLabel: 'Import', onPlan: () => undefined });
          return yes && !own.signal.aborted ? await start({ where, token, plan }, question.permit) : undefined;
        }
        if (event.kind === 'progress') setRun({ ...running, now: event });
        else if (event.kind === 'done') setRun({ kind: 'done', dryRun, end: event });
        else setRun({ kind: 'failed', failure: event.failure, rejects: event.rejects });
      }
    } catch (thrown) {
      if (!own.signal.aborted) setRun({ kind: 'failed', failure: failureFrom(thrown), rejects: [] });
    }
  };
  const cancel = () => {
    control.current?.abort();
    const message = 'The import was cancelled. What was not committed is rolled back.';
    setRun({ kind: 'failed', failure: { kind: 'cancelled', message }, rejects: [] });
  };
  return { run, start: (wanted) => void start(wanted), cancel, forget: () => setRun({ kind: 'none' }) };
}
