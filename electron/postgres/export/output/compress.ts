/**
 * Compression piece by piece. A piece of deflate ends with a flush at a byte's end, so that pieces can follow each other
 * in one stream (RFC 1951, 3.2.4); frames of zstd may follow each other as they are (RFC 8878, 3.1).
 */
import { constants, crc32, deflateRawSync, zstdCompressSync } from 'node:zlib';
import type { ByteSink } from './byte-sink.ts';

/** Small writes are put together: a piece begins without knowing anything of the one before. */
const pieceBytes = 1024 * 1024;

/** Puts writes together into pieces of about 1 MB. */
export class Pieces implements ByteSink {
  readonly #buffer = Buffer.allocUnsafe(pieceBytes);
  readonly #take: (piece: Uint8Array) => void;
  readonly #last: () => void;
  #has = 0;

  constructor(take: (piece: Uint8Array) => void, last: () => void) {
    this.#take = take;
    this.#last = last;
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const count = Math.min(bytes.length - at, pieceBytes - this.#has);
      this.#buffer.set(bytes.subarray(at, at + count), this.#has);
      this.#has += count;
      at += count;
      if (this.#has === pieceBytes) this.#flush();
    }
  }

  end(): void {
    this.#flush();
    this.#last();
  }

  #flush(): void {
    if (this.#has > 0) this.#take(this.#buffer.subarray(0, this.#has));
    this.#has = 0;
  }
}

/** The next bytes of a stream of deflate. */
export const deflatedPiece = (bytes: Uint8Array, level = 6): Buffer =>
  deflateRawSync(bytes, { level, finishFlush: constants.Z_SYNC_FLUSH });
/** What ends it. */
export const deflateEnd = deflateRawSync(Buffer.alloc(0));

/** One member of gzip (RFC 1952), without a name or a time in it: equal rows give equal files. */
export function gzipSink(next: ByteSink): ByteSink {
  let check = 0;
  let size = 0;
  next.write(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]));
  return new Pieces(
    (piece) => {
      check = crc32(piece, check);
      size += piece.length;
      next.write(deflatedPiece(piece));
    },
    () => {
      const tail = Buffer.alloc(8);
      tail.writeUInt32LE(check, 0);
      tail.writeUInt32LE(size % 2 ** 32, 4);
      next.write(Buffer.concat([deflateEnd, tail]));
      next.end();
    },
  );
}

/** Each frame with its checksum: without one, a byte that changes later is another row, and nobody knows. */
const zstdFrame = (bytes: Uint8Array): Buffer =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

export function zstdSink(next: ByteSink): ByteSink {
  let any = false;
  return new Pieces(
    (piece) => {
      any = true;
      next.write(zstdFrame(piece));
    },
    () => {
      if (!any) next.write(zstdFrame(Buffer.alloc(0)));
      next.end();
    },
  );
}
