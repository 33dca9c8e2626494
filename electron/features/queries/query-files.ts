/**
 * The saved queries as files of a folder: `<folder>/<name>.sql`. The library and the files are held together by the
 * digest of each file as it was last seen: a file that has changed outside since is taken in before anything of ours is
 * written, and nothing is ever written over that has not been seen.
 */
import { type FSWatcher, watch } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../platform.ts';
import { digestOf, type KeptQuery, type QueryStore } from '../../store/queries.ts';
import { isName } from './query-names.ts';

const mostFiles = 5_000;
const longestFile = 2_000_000;
const mostDepth = 12;
const restMs = 150;

interface Found {
  readonly folder: string;
  readonly name: string;
  readonly path: string;
}

export class QueryFiles {
  readonly root: string;
  /** Why files were not taken in. */
  notes: readonly string[] = [];
  readonly #store: QueryStore;
  readonly #changed: () => void;
  readonly #log: Log;
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<unknown> = Promise.resolve();

  /** @param changed told when files have changed the library */
  constructor(root: string, store: QueryStore, changed: () => void, log: Log) {
    this.root = root;
    this.#store = store;
    this.#changed = changed;
    this.#log = log;
  }

  /** Takes in what lies in the folder, writes what is not there yet, and looks on from then on. */
  async open(): Promise<void> {
    await mkdir(this.root, { recursive: true });
    await this.sync();
    await this.exclusively(async () => {
      for (const query of this.#store.all()) if (query.fileDigest === null) await this.write(query);
    });
    try {
      this.#watcher = watch(this.root, { recursive: true }, () => this.#soon());
      this.#watcher.on('error', () => this.#stopWatching());
    } catch (thrown) {
      // Some file systems tell nothing: each save and each look still reads the files.
      this.#log.warn('the folder of saved queries is not watched', { why: String(thrown) });
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stopWatching();
  }

  #stopWatching(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.sync().catch(() => {}), restMs);
  }

  /** One after the other: what is being written is not taken for a change from outside. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#work.then(work);
    this.#work = mine.catch(() => {});
    return await mine;
  }

  /** Brings what has changed outside into the library. */
  async sync(): Promise<void> {
    await this.exclusively(async () => {
      if (await this.#takeIn()) this.#changed();
    });
  }

  async #takeIn(): Promise<boolean> {
    const notes: string[] = [];
    const found = await this.#find('', 0, notes);
    const there = new Set<string>();
    let changed = false;
    for (const file of found) {
      there.add(`${file.folder}/${file.name}`);
      changed = (await this.#takeFile(file, notes)) || changed;
    }
    for (const query of this.#store.all()) {
      if (query.fileDigest === null || there.has(`${query.folder}/${query.name}`)) continue;
      this.#store.remove(query.id);
      changed = true;
    }
    changed = changed || notes.join() !== this.notes.join();
    this.notes = notes;
    return changed;
  }

  async #takeFile({ folder, name, path: file }: Found, notes: string[]): Promise<boolean> {
    const bytes = await readFile(file).catch(() => null);
    if (bytes === null) return false;
    const fileDigest = digestOf(bytes);
    const known = this.#store.at(folder, name);
    if (known?.fileDigest === fileDigest) return false;
    const text = bytes.toString('utf8');
    if (!Buffer.from(text).equals(bytes)) {
      notes.push(`${folder ? `${folder}/` : ''}${name}.sql is not UTF-8 and was left out.`);
      return false;
    }
    if (!known) this.#store.add({ folder, name, text, connectionId: null, fileDigest });
    else if (known.fileDigest === null && known.digest !== fileDigest) {
      // Never together before, and two texts: ours goes beside it.
      this.#store.change(known.id, { name: this.freeName(folder, name) });
      this.#store.add({ folder, name, text, connectionId: known.connectionId, fileDigest });
    } else this.#store.change(known.id, { text, fileDigest });
    return true;
  }

  /** Links are not followed, and what begins with a dot (.git) is not looked at. */
  async #find(folder: string, depth: number, notes: string[]): Promise<Found[]> {
    const entries = await readdir(path.join(this.root, folder), { withFileTypes: true }).catch(() => []);
    const found: Found[] = [];
    for (const entry of entries) {
      const name = entry.name.replace(/\.sql$/i, '');
      if (entry.name.startsWith('.') || !isName(name)) continue;
      if (entry.isDirectory() && depth < mostDepth) {
        found.push(...(await this.#find(folder ? `${folder}/${entry.name}` : entry.name, depth + 1, notes)));
      } else if (entry.isFile() && /\.sql$/.test(entry.name)) {
        const file = path.join(this.root, folder, entry.name);
        const { size } = await lstat(file).catch(() => ({ size: 0 }));
        if (size > longestFile) notes.push(`${entry.name} is over 2 MB and was left out.`);
        else found.push({ folder, name, path: file });
      }
    }
    if (found.length <= mostFiles) return found;
    notes.push(`There are more than ${mostFiles.toLocaleString('en')} files; the rest was left out.`);
    return found.slice(0, mostFiles);
  }

  /** "name", "name (2)": one that no query of the folder has. */
  freeName(folder: string, name: string): string {
    let free = name;
    for (let number = 2; this.#store.at(folder, free); number++) free = `${name} (${number})`;
    return free;
  }

  /** Writes the query's text to its file, whole or not at all. Only within `exclusively`, after a look at the files. */
  async write(query: KeptQuery): Promise<KeptQuery> {
    const file = this.#pathOf(query);
    await mkdir(path.dirname(file), { recursive: true });
    const temporary = `${file.slice(0, -4)}.${process.pid}.tmp`;
    await writeFile(temporary, query.text, { mode: 0o644 });
    await rename(temporary, file);
    return this.#store.change(query.id, { fileDigest: query.digest });
  }

  /** The file of a query that has moved or is gone; folders that are empty now go, too. */
  async removeFile(query: Pick<KeptQuery, 'folder' | 'name'>): Promise<void> {
    const file = this.#pathOf(query);
    await rm(file, { force: true });
    for (let folder = path.dirname(file); folder !== this.root && folder.startsWith(this.root); ) {
      const empty = await rmdir(folder).then(
        () => true,
        () => false,
      );
      if (!empty) break;
      folder = path.dirname(folder);
    }
  }

  /** Takes in changes from outside; then does `work`, which may write. */
  async afterLook<T>(work: () => Promise<T>): Promise<T> {
    return await this.exclusively(async () => {
      if (await this.#takeIn()) this.#changed();
      return await work();
    });
  }

  #pathOf({ folder, name }: Pick<KeptQuery, 'folder' | 'name'>): string {
    return path.join(this.root, ...folder.split('/').filter(Boolean), `${name}.sql`);
  }
}
