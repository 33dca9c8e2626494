/** What was chosen in the export dialog: kept while the program runs, as the next export is often like the last. */
import { create } from 'zustand';
import type { TextEncoding } from '../../../../shared/api/text-encodings.ts';
import type { ExportChoices, ExportFormat } from '../../../../shared/api/transfer.ts';
import { isContainer } from '../../../../shared/transfer/export-file.ts';

export interface Choices {
  readonly format: ExportFormat;
  readonly header: boolean;
  /** By format: '' is what is usual there. */
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly nullText: string;
  readonly forceQuote: 'none' | 'all' | 'columns';
  /** Their names, one a line. */
  readonly quotedColumns: string;
  readonly lineEnd: 'lf' | 'crlf';
  readonly spreadsheetSafe: boolean;
  readonly encoding: TextEncoding;
  readonly sqlStyle: 'rows' | 'insert' | 'copy';
  readonly tableName: string;
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** Megabytes as typed; '' is not at all. */
  readonly splitMegabytes: string;
}

export const useChoices = create<Choices>(() => ({
  format: 'csv',
  header: true,
  delimiter: '',
  quote: '"',
  escape: '"',
  nullText: '',
  forceQuote: 'none',
  quotedColumns: '',
  lineEnd: 'lf',
  spreadsheetSafe: false,
  encoding: 'utf-8',
  sqlStyle: 'rows',
  tableName: '',
  compression: 'none',
  splitMegabytes: '',
}));
export const choose = (change: Partial<Choices>): void => useChoices.setState(change);

/** What is wrong with the size of the files, or null. */
export function splitProblem({ format, splitMegabytes }: Choices): string | null {
  if (isContainer(format) || splitMegabytes.trim() === '') return null;
  const size = Number(splitMegabytes);
  return Number.isFinite(size) && size >= 0.01 && size <= 1_000_000 ? null : 'Write a size in MB, 0.01 at least.';
}

/** As the backend takes them: what does not belong to the format is left out. */
export function exportChoices(chosen: Choices): ExportChoices {
  const { format, header, encoding, spreadsheetSafe, compression } = chosen;
  const packed = isContainer(format)
    ? {}
    : {
        compression,
        splitBytes:
          chosen.splitMegabytes.trim() === '' ? null : Math.round(Number(chosen.splitMegabytes) * 1024 * 1024),
      };
  const separated = {
    header,
    encoding,
    spreadsheetSafe,
    delimiter: chosen.delimiter === '' ? null : chosen.delimiter,
    nullText: chosen.nullText === '' ? null : chosen.nullText,
  };
  if (format === 'csv') {
    const { quote, escape: escaping, forceQuote, lineEnd } = chosen;
    const columns = chosen.quotedColumns.split('\n').filter((name) => name !== '');
    const forced = forceQuote === 'columns' ? columns : forceQuote === 'all';
    return { format, ...packed, ...separated, quote, escape: escaping, forceQuote: forced, lineEnd };
  }
  if (format === 'tsv') return { format, ...packed, ...separated };
  if (format === 'xlsx') return { format, header };
  if (format !== 'sql') return { format, ...packed };
  const { sqlStyle, tableName } = chosen;
  return { format, ...packed, sqlStyle, ...(tableName.trim() === '' ? {} : { tableName: tableName.trim() }) };
}

/** Text without packing can go to the clipboard. */
export const fitsClipboard = ({ format, compression, splitMegabytes, encoding }: Choices): boolean =>
  !isContainer(format) && compression === 'none' && splitMegabytes.trim() === '' && encoding === 'utf-8';
