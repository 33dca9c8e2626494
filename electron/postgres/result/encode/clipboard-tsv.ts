/** The clipboard's own format: TSV as spreadsheets take it. */
import { byteTable, type RowFormat } from './row-format.ts';

const tab = 0x09;
const newline = 0x0a;
const quote = 0x22;
const quotedInTsv = byteTable([tab, newline, 0x0d]);

/** Formats that hold a cell in memory; the clipboard takes nothing long enough to come in pieces. */
function wholeOnly(format: Omit<RowFormat, 'large'>): RowFormat {
  return {
    ...format,
    large(out, position) {
      const pieces: Buffer[] = [];
      return {
        piece: (bytes, start, end) => void pieces.push(Buffer.from(bytes.subarray(start, end))),
        end: () => {
          const bytes = Buffer.concat(pieces);
          format.value(out, position, bytes, 0, bytes.length);
        },
      };
    },
  };
}

/**
 * Values as they are between tabs; in double quotes (doubled inside) only where a value holds a tab or a line break,
 * begins with a quote or is empty; NULL is nothing. Spreadsheets and `parseTsv` of the grid read it back unchanged.
 * @param plain one cell alone: its text and nothing else
 */
export function clipboardTsv(names: readonly string[] | null, plain: boolean): RowFormat {
  const format = wholeOnly({
    begin(out) {
      if (!names) return;
      names.forEach((name, position) => {
        const bytes = Buffer.from(name);
        format.value(out, position, bytes, 0, bytes.length);
      });
      out.byte(newline);
    },
    rowStart(out, row) {
      if (row > 0) out.byte(newline);
    },
    value(out, position, bytes, start, end) {
      if (position > 0) out.byte(tab);
      if (plain || !needsQuotes(bytes, start, end)) out.copy(bytes, start, end);
      else out.text(`"${text(bytes, start, end).replaceAll('"', '""')}"`);
    },
    nothing(out, position) {
      if (position > 0) out.byte(tab);
    },
    rowEnd() {},
    end() {},
  });
  return format;
}

function needsQuotes(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end || bytes[start] === quote) return true;
  for (let at = start; at < end; at++) if (quotedInTsv[bytes[at] as number] === 1) return true;
  return false;
}

const text = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
