/** The recordings that can be asked, by id: those being made, those made before, and files opened from elsewhere. */
import { FailureError } from '../../../shared/failure.ts';
import type { CopyOptions } from '../file/copy.ts';
import type { Answer, QuestionInput, QuestionName } from '../read/questions.ts';
import { ReadingThread } from './reading-thread.ts';

/** Answered from a few pieces of the file: these do not stand behind a question over a month. */
const quick: ReadonlySet<QuestionName> = new Set(['info', 'span', 'sessions', 'locks', 'events', 'snapshot']);

export interface OpenRecording {
  readonly file: string;
  /** It is being written: more is coming. */
  readonly live: boolean;
}

export class OpenRecordings {
  readonly #recordings = new Map<string, OpenRecording>();
  readonly #quick = new ReadingThread();
  readonly #heavy = new ReadingThread();

  /** Makes the file known under the id, or changes what is known of it. */
  set(id: string, recording: OpenRecording): void {
    this.#recordings.set(id, recording);
  }

  /** @throws FailureError where there is none of that id */
  get(id: string): OpenRecording {
    const found = this.#recordings.get(id);
    if (found) return found;
    throw new FailureError({
      kind: 'invalid',
      field: 'id',
      message: 'This recording is not open any more. Open it again from the list of recordings.',
    });
  }

  async ask<Name extends QuestionName>(
    id: string,
    name: Name,
    input: QuestionInput<Name>,
    signal?: AbortSignal,
  ): Promise<Answer<Name>> {
    return this.askFile(this.get(id).file, name, input, signal);
  }

  /** The same of a file that has no id yet. */
  async askFile<Name extends QuestionName>(
    file: string,
    name: Name,
    input: QuestionInput<Name>,
    signal?: AbortSignal,
  ): Promise<Answer<Name>> {
    return await (quick.has(name) ? this.#quick : this.#heavy).ask(file, name, input, signal);
  }

  /**
   * Saves a copy of the recording, in a thread of its own; one that is being made is copied as it is at that moment.
   * @returns the size of the copy
   */
  async saveCopy(id: string, target: string, options: CopyOptions): Promise<number> {
    const thread = new ReadingThread();
    try {
      return await thread.copy(this.get(id).file, target, options);
    } finally {
      await thread.close();
    }
  }

  /** Lets go of the file: before its writer closes (so that it comes to rest as one file), or it is deleted. */
  async release(file: string): Promise<void> {
    await Promise.all([this.#quick.release(file), this.#heavy.release(file)]);
  }

  async forget(id: string): Promise<void> {
    const found = this.#recordings.get(id);
    this.#recordings.delete(id);
    if (found) await this.release(found.file);
  }

  async close(): Promise<void> {
    this.#recordings.clear();
    await Promise.all([this.#quick.close(), this.#heavy.close()]);
  }
}
