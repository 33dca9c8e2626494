/** The backups that are known: those made here and files from elsewhere; what becomes of their files. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Backup, BackupJob } from '../../../shared/api/backups.ts';
import { invalid } from '../../../shared/failure.ts';
import { ArchiveReader } from '../../postgres/backup/archive/archive-reader.ts';
import { backupName } from '../../postgres/backup/archive/backup-name.ts';
import { dataItems } from '../../postgres/backup/archive/manifest.ts';
import type { BackupStore, KeptBackup } from '../../store/backups.ts';

/** Rows of what failed, or was removed elsewhere, are kept so many. */
const mostWithoutFile = 200;

export class BackupFiles {
  readonly #store: BackupStore;
  readonly #usual: string;

  constructor(store: BackupStore, usualFolder: string) {
    this.#store = store;
    this.#usual = usualFolder;
  }

  get folder(): string {
    return this.#store.folder() ?? this.#usual;
  }

  list(jobs: readonly BackupJob[]): Backup[] {
    const running = new Set(jobs.filter(({ state }) => state === 'running').map(({ backupId }) => backupId));
    return this.#store.all().map((kept) => shown(kept, running.has(kept.id)));
  }

  /** @throws invalid where it is not known */
  get(id: string): KeptBackup {
    const kept = this.#store.get(id);
    if (!kept) throw invalid('id', 'This backup is not in the list any more.');
    return kept;
  }

  /** @throws invalid where there is no good file of it */
  path(id: string): string {
    const kept = this.get(id);
    if (!existsSync(kept.path)) throw invalid('id', `${kept.fileName} is not there any more.`);
    return kept.path;
  }

  put(kept: KeptBackup): void {
    this.#store.put(kept);
  }

  /** A place for a new one: nothing has that name yet. */
  async place(database: string): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const first = join(this.folder, backupName(database, new Date()));
    for (let more = 1; ; more++) {
      const path = more === 1 ? first : first.replace(/(\.[^.]+)$/, `-${more}$1`);
      if (!existsSync(path)) return path;
    }
  }

  /** What a killed program has left half written in our folder: of nobody who lives. */
  async sweep(): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names) {
      const pid = Number(/^\..*\.(\d+)\.[0-9a-f]{6}\.part$/.exec(name)?.[1] ?? Number.NaN);
      if (!Number.isNaN(pid) && pid !== process.pid && !lives(pid)) await rm(join(this.folder, name), { force: true });
    }
    for (const kept of this.#store.all())
      if (kept.state === 'running')
        this.put({
          ...kept,
          state: 'failed',
          failure: { kind: 'internal', message: 'The program ended before this backup did. Nothing is left of it.' },
        });
    const gone = this.#store.all().filter(({ path }) => !existsSync(path));
    for (const { id } of gone.slice(mostWithoutFile)) this.#store.remove(id);
  }

  async remove(id: string): Promise<void> {
    const kept = this.get(id);
    if (kept.ours && kept.state !== 'running') await rm(kept.path, { force: true });
    this.#store.remove(id);
  }

  /** @throws invalid where it is no archive */
  async add(path: string, shownName: string): Promise<Backup> {
    const known = this.#store.all().find((kept) => kept.path === path);
    const archive = await ArchiveReader.open(path);
    await archive.close();
    const { manifest, sizeBytes } = archive;
    const data = dataItems(manifest).map((item) => item.data);
    const kept: KeptBackup = {
      id: known?.id ?? randomUUID(),
      connectionId: null,
      connectionName: `${manifest.server.host}:${manifest.server.port}`,
      database: manifest.database.name,
      serverVersion: manifest.server.version,
      fileName: shownName,
      atMs: Date.parse(manifest.startedAt),
      state: 'good',
      failure: null,
      sizeBytes,
      rawBytes: data.reduce((sum, { rawBytes }) => sum + rawBytes, 0),
      items: manifest.items.length,
      rows: data.reduce((sum, { rows }) => sum + rows, 0),
      tookMs: Date.parse(manifest.endedAt) - Date.parse(manifest.startedAt),
      whole: manifest.whole,
      warnings: manifest.warnings,
      verifiedMs: null,
      drill: null,
      scheduleId: null,
      path,
      ours: false,
    };
    this.put(kept);
    return shown(kept, false);
  }
}

/** For the page: without the path. */
function shown({ path, ours, ...kept }: KeptBackup, running: boolean): Backup {
  const state = kept.state === 'good' && !existsSync(path) && !running ? 'gone' : kept.state;
  return { ...kept, state, fileName: ours ? basename(path) : kept.fileName };
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
