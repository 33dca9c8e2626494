/** A file's bytes as UTF-8 text, a piece at a time: unpacked where it is packed, decoded where it is in another encoding. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { type Duplex, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { TextEncoding } from '../../../../shared/api/text-encodings.ts';
import { FailureError, invalid } from '../../../../shared/failure.ts';
import { readFailure } from './read-failure.ts';
import type { ReusedPieces } from './reused-pieces.ts';
import { isZstd, zstdFrames } from './zstd-frames.ts';

const pieceBytes = 512 * 1024;

/** How far it is, in bytes of the file as it lies on the disk. */
export interface ReadPosition {
  bytes: number;
}

export type Packing = 'none' | 'gzip' | 'zstd';

/** By its first bytes. */
export async function packingOf(path: string): Promise<Packing> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(4);
    await file.read(head, 0, 4, 0);
    if (head.readUInt16BE(0) === 0x1f8b) return 'gzip';
    return isZstd(head.readUInt32LE(0)) ? 'zstd' : 'none';
  } finally {
    await file.close();
  }
}

/**
 * The bytes as they are, unpacked. @param reused of a reader that says what it has done with: where they lie in the file as
 * they are, their memory is used again @throws invalid where the packing is broken, or the file cannot be read
 */
export async function* unpacked(
  path: string,
  position: ReadPosition,
  reused?: ReusedPieces,
): AsyncGenerator<Buffer, void, void> {
  try {
    const packing = await packingOf(path);
    if (packing === 'none' && reused) yield* reused.read(path, position);
    else yield* unpackedAs(packing, path, position);
  } catch (thrown) {
    throw readFailure(thrown);
  }
}

async function* unpackedAs(packing: Packing, path: string, position: ReadPosition): AsyncGenerator<Buffer, void, void> {
  const file = createReadStream(path, { highWaterMark: pieceBytes });
  file.on('data', (piece) => {
    position.bytes += piece.length;
  });
  try {
    if (packing === 'zstd')
      for await (const frame of zstdFrames(file)) yield* through(Readable.from(frame), createZstdDecompress(sizes));
    else if (packing === 'gzip') yield* through(file, createGunzip(sizes));
    else for await (const piece of file) yield piece as Buffer;
  } catch (thrown) {
    const { code = '', message } = thrown as NodeJS.ErrnoException;
    if (/^(Z_|ZSTD_|ERR_ZSTD)/.test(code) || code === 'ERR_BUFFER_OUT_OF_BOUNDS')
      throw invalid('file', `The ${packing} file is damaged or cut off: ${message}.`);
    throw thrown;
  } finally {
    file.destroy();
  }
}

const sizes = { chunkSize: pieceBytes };
async function* through(source: Readable, unpacker: Duplex): AsyncGenerator<Buffer, void, void> {
  source.on('error', (error) => unpacker.destroy(error));
  for await (const piece of source.pipe(unpacker)) yield piece as Buffer;
}

/**
 * Reads a packed file to its end: what comes out of a damaged one is nonsense at first, and only the checksum behind it says so.
 * @throws invalid where it is damaged; `cancelled`
 */
export async function checkPacking(path: string, aborted: () => boolean): Promise<void> {
  if ((await packingOf(path)) === 'none') return;
  for await (const _ of unpacked(path, { bytes: 0 }))
    if (aborted()) throw new FailureError({ kind: 'cancelled', message: 'Cancelled.' });
}

/** The text in UTF-8. Bytes that are not UTF-8 in a file that should be pass: the record they are in is found later. */
export async function* textBytes(
  path: string,
  encoding: TextEncoding,
  position: ReadPosition,
  reused?: ReusedPieces,
): AsyncGenerator<Buffer, void, void> {
  if (encoding === 'utf-8' || encoding === 'utf-8-bom') {
    let first = true;
    for await (const piece of unpacked(path, position, reused)) {
      const hasMark = first && piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf;
      first = false;
      yield hasMark ? piece.subarray(3) : piece;
    }
    return;
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (piece: Buffer | undefined): Buffer => {
    try {
      return Buffer.from(piece ? decoder.decode(piece, { stream: true }) : decoder.decode());
    } catch {
      throw invalid('encoding', `The file is not in the encoding ${encoding}. Choose another one.`);
    }
  };
  for await (const piece of unpacked(path, position)) yield decode(piece);
  yield decode(undefined);
}
