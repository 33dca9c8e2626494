/** JSON: an array of objects, or an object a line. Numbers keep all their digits, and what is nested stays JSON. */
import { isUtf8 } from 'node:buffer';
import { invalid } from '../../../../shared/failure.ts';
import { fieldsBatch } from './fields-batch.ts';
import {
  type BatchSize,
  longestRecordBytes,
  type SourceBatch,
  type SourceReader,
  type SourceRecord,
} from './source-batch.ts';

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;

export interface JsonSource {
  /** One object a line. */
  readonly lines: boolean;
  /** The names that become columns. */
  readonly columns: readonly string[];
  text(): AsyncGenerator<Buffer, void, void>;
}

export function jsonReader({ lines, columns, text }: JsonSource): SourceReader {
  const places = new Map(columns.map((name, at) => [name, at]));
  return {
    copyOptions: 'format text',
    async *batches(size) {
      yield* batched(jsonTexts(text(), lines), size, (item) => recordOf(item, places));
    },
  };
}

interface Item {
  readonly line: number;
  readonly bytes: Buffer;
}

async function* batched(
  items: AsyncGenerator<Item, void, void>,
  size: BatchSize,
  read: (item: Item) => SourceRecord,
): AsyncGenerator<SourceBatch, void, void> {
  let records: SourceRecord[] = [];
  let bytes = 0;
  for await (const item of items) {
    records.push(read(item));
    bytes += item.bytes.length;
    if (records.length < size.rows && bytes < size.bytes) continue;
    yield fieldsBatch(records);
    records = [];
    bytes = 0;
  }
  if (records.length > 0) yield fieldsBatch(records);
}

/** The text of each object. @throws invalid where an array is not one, or ends too early */
export async function* jsonTexts(
  text: AsyncGenerator<Buffer, void, void>,
  lines: boolean,
): AsyncGenerator<Item, void, void> {
  const cutter = lines ? new LineCutter() : new ArrayCutter();
  for await (const piece of text) yield* cutter.push(piece);
  yield* cutter.end();
}

class LineCutter {
  #open: Buffer[] = [];
  #openBytes = 0;
  #line = 1;

  *push(piece: Buffer): Generator<Item, void, void> {
    let from = 0;
    for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, from)) {
      this.#open.push(piece.subarray(from, at));
      from = at + 1;
      yield* this.#item();
      this.#line++;
    }
    const rest = Buffer.from(piece.subarray(from));
    this.#open.push(rest);
    this.#openBytes += rest.length;
    if (this.#openBytes > longestRecordBytes) throw tooLong(this.#line);
  }

  *end(): Generator<Item, void, void> {
    yield* this.#item();
  }

  *#item(): Generator<Item, void, void> {
    const bytes = Buffer.concat(this.#open);
    this.#open = [];
    this.#openBytes = 0;
    if (bytes.toString('latin1').trim() !== '') yield { line: this.#line, bytes };
  }
}

/** Cuts the elements out of an array by their brackets, without reading what is in them. */
class ArrayCutter {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #state: 'before' | 'within' | 'after' = 'before';
  #line = 1;
  #itemLine = 1;
  #open: Buffer[] = [];
  #openBytes = 0;

  *push(piece: Buffer): Generator<Item, void, void> {
    let from = 0;
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] as number;
      if (byte === newline) this.#line++;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inString = false;
        continue;
      }
      if (byte === quote) this.#inString = true;
      if (byte <= 0x20) continue;
      if (this.#state !== 'within') {
        if (this.#state === 'after' || byte !== 0x5b) throw notAnArray(this.#line);
        this.#state = 'within';
        from = at + 1;
        this.#itemLine = this.#line;
        continue;
      }
      if (byte === 0x7b || byte === 0x5b) this.#depth++;
      else if (byte === 0x7d || byte === 0x5d) {
        if (this.#depth-- > 0) continue;
        this.#state = 'after';
      } else if (byte !== 0x2c || this.#depth > 0) continue;
      if (this.#depth > 0) continue;
      this.#open.push(piece.subarray(from, at));
      from = at + 1;
      yield* this.#item(this.#state === 'after');
      this.#itemLine = this.#line;
      if (this.#state === 'after') this.#depth = 0;
    }
    if (this.#state !== 'within') return;
    this.#open.push(Buffer.from(piece.subarray(from)));
    this.#openBytes += piece.length - from;
    if (this.#openBytes > longestRecordBytes) throw tooLong(this.#itemLine);
  }

  end(): Item[] {
    if (this.#state === 'before') throw notAnArray(this.#line);
    if (this.#state === 'within')
      throw invalid(
        'file',
        `The array does not end: the file is cut off at line ${this.#line}. Nothing behind it can be read.`,
      );
    return [];
  }

  *#item(last: boolean): Generator<Item, void, void> {
    const bytes = Buffer.concat(this.#open);
    this.#open = [];
    this.#openBytes = 0;
    // An array without elements ends with nothing before its bracket.
    if (last && bytes.toString('latin1').trim() === '') return;
    yield { line: this.#itemLine, bytes };
  }
}

const notAnArray = (line: number) =>
  invalid('file', `Line ${line}: this is no array of objects. A file with an object a line is NDJSON.`);
const tooLong = (line: number) => invalid('file', `The object at line ${line} is longer than 64 MB.`);

function recordOf({ line, bytes }: Item, places: ReadonlyMap<string, number>): SourceRecord {
  const broken = (problem: string): SourceRecord => ({ line, problem, text: bytes.toString('utf8', 0, 2000) });
  if (!isUtf8(bytes)) return broken('The bytes are not valid UTF-8.');
  const members = jsonMembers(bytes.toString('utf8'));
  if (members === null) return broken('This is no object of JSON.');
  const fields: (string | null)[] = Array.from({ length: places.size }, () => null);
  for (const [name, value] of members) {
    const place = places.get(name);
    if (place === undefined) return broken(`The key "${name.slice(0, 100)}" is in none of the columns.`);
    if (value?.includes('\0')) return broken('There is a NUL in it, which PostgreSQL cannot keep in a text.');
    fields[place] = value;
  }
  return { line, fields };
}

/** The members of an object: strings as their text, null as null, everything else as it is written. Null: no object. */
export function jsonMembers(text: string): Map<string, string | null> | null {
  let parsed: unknown;
  try {
    // Only to know that it is well-formed: numbers are taken from the text.
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const members = new Map<string, string | null>();
  let at = text.indexOf('{') + 1;
  const space = (): void => {
    while (/\s/.test(text[at] ?? 'x')) at++;
  };
  for (;;) {
    space();
    if (text[at] === '}') return members;
    if (text[at] === ',') {
      at++;
      continue;
    }
    const nameEnd = valueEnd(text, at);
    const name = JSON.parse(text.slice(at, nameEnd)) as string;
    at = nameEnd;
    space();
    at++;
    space();
    const end = valueEnd(text, at);
    const value = text.slice(at, end);
    members.set(name, value === 'null' ? null : value.startsWith('"') ? (JSON.parse(value) as string) : value);
    at = end;
  }
}

/** Where the value that begins here ends, in a text that is known to be JSON. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at++;
      while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      if (depth === 0) return at + 1;
    } else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && /[\s,]/.test(character ?? '')) return at;
  }
  return text.length;
}
