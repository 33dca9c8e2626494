/** What was rejected, with its reasons: a CSV file that can be mended and imported again. */
import { closeSync, fdatasyncSync, ftruncateSync, openSync } from 'node:fs';
import type { RejectedRow } from '../../../shared/api/import-plan.ts';
import { FailureError } from '../../../shared/failure.ts';
import { writeAll } from '../export/output/output-file.ts';
import { csvFormat } from '../result/encode/csv-format.ts';
import { writtenRows } from './write-rows.ts';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Runs it. @throws invalid in words: it is neither the file that is read nor the table that cannot be had. */
function clearly<T>(action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    const { code = '', message } = thrown as NodeJS.ErrnoException;
    const why = full.has(code)
      ? `The disk with Howdah's own data is full. Make room there, then import again. (${code})`
      : message;
    const words = `The rejected rows cannot be kept: ${why}`;
    throw new FailureError({ kind: 'invalid', field: 'rejects', message: words }, { cause: thrown });
  }
}

/** So many are shown. */
const shownRejects = 200;

export class RejectFile {
  readonly shown: RejectedRow[] = [];
  readonly path: string;
  readonly #columns: readonly string[];
  #fd: number | null = null;
  /** Of the file so far; what is behind it belongs to a batch that was rolled back. */
  bytes = 0;

  /** @param bytes where an import that goes on had got to */
  constructor(path: string, columns: readonly string[], bytes: number) {
    this.path = path;
    this.#columns = columns;
    if (bytes === 0) return;
    this.#fd = clearly(() => openSync(path, 'r+'));
    clearly(() => ftruncateSync(this.#fd as number, bytes));
    this.bytes = bytes;
  }

  /** @param fields as they were read, or the text of what could not be */
  add(row: RejectedRow, fields: readonly (string | null)[]): void {
    if (this.shown.length < shownRejects) this.shown.push(row);
    if (this.#fd === null) {
      this.#fd = clearly(() => openSync(this.path, 'w', 0o600));
      this.#write([['record', 'line', 'reason', ...this.#columns]]);
    }
    this.#write([[String(row.record), String(row.line), row.reason, ...fields]]);
  }

  sync(): void {
    if (this.#fd !== null) clearly(() => fdatasyncSync(this.#fd as number));
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #write(rows: readonly (readonly (string | null)[])[]): void {
    const bytes = writtenRows(csvFormat(rows[0]?.length ?? 0, null), rows);
    const fd = this.#fd as number;
    clearly(() => writeAll(fd, bytes, this.bytes));
    this.bytes += bytes.length;
  }
}
