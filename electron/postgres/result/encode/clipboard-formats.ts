/** The formats of the clipboard that are not export formats: TSV as spreadsheets take it, Markdown, INSERT statements. */
import { quoteIdentifier, quoteLiteral } from '../../../../shared/sql/quote.ts';
import type { ByteWriter } from './byte-writer.ts';
import { isJsonNumber, jsonKind } from './json-format.ts';
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

/** A table of GitHub's Markdown: what would mean something there is escaped, line breaks become <br>. */
export function markdownFormat(names: readonly string[], typeOids: readonly number[]): RowFormat {
  const cell = (out: ByteWriter, value: string): void => out.text(` ${markdownText(value)} |`);
  const rule = typeOids.map((oid) => (jsonKind(oid) === 'number' ? ' ---: |' : ' --- |')).join('');
  return wholeOnly({
    begin(out) {
      out.text('|');
      for (const name of names) cell(out, name);
      out.text(`\n|${rule}\n`);
    },
    rowStart(out) {
      out.text('|');
    },
    value(out, _position, bytes, start, end) {
      cell(out, text(bytes, start, end));
    },
    nothing(out) {
      out.text(' NULL |');
    },
    rowEnd(out) {
      out.byte(newline);
    },
    end() {},
  });
}

const markdownText = (value: string): string =>
  value
    .replace(/[\\|*_`~[\]]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/\r\n|\r|\n/g, '<br>');

const rowsAStatement = 1000;

/** As a number in SQL it would be an integer's zero, which has no sign. */
const isMinusZero = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 2 && bytes[start] === 0x2d && bytes[start + 1] === 0x30;

export interface InsertTarget {
  /** As one writes it in SQL: `shop.orders`. */
  readonly table: string;
  /** An identity column takes the given values even if it is GENERATED ALWAYS. */
  readonly overriding: boolean;
}

/** @param names distinct */
export function insertFormat(
  { table, overriding }: InsertTarget,
  names: readonly string[],
  typeOids: readonly number[],
): RowFormat {
  const list = names.map(quoteIdentifier).join(', ');
  const into = `INSERT INTO ${quotedTable(table)} (${list})${overriding ? ' OVERRIDING SYSTEM VALUE' : ''} VALUES\n  (`;
  const kinds = typeOids.map(jsonKind);
  return wholeOnly({
    begin() {},
    rowStart(out, row) {
      const first = row % rowsAStatement === 0;
      if (first && row > 0) out.text(';\n');
      out.text(first ? into : ',\n  (');
    },
    value(out, position, bytes, start, end) {
      if (position > 0) out.text(', ');
      const kind = kinds[position];
      if (kind === 'number' && isJsonNumber(bytes, start, end) && !isMinusZero(bytes, start, end))
        out.copy(bytes, start, end);
      else if (kind === 'boolean') out.text(bytes[start] === 0x74 ? 'true' : 'false');
      else out.text(quoteLiteral(text(bytes, start, end)));
    },
    nothing(out, position) {
      out.text(position > 0 ? ', NULL' : 'NULL');
    },
    rowEnd(out) {
      out.text(')');
    },
    end(out, rows) {
      if (rows > 0) out.text(';\n');
    },
  });
}

/** The parts of a dotted name, each in quotes; a text that is no such name is one name as it stands. */
export function quotedTable(written: string): string {
  const parts: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")+)"|([^\s".]+))\s*(\.|$)/y;
  while (pattern.lastIndex < written.length) {
    const match = pattern.exec(written);
    if (!match) return quoteIdentifier(written);
    parts.push(match[1] === undefined ? (match[2] as string) : match[1].replaceAll('""', '"'));
    if (match[3] === '' && pattern.lastIndex < written.length) return quoteIdentifier(written);
  }
  return written.trimEnd().endsWith('.') ? quoteIdentifier(written) : parts.map(quoteIdentifier).join('.');
}
