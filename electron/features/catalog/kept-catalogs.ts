/**
 * Catalogs on this machine's disk, one compressed file for each database of a connection: a line is an event of the
 * contract. A file that cannot be read is as good as none.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type CatalogEvent, type CatalogHead, catalogEvent } from '../../../shared/api/catalog.ts';

/** Raised whenever the lines change their fields: older files are then not believed. */
const format = 'c2';

export interface CatalogKey {
  readonly connectionId: string;
  readonly database: string | null;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);
const prefixOf = (connectionId: string): string => `${format}-${hash(connectionId)}-`;
const zip = promisify(gzip);
const unzip = promisify(gunzip);

export class KeptCatalogs {
  readonly #folder: string;
  constructor(folder: string) {
    this.#folder = folder;
  }

  #file({ connectionId, database }: CatalogKey): string {
    return join(this.#folder, `${prefixOf(connectionId)}${hash(JSON.stringify(database))}.gz`);
  }

  /** The events of the last whole reading, one at a time; none where there is no good file. */
  async *read(key: CatalogKey): AsyncGenerator<CatalogEvent> {
    const bytes = await this.#bytes(key);
    for (let from = 0; from < bytes.length; ) {
      const found = bytes.indexOf(10, from);
      const to = found < 0 ? bytes.length : found;
      yield catalogEvent.parse(JSON.parse(bytes.toString('utf8', from, to)));
      from = to + 1;
    }
  }

  async head(key: CatalogKey): Promise<CatalogHead | null> {
    for await (const event of this.read(key)) return event.kind === 'begin' ? event : null;
    return null;
  }

  /** Replaces the file as a whole. */
  async write(key: CatalogKey, lines: readonly string[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = this.#file(key);
    const draft = `${file}.${process.pid}.new`;
    await writeFile(draft, await zip(Buffer.from(lines.join('\n')), { level: 3 }), { mode: 0o600 });
    await rename(draft, file);
  }

  /** For a connection that was deleted: its databases' names are nobody's business any more. */
  async forget(connectionId: string): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    const gone = names.filter((name) => name.startsWith(prefixOf(connectionId)));
    await Promise.all(gone.map((name) => rm(join(this.#folder, name), { force: true })));
  }

  async #bytes(key: CatalogKey): Promise<Buffer> {
    try {
      return await unzip(await readFile(this.#file(key)));
    } catch {
      return Buffer.alloc(0);
    }
  }
}
