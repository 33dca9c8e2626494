/** Reads single entries of a ZIP archive by its directory. Nothing is ever unpacked onto the disk. */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { invalid } from '../../../../shared/failure.ts';

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

const damaged = (why: string) => invalid('file', `The workbook is damaged or cut off: ${why}.`);
const most32 = 0xffff_ffff;
/** The longest comment that may stand behind the directory. */
const longestTail = 65_557;

export class ZipReader {
  readonly #path: string;
  readonly #entries: ReadonlyMap<string, Entry>;

  /** @throws invalid where it is no archive */
  static async open(path: string): Promise<ZipReader> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      return new ZipReader(path, await entriesOf(file, size));
    } finally {
      await file.close();
    }
  }

  private constructor(path: string, entries: ReadonlyMap<string, Entry>) {
    this.#path = path;
    this.#entries = entries;
  }

  sizeOf(name: string): number | null {
    return this.#entries.get(name)?.size ?? null;
  }

  /** Of how many bytes in the archive. */
  packedOf(name: string): number {
    return this.#entries.get(name)?.packed ?? 0;
  }

  /** @param onBytes told how much of the archive was read */
  async *read(name: string, onBytes: (bytes: number) => void = () => {}): AsyncGenerator<Buffer, void, void> {
    const entry = this.#entries.get(name);
    if (!entry) throw damaged(`${name} is missing`);
    if (entry.packed === 0) return;
    const start = await this.#dataOf(entry);
    const file = createReadStream(this.#path, { start, end: start + entry.packed - 1, highWaterMark: 256 * 1024 });
    file.on('data', (piece) => onBytes(piece.length));
    if (entry.method !== 0 && entry.method !== 8) throw damaged(`${name} is packed in an unknown way`);
    const stream = entry.method === 0 ? file : file.pipe(createInflateRaw());
    file.on('error', (error) => stream.destroy(error));
    try {
      for await (const piece of stream) yield piece as Buffer;
    } catch (thrown) {
      throw damaged((thrown as Error).message);
    } finally {
      file.destroy();
    }
  }

  /** Whole, where it is no larger. */
  async text(name: string, mostBytes: number): Promise<string> {
    if ((this.sizeOf(name) ?? 0) > mostBytes) throw invalid('file', `${name} of the workbook is too large to be read.`);
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of this.read(name)) {
      bytes += piece.length;
      // The directory may say what it likes.
      if (bytes > mostBytes) throw invalid('file', `${name} of the workbook is too large to be read.`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  }

  async #dataOf({ at }: Entry): Promise<number> {
    const file = await open(this.#path);
    try {
      const head = await bytesAt(file, at, 30);
      if (head.readUInt32LE(0) !== 0x0403_4b50) throw damaged('an entry is not where it should be');
      return at + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
    } finally {
      await file.close();
    }
  }
}

async function bytesAt(file: FileHandle, at: number, count: number): Promise<Buffer> {
  const bytes = Buffer.alloc(count);
  const { bytesRead } = await file.read(bytes, 0, count, at);
  if (bytesRead < count) throw damaged('it ends too early');
  return bytes;
}

async function entriesOf(file: FileHandle, size: number): Promise<Map<string, Entry>> {
  const tailAt = Math.max(0, size - longestTail);
  const tail = await bytesAt(file, tailAt, size - tailAt);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw damaged('it has no directory');
  let [count, length, at] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (at === most32 || count === 0xffff || length === most32) {
    const pointer = await bytesAt(file, tailAt + end - 20, 20);
    const wide = await bytesAt(file, Number(pointer.readBigUInt64LE(8)), 56);
    [count, length, at] = [
      Number(wide.readBigUInt64LE(32)),
      Number(wide.readBigUInt64LE(40)),
      Number(wide.readBigUInt64LE(48)),
    ];
  }
  if (at + length > size) throw damaged('its directory is cut off');
  const directory = await bytesAt(file, at, length);
  const entries = new Map<string, Entry>();
  for (let number = 0, from = 0; number < count; number++) {
    if (from + 46 > length || directory.readUInt32LE(from) !== 0x0201_4b50) throw damaged('its directory is broken');
    const [nameLength, extraLength] = [directory.readUInt16LE(from + 28), directory.readUInt16LE(from + 30)];
    const name = directory.toString('utf8', from + 46, from + 46 + nameLength);
    const extra = directory.subarray(from + 46 + nameLength, from + 46 + nameLength + extraLength);
    entries.set(name.replace(/^\//, ''), entryOf(directory, from, extra));
    from += 46 + nameLength + extraLength + directory.readUInt16LE(from + 32);
  }
  return entries;
}

/** What does not fit 32 bits stands in the Zip64 field, in this order. */
function entryOf(directory: Buffer, from: number, extra: Buffer): Entry {
  const wide: number[] = [];
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const stop = at + 4 + extra.readUInt16LE(at + 2);
    for (let next = at + 4; next + 8 <= stop; next += 8) wide.push(Number(extra.readBigUInt64LE(next)));
  }
  const read = (place: number): number => {
    const value = directory.readUInt32LE(place);
    return value === most32 ? (wide.shift() ?? value) : value;
  };
  const size = read(from + 24);
  const packed = read(from + 20);
  return { method: directory.readUInt16LE(from + 10), size, packed, at: read(from + 42) };
}
