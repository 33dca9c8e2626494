/** A packed piece of a recording as it lies in the file: deflated, with a checksum over what lies there. */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

export interface Packed {
  readonly data: Uint8Array;
  readonly crc: number;
}

export function pack(bytes: Uint8Array): Packed {
  const data = deflateRawSync(bytes, { level: 6, memLevel: 9 });
  return { data, crc: crc32(data) };
}

/** A piece of the file that is not what was written: a flipped bit, say. */
export class DamagedError extends Error {
  constructor(cause?: unknown) {
    super('A piece of this recording is damaged.', { cause });
    this.name = 'DamagedError';
  }
}

/** @throws DamagedError */
export function unpack({ data, crc }: Packed): Uint8Array {
  if (crc32(data) !== crc) throw new DamagedError();
  try {
    return inflateRawSync(data);
  } catch (thrown) {
    throw new DamagedError(thrown);
  }
}
