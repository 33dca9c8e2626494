/** Where the records of separated text end, as the server's copyfromparse.c finds it. */
import type { ImportDialect } from '../../../../shared/api/import-plan.ts';
import { invalid } from '../../../../shared/failure.ts';
import { longestRecordBytes } from './source-batch.ts';

export const newline = 0x0a;
export const carriageReturn = 0x0d;
const backslash = 0x5c;

export type Dialect = Pick<ImportDialect, 'format' | 'delimiter' | 'quote' | 'escape' | 'header' | 'nullText'>;

/** As COPY tells it from the first line; a file without any line feed in its beginning is an old Macintosh's. */
export const lineEndOf = (piece: Buffer): number =>
  piece.includes(carriageReturn) && !piece.includes(newline) ? carriageReturn : newline;

export class RecordEnds {
  /** The line that comes next, from 1. */
  line = 1;
  /** Of the record that has no end yet. */
  openBytes = 0;
  readonly #end: (piece: Buffer, start: number) => number;
  readonly #lineEnd: number;
  readonly #quote: number;
  readonly #escape: number;
  readonly #parity: QuoteParity;
  #quoted = false;
  #escaped = false;

  /** @param lineEnd the byte that ends a line; only an old file has the carriage return alone */
  constructor({ format, quote, escape: escaping }: Dialect, lineEnd: number) {
    this.#lineEnd = lineEnd;
    this.#quote = quote.charCodeAt(0);
    this.#escape = escaping.charCodeAt(0);
    this.#parity = new QuoteParity(this.#quote);
    if (format !== 'csv') this.#end = this.#textEnd;
    else this.#end = escaping === quote ? this.#toggledEnd : this.#escapedEnd;
  }

  /** After the line break of the next record that ends in the piece from `start` on, or -1. */
  next(piece: Buffer, start: number): number {
    const end = this.#end(piece, start);
    if (end >= 0) {
      this.openBytes = 0;
      return end;
    }
    this.openBytes += piece.length - start;
    if (this.openBytes > longestRecordBytes) throw tooLong(this.line);
    return -1;
  }

  /** A quote that is its own escape only toggles: "" is out and in again. */
  #toggledEnd(piece: Buffer, start: number): number {
    for (let from = start; ; ) {
      const found = piece.indexOf(this.#lineEnd, from);
      const to = found < 0 ? piece.length : found;
      if (this.#parity.isOdd(piece, from, to)) this.#quoted = !this.#quoted;
      if (found < 0) return -1;
      this.line++;
      from = found + 1;
      if (!this.#quoted) return from;
    }
  }

  /** An escape before a quote, or before an escape, keeps it. */
  #escapedEnd(piece: Buffer, start: number): number {
    const [quote, escaping, lineEnd] = [this.#quote, this.#escape, this.#lineEnd];
    let quoted = this.#quoted;
    let escaped = this.#escaped;
    let end = -1;
    for (let at = start; at < piece.length && end < 0; at++) {
      const byte = piece[at] as number;
      if (byte === lineEnd) {
        this.line++;
        if (!quoted) end = at + 1;
      }
      if (quoted && byte === escaping) escaped = !escaped;
      if (byte === quote && !escaped) quoted = !quoted;
      if (byte !== escaping) escaped = false;
    }
    this.#quoted = quoted;
    this.#escaped = escaped;
    return end;
  }

  /** A backslash keeps the line break behind it, and so do any odd number of them. */
  #textEnd(piece: Buffer, start: number): number {
    for (let from = start; ; ) {
      const found = piece.indexOf(this.#lineEnd, from);
      const to = found < 0 ? piece.length : found;
      let at = to;
      while (at > from && piece[at - 1] === backslash) at--;
      // Where there is nothing else, what stands before it counts.
      const escaped = (to - at) % 2 === 1 ? at > from || !this.#escaped : at === from && this.#escaped;
      this.#escaped = found < 0 && escaped;
      if (found < 0) return -1;
      this.line++;
      from = found + 1;
      if (!escaped) return from;
    }
  }
}

const eachByte = 0x01010101;
const lowBits = 0x7f7f7f7f;

/** Whether a quote stands an odd number of times in a stretch: four bytes at a time, without a branch on any. */
class QuoteParity {
  readonly #quote: number;
  readonly #quotes: number;
  #piece: Buffer | null = null;
  #words: Int32Array = new Int32Array();
  /** Of the piece: where its first whole word begins. */
  #wordsFrom = 0;

  constructor(quote: number) {
    this.#quote = quote;
    this.#quotes = quote * eachByte;
  }

  isOdd(piece: Buffer, from: number, to: number): boolean {
    if (piece !== this.#piece) this.#look(piece);
    const [words, quotes] = [this.#words, this.#quotes];
    const firstWord = Math.max(0, (from - this.#wordsFrom + 3) >> 2);
    const endWord = (to - this.#wordsFrom) >> 2;
    if (firstWord >= endWord) return this.#isOddByBytes(piece, from, to);
    let bits = 0;
    for (let at = firstWord; at < endWord; at++) {
      const word = (words[at] as number) ^ quotes;
      // The highest bit of each byte that is zero, hence a quote; no byte's sum carries into the next.
      bits ^= ~(((word & lowBits) + lowBits) | word | lowBits);
    }
    bits ^= bits >>> 16;
    bits ^= bits >>> 8;
    const begun = this.#isOddByBytes(piece, from, this.#wordsFrom + 4 * firstWord);
    const left = this.#isOddByBytes(piece, this.#wordsFrom + 4 * endWord, to);
    return ((bits & 0x80) !== 0) !== (begun !== left);
  }

  #isOddByBytes(piece: Buffer, from: number, to: number): boolean {
    let odd = 0;
    for (let at = from; at < to; at++) odd ^= piece[at] === this.#quote ? 1 : 0;
    return odd === 1;
  }

  #look(piece: Buffer): void {
    this.#piece = piece;
    this.#wordsFrom = -piece.byteOffset & 3;
    const count = Math.max(0, (piece.length - this.#wordsFrom) >> 2);
    this.#words =
      count > 0 ? new Int32Array(piece.buffer, piece.byteOffset + this.#wordsFrom, count) : new Int32Array();
  }
}

const tooLong = (line: number) =>
  invalid(
    'file',
    `The record that begins before line ${line} is longer than 64 MB. A quote may be open there, or the file has another form.`,
  );
