/** PostgreSQL's COPY text format: tabs between columns, NULL as \N, backslash escapes; with a header line where asked for. */
import type { ByteWriter } from './byte-writer.ts';
import { byteTable, type RowFormat } from './row-format.ts';

const tab = 0x09;
const newline = 0x0a;
const space = 0x20;
const backslash = 0x5c;
const specials = [0x08, tab, newline, 0x0b, 0x0c, 0x0d, backslash];
/** The letter after the backslash, by byte. */
const letters = new Uint8Array(256);
for (const [byte, letter] of Object.entries({ 8: 'b', 9: 't', 10: 'n', 11: 'v', 12: 'f', 13: 'r', 92: '\\' }))
  letters[Number(byte)] = letter.charCodeAt(0);

/** COPY's options of the same names; the delimiter is a character of ASCII. */
export interface TsvStyle {
  readonly delimiter: string;
  readonly nullText: string;
}
export const usualTsv: TsvStyle = { delimiter: '\t', nullText: '\\N' };

/** @param names the header's; absent for none. */
export function tsvFormat(names: readonly string[] | null, style: TsvStyle = usualTsv): RowFormat {
  const delimiter = style.delimiter.charCodeAt(0);
  const nothing = Buffer.from(style.nullText);
  const escaping: Escaping = { special: byteTable([...specials, delimiter]), delimiter };
  const format: RowFormat = {
    begin(out) {
      if (!names) return;
      names.forEach((name, position) => {
        const bytes = Buffer.from(name);
        format.value(out, position, bytes, 0, bytes.length);
      });
      out.byte(newline);
    },
    rowStart() {},
    value(out, position, bytes, start, end) {
      out.reserve(2 * (end - start) + 1);
      if (position > 0) out.bytes[out.at++] = delimiter;
      escaped(out, bytes, start, end, escaping);
    },
    nothing(out, position) {
      if (position > 0) out.byte(delimiter);
      out.all(nothing);
    },
    rowEnd(out) {
      out.byte(newline);
    },
    end() {},
    large(out, position) {
      if (position > 0) out.byte(delimiter);
      return {
        piece(bytes, start, end) {
          for (let from = start; from < end; from += 65_536) {
            const stop = Math.min(from + 65_536, end);
            out.reserve(2 * (stop - from));
            escaped(out, bytes, from, stop, escaping);
          }
        },
        end() {},
      };
    },
  };
  return format;
}

interface Escaping {
  readonly special: Uint8Array;
  readonly delimiter: number;
}

/** Room for twice the bytes has been reserved. */
function escaped(out: ByteWriter, bytes: Uint8Array, start: number, end: number, escaping: Escaping): void {
  const { special, delimiter } = escaping;
  const target = out.bytes;
  let at = out.at;
  for (let from = start; from < end; from++) {
    const byte = bytes[from] as number;
    // Comparisons cost less than a look into the table for every byte.
    if ((byte < space || byte === backslash || byte === delimiter) && special[byte] === 1) {
      target[at++] = backslash;
      // A delimiter without a letter of its own stands for itself behind the backslash.
      target[at++] = letters[byte] || byte;
    } else target[at++] = byte;
  }
  out.at = at;
}
