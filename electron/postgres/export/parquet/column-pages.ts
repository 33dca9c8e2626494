/**
 * One column of a row group: values go as PLAIN bytes into a page, which is packed when it has become large, so that no
 * object is made of any value (Parquet format 2, "Data Pages" and "Encodings"). Texts that repeat are left to the packing.
 */
import { constants, zstdCompressSync } from 'node:zlib';
import type { ColumnChunk, SchemaElement } from 'hyparquet';
import type { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { Extremes } from './extremes.ts';

/** Readers unpack a page as a whole. */
const pageBytes = 1024 * 1024;
const codec = 'ZSTD';
/** Level 1: on a fast server packing must not be what is waited for. */
const packing = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

interface Page {
  readonly values: number;
  readonly nulls: number;
  readonly levels: Buffer;
  readonly packed: Buffer;
  readonly plainBytes: number;
}

export class ColumnPages {
  readonly #element: SchemaElement;
  readonly #extremes: Extremes;
  #pages: Page[] = [];
  #buffer = Buffer.allocUnsafe(4096);
  #used = 0;
  /** One bit a value, lowest first: is it there? */
  #present = Buffer.alloc(512);
  #values = 0;
  #nulls = 0;

  constructor(element: SchemaElement) {
    this.#element = element;
    this.#extremes = new Extremes(element);
  }

  nothing(): void {
    this.#nulls++;
    this.#next(false);
  }

  /** A value of a fixed width: gives where its bytes are to be written in `bytes`. */
  room(width: number): number {
    if (this.#used + width > this.#buffer.length) this.#grow(width);
    const at = this.#used;
    this.#used += width;
    return at;
  }

  /** Of the page that is being filled; another one after the next `room`. */
  get bytes(): Buffer {
    return this.#buffer;
  }

  /** After the bytes of a value. */
  done(): void {
    this.#next(true);
  }

  /** A value of any length, behind its length. */
  text(bytes: Uint8Array, start: number, end: number): void {
    const at = this.room(4 + end - start);
    this.#buffer.writeUInt32LE(end - start, at);
    this.#buffer.set(bytes.subarray(start, end), at + 4);
    this.done();
  }

  /** Writes the column's chunk of the group and begins the next. @param rows of the group */
  write(file: ByteWriter, rows: number): ColumnChunk {
    this.#close();
    const begin = file.offset;
    let plain = 0;
    let nulls = 0;
    for (const page of this.#pages) {
      const before = file.offset;
      const levels = page.levels.length;
      writePageHeader(file, {
        type: 'DATA_PAGE_V2',
        uncompressed_page_size: levels + page.plainBytes,
        compressed_page_size: levels + page.packed.length,
        data_page_header_v2: {
          num_values: page.values,
          num_nulls: page.nulls,
          num_rows: page.values,
          encoding: 'PLAIN',
          definition_levels_byte_length: levels,
          repetition_levels_byte_length: 0,
          is_compressed: true,
        },
      });
      plain += file.offset - before + levels + page.plainBytes;
      nulls += page.nulls;
      file.appendBytes(page.levels);
      file.appendBytes(page.packed);
    }
    this.#pages = [];
    return {
      file_offset: BigInt(begin),
      meta_data: {
        type: this.#element.type ?? 'BYTE_ARRAY',
        encodings: ['PLAIN', 'RLE'],
        path_in_schema: [this.#element.name],
        codec,
        num_values: BigInt(rows),
        total_uncompressed_size: BigInt(plain),
        total_compressed_size: BigInt(file.offset - begin),
        data_page_offset: BigInt(begin),
        statistics: { null_count: BigInt(nulls), ...this.#extremes.take() },
      },
    };
  }

  #next(there: boolean): void {
    const at = this.#values++;
    const byte = at >> 3;
    if (byte >= this.#present.length) this.#present = Buffer.concat([this.#present], this.#present.length * 2);
    const bit = 1 << (at & 7);
    if (there) this.#present[byte] = (this.#present[byte] as number) | bit;
    else this.#present[byte] = (this.#present[byte] as number) & ~bit;
    if (this.#used >= pageBytes) this.#close();
  }

  #close(): void {
    if (this.#values === 0) return;
    const plain = this.#plainBytes();
    this.#extremes.add(plain);
    this.#pages.push({
      values: this.#values,
      nulls: this.#nulls,
      levels: this.#levels(),
      packed: zstdCompressSync(plain, packing),
      plainBytes: plain.length,
    });
    this.#used = 0;
    this.#values = 0;
    this.#nulls = 0;
  }

  /** Booleans are kept a byte each, and written a bit each. */
  #plainBytes(): Buffer {
    const plain = this.#buffer.subarray(0, this.#used);
    if (this.#element.type !== 'BOOLEAN') return plain;
    const bits = Buffer.alloc((plain.length + 7) >> 3);
    for (let at = 0; at < plain.length; at++)
      bits[at >> 3] = (bits[at >> 3] as number) | ((plain[at] as number) << (at & 7));
    return bits;
  }

  /** The hybrid of runs and packed bits, of a width of one bit: one run where nothing is missing, else packed bits. */
  #levels(): Buffer {
    if (this.#nulls === 0) return Buffer.concat([varint(this.#values << 1), Buffer.from([1])]);
    const bytes = (this.#values + 7) >> 3;
    const bits = Buffer.from(this.#present.subarray(0, bytes));
    if (this.#values & 7) bits[bytes - 1] = (bits[bytes - 1] as number) & ((1 << (this.#values & 7)) - 1);
    return Buffer.concat([varint((bytes << 1) | 1), bits]);
  }

  #grow(width: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#used + width));
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }
}

/** ULEB128. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) {
      bytes.push(rest);
      return Buffer.from(bytes);
    }
    bytes.push((rest & 0x7f) | 0x80);
  }
}
