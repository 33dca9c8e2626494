/** Looking for a text inside values, on their bytes where that is possible. */

/** True where `bytes[start … end)` matches. */
export type Matcher = (bytes: Buffer, start: number, end: number) => boolean;

const lower = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte));

/** @param place anywhere in the value, or at its start only. Without `matchCase`, letters of any script are folded. */
export function textMatcher(needle: string, matchCase: boolean, place: 'anywhere' | 'start'): Matcher {
  const wanted = Buffer.from(needle);
  if (matchCase) return byteMatcher(wanted, null, place);
  if (isAscii(wanted)) return byteMatcher(wanted.map((byte) => lower[byte] as number) as Buffer, lower, place);
  const folded = needle.toLowerCase();
  return (bytes, start, end) => {
    if (end - start > maxFoldedBytes) return foldedPieces(bytes, start, end, folded, place);
    const text = bytes.toString('utf8', start, end).toLowerCase();
    return place === 'start' ? text.startsWith(folded) : text.includes(folded);
  };
}

/** Longer values are decoded in overlapping pieces: a string cannot be longer than 512 MiB. */
const maxFoldedBytes = 16 * 1024 * 1024;

function foldedPieces(bytes: Buffer, start: number, end: number, folded: string, place: 'anywhere' | 'start'): boolean {
  const overlap = Buffer.byteLength(folded) * 4 + 16;
  for (let from = start; from < end; from += maxFoldedBytes) {
    const text = bytes.toString('utf8', from, Math.min(end, from + maxFoldedBytes + overlap)).toLowerCase();
    if (place === 'start') return text.startsWith(folded);
    if (text.includes(folded)) return true;
  }
  return false;
}

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

function byteMatcher(wanted: Uint8Array, fold: Uint8Array | null, place: 'anywhere' | 'start'): Matcher {
  const first = wanted[0] as number;
  const length = wanted.length;
  if (length === 0) return () => true;
  return (bytes, start, end) => {
    const last = place === 'start' ? Math.min(start, end - length) : end - length;
    for (let at = start; at <= last; at++) {
      const byte = bytes[at] as number;
      if ((fold ? fold[byte] : byte) !== first) continue;
      let same = 1;
      while (same < length) {
        const next = bytes[at + same] as number;
        if ((fold ? fold[next] : next) !== wanted[same]) break;
        same++;
      }
      if (same === length) return true;
    }
    return false;
  };
}
