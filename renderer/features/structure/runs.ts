/** Changes under way, outside the pages: a tab that is not in front goes on. Closing the tab cancels on the server. */
import { create } from 'zustand';
import type { Failure } from '../../../shared/api/base.ts';
import type { RunStep, StructureEvent } from '../../../shared/api/structure.ts';
import { refresh } from '../../client/catalogs.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { askGuard } from '../../workspace/guard/guard-questions.ts';
import { structureChanged } from '../../workspace/structure/structure-changes.ts';
import { onTabClosed } from '../../workspace/tabs.ts';

export interface StructureRun {
  readonly state: 'running' | 'done' | 'failed';
  readonly steps: readonly RunStep[];
  /** The step that is on, or that failed. */
  readonly at: number;
  /** Milliseconds of the steps that have ended. */
  readonly tookMs: ReadonlyMap<number, number>;
  /** So many steps are there for good. */
  readonly kept: number;
  readonly again: { readonly attempt: number; readonly of: number; readonly waitMs: number } | null;
  readonly failure: Failure | null;
  readonly note: string | null;
}

interface Settings {
  /** Milliseconds a lock is waited for. */
  readonly lockTimeoutMs: number;
  readonly attempts: number;
}
interface Runs {
  readonly byTab: ReadonlyMap<string, StructureRun>;
  /** As chosen the last time. */
  readonly settings: Settings;
}
export const useStructureRuns = create<Runs>(() => ({
  byTab: new Map(),
  settings: { lockTimeoutMs: 3000, attempts: 10 },
}));
export const changeRunSettings = (change: Partial<Settings>): void =>
  useStructureRuns.setState(({ settings }) => ({ settings: { ...settings, ...change } }));

export interface StructureRequest {
  readonly connectionId: string;
  readonly database: string;
  readonly steps: readonly RunStep[];
}

const controls = new Map<string, AbortController>();
const put = (tabId: string, run: StructureRun): void =>
  useStructureRuns.setState(({ byTab }) => ({ byTab: new Map(byTab).set(tabId, run) }));

export function forgetRun(tabId: string): void {
  useStructureRuns.setState(({ byTab }) => ({ byTab: new Map([...byTab].filter(([key]) => key !== tabId)) }));
}
export const cancelRun = (tabId: string): void => controls.get(tabId)?.abort();

/** Runs the steps; asks first where the guard rails want it. True when all of them are done. */
export async function runChange(tabId: string, request: StructureRequest, permit?: string): Promise<boolean> {
  controls.get(tabId)?.abort();
  const control = new AbortController();
  controls.set(tabId, control);
  const { connectionId, database } = request;
  const { settings } = useStructureRuns.getState();
  const steps = [...request.steps];
  let run: StructureRun = {
    state: 'running',
    steps,
    at: 0,
    tookMs: new Map(),
    kept: 0,
    again: null,
    failure: null,
    note: null,
  };
  put(tabId, run);
  try {
    const input = { connectionId, database, steps, ...settings, ...(permit === undefined ? {} : { permit }) };
    for await (const event of await client.structure.run(input, { signal: control.signal })) {
      if (controls.get(tabId) !== control) return false;
      if (event.kind === 'question') {
        forgetRun(tabId);
        const { question } = event;
        const yes = await askGuard(tabId, { question, notes: [], runLabel: 'Run', onPlan: () => undefined });
        return yes ? await runChange(tabId, request, question.permit) : false;
      }
      run = after(run, event);
      put(tabId, run);
    }
  } catch (thrown) {
    if (controls.get(tabId) !== control) return false;
    const failure = control.signal.aborted ? cancelled : failureFrom(thrown);
    run = { ...run, state: 'failed', failure, again: null };
    put(tabId, run);
  }
  if (run.kept > 0) {
    structureChanged(connectionId, database);
    void refresh({ connectionId, database }, true).catch(() => undefined);
  }
  return run.state === 'done';
}
const cancelled: Failure = { kind: 'cancelled', message: 'Cancelled. The transaction that was open was rolled back.' };

function after(run: StructureRun, event: StructureEvent): StructureRun {
  switch (event.kind) {
    case 'began':
      return { ...run, at: event.step, again: null };
    case 'ended':
      return { ...run, tookMs: new Map(run.tookMs).set(event.step, event.tookMs) };
    case 'again':
      return {
        ...run,
        at: event.step,
        again: event,
        tookMs: new Map([...run.tookMs].filter(([at]) => at < event.step)),
      };
    case 'committed':
      return { ...run, kept: event.upTo };
    case 'failed': {
      const { step, failure, kept, note } = event;
      const tookMs = new Map([...run.tookMs].filter(([at]) => at < kept));
      return { ...run, state: 'failed', at: step, failure, kept, note, again: null, tookMs };
    }
    case 'refused':
      return {
        ...run,
        state: 'failed',
        failure: { kind: 'unsupported', needs: 'a connection that may write', message: event.why },
      };
    case 'done':
      return { ...run, state: 'done', again: null };
    case 'question':
      return run;
  }
}

onTabClosed(({ id }) => {
  controls.get(id)?.abort();
  controls.delete(id);
  forgetRun(id);
});
