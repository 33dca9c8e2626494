/** Random access to the rows of a result file: small synchronous reads around one reused buffer. */
import { closeSync, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { FailureError } from '../../../../shared/failure.ts';
import { columnCountAt, int32At, type RowFile, rowBytesAt, rowHeadBytes } from './data-row.ts';
import { KnownRows } from './known-rows.ts';

const readAsync = promisify(read);
const longRowBytes = 16 * 1024;

/** Opens the file, gives the reader away, and closes it again whatever happens. */
export async function withReader<T>(file: RowFile, use: (reader: RowReader) => Promise<T>): Promise<T> {
  const reader = new RowReader(file);
  try {
    return await use(reader);
  } finally {
    reader.close();
  }
}

export class RowReader {
  readonly file: RowFile;
  readonly fd: number;
  /** The bytes now held; `ensure` says where in them an offset lies. */
  bytes: Buffer = Buffer.alloc(0);
  /** Least size of a read; small where rows are long and only their heads are wanted. */
  readAhead: number;
  /** For rows so long that each costs a read of its own. */
  known: KnownRows | null = null;
  #from = 0;
  #length = 0;

  /** Throws `invalid` where the file is gone (its result was closed). */
  constructor(file: RowFile, readAhead = 64 * 1024) {
    this.file = file;
    this.readAhead = readAhead;
    this.fd = openRows(file.path);
  }

  /** Where the `length` bytes from `offset` of the file begin in `bytes`, reading them if they are not there. */
  ensure(offset: number, length: number): number {
    if (offset >= this.#from && offset + length <= this.#from + this.#length) return offset - this.#from;
    this.#room(Math.min(Math.max(length, this.readAhead), this.file.sizeBytes - offset));
    this.#from = offset;
    this.#length = 0;
    const wanted = Math.min(Math.max(length, this.readAhead), this.file.sizeBytes - offset);
    while (this.#length < wanted) {
      const got = readSync(this.fd, this.bytes, this.#length, wanted - this.#length, offset + this.#length);
      if (got === 0) break;
      this.#length += got;
    }
    if (this.#length < length) throw cutShort();
    return 0;
  }

  /** Fetches a stretch without blocking, so that what follows finds it in memory. */
  async preload(offset: number, length: number): Promise<void> {
    const wanted = Math.min(length, this.file.sizeBytes - offset);
    this.#room(wanted);
    this.#length = 0;
    let got = 0;
    while (got < wanted) {
      const { bytesRead } = await readAsync(this.fd, this.bytes, got, wanted - got, offset + got);
      if (bytesRead === 0) throw cutShort();
      got += bytesRead;
    }
    this.#from = offset;
    this.#length = got;
  }

  /** Byte offset of a row, by the nearest index entry before it and the lengths of the rows between. */
  locate(row: number): number {
    const { offsets, step } = this.file;
    const entry = Math.floor(row / step);
    const known = this.known?.before(row);
    let offset = known?.offset ?? (offsets[entry] as number);
    for (let passed = known?.row ?? entry * step; passed < row; passed++) {
      this.known?.learn(passed, offset);
      offset += this.rowBytes(offset);
    }
    return offset;
  }

  /** The Int32 at a byte offset of the file. */
  int32(offset: number): number {
    // First `ensure`, then `bytes`: it may be another buffer after that.
    const at = this.ensure(offset, 4);
    return int32At(this.bytes, at);
  }

  /** Size of the row at a byte offset, its 'D' included. */
  rowBytes(offset: number): number {
    return 1 + this.int32(offset + 1);
  }

  /** How many columns the row at a byte offset has. */
  columnCount(offset: number): number {
    const at = this.ensure(offset, rowHeadBytes);
    return columnCountAt(this.bytes, at);
  }

  /** The whole row in `bytes`: where it begins there. */
  wholeRow(offset: number): number {
    const at = this.ensure(offset, 5);
    return this.ensure(offset, rowBytesAt(this.bytes, at));
  }

  /** Little is read at once, and what is found on the way remembered: only the heads of long rows are looked at. */
  expectRowsOf(averageBytes: number): void {
    const long = averageBytes > longRowBytes;
    this.readAhead = long ? 4096 : longRowBytes;
    this.known = long ? new KnownRows(this.file.path, this.file.step) : null;
  }

  close(): void {
    closeSync(this.fd);
  }

  #room(bytes: number): void {
    if (this.bytes.length < bytes) this.bytes = Buffer.allocUnsafe(bytes);
  }
}

/** A descriptor for reading; a file that is gone belongs to a closed result. */
export function openRows(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    throw new FailureError(
      { kind: 'invalid', field: 'resultId', message: 'This result has been closed and its rows are gone.' },
      { cause: thrown },
    );
  }
}

export const cutShort = (): FailureError =>
  new FailureError({ kind: 'internal', message: 'The result file is shorter than its row count says.' });
