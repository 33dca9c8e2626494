/** The explains under way, outside the pages: a tab that is not shown goes on, and closing it cancels on the server. */
import { create } from 'zustand';
import type { Failure } from '../../../shared/api/base.ts';
import type { GuardQuestion } from '../../../shared/api/guard.ts';
import type { ExplainOptions } from '../../../shared/api/plans.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { askGuard } from '../../workspace/guard/guard-questions.ts';
import type { PlanRequest } from '../../workspace/plan-requests.ts';
import { changeTab, onTabClosed } from '../../workspace/tabs.ts';

export interface PlanRun {
  readonly round: number;
  readonly running: boolean;
  readonly startedAtMs: number;
  readonly failure: Failure | null;
  /** ANALYZE would write: what the person has to know first. */
  readonly confirm: {
    readonly command: string;
    readonly touches: readonly string[];
    readonly warnings: readonly string[];
  } | null;
  readonly notices: readonly string[];
  readonly options: ExplainOptions;
}

interface Runs {
  readonly byTab: ReadonlyMap<string, PlanRun>;
  /** As chosen the last time. */
  readonly options: ExplainOptions;
  readonly freshSession: boolean;
}

export const usePlanRuns = create<Runs>(() => ({
  byTab: new Map(),
  options: {
    analyze: false,
    verbose: false,
    buffers: true,
    settings: true,
    wal: false,
    timing: true,
    summary: true,
    genericPlan: false,
    memory: false,
    serialize: 'none',
  },
  freshSession: false,
}));

const controls = new Map<string, AbortController>();

export const changeOptions = (change: Partial<ExplainOptions>): void =>
  usePlanRuns.setState(({ options }) => ({ options: { ...options, ...change } }));

const put = (tabId: string, run: PlanRun): void =>
  usePlanRuns.setState(({ byTab }) => ({ byTab: new Map(byTab).set(tabId, run) }));

/** The answers to what was asked before. */
interface Yes {
  readonly confirmed?: true;
  readonly permit?: string;
}

/** Explains; the tab then shows the kept plan. */
export async function runPlan(tabId: string, request: PlanRequest, analyze: boolean, yes: Yes = {}): Promise<void> {
  controls.get(tabId)?.abort();
  const control = new AbortController();
  controls.set(tabId, control);
  const { options: chosen, freshSession } = usePlanRuns.getState();
  const options = { ...chosen, analyze, genericPlan: chosen.genericPlan && !analyze };
  const { round, connectionId, recordingId, database, sessionId, sql, caret } = request;
  const begun: PlanRun = {
    round,
    running: true,
    startedAtMs: Date.now(),
    failure: null,
    confirm: null,
    notices: [],
    options,
  };
  put(tabId, begun);
  try {
    const answer = await client.plans.explain(
      {
        ...(connectionId === null ? { recordingId } : { connectionId }),
        sql,
        options,
        ...yes,
        ...(caret === null ? {} : { caret }),
        ...(database ? { database } : {}),
        ...(sessionId && !freshSession ? { sessionId } : {}),
      },
      { signal: control.signal },
    );
    if (controls.get(tabId) !== control) return;
    if (answer.kind === 'confirm' && answer.question) {
      put(tabId, { ...begun, running: false });
      await askFirst(tabId, request, answer.question, answer.warnings);
    } else if (answer.kind === 'confirm') put(tabId, { ...begun, running: false, confirm: answer });
    else {
      put(tabId, { ...begun, running: false, notices: answer.notices });
      const { id: planId, sql } = answer.plan;
      changeTab(tabId, { place: { kind: 'plan', planId, connectionId }, title: titleFor(sql) });
    }
  } catch (thrown) {
    if (controls.get(tabId) !== control) return;
    const failure = control.signal.aborted ? cancelled : failureFrom(thrown);
    put(tabId, { ...begun, running: false, failure });
  }
}

/** The guard rails' question; a yes runs it with the question's permit. */
async function askFirst(tabId: string, request: PlanRequest, question: GuardQuestion, notes: readonly string[]) {
  const onPlan = () => void runPlan(tabId, request, false);
  const runLabel = notes.length > 0 ? 'Run and roll back' : 'Run';
  if (await askGuard(tabId, { question, notes, runLabel, onPlan }))
    await runPlan(tabId, request, true, { confirmed: true, permit: question.permit });
}

const cancelled: Failure = { kind: 'cancelled', message: 'Cancelled; what the statement did was rolled back.' };

export const cancelPlan = (tabId: string): void => controls.get(tabId)?.abort();

/** The confirmation was declined. */
export function declinePlan(tabId: string): void {
  const run = usePlanRuns.getState().byTab.get(tabId);
  if (run) put(tabId, { ...run, confirm: null });
}

/** "Plan: select * from orders wh…" */
export function titleFor(sql: string | null): string {
  const words = (sql ?? '').replace(/\s+/g, ' ').trim();
  if (!words) return 'Plan';
  return `Plan: ${words.length > 28 ? `${words.slice(0, 27)}…` : words}`;
}

onTabClosed(({ id }) => {
  controls.get(id)?.abort();
  controls.delete(id);
  usePlanRuns.setState(({ byTab }) => ({ byTab: new Map([...byTab].filter(([key]) => key !== id)) }));
});
