/** The beginning of a file as an import would read it: by the same readers, so that what is shown is what is done. */
import { stat } from 'node:fs/promises';
import type { ImportDialect } from '../../../shared/api/import-plan.ts';
import type { FilePreview } from '../../../shared/api/transfer.ts';
import { invalid } from '../../../shared/failure.ts';
import { asPreview } from './as-preview.ts';
import { openSource } from './open-source.ts';
import { textBytes, unpacked } from './read/file-bytes.ts';
import { jsonMembers, jsonTexts } from './read/json-records.ts';
import {
  isOldWorkbook,
  misnamed,
  sniffDelimiter,
  sniffEncoding,
  sniffFormat,
  sniffHeader,
  sniffNullText,
} from './sniff.ts';

export interface PreviewRequest {
  readonly path: string;
  /** The file's own, as the person knows it. */
  readonly name: string;
  readonly dialect: Partial<ImportDialect>;
}

const headBytes = 256 * 1024;
const sampleRows = 500;

export async function previewFile({ path, name, dialect: asked }: PreviewRequest): Promise<FilePreview> {
  const head = await headOf(path);
  const { size } = await stat(path);
  if (isOldWorkbook(head))
    throw invalid('file', 'This is a workbook of the old form (.xls). Save it as .xlsx or as CSV, and choose that.');
  const notes: string[] = [];
  const encoding = asked.encoding ?? sniffEncoding(head, notes);
  const text = new TextDecoder(encoding === 'utf-8-bom' ? 'utf-8' : encoding).decode(head);
  const format = asked.format ?? sniffFormat(name.replace(/\.(gz|zst)$/i, ''), head, text);
  const otherwise = misnamed(name, format);
  if (otherwise !== null) notes.push(otherwise);
  const quote = asked.quote ?? '"';
  const delimiter = asked.delimiter ?? (format === 'text' ? '\t' : sniffDelimiter(text, quote));
  const dialect: ImportDialect = {
    format,
    encoding,
    quote,
    escape: asked.escape ?? quote,
    delimiter,
    header: asked.header ?? true,
    nullText: asked.nullText !== undefined ? asked.nullText : format === 'csv' ? sniffNullText(text, delimiter) : null,
    sheet: asked.sheet ?? null,
  };
  const about = { path, size, notes };
  if (format === 'json' || format === 'ndjson') return previewJson(about, dialect);
  if (format === 'parquet') return (await import('./read/parquet-records.ts')).previewParquet(path, dialect, size);
  if (format === 'xlsx')
    return (await import('./read/sheet-records.ts')).previewSheet(path, dialect, asked.header === undefined, size);
  return previewSeparated(about, dialect, asked.header === undefined);
}

interface About {
  readonly path: string;
  readonly size: number;
  readonly notes: string[];
}

async function headOf(path: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of unpacked(path, { bytes: 0 })) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= headBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, headBytes);
}

async function previewSeparated(
  { path, size, notes }: About,
  dialect: ImportDialect,
  sniff: boolean,
): Promise<FilePreview> {
  // Without a header at first: whether there is one is seen from its values.
  const records = await firstRecords(path, { ...dialect, header: false }, notes);
  if (records.length === 0 && notes.length === 0) notes.push('There is nothing in this file.');
  const [first = []] = records;
  const header = sniff ? sniffHeader(first, records.slice(1)) : dialect.header;
  const rows = header ? records.slice(1) : records;
  return asPreview(
    { ...dialect, header },
    header ? first.map((name) => name ?? '') : unnamed(first.length),
    rows,
    size,
    notes,
  );
}

const unnamed = (count: number): string[] => Array.from({ length: count }, (_, at) => `column_${at + 1}`);

async function firstRecords(path: string, dialect: ImportDialect, notes: string[]): Promise<(string | null)[][]> {
  const reader = await openSource({ path, dialect, columns: [] }, { bytes: 0 });
  const rows: (string | null)[][] = [];
  for await (const batch of reader.batches({ rows: sampleRows, bytes: 4 * 1024 * 1024 })) {
    for (const record of batch.records()) {
      if ('fields' in record) rows.push([...record.fields]);
      else if (notes.length < 5) notes.push(`Line ${record.line}: ${record.problem}`);
    }
    break;
  }
  const columns = rows[0]?.length ?? 0;
  const ragged = rows.filter((row) => row.length !== columns).length;
  if (ragged > 0)
    notes.push(
      `${ragged} of the first ${rows.length} records have another number of values than the first: they will be refused.`,
    );
  return rows.filter((row) => row.length === columns);
}

async function previewJson({ path, size, notes }: About, dialect: ImportDialect): Promise<FilePreview> {
  const names = new Set<string>();
  const objects: Map<string, string | null>[] = [];
  const texts = jsonTexts(textBytes(path, dialect.encoding, { bytes: 0 }), dialect.format === 'ndjson');
  for await (const { line, bytes } of readable(texts, notes)) {
    const members = jsonMembers(bytes.toString('utf8'));
    if (members === null) {
      if (notes.length < 5) notes.push(`Line ${line}: this is no object of JSON.`);
    } else {
      objects.push(members);
      for (const name of members.keys()) names.add(name);
    }
    if (objects.length >= sampleRows) break;
  }
  if (names.size === 0 && notes.length === 0) notes.push('There is no object in this file.');
  const columns = [...names];
  return asPreview(
    dialect,
    columns,
    objects.map((object) => columns.map((name) => object.get(name) ?? null)),
    size,
    notes,
  );
}

/** What can be read before the file turns out to be damaged is shown all the same. */
async function* readable<T>(items: AsyncGenerator<T, void, void>, notes: string[]): AsyncGenerator<T, void, void> {
  let any = false;
  try {
    for await (const item of items) {
      any = true;
      yield item;
    }
  } catch (thrown) {
    if (!any) throw thrown;
    notes.push((thrown as Error).message);
  }
}
