/** Holds a value of any length: its first part in memory, the rest in a file of its own. */
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import type { Hold } from '../../result/encode/row-format.ts';
import { clearly } from './file-failure.ts';
import { writeAll } from './output-file.ts';

/** Values that wait to be written are held in memory up to this, then on the disk. */
const heldInMemoryBytes = 16 * 1024 * 1024;

export class DiskHold implements Hold {
  readonly #path: string;
  #memory: Buffer[] = [];
  #bytes = 0;
  #fd: number | null = null;
  #onDisk = 0;

  constructor(path: string) {
    this.#path = path;
  }

  add(bytes: Uint8Array): void {
    if (this.#fd === null && this.#bytes + bytes.length <= heldInMemoryBytes) {
      this.#memory.push(Buffer.from(bytes));
      this.#bytes += bytes.length;
      return;
    }
    const fd = this.#fd ?? clearly(() => openSync(this.#path, 'wx+', 0o600));
    this.#fd = fd;
    clearly(() => writeAll(fd, bytes, this.#onDisk));
    this.#onDisk += bytes.length;
  }

  drain(take: (bytes: Uint8Array) => void): void {
    const memory = this.#memory;
    this.#memory = [];
    this.#bytes = 0;
    for (const bytes of memory) take(bytes);
    if (this.#fd === null) return;
    const piece = Buffer.allocUnsafe(1024 * 1024);
    for (let at = 0; at < this.#onDisk; ) {
      const got = readSync(this.#fd, piece, 0, Math.min(piece.length, this.#onDisk - at), at);
      if (got === 0) break;
      take(piece.subarray(0, got));
      at += got;
    }
    this.close();
  }

  close(): void {
    if (this.#fd === null) return;
    closeSync(this.#fd);
    rmSync(this.#path, { force: true });
    this.#fd = null;
    this.#onDisk = 0;
  }
}
