/** Cells as text for the clipboard. */

import { identifier, qualified, quoteNullable } from '../../../shared/sql/quote.ts';
import type { CellText, CopyFormat, GridColumn } from '../../grid/grid-source.ts';

export interface Copied {
  readonly columns: readonly GridColumn[];
  readonly rows: readonly (readonly CellText[])[];
}

/** As spreadsheets read and write it: quotes around what holds a tab, a line end or a quote. NULL is an empty cell. */
const tsvCell = (cell: CellText) =>
  cell === null ? '' : /[\t\r\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
/** NULL is nothing, the empty text is "". */
const csvCell = (cell: CellText) =>
  cell === null ? '' : cell === '' || /[,\r\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
const markdownCell = (cell: CellText) =>
  cell === null ? 'NULL' : cell.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\r?\n/g, '<br>');

const lines = (all: readonly (readonly CellText[])[], cell: (cell: CellText) => string, between: string) =>
  all.map((row) => row.map(cell).join(between)).join('\n');

/** Numbers and booleans as such where JSON can hold them exactly as they are written. */
function jsonCell(cell: CellText, { category }: GridColumn): string {
  if (cell === null) return 'null';
  if (category === 'B') return cell === 't' ? 'true' : 'false';
  if (category === 'N' && /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/.test(cell)) return cell;
  return JSON.stringify(cell);
}

export function copyText(
  { columns, rows }: Copied,
  format: CopyFormat,
  header: boolean,
  table: { readonly schema: string; readonly name: string },
): string {
  const names = columns.map(({ name }) => name);
  switch (format) {
    case 'tsv':
      return lines(header ? [names, ...rows] : rows, tsvCell, '\t');
    case 'csv':
      return `${lines(header ? [names, ...rows] : rows, csvCell, ',')}\n`;
    case 'json': {
      const one = (row: readonly CellText[]) =>
        `  {${columns.map((column, at) => `${JSON.stringify(column.name)}: ${jsonCell(row[at] ?? null, column)}`).join(', ')}}`;
      return `[\n${rows.map(one).join(',\n')}\n]\n`;
    }
    case 'markdown': {
      const line = (row: readonly CellText[]) => `| ${row.map(markdownCell).join(' | ')} |`;
      const rule = `| ${columns.map(({ category }) => (category === 'N' ? '---:' : '---')).join(' | ')} |`;
      return `${[line(names), rule, ...rows.map(line)].join('\n')}\n`;
    }
    case 'insert': {
      const head = `insert into ${qualified(table.schema, table.name)} (${names.map(identifier).join(', ')}) values`;
      return `${head}\n${rows.map((row) => `  (${row.map((cell) => quoteNullable(cell)).join(', ')})`).join(',\n')};\n`;
    }
  }
}
