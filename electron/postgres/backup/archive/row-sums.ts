/** Whether two COPYs brought the same rows, in whatever order a server gave them. */
import { crc32 } from 'node:zlib';

const newline = 0x0a;

/**
 * The sum and the exclusive or of the CRC-32 of every line of COPY text. A table restored need not lie in the order that
 * its rows came in: the server fills pages that have room left.
 */
export class RowSums {
  rows = 0;
  #sum = 0n;
  #either = 0;
  /** Of the line that has begun. */
  #line = 0;

  append(bytes: Buffer, from = 0, to = bytes.length): void {
    let at = from;
    for (;;) {
      const end = bytes.indexOf(newline, at);
      if (end < 0 || end >= to) break;
      this.#add(crc32(bytes.subarray(at, end), this.#line));
      this.#line = 0;
      at = end + 1;
    }
    if (at < to) this.#line = crc32(bytes.subarray(at, to), this.#line);
  }

  equals(other: RowSums): boolean {
    return this.rows === other.rows && this.#sum === other.#sum && this.#either === other.#either;
  }

  #add(line: number): void {
    this.rows++;
    this.#sum += BigInt(line);
    this.#either ^= line;
  }
}
