/** Writes an archive beside its final name; only `finish` gives it that name, after it was read back and found good. */
import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, crc32, zstdCompress } from 'node:zlib';
import { fileFailure } from './file-failure.ts';
import { header, headerBytes, writeBlockHead, writeTrailer } from './layout.ts';
import { formatVersion, type Manifest } from './manifest.ts';

const compress = promisify(zstdCompress);

export class ArchiveWriter {
  /** Where it is while it is not whole. */
  readonly temporary: string;
  readonly #file: FileHandle;
  readonly #final: string;
  readonly #level: number;
  #at = headerBytes;
  #open = true;

  /** @param level of zstd, 1 (fast) to 19. Fails where the folder cannot be written to. */
  static async create(path: string, level: number): Promise<ArchiveWriter> {
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(3).toString('hex')}.part`);
    try {
      const file = await open(temporary, 'wx', 0o600);
      await file.write(header(formatVersion), 0, headerBytes, 0);
      return new ArchiveWriter(path, temporary, file, level);
    } catch (thrown) {
      throw fileFailure(thrown, temporary);
    }
  }

  private constructor(path: string, temporary: string, file: FileHandle, level: number) {
    this.#final = path;
    this.temporary = temporary;
    this.#file = file;
    this.#level = level;
  }

  get sizeBytes(): number {
    return this.#at;
  }

  /** Stores a block of COPY text; answers with its place. Calls may overlap: each takes its place at once it is packed. */
  async block(item: number, raw: Buffer): Promise<number> {
    const packed = await compress(raw, { params: { [constants.ZSTD_c_compressionLevel]: this.#level } });
    const stored = packed.length < raw.length ? packed : raw;
    const head = writeBlockHead({ item, rawBytes: raw.length, storedBytes: stored.length, crc: crc32(stored) });
    const at = this.#at;
    this.#at += head.length + stored.length;
    await this.#write([head, stored], at);
    return at;
  }

  /** The end of the file, safely on disk; it is whole now, and still under its temporary name. */
  async seal(manifest: Manifest): Promise<void> {
    const raw = Buffer.from(JSON.stringify(manifest));
    const stored = await compress(raw);
    const manifestAt = this.#at;
    const sha256 = createHash('sha256').update(stored).digest();
    const trailer = writeTrailer({ manifestAt, storedBytes: stored.length, rawBytes: raw.length, sha256 });
    this.#at += stored.length + trailer.length;
    await this.#write([stored, trailer], manifestAt);
    try {
      await this.#file.sync();
      await this.#close();
    } catch (thrown) {
      throw fileFailure(thrown, this.temporary);
    }
  }

  /** Gives it its name. A file that has it already is replaced. */
  async finish(): Promise<void> {
    try {
      await rename(this.temporary, this.#final);
      await syncFolder(dirname(this.#final));
    } catch (thrown) {
      throw fileFailure(thrown, this.#final);
    }
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.#close().catch(() => {});
    await rm(this.temporary, { force: true });
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#file.close();
  }

  async #write(pieces: readonly Buffer[], position: number): Promise<void> {
    let left: readonly Buffer[] = pieces;
    let at = position;
    try {
      while (left.length > 0) {
        const { bytesWritten } = await this.#file.writev([...left], at);
        at += bytesWritten;
        // A disk that is just full takes a part, and says why only at the next try.
        left = afterBytes(left, bytesWritten);
      }
    } catch (thrown) {
      throw fileFailure(thrown, this.temporary);
    }
  }
}

function afterBytes(pieces: readonly Buffer[], taken: number): Buffer[] {
  let over = taken;
  return pieces.flatMap((piece) => {
    const rest = piece.subarray(Math.min(over, piece.length));
    over = Math.max(0, over - piece.length);
    return rest.length > 0 ? [rest] : [];
  });
}

/** So that the new name outlives a crash. Windows has no such thing. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
