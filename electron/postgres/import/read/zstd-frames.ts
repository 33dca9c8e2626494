/**
 * Where the frames of a zstd file end (RFC 8878, 3.1). Node's decompressor stops without a word behind one that does not
 * just fill its buffer, and a file may have many: of several threads, of files put together, of exports. What is cut off
 * is known by it, too.
 *
 *   frame     28 b5 2f fd, descriptor, [window], [dictionary], [content size], blocks, [checksum of 4 bytes]
 *   block     3 bytes: last (1 bit), kind (2 bits), size (21 bits); then its content
 *   skippable 5? 2a 4d 18, size of 4 bytes, that many bytes
 */
import type { Readable } from 'node:stream';
import { invalid } from '../../../../shared/failure.ts';

const magic = 0xfd2f_b528;
const skippable = 0x184d_2a50;
const runBlock = 1;
const reservedBlock = 3;
const dictionaryBytes = [0, 1, 2, 4];
const contentSizeBytes = [0, 2, 4, 8];

export const isZstd = (firstBytes: number): boolean =>
  firstBytes === magic || (firstBytes & 0xffff_fff0) >>> 0 === skippable;

const notZstd = (why: string) => invalid('file', `The zstd file is damaged or cut off: ${why}.`);

type Part = 'magic' | 'skippedSize' | 'descriptor' | 'header' | 'block' | 'checksum' | 'end';

export class ZstdFrames {
  #part: Part = 'magic';
  /** Bytes of the part that have come, of so many. */
  #head: number[] = [];
  #wanted = 4;
  #skip = 0;
  #hasChecksum = false;

  /** Where the frame ends that is under way, or begins, at `from`; null where it goes on behind these bytes. */
  endIn(bytes: Uint8Array, from: number): number | null {
    for (let at = from; at < bytes.length || this.#skip === 0; ) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, bytes.length - at);
        this.#skip -= step;
        at += step;
        if (this.#skip > 0) return null;
      }
      if (this.#part === 'end') {
        this.#await('magic', 4);
        return at;
      }
      while (this.#head.length < this.#wanted) {
        if (at === bytes.length) return null;
        this.#head.push(bytes[at++] as number);
      }
      this.#taken(Buffer.from(this.#head));
    }
    return null;
  }

  #await(part: Part, wanted: number): void {
    this.#part = part;
    this.#wanted = wanted;
    this.#head = [];
  }

  /** A part has come whole. */
  #taken(head: Buffer): void {
    switch (this.#part) {
      case 'magic': {
        const first = head.readUInt32LE();
        if (!isZstd(first)) throw notZstd('what stands there is no frame');
        if (first === magic) this.#await('descriptor', 1);
        else this.#await('skippedSize', 4);
        break;
      }
      case 'skippedSize':
        this.#await('end', 0);
        this.#skip = head.readUInt32LE();
        break;
      case 'descriptor':
        this.#await('header', this.#headerBytes(head.readUInt8()));
        break;
      case 'header':
        this.#await('block', 3);
        break;
      case 'block':
        this.#block(head.readUIntLE(0, 3));
        break;
      default:
        this.#await('end', 0);
    }
  }

  #headerBytes(descriptor: number): number {
    const single = (descriptor & 0x20) !== 0;
    const sizeFlag = descriptor >> 6;
    this.#hasChecksum = (descriptor & 0x04) !== 0;
    const contentSize = sizeFlag === 0 && single ? 1 : (contentSizeBytes[sizeFlag] ?? 0);
    return (single ? 0 : 1) + (dictionaryBytes[descriptor & 3] ?? 0) + contentSize;
  }

  #block(head: number): void {
    const kind = (head >> 1) & 3;
    if (kind === reservedBlock) throw notZstd('a block is of no kind');
    if ((head & 1) === 0) this.#await('block', 3);
    else if (this.#hasChecksum) this.#await('checksum', 4);
    else this.#await('end', 0);
    this.#skip = kind === runBlock ? 1 : head >> 3;
  }
}

/** The file's frames, one after the other, each as its bytes; one is to be read to its end before the next. @throws invalid */
export async function* zstdFrames(file: Readable): AsyncGenerator<AsyncIterable<Buffer>, void, void> {
  const pieces: AsyncIterator<Buffer> = file[Symbol.asyncIterator]();
  const frames = new ZstdFrames();
  let rest: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await pieces.next();
    if (!next.done) rest = next.value;
    return !next.done;
  };
  async function* frame(): AsyncGenerator<Buffer, void, void> {
    for (;;) {
      const end = frames.endIn(rest, 0);
      const piece = rest.subarray(0, end ?? rest.length);
      rest = rest.subarray(piece.length);
      yield piece;
      if (end !== null) return;
      if (!(await more())) throw notZstd('it ends within a frame');
    }
  }
  while (rest.length > 0 || (await more())) yield frame();
}
