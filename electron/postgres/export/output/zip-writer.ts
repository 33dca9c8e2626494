/**
 * A ZIP archive, entry after entry (APPNOTE.TXT 6.3). Sizes and sums are not known when an entry begins, so its header
 * is written over at its end: no data descriptors, which some readers stumble over. A header keeps 20 bytes free in an
 * extra field that readers pass over; it becomes the Zip64 one where an entry passes 4 GB.
 */
import { crc32 } from 'node:zlib';
import type { ByteSink } from './byte-sink.ts';
import { deflatedPiece, deflateEnd, Pieces } from './compress.ts';
import type { OutputFile } from './output-file.ts';

const most32 = 0xffff_ffff;
/** 1 January 1980: equal rows give equal files. */
const dosDate = 0x21;
/** Of nobody: readers skip what they do not know. */
const paddingId = 0xd935;
const zip64Id = 0x0001;
const utf8Names = 0x0800;

interface Entry {
  readonly name: Buffer;
  readonly at: number;
  readonly method: 0 | 8;
  check: number;
  size: number;
  packed: number;
}

export class ZipWriter {
  readonly #file: OutputFile;
  readonly #entries: Entry[] = [];
  #names = new Set<string>();

  constructor(file: OutputFile) {
    this.#file = file;
  }

  /** The next entry; the one before has to have ended. @param stored without compression, for what has its own */
  entry(name: string, { stored = false, level = 6 } = {}): ByteSink {
    const entry: Entry = {
      name: Buffer.from(this.#unique(name)),
      at: this.#file.bytes,
      method: stored ? 0 : 8,
      check: 0,
      size: 0,
      packed: 0,
    };
    this.#file.write(localHeader(entry));
    const dataAt = this.#file.bytes;
    const take = (piece: Uint8Array): void => {
      entry.check = crc32(piece, entry.check);
      entry.size += piece.length;
      this.#file.write(stored ? piece : deflatedPiece(piece, level));
    };
    return new Pieces(take, () => {
      if (!stored) this.#file.write(deflateEnd);
      entry.packed = this.#file.bytes - dataAt;
      this.#file.patch(entry.at, localHeader(entry));
      this.#entries.push(entry);
    });
  }

  /** Writes the directory. */
  end(): void {
    const at = this.#file.bytes;
    for (const entry of this.#entries) this.#file.write(directoryHeader(entry));
    const size = this.#file.bytes - at;
    const count = this.#entries.length;
    if (count > 0xfffe || at > most32 - 1 || size > most32 - 1) this.#file.write(zip64End(count, size, at));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x0605_4b50, 0);
    end.writeUInt16LE(Math.min(count, 0xffff), 8);
    end.writeUInt16LE(Math.min(count, 0xffff), 10);
    end.writeUInt32LE(Math.min(size, most32), 12);
    end.writeUInt32LE(Math.min(at, most32), 16);
    this.#file.write(end);
  }

  /** Two tables may come to the same name where file names know no case. */
  #unique(name: string): string {
    const dot = name.lastIndexOf('.');
    let unique = name;
    for (let number = 2; this.#names.has(unique.toLowerCase()); number++)
      unique = dot > 0 ? `${name.slice(0, dot)} (${number})${name.slice(dot)}` : `${name} (${number})`;
    this.#names.add(unique.toLowerCase());
    return unique;
  }
}

const isLarge = ({ size, packed }: Entry): boolean => size >= most32 || packed >= most32;

function localHeader(entry: Entry): Buffer {
  const { name, method, check, size, packed } = entry;
  const large = isLarge(entry);
  const header = Buffer.alloc(30 + name.length + 20);
  header.writeUInt32LE(0x0403_4b50, 0);
  header.writeUInt16LE(large ? 45 : 20, 4);
  header.writeUInt16LE(utf8Names, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt16LE(dosDate, 12);
  header.writeUInt32LE(check, 14);
  header.writeUInt32LE(large ? most32 : packed, 18);
  header.writeUInt32LE(large ? most32 : size, 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(20, 28);
  header.set(name, 30);
  const extra = 30 + name.length;
  header.writeUInt16LE(large ? zip64Id : paddingId, extra);
  header.writeUInt16LE(16, extra + 2);
  if (large) {
    header.writeBigUInt64LE(BigInt(size), extra + 4);
    header.writeBigUInt64LE(BigInt(packed), extra + 12);
  }
  return header;
}

function directoryHeader(entry: Entry): Buffer {
  const { name, method, check, size, packed, at } = entry;
  const far = at >= most32;
  const large = isLarge(entry);
  const wide = [...(large ? [size, packed] : []), ...(far ? [at] : [])];
  const extra = wide.length > 0 ? 4 + 8 * wide.length : 0;
  const header = Buffer.alloc(46 + name.length + extra);
  header.writeUInt32LE(0x0201_4b50, 0);
  header.writeUInt16LE(45, 4);
  header.writeUInt16LE(large || far ? 45 : 20, 6);
  header.writeUInt16LE(utf8Names, 8);
  header.writeUInt16LE(method, 10);
  header.writeUInt16LE(dosDate, 14);
  header.writeUInt32LE(check, 16);
  header.writeUInt32LE(large ? most32 : packed, 20);
  header.writeUInt32LE(large ? most32 : size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra, 30);
  header.writeUInt32LE(far ? most32 : at, 42);
  header.set(name, 46);
  if (extra > 0) {
    header.writeUInt16LE(zip64Id, 46 + name.length);
    header.writeUInt16LE(extra - 4, 48 + name.length);
    wide.forEach((value, place) => {
      header.writeBigUInt64LE(BigInt(value), 50 + name.length + 8 * place);
    });
  }
  return header;
}

/** The Zip64 end of the directory, and where it is. */
function zip64End(count: number, size: number, at: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x0606_4b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(45, 12);
  end.writeUInt16LE(45, 14);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(size), 40);
  end.writeBigUInt64LE(BigInt(at), 48);
  end.writeUInt32LE(0x0706_4b50, 56);
  end.writeBigUInt64LE(BigInt(at + size), 64);
  end.writeUInt32LE(1, 72);
  return end;
}
