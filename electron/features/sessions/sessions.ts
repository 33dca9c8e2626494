/** The editor tabs' sessions: opened, run on, cancelled, closed; every run is kept in the history. */

import type { Failure } from '../../../shared/api/base.ts';
import type { GuardVerdict } from '../../../shared/api/guard.ts';
import type { HistoryEntry } from '../../../shared/api/history.ts';
import type { RunEvent, SessionState } from '../../../shared/api/sessions.ts';
import { FailureError } from '../../../shared/failure.ts';
import type { ParameterValue } from '../../../shared/sql/parameters.ts';
import { withoutPasswords } from '../../../shared/sql/without-passwords.ts';
import type { Log } from '../../platform.ts';
import { splitScript } from '../../postgres/parser/split-script.ts';
import { EventQueue } from '../../postgres/session/event-queue.ts';
import type { RunRequest, Session } from '../../postgres/source.ts';
import type { Sources } from '../../postgres/sources.ts';
import { procedures, stream } from '../../procedures.ts';
import { withFirstRows } from './first-rows.ts';
import { type Journal, journaled, type SessionJournal, withWhatIsNotKept } from './journaled.ts';
import { locksOf } from './locks.ts';
import { parametersOf, withValues } from './parameters.ts';
import { progressOf } from './progress.ts';
import { chosenStatements, type What } from './statements.ts';

export interface SessionsDeps {
  readonly sources: Sources;
  /** Keeps a run; the id is given by the store. */
  recordRun(entry: Omit<HistoryEntry, 'id'>): void;
  /** For the history, which outlives the connection. */
  connectionName(connectionId: string): string;
  readonly guard: Guard;
  readonly journal: Journal;
  /** The values last bound to parameters. */
  readonly parameters: ParameterStore;
  /** Results that may be shown again; none where absent. */
  readonly keptResults?: KeptResults;
  readonly log: Log;
}
interface ParameterStore {
  recall(statement: string, name: string): ParameterValue | null;
  remember(statement: string, name: string, value: ParameterValue): void;
}

interface KeptResults {
  /** Null where the run is none whose result may be kept. */
  look(run: {
    session: Session;
    connectionId: string;
    request: RunRequest;
    fresh: boolean;
  }): Promise<
    | { readonly kind: 'kept'; events(): AsyncIterable<RunEvent> }
    | { readonly kind: 'missing'; keeping(begin: () => AsyncIterable<RunEvent>): AsyncIterable<RunEvent> }
    | null
  >;
}

/** What every run has to pass. */
export interface Guard {
  judge(session: Session, connectionId: string, statements: RunRequest['statements']): Promise<GuardVerdict>;
  /** Throws where it has to be confirmed and `permit` is no yes to exactly this. */
  require(
    session: Session,
    connectionId: string,
    statements: RunRequest['statements'],
    permit: string | undefined,
  ): Promise<void>;
}

/** What a page has opened, to be closed when it is gone. */
interface Held {
  readonly sessions: Set<string>;
  readonly results: Set<string>;
}

export function createSessions(deps: SessionsDeps) {
  const { sources } = deps;
  const connectionOf = new Map<string, string>();
  const journals = new Map<string, SessionJournal>();
  const pages = new Map<string, Held>();
  const heldBy = (clientId: string): Held => {
    const held = pages.get(clientId) ?? { sessions: new Set(), results: new Set() };
    pages.set(clientId, held);
    return held;
  };

  const open = procedures.sessions.open.handler(async ({ input, context }) => {
    const source = await sources.source(input.connectionId, input.database);
    const session = await source.openSession();
    connectionOf.set(session.id, input.connectionId);
    journals.set(session.id, deps.journal.ofSession(input.connectionId, source.facts.database, withoutPasswords));
    const held = heldBy(context.clientId);
    held.sessions.add(session.id);
    session.closed.addEventListener('abort', () => {
      connectionOf.delete(session.id);
      journals.delete(session.id);
      held.sessions.delete(session.id);
    });
    return {
      sessionId: session.id,
      facts: source.facts,
      state: session.state,
      onConnectError: session.onConnectError,
    };
  });

  const judge = procedures.sessions.judge.handler(async ({ input }) => {
    const session = sources.session(input.sessionId);
    const statements = await toRun(session, input);
    const connectionId = connectionOf.get(session.id) ?? '';
    const verdict = await deps.guard.judge(session, connectionId, statements);
    if (verdict.kind !== 'confirm') return verdict;
    return withWhatIsNotKept(verdict, await deps.journal.plan(connectionId, statements));
  });

  /** Runs that are still being read and judged, by session: a cancel has to stop them, too. */
  const coming = new Map<string, AbortController>();

  const run = procedures.sessions.run.handler(async ({ input, context, signal }) => {
    const session = sources.session(input.sessionId);
    const stopped = new AbortController();
    coming.set(session.id, stopped);
    try {
      const { values = {}, rowLimit, stopOnError, commit, timeouts } = input;
      const statements = await toRun(session, input);
      await deps.guard.require(session, connectionOf.get(session.id) ?? '', statements, input.permit);
      remember(deps, statements, values);
      const connectionId = connectionOf.get(session.id) ?? '';
      const planned = await deps.journal.plan(connectionId, statements);
      const request: RunRequest = { statements: planned.statements, rowLimit, stopOnError, commit, timeouts };
      const { results } = heldBy(context.clientId);
      const found =
        (await deps.keptResults?.look({ session, connectionId, request, fresh: input.fresh ?? false })) ?? null;
      if (stopped.signal.aborted)
        throw new FailureError({ kind: 'cancelled', message: 'Cancelled before any of it was run.' });
      // What was not run is not in the history.
      if (found?.kind === 'kept')
        return stream(followed(withFirstRows(found.events(), sources.results), request, results, () => {}, signal));
      const record = (totals: RunTotals) => keep(deps, session, connectionId, input.text, totals);
      const begin = () => journaled(session, request, planned.reasons, journals.get(session.id));
      const events = withFirstRows(found ? found.keeping(begin) : begin(), sources.results);
      return stream(followed(events, request, results, record, signal));
    } finally {
      if (coming.get(session.id) === stopped) coming.delete(session.id);
    }
  });

  const parameters = procedures.sessions.parameters.handler(async ({ input }) => {
    const session = input.sessionId ? sources.session(input.sessionId) : null;
    const rules = { standardConformingStrings: session?.standardConformingStrings ?? true };
    const statements = await chosenStatements(input.text, input.what, rules.standardConformingStrings);
    return await parametersOf(statements, rules, deps.parameters.recall, session);
  });

  const endTransaction = procedures.sessions.endTransaction.handler(async ({ input }) => {
    const session = sources.session(input.sessionId);
    const text = input.how === 'commit' ? 'commit' : 'rollback';
    const statements = [{ text, range: { from: 0, to: text.length } }];
    const record = (totals: RunTotals) => keep(deps, session, connectionOf.get(session.id) ?? '', text, totals);
    const request: RunRequest = { statements, rowLimit: null, stopOnError: true };
    let failure: Failure | null = null;
    const running = journaled(session, request, new Map(), journals.get(session.id));
    for await (const event of followed(running, request, new Set(), record, undefined))
      if (event.kind === 'failed') failure ??= event.failure;
    if (failure) throw new FailureError(failure);
  });

  const progress = procedures.sessions.progress.handler(({ input }) => progressOf(sources.session(input.sessionId)));
  const locks = procedures.sessions.locks.handler(({ input }) => locksOf(sources.session(input.sessionId)));

  const state = procedures.sessions.state.handler(({ input, signal }) =>
    stream(statesOf(sources.session(input.sessionId), signal)),
  );

  const split = procedures.sessions.split.handler(async ({ input }) => {
    const session = input.sessionId ? sources.session(input.sessionId) : undefined;
    return await splitScript(input.text, { standardConformingStrings: session?.standardConformingStrings ?? true });
  });

  const cancel = procedures.sessions.cancel.handler(async ({ input }) => {
    const session = sources.session(input.sessionId);
    const early = coming.get(session.id);
    if (!early) return await session.cancel();
    early.abort();
    return { outcome: 'cancelled' as const, tookMs: 0 };
  });
  // A session that is not there is closed already.
  const close = procedures.sessions.close.handler(async ({ input }) => {
    if (connectionOf.has(input.sessionId)) await sources.session(input.sessionId).close();
  });

  /** The page is gone: its sessions end (an open transaction is rolled back) and its results are removed. */
  const pageGone = async (clientId: string): Promise<void> => {
    const held = pages.get(clientId);
    pages.delete(clientId);
    if (!held) return;
    await Promise.allSettled([...held.sessions].map(async (id) => sources.session(id).close()));
    await Promise.allSettled([...held.results].map((id) => sources.results.closeResult(id)));
  };

  const all = { open, state, judge, run, parameters, endTransaction, locks, progress, split, cancel, close };
  /** A result that a page has beside those of its runs. */
  const hold = (clientId: string, resultId: string): void => void heldBy(clientId).results.add(resultId);
  return { procedures: all, hold, pageGone };
}

/** The statements that are meant, with the values bound to their parameters. */
async function toRun(
  session: Session,
  {
    text,
    what,
    values = {},
  }: { text: string; what: What; values?: Readonly<Record<string, ParameterValue>> | undefined },
): Promise<RunRequest['statements']> {
  return await withValues(await chosenStatements(text, what, session.standardConformingStrings), values, session);
}

function remember(
  { parameters, log }: SessionsDeps,
  statements: RunRequest['statements'],
  values: Readonly<Record<string, ParameterValue>>,
): void {
  try {
    for (const { text, bound } of statements)
      for (const name of new Set(bound?.names)) {
        const value = values[name];
        if (value) parameters.remember(text, name, value);
      }
  } catch (thrown) {
    // A full disk must not keep the statement from running.
    log.warn('Values could not be remembered', { cause: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}

interface RunTotals {
  readonly statements: RunRequest['statements'];
  readonly startedAtMs: number;
  durationMs: number;
  rows: number | null;
  failure: HistoryEntry['failure'];
}

/** Runs to the end, and records it, whether or not anyone still listens. */
function followed(
  events: AsyncIterable<RunEvent>,
  request: RunRequest,
  results: Set<string>,
  record: (totals: RunTotals) => void,
  signal: AbortSignal | undefined,
): AsyncIterable<RunEvent> {
  const queue = new EventQueue<RunEvent>();
  signal?.addEventListener('abort', () => queue.end(), { once: true });
  const totals: RunTotals = {
    statements: request.statements,
    startedAtMs: Date.now(),
    durationMs: 0,
    rows: null,
    failure: null,
  };
  void (async () => {
    for await (const event of events) {
      if (event.kind === 'result') results.add(event.resultId);
      if (event.kind === 'complete') totals.rows = event.rows;
      if (event.kind === 'failed') totals.failure ??= event.failure;
      if (event.kind === 'end') {
        totals.durationMs = event.totalMs;
        record(totals);
      }
      queue.push(event);
    }
    queue.end();
  })();
  return queue;
}

function keep(deps: SessionsDeps, session: Session, connectionId: string, text: string, totals: RunTotals): void {
  const first = totals.statements[0]?.range.from ?? 0;
  const last = totals.statements.at(-1)?.range.to ?? 0;
  const { database, user } = session.source.facts;
  try {
    deps.recordRun({
      atMs: totals.startedAtMs,
      text: withoutPasswords(text.slice(first, last)),
      connectionId,
      connectionName: deps.connectionName(connectionId),
      database,
      user,
      durationMs: totals.durationMs,
      rows: totals.rows,
      failure: totals.failure,
    });
  } catch (thrown) {
    // A full disk must not take the result away that is there already.
    deps.log.warn('A run could not be kept in the history', {
      cause: thrown instanceof Error ? thrown.message : String(thrown),
    });
  }
}

/** The state now and after each change; what nobody has taken yet is replaced by what is newer. */
function statesOf(session: Session, signal: AbortSignal | undefined): AsyncIterable<SessionState> {
  const queue = new EventQueue<SessionState>(() => true);
  queue.push(session.state);
  const unlisten = session.onState((state) => queue.push(state));
  const end = () => {
    unlisten();
    queue.end();
  };
  session.closed.addEventListener('abort', end, { once: true });
  signal?.addEventListener('abort', end, { once: true });
  if (session.closed.aborted || signal?.aborted) end();
  return queue;
}
