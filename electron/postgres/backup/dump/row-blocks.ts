/** Cuts the bytes of a COPY into blocks and has them stored, several at a time; the server waits when the disk lags. */
import { crc32 } from 'node:zlib';
import type { ArchiveWriter } from '../archive/archive-writer.ts';
import { blockBytes } from '../archive/layout.ts';
import type { BackupLink } from '../wire/backup-link.ts';
import type { CopySink } from '../wire/copy-walker.ts';

/** Blocks of one connection that are being packed and written. */
const mostUnderWay = 4;

export class RowBlocks implements CopySink {
  rows = 0;
  rawBytes = 0;
  crc = 0;
  readonly #item: number;
  readonly #writer: ArchiveWriter;
  readonly #link: BackupLink;
  readonly #onBytes: (bytes: number) => void;
  readonly #places: Promise<number>[] = [];
  #block = Buffer.allocUnsafe(blockBytes);
  #filled = 0;
  #underWay = 0;
  #paused = false;
  #failure: { readonly thrown: unknown } | null = null;

  constructor(item: number, writer: ArchiveWriter, link: BackupLink, onBytes: (bytes: number) => void) {
    this.#item = item;
    this.#writer = writer;
    this.#link = link;
    this.#onBytes = onBytes;
  }

  row(): void {
    this.rows++;
  }

  append(chunk: Buffer, from: number, to: number): void {
    if (this.#failure) return;
    let at = from;
    while (at < to) {
      const taken = Math.min(to - at, blockBytes - this.#filled);
      chunk.copy(this.#block, this.#filled, at, at + taken);
      this.#filled += taken;
      at += taken;
      if (this.#filled === blockBytes) this.#store();
    }
  }

  /** Stores the rest. @returns the places of all blocks, in order. Throws why one could not be written. */
  async end(): Promise<number[]> {
    if (this.#filled > 0) this.#store();
    return Promise.all(this.#places);
  }

  #store(): void {
    const raw = this.#block.subarray(0, this.#filled);
    this.#block = Buffer.allocUnsafe(blockBytes);
    this.#filled = 0;
    this.rawBytes += raw.length;
    this.crc = crc32(raw, this.crc);
    this.#onBytes(raw.length);
    this.#underWay++;
    if (this.#underWay >= mostUnderWay && !this.#paused) {
      this.#paused = true;
      this.#link.pause();
    }
    const stored = this.#writer.block(this.#item, raw);
    stored.then(
      () => this.#stored(),
      (thrown) => {
        // Nothing more is wanted of the server: the rest of its rows is not sent.
        if (!this.#failure) void this.#link.cancel();
        this.#failure ??= { thrown };
      },
    );
    this.#places.push(stored);
  }

  /** Why the rows could not be kept; the server's own word would only be that it was cancelled. */
  get failure(): { readonly thrown: unknown } | null {
    return this.#failure;
  }

  #stored(): void {
    this.#underWay--;
    if (!this.#paused || this.#underWay >= mostUnderWay / 2) return;
    this.#paused = false;
    this.#link.resume();
  }
}
