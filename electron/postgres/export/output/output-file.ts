/** The file on the disk: bytes go out at once, and are safe there before `finish` returns. */
import { closeSync, fdatasync, fsyncSync, openSync, writeSync } from 'node:fs';
import type { ByteSink } from './byte-sink.ts';
import { clearly } from './file-failure.ts';

/** The disk is asked to take what was written this often, so that little is left to wait for at the end. */
const syncEveryBytes = 32 * 1024 * 1024;

export class OutputFile implements ByteSink {
  /** Written so far. */
  bytes = 0;
  readonly #fd: number;
  #closed = false;
  #notSynced = 0;
  #syncing: Promise<void> | null = null;

  /** @throws invalid where the file cannot be made, or is there already */
  constructor(path: string) {
    this.#fd = clearly(() => openSync(path, 'wx', 0o666));
  }

  write(bytes: Uint8Array): void {
    clearly(() => writeAll(this.#fd, bytes, this.bytes));
    this.bytes += bytes.length;
    this.#notSynced += bytes.length;
    if (this.#notSynced >= syncEveryBytes && !this.#syncing) this.#startSync();
  }

  /** Writes over bytes that have been written. */
  patch(at: number, bytes: Uint8Array): void {
    clearly(() => writeAll(this.#fd, bytes, at));
  }

  end(): void {}

  async finish(): Promise<void> {
    await this.#syncing;
    clearly(() => fsyncSync(this.#fd));
    await this.close();
  }

  /** The file itself is removed by whoever gave it its name. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#syncing;
    closeSync(this.#fd);
  }

  /** On a thread of the pool, while rows go on. An error shows again in the last sync. */
  #startSync(): void {
    this.#notSynced = 0;
    this.#syncing = new Promise((resolve) => {
      fdatasync(this.#fd, () => {
        this.#syncing = null;
        resolve();
      });
    });
  }
}

/** @param position in the file; said each time, so that a patch elsewhere moves nothing */
export function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, position + at);
}
