/** The least and the greatest of values of one kind. */
import { compareIntervals } from '../compare/interval-key.ts';
import { emptyKey, type Key } from '../compare/key.ts';
import { compareDecimals } from '../compare/number-key.ts';
import { keyFunction } from '../compare/sort-key.ts';
import type { SortKind } from '../compare/sort-kind.ts';

/** Of a longer value only so much is compared and kept. */
const mostBytes = 1024 * 1024;
const shownCharacters = 10_000;

interface Extreme {
  readonly high: number;
  readonly low: number;
  readonly exact: boolean;
  readonly bytes: Buffer;
}

export class Extremes {
  #kind: SortKind | null = null;
  /** Values of two kinds, or of a style that does not compare: there is no least. */
  #mixed = false;
  #min: Extreme | null = null;
  #max: Extreme | null = null;
  readonly #key = emptyKey();

  add(kind: SortKind, bytes: Buffer, start: number, wholeEnd: number): void {
    if (this.#mixed) return;
    const end = Math.min(wholeEnd, start + mostBytes);
    this.#kind ??= kind;
    if (this.#kind !== kind || !keyFunction(kind)(bytes, start, end, this.#key)) {
      this.#mixed = true;
      return;
    }
    if (!this.#min || this.#compare(this.#min, bytes, start, end) < 0)
      this.#min = extreme(this.#key, bytes, start, end);
    if (!this.#max || this.#compare(this.#max, bytes, start, end) > 0)
      this.#max = extreme(this.#key, bytes, start, end);
  }

  get min(): string | null {
    return this.#mixed ? null : shown(this.#min);
  }

  get max(): string | null {
    return this.#mixed ? null : shown(this.#max);
  }

  /** The value whose key was just made, against an extreme. */
  #compare(known: Extreme, bytes: Buffer, start: number, end: number): number {
    const key = this.#key;
    if (key.high !== known.high) return key.high - known.high > 0 ? 1 : -1;
    if (key.low !== known.low) return key.low - known.low > 0 ? 1 : -1;
    if (key.exact && known.exact) return 0;
    if (this.#kind === 'text') return bytes.compare(known.bytes, 0, known.bytes.length, start, end);
    const [text, other] = [bytes.toString('latin1', start, end), known.bytes.toString('latin1')];
    return this.#kind === 'interval' ? compareIntervals(text, other) : compareDecimals(text, other);
  }
}

const extreme = (key: Key, bytes: Buffer, start: number, end: number): Extreme => ({
  high: key.high,
  low: key.low,
  exact: key.exact,
  bytes: Buffer.from(bytes.subarray(start, end)),
});

const shown = (value: Extreme | null): string | null =>
  value === null ? null : value.bytes.toString('utf8', 0, shownCharacters * 4).slice(0, shownCharacters);
