/**
 * Keeps a recording's second home up to date. The file stays the truth and the buffer: what could not be brought while
 * the home was away is brought when it is there again, from the marks that it keeps of itself.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Failure } from '../../../shared/api/base.ts';
import { failureOf } from '../../../shared/failure.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { RecordingFile } from '../file/recording-file.ts';
import { append, type Registered, register } from './append.ts';
import { Home } from './home.ts';
import { type Unsent, UnsentReader } from './unsent.ts';

export interface FollowState {
  /** The newest instant that has come; null: nothing yet. */
  readonly uptoMs: number | null;
  readonly trouble: Failure | null;
}
export interface FollowOptions {
  readonly file: string;
  /** Asked for anew for each connection. */
  specOf(): Promise<ConnectSpec>;
  onState(state: FollowState): void;
  readonly everyMs?: number;
}

const standardEveryMs = 10_000;
const longestRetryMs = 60_000;
const dayMs = 86_400_000;

export class Follower {
  readonly #options: FollowOptions;
  readonly #everyMs: number;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #uptoMs: number | null = null;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? standardEveryMs;
  }

  start(): void {
    this.#stop = new AbortController();
    this.#running = this.#go(this.#stop.signal);
  }

  /** Lets go of the file; a batch under way is finished. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** What has come since the last time, once: for a file that is complete now. @throws why it could not be brought */
  async once(): Promise<void> {
    const home = await Home.open(await this.#options.specOf());
    try {
      await this.#bring(home, await register(home, uidOf(this.#options.file)), () => false);
    } finally {
      await home.close();
    }
  }

  async #go(signal: AbortSignal): Promise<void> {
    let retryMs = this.#everyMs;
    while (!signal.aborted) {
      try {
        await this.#follow(signal, () => {
          retryMs = this.#everyMs;
        });
      } catch (thrown) {
        if (signal.aborted) return;
        this.#options.onState({ uptoMs: this.#uptoMs, trouble: failureOf(thrown) });
        await delay(retryMs, undefined, { signal }).catch(() => {});
        retryMs = Math.min(longestRetryMs, retryMs * 2);
      }
    }
  }

  async #follow(signal: AbortSignal, onWell: () => void): Promise<void> {
    const home = await Home.open(await this.#options.specOf(), { signal });
    try {
      let registered = await register(home, uidOf(this.#options.file));
      let day = 0;
      while (!signal.aborted) {
        registered = await this.#bring(home, registered, () => signal.aborted);
        const today = Math.floor(Date.now() / dayMs);
        if (day !== today) await home.forgetOld();
        day = today;
        onWell();
        this.#options.onState({ uptoMs: this.#uptoMs, trouble: null });
        await delay(this.#everyMs, undefined, { signal }).catch(() => {});
      }
    } finally {
      await home.close();
    }
  }

  /** Batch by batch until nothing is left. @returns where it stands now */
  async #bring(home: Home, from: Registered, isOver: () => boolean): Promise<Registered> {
    let at = from;
    const reader = new UnsentReader(this.#options.file, at.texts);
    try {
      for (
        let batch = reader.next(at.marks, home.oldestMs);
        !isEmpty(batch);
        batch = reader.next(at.marks, home.oldestMs)
      ) {
        if (await append(home, at.number, at.marks, batch)) {
          reader.sent(batch);
          at = { ...at, marks: batch.marks };
        } else at = { ...(await register(home, uidOf(this.#options.file))), texts: at.texts };
        if (batch.isLast || isOver()) break;
      }
    } finally {
      reader.close();
    }
    this.#uptoMs = newestOf(at);
    return at;
  }
}

const isEmpty = (batch: Unsent): boolean =>
  [
    batch.minutes,
    batch.polls,
    batch.words,
    batch.statements,
    batch.keys,
    batch.gaps,
    batch.events,
    batch.snapshots,
  ].every(({ length }) => length === 0);

function newestOf({ marks }: Registered): number | null {
  const instants = [...Object.values(marks.polls), ...(marks.minute ? [marks.minute[0]] : [])];
  return instants.length > 0 ? Math.max(...instants) : null;
}

function uidOf(path: string): string {
  const file = new RecordingFile(path);
  try {
    const uid = file.meta('uid');
    if (uid === null) throw new Error('the recording has no identity');
    return uid;
  } finally {
    file.close();
  }
}
