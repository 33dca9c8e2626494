/** All result files of this process, as the host sees them: growing while rows stream, kept until they are closed. */

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Column } from '../../../shared/api/sessions.ts';
import { invalid } from '../../../shared/failure.ts';
import type { ResultFile } from '../source.ts';
import type { Happening } from './worker-messages.ts';

/** Tells the files of this process from those of another that had its number before. */
const processTag = randomBytes(6).toString('hex');
/** `<pid>-<tag>-<result id>`. */
const fileName = /^(\d+)-([0-9a-f]{12})-[\w-]+$/;

class GrowingResultFile implements ResultFile {
  readonly id: string;
  readonly path: string;
  readonly columns: readonly Column[];
  rowCount = 0;
  sizeBytes = 0;
  complete = false;
  #index = new Float64Array(64);
  #entries = 0;
  readonly #listeners = new Set<() => void>();

  constructor(id: string, path: string, columns: readonly Column[]) {
    this.id = id;
    this.path = path;
    this.columns = columns;
  }

  get index(): Float64Array {
    return this.#index.subarray(0, this.#entries);
  }

  onGrow(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  grow(rows: number, bytes: number, entries: Float64Array): void {
    const needed = this.#entries + entries.length;
    if (needed > this.#index.length) {
      const larger = new Float64Array(Math.max(needed, this.#index.length * 2));
      larger.set(this.#index);
      this.#index = larger;
    }
    this.#index.set(entries, this.#entries);
    this.#entries = needed;
    this.rowCount = rows;
    this.sizeBytes = bytes;
    this.#told();
  }

  end(): void {
    if (this.complete) return;
    this.complete = true;
    this.#told();
  }

  #told(): void {
    for (const listener of this.#listeners) listener();
  }
}

export class ResultRegistry {
  readonly #files = new Map<string, GrowingResultFile>();
  /** Every file's path starts with it. */
  readonly filePrefix: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.filePrefix = path.join(folder, `${process.pid}-${processTag}`);
  }

  /** Makes the folder and removes what processes that are no more have left in it. */
  async prepare(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#folder)) {
      const [, pid, tag] = fileName.exec(name) ?? [];
      if (!pid || tag === processTag) continue;
      if (Number(pid) === process.pid || !isAlive(Number(pid)))
        await rm(path.join(this.#folder, name), { force: true });
    }
  }

  /** Throws invalid for a result that is not there (any more). */
  resultFile(id: string): ResultFile {
    const file = this.#files.get(id);
    if (!file) throw invalid('resultId', 'This result is not there any more. Run the statement again.');
    return file;
  }

  /** A name and a place for a result that is not a statement's. */
  newFile(): { readonly id: string; readonly path: string } {
    const id = randomBytes(16).toString('base64url');
    return { id, path: `${this.filePrefix}-${id}` };
  }

  /** Takes in a file that was written whole. */
  adopt(
    file: { readonly id: string; readonly path: string },
    columns: readonly Column[],
    written: { readonly rows: number; readonly bytes: number; readonly index: Float64Array },
  ): void {
    const result = new GrowingResultFile(file.id, file.path, columns);
    result.grow(written.rows, written.bytes, written.index);
    result.end();
    this.#files.set(file.id, result);
  }

  /** A second name of a complete result, to be closed by itself. Takes no room where the file system has links. */
  async second(id: string): Promise<string> {
    const { path: from, columns, rowCount: rows, sizeBytes: bytes, index } = this.resultFile(id);
    const file = this.newFile();
    await link(from, file.path).catch(() => copyFile(from, file.path, constants.COPYFILE_FICLONE));
    this.adopt(file, columns, { rows, bytes, index: index.slice() });
    return file.id;
  }

  has(id: string): boolean {
    return this.#files.has(id);
  }

  /** Forgets the result and removes its file. A reader that has the file open can read on. */
  async closeResult(id: string): Promise<void> {
    const file = this.#files.get(id);
    this.#files.delete(id);
    if (!file) return;
    file.end();
    await rm(file.path, { force: true });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.keys()].map((id) => this.closeResult(id)));
  }

  happened(happening: Happening): void {
    switch (happening.kind) {
      case 'fileOpened':
        this.#files.set(happening.id, new GrowingResultFile(happening.id, happening.path, happening.columns));
        break;
      case 'fileGrew':
        this.#files.get(happening.id)?.grow(happening.rows, happening.bytes, happening.index);
        break;
      case 'fileEnded':
        this.#files.get(happening.id)?.end();
        break;
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it lives, and is another user's.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
