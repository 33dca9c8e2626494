/** Reads an archive: its manifest when opened, rows when asked for. Every byte used is checked first. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, zstdDecompress } from 'node:zlib';
import { invalid } from '../../../../shared/failure.ts';
import { fileFailure } from './file-failure.ts';
import {
  blockBytes,
  blockHeadBytes,
  headerBytes,
  magic,
  readBlockHead,
  readTrailer,
  type Trailer,
  trailerBytes,
} from './layout.ts';
import {
  type ArchiveItem,
  formatVersion,
  type ItemData,
  type Manifest,
  manifest as manifestSchema,
} from './manifest.ts';

const expand = promisify(zstdDecompress);
/** A manifest of a million items stays below. */
const maxManifestBytes = 1 << 30;
/** Blocks read and unpacked ahead of their use. */
const ahead = 3;

const damaged = (what: string) => invalid('file', `The archive is damaged: ${what}.`);

export class ArchiveReader {
  readonly path: string;
  readonly manifest: Manifest;
  readonly sizeBytes: number;
  readonly #file: FileHandle;
  /** Blocks lie before it. */
  readonly #blocksEnd: number;

  /** @throws invalid where it is no archive, a damaged one, or one of a newer program */
  static async open(path: string): Promise<ArchiveReader> {
    let file: FileHandle;
    try {
      file = await open(path, 'r');
    } catch (thrown) {
      throw fileFailure(thrown, path);
    }
    try {
      const { size } = await file.stat();
      const trailer = await readEnds(file, size, path);
      return new ArchiveReader(path, file, size, trailer.manifestAt, await readManifest(file, trailer));
    } catch (thrown) {
      await file.close();
      throw fileFailure(thrown, path);
    }
  }

  private constructor(path: string, file: FileHandle, sizeBytes: number, blocksEnd: number, manifest: Manifest) {
    this.path = path;
    this.#file = file;
    this.sizeBytes = sizeBytes;
    this.#blocksEnd = blocksEnd;
    this.manifest = manifest;
  }

  /** The COPY text of an item, in pieces. Throws invalid at the first byte that is not what was written. */
  async *rows(item: ArchiveItem & { readonly data: ItemData }): AsyncGenerator<Buffer> {
    const { blocks, crc, rawBytes } = item.data;
    const reading: Promise<Buffer>[] = [];
    let sum = 0;
    let bytes = 0;
    for (let at = 0; at < blocks.length || reading.length > 0; ) {
      while (reading.length < ahead && at < blocks.length) {
        const read = this.#block(item, blocks[at++] as number);
        read.catch(() => {});
        reading.push(read);
      }
      const raw = await (reading.shift() as Promise<Buffer>);
      sum = crc32(raw, sum);
      bytes += raw.length;
      yield raw;
    }
    if (bytes !== rawBytes || sum !== crc)
      throw damaged(`the rows of ${nameOf(item)} are not those that the manifest speaks of`);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #block(item: ArchiveItem, at: number): Promise<Buffer> {
    const where = `the rows of ${nameOf(item)}, at byte ${at}`;
    const head = readBlockHead(await this.#read(at, blockHeadBytes, where));
    if (head.item !== item.id || head.rawBytes > blockBytes || head.storedBytes > head.rawBytes) throw damaged(where);
    const stored = await this.#read(at + blockHeadBytes, head.storedBytes, where);
    if (crc32(stored) !== head.crc) throw damaged(where);
    if (head.storedBytes === head.rawBytes) return stored;
    const raw = await expand(stored, { chunkSize: head.rawBytes + 64, maxOutputLength: blockBytes }).catch(() => {
      throw damaged(where);
    });
    if (raw.length !== head.rawBytes) throw damaged(where);
    return raw;
  }

  async #read(at: number, length: number, where: string): Promise<Buffer> {
    if (at < headerBytes || at + length > this.#blocksEnd) throw damaged(where);
    return readAt(this.#file, at, length, where);
  }
}

export const nameOf = ({ schema, name }: Pick<ArchiveItem, 'schema' | 'name'>): string =>
  schema === null ? name : `${schema}.${name}`;

async function readAt(file: FileHandle, at: number, length: number, what: string): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) throw damaged(`${what}: the file ends too early`);
    done += bytesRead;
  }
  return bytes;
}

async function readEnds(file: FileHandle, size: number, path: string): Promise<Trailer> {
  const head = size < headerBytes ? Buffer.alloc(headerBytes) : await readAt(file, 0, headerBytes, 'its beginning');
  if (!head.subarray(0, magic.length).equals(magic))
    throw invalid('file', `${path} is not a backup of this program. ${await whatItIs(file, size)}`.trim());
  const version = head.readUInt32BE(8);
  if (version > formatVersion)
    throw invalid('file', `${path} was written by a newer Howdah (format ${version}). Restore it with that one.`);
  const trailer =
    size < headerBytes + trailerBytes
      ? null
      : readTrailer(await readAt(file, size - trailerBytes, trailerBytes, 'its end'));
  if (!trailer || trailer.manifestAt + trailer.storedBytes + trailerBytes !== size)
    throw damaged('it has no end; it was cut off, or something was written over it');
  return trailer;
}

/** Of the files that people take for one. Nothing of them is ever run. */
async function whatItIs(file: FileHandle, size: number): Promise<string> {
  const start = await readAt(file, 0, Math.min(size, 1 << 20), 'its beginning');
  if (start.subarray(0, 5).toString('latin1') === 'PGDMP')
    return 'It is an archive of pg_dump: pg_restore of that version or a newer one restores it.';
  const text = start.toString('utf8');
  if (start.includes(0) || !/^(--|SET |CREATE |COPY |\\|BEGIN)/m.test(text)) return '';
  const commands = [...new Set([...text.matchAll(/^\\(?!\.$)(\S+)/gm)].map(([, name]) => `\\${name}`))];
  if (commands.length === 0) return 'It is SQL text: read it before you run it in a query tab.';
  return `It is SQL text with commands of psql in it (${commands.slice(0, 5).join(', ')}), which could run programs on this machine. They are not run here.`;
}

async function readManifest(file: FileHandle, trailer: Trailer): Promise<Manifest> {
  if (trailer.rawBytes > maxManifestBytes) throw damaged('its manifest');
  const stored = await readAt(file, trailer.manifestAt, trailer.storedBytes, 'its manifest');
  if (!createHash('sha256').update(stored).digest().equals(trailer.sha256)) throw damaged('its manifest');
  const raw = await expand(stored, { maxOutputLength: trailer.rawBytes });
  const read = manifestSchema.safeParse(JSON.parse(raw.toString('utf8')));
  if (!read.success) throw damaged('its manifest has another form');
  return read.data;
}
