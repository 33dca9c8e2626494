/**
 * The rows of a worksheet (ECMA-376, part 1, 18.3) by bytes. Numbers of up to 15 digits are numbers, longer ones are
 * texts: a cell is a double, and a digit lost is a lie. Dates and timestamps without time zone are Excel's dates where it
 * has them; everything else is text, so that nothing is ever taken for a formula.
 */
import { isUtf8 } from 'node:buffer';
import type { ByteWriter } from '../../result/encode/byte-writer.ts';
import { type Replacing, replacing } from '../../result/encode/escape-bytes.ts';
import { isJsonNumber, jsonKind } from '../../result/encode/json-format.ts';
import type { RowFormat } from '../../result/encode/row-format.ts';
import type { EncodedColumn } from '../encoded-column.ts';
import { excelDate } from './excel-date.ts';

/** Of Excel: how many characters (UTF-16) a cell holds. */
const mostCharacters = 32_767;
const dateOid = 1082;
const timestampOid = 1114;

/** Style numbers in workbook.ts. */
const dateStyle = 1;
const timestampStyle = 2;
const headStyle = 3;

/** Counts of what could not be as it was, for the notes. */
export interface SheetLosses {
  longNumbers: number;
  cutTexts: number;
  notUtf8: number;
}

type Kind = 'number' | 'boolean' | 'date' | 'timestamp' | 'text';
const kindOf = (typeOid: number): Kind => {
  if (typeOid === dateOid) return 'date';
  if (typeOid === timestampOid) return 'timestamp';
  const kind = jsonKind(typeOid);
  return kind === 'number' || kind === 'boolean' ? kind : 'text';
};

const textStart = Buffer.from('<c t="inlineStr"><is><t xml:space="preserve">');
const textEnd = Buffer.from('</t></is></c>');
const numberStart = Buffer.from('<c><v>');
const numberEnd = Buffer.from('</v></c>');
const empty = Buffer.from('<c/>');

export function sheetFormat(columns: readonly EncodedColumn[], header: boolean, losses: SheetLosses): RowFormat {
  const kinds = columns.map(({ typeOid }) => kindOf(typeOid));
  const format: RowFormat = {
    begin(out) {
      out.text(sheetStart(header));
      if (!header) return;
      out.text('<row>');
      for (const { name } of columns) {
        const bytes = Buffer.from(name);
        out.text(`<c s="${headStyle}" t="inlineStr"><is><t xml:space="preserve">`);
        xmlText(out, bytes, 0, bytes.length);
        out.all(textEnd);
      }
      out.text('</row>');
    },
    rowStart: (out) => out.text('<row>'),
    value(out, position, bytes, start, end) {
      const kind = kinds[position];
      if (kind === 'number' && isCellNumber(bytes, start, end, losses)) {
        out.all(numberStart);
        out.copy(bytes, start, end);
        out.all(numberEnd);
      } else if (kind === 'boolean' && end - start === 1)
        out.text(bytes[start] === 0x74 ? '<c t="b"><v>1</v></c>' : '<c t="b"><v>0</v></c>');
      else if ((kind === 'date' || kind === 'timestamp') && dateCell(out, kind, bytes, start, end)) return;
      else textCell(out, bytes, start, end, losses);
    },
    nothing: (out) => out.all(empty),
    rowEnd: (out) => out.text('</row>\n'),
    end: (out) => out.text('</sheetData></worksheet>'),
    large(out) {
      // Longer than a cell holds in any case: the first part is all that is kept.
      const kept = Buffer.allocUnsafe(4 * mostCharacters);
      let has = 0;
      return {
        piece(bytes, start, end) {
          const count = Math.min(end - start, kept.length - has);
          kept.set(bytes.subarray(start, start + count), has);
          has += count;
        },
        end: () => textCell(out, kept, 0, has, losses),
      };
    },
  };
  return format;
}

const sheetStart = (header: boolean): string =>
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
  '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
  (header
    ? '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    : '') +
  '<sheetData>';

/** A number that a double holds with all its digits. */
function isCellNumber(bytes: Uint8Array, start: number, end: number, losses: SheetLosses): boolean {
  if (!isJsonNumber(bytes, start, end)) return false;
  let digits = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x65 || byte === 0x45) break;
    // Zeros at the front say nothing.
    if (byte > 0x30 && byte <= 0x39) digits++;
    else if (byte === 0x30 && digits > 0) digits++;
  }
  if (digits <= 15) return true;
  losses.longNumbers++;
  return false;
}

function dateCell(out: ByteWriter, kind: 'date' | 'timestamp', bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 32) return false;
  const serial = excelDate(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
  if (serial === null) return false;
  out.text(`<c s="${kind === 'date' ? dateStyle : timestampStyle}"><v>${serial}</v></c>`);
  return true;
}

function textCell(out: ByteWriter, bytes: Uint8Array, start: number, end: number, losses: SheetLosses): void {
  out.all(textStart);
  const utf8 = isUtf8(bytes.subarray(start, end));
  if (!utf8) losses.notUtf8++;
  // A character takes a byte at least: a short text needs no counting.
  if (end - start <= mostCharacters && utf8) xmlText(out, bytes, start, end);
  else {
    const text = Buffer.from(bytes.subarray(start, end)).toString('utf8');
    if (text.length > mostCharacters) losses.cutTexts++;
    const kept = Buffer.from(text.slice(0, mostCharacters).toWellFormed());
    xmlText(out, kept, 0, kept.length);
  }
  out.all(textEnd);
}

/** What XML cannot hold is written `_x0001_`, as ECMA-376 part 1, 22.9.2.19 has it. */
const xml: Replacing = replacing({
  ...Object.fromEntries(
    Array.from({ length: 0x20 }, (_, code) => [
      String.fromCharCode(code),
      `_x${code.toString(16).toUpperCase().padStart(4, '0')}_`,
    ]),
  ),
  '\t': '\t',
  '\n': '\n',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
});
const underscore = 0x5f;

function xmlText(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    const instead = xml.by[byte];
    if (instead) out.all(instead);
    else if (byte === underscore && looksEscaped(bytes, at, end)) out.text('_x005F_');
    else if (byte === 0xef && bytes[at + 1] === 0xbf && ((bytes[at + 2] ?? 0) & 0xfe) === 0xbe) {
      // U+FFFE and U+FFFF are no characters of XML.
      out.text(bytes[at + 2] === 0xbe ? '_xFFFE_' : '_xFFFF_');
      at += 2;
    } else out.byte(byte);
  }
}

/** A text that would be read as such an escape. */
const looksEscaped = (bytes: Uint8Array, at: number, end: number): boolean =>
  at + 7 <= end && /^_x[0-9A-Fa-f]{4}_$/.test(Buffer.from(bytes.subarray(at, at + 7)).toString('latin1'));
