/** The recordings this program knows: its own, by the files in their folder, and those opened from elsewhere. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Failure } from '../../../shared/api/base.ts';
import type { Recording } from '../../../shared/api/recordings.ts';
import { failureOf, invalid } from '../../../shared/failure.ts';
import type { OpenRecordings } from '../../recorder/open/open-recordings.ts';

export const fileEnding = '.howdah';
const idOf = (file: string): string => basename(file, fileEnding);

/** What is known without looking into the file. */
interface Live {
  readonly trouble: Failure | null;
  readonly lastMs: number | null;
  readonly serverVersion: string;
  readonly running: boolean;
  readonly connectionId: string;
  readonly name: string;
}

export class RecordingList {
  readonly #folder: string;
  readonly #open: OpenRecordings;
  /** Opened from elsewhere: id, file. */
  readonly #opened = new Map<string, string>();

  constructor(folder: string, open: OpenRecordings) {
    this.#folder = folder;
    this.#open = open;
  }

  /** Where the recording of a connection's server lies. */
  fileOf(connectionId: string): string {
    return join(this.#folder, `${connectionId.replaceAll(/[^\w-]/g, '_')}${fileEnding}`);
  }

  /** Where a stretch that comes back from a second home goes: one of ours, at rest. */
  newFile(name: string): { id: string; file: string } {
    const id = `${name.replaceAll(/[^\w-]+/g, '_')}-${randomBytes(4).toString('hex')}`;
    return { id, file: join(this.#folder, `${id}${fileEnding}`) };
  }

  async makeFolder(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
  }

  async all(liveOf: (id: string) => Live | undefined): Promise<Recording[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const own = names.filter((name) => name.endsWith(fileEnding)).map((name) => join(this.#folder, name));
    const files = [...own.map((file) => [idOf(file), file] as const), ...this.#opened];
    return Promise.all(files.map(([id, file]) => this.describe(id, file, liveOf(id))));
  }

  async describe(id: string, file: string, live: Live | undefined): Promise<Recording> {
    if (!this.#opened.has(id)) this.#open.set(id, { file, live: live?.running === true });
    const sizeBytes = await sizeOf(file);
    const state = this.#opened.has(id) ? 'opened' : live?.running ? 'recording' : 'stopped';
    const known = { id, state, sizeBytes, trouble: live?.trouble ?? null } as const;
    try {
      const found = await this.#open.ask(id, 'info', {});
      return {
        ...known,
        name: found.name,
        connectionId: this.#opened.has(id) ? null : (live?.connectionId ?? found.connectionId),
        serverVersion: found.serverVersion || (live?.serverVersion ?? ''),
        systemIdentifier: found.systemIdentifier,
        fromMs: found.fromMs,
        toMs: live?.lastMs ?? found.toMs,
      };
    } catch (thrown) {
      // Listed with what is wrong with it, rather than missing from the list.
      const trouble = known.trouble ?? failureOf(thrown);
      const { name = basename(file), connectionId = null, serverVersion = '' } = live ?? {};
      return { ...known, trouble, name, connectionId, serverVersion, systemIdentifier: null, fromMs: null, toMs: null };
    }
  }

  /** The file behind an id, ours or opened. Throws invalid where there is none. */
  async fileOfId(id: string): Promise<string> {
    const opened = this.#opened.get(id);
    if (opened) return opened;
    const file = join(this.#folder, `${id}${fileEnding}`);
    if (!/^[\w-]+$/.test(id) || !existsSync(file)) throw invalid('id', 'There is no such recording (any more).');
    return file;
  }
  isOpened(id: string): boolean {
    return this.#opened.has(id);
  }

  /** Reads a file from elsewhere. Throws why it cannot be read. */
  async open(file: string): Promise<Recording> {
    const known = [...this.#opened].find(([, path]) => path === file)?.[0];
    const id = known ?? `opened-${randomBytes(6).toString('hex')}`;
    await this.#open.askFile(file, 'info', {});
    this.#open.set(id, { file, live: false });
    this.#opened.set(id, file);
    return this.describe(id, file, undefined);
  }

  /** Lets go of it; one of ours is deleted where that is wished. */
  async close(id: string, alsoDelete: boolean): Promise<void> {
    const file = await this.fileOfId(id);
    const opened = this.#opened.delete(id);
    await this.#open.forget(id);
    if (opened || !alsoDelete) return;
    for (const end of ['', '-wal', '-shm', '-journal', '-writer']) await rm(file + end, { force: true });
  }

  /** Another server answers at the same connection: what was recorded is kept beside, under a name of its own. */
  async setAside(file: string): Promise<void> {
    await this.#open.release(file);
    await rename(file, file.replace(fileEnding, `-${Date.now()}${fileEnding}`));
  }
}

/** With what SQLite keeps beside it. */
async function sizeOf(file: string): Promise<number> {
  const sizes = [file, `${file}-wal`].map((path) =>
    stat(path).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
