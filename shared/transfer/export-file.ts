/** What becomes of an export: one text, or an archive of several; and what such a file is called. */
import type { ExportFormat, ExportOptions } from '../api/transfer.ts';

const endings: Record<ExportFormat, string> = {
  csv: 'csv',
  tsv: 'tsv',
  json: 'json',
  ndjson: 'ndjson',
  xlsx: 'xlsx',
  parquet: 'parquet',
  sql: 'sql',
  markdown: 'md',
  html: 'html',
};
export const exportEnding = (format: ExportFormat): string => endings[format];

/** Formats that are compressed in themselves, and whose rows cannot be cut by bytes. */
export const isContainer = (format: ExportFormat): boolean => format === 'xlsx' || format === 'parquet';

/** Several tables go into one script or workbook; of every other format they come as an archive of files. */
export const isArchive = ({ format, splitBytes }: ExportOptions, tables: number): boolean =>
  (tables > 1 && format !== 'sql' && format !== 'xlsx') || (splitBytes !== null && !isContainer(format));

const compressed = { none: '', gzip: '.gz', zstd: '.zst' } as const;

/** The ending with what compresses it: csv.gz */
export function exportFileEnding(options: ExportOptions, tables: number): string {
  if (isArchive(options, tables)) return 'zip';
  const { format, compression } = options;
  return exportEnding(format) + (isContainer(format) ? '' : compressed[compression]);
}

/** A name as files have it on every system. */
export function exportFileName(name: string, options: ExportOptions, tables: number): string {
  const safe = name.replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, '_').slice(0, 100);
  return `${safe || 'export'}.${exportFileEnding(options, tables)}`;
}
