/**
 * The host's end of a source's worker thread: calls with answers, what happens in order, and supervision. A thread that
 * crashed, ran out of memory or does not answer any more is ended; its calls fail, and the next use starts another.
 */
import { Worker } from 'node:worker_threads';
import { FailureError } from '../../../shared/failure.ts';
import type { Log } from '../../platform.ts';
import { workerUrl } from '../worker-url.ts';
import type { CallName, FromWorker, Happening, ToWorker, WorkerCalls, WorkerStart } from './worker-messages.ts';

export interface WorkerEvents {
  happened(happening: Happening): void;
  /** The thread is gone, and with it all its sessions. */
  gone(failure: FailureError): void;
}

/** JavaScript's heap of the thread; rows are not in it. */
const heapMb = 512;
const pingEveryMs = 5_000;
/** So many pings in a row without an answer: a hot loop. Counted, not timed, because machines sleep. */
const pingsUnanswered = 6;
const endWithinMs = 3_000;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (failure: FailureError) => void;
}

export class WorkerLink {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #events: WorkerEvents;
  readonly #log: Log;
  readonly #pings: NodeJS.Timeout;
  #nextId = 1;
  #pinged = 0;
  #ponged = 0;
  #gone: FailureError | null = null;
  #closing = false;

  constructor(start: WorkerStart, events: WorkerEvents, log: Log) {
    this.#events = events;
    this.#log = log;
    this.#worker = new Worker(workerUrl('session/session-worker'), {
      workerData: start,
      name: 'howdah-session',
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    this.#worker.on('message', (message: FromWorker) => this.#received(message));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', (code) => this.#end(new Error(`exit ${code}`)));
    this.#pings = setInterval(() => this.#ping(), pingEveryMs).unref();
  }

  get gone(): boolean {
    return this.#gone !== null;
  }

  call<Name extends CallName>(
    name: Name,
    input: WorkerCalls[Name][0],
    signal?: AbortSignal,
  ): Promise<WorkerCalls[Name][1]> {
    return new Promise<WorkerCalls[Name][1]>((resolve, reject) => {
      if (this.#gone) return reject(this.#gone);
      if (signal?.aborted) return reject(new FailureError({ kind: 'cancelled', message: 'Cancelled.' }));
      const id = this.#nextId++;
      const abort = () => this.#post({ kind: 'abort', id });
      signal?.addEventListener('abort', abort, { once: true });
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener('abort', abort);
          then(value);
        };
      this.#pending.set(id, {
        resolve: settle((value: unknown) => resolve(value as WorkerCalls[Name][1])),
        reject: settle(reject),
      });
      this.#post({ kind: 'call', id, name, input } as ToWorker);
    });
  }

  /** Ends the thread; its connections are closed by the server's hearing of it. */
  async close(sessionIds: readonly string[]): Promise<void> {
    if (this.#gone) return;
    this.#closing = true;
    const goodbyes = Promise.allSettled(sessionIds.map((sessionId) => this.call('close', { sessionId })));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, endWithinMs);
    });
    await Promise.race([goodbyes, late]);
    clearTimeout(timer);
    await this.#worker.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #received(message: FromWorker): void {
    switch (message.kind) {
      case 'answer':
        this.#take(message.id)?.resolve(message.value);
        break;
      case 'failure':
        this.#take(message.id)?.reject(new FailureError(message.failure));
        break;
      case 'pong':
        this.#ponged = message.count;
        break;
      default:
        this.#events.happened(message);
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #ping(): void {
    if (this.#pinged - this.#ponged >= pingsUnanswered) {
      void this.#worker.terminate();
      return;
    }
    this.#post({ kind: 'ping', count: ++this.#pinged });
  }

  #end(cause: Error): void {
    if (this.#gone) return;
    clearInterval(this.#pings);
    if (!this.#closing) this.#log.error('The thread of a source has ended', { cause: cause.message });
    this.#gone = new FailureError(
      {
        kind: 'connection',
        reason: 'lost',
        message: 'The part of the program that held this connection has failed. Other connections go on.',
        wayOut: 'Connect again. Temporary tables, settings, locks and an open transaction of the session are gone.',
      },
      { cause },
    );
    for (const pending of this.#pending.values()) pending.reject(this.#gone);
    this.#pending.clear();
    this.#events.gone(this.#gone);
    void this.#worker.terminate();
  }
}
