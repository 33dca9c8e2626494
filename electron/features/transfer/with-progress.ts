/** Work on a thread as a generator: what it says on the way, and at the end what came of it. */
import type { JobProgress } from '../../postgres/result/job/result-job.ts';
import type { JobOptions } from '../../postgres/result/job/result-jobs.ts';

/** Leaving it cancels the work, and waits until it has stopped. @param pick what of a progress is told */
export async function* withProgress<Now, Done>(
  start: (options: JobOptions) => Promise<Done>,
  pick: (progress: JobProgress) => Now | undefined,
  signal?: AbortSignal,
): AsyncGenerator<Now, Done, void> {
  const leaving = new AbortController();
  const newest = new Newest<Now>();
  const work = start({
    signal: signal ? AbortSignal.any([leaving.signal, signal]) : leaving.signal,
    onProgress: (progress) => {
      const now = pick(progress);
      if (now !== undefined) newest.put(now);
    },
  });
  const ended = work.then(
    () => newest.end(),
    () => newest.end(),
  );
  try {
    for (let now = await newest.next(); now; now = await newest.next()) yield now;
    return await work;
  } finally {
    leaving.abort();
    await ended;
  }
}

/** The same with its words in another form; leaving it leaves what it reads. */
export async function* mapped<From, To, Done>(
  words: AsyncGenerator<From, Done, void>,
  form: (word: From) => To,
): AsyncGenerator<To, Done, void> {
  let done = false;
  try {
    for (;;) {
      const next = await words.next();
      done = next.done === true;
      if (next.done) return next.value;
      yield form(next.value);
    }
  } finally {
    // Of no use to anyone: what is asked for is that it ends.
    if (!done) await words.return(undefined as Done);
  }
}

/** With nothing new the last value is told again, so that a generator whose reader has left notices it. */
const repeatMs = 500;

/** The newest word; a slow reader misses those between. */
class Newest<T> {
  #now: T | null = null;
  #isNew = false;
  #ended = false;
  #wake: (() => void) | null = null;

  put(now: T): void {
    this.#now = now;
    this.#isNew = true;
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Null after the end. */
  async next(): Promise<T | null> {
    while (!this.#ended && !this.#isNew) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, repeatMs);
      });
      clearTimeout(timer);
      if (this.#now) break;
    }
    this.#isNew = false;
    return this.#ended ? null : this.#now;
  }
}
