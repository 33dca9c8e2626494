/** CSV exactly as PostgreSQL's COPY … (FORMAT csv) writes it: a value is quoted only where it must be, NULL is nothing, '' is "". */
import type { ByteWriter } from './byte-writer.ts';
import { byteTable, type Hold, type LargeValue, memoryHold, type RowFormat } from './row-format.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;

/** COPY's options of the same names; characters of ASCII. */
export interface CsvStyle {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly nullText: string;
  /** Of which columns, by their places, every value is quoted; true: of all. */
  readonly forceQuote: boolean | readonly number[];
  readonly lineEnd: 'lf' | 'crlf';
}
export const usualCsv: CsvStyle = {
  delimiter: ',',
  quote: '"',
  escape: '"',
  nullText: '',
  forceQuote: false,
  lineEnd: 'lf',
};

/** @param names the header's; absent for none. @param hold keeps a long value until its need for quotes is known. */
export function csvFormat(
  columns: number,
  names: readonly string[] | null,
  hold: Hold = memoryHold(),
  style: CsvStyle = usualCsv,
): RowFormat {
  const single = columns === 1;
  const delimiter = style.delimiter.charCodeAt(0);
  const nothing = Buffer.from(style.nullText);
  const quoting = quotingOf(style);
  const { special, highest } = quoting;
  const forced = forcedColumns(columns, style.forceQuote);
  const lineEnd = Buffer.from(style.lineEnd === 'crlf' ? '\r\n' : '\n');
  const format: RowFormat = {
    begin(out) {
      if (!names) return;
      names.forEach((name, position) => {
        const bytes = Buffer.from(name);
        if (forced[position] === 1) {
          if (position > 0) out.byte(delimiter);
          plainOrQuoted(out, bytes, quoting);
        } else format.value(out, position, bytes, 0, bytes.length);
      });
      out.all(lineEnd);
    },
    rowStart() {},
    value(out, position, bytes, start, end) {
      out.reserve(2 * (end - start) + 3);
      const target = out.bytes;
      let at = out.at;
      if (position > 0) target[at++] = delimiter;
      const begun = at;
      let from = forced[position] === 1 ? end + 1 : start;
      for (; from < end; from++) {
        const byte = bytes[from] as number;
        // With commas and quotes letters and digits are above all that is special: most bytes need no look into the table.
        if (byte <= highest && special[byte] === 1) break;
        target[at++] = byte;
      }
      if (from !== end || isSame(bytes, start, end, nothing) || (single && isEndOfData(bytes, start, end))) {
        out.at = begun;
        quoted(out, bytes, start, end, quoting);
      } else out.at = at;
    },
    nothing(out, position) {
      if (position > 0) out.byte(delimiter);
      if (nothing.length > 0) out.all(nothing);
    },
    rowEnd(out) {
      out.all(lineEnd);
    },
    end() {},
    large(out, position) {
      if (position > 0) out.byte(delimiter);
      return largeValue(out, hold, quoting, forced[position] === 1);
    },
  };
  return format;
}

function forcedColumns(columns: number, forceQuote: CsvStyle['forceQuote']): Uint8Array {
  const forced = new Uint8Array(columns).fill(forceQuote === true ? 1 : 0);
  if (typeof forceQuote !== 'boolean') for (const position of forceQuote) forced[position] = 1;
  return forced;
}

interface Quoting {
  readonly quote: number;
  readonly escape: number;
  /** Bytes that ask for quotes. */
  readonly special: Uint8Array;
  /** The highest of them. */
  readonly highest: number;
}

function quotingOf({ delimiter, quote, escape: escaping }: CsvStyle): Quoting {
  const bytes = [delimiter.charCodeAt(0), quote.charCodeAt(0), newline, carriageReturn];
  return {
    quote: quote.charCodeAt(0),
    escape: escaping.charCodeAt(0),
    special: byteTable(bytes),
    highest: Math.max(...bytes),
  };
}

const isSame = (bytes: Uint8Array, start: number, end: number, text: Buffer): boolean => {
  if (end - start !== text.length) return false;
  for (let at = 0; at < text.length; at++) if (bytes[start + at] !== text[at]) return false;
  return true;
};

/** `\.` alone on a line ends the data for servers before 18, so COPY quotes it. */
const isEndOfData = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 2 && bytes[start] === 0x5c && bytes[start + 1] === 0x2e;

/** COPY's FORCE_QUOTE is for values: a header is quoted only where it must be. */
function plainOrQuoted(out: ByteWriter, bytes: Uint8Array, quoting: Quoting): void {
  if (needsQuotes(bytes, quoting)) quoted(out, bytes, 0, bytes.length, quoting);
  else out.all(bytes);
}

function quoted(out: ByteWriter, bytes: Uint8Array, start: number, end: number, quoting: Quoting): void {
  out.reserve(2 * (end - start) + 2);
  out.bytes[out.at++] = quoting.quote;
  doubled(out, bytes, start, end, quoting);
  out.bytes[out.at++] = quoting.quote;
}

/** Room for twice the bytes has been reserved. */
function doubled(
  out: ByteWriter,
  bytes: Uint8Array,
  start: number,
  end: number,
  { quote, escape: escaping }: Pick<Quoting, 'quote' | 'escape'>,
): void {
  const target = out.bytes;
  let at = out.at;
  for (let from = start; from < end; from++) {
    const byte = bytes[from] as number;
    if (byte === quote || byte === escaping) target[at++] = escaping;
    target[at++] = byte;
  }
  out.at = at;
}

function needsQuotes(bytes: Uint8Array, { special }: Quoting): boolean {
  for (const byte of bytes) if (special[byte] === 1) return true;
  return false;
}

/** Held back until a byte asks for quotes, or the value ends without one. */
function largeValue(out: ByteWriter, hold: Hold, quoting: Quoting, forceQuote: boolean): LargeValue {
  let inQuotes = forceQuote;
  if (forceQuote) out.byte(quoting.quote);
  const writeDoubled = (bytes: Uint8Array): void => {
    for (let from = 0; from < bytes.length; from += 65_536) {
      const end = Math.min(from + 65_536, bytes.length);
      out.reserve(2 * (end - from));
      doubled(out, bytes, from, end, quoting);
    }
  };
  return {
    piece(bytes, start, end) {
      const piece = bytes.subarray(start, end);
      if (!inQuotes && needsQuotes(piece, quoting)) {
        inQuotes = true;
        out.byte(quoting.quote);
        hold.drain(writeDoubled);
      }
      if (inQuotes) writeDoubled(piece);
      else hold.add(piece);
    },
    end() {
      if (inQuotes) out.byte(quoting.quote);
      else hold.drain((bytes) => out.all(bytes));
    },
  };
}
