/**
 * 64-bit hashes of rows, as two words: two runs of the murmur3 mixing with other constants over the bytes of the chosen
 * columns. Two rows that differ get one hash with a chance of 2^-64; a NULL, an empty text and the border between two
 * values each count.
 */
import { columnCountAt, int32At, rowHeadBytes } from '../read/data-row.ts';

export class RowHash {
  high = 0;
  low = 0;

  start(): void {
    this.high = 0x9747b28c;
    this.low = 0x3c6ef372;
  }

  /** @param at where the length word of a field lies; -1 counts as NULL */
  field(bytes: Uint8Array, at: number): void {
    const length = at < 0 ? -1 : int32At(bytes, at);
    let high = mix(this.high, length ^ 0x5bd1e995);
    let low = mixLow(this.low, length + 0x85ebca6b);
    const end = at + 4 + length;
    let from = at + 4;
    for (; from + 4 <= end; from += 4) {
      const word = int32At(bytes, from);
      high = mix(high, word);
      low = mixLow(low, word);
    }
    for (; from < end; from++) {
      const byte = bytes[from] as number;
      high = mix(high, byte);
      low = mixLow(low, byte);
    }
    this.high = high;
    this.low = low;
  }

  finish(): void {
    this.high = finished(this.high ^ (this.low >>> 7));
    this.low = finished(this.low + this.high);
  }
}

function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const h = hash ^ Math.imul(k, 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function mixLow(hash: number, word: number): number {
  let k = Math.imul(word, 0x239b961b);
  k = (k << 16) | (k >>> 16);
  const h = hash ^ Math.imul(k, 0xab0e9789 | 0);
  return (Math.imul((h << 19) | (h >>> 13), 5) + 0x561ccd1b) | 0;
}

function finished(hash: number): number {
  let h = hash | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Where each field's length word lies, in a row that is wholly in `bytes`; what the row has not is -1. */
export function fieldsOf(bytes: Uint8Array, row: number, into: Int32Array): void {
  const columns = Math.min(columnCountAt(bytes, row), into.length);
  let at = row + rowHeadBytes;
  for (let column = 0; column < columns; column++) {
    into[column] = at;
    const length = int32At(bytes, at);
    at += length > 0 ? 4 + length : 4;
  }
  into.fill(-1, columns);
}

/** Both NULL, or the same bytes. */
export function sameField(a: Uint8Array, atA: number, b: Uint8Array, atB: number): boolean {
  const length = atA < 0 ? -1 : int32At(a, atA);
  if (length !== (atB < 0 ? -1 : int32At(b, atB))) return false;
  for (let from = 4; from < 4 + length; from++) if (a[atA + from] !== b[atB + from]) return false;
  return true;
}
