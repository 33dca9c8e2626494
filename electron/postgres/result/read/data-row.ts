/**
 * A row in a result file is the server's DataRow message as it came: 'D', Int32 length (counting itself, not the 'D'),
 * Int16 number of columns, then per column Int32 length (-1 for NULL) and the bytes. All numbers big-endian.
 */

/** Bytes before a row's first column. */
export const rowHeadBytes = 7;
/** Rows between two entries of a result file's own index. */
export const fileIndexStep = 256;

/** The signed Int32 at `at`. */
export const int32At = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number);

/** Whole size of the row that begins at `at`, its 'D' included. */
export const rowBytesAt = (bytes: Uint8Array, at: number): number => 1 + int32At(bytes, at + 1);

export const columnCountAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at + 5] as number) << 8) | (bytes[at + 6] as number);

/** Where the length word of a column lies, in a row that is wholly in `bytes`; -1 where the row has no such column. */
export function fieldAt(bytes: Uint8Array, row: number, column: number): number {
  if (column >= columnCountAt(bytes, row)) return -1;
  let at = row + rowHeadBytes;
  for (let passed = 0; passed < column; passed++) {
    const length = int32At(bytes, at);
    at += length > 0 ? 4 + length : 4;
  }
  return at;
}

/** Where the rows of a result lie, as a plain object that may cross to a worker thread. */
export interface RowFile {
  readonly path: string;
  readonly rowCount: number;
  readonly sizeBytes: number;
  /** Byte offset of every `step`th row: 0, step, 2 x step … */
  readonly offsets: Float64Array;
  readonly step: number;
}

/** A number of columns longer than this cannot come from PostgreSQL (the protocol's Int16). */
export const maxColumns = 32_767;
