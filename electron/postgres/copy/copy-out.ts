/** COPY … TO STDOUT as pieces of bytes: the server waits while nobody takes them. */
import type { BackupLink } from '../backup/wire/backup-link.ts';

const pieceBytes = 256 * 1024;
/** So many wait at most; it goes on when a quarter is left. */
const mostWaiting = 8;

export class CopyOutStream {
  /** Messages so far: rows, and with binary a head and an end. */
  rows = 0;
  bytes = 0;
  readonly #link: BackupLink;
  #piece = Buffer.allocUnsafe(pieceBytes);
  #filled = 0;
  readonly #waiting: Buffer[] = [];
  #ended = false;
  #paused = false;
  /** Nobody takes what still comes: a server that waits for its bytes to be taken does not hear that it is to stop. */
  #left = false;
  #wake: (() => void) | null = null;

  constructor(link: BackupLink) {
    this.#link = link;
  }

  /** Leaving it stops the statement. @throws what the server said, or that it is gone */
  async *read(sql: string): AsyncGenerator<Buffer, void, void> {
    const sink = {
      row: () => this.#row(),
      append: (chunk: Buffer, from: number, to: number) => this.#append(chunk, from, to),
    };
    const work = this.#link.copyOut(sql, sink);
    const ended = work.then(
      () => this.#end(),
      () => this.#end(),
    );
    try {
      for (let piece = await this.#next(); piece; piece = await this.#next()) yield piece;
      await work;
    } finally {
      this.#left = true;
      if (!this.#ended) await this.#link.cancel();
      await ended;
    }
  }

  #row(): void {
    this.rows++;
  }

  #append(chunk: Buffer, from: number, to: number): void {
    if (this.#left) return;
    this.bytes += to - from;
    for (let at = from; at < to; ) {
      const taken = chunk.copy(this.#piece, this.#filled, at, to);
      at += taken;
      this.#filled += taken;
      if (this.#filled === pieceBytes) this.#flush();
    }
  }

  #flush(): void {
    if (this.#filled === 0) return;
    this.#waiting.push(this.#piece.subarray(0, this.#filled));
    this.#piece = Buffer.allocUnsafe(pieceBytes);
    this.#filled = 0;
    if (this.#waiting.length >= mostWaiting && !this.#paused) {
      this.#paused = true;
      this.#link.pause();
    }
    this.#wake?.();
  }

  #end(): void {
    this.#flush();
    this.#ended = true;
    this.#wake?.();
  }

  async #next(): Promise<Buffer | null> {
    while (this.#waiting.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    const piece = this.#waiting.shift() ?? null;
    if (this.#paused && this.#waiting.length <= mostWaiting / 4) {
      this.#paused = false;
      this.#link.resume();
    }
    return piece;
  }
}
