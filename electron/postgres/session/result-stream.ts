/** The rows of one statement on their way into a result file, and what the host is told about it. */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Column } from '../../../shared/api/sessions.ts';
import { ResultFileWriter, type Written } from '../result/write-result-file.ts';
import type { Happening } from './worker-messages.ts';

export interface ResultStreamEvents {
  tell(happening: Happening): void;
  /** The result is known to the host: its rows may be asked for. */
  announced(resultId: string, columns: readonly Column[]): void;
  progress(resultId: string, rows: number, bytes: number): void;
  pause(): void;
  resume(): void;
  /** Reads nothing for a moment, so that others can work. */
  giveWay(forMs: number): void;
  /** The disk takes no more. */
  diskFailed(error: NodeJS.ErrnoException): void;
}

/** The page hears no oftener than this how far a result has come. */
const progressEveryMs = 50;
/**
 * On a few cores the server, this thread and the page take turns, and the first rows of a long result would be drawn
 * while the rest of it streams at full speed: in 50 to 64 ms. Read on a little later, once a result, they are there in 42.
 */
const fewCores = 4;
const longBytes = 512 * 1024;
const giveWayMs = 30;

export class ResultStream {
  readonly id = randomBytes(16).toString('base64url');
  readonly sink: ResultFileWriter;
  readonly #columns: () => Promise<readonly Column[]>;
  readonly #events: ResultStreamEvents;
  #announcing: Promise<void> | undefined;
  #announced = false;
  /** Written before the columns' names were there. */
  #held: Written[] = [];
  #gaveWay: boolean;
  #lastProgressAt = Number.NEGATIVE_INFINITY;

  /** @param givesWay whether a long result lets others work for a moment; where there are few cores, unless told */
  constructor(
    filePrefix: string,
    columns: () => Promise<readonly Column[]>,
    events: ResultStreamEvents,
    givesWay = availableParallelism() <= fewCores,
  ) {
    this.#gaveWay = !givesWay;
    this.#columns = columns;
    this.#events = events;
    this.sink = new ResultFileWriter(`${filePrefix}-${this.id}`, {
      written: (written) => this.#written(written),
      full: events.pause,
      room: events.resume,
      failed: events.diskFailed,
    });
  }

  /** The statement has given a row, or has ended well without one: only now there is a result. */
  begin(): void {
    if (this.#announcing) return;
    this.sink.open();
    this.#announcing = this.#columns().then((columns) => {
      this.#events.tell({ kind: 'fileOpened', id: this.id, path: this.sink.path, columns });
      this.#events.announced(this.id, columns);
      this.#announced = true;
      for (const written of this.#held) this.#tell(written);
      this.#held = [];
    });
  }

  /** Waits until all rows are safe in the file. Null where the statement came to no result. */
  async finish(): Promise<{ rows: number; bytes: number } | null> {
    if (!this.#announcing) return null;
    // Nothing is left to be read, but the next statement's answer.
    this.#gaveWay = true;
    const totals = await this.sink.finish();
    await this.#announcing;
    this.#events.tell({ kind: 'fileEnded', id: this.id });
    return totals;
  }

  #written(written: Written): void {
    if (this.#announced) this.#tell(written);
    else this.#held.push(written);
  }

  #tell({ rows, bytes, index }: Written): void {
    this.#events.tell({ kind: 'fileGrew', id: this.id, rows, bytes, index });
    if (bytes >= longBytes && !this.#gaveWay) {
      this.#gaveWay = true;
      this.#events.giveWay(giveWayMs);
    }
    const now = performance.now();
    if (rows === 0 || now - this.#lastProgressAt < progressEveryMs) return;
    this.#lastProgressAt = now;
    this.#events.progress(this.id, rows, bytes);
  }
}
