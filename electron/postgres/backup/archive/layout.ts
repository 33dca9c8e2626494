/**
 * The file's layout. A header; blocks; the manifest; a trailer.
 *
 *   header   "HOWDAHBK", u32 format version, u32 0
 *   block    u32 item, u32 raw bytes, u32 stored bytes, u32 CRC-32 of the stored bytes, then those; they are zstd
 *            unless as many as the raw ones
 *   manifest JSON as zstd
 *   trailer  u64 where the manifest begins, u32 its stored bytes, u32 its raw bytes, SHA-256 of the stored bytes,
 *            u32 CRC-32 of the trailer so far, "HBKEND\r\n"
 *
 * All numbers are big-endian. Blocks of several items lie mixed, as several connections gave them; those of one are
 * in order, and the manifest has their places. A file that breaks off has no trailer and is no archive.
 */
import { crc32 } from 'node:zlib';

export const magic = Buffer.from('HOWDAHBK');
export const headerBytes = 16;
export const blockHeadBytes = 16;
export const trailerBytes = 8 + 4 + 4 + 32 + 4 + 8;
const endMagic = Buffer.from('HBKEND\r\n');
/** Of COPY text in a block, but for the last one of an item. */
export const blockBytes = 1 << 20;

export function header(version: number): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  magic.copy(bytes);
  bytes.writeUInt32BE(version, 8);
  return bytes;
}

export interface BlockHead {
  readonly item: number;
  readonly rawBytes: number;
  readonly storedBytes: number;
  readonly crc: number;
}
export function writeBlockHead({ item, rawBytes, storedBytes, crc }: BlockHead): Buffer {
  const bytes = Buffer.alloc(blockHeadBytes);
  bytes.writeUInt32BE(item, 0);
  bytes.writeUInt32BE(rawBytes, 4);
  bytes.writeUInt32BE(storedBytes, 8);
  bytes.writeUInt32BE(crc, 12);
  return bytes;
}
export const readBlockHead = (bytes: Buffer): BlockHead => ({
  item: bytes.readUInt32BE(0),
  rawBytes: bytes.readUInt32BE(4),
  storedBytes: bytes.readUInt32BE(8),
  crc: bytes.readUInt32BE(12),
});

export interface Trailer {
  readonly manifestAt: number;
  readonly storedBytes: number;
  readonly rawBytes: number;
  readonly sha256: Buffer;
}
export function writeTrailer({ manifestAt, storedBytes, rawBytes, sha256 }: Trailer): Buffer {
  const bytes = Buffer.alloc(trailerBytes);
  bytes.writeBigUInt64BE(BigInt(manifestAt), 0);
  bytes.writeUInt32BE(storedBytes, 8);
  bytes.writeUInt32BE(rawBytes, 12);
  sha256.copy(bytes, 16);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 48)), 48);
  endMagic.copy(bytes, 52);
  return bytes;
}
/** Null where it is none, or damaged. */
export function readTrailer(bytes: Buffer): Trailer | null {
  if (!bytes.subarray(52).equals(endMagic) || bytes.readUInt32BE(48) !== crc32(bytes.subarray(0, 48))) return null;
  return {
    manifestAt: Number(bytes.readBigUInt64BE(0)),
    storedBytes: bytes.readUInt32BE(8),
    rawBytes: bytes.readUInt32BE(12),
    sha256: bytes.subarray(16, 48),
  };
}
