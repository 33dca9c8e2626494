/** The host's side of the result worker: one thread for quick work, started on first use; one of its own for each export and comparison. */
import { Worker } from 'node:worker_threads';
import { FailureError } from '../../../../shared/failure.ts';
import { workerUrl } from '../../worker-url.ts';
import type { Job, JobAnswers, JobMessage, JobProgress, JobReply } from './result-job.ts';

export interface JobOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: JobProgress) => void;
}

export interface ResultJobs {
  /** Throws `cancelled` when the signal fires, and the worker's failure where the job fails. */
  run<J extends Job>(job: J, options?: JobOptions): Promise<JobAnswers[J['kind']]>;
  close(): Promise<void>;
}

/** An aborted job gets this long to stop by itself; then its thread is ended. */
const graceMs = 2000;

const ownThread: ReadonlySet<Job['kind']> = new Set([
  ...(['export', 'exportQueries', 'compare', 'import', 'preview', 'examineScript', 'runScript', 'copyRows'] as const),
]);

export function createResultJobs(): ResultJobs {
  let quick: JobThread | null = null;
  const threads = new Set<JobThread>();
  const open = (): JobThread => {
    const thread = new JobThread(() => {
      threads.delete(thread);
      if (quick === thread) quick = null;
    });
    threads.add(thread);
    return thread;
  };
  return {
    async run(job, options = {}) {
      if (!ownThread.has(job.kind)) {
        quick ??= open();
        return quick.run(job, options);
      }
      const thread = open();
      try {
        return await thread.run(job, options);
      } finally {
        await thread.close();
      }
    },
    async close() {
      await Promise.all([...threads].map((thread) => thread.close()));
    },
  };
}

interface Waiting {
  readonly resolve: (answer: JobAnswers[Job['kind']]) => void;
  readonly reject: (reason: Error) => void;
  readonly onProgress: ((progress: JobProgress) => void) | undefined;
}

class JobThread {
  readonly #worker = new Worker(workerUrl('result/job/result-worker'), { name: 'result', stdin: false });
  readonly #waiting = new Map<number, Waiting>();
  #number = 0;

  constructor(onEnd: () => void) {
    const lost = (reason: Error): void => {
      onEnd();
      for (const { reject } of this.#waiting.values()) reject(reason);
      this.#waiting.clear();
    };
    this.#worker.on('message', (reply: JobReply) => this.#take(reply));
    this.#worker.on('error', (error) => lost(crashed(error)));
    this.#worker.on('exit', () => lost(crashed()));
    this.#worker.unref();
  }

  async run<J extends Job>(job: J, { signal, onProgress }: JobOptions): Promise<JobAnswers[J['kind']]> {
    if (signal?.aborted) throw cancelled();
    const abort = new Int32Array(new SharedArrayBuffer(4));
    const number = ++this.#number;
    let grace: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      Atomics.store(abort, 0, 1);
      grace = setTimeout(() => void this.close(), graceMs);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    // While somebody waits, the process stays alive.
    this.#worker.ref();
    try {
      const answer = await new Promise<JobAnswers[Job['kind']]>((resolve, reject) => {
        this.#waiting.set(number, { resolve, reject, onProgress });
        this.#worker.postMessage({ number, job, abort } satisfies JobMessage);
      });
      // The answer to a job of this kind: the worker's switch is over the same union.
      return answer as JobAnswers[J['kind']];
    } catch (thrown) {
      throw signal?.aborted ? cancelled() : thrown;
    } finally {
      clearTimeout(grace);
      signal?.removeEventListener('abort', onAbort);
      this.#waiting.delete(number);
      if (this.#waiting.size === 0) this.#worker.unref();
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(reply: JobReply): void {
    const waiting = this.#waiting.get(reply.number);
    if (!waiting) return;
    if (reply.kind === 'progress') waiting.onProgress?.(reply.progress);
    else if (reply.kind === 'done') waiting.resolve(reply.answer);
    else waiting.reject(new FailureError(reply.failure));
  }
}

const cancelled = (): FailureError => new FailureError({ kind: 'cancelled', message: 'Cancelled.' });

const crashed = (cause?: Error): FailureError =>
  new FailureError(
    {
      kind: 'internal',
      message: cause
        ? `The thread that works on results stopped: ${cause.message}. Try again; a new one is started.`
        : 'The thread that works on results was stopped.',
    },
    { cause },
  );
