/** PostgreSQL's COPY text format: tabs between columns, NULL as \N, backslash escapes; with a header line where asked for. */
import type { ByteWriter } from './byte-writer.ts';
import { byteTable, type RowFormat } from './row-format.ts';

const tab = 0x09;
const newline = 0x0a;
const space = 0x20;
const backslash = 0x5c;
const special = byteTable([0x08, tab, newline, 0x0b, 0x0c, 0x0d, backslash]);
/** The letter after the backslash, by byte. */
const letters = new Uint8Array(256);
for (const [byte, letter] of Object.entries({ 8: 'b', 9: 't', 10: 'n', 11: 'v', 12: 'f', 13: 'r', 92: '\\' }))
  letters[Number(byte)] = letter.charCodeAt(0);

/** @param names the header's; absent for none. */
export function tsvFormat(names: readonly string[] | null): RowFormat {
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
      if (position > 0) out.bytes[out.at++] = tab;
      escaped(out, bytes, start, end);
    },
    nothing(out, position) {
      out.reserve(3);
      if (position > 0) out.bytes[out.at++] = tab;
      out.bytes[out.at++] = backslash;
      out.bytes[out.at++] = 0x4e;
    },
    rowEnd(out) {
      out.byte(newline);
    },
    end() {},
    large(out, position) {
      if (position > 0) out.byte(tab);
      return {
        piece(bytes, start, end) {
          for (let from = start; from < end; from += 65_536) {
            const stop = Math.min(from + 65_536, end);
            out.reserve(2 * (stop - from));
            escaped(out, bytes, from, stop);
          }
        },
        end() {},
      };
    },
  };
  return format;
}

/** Room for twice the bytes has been reserved. */
function escaped(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  const target = out.bytes;
  let at = out.at;
  for (let from = start; from < end; from++) {
    const byte = bytes[from] as number;
    // Two comparisons cost less than a look into the table for every byte.
    if ((byte < space || byte === backslash) && special[byte] === 1) {
      target[at++] = backslash;
      target[at++] = letters[byte] as number;
    } else target[at++] = byte;
  }
  out.at = at;
}
