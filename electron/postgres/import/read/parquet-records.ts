/** Parquet: a group of rows at a time, each value as PostgreSQL writes it. */

import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  type SchemaElement,
} from 'hyparquet';
import type { ImportDialect } from '../../../../shared/api/import-plan.ts';
import type { FilePreview } from '../../../../shared/api/transfer.ts';
import { invalid } from '../../../../shared/failure.ts';
import { asPreview } from '../as-preview.ts';
import { fieldsBatch } from './fields-batch.ts';
import type { ReadPosition } from './file-bytes.ts';
import type { SourceReader, SourceRecord } from './source-batch.ts';

const rowsAtOnce = 10_000;

interface Opened {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly columns: readonly string[];
  /** By column: how many digits stand behind the point of its decimals. */
  readonly scales: ReadonlyMap<string, number>;
  /** Columns of instants, not of local times. */
  readonly instants: ReadonlySet<string>;
}

async function openParquet(path: string): Promise<Opened> {
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const scales = new Map<string, number>();
    const instants = new Set<string>();
    for (const element of metadata.schema) {
      if (isInstant(element)) instants.add(element.name);
      if (element.logical_type?.type === 'JSON') element.converted_type = 'UTF8';
      if (element.converted_type !== 'DECIMAL' && element.logical_type?.type !== 'DECIMAL') continue;
      scales.set(element.name, element.scale ?? 0);
      // The library would make a double of it: so it is read as what it is stored as.
      element.converted_type = undefined;
      element.logical_type = undefined;
    }
    return { file, metadata, columns: topLevel(metadata), scales, instants };
  } catch (thrown) {
    throw invalid('file', `This is no Parquet file, or it is damaged: ${(thrown as Error).message}`);
  }
}

function isInstant({ type, converted_type, logical_type }: SchemaElement): boolean {
  if (logical_type?.type === 'TIMESTAMP') return logical_type.isAdjustedToUTC;
  return type === 'INT96' || converted_type === 'TIMESTAMP_MICROS' || converted_type === 'TIMESTAMP_MILLIS';
}

function topLevel({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const children = schema[at]?.num_children ?? 0;
    at++;
    for (let child = 0; child < children; child++) skip();
  };
  while (at < schema.length) {
    names.push(schema[at]?.name ?? '');
    skip();
  }
  return names;
}

const compressors = {
  GZIP: (input: Uint8Array) => gunzipSync(input),
  ZSTD: (input: Uint8Array) => zstdDecompressSync(input),
  BROTLI: (input: Uint8Array) => brotliDecompressSync(input),
};
/** Instants as what PostgreSQL reads exactly; bytes that are no text stay bytes. */
const parsers = {
  timestampFromMilliseconds: (millis: bigint) => instant(BigInt(millis) * 1000n),
  timestampFromMicroseconds: (micros: bigint) => instant(BigInt(micros)),
  timestampFromNanoseconds: (nanos: bigint) => instant(BigInt(nanos) / 1000n),
  dateFromDays: (days: number) =>
    instant(BigInt(days) * 86_400_000_000n)
      .slice(0, -9)
      .trimEnd(),
  stringFromBytes: (bytes: Uint8Array) => bytes && textOrBytes(bytes),
  jsonFromBytes: (bytes: Uint8Array) => bytes && Buffer.from(bytes).toString('utf8'),
};

function textOrBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return `\\x${Buffer.from(bytes).toString('hex')}`;
  }
}

/** ISO 8601 with the era that PostgreSQL wants, to the microsecond. */
function instant(micros: bigint): string {
  const seconds = micros >= 0n ? micros / 1_000_000n : -((-micros + 999_999n) / 1_000_000n);
  const fraction = micros - seconds * 1_000_000n;
  const at = new Date(Number(seconds) * 1000);
  const year = at.getUTCFullYear();
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0');
  const rest = `-${at.toISOString().slice(-19, -5).replace('T', ' ')}`;
  const text = `${shown}${rest}${fraction === 0n ? '' : `.${String(fraction).padStart(6, '0')}`}`;
  return year > 0 ? text : `${text} BC`;
}

async function rowsOf(opened: Opened, from: number, to: number): Promise<(string | null)[][]> {
  const { file, metadata, columns, scales, instants } = opened;
  try {
    const rows = await parquetReadObjects({
      file,
      metadata,
      rowStart: from,
      rowEnd: to,
      compressors,
      parsers,
      geoparquet: false,
      utf8: false,
    });
    return rows.map((row) =>
      columns.map((name) => {
        const text = textOf(row[name], scales.get(name));
        return text !== null && instants.has(name) ? text.replace(/( BC)?$/, '+00$1') : text;
      }),
    );
  } catch (thrown) {
    throw invalid('file', `The Parquet file cannot be read at row ${from + 1}: ${(thrown as Error).message}`);
  }
}

function textOf(value: unknown, scale: number | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (scale !== undefined) return decimal(value, scale);
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'object')
    return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? Number(each) : each));
  return String(value);
}

function decimal(value: unknown, scale: number): string {
  let unscaled: bigint;
  if (typeof value === 'bigint' || typeof value === 'number') unscaled = BigInt(value);
  else {
    // Bytes of two's complement; the library may have taken them for Latin text, which they are not.
    const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value), 'latin1');
    unscaled = BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`));
  }
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const recordOf = (fields: (string | null)[]): SourceRecord =>
  fields.some((field) => field?.includes('\0'))
    ? { line: 0, problem: 'There is a NUL in it, which PostgreSQL cannot keep in a text.', text: '' }
    : { line: 0, fields };

export function parquetReader(path: string, columns: readonly string[], position: ReadPosition): SourceReader {
  return {
    copyOptions: 'format text',
    async *batches(size) {
      const opened = await openParquet(path);
      if (opened.columns.join('\0') !== columns.join('\0'))
        throw invalid('file', 'The file has other columns than its preview. Choose it again.');
      const total = Number(opened.metadata.num_rows);
      for (let from = 0; from < total; ) {
        const to = Math.min(total, from + Math.min(size.rows, rowsAtOnce));
        const rows = await rowsOf(opened, from, to);
        position.bytes = (opened.file.byteLength * to) / total;
        yield fieldsBatch(rows.map(recordOf));
        from = to;
      }
    },
  };
}

export async function previewParquet(path: string, dialect: ImportDialect, size: number): Promise<FilePreview> {
  const opened = await openParquet(path);
  const rows = await rowsOf(opened, 0, Math.min(500, Number(opened.metadata.num_rows)));
  return asPreview({ ...dialect, header: true }, opened.columns, rows, size, []);
}
