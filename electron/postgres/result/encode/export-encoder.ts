/** The encoder of a text format, over a sink that takes the bytes. */
import type { ExportFormat, ExportOptions } from '../../../../shared/api/transfer.ts';
import { invalid } from '../../../../shared/failure.ts';
import { ByteWriter, type Sink } from './byte-writer.ts';
import { distinctNames, renamingNotes } from './column-names.ts';
import { csvFormat, usualCsv } from './csv-format.ts';
import { jsonFormat } from './json-format.ts';
import { htmlFormat, markdownFormat } from './markup-formats.ts';
import { RowEncoder } from './row-encoder.ts';
import type { Hold, RowFormat } from './row-format.ts';
import { safeName, spreadsheetSafe } from './spreadsheet-safe.ts';
import { sqlFormat } from './sql-format.ts';
import { tsvFormat, usualTsv } from './tsv-format.ts';

export type TextFormat = Exclude<ExportFormat, 'xlsx' | 'parquet'>;

/** What an encoder must know of a column. */
interface NamedColumn {
  readonly name: string;
  readonly typeOid: number;
}

/** How a text format is written; what is absent is as COPY has it. */
export type TextStyle = Partial<
  Pick<
    ExportOptions,
    'delimiter' | 'quote' | 'escape' | 'nullText' | 'forceQuote' | 'lineEnd' | 'spreadsheetSafe' | 'sqlStyle'
  >
>;

export interface EncoderOptions extends TextStyle {
  /** A line of names first, in csv and tsv. */
  readonly header: boolean;
  readonly hold?: Hold;
  /** sql: as one writes it. html: the title. */
  readonly name?: string;
  /** sql: the values of identity columns are given, too. */
  readonly overriding?: boolean;
}

export interface Encoder {
  /** The next bytes of consecutive DataRow messages, cut anywhere. */
  push(chunk: Uint8Array): void;
  /** Writes what ends the file and empties the buffer into the sink. */
  finish(): void;
  readonly rows: number;
  /** Bytes given to the sink so far. */
  readonly sentBytes: number;
  /** What the person should know about the file: renamed columns. */
  readonly notes: readonly string[];
}

export function createEncoder(
  format: TextFormat,
  columns: readonly NamedColumn[],
  options: EncoderOptions,
  sink: Sink,
): Encoder {
  const { rowFormat, notes } = rowFormatOf(format, columns, options);
  return encoderOf(rowFormat, sink, notes);
}

export function encoderOf(rowFormat: RowFormat, sink: Sink, notes: readonly string[]): Encoder {
  const out = new ByteWriter(sink);
  const encoder = new RowEncoder(rowFormat, out);
  return {
    push: (chunk) => encoder.push(chunk),
    finish: () => encoder.finish(),
    get rows() {
      return encoder.rows;
    },
    get sentBytes() {
      return out.sent;
    },
    notes,
  };
}

export function rowFormatOf(
  format: TextFormat,
  columns: readonly NamedColumn[],
  options: EncoderOptions,
): { rowFormat: RowFormat; notes: readonly string[] } {
  const names = columns.map((column) => column.name);
  const oids = columns.map((column) => column.typeOid);
  if (format === 'csv' || format === 'tsv') {
    const shown = options.spreadsheetSafe ? names.map(safeName) : names;
    const rows = separated(format, options.header ? shown : null, names, options);
    return { rowFormat: options.spreadsheetSafe ? spreadsheetSafe(rows, oids) : rows, notes: [] };
  }
  if (format === 'markdown') return { rowFormat: markdownFormat(names, oids), notes: [] };
  if (format === 'html') return { rowFormat: htmlFormat(options.name ?? 'Rows', names, oids), notes: [] };
  const distinct = distinctNames(names);
  const notes = renamingNotes(distinct);
  if (format !== 'sql') return { rowFormat: jsonFormat(distinct.names, oids, format === 'ndjson'), notes };
  const { name: table = 'table_name', overriding = false, sqlStyle: style = 'rows' } = options;
  return { rowFormat: sqlFormat({ table, overriding, style }, distinct.names, oids), notes };
}

function separated(
  format: 'csv' | 'tsv',
  header: readonly string[] | null,
  names: readonly string[],
  options: EncoderOptions,
): RowFormat {
  const usual = format === 'csv' ? usualCsv : usualTsv;
  const delimiter = options.delimiter ?? usual.delimiter;
  const nullText = options.nullText ?? usual.nullText;
  if (format === 'tsv') return tsvFormat(header, { delimiter, nullText });
  const forceQuote = placesOf(options.forceQuote ?? false, names);
  const style = { ...usualCsv, ...withoutAbsent(options), delimiter, nullText, forceQuote };
  return csvFormat(names.length, header, options.hold, style);
}

/** COPY refuses a column that is not there, too. @throws invalid */
function placesOf(forceQuote: ExportOptions['forceQuote'], names: readonly string[]): boolean | readonly number[] {
  if (typeof forceQuote === 'boolean') return forceQuote;
  return forceQuote.flatMap((wanted) => {
    const places = names.flatMap((name, place) => (name === wanted ? [place] : []));
    if (places.length === 0) throw invalid('forceQuote', `There is no column "${wanted}" to be quoted.`);
    return places;
  });
}

/** So that what is there as undefined does not hide what is usual. */
const withoutAbsent = <T extends object>(options: T): Partial<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
