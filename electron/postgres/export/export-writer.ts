/**
 * The file of an export: one or several tables (or results), each with its own columns, in whatever format and packing
 * was asked for. Rows come as the server's bytes and are written before `push` returns.
 */
import type { ExportOptions } from '../../../shared/api/transfer.ts';
import { invalid } from '../../../shared/failure.ts';
import { exportEnding, exportFileName, isArchive } from '../../../shared/transfer/export-file.ts';
import { type Encoder, encoderOf, rowFormatOf, type TextFormat } from '../result/encode/export-encoder.ts';
import type { Exported, JobProgress } from '../result/job/result-job.ts';
import { Utf8Check } from '../result/read/utf8.ts';
import type { EncodedColumn } from './encoded-column.ts';
import type { ByteSink } from './output/byte-sink.ts';
import { gzipSink, zstdSink } from './output/compress.ts';
import { DiskHold } from './output/disk-hold.ts';
import { OutputFile } from './output/output-file.ts';
import { encodingSink } from './output/text-encoding.ts';
import { ZipWriter } from './output/zip-writer.ts';
import { splitFormat } from './split-format.ts';
import { type SheetLosses, sheetFormat } from './xlsx/sheet-format.ts';
import { mostSheetRows, Workbook } from './xlsx/workbook.ts';

const progressEveryMs = 100;

type ParquetRows = typeof import('./parquet/parquet-rows.ts');

/** One table or result of the file. */
export interface Section {
  /** For the archive's entry, the sheet, the page's title: shop.orders */
  readonly name: string;
  /** For SQL: as one writes it there. */
  readonly sqlName: string;
  /** For SQL: an identity column is GENERATED ALWAYS. */
  readonly overriding?: boolean;
  readonly columns: readonly EncodedColumn[];
}

export class ExportWriter {
  readonly #options: ExportOptions;
  readonly #file: OutputFile;
  readonly #hold: DiskHold;
  readonly #zip: ZipWriter | null;
  readonly #workbook: Workbook | null;
  readonly #parquet: ParquetRows | null;
  readonly #utf8 = new Utf8Check();
  readonly #losses: SheetLosses = { longNumbers: 0, cutTexts: 0, notUtf8: 0 };
  readonly #notes = new Set<string>();
  readonly #onProgress: (progress: JobProgress) => void;
  #nextProgress = performance.now() + progressEveryMs;
  #encoder: Encoder | null = null;
  /** Of one text, for all its sections. */
  #plain: ByteSink | null = null;
  #entry: ByteSink | null = null;
  #section = '';
  #rowsBefore = 0;

  /** @param tables how many there will be @throws invalid where the file cannot be made */
  static async open(
    path: string,
    options: ExportOptions,
    tables: number,
    onProgress: (progress: JobProgress) => void,
  ): Promise<ExportWriter> {
    checkMarks(options);
    // Loaded when asked for: no other format needs the library.
    const parquet = options.format === 'parquet' ? await import('./parquet/parquet-rows.ts') : null;
    return new ExportWriter(path, options, tables, onProgress, parquet);
  }

  private constructor(
    path: string,
    options: ExportOptions,
    tables: number,
    onProgress: (progress: JobProgress) => void,
    parquet: ParquetRows | null,
  ) {
    this.#parquet = parquet;
    this.#options = options;
    this.#onProgress = onProgress;
    this.#file = new OutputFile(path);
    this.#hold = new DiskHold(`${path}.held`);
    const book = options.format === 'xlsx';
    this.#zip = book || isArchive(options, tables) ? new ZipWriter(this.#file) : null;
    this.#workbook = book && this.#zip ? new Workbook(this.#zip) : null;
  }

  get bytes(): number {
    return this.#file.bytes;
  }

  /** The next table begins. */
  begin(section: Section): void {
    this.#section = section.name;
    const { format } = this.#options;
    if (this.#parquet) {
      if (section.columns.length === 0) throw invalid('format', 'Parquet cannot hold rows without columns.');
      this.#encoder = this.#parquet.parquetRows(section.columns, this.#sinkFor(section.name));
    } else if (this.#workbook) this.#encoder = this.#sheets(this.#workbook, section);
    else this.#encoder = this.#text(format as TextFormat, section);
    for (const note of this.#encoder.notes) this.#notes.add(note);
  }

  /** The next bytes of its rows, cut anywhere. */
  push(chunk: Uint8Array): void {
    this.#encoder?.push(chunk);
    if (performance.now() < this.#nextProgress) return;
    this.#nextProgress = performance.now() + progressEveryMs;
    this.#onProgress({ rows: this.rows, bytes: this.#file.bytes, table: this.#section });
  }

  get rows(): number {
    return this.#rowsBefore + (this.#encoder?.rows ?? 0);
  }

  /** The table has no more rows. */
  end(): void {
    this.#encoder?.finish();
    this.#rowsBefore = this.rows;
    this.#encoder = null;
    this.#entry?.end();
    this.#entry = null;
  }

  /** Ends the file and waits until the disk has it. */
  async finish(): Promise<Exported> {
    this.#plain?.end();
    this.#workbook?.end();
    this.#zip?.end();
    await this.#file.finish();
    this.#hold.close();
    return { rows: this.#rowsBefore, bytes: this.#file.bytes, notes: [...this.#notes, ...this.#lossNotes()] };
  }

  /** The file itself is removed by whoever gave it its name. */
  async close(): Promise<void> {
    this.#hold.close();
    await this.#file.close();
  }

  #text(format: TextFormat, section: Section): Encoder {
    const { name, sqlName, columns, overriding = false } = section;
    const { tableName, splitBytes, ...style } = this.#options;
    const { rowFormat, notes } = rowFormatOf(format, columns, {
      ...style,
      hold: this.#hold,
      name: format === 'sql' ? sqlName : name,
      overriding,
    });
    this.#entry = null;
    let sink = this.#sinkFor(name, splitBytes === null ? '' : ' 1');
    let part = 1;
    const parts = splitFormat(rowFormat, { bytes: splitBytes ?? Number.POSITIVE_INFINITY, rows: 2 ** 52 }, () => {
      this.#entry?.end();
      sink = this.#sinkFor(name, ` ${++part}`);
    });
    return encoderOf(splitBytes === null ? rowFormat : parts, (bytes) => sink.write(bytes), notes);
  }

  #sheets(book: Workbook, { name, columns }: Section): Encoder {
    this.#entry = book.sheet(name);
    const { header } = this.#options;
    const rows = mostSheetRows - (header ? 1 : 0);
    const sheet = sheetFormat(columns, header, this.#losses);
    const format = splitFormat(sheet, { bytes: Number.POSITIVE_INFINITY, rows }, () => {
      this.#entry?.end();
      this.#entry = book.sheet(name);
      this.#notes.add('A sheet of Excel holds 1,048,576 rows: the rest is on further sheets.');
    });
    return encoderOf(format, (bytes) => this.#entry?.write(bytes), []);
  }

  /** Where the section's bytes go: an entry of the archive, or on in the one file. */
  #sinkFor(name: string, part = ''): ByteSink {
    const { format, encoding } = this.#options;
    const encoded = format === 'csv' || format === 'tsv' ? encoding : 'utf-8';
    if (this.#zip) {
      const file = exportFileName(`${name}${part}`, { ...this.#options, compression: 'none', splitBytes: null }, 1);
      const entry = this.#zip.entry(file, { stored: exportEnding(format) === 'parquet' });
      this.#entry = this.#checked(encodingSink(encoded, entry));
      return this.#entry;
    }
    this.#plain ??= this.#checked(encodingSink(encoded, compressed(this.#options, this.#file)));
    return this.#plain;
  }

  /** Looks whether what was written is UTF-8. */
  #checked(next: ByteSink): ByteSink {
    if (this.#options.format === 'parquet') return next;
    return {
      write: (bytes) => {
        this.#utf8.add(bytes);
        next.write(bytes);
      },
      end: () => next.end(),
    };
  }

  #lossNotes(): string[] {
    const { longNumbers, cutTexts, notUtf8 } = this.#losses;
    const notes: string[] = [];
    if (longNumbers > 0)
      notes.push(`${longNumbers} numbers have more digits than a cell holds (15) and are written as texts.`);
    if (cutTexts > 0)
      notes.push(
        `${cutTexts} texts are longer than a cell holds (32,767 characters) and were cut. Other formats keep them.`,
      );
    if (notUtf8 > 0) notes.push(`${notUtf8} texts are not valid UTF-8; what is not is written as \ufffd.`);
    if (!this.#utf8.valid)
      notes.push('Some values are not valid UTF-8. Their bytes are written as the server sent them.');
    return notes;
  }
}

function compressed({ format, compression }: ExportOptions, file: OutputFile): ByteSink {
  if (format === 'parquet' || compression === 'none') return file;
  return compression === 'gzip' ? gzipSink(file) : zstdSink(file);
}

/** As COPY refuses it. */
function checkMarks({ format, delimiter, quote, nullText }: ExportOptions): void {
  if (format !== 'csv' && format !== 'tsv') return;
  const between = delimiter ?? (format === 'csv' ? ',' : '\t');
  if (format === 'csv' && between === quote)
    throw invalid('delimiter', 'The delimiter and the quote have to be different characters.');
  if (format === 'tsv' && /[a-z0-9.\\]/.test(between))
    throw invalid('delimiter', `"${between}" cannot separate values in this format.`);
  if (nullText?.includes(between) || (format === 'csv' && nullText?.includes(quote)))
    throw invalid('nullText', 'What stands for NULL must not contain the delimiter or the quote.');
}
