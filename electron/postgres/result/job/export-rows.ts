/** Writes the rows of a result file, in the file's order or a view's, to an export file. */
import { closeSync, readSync } from 'node:fs';
import { columnOfResult } from '../../export/encoded-column.ts';
import { ExportWriter } from '../../export/export-writer.ts';
import type { RowFile } from '../read/data-row.ts';
import { cutShort, openRows, RowReader } from '../read/row-reader.ts';
import { type Aborted, throwIfAborted } from '../read/scan-rows.ts';
import type { Exported, ExportTarget, JobProgress, JobRows } from './result-job.ts';

const pieceBytes = 1024 * 1024;

export async function exportRows(
  rows: JobRows,
  target: ExportTarget,
  onProgress: (progress: JobProgress) => void,
  aborted: Aborted,
): Promise<Exported> {
  const { options, name, path } = target;
  const file = await ExportWriter.open(path, options, 1, onProgress);
  try {
    const sqlName = options.tableName ?? 'table_name';
    file.begin({ name, sqlName, columns: rows.columns.map(columnOfResult) });
    if (rows.view) pushListed(rows, rows.view, file, aborted);
    else pushAll(rows, file, aborted);
    file.end();
    return await file.finish();
  } finally {
    await file.close();
  }
}

/** Where the last row ends: a file that grows, or whose statement was cut off, may end inside a row. */
function endOfRows(file: RowFile): number {
  const reader = new RowReader(file, 4096);
  try {
    const last = reader.locate(file.rowCount - 1);
    return last + reader.rowBytes(last);
  } finally {
    reader.close();
  }
}

function pushAll({ file }: JobRows, target: ExportWriter, aborted: Aborted): void {
  if (file.rowCount === 0) return;
  const end = endOfRows(file);
  const fd = openRows(file.path);
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (let at = 0; at < end; ) {
      throwIfAborted(aborted);
      const got = readSync(fd, piece, 0, Math.min(piece.length, end - at), at);
      if (got === 0) throw cutShort();
      target.push(piece.subarray(0, got));
      at += got;
    }
  } finally {
    closeSync(fd);
  }
}

/** Row by row, each in pieces: one may be longer than memory allows. */
function pushListed({ file }: JobRows, view: Uint32Array, target: ExportWriter, aborted: Aborted): void {
  const reader = new RowReader(file, Math.min(64 * 1024, Math.max(1024, 4 * (file.sizeBytes / file.rowCount))));
  try {
    for (const row of view) {
      throwIfAborted(aborted);
      let offset = reader.locate(row);
      const size = reader.rowBytes(offset);
      for (let left = size; left > 0; ) {
        const count = Math.min(left, pieceBytes);
        const at = reader.ensure(offset, count);
        target.push(reader.bytes.subarray(at, at + count));
        offset += count;
        left -= count;
      }
    }
  } finally {
    reader.close();
  }
}
