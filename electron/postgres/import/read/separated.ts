/**
 * CSV and COPY's text format. Records end where COPY would end them: in CSV a quote opens and closes wherever it stands,
 * and an escape before a quote (or an escape) keeps it; in text a backslash keeps the line break behind it. So what is
 * cut here into batches is what the server would read, and the bytes go to it as they are.
 */
import { isUtf8 } from 'node:buffer';
import type { ImportDialect } from '../../../../shared/api/import-plan.ts';
import { invalid } from '../../../../shared/failure.ts';
import { quoteLiteral } from '../../../../shared/sql/quote.ts';
import {
  type BatchSize,
  longestRecordBytes,
  type SourceBatch,
  type SourceReader,
  type SourceRecord,
} from './source-batch.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;
const backslash = 0x5c;

export interface SeparatedSource {
  readonly dialect: Pick<ImportDialect, 'format' | 'delimiter' | 'quote' | 'escape' | 'header' | 'nullText'>;
  readonly columns: number;
  text(): AsyncGenerator<Buffer, void, void>;
}

export function separatedReader({ dialect, columns, text }: SeparatedSource): SourceReader {
  const { format, delimiter, quote, escape: escaping, nullText } = dialect;
  const marks = `delimiter ${quoteLiteral(delimiter)}, null ${quoteLiteral(nullText ?? (format === 'csv' ? '' : '\\N'))}`;
  return {
    copyOptions:
      format === 'csv'
        ? `format csv, ${marks}, quote ${quoteLiteral(quote)}, escape ${quoteLiteral(escaping)}`
        : `format text, ${marks}`,
    async *batches(size) {
      const cutter = new RecordCutter(dialect, columns, size);
      for await (const piece of text()) yield* cutter.push(piece);
      yield* cutter.end();
    },
  };
}

type Dialect = SeparatedSource['dialect'];

/** Cuts text into batches of whole records. */
class RecordCutter {
  readonly #dialect: Dialect;
  readonly #columns: number;
  readonly #size: BatchSize;
  /** Known with the first piece. */
  #ends: RecordEnds;
  #lineEnd = 0;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #count = 0;
  #batchLine = 1;
  #headerLeft: boolean;

  constructor(dialect: Dialect, columns: number, size: BatchSize) {
    this.#dialect = dialect;
    this.#columns = columns;
    this.#size = size;
    this.#ends = new RecordEnds(dialect, newline);
    this.#headerLeft = dialect.header;
  }

  *push(piece: Buffer): Generator<SourceBatch, void, void> {
    if (this.#lineEnd === 0 && piece.length > 0) {
      this.#lineEnd = lineEndOf(piece);
      this.#ends = new RecordEnds(this.#dialect, this.#lineEnd);
    }
    let from = 0;
    for (let at = this.#ends.next(piece, 0); at >= 0; at = this.#ends.next(piece, at)) {
      if (this.#headerLeft) {
        this.#headerLeft = false;
        this.#begin();
        from = at;
        continue;
      }
      this.#count++;
      if (this.#count < this.#size.rows && this.#bytes + at - from < this.#size.bytes) continue;
      this.#take(piece, from, at);
      from = at;
      yield this.#batch();
    }
    this.#take(piece, from, piece.length);
  }

  *end(): Generator<SourceBatch, void, void> {
    if (this.#ends.openBytes > 0 && !this.#headerLeft) this.#count++;
    if (this.#count > 0) yield this.#batch();
  }

  #take(piece: Buffer, from: number, to: number): void {
    if (to > from) this.#pieces.push(piece.subarray(from, to));
    this.#bytes += to - from;
  }

  #begin(): void {
    this.#pieces = [];
    this.#bytes = 0;
    this.#count = 0;
    this.#batchLine = this.#ends.line;
  }

  #batch(): SourceBatch {
    const bytes = Buffer.concat(this.#pieces);
    const batch = separatedBatch(bytes, this.#count, this.#batchLine, this.#dialect, this.#columns, this.#lineEnd);
    this.#begin();
    return batch;
  }
}

/** As COPY tells it from the first line; a file without any line feed in its beginning is an old Macintosh's. */
const lineEndOf = (piece: Buffer): number =>
  piece.includes(carriageReturn) && !piece.includes(newline) ? carriageReturn : newline;

/** Where records end, as copyfromparse.c finds it. */
class RecordEnds {
  /** The line that comes next, from 1. */
  line = 1;
  /** Of the record that has no end yet. */
  openBytes = 0;
  readonly #csv: boolean;
  readonly #quote: number;
  /** -1 where it is the quote itself, which then only toggles. */
  readonly #escape: number;
  /** 1 for bytes that end or keep nothing: nearly all of them. */
  readonly #plain: Uint8Array;
  readonly #lineEnd: number;
  #inQuote = false;
  #escaped = false;

  /** @param lineEnd the byte that ends a line; only an old file has the carriage return alone */
  constructor({ format, quote, escape: escaping }: Dialect, lineEnd: number) {
    this.#lineEnd = lineEnd;
    this.#csv = format === 'csv';
    this.#quote = quote.charCodeAt(0);
    this.#escape = escaping === quote ? -1 : escaping.charCodeAt(0);
    this.#plain = new Uint8Array(256).fill(1);
    for (const byte of this.#csv ? [lineEnd, this.#quote, this.#escape] : [lineEnd, backslash])
      if (byte >= 0) this.#plain[byte] = 0;
  }

  /** After the line break of the next record that ends in the piece from `start` on, or -1. */
  next(piece: Buffer, start: number): number {
    const end = this.#csv ? this.#csvEnd(piece, start) : this.#textEnd(piece, start);
    if (end >= 0) {
      this.openBytes = 0;
      return end;
    }
    this.openBytes += piece.length - start;
    if (this.openBytes > longestRecordBytes) throw tooLong(this.line);
    return -1;
  }

  #csvEnd(piece: Buffer, start: number): number {
    const [quote, escaping, plain, lineEnd] = [this.#quote, this.#escape, this.#plain, this.#lineEnd];
    let inQuote = this.#inQuote;
    let escaped = this.#escaped;
    let at = start;
    for (; at < piece.length; at++) {
      const byte = piece[at] as number;
      if (plain[byte] === 1) {
        escaped = false;
        continue;
      }
      if (byte === lineEnd) {
        this.line++;
        if (!inQuote) break;
      }
      if (inQuote && byte === escaping) escaped = !escaped;
      if (byte === quote && !escaped) inQuote = !inQuote;
      if (byte !== escaping) escaped = false;
    }
    this.#inQuote = inQuote;
    this.#escaped = escaped;
    return at < piece.length ? at + 1 : -1;
  }

  /** A backslash keeps the line break behind it. */
  #textEnd(piece: Buffer, start: number): number {
    const [plain, lineEnd] = [this.#plain, this.#lineEnd];
    let escaped = this.#escaped;
    for (let at = start; at < piece.length; at++) {
      const byte = piece[at] as number;
      if (plain[byte] === 1) {
        escaped = false;
        continue;
      }
      if (byte === lineEnd) {
        this.line++;
        if (!escaped) {
          this.#escaped = false;
          return at + 1;
        }
      }
      escaped = byte === backslash && !escaped;
    }
    this.#escaped = escaped;
    return -1;
  }
}

const tooLong = (line: number) =>
  invalid(
    'file',
    `The record that begins before line ${line} is longer than 64 MB. A quote may be open there, or the file has another form.`,
  );

/** @param bytes whole records with their line breaks; the last one may lack it */
export function separatedBatch(
  bytes: Buffer,
  count: number,
  line: number,
  dialect: Dialect,
  columns: number,
  lineEnd = newline,
): SourceBatch {
  return {
    count,
    line,
    raw: endsTheData(bytes) ? null : bytes,
    *records() {
      const ends = new RecordEnds(dialect, lineEnd);
      for (let from = 0; from < bytes.length; ) {
        const begins = line + ends.line - 1;
        const found = ends.next(bytes, from);
        const end = found < 0 ? bytes.length : found;
        const stop = withoutLineEnd(bytes, from, end);
        // An empty line is no record, but where a record has one column: there it may be an empty value.
        if (stop > from || columns === 1) yield recordOf(bytes.subarray(from, stop), begins, dialect, columns);
        from = end;
      }
    },
  };
}

/** A line of `\\.` alone: servers before 18 would take it for the end and pass over the rest without a word. */
function endsTheData(bytes: Buffer): boolean {
  for (let at = bytes.indexOf('\\.'); at >= 0; at = bytes.indexOf('\\.', at + 1)) {
    const before = at === 0 || bytes[at - 1] === newline || bytes[at - 1] === carriageReturn;
    const after = bytes[at + 2];
    if (before && (after === undefined || after === newline || after === carriageReturn)) return true;
  }
  return false;
}

function withoutLineEnd(bytes: Buffer, from: number, end: number): number {
  let at = end;
  if (at > from && bytes[at - 1] === newline) at--;
  if (at > from && bytes[at - 1] === carriageReturn) at--;
  return at;
}

/** How much of a record that cannot be read is shown. */
const shownCharacters = 2000;

function recordOf(bytes: Buffer, line: number, dialect: Dialect, columns: number): SourceRecord {
  const broken = (problem: string): SourceRecord => ({
    line,
    problem,
    text: bytes.toString('utf8', 0, 4 * shownCharacters).slice(0, shownCharacters),
  });
  if (!isUtf8(bytes)) return broken('The bytes are not valid UTF-8: the file has another encoding, or several.');
  if (bytes.includes(0)) return broken('There is a NUL in it, which PostgreSQL cannot keep in a text.');
  const text = bytes.toString('utf8');
  const fields = dialect.format === 'csv' ? csvFields(text, dialect) : textFields(text, dialect);
  if (fields === null) return broken('A quote is opened and not closed.');
  if (columns > 0 && fields.length !== columns)
    return broken(`${fields.length} values where the file has ${columns} columns.`);
  return { line, fields };
}

/** As CopyReadAttributesCSV reads them; null where a quote stays open. */
export function csvFields(
  text: string,
  { delimiter, quote, escape: escaping, nullText }: Dialect,
): (string | null)[] | null {
  const fields: (string | null)[] = [];
  let value = '';
  let quoted = false;
  let at = 0;
  for (;;) {
    let from = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== quote) at++;
    value += text.slice(from, at);
    if (at >= text.length || text[at] === delimiter) {
      fields.push(!quoted && value === (nullText ?? '') ? null : value);
      if (at >= text.length) return fields;
      value = '';
      quoted = false;
      at++;
      continue;
    }
    quoted = true;
    at++;
    for (from = at; ; at++) {
      if (at >= text.length) return null;
      const next = text[at + 1];
      if (text[at] === escaping && (next === escaping || next === quote)) {
        value += text.slice(from, at) + next;
        from = at + 2;
        at++;
      } else if (text[at] === quote) break;
    }
    value += text.slice(from, at);
    at++;
  }
}

const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** As CopyReadAttributesText reads them. */
export function textFields(text: string, { delimiter, nullText }: Dialect): (string | null)[] {
  const fields: (string | null)[] = [];
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '\\' && at < text.length) {
      at++;
      continue;
    }
    if (at < text.length && text[at] !== delimiter) continue;
    const field = text.slice(from, at);
    fields.push(field === (nullText ?? '\\N') ? null : unescaped(field));
    from = at + 1;
  }
  return fields;
}

const unescaped = (field: string): string =>
  field.replace(/\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([\s\S]))/g, (_, octal, hex, letter: string) => {
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
    return letters[letter] ?? letter;
  });
