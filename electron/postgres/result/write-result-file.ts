/**
 * Writes one result file: the raw bytes of consecutive DataRow messages ('D', Int32 length that counts itself, Int16
 * columns, then for each an Int32 length, -1 for NULL, and the bytes), and keeps the offset of every 256th row.
 */
import { closeSync, openSync, write, writeSync } from 'node:fs';
import type { RowSink } from '../wire/message-walker.ts';

/** What the file holds after a completed write. */
export interface Written {
  /** Whole rows. */
  readonly rows: number;
  readonly bytes: number;
  /** Offsets of the rows 0, 256, 512… that were not told before. */
  readonly index: Float64Array<ArrayBuffer>;
}

export interface WriterEvents {
  written(written: Written): void;
  /** More than four buffers wait for the disk: stop reading, and go on when `room` comes. */
  full(): void;
  room(): void;
  /** Nothing more is taken; what was written stays readable. */
  failed(error: NodeJS.ErrnoException): void;
}

const bufferBytes = 1 << 20;
const buffersInFlight = 4;
/** Rows wait no longer than this for their buffer to fill; the first ones do not wait at all. */
const flushAfterMs = 30;

interface Filled {
  readonly buffer: Buffer;
  readonly bytes: number;
  readonly rows: number;
}

/** Buffers are used again: a new megabyte each would be garbage faster than it is collected. */
const pool: Buffer[] = [];
const takeBuffer = (): Buffer => pool.pop() ?? Buffer.allocUnsafeSlow(bufferBytes);
const giveBack = (buffer: Buffer): void => {
  if (pool.length < buffersInFlight) pool.push(buffer);
};

export class ResultFileWriter implements RowSink {
  readonly path: string;
  #file: number | null = null;
  #taken = 0;
  #rows = 0;
  #index: number[] = [];
  #buffer: Buffer | null = null;
  #fill = 0;
  #waiting: Filled[] = [];
  #writing = false;
  #writtenBytes = 0;
  #writtenRows = 0;
  #first = true;
  #paused = false;
  #timer: NodeJS.Timeout | undefined;
  #error: NodeJS.ErrnoException | null = null;
  #whenDry: (() => void) | null = null;
  readonly #events: WriterEvents;

  constructor(path: string, events: WriterEvents) {
    this.path = path;
    this.#events = events;
  }

  /** Makes the file, which must not be there yet, readable by this user only. Called before the first row. */
  open(): void {
    try {
      this.#file = openSync(this.path, 'wx', 0o600);
    } catch (thrown) {
      this.#fail(thrown as NodeJS.ErrnoException);
    }
  }

  get sizeBytes(): number {
    return this.#taken;
  }

  rowStarts(_row: number, offset: number): void {
    this.#index.push(offset);
  }

  append(chunk: Uint8Array, from: number, to: number, completeRows: number): void {
    if (this.#error) return;
    let at = from;
    while (at < to) {
      if (this.#fill === bufferBytes || (this.#fill > 0 && this.#fill + (to - at) > bufferBytes)) this.#flush();
      this.#buffer ??= takeBuffer();
      const count = Math.min(to - at, bufferBytes - this.#fill);
      this.#buffer.set(at === 0 && count === chunk.length ? chunk : chunk.subarray(at, at + count), this.#fill);
      this.#fill += count;
      at += count;
    }
    this.#taken += to - from;
    // Only now: a buffer flushed on the way does not hold the end of these rows.
    this.#rows = completeRows;
    if (this.#first && completeRows > 0) {
      this.#first = false;
      this.#writeFirst();
    } else if (this.#fill > 0) this.#timer ??= setTimeout(() => this.#flush(), flushAfterMs);
  }

  /** Writes what is left and closes the file. The rows and bytes that are safe in it. */
  async finish(): Promise<{ rows: number; bytes: number }> {
    this.#flush();
    if (this.#writing) {
      await new Promise<void>((resolve) => {
        this.#whenDry = resolve;
      });
    }
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    if (this.#buffer) giveBack(this.#buffer);
    this.#buffer = null;
    return { rows: this.#writtenRows, bytes: this.#writtenBytes };
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#buffer || this.#fill === 0) return;
    this.#waiting.push({ buffer: this.#buffer, bytes: this.#fill, rows: this.#rows });
    this.#buffer = null;
    this.#fill = 0;
    if (this.#waiting.length >= buffersInFlight && !this.#paused) {
      this.#paused = true;
      this.#events.full();
    }
    if (!this.#writing) this.#writeNext(0);
  }

  /** A screen is waiting for these few: a thread to write them would come later than they are written. */
  #writeFirst(): void {
    const first = this.#buffer;
    if (!first || this.#file === null || this.#waiting.length > 0) {
      this.#flush();
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const filled = { buffer: first, bytes: this.#fill, rows: this.#rows };
    try {
      for (let done = 0; done < filled.bytes; )
        done += writeSync(this.#file, first, done, filled.bytes - done, this.#writtenBytes + done);
    } catch (thrown) {
      this.#fail(thrown as NodeJS.ErrnoException);
      return;
    }
    this.#buffer = null;
    this.#fill = 0;
    this.#waiting.push(filled);
    this.#wrote(filled);
  }

  /** One write at a time: the file grows in order, so what was told is always readable. */
  #writeNext(done: number): void {
    const next = this.#waiting[0];
    if (!next || this.#file === null) return;
    this.#writing = true;
    write(this.#file, next.buffer, done, next.bytes - done, this.#writtenBytes + done, (error, count) => {
      if (error) this.#fail(error);
      else if (done + count < next.bytes) this.#writeNext(done + count);
      else this.#wrote(next);
    });
  }

  #wrote(filled: Filled): void {
    this.#waiting.shift();
    giveBack(filled.buffer);
    this.#writtenBytes += filled.bytes;
    this.#writtenRows = filled.rows;
    this.#events.written({
      rows: filled.rows,
      bytes: this.#writtenBytes,
      index: Float64Array.from(this.#index),
    });
    this.#index = [];
    if (this.#paused && this.#waiting.length <= buffersInFlight / 2) this.#resume();
    if (this.#waiting.length > 0) this.#writeNext(0);
    else this.#dry();
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.#error = error;
    this.#waiting = [];
    this.#fill = 0;
    this.#events.failed(error);
    if (this.#paused) this.#resume();
    this.#dry();
  }

  #resume(): void {
    this.#paused = false;
    this.#events.room();
  }

  #dry(): void {
    this.#writing = false;
    this.#whenDry?.();
    this.#whenDry = null;
  }
}
