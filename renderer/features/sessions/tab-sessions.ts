/**
 * The session and the last run of each query tab, outside the pages: a tab that is not shown keeps running, and
 * comes back as it was. Closing the tab closes its session and frees its results.
 */
import { create } from 'zustand';
import type { Failure } from '../../../shared/api/base.ts';
import type { RunEvent, ServerFacts, SessionState, TextRange, TransactionState } from '../../../shared/api/sessions.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { inFlocks } from '../../client/in-flocks.ts';
import { stagedIn } from '../../editing/edit-store.ts';
import { toast } from '../../ui/toast.tsx';
import { openPlan } from '../../workspace/plan-requests.ts';
import type { RunOptions } from '../../workspace/run-options.ts';
import { useSettings } from '../../workspace/settings.ts';
import { beforeRun } from './before-run.ts';
import { askParameters } from './parameters/ask-parameters.ts';
import { type Comparison, type KeptResult, lastOf, pinned, runResults } from './results/kept-results.ts';
import { firstRowsCame, resultModel } from './results/result-model.ts';
import { afterEvent, newRun, type ResultInRun, type RunState } from './results/run-state.ts';
import { tellRunEnded } from './runs/run-notices.ts';

export interface TabSession {
  readonly opening: boolean;
  readonly sessionId: string | null;
  readonly connectionId: string | null;
  readonly database: string | null;
  readonly facts: ServerFacts | null;
  readonly state: SessionState | null;
  /** Why there is no session, or why the run could not begin. */
  readonly failure: Failure | null;
  readonly cancelling: boolean;
  readonly run: RunState | null;
  /** Pinned results and comparisons, oldest first. */
  readonly kept: readonly KeptResult[];
  /** A result's id, 'messages', or 'waiting': the grid stays in front between one run's result and the next one's. */
  readonly shown: string;
}

const fresh: TabSession = {
  opening: false,
  sessionId: null,
  connectionId: null,
  database: null,
  facts: null,
  state: null,
  failure: null,
  cancelling: false,
  run: null,
  kept: [],
  shown: 'messages',
};

const useAll = create<{ readonly byTab: ReadonlyMap<string, TabSession> }>(() => ({ byTab: new Map() }));

export const useTabSession = (tabId: string): TabSession => useAll((all) => all.byTab.get(tabId) ?? fresh);
/** What a tab's mark in the strip shows of it. */
export function useTabActivity(tabId: string): { running: boolean; transaction: TransactionState } {
  const running = useAll((all) => all.byTab.get(tabId)?.run?.running ?? false);
  const transaction = useAll(({ byTab }) => {
    const state = byTab.get(tabId)?.state;
    return state && !state.lost ? state.transaction : 'idle';
  });
  return { running, transaction };
}
/** The runs that are on, in the order of their tabs' first use. */
export function useRunning(): readonly { readonly tabId: string; readonly run: RunState }[] {
  const byTab = useAll((all) => all.byTab);
  return [...byTab].flatMap(([tabId, { run }]) => (run?.running ? [{ tabId, run }] : []));
}
export const tabSession = (tabId: string): TabSession => useAll.getState().byTab.get(tabId) ?? fresh;
export const allTabSessions = (): ReadonlyMap<string, TabSession> => useAll.getState().byTab;

function change(tabId: string, edit: (now: TabSession) => Partial<TabSession>): void {
  useAll.setState(({ byTab }) => {
    const now = byTab.get(tabId) ?? fresh;
    return { byTab: new Map(byTab).set(tabId, { ...now, ...edit(now) }) };
  });
}

const isSameState = (before: SessionState | null, now: SessionState): boolean =>
  JSON.stringify(before) === JSON.stringify(now);

export const showResult = (tabId: string, shown: string): void => change(tabId, () => ({ shown }));

async function watchState(tabId: string, sessionId: string): Promise<void> {
  try {
    for await (const state of await client.sessions.state({ sessionId })) {
      if (tabSession(tabId).sessionId !== sessionId) return;
      // A run tells the same with its own events.
      if (!isSameState(tabSession(tabId).state, state)) change(tabId, () => ({ state }));
    }
  } catch {
    // The line to the backend is gone; the next run opens a new session and says so.
    if (tabSession(tabId).sessionId === sessionId) change(tabId, () => ({ sessionId: null, state: null }));
  }
}

/** Sessions on their way, by tab: a run that comes meanwhile waits for the same one. */
const openings = new Map<string, Promise<string | null>>();

/** Opens the tab's session if it has none on that database. @returns its id, or null with `failure` set */
export async function ensureSession(
  tabId: string,
  connectionId: string,
  database: string | null,
): Promise<string | null> {
  const under = openings.get(tabId);
  if (under) await under;
  const now = tabSession(tabId);
  if (now.sessionId && !now.state?.lost && now.connectionId === connectionId && now.database === database)
    return now.sessionId;
  // It has just failed there: once is enough to be told.
  if (under && now.failure && now.connectionId === connectionId && now.database === database) return null;
  const opening = openSession(tabId, connectionId, database);
  openings.set(tabId, opening);
  try {
    return await opening;
  } finally {
    if (openings.get(tabId) === opening) openings.delete(tabId);
  }
}

async function openSession(tabId: string, connectionId: string, database: string | null): Promise<string | null> {
  if (tabSession(tabId).sessionId) await closeSession(tabId);
  change(tabId, () => ({ opening: true, failure: null, connectionId, database }));
  try {
    const opened = await client.sessions.open({ connectionId, ...(database ? { database } : {}) });
    change(tabId, () => ({
      opening: false,
      sessionId: opened.sessionId,
      facts: opened.facts,
      state: opened.state,
      failure: opened.onConnectError ? { kind: 'postgres', ...opened.onConnectError } : null,
    }));
    void watchState(tabId, opened.sessionId);
    return opened.sessionId;
  } catch (thrown) {
    change(tabId, () => ({ opening: false, failure: failureFrom(thrown) }));
    return null;
  }
}

export type What = { kind: 'all' } | { kind: 'range'; range: TextRange } | { kind: 'caret'; caret: number };

/**
 * What a script of many statements, or one that raises notices, tells without end; and what is told together with a
 * result's first rows, which would be drawn twice.
 */
const canWait = ({ kind }: RunEvent): boolean =>
  kind === 'notice' ||
  kind === 'statement' ||
  kind === 'complete' ||
  kind === 'result' ||
  kind === 'kept' ||
  kind === 'state';

function applyEvents(tabId: string, events: readonly RunEvent[]): void {
  change(tabId, (before) => {
    let now = before;
    for (const event of events) now = { ...now, ...changeBy(now, event) };
    return now;
  });
  for (const event of events) {
    if (event.kind !== 'progress' || !event.first) continue;
    const result = tabSession(tabId).run?.results.find(({ resultId }) => resultId === event.resultId);
    if (result) firstRowsCame(resultModel(result.resultId, result.columns), event.first, event.rows);
  }
}

function changeBy(now: TabSession, event: RunEvent): Partial<TabSession> {
  if (!now.run) return {};
  const next: Partial<TabSession> = { run: afterEvent(now.run, event) };
  if (event.kind === 'state') return { ...next, state: event.state };
  // The first result comes to the front by itself; a failure brings the messages there.
  if (event.kind === 'result' && now.run.results.length === 0) return { ...next, shown: event.resultId };
  if (event.kind === 'failed') return { ...next, shown: 'messages' };
  const withoutRows = event.kind === 'complete' || event.kind === 'end';
  if (withoutRows && now.shown === 'waiting') return { ...next, shown: 'messages' };
  return next;
}

export interface RunAsked {
  readonly connectionId: string;
  readonly database: string | null;
  readonly text: string;
  readonly what: What;
  readonly rowLimit: number;
  readonly stopOnError: boolean;
  readonly origin: string;
  readonly options: RunOptions;
  /** With the values of the last time, where there are some. */
  readonly again?: boolean;
  /** Not a kept result. */
  readonly fresh?: boolean;
}

/** What each tab's last run was asked for with. */
const lastAsked = new Map<string, RunAsked>();

/** Runs once more what gave a kept result, on the server. */
export async function refreshResult(tabId: string): Promise<void> {
  const asked = lastAsked.get(tabId);
  if (asked) await runText(tabId, { ...asked, again: true, fresh: true });
}

/** Rows that were edited and not saved would go with the result: it is said, and they stay. */
export function holdsEdits(tabId: string): boolean {
  const rows = stagedIn(tabId);
  if (rows > 0)
    toast(
      `${rows === 1 ? 'A row of the result is' : `${rows} rows of the result are`} edited: save or revert that first.`,
      'warning',
    );
  return rows > 0;
}

/** Runs on the tab's session; the events land in the tab's state. Results of the run before are freed. */
export async function runText(tabId: string, asked: RunAsked): Promise<void> {
  if (tabSession(tabId).run?.running || holdsEdits(tabId)) return;
  const sessionId = await ensureSession(tabId, asked.connectionId, asked.database);
  if (!sessionId) return;
  const { text, what, rowLimit, stopOnError, origin, options } = asked;
  const stopped = (failure: Failure | null) => {
    if (failure) change(tabId, () => ({ failure, shown: 'messages' }));
  };
  const answered = await askParameters(tabId, { sessionId, text, what }, asked.again ?? false);
  if (answered.kind === 'stop') return stopped(answered.failure);
  const { values } = answered;
  const onPlan = ({ from, to }: TextRange) => {
    const { connectionId, database } = asked;
    openPlan(tabId, 'Plan', {
      connectionId,
      database,
      sessionId,
      sql: text.slice(from, to),
      caret: null,
      analyze: false,
    });
  };
  const go = await beforeRun(tabId, { sessionId, text, what, ...(values ? { values } : {}) }, onPlan);
  if (go.kind === 'stop') return stopped(go.failure);
  lastAsked.set(tabId, asked);
  freeResults(tabId);
  const run = newRun(Date.now(), { text, values: values ?? {} });
  change(tabId, ({ shown, run: before, kept }) => ({
    run,
    // As far as they came.
    kept: kept.map((each) => ({ ...each, result: lastOf(before, each.result) })),
    shown: shown === 'messages' ? shown : 'waiting',
    failure: null,
    cancelling: false,
  }));
  try {
    const { commit, statementMs, lockMs } = options;
    const events = await client.sessions.run({
      sessionId,
      text,
      what,
      rowLimit: options.rowLimit ?? rowLimit,
      stopOnError,
      origin,
      commit,
      timeouts: {
        statementMs: statementMs ?? useSettings.getState().statementTimeoutMs,
        lockMs: lockMs ?? useSettings.getState().lockTimeoutMs,
      },
      ...(values ? { values } : {}),
      ...(asked.fresh ? { fresh: true } : {}),
      ...go.permit,
    });
    await inFlocks(events, canWait, (flock) => applyEvents(tabId, flock));
    change(tabId, (now) => ({
      cancelling: false,
      shown: now.shown === 'waiting' ? 'messages' : now.shown,
      run: now.run && { ...now.run, running: false },
    }));
  } catch (thrown) {
    change(tabId, (now) => ({
      cancelling: false,
      failure: failureFrom(thrown),
      shown: 'messages',
      run: now.run && { ...now.run, running: false },
    }));
  }
  const ended = tabSession(tabId).run;
  if (ended) tellRunEnded(tabId, ended);
}

/** COMMIT or ROLLBACK; what the server says against it stands in the messages. @returns whether it was done */
export async function endTransaction(tabId: string, how: 'commit' | 'rollback'): Promise<boolean> {
  const { sessionId } = tabSession(tabId);
  if (!sessionId) return false;
  try {
    await client.sessions.endTransaction({ sessionId, how });
    return true;
  } catch (thrown) {
    change(tabId, () => ({ failure: failureFrom(thrown), shown: 'messages' }));
    return false;
  }
}

/** Asks the server to stop; a second time ends the backend. */
export async function cancelRun(tabId: string): Promise<void> {
  const { sessionId } = tabSession(tabId);
  if (!sessionId) return;
  change(tabId, () => ({ cancelling: true }));
  try {
    await client.sessions.cancel({ sessionId });
  } catch (thrown) {
    change(tabId, () => ({ failure: failureFrom(thrown) }));
  } finally {
    change(tabId, () => ({ cancelling: false }));
  }
}

const free = ({ resultId }: ResultInRun): void => void client.results.close({ resultId }).catch(() => undefined);

/** Those of the last run, but for the pinned ones. */
function freeResults(tabId: string): void {
  const { run, kept } = tabSession(tabId);
  for (const result of runResults(run, kept)) free(result);
}

/** Keeps a result of the last run over the next ones. */
export function pinResult(tabId: string, resultId: string): void {
  change(tabId, ({ run, kept }) => {
    const result = run?.results.find((each) => each.resultId === resultId);
    return run && result ? { kept: [...kept, pinned(run, result)] } : {};
  });
}

export const addComparison = (tabId: string, comparison: Comparison): void =>
  change(tabId, ({ kept }) => ({ kept: [...kept, comparison], shown: comparison.result.resultId }));

/** Lets go of a kept result: one of the last run goes back to the others, the rest is freed. */
export function dropKept(tabId: string, resultId: string): void {
  const { run, kept } = tabSession(tabId);
  const dropped = kept.find(({ result }) => result.resultId === resultId);
  if (!dropped) return;
  const stays = run?.results.some((each) => each.resultId === resultId) ?? false;
  const first = run?.results[0]?.resultId ?? 'messages';
  change(tabId, ({ shown }) => ({
    kept: kept.filter((each) => each !== dropped),
    shown: shown === resultId && !stays ? first : shown,
  }));
  if (!stays) free(dropped.result);
}

/** Ends the session; an open transaction is rolled back by the server. */
export async function closeSession(tabId: string): Promise<void> {
  const { sessionId } = tabSession(tabId);
  change(tabId, () => ({ sessionId: null, state: null, facts: null }));
  if (sessionId) await client.sessions.close({ sessionId }).catch(() => undefined);
}

/** For a tab that was closed: nothing of it stays. */
export async function forgetTabSession(tabId: string): Promise<void> {
  lastAsked.delete(tabId);
  freeResults(tabId);
  for (const { result } of tabSession(tabId).kept) free(result);
  await closeSession(tabId);
  useAll.setState(({ byTab }) => {
    const next = new Map(byTab);
    next.delete(tabId);
    return { byTab: next };
  });
}
