/** The rows of a worksheet, one after the other as they come out of the archive. */
import type { ImportDialect } from '../../../../shared/api/import-plan.ts';
import type { FilePreview } from '../../../../shared/api/transfer.ts';
import { invalid } from '../../../../shared/failure.ts';
import { dateOfExcel } from '../../export/xlsx/excel-date.ts';
import { asPreview } from '../as-preview.ts';
import { sniffHeader } from '../sniff.ts';
import { fieldsBatch } from './fields-batch.ts';
import type { ReadPosition } from './file-bytes.ts';
import type { SourceReader, SourceRecord } from './source-batch.ts';
import { attribute, openWorkbook, textIn, unescaped, type Workbook } from './workbook.ts';

/** A row is no longer than that. */
const longestRow = 64 * 1024 * 1024;
const sampleRows = 500;

interface SheetRow {
  readonly line: number;
  readonly fields: (string | null)[];
}

async function* rowsOf(book: Workbook, part: string, position: ReadPosition): AsyncGenerator<SheetRow, void, void> {
  const decoder = new TextDecoder();
  let text = '';
  let line = 0;
  const rowEnd = /<\/(?:\w+:)?row>/g;
  for await (const piece of book.zip.read(part, (bytes) => {
    position.bytes += bytes;
  })) {
    text += decoder.decode(piece, { stream: true });
    let from = 0;
    rowEnd.lastIndex = 0;
    for (let end = rowEnd.exec(text); end; end = rowEnd.exec(text)) {
      const rows = text.slice(from, end.index);
      from = rowEnd.lastIndex;
      // Rows without cells may stand before this one, closed in themselves.
      const start = rows.lastIndexOf('<row') >= 0 ? rows.lastIndexOf('<row') : rows.search(/<\w+:row\b/);
      const head = /^<(?:\w+:)?row\b([^>]*)>/.exec(rows.slice(start));
      line = Number(attribute(head?.[1] ?? '', 'r') ?? line + 1);
      const fields = cellsOf(rows.slice(start + (head?.[0].length ?? 0)), book);
      if (fields.some((field) => field !== null)) yield { line, fields };
    }
    text = text.slice(from);
    if (text.length > longestRow) throw invalid('file', 'A row of the sheet is longer than 64 MB.');
  }
}

function cellsOf(xml: string, book: Workbook): (string | null)[] {
  const fields: (string | null)[] = [];
  for (const [, attributes = '', inner = ''] of xml.matchAll(
    /<(?:\w+:)?c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/(?:\w+:)?c>)/g,
  )) {
    const reference = attribute(attributes, 'r');
    const place = reference ? columnOf(reference) : fields.length;
    while (fields.length < place) fields.push(null);
    fields[place] = cellValue(attributes, inner, book);
  }
  return fields;
}

/** AB12 is column 27, from 0. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of /^[A-Z]{1,3}/.exec(reference)?.[0] ?? 'A') column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function cellValue(attributes: string, inner: string, { texts, dates, system1904 }: Workbook): string | null {
  const type = attribute(attributes, 't');
  if (type === 'inlineStr') return textIn(inner);
  const value = /<(?:\w+:)?v\b[^>]*>([\s\S]*?)<\/(?:\w+:)?v>/.exec(inner)?.[1];
  if (value === undefined) return null;
  if (type === 's') return texts[Number(value)] ?? null;
  if (type === 'b') return value.trim() === '1' ? 'true' : 'false';
  if (type === 'str' || type === 'e' || type === 'd') return unescaped(value);
  const number = Number(value);
  const isDate = dates[Number(attribute(attributes, 's') ?? 0)] === true && Number.isFinite(number) && number >= 0;
  return isDate && number < 2_958_466 ? dateOfExcel(number, system1904) : value.trim();
}

function partOf({ sheets }: Workbook, sheet: string | null): string {
  const found = sheet === null ? sheets[0] : sheets.find(({ name }) => name === sheet);
  if (!found) throw invalid('file', sheet === null ? 'The workbook has no sheet.' : `There is no sheet "${sheet}".`);
  return found.part;
}

export interface SheetSource {
  readonly sheet: string | null;
  readonly header: boolean;
  readonly columns: number;
}

export function sheetReader(
  path: string,
  { sheet, header, columns }: SheetSource,
  position: ReadPosition,
): SourceReader {
  return {
    copyOptions: 'format text',
    async *batches(size) {
      const book = await openWorkbook(path);
      let records: SourceRecord[] = [];
      let first = header;
      for await (const row of rowsOf(book, partOf(book, sheet), position)) {
        if (first) {
          first = false;
          continue;
        }
        records.push(recordOf(row, columns));
        if (records.length < Math.min(size.rows, 20_000)) continue;
        yield fieldsBatch(records);
        records = [];
      }
      if (records.length > 0) yield fieldsBatch(records);
    },
  };
}

function recordOf({ line, fields }: SheetRow, columns: number): SourceRecord {
  const text = fields.join('\t').slice(0, 2000);
  if (fields.slice(columns).some((field) => field !== null))
    return { line, problem: `A value stands right of the ${columns} columns.`, text };
  if (fields.some((field) => field?.includes('\0')))
    return { line, problem: 'There is a NUL in it, which PostgreSQL cannot keep in a text.', text };
  return { line, fields: Array.from({ length: columns }, (_, at) => fields[at] ?? null) };
}

/** @param sniff whether the first row names the columns is to be found out */
export async function previewSheet(
  path: string,
  dialect: ImportDialect,
  sniff: boolean,
  size: number,
): Promise<FilePreview> {
  const book = await openWorkbook(path);
  const rows: (string | null)[][] = [];
  for await (const { fields } of rowsOf(book, partOf(book, dialect.sheet), { bytes: 0 })) {
    rows.push(fields);
    if (rows.length > sampleRows) break;
  }
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const [first = []] = rows;
  const whole = Array.from({ length: width }, (_, at) => first[at] ?? null);
  const header = sniff ? sniffHeader(first, rows.slice(1)) : dialect.header;
  const names = whole.map((name, at) => (header && name ? name : `column_${at + 1}`));
  const sheets = book.sheets.map(({ name }) => name);
  return asPreview({ ...dialect, header }, names, header ? rows.slice(1) : rows, size, [], sheets);
}
