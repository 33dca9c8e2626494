/** The host's side of a reading thread: one question at a time, in order; a question nobody waits for any more is dropped. */
import { Worker } from 'node:worker_threads';
import { FailureError } from '../../../shared/failure.ts';
import { workerUrl } from '../../postgres/worker-url.ts';
import type { CopyOptions } from '../file/copy.ts';
import type { Answer, QuestionInput, QuestionName } from '../read/questions.ts';
import type { ReadReply, ReadRequest } from './read-worker.ts';

type Unnumbered<Request = ReadRequest> = Request extends ReadRequest ? Omit<Request, 'number'> : never;
interface Waiting {
  readonly request: Unnumbered;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: Error) => void;
}

export class ReadingThread {
  #worker: Worker | null = null;
  #number = 0;
  #running: Waiting | null = null;
  readonly #queue: Waiting[] = [];

  /** @throws FailureError what the question failed with; cancelled when the signal fires before it is its turn */
  async ask<Name extends QuestionName>(
    file: string,
    name: Name,
    input: QuestionInput<Name>,
    signal?: AbortSignal,
  ): Promise<Answer<Name>> {
    return (await this.#send({ kind: 'ask', file, name, input }, signal)) as Answer<Name>;
  }

  /** @returns the size of the copy */
  async copy(file: string, target: string, options: CopyOptions): Promise<number> {
    return (await this.#send({ kind: 'copy', file, target, options })) as number;
  }

  async release(file: string): Promise<void> {
    if (this.#worker) await this.#send({ kind: 'release', file });
  }

  #send(request: Unnumbered, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { request, resolve, reject };
      if (signal?.aborted) {
        reject(cancelled());
        return;
      }
      signal?.addEventListener(
        'abort',
        () => {
          const place = this.#queue.indexOf(waiting);
          if (place !== -1) this.#queue.splice(place, 1);
          reject(cancelled());
        },
        { once: true },
      );
      this.#queue.push(waiting);
      this.#next();
    });
  }

  #next(): void {
    if (this.#running) return;
    const next = this.#queue.shift();
    if (!next) {
      this.#worker?.unref();
      return;
    }
    this.#running = next;
    this.#worker ??= this.#open();
    // While somebody waits, the process stays alive.
    this.#worker.ref();
    this.#worker.postMessage({ ...next.request, number: ++this.#number } satisfies ReadRequest);
  }

  #open(): Worker {
    const worker = new Worker(workerUrl('../recorder/open/read-worker'), { name: 'recording', stdin: false });
    worker.on('message', (reply: ReadReply) => {
      const running = this.#running;
      this.#running = null;
      if (reply.kind === 'done') running?.resolve(reply.answer);
      else running?.reject(new FailureError(reply.failure));
      this.#next();
    });
    const lost = (cause?: Error): void => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      const running = this.#running;
      this.#running = null;
      running?.reject(
        new FailureError(
          {
            kind: 'internal',
            message: `The thread that reads recordings stopped${cause ? `: ${cause.message}` : ''}. Try again.`,
          },
          { cause },
        ),
      );
      this.#next();
    };
    worker.on('error', lost);
    worker.on('exit', () => lost());
    return worker;
  }

  async close(): Promise<void> {
    for (const { reject } of this.#queue.splice(0)) reject(cancelled());
    await this.#worker?.terminate();
  }
}

const cancelled = (): FailureError => new FailureError({ kind: 'cancelled', message: 'Cancelled.' });
