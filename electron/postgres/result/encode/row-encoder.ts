/**
 * DataRow bytes in, a text format's bytes out, with no string made of any cell. The bytes may be cut anywhere: a row
 * that is not whole yet waits (up to `wholeRowBytes`), and a longer one is taken piece by piece as it comes.
 */
import { int32At, rowHeadBytes } from '../read/data-row.ts';
import type { ByteWriter } from './byte-writer.ts';
import { LargeRow } from './large-row.ts';
import type { RowFormat } from './row-format.ts';

/** Rows up to this long are put together before they are encoded. */
export const wholeRowBytes = 256 * 1024;

export class RowEncoder {
  rows = 0;
  readonly #format: RowFormat;
  readonly #out: ByteWriter;
  readonly #waiting = Buffer.allocUnsafe(wholeRowBytes);
  #waits = 0;
  #large: LargeRow | null = null;

  constructor(format: RowFormat, out: ByteWriter) {
    this.#format = format;
    this.#out = out;
    format.begin(out);
  }

  /** The next bytes of consecutive DataRow messages, wherever they were cut. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#large) at = this.#continueLarge(this.#large, chunk, at);
      else if (this.#waits > 0) at = this.#completeWaiting(chunk, at);
      else at = this.#takeRow(chunk, at);
    }
  }

  /** After the last row. Throws where the bytes ended inside one. */
  finish(): void {
    if (this.#waits > 0 || this.#large) throw new RangeError('the rows ended inside a row');
    this.#format.end(this.#out, this.rows);
    this.#out.flush();
  }

  #takeRow(chunk: Uint8Array, at: number): number {
    const here = chunk.length - at;
    if (here < 5) return this.#wait(chunk, at);
    const size = 1 + int32At(chunk, at + 1);
    if (here >= size) {
      this.#row(chunk, at, at + size);
      return at + size;
    }
    if (size <= wholeRowBytes) return this.#wait(chunk, at);
    this.#large = this.#openLarge(size);
    return at;
  }

  #wait(chunk: Uint8Array, at: number): number {
    this.#waiting.set(chunk.subarray(at), 0);
    this.#waits = chunk.length - at;
    return chunk.length;
  }

  /** Takes from the chunk what the waiting row lacks: first its length word, then the rest. */
  #completeWaiting(chunk: Uint8Array, from: number): number {
    let at = from;
    const take = (upTo: number): void => {
      const count = Math.min(Math.max(0, upTo - this.#waits), chunk.length - at);
      this.#waiting.set(chunk.subarray(at, at + count), this.#waits);
      this.#waits += count;
      at += count;
    };
    take(5);
    if (this.#waits < 5) return at;
    const size = 1 + int32At(this.#waiting, 1);
    if (size > wholeRowBytes) {
      this.#large = this.#openLarge(size);
      this.#large.push(this.#waiting, 0, this.#waits);
      this.#waits = 0;
      return at;
    }
    take(size);
    if (this.#waits === size) {
      this.#waits = 0;
      this.#row(this.#waiting, 0, size);
    }
    return at;
  }

  #openLarge(size: number): LargeRow {
    this.#format.rowStart(this.#out, this.rows);
    return new LargeRow(size, this.#format, this.#out);
  }

  #continueLarge(large: LargeRow, chunk: Uint8Array, at: number): number {
    const next = large.push(chunk, at, chunk.length);
    if (large.ended) {
      this.#format.rowEnd(this.#out);
      this.#large = null;
      this.rows++;
    }
    return next;
  }

  #row(bytes: Uint8Array, start: number, end: number): void {
    const [format, out] = [this.#format, this.#out];
    format.rowStart(out, this.rows);
    let at = start + rowHeadBytes;
    for (let position = 0; at < end; position++) {
      const length = int32At(bytes, at);
      at += 4;
      if (length < 0) format.nothing(out, position);
      else {
        format.value(out, position, bytes, at, at + length);
        at += length;
      }
    }
    format.rowEnd(out);
    this.rows++;
  }
}
