/**
 * Rows for people at a terminal: aligned columns, widths from the first 1,000 rows. No value can move the cursor or
 * colour the screen, and a long one is cut; whoever wants the bytes asks for csv or json.
 */
import type { ByteWriter } from '../postgres/result/encode/byte-writer.ts';
import type { RowFormat } from '../postgres/result/encode/row-format.ts';

const measuredRows = 1000;
const longestCell = 500;
const numberOids = new Set([20, 21, 23, 26, 700, 701, 790, 1700]);

export function tableFormat(columns: readonly { readonly name: string; readonly typeOid: number }[]): RowFormat {
  const names = columns.map((column) => printable(column.name));
  const right = columns.map((column) => numberOids.has(column.typeOid));
  let measured: string[][] | null = [];
  let widths: number[] = [];
  let row: string[] = [];

  const write = (out: ByteWriter, cells: readonly string[]): void => {
    const padded = cells.map((cell, column) => pad(cell, widths[column] ?? 0, right[column] ?? false));
    out.text(`${padded.join(' | ').trimEnd()}\n`);
  };
  const settle = (out: ByteWriter): void => {
    if (!measured) return;
    const rows = [names, ...measured];
    widths = names.map((_, column) => Math.max(...rows.map((cells) => widthOf(cells[column] ?? ''))));
    write(out, names);
    out.text(`${widths.map((width) => '-'.repeat(width)).join('-+-')}\n`);
    for (const cells of measured) write(out, cells);
    measured = null;
  };

  return {
    begin() {},
    rowStart() {
      row = [];
    },
    value(_out, position, bytes, start, end) {
      row[position] = cell(Buffer.from(bytes.subarray(start, Math.min(end, start + 4 * longestCell))), end - start);
    },
    nothing(_out, position) {
      row[position] = '∅';
    },
    rowEnd(out) {
      if (measured) measured.push(row);
      else write(out, row);
      if (measured && measured.length === measuredRows) settle(out);
    },
    end(out, rows) {
      settle(out);
      out.text(`(${rows} ${rows === 1 ? 'row' : 'rows'})\n`);
    },
    large(_out, position) {
      const kept: Buffer[] = [];
      let size = 0;
      return {
        piece(bytes, start, end) {
          if (size < 4 * longestCell) kept.push(Buffer.from(bytes.subarray(start, end)));
          size += end - start;
        },
        end() {
          row[position] = cell(Buffer.concat(kept), size);
        },
      };
    },
  };
}

function cell(bytes: Buffer, sizeBytes: number): string {
  const text = bytes.toString('utf8');
  const characters = [...text.slice(0, 2 * longestCell)];
  if (sizeBytes <= bytes.length && characters.length <= longestCell) return printable(text);
  return `${printable(characters.slice(0, longestCell).join(''))}… (${sizeBytes} bytes)`;
}

/** Control and direction-changing characters as escapes. */
const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
    return short ?? `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
}

/** Terminal cells: East Asian characters take two, combining marks none. */
const widthOf = (text: string): number => {
  let width = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
};
