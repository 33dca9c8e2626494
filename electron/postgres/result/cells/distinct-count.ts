/** How many different values there are, by their bytes, as long as they can be remembered. */
import { createHash } from 'node:crypto';

/** Past these nobody counts on: the answer is then null. */
const mostValues = 2_000_000;
const mostBytes = 192 * 1024 * 1024;
/** Longer values are remembered by their SHA-256. */
const wholeBytes = 256;

export class DistinctCount {
  readonly #seen = new Set<string>();
  #bytes = 0;
  #tooMany = false;

  add(bytes: Buffer, start: number, end: number): void {
    if (this.#tooMany) return;
    const long = end - start > wholeBytes;
    const value = long
      ? `#${createHash('sha256').update(bytes.subarray(start, end)).digest('base64')}${end - start}`
      : bytes.toString('latin1', start, end);
    const before = this.#seen.size;
    this.#seen.add(value);
    if (this.#seen.size === before) return;
    this.#bytes += value.length;
    if (this.#seen.size > mostValues || this.#bytes > mostBytes) {
      this.#tooMany = true;
      this.#seen.clear();
    }
  }

  /** Null where there were too many. */
  get count(): number | null {
    return this.#tooMany ? null : this.#seen.size;
  }
}
