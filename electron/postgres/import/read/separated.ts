/**
 * CSV and COPY's text format. Records end where COPY would end them: in CSV a quote opens and closes wherever it stands,
 * and an escape before a quote (or an escape) keeps it; in text a backslash keeps the line break behind it. So what is
 * cut here into batches is what the server would read, and the bytes go to it as they are.
 */
import { isUtf8 } from 'node:buffer';
import { quoteLiteral } from '../../../../shared/sql/quote.ts';
import { carriageReturn, type Dialect, lineEndOf, newline, RecordEnds } from './record-ends.ts';
import type { BatchSize, SourceBatch, SourceReader, SourceRecord } from './source-batch.ts';

export interface SeparatedSource {
  readonly dialect: Dialect;
  readonly columns: number;
  text(): AsyncGenerator<Buffer, void, void>;
  /** Hears how many bytes of the text are not looked at any more. */
  release?(upTo: number): void;
}

export function separatedReader({ dialect, columns, text, release }: SeparatedSource): SourceReader {
  const { format, delimiter, quote, escape: escaping, nullText } = dialect;
  const marks = `delimiter ${quoteLiteral(delimiter)}, null ${quoteLiteral(nullText ?? (format === 'csv' ? '' : '\\N'))}`;
  return {
    copyOptions:
      format === 'csv'
        ? `format csv, ${marks}, quote ${quoteLiteral(quote)}, escape ${quoteLiteral(escaping)}`
        : `format text, ${marks}`,
    async *batches(size) {
      const cutter = new RecordCutter(dialect, columns, size);
      const released = (batch: SourceBatch): SourceBatch => {
        const upTo = cutter.taken;
        return release ? { ...batch, release: () => release(upTo) } : batch;
      };
      for await (const piece of text()) for (const batch of cutter.push(piece)) yield released(batch);
      for (const batch of cutter.end()) yield released(batch);
    },
  };
}

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
  /** Of the text, in batches and in the one that is not full yet. */
  taken = 0;
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
    this.taken += to - from;
  }

  #begin(): void {
    this.#pieces = [];
    this.#bytes = 0;
    this.#count = 0;
    this.#batchLine = this.#ends.line;
  }

  #batch(): SourceBatch {
    const [dialect, columns, lineEnd] = [this.#dialect, this.#columns, this.#lineEnd];
    const [count, line] = [this.#count, this.#batchLine];
    const batch = separatedBatch(this.#pieces, { count, line, dialect, columns, lineEnd });
    this.#begin();
    return batch;
  }
}

interface SeparatedBatch {
  readonly count: number;
  readonly line: number;
  readonly dialect: Dialect;
  readonly columns: number;
  readonly lineEnd: number;
}

/** @param pieces whole records with their line breaks; the last one may lack it */
function separatedBatch(
  pieces: readonly Buffer[],
  { count, line, dialect, columns, lineEnd }: SeparatedBatch,
): SourceBatch {
  return {
    count,
    line,
    raw: endsTheData(pieces) ? null : pieces,
    *records() {
      const bytes = Buffer.concat(pieces);
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

const lineFeedAlone = Buffer.from('\n');

/** A line of `\\.` alone: servers before 18 would take it for the end and pass over the rest without a word. */
function endsTheData(pieces: readonly Buffer[]): boolean {
  // What stands before a piece, as far as such a line could reach into it: at the beginning, a line's end.
  let before: Buffer = lineFeedAlone;
  for (const piece of [...pieces, lineFeedAlone]) {
    const edge = Buffer.concat([before, piece.subarray(0, 3)]);
    if (hasEndLine(edge) || hasEndLine(piece)) return true;
    before = piece.length < 3 ? Buffer.from(edge.subarray(-3)) : piece.subarray(-3);
  }
  return false;
}

/** Whole, with the line's end before it. */
function hasEndLine(bytes: Buffer): boolean {
  const isLineEnd = (byte: number | undefined): boolean => byte === newline || byte === carriageReturn;
  for (let at = bytes.indexOf('\\.', 1); at >= 0; at = bytes.indexOf('\\.', at + 1))
    if (isLineEnd(bytes[at - 1]) && isLineEnd(bytes[at + 2])) return true;
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
