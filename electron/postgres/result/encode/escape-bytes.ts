/** Bytes copied with some of them replaced by others. */
import type { ByteWriter } from './byte-writer.ts';

export interface Replacing {
  /** By byte: what is written instead, or null. */
  readonly by: readonly (Buffer | null)[];
  /** The longest of them, at least 1. */
  readonly longest: number;
}

export function replacing(pairs: Readonly<Record<string, string>>): Replacing {
  const by: (Buffer | null)[] = Array.from({ length: 256 }, () => null);
  for (const [character, text] of Object.entries(pairs)) by[character.charCodeAt(0)] = Buffer.from(text);
  return { by, longest: Math.max(1, ...by.map((each) => each?.length ?? 0)) };
}

/** In strides, so that a long value does not ask for several times its size at once. */
export function replaced(
  out: ByteWriter,
  bytes: Uint8Array,
  start: number,
  end: number,
  { by, longest }: Replacing,
): void {
  for (let from = start; from < end; from += 65_536) {
    const stop = Math.min(from + 65_536, end);
    out.reserve(longest * (stop - from));
    const target = out.bytes;
    let at = out.at;
    for (let next = from; next < stop; next++) {
      const byte = bytes[next] as number;
      const instead = by[byte];
      if (!instead) target[at++] = byte;
      else for (const written of instead) target[at++] = written;
    }
    out.at = at;
  }
}
