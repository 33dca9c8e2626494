/** Writes the rows of a comparison as a result file: DataRow messages, with the offset of every 256th row. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { fileIndexStep, int32At } from '../read/data-row.ts';

const bufferBytes = 1 << 20;

export class DiffFile {
  rows = 0;
  bytes = 0;
  readonly #fd: number;
  readonly #index: number[] = [];
  #buffer = Buffer.allocUnsafe(bufferBytes);
  #fill = 0;

  /** The file must not be there yet; it is readable by this user only. */
  constructor(path: string) {
    this.#fd = openSync(path, 'wx', 0o600);
  }

  /** @param fields text, null, or a field of another row: its bytes and where its length word lies (-1: NULL) */
  row(fields: readonly (string | null | { readonly bytes: Uint8Array; readonly at: number })[]): void {
    if (this.rows % fileIndexStep === 0) this.#index.push(this.bytes);
    const begun = this.bytes;
    this.#room(7);
    const head = this.#fill;
    const sizes = fields.map((field) =>
      field === null
        ? -1
        : typeof field === 'string'
          ? Buffer.byteLength(field)
          : field.at < 0
            ? -1
            : int32At(field.bytes, field.at),
    );
    const size = sizes.reduce((sum, each) => sum + 4 + Math.max(0, each), 6);
    this.#buffer[head] = 0x44;
    this.#buffer.writeInt32BE(size, head + 1);
    this.#buffer.writeUInt16BE(fields.length, head + 5);
    this.#fill += 7;
    for (const [at, field] of fields.entries()) {
      const length = sizes[at] as number;
      this.#room(4);
      this.#buffer.writeInt32BE(length, this.#fill);
      this.#fill += 4;
      if (length <= 0 || field === null) continue;
      if (typeof field === 'string') this.#add(Buffer.from(field));
      else this.#add(field.bytes.subarray(field.at + 4, field.at + 4 + length));
    }
    this.bytes = begun + 1 + size;
    this.rows++;
  }

  finish(): Float64Array<ArrayBuffer> {
    this.#flush();
    return Float64Array.from(this.#index);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #add(bytes: Uint8Array): void {
    if (bytes.length > bufferBytes) {
      this.#flush();
      this.#write(bytes);
      return;
    }
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#fill);
    this.#fill += bytes.length;
  }

  #room(bytes: number): void {
    if (this.#fill + bytes > bufferBytes) this.#flush();
  }

  #flush(): void {
    this.#write(this.#buffer.subarray(0, this.#fill));
    this.#fill = 0;
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done, bytes.length - done);
  }
}
