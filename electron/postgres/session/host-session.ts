/** A tab's session as the features see it; the work is done in the source's thread. */
import type { Failure, PostgresFailure } from '../../../shared/api/base.ts';
import type { RunEvent, SessionState } from '../../../shared/api/sessions.ts';
import { type FailureError, failureOf, invalid } from '../../../shared/failure.ts';
import type {
  OnCaptured,
  ParameterType,
  PeekAnswer,
  PeekQuestion,
  RunRequest,
  RunWatch,
  Session,
  Source,
} from '../source.ts';
import { commitsByItself, mayCommit } from '../wire/statement-words.ts';
import { EventQueue } from './event-queue.ts';
import type { WorkerLink } from './worker-link.ts';
import type { CancelAnswer, Happening, Opened } from './worker-messages.ts';

interface HostRun {
  readonly request: RunRequest;
  readonly onCaptured: OnCaptured | undefined;
  readonly queue: EventQueue<RunEvent>;
  readonly startedAt: number;
  statement: number;
  failed: number;
  /** The state after the run; told together with its end, when the next run may begin. */
  final: SessionState | null;
}

/** Nobody needs to know how far a result was a moment ago. */
const replaces = (newer: RunEvent, older: RunEvent): boolean =>
  newer.kind === 'progress' && older.kind === 'progress' && newer.resultId === older.resultId;

export class HostSession implements Session {
  readonly id: string;
  readonly source: Source;
  readonly onConnectError: PostgresFailure | undefined;
  #state: SessionState;
  #standardConformingStrings: boolean;
  #run: HostRun | null = null;
  readonly #closed = new AbortController();
  readonly #listeners = new Set<(state: SessionState) => void>();
  readonly #link: WorkerLink;
  readonly #forget: () => void;
  readonly #watch: RunWatch | undefined;

  constructor(id: string, source: Source, link: WorkerLink, opened: Opened, forget: () => void, watch?: RunWatch) {
    this.id = id;
    this.source = source;
    this.#link = link;
    this.#state = opened.now.state;
    this.#standardConformingStrings = opened.now.standardConformingStrings;
    this.onConnectError = opened.onConnectError;
    this.#forget = forget;
    this.#watch = watch;
  }

  get state(): SessionState {
    return this.#state;
  }
  get standardConformingStrings(): boolean {
    return this.#standardConformingStrings;
  }
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  onState(listener: (state: SessionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  run(request: RunRequest, onCaptured?: OnCaptured): AsyncIterable<RunEvent> {
    if (this.#closed.signal.aborted) throw invalid('sessionId', 'The session was closed.');
    if (this.#run) throw invalid('sessionId', 'The session is running something already: cancel it or wait for it.');
    const queue = new EventQueue<RunEvent>(replaces);
    const run: HostRun = {
      request,
      onCaptured,
      queue,
      startedAt: performance.now(),
      statement: 0,
      failed: 0,
      final: null,
    };
    this.#run = run;
    this.#watch?.began(this, request);
    this.#link.call('run', { sessionId: this.id, request }).catch((thrown) => this.#broken(run, failureOf(thrown)));
    return queue;
  }

  async peek(questions: readonly PeekQuestion[], timeoutMs: number): Promise<readonly PeekAnswer[]> {
    if (this.#run) throw invalid('sessionId', 'The session is running something.');
    return await this.#link.call('peek', { sessionId: this.id, questions, timeoutMs });
  }

  async describe(text: string): Promise<readonly ParameterType[]> {
    if (this.#closed.signal.aborted) throw invalid('sessionId', 'The session was closed.');
    return await this.#link.call('describe', { sessionId: this.id, text });
  }

  async cancel(): Promise<CancelAnswer> {
    if (!this.#run) return { outcome: 'notRunning', tookMs: 0 };
    const startedAt = performance.now();
    try {
      return await this.#link.call('cancel', { sessionId: this.id });
    } catch (thrown) {
      // The thread went down meanwhile: nothing runs any more.
      if (this.#link.gone) return { outcome: 'terminated', tookMs: performance.now() - startedAt };
      throw thrown;
    }
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    // Until then what is still running tells how it ended.
    if (!this.#link.gone) await this.#link.call('close', { sessionId: this.id }).catch(() => {});
    if (this.#run) this.#broken(this.#run, { kind: 'cancelled', message: 'The session was closed.' });
    this.#forget();
  }

  happened(happening: Happening): void {
    if (happening.kind === 'session') {
      this.#standardConformingStrings = happening.now.standardConformingStrings;
      this.#stateIs(happening.now.state);
    } else if (happening.kind === 'captured') {
      this.#run?.onCaptured?.(happening.statement, happening.captured, happening.committed);
    } else if (happening.kind === 'run' && this.#run) {
      this.#runSays(this.#run, happening.event);
    }
  }

  #stateIs(state: SessionState): void {
    if (this.#run) this.#run.final = state.running ? null : state;
    if (!this.#run || state.running) this.#change(state);
  }

  #runSays(run: HostRun, event: RunEvent): void {
    if (event.kind === 'statement') run.statement = event.statement;
    if (event.kind === 'statement' && event.statement > 0) this.#watch?.went(this);
    if (event.kind === 'failed') run.failed++;
    if (event.kind === 'end') this.#end(run, event);
    else run.queue.push(event);
  }

  /** The thread is gone. */
  gone({ failure }: FailureError): void {
    const { transaction } = this.#state;
    const run = this.#run;
    const lost: SessionState = { ...this.#state, transaction: 'idle', transactionSinceMs: null, lost: failure };
    if (!run) {
      this.#change(lost);
      this.#watch?.went(this);
      return;
    }
    run.final = { ...lost, running: false };
    const text = run.request.statements[run.statement]?.text ?? '';
    const commits = transaction === 'open' ? mayCommit(text) : transaction === 'idle' && commitsByItself(text);
    this.#broken(run, commits ? { kind: 'outcomeUnknown', message: `${failure.message} ${unknownWords}` } : failure);
  }

  #change(state: SessionState): void {
    this.#state = state;
    this.#run?.queue.push({ kind: 'state', state });
    for (const listener of this.#listeners) listener(state);
  }

  /** Whoever hears of the end, by the state or by the event, may start the next run at once. */
  #end(run: HostRun, event: RunEvent): void {
    const state = run.final ?? { ...this.#state, running: false };
    this.#run = null;
    run.queue.push({ kind: 'state', state });
    run.queue.push(event);
    run.queue.end();
    this.#change(state);
    this.#watch?.went(this);
  }

  /** The thread did not get to say how the run ended. */
  #broken(run: HostRun, failure: Failure): void {
    if (this.#run !== run) return;
    const { queue, request, statement } = run;
    queue.push({ kind: 'failed', statement, failure, at: null, timings: null });
    const ran = Math.min(statement + 1, request.statements.length);
    const totalMs = performance.now() - run.startedAt;
    const skipped = request.statements.length - ran;
    this.#end(run, { kind: 'end', ran, failed: run.failed + 1, skipped, totalMs });
  }
}

const unknownWords = 'The statement was on its way: it may have happened or not. Look before doing it again.';
