/** Cells as text for the clipboard. */

import type { DataColumn } from '../../../../shared/api/data.ts';
import type { CopyFormat } from '../../../../shared/rows/row-words.ts';
import { identifier, qualified, quoteNullable } from '../../../../shared/sql/quote.ts';
import type { CellText, GridColumn } from '../../../grid/grid-source.ts';

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

/** Where the cells are from, so that they can be inserted again. */
export interface CopiedFrom {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Pick<DataColumn, 'name' | 'generated' | 'identity'>[];
}

/** The rows as one statement that can be run: without what the server computes, with OVERRIDING where it is asked for. */
function insertText({ columns, rows }: Copied, table: CopiedFrom): string {
  const known = new Map(table.columns.map((column) => [column.name, column]));
  const written = columns
    .map(({ name }, at) => ({ name, at }))
    .filter(({ name }) => known.get(name)?.generated === 'no');
  const name = qualified(table.schema, table.name);
  if (written.length === 0) return rows.map(() => `insert into ${name} default values;\n`).join('');
  const overriding = written.some((column) => known.get(column.name)?.identity === 'always');
  const list = written.map((column) => identifier(column.name)).join(', ');
  const head = `insert into ${name} (${list})${overriding ? ' overriding system value' : ''} values`;
  const line = (row: readonly CellText[]) => written.map(({ at }) => quoteNullable(row[at] ?? null)).join(', ');
  return `${head}\n${rows.map((row) => `  (${line(row)})`).join(',\n')};\n`;
}

export function copyText(copied: Copied, format: CopyFormat, header: boolean, table: CopiedFrom): string {
  const { columns, rows } = copied;
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
    case 'insert':
      return insertText(copied, table);
  }
}
