/** A file that is there whole or not at all: written under a temporary name beside its place, then renamed into it. */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ExportProgress } from '../../../../shared/api/transfer.ts';
import { failureOf } from '../../../../shared/failure.ts';
import { fileFailure } from '../../export/output/file-failure.ts';
import type { Exported, JobProgress } from './result-job.ts';
import type { JobOptions } from './result-jobs.ts';

export type Delivery = ExportProgress;

/**
 * Runs `write` with a temporary path and tells how it goes; ends with `done` or `failed`. Leaving the iteration stops
 * the writing. Whatever happens short of `done`, nothing of the export remains and a file that was there before stays.
 */
export async function* deliver(
  target: string,
  totalRows: number | null,
  write: (temporary: string, options: JobOptions) => Promise<Exported>,
  signal?: AbortSignal,
): AsyncGenerator<Delivery, void, void> {
  const startedAt = performance.now();
  const temporary = path.join(path.dirname(target), `.howdah-${randomBytes(9).toString('base64url')}.part`);
  const leaving = new AbortController();
  const progress = new Latest<JobProgress>({ rows: 0, bytes: 0 });
  const stop = signal ? AbortSignal.any([leaving.signal, signal]) : leaving.signal;
  const writing = write(temporary, { signal: stop, onProgress: (now) => progress.set(now) });
  const settled = writing.then(
    () => progress.end(),
    () => progress.end(),
  );
  try {
    for (let now = await progress.next(); now; now = await progress.next())
      yield { kind: 'progress', ...now, totalRows };
    const { rows, bytes, notes } = await writing;
    await moveInto(temporary, target);
    yield { kind: 'done', rows, bytes, tookMs: performance.now() - startedAt, notes: [...notes] };
  } catch (thrown) {
    yield { kind: 'failed', failure: failureOf(fileFailure(thrown)) };
  } finally {
    leaving.abort();
    await settled;
    await Promise.all([rm(temporary, { force: true }), rm(`${temporary}.held`, { force: true })]);
  }
}

/** The bytes are on the disk already; this makes the name last too. */
async function moveInto(temporary: string, target: string): Promise<void> {
  await rename(temporary, target);
  // Windows has no such thing as opening a folder; there the name is safe with the rename.
  if (process.platform === 'win32') return;
  const folder = await open(path.dirname(target), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** With nothing new the last value is told again, so that a generator whose reader has left notices it. */
const repeatMs = 500;

/** The newest of the values that came since the last look; a slow reader misses those between. */
class Latest<T> {
  #value: T;
  #isNew = false;
  #ended = false;
  #wake: (() => void) | null = null;

  constructor(first: T) {
    this.#value = first;
  }

  set(value: T): void {
    this.#value = value;
    this.#isNew = true;
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Null after the end. */
  async next(): Promise<T | null> {
    if (!this.#isNew && !this.#ended) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, repeatMs);
      });
      clearTimeout(timer);
      this.#wake = null;
    }
    this.#isNew = false;
    return this.#ended ? null : this.#value;
  }
}
