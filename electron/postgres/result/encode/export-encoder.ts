/** The encoder of an export format, over a sink that takes the bytes. */
import type { ExportFormat } from '../../../../shared/api/results.ts';
import { ByteWriter, type Sink } from './byte-writer.ts';
import { distinctNames, renamingNotes } from './column-names.ts';
import { csvFormat } from './csv-format.ts';
import { jsonFormat } from './json-format.ts';
import { RowEncoder } from './row-encoder.ts';
import type { Hold, RowFormat } from './row-format.ts';
import { tsvFormat } from './tsv-format.ts';

/** What an encoder must know of a column. */
export interface EncodedColumn {
  readonly name: string;
  readonly typeOid: number;
}

export interface EncoderOptions {
  /** A line of names first, in csv and tsv. */
  readonly header: boolean;
  readonly hold?: Hold;
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
  format: ExportFormat,
  columns: readonly EncodedColumn[],
  options: EncoderOptions,
  sink: Sink,
): Encoder {
  const out = new ByteWriter(sink);
  const { rowFormat, notes } = rowFormatOf(format, columns, options);
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

function rowFormatOf(
  format: ExportFormat,
  columns: readonly EncodedColumn[],
  options: EncoderOptions,
): { rowFormat: RowFormat; notes: readonly string[] } {
  const names = columns.map((column) => column.name);
  const header = options.header ? names : null;
  if (format === 'csv') return { rowFormat: csvFormat(columns.length, header, options.hold), notes: [] };
  if (format === 'tsv') return { rowFormat: tsvFormat(header), notes: [] };
  const distinct = distinctNames(names);
  const oids = columns.map((column) => column.typeOid);
  return { rowFormat: jsonFormat(distinct.names, oids, format === 'ndjson'), notes: renamingNotes(distinct) };
}
