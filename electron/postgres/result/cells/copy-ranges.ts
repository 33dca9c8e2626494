/** The selected cells as text for the clipboard. */

import type { CellRange } from '../../../../shared/api/results.ts';
import type { Column } from '../../../../shared/api/sessions.ts';
import { invalid } from '../../../../shared/failure.ts';
import type { CopyFormat } from '../../../../shared/rows/row-words.ts';
import { ByteWriter } from '../encode/byte-writer.ts';
import { clipboardTsv } from '../encode/clipboard-tsv.ts';
import { distinctNames, renamingNotes } from '../encode/column-names.ts';
import { csvFormat } from '../encode/csv-format.ts';
import { jsonFormat } from '../encode/json-format.ts';
import { markdownFormat } from '../encode/markup-formats.ts';
import type { RowFormat } from '../encode/row-format.ts';
import { sqlFormat } from '../encode/sql-format.ts';
import { fieldAt, int32At, type RowFile } from '../read/data-row.ts';
import { type Aborted, type RowVisitor, scanRows, visitListed } from '../read/scan-rows.ts';

export interface CopyRequest {
  readonly ranges: readonly CellRange[];
  readonly format: CopyFormat;
  readonly header: boolean;
  readonly tableName: string;
  readonly overriding: boolean;
}

export interface Copied {
  readonly text: string;
  readonly rows: number;
  readonly notes: readonly string[];
}

/** More does not go to a clipboard. */
const mostBytes = 50 * 1024 * 1024;

/** Ranges with the same columns are one table, their rows in order and each once. */
interface Block {
  readonly columns: readonly number[];
  readonly rows: { from: number; to: number }[];
}

/**
 * @param view row numbers in order, or null for the file's own order; the ranges count positions in it.
 * Fails `invalid` over 50 MB. Ranges with different columns come one after the other, with an empty line between.
 */
export function copyRanges(
  file: RowFile,
  columns: readonly Column[],
  view: Uint32Array | null,
  request: CopyRequest,
  aborted: Aborted,
): Copied {
  const blocks = blocksOf(request.ranges, view ? view.length : file.rowCount, columns.length);
  const pieces: Buffer[] = [];
  let size = 0;
  const out = new ByteWriter((bytes) => {
    size += bytes.length;
    if (size > mostBytes) throw invalid('ranges', 'This is more than 50 MB. Export it to a file instead.');
    pieces.push(Buffer.from(bytes));
  });
  const notes = new Set<string>();
  let rows = 0;
  for (const [number, block] of blocks.entries()) {
    const chosen = block.columns.map((column) => columns[column] as Column);
    const { format, said } = formatOf(request, chosen, isOneCell(blocks));
    for (const note of said) notes.add(note);
    const json = request.format === 'json';
    if (number > 0 && !json) out.text(request.format === 'tsv' ? '\n\n' : '\n');
    if (number === 0 || !json) format.begin(out);
    const before = json ? rows : 0;
    const count = writeBlock(file, view, block, { format, out, first: before }, aborted);
    rows += count;
    if (!json) format.end(out, count);
    else if (number === blocks.length - 1) format.end(out, rows);
  }
  out.flush();
  return { text: Buffer.concat(pieces).toString('utf8'), rows, notes: [...notes] };
}

const isOneCell = (blocks: readonly Block[]): boolean =>
  blocks.length === 1 &&
  blocks[0]?.columns.length === 1 &&
  blocks[0].rows.length === 1 &&
  blocks[0].rows[0]?.from === blocks[0].rows[0]?.to;

function blocksOf(ranges: readonly CellRange[], rowCount: number, columnCount: number): Block[] {
  const blocks = new Map<string, Block>();
  for (const { fromRow, toRow, columns } of ranges) {
    const real = columns.filter((column) => column < columnCount);
    const to = Math.min(toRow, rowCount - 1);
    if (real.length === 0 || to < fromRow) continue;
    const key = real.join(',');
    const block = blocks.get(key) ?? { columns: real, rows: [] };
    block.rows.push({ from: fromRow, to });
    blocks.set(key, block);
  }
  return [...blocks.values()].map(({ columns, rows }) => ({ columns, rows: joined(rows) }));
}

/** Overlapping and touching stretches as one. */
function joined(rows: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const all: { from: number; to: number }[] = [];
  for (const { from, to } of [...rows].sort((left, right) => left.from - right.from)) {
    const last = all.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}

function formatOf(
  request: CopyRequest,
  columns: readonly Column[],
  oneCell: boolean,
): { format: RowFormat; said: readonly string[] } {
  const names = columns.map((column) => column.name);
  const oids = columns.map((column) => column.typeOid);
  const header = request.header ? names : null;
  switch (request.format) {
    case 'tsv':
      return { format: clipboardTsv(header, oneCell && !request.header), said: [] };
    case 'csv':
      return { format: csvFormat(columns.length, header), said: [] };
    case 'markdown':
      return { format: markdownFormat(names, oids), said: [] };
    case 'json': {
      const distinct = distinctNames(names);
      return { format: jsonFormat(distinct.names, oids, false), said: renamingNotes(distinct) };
    }
    case 'insert': {
      const distinct = distinctNames(names);
      const target = { table: request.tableName, overriding: request.overriding };
      return { format: sqlFormat(target, distinct.names, oids), said: renamingNotes(distinct) };
    }
  }
}

interface Target {
  readonly format: RowFormat;
  readonly out: ByteWriter;
  /** Number of the block's first row. */
  readonly first: number;
}

function writeBlock(
  file: RowFile,
  view: Uint32Array | null,
  block: Block,
  { format, out, first }: Target,
  aborted: Aborted,
): number {
  let count = 0;
  const visit: RowVisitor = (bytes, at) => {
    format.rowStart(out, first + count);
    block.columns.forEach((column, position) => {
      const field = fieldAt(bytes, at, column);
      const length = field < 0 ? -1 : int32At(bytes, field);
      if (length < 0) format.nothing(out, position);
      else format.value(out, position, bytes, field + 4, field + 4 + length);
    });
    format.rowEnd(out);
    count++;
    return true;
  };
  for (const { from, to } of block.rows) {
    if (view) visitListed(file, view.subarray(from, to + 1), aborted, visit);
    else scanRows(file, from, to + 1, aborted, visit);
  }
  return count;
}
