/** CSV exactly as PostgreSQL's COPY … (FORMAT csv) writes it: a value is quoted only where it must be, NULL is nothing, '' is "". */
import type { ByteWriter } from './byte-writer.ts';
import { byteTable, type Hold, type LargeValue, memoryHold, type RowFormat } from './row-format.ts';

const comma = 0x2c;
const quote = 0x22;
const newline = 0x0a;
const special = byteTable([comma, quote, newline, 0x0d]);

/** @param names the header's; absent for none. @param hold keeps a long value until its need for quotes is known. */
export function csvFormat(columns: number, names: readonly string[] | null, hold: Hold = memoryHold()): RowFormat {
  const single = columns === 1;
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
      out.reserve(2 * (end - start) + 3);
      const target = out.bytes;
      let at = out.at;
      if (position > 0) target[at++] = comma;
      const begun = at;
      for (let from = start; from < end; from++) {
        const byte = bytes[from] as number;
        // Letters and digits are above all that is special: most bytes need no look into the table.
        if (byte <= comma && special[byte] === 1) {
          out.at = begun;
          quoted(out, bytes, start, end);
          return;
        }
        target[at++] = byte;
      }
      out.at = at;
      if (start === end || (single && isEndOfData(bytes, start, end))) {
        out.at = begun;
        quoted(out, bytes, start, end);
      }
    },
    nothing(out, position) {
      if (position > 0) out.byte(comma);
    },
    rowEnd(out) {
      out.byte(newline);
    },
    end() {},
    large(out, position) {
      if (position > 0) out.byte(comma);
      return largeValue(out, hold);
    },
  };
  return format;
}

/** `\.` alone on a line ends the data for servers before 18, so COPY quotes it. */
const isEndOfData = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 2 && bytes[start] === 0x5c && bytes[start + 1] === 0x2e;

function quoted(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  out.reserve(2 * (end - start) + 2);
  out.bytes[out.at++] = quote;
  doubled(out, bytes, start, end);
  out.bytes[out.at++] = quote;
}

/** Room for twice the bytes has been reserved. */
function doubled(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  const target = out.bytes;
  let at = out.at;
  for (let from = start; from < end; from++) {
    const byte = bytes[from] as number;
    if (byte === quote) target[at++] = quote;
    target[at++] = byte;
  }
  out.at = at;
}

function needsQuotes(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (special[byte] === 1) return true;
  return false;
}

/** Held back until a byte asks for quotes, or the value ends without one. */
function largeValue(out: ByteWriter, hold: Hold): LargeValue {
  let inQuotes = false;
  const writeDoubled = (bytes: Uint8Array): void => {
    for (let from = 0; from < bytes.length; from += 65_536) {
      const end = Math.min(from + 65_536, bytes.length);
      out.reserve(2 * (end - from));
      doubled(out, bytes, from, end);
    }
  };
  return {
    piece(bytes, start, end) {
      const piece = bytes.subarray(start, end);
      if (!inQuotes && needsQuotes(piece)) {
        inQuotes = true;
        out.byte(quote);
        hold.drain(writeDoubled);
      }
      if (inQuotes) writeDoubled(piece);
      else hold.add(piece);
    },
    end() {
      if (inQuotes) out.byte(quote);
      else hold.drain((bytes) => out.all(bytes));
    },
  };
}
