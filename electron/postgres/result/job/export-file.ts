/** The file an export writes: encoded rows go out at once, and the bytes are safe on the disk before `finish` returns. */
import { closeSync, fdatasync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { FailureError } from '../../../../shared/failure.ts';
import { createEncoder, type EncodedColumn, type Encoder } from '../encode/export-encoder.ts';
import type { Hold } from '../encode/row-format.ts';
import { Utf8Check } from '../read/utf8.ts';
import type { Exported, ExportTarget, JobProgress } from './result-job.ts';

/** Values that wait to be written are held in memory up to this, then on the disk. */
const heldInMemoryBytes = 16 * 1024 * 1024;
const progressEveryMs = 100;
/** The disk is asked to take what was written this often, so that little is left to wait for at the end. */
const syncEveryBytes = 32 * 1024 * 1024;

export class ExportFile {
  readonly #fd: number;
  readonly #hold: DiskHold;
  readonly #encoder: Encoder;
  readonly #utf8 = new Utf8Check();
  readonly #onProgress: (progress: JobProgress) => void;
  #nextProgress = performance.now() + progressEveryMs;
  #closed = false;
  #notSynced = 0;
  #syncing: Promise<void> | null = null;

  constructor(target: ExportTarget, columns: readonly EncodedColumn[], onProgress: (progress: JobProgress) => void) {
    this.#onProgress = onProgress;
    this.#fd = clearly(() => openSync(target.path, 'wx', 0o666));
    this.#hold = new DiskHold(`${target.path}.held`);
    this.#encoder = createEncoder(target.format, columns, { header: target.header, hold: this.#hold }, (bytes) =>
      this.#write(bytes),
    );
  }

  /** Takes the next bytes of the rows, cut anywhere, and writes before it returns: that is what slows a fast server. */
  push(chunk: Uint8Array): void {
    this.#encoder.push(chunk);
    if (performance.now() < this.#nextProgress) return;
    this.#nextProgress = performance.now() + progressEveryMs;
    this.#onProgress({ rows: this.#encoder.rows, bytes: this.#encoder.sentBytes });
  }

  /** Ends the file and waits until the disk has it. */
  async finish(): Promise<Exported> {
    this.#encoder.finish();
    await this.#syncing;
    clearly(() => fsyncSync(this.#fd));
    await this.close();
    const notes = [...this.#encoder.notes];
    if (!this.#utf8.valid)
      notes.push('Some values are not valid UTF-8. Their bytes are written as the server sent them.');
    return { rows: this.#encoder.rows, bytes: this.#encoder.sentBytes, notes };
  }

  /** The file itself is removed by whoever gave it its name. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#syncing;
    this.#hold.close();
    closeSync(this.#fd);
  }

  #write(bytes: Buffer): void {
    this.#utf8.add(bytes);
    clearly(() => writeAll(this.#fd, bytes));
    this.#notSynced += bytes.length;
    if (this.#notSynced >= syncEveryBytes && !this.#syncing) this.#startSync();
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

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at);
}

/** The disk's errors in words; everything else passes. */
function clearly<T>(action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    throw fileFailure(thrown);
  }
}

const meanings: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. No file was left behind.',
  EDQUOT: 'Your disk quota is used up. No file was left behind.',
  EFBIG: 'The file is larger than this disk allows. No file was left behind.',
  EACCES: 'This folder may not be written to.',
  EPERM: 'This folder may not be written to.',
  EROFS: 'This disk is read-only.',
  ENOENT: 'The folder for this file is not there any more.',
  EIO: 'The disk reports an error while writing. No file was left behind.',
  EISDIR: 'There is a folder of this name.',
};

/** What a file system's error means for the chosen file. */
export function fileFailure(thrown: unknown): unknown {
  const code = (thrown as NodeJS.ErrnoException).code ?? '';
  const message = meanings[code];
  if (!message) return thrown;
  return new FailureError({ kind: 'invalid', field: 'target', message: `${message} (${code})` }, { cause: thrown });
}

/** Holds a value of any length: its first part in memory, the rest in a file of its own. */
class DiskHold implements Hold {
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
    clearly(() => writeAll(fd, bytes));
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
