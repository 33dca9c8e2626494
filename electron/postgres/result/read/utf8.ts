/** Where UTF-8 characters end, for text that is cut or comes in pieces. */
import { isUtf8 } from 'node:buffer';

/**
 * The end of the last whole character in `bytes[start … end)`: `end` itself, or up to three bytes before it. Bytes that
 * are not UTF-8 at all are left as they are.
 */
export function wholeCharacters(bytes: Uint8Array, start: number, end: number): number {
  for (let back = 1; back <= 4 && end - back >= start; back++) {
    const byte = bytes[end - back] as number;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const size = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? end - back : end;
  }
  return end;
}

/** Says of bytes that come in pieces, cut anywhere, whether they are UTF-8 as a whole. */
export class Utf8Check {
  #open = Buffer.alloc(0);
  #valid = true;

  add(piece: Uint8Array): void {
    if (!this.#valid) return;
    const bytes = this.#open.length > 0 ? Buffer.concat([this.#open, piece]) : piece;
    const whole = wholeCharacters(bytes, 0, bytes.length);
    this.#valid = isUtf8(bytes.subarray(0, whole));
    this.#open = Buffer.from(bytes.subarray(whole));
  }

  get valid(): boolean {
    return this.#valid && this.#open.length === 0;
  }
}
