/** Visiting many rows as fast as the disk gives them. Synchronous: for worker threads only. */
import { closeSync, readSync } from 'node:fs';
import { FailureError } from '../../../../shared/failure.ts';
import { type RowFile, rowBytesAt } from './data-row.ts';
import { cutShort, openRows, RowReader } from './row-reader.ts';

/** Gets each row: its bytes begin at `at` and are wholly there until the next call. Answer `false` to stop. */
export type RowVisitor = (bytes: Buffer, at: number, row: number) => boolean | undefined;
/** Asked now and then by long work; true means: stop, nobody waits any more. */
export type Aborted = () => boolean;

const chunkBytes = 1024 * 1024;

export function throwIfAborted(aborted: Aborted): void {
  if (aborted()) throw new FailureError({ kind: 'cancelled', message: 'Cancelled.' });
}

/** Visits rows `from` … `end - 1` in the file's order. */
export function scanRows(file: RowFile, from: number, end: number, aborted: Aborted, visit: RowVisitor): void {
  if (end <= from) return;
  const reader = new RowReader(file, 4096);
  let start: number;
  try {
    start = reader.locate(from);
  } finally {
    reader.close();
  }
  let row = from;
  let stopped = false;
  scanPieces(file, start, file.sizeBytes, aborted, (bytes, length) => {
    let at = 0;
    while (length - at >= 5 && row < end) {
      const size = rowBytesAt(bytes, at);
      if (at + size > length) break;
      stopped = visit(bytes, at, row) === false;
      if (stopped) return null;
      at += size;
      row++;
    }
    return row < end ? at : null;
  });
  // Rows that the file should have had and did not are an error, never a shorter answer.
  if (row < end && !stopped) throw cutShort();
}

/**
 * Reads the file in chunks that begin with a row. `take` says how many of the `length` bytes it used (the rest comes
 * again, with more behind it), or null to stop. The chunk grows until at least one row fits.
 */
function scanPieces(
  file: RowFile,
  from: number,
  end: number,
  aborted: Aborted,
  take: (bytes: Buffer, length: number) => number | null,
): void {
  const fd = openRows(file.path);
  try {
    let bytes: Buffer = Buffer.allocUnsafe(chunkBytes);
    let held = 0;
    let offset = from;
    while (offset < end || held > 0) {
      throwIfAborted(aborted);
      const got = offset < end ? readSync(fd, bytes, held, Math.min(bytes.length - held, end - offset), offset) : 0;
      if (got === 0) throw cutShort();
      offset += got;
      held += got;
      const used = take(bytes, held);
      if (used === null) return;
      bytes.copyWithin(0, used, held);
      held -= used;
      bytes = withRoom(bytes, held);
    }
  } finally {
    closeSync(fd);
  }
}

/** A row longer than the chunk needs a chunk of its size; it is made in one step, since the row says how long it is. */
function withRoom(bytes: Buffer, held: number): Buffer {
  const needed = held >= 5 ? rowBytesAt(bytes, 0) : chunkBytes;
  if (needed <= bytes.length) return bytes;
  const larger = Buffer.allocUnsafe(needed);
  bytes.copy(larger, 0, 0, held);
  return larger;
}

/** Visits the rows listed, in the list's order. `row` is the file's row number. Ascending lists are read in long strides. */
export function visitListed(file: RowFile, rows: Uint32Array, aborted: Aborted, visit: RowVisitor): void {
  const dense = rows.length > file.rowCount / 16;
  const reader = new RowReader(file, dense && isAscending(rows) ? 256 * 1024 : 8 * 1024);
  try {
    for (let position = 0; position < rows.length; position++) {
      if ((position & 1023) === 0) throwIfAborted(aborted);
      const row = rows[position] as number;
      const at = reader.wholeRow(reader.locate(row));
      if (visit(reader.bytes, at, row) === false) return;
    }
  } finally {
    reader.close();
  }
}

function isAscending(rows: Uint32Array): boolean {
  for (let position = 1; position < rows.length; position++)
    if ((rows[position] as number) < (rows[position - 1] as number)) return false;
  return true;
}
