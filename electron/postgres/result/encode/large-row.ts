/** One row too long to be held, taken as its bytes come: short values whole, long ones handed on in pieces. */
import { int32At, rowHeadBytes } from '../read/data-row.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { LargeValue, RowFormat } from './row-format.ts';

/** Values up to this long are put together first. */
const wholeValueBytes = 64 * 1024;

export class LargeRow {
  ended = false;
  readonly #format: RowFormat;
  readonly #out: ByteWriter;
  readonly #gathered = Buffer.allocUnsafe(wholeValueBytes);
  #has = 0;
  /** What is being gathered: the row's head, a length word, or a short value. */
  #gathers: 'head' | 'length' | 'value' = 'head';
  #wants = rowHeadBytes;
  #position = 0;
  #large: LargeValue | null = null;
  #largeLeft = 0;
  #left: number;

  constructor(size: number, format: RowFormat, out: ByteWriter) {
    this.#left = size;
    this.#format = format;
    this.#out = out;
  }

  /** Takes from `bytes[start … end)` what belongs to this row; answers where the next row begins. */
  push(bytes: Uint8Array, start: number, end: number): number {
    const stop = Math.min(end, start + this.#left);
    let at = start;
    while (at < stop) at = this.#large ? this.#pass(this.#large, bytes, at, stop) : this.#gather(bytes, at, stop);
    this.#left -= stop - start;
    this.ended = this.#left === 0;
    return stop;
  }

  #pass(large: LargeValue, bytes: Uint8Array, at: number, stop: number): number {
    const until = Math.min(stop, at + this.#largeLeft);
    large.piece(bytes, at, until);
    this.#largeLeft -= until - at;
    if (this.#largeLeft === 0) {
      large.end();
      this.#large = null;
      this.#nextField();
    }
    return until;
  }

  #gather(bytes: Uint8Array, at: number, stop: number): number {
    const until = Math.min(stop, at + this.#wants - this.#has);
    this.#gathered.set(bytes.subarray(at, until), this.#has);
    this.#has += until - at;
    if (this.#has === this.#wants) this.#gatheredAll();
    return until;
  }

  #gatheredAll(): void {
    this.#has = 0;
    if (this.#gathers === 'head') this.#expectLength();
    else if (this.#gathers === 'length') this.#beginField(int32At(this.#gathered, 0));
    else {
      this.#format.value(this.#out, this.#position, this.#gathered, 0, this.#wants);
      this.#nextField();
    }
  }

  #beginField(length: number): void {
    if (length < 0) {
      this.#format.nothing(this.#out, this.#position);
      this.#nextField();
    } else if (length === 0) {
      this.#format.value(this.#out, this.#position, this.#gathered, 0, 0);
      this.#nextField();
    } else if (length <= wholeValueBytes) {
      this.#gathers = 'value';
      this.#wants = length;
    } else {
      this.#large = this.#format.large(this.#out, this.#position);
      this.#largeLeft = length;
    }
  }

  #nextField(): void {
    this.#position++;
    this.#expectLength();
  }

  #expectLength(): void {
    this.#gathers = 'length';
    this.#wants = 4;
  }
}
