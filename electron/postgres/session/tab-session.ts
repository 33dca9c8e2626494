/** A tab's session in the worker: its runs, its cancel, and what the host is told of its state. */
import { DatabaseError } from 'pg';
import type { Failure, PostgresFailure } from '../../../shared/api/base.ts';
import type { Notice, RunEvent, SessionState } from '../../../shared/api/sessions.ts';
import { failureOf, invalid } from '../../../shared/failure.ts';
import { lostFailure } from '../connect/failures.ts';
import type {
  CapturePlan,
  ConnectSpec,
  ParameterType,
  PeekAnswer,
  PeekQuestion,
  RunRequest,
  Timeouts,
} from '../source.ts';
import type { ColumnTypes } from '../wire/column-types.ts';
import { noticeOf, postgresError, postgresFailure } from '../wire/postgres-failure.ts';
import { beginsOrEnds, outsideOnly } from '../wire/statement-words.ts';
import type { Catalog } from './catalog.ts';
import { Capture } from './journal/capture.ts';
import { Link, setEncodingSql } from './link.ts';
import { peek, withoutFailing } from './peek.ts';
import { endReadOnlySql } from './read-only/lookup.sql.ts';
import { ReadOnlyRail } from './read-only/read-only-rail.ts';
import {
  cancelSql,
  commitLost,
  encodingNotice,
  notificationOf,
  outsideFailure,
  parameterField,
  terminateSql,
  timeoutSql,
} from './session-words.ts';
import { type RunDeps, type StatementResult, StatementRun } from './statement-run.ts';
import { cancelAgain, elapsed } from './waiting.ts';
import type { CancelAnswer, Happening, SessionNow } from './worker-messages.ts';

export interface TabDeps {
  readonly sessionId: string;
  readonly filePrefix: string;
  readonly catalog: Catalog;
  readonly types: ColumnTypes;
  tell(happening: Happening): void;
}

/** Of a run so many notices are told one by one. */
const noticesTold = 1_000;
/** So long the types of parameters may keep a run from beginning. */
const describeWithinMs = 1_500;
/** So long a terminated backend may take to say goodbye. */
const terminateWithinMs = 5_000;

interface Run {
  readonly ended: Promise<void>;
  stopping: boolean;
  /** Something was stopped by the cancel: a statement, or the rest of the script. */
  stopped: boolean;
  terminated: boolean;
  statement: number;
}

export class TabSession {
  #link: Link | null = null;
  #state: SessionState = {
    backendPid: 0,
    transaction: 'idle',
    transactionSinceMs: null,
    running: false,
    lost: null,
  };
  #run: Run | null = null;
  /** Came while nothing ran: NOTIFY, warnings. Told with the next run. */
  readonly #early: Notice[] = [];
  /** The open transaction may have written. */
  #wrote = false;
  /** Timeouts were set by a run; from then on every run sets them: a rollback takes them back. */
  #timeoutsSet = false;
  readonly #deps: TabDeps;
  /** Set on a read-only connection. */
  #rail: ReadOnlyRail | null = null;
  /** A transaction of the rail's, which is nobody's business. */
  #railed = false;

  constructor(deps: TabDeps) {
    this.#deps = deps;
  }

  get now(): SessionNow {
    return { state: this.#state, standardConformingStrings: this.#link?.standardConformingStrings ?? true };
  }

  /** Connects and runs the connection's own SQL; that failing is told, and leaves the session usable. */
  async open(spec: ConnectSpec): Promise<PostgresFailure | undefined> {
    const link = await Link.open(spec, {
      notice: (notice) => this.#notice(noticeOf(notice)),
      notification: (channel, payload, backendPid) => this.#notice(notificationOf(channel, payload, backendPid)),
      ready: (transaction) => this.#ready(transaction),
      lost: (failure) => this.#change({ lost: failure.failure, transaction: 'idle', transactionSinceMs: null }),
      cancelBySql: async (backendPid) => {
        await this.#deps.catalog.ask({ text: cancelSql, values: [backendPid] });
      },
    });
    this.#link = link;
    link.countNotices(noticesTold);
    this.#state = { ...this.#state, backendPid: link.backendPid };
    const failure = await onConnect(link, spec.onConnectSql);
    if (spec.readOnly) {
      this.#rail = new ReadOnlyRail(link);
      if (link.transaction !== 'failed') await this.#rail.settle();
    }
    return failure;
  }

  async run(request: RunRequest): Promise<void> {
    const link = this.#link;
    if (!link || this.#run) throw invalid('sessionId', 'The session is running something already.');
    const ended = Promise.withResolvers<void>();
    const run: Run = { ended: ended.promise, stopping: false, stopped: false, terminated: false, statement: 0 };
    this.#run = run;
    const startedAt = performance.now();
    this.#change({ running: true });
    link.countNotices(noticesTold);
    let ran = 0;
    let failed = 0;
    try {
      if (request.timeouts) await this.#setTimeouts(link, request.timeouts);
      for (const [index, statement] of request.statements.entries()) {
        if (run.stopping || link.lost) break;
        run.statement = index;
        this.#event({ kind: 'statement', statement: index, of: request.statements.length, range: statement.range });
        this.#tellEarly(index);
        ran++;
        const well = await this.#statement(link, run, request, index);
        if (!well) failed++;
        if (!well && request.stopOnError) break;
      }
    } finally {
      const skipped = request.statements.length - ran;
      if (run.stopping && skipped > 0) run.stopped = true;
      const dropped = link.countNotices(noticesTold);
      if (dropped > 0) this.#event({ kind: 'noticesDropped', count: dropped });
      await link.fence();
      this.#run = null;
      this.#change({ running: false });
      this.#event({ kind: 'end', ran, failed, skipped, totalMs: performance.now() - startedAt });
      ended.resolve();
    }
  }

  /** False where it failed; every way it can end is told as events. */
  async #statement(link: Link, run: Run, request: RunRequest, index: number): Promise<boolean> {
    const statement = request.statements[index];
    if (!statement) return true;
    const deps: Omit<RunDeps, 'railed'> = {
      link,
      catalog: this.#deps.catalog,
      types: this.#deps.types,
      filePrefix: this.#deps.filePrefix,
      tell: this.#deps.tell,
      event: (event) => this.#event(event),
      stopping: () => run.stopping,
      stopped: () => {
        run.stopped = true;
      },
    };
    try {
      const refused = request.commit === 'manual' ? await this.#begin(link, statement.text) : null;
      if (refused) {
        this.#event({ kind: 'failed', statement: index, failure: refused, at: null, timings: null });
        return false;
      }
      const admitted = await this.#admit(run, statement.bound?.text ?? statement.text);
      if (admitted) {
        this.#event({ kind: 'failed', statement: index, failure: admitted, at: null, timings: null });
        return false;
      }
      const capture = await this.#beginCapture(link, index, statement.capture);
      const asked = { ...statement, index, rowLimit: request.rowLimit };
      const end = await new StatementRun({ ...deps, railed: this.#railed }, asked).run(this.#wrote);
      const ended = capture ? await this.#endCapture(link, index, capture, end) : null;
      if (ended) {
        this.#event({ kind: 'failed', statement: index, failure: ended, at: null, timings: null });
        return false;
      }
      if (end.wrote && this.#state.transaction !== 'idle') this.#wrote = true;
      if (end.newTransaction && this.#state.transaction !== 'idle') {
        this.#wrote = false;
        this.#change({ transactionSinceMs: Date.now() });
      }
      await this.#keepEncoding(link, index);
      return end.well;
    } catch (thrown) {
      const failure = failureOf(thrown);
      this.#event({ kind: 'failed', statement: index, failure, at: null, timings: null });
      return false;
    } finally {
      // Where the statement failed, the transaction around it is still there.
      if (this.#railed && !link.lost && link.transaction !== 'idle') await link.scalar(endReadOnlySql).catch(() => {});
      this.#railed = false;
    }
  }

  /** On a read-only connection: begins what the statement has to run in. @returns why it cannot run */
  async #admit(run: Run, text: string): Promise<Failure | null> {
    if (!this.#rail) return null;
    this.#railed = this.#link?.transaction === 'idle';
    const admitted = await this.#rail.admit(text);
    this.#railed = admitted.kind === 'admitted' && admitted.own;
    if (!run.stopping) return admitted.kind === 'refused' ? admitted.failure : null;
    run.stopped = true;
    return { kind: 'cancelled', message: 'Cancelled.' };
  }

  /** For the journal: a transaction around the statement where there is none, and the rows before it. */
  async #beginCapture(link: Link, index: number, plan: CapturePlan | undefined): Promise<Capture | null> {
    if (!plan || this.#rail || link.lost || link.transaction === 'failed') return null;
    if (link.transaction === 'idle') {
      this.#railed = true;
      const begun = await link.scalar('/* howdah:journal */ begin');
      if (begun.lost || begun.error) return null;
    }
    const capture = new Capture(link, plan, (told) => this.#event({ kind: 'notKept', statement: index, ...told }));
    await capture.before();
    if (!this.#railed || link.transaction === 'open') return capture;
    // Ours has failed where nothing of theirs has run yet: they run as without it.
    if (!link.lost) await link.scalar(endReadOnlySql);
    this.#railed = false;
    return null;
  }

  /** What was kept is told when it stands. @returns why the statement's own transaction could not be committed */
  async #endCapture(link: Link, index: number, capture: Capture, end: StatementResult): Promise<Failure | null> {
    if (!end.well || link.lost) return null;
    const captured = await capture.after(end.rows);
    if (this.#railed) {
      const committed = await link.scalar('/* howdah:journal */ commit');
      if (committed.lost) return commitLost;
      if (committed.error) return { kind: 'postgres', ...postgresFailure(committed.error) };
    }
    const { sessionId, tell } = this.#deps;
    tell({ kind: 'captured', sessionId, statement: index, captured, committed: this.#railed });
    return null;
  }

  /** Opens a transaction for the statement where it needs one. @returns why it cannot run */
  async #begin(link: Link, text: string): Promise<Failure | null> {
    if (link.transaction !== 'idle' || beginsOrEnds(text)) return null;
    if (outsideOnly(text)) return outsideFailure;
    const begun = await link.scalar('begin');
    if (begun.lost) return lostFailure(begun.error ?? new Error('closed')).failure;
    return begun.error ? { kind: 'postgres', ...postgresFailure(begun.error) } : null;
  }

  /** In a failed transaction nothing can be set; there only its end is run anyway. */
  async #setTimeouts(link: Link, { statementMs, lockMs }: Timeouts): Promise<void> {
    const wanted = statementMs !== null || lockMs !== null;
    if (link.lost || link.transaction === 'failed' || (!wanted && !this.#timeoutsSet)) return;
    this.#timeoutsSet = true;
    await link.scalar(timeoutSql('statement_timeout', statementMs));
    await link.scalar(timeoutSql('lock_timeout', lockMs));
  }

  async describe(text: string): Promise<readonly ParameterType[]> {
    const link = this.#link;
    if (!link || this.#run) throw invalid('sessionId', 'The session is running something.');
    if (link.transaction === 'failed') throw invalid('sessionId', 'The transaction has failed.');
    const ended = Promise.withResolvers<void>();
    const run: Run = { ended: ended.promise, stopping: false, stopped: false, terminated: false, statement: 0 };
    // As a run, so that none begins beside it.
    this.#run = run;
    // It waits for whoever has locked a table of the statement: the run will, in sight and with a way to stop it.
    const timer = setTimeout(() => void link.cancel().catch(() => {}), describeWithinMs);
    try {
      const end = await withoutFailing(link, async () => {
        const statement = await link.execute(text, { fields: () => {}, copyOut: () => {} }, { describeOnly: true });
        return await statement.ended;
      });
      if (end.lost) throw lostFailure(end.error ?? new Error('closed'));
      if (end.error) throw postgresError(end.error);
      const columns = await this.#deps.types.columns(end.parameterTypes.map(parameterField));
      return columns.map(({ typeOid, typeName, category }) => ({ typeOid, typeName, category }));
    } finally {
      clearTimeout(timer);
      this.#run = null;
      ended.resolve();
    }
  }

  async peek(questions: readonly PeekQuestion[], timeoutMs: number): Promise<readonly PeekAnswer[]> {
    const link = this.#link;
    if (!link || this.#run) throw invalid('sessionId', 'The session is running something.');
    if (link.lost) throw lostFailure(new Error('closed'));
    const ended = Promise.withResolvers<void>();
    const run: Run = { ended: ended.promise, stopping: false, stopped: false, terminated: false, statement: 0 };
    // As a run, so that none begins beside it, and unseen.
    this.#run = run;
    this.#railed = true;
    try {
      return await peek(link, questions, timeoutMs);
    } finally {
      this.#railed = false;
      this.#run = null;
      ended.resolve();
    }
  }

  /** Answers when the session is ready again; see the contract. */
  async cancel(): Promise<CancelAnswer> {
    const startedAt = performance.now();
    const run = this.#run;
    const link = this.#link;
    const answer = (outcome: CancelAnswer['outcome']): CancelAnswer => ({
      outcome,
      tookMs: performance.now() - startedAt,
    });
    if (!run || !link) return answer('notRunning');
    if (run.stopping) {
      await this.#terminate(run, link);
      return answer('terminated');
    }
    run.stopping = true;
    let over = false;
    const ended = run.ended.then(() => {
      over = true;
    });
    const first = link.cancel();
    first.catch(() => {});
    for (const again of cancelAgain()) {
      await Promise.race([Promise.all([first, ended]), elapsed(again, ended)]);
      if (over) break;
      if (link.current) await link.cancel();
    }
    if (run.terminated || link.lost) return answer('terminated');
    return answer(run.stopped ? 'cancelled' : 'finished');
  }

  async #terminate(run: Run, link: Link): Promise<void> {
    run.terminated = true;
    await this.#deps.catalog.ask({ text: terminateSql, values: [link.backendPid] });
    await elapsed(terminateWithinMs, run.ended);
    if (this.#run === run) link.cut();
    await run.ended;
  }

  async close(): Promise<void> {
    const run = this.#run;
    if (run) run.stopping = true;
    await this.#link?.close();
    await run?.ended;
  }

  /** A client that reads UTF-8 while the server sends something else would show and store wrong characters. */
  async #keepEncoding(link: Link, index: number): Promise<void> {
    if (link.lost || link.clientEncoding === link.encoding || link.transaction === 'failed') return;
    const { error } = await link.scalar(setEncodingSql[link.encoding]);
    if (error) return;
    this.#event({ kind: 'notice', statement: index, notice: encodingNotice });
  }

  #ready(transaction: SessionState['transaction']): void {
    if (this.#railed) return;
    if (transaction === 'idle') this.#wrote = false;
    if (transaction === this.#state.transaction) return;
    const since = transaction === 'idle' ? null : (this.#state.transactionSinceMs ?? Date.now());
    this.#change({ transaction, transactionSinceMs: since });
  }

  #notice(notice: Notice): void {
    if (this.#run) this.#event({ kind: 'notice', statement: this.#run.statement, notice });
    else if (this.#early.length < noticesTold) this.#early.push(notice);
  }

  #tellEarly(statement: number): void {
    for (const notice of this.#early.splice(0)) this.#event({ kind: 'notice', statement, notice });
  }

  #change(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    this.#deps.tell({ kind: 'session', sessionId: this.#deps.sessionId, now: this.now });
  }

  #event(event: RunEvent): void {
    this.#deps.tell({ kind: 'run', sessionId: this.#deps.sessionId, event });
  }
}

/** What the server says against it; throws where the link is lost. */
async function onConnect(link: Link, sql: string): Promise<PostgresFailure | undefined> {
  if (!sql.trim()) return undefined;
  try {
    await link.script(sql);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof DatabaseError && !link.lost) return postgresFailure(thrown);
    throw lostFailure(thrown);
  }
}
