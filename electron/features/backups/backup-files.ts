/** The backups that are known: those made here and files from elsewhere; what becomes of their files. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Backup, BackupJob } from '../../../shared/api/backups.ts';
import type { BackupForm } from '../../../shared/api/dump-tool.ts';
import { invalid } from '../../../shared/failure.ts';
import { ArchiveReader } from '../../postgres/backup/archive/archive-reader.ts';
import { backupName, endings } from '../../postgres/backup/archive/backup-name.ts';
import { dataItems } from '../../postgres/backup/archive/manifest.ts';
import { listArchive } from '../../postgres/backup/tools/archive-list.ts';
import { dumpDigest } from '../../postgres/backup/tools/dump-digest.ts';
import { dumpFormOf } from '../../postgres/backup/tools/run-pg-restore.ts';
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

  /** A place for a new one: nothing has that name yet, nor will when what is under way has ended. */
  async place(database: string, form: BackupForm): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const taken = new Set(this.#store.all().map((kept) => kept.path));
    const first = join(this.folder, backupName(database, new Date(), endings[form]));
    for (let more = 1; ; more++) {
      const path = more === 1 ? first : first.replace(/(\.[^.]+)$/, `-${more}$1`);
      if (!existsSync(path) && !taken.has(path)) return path;
    }
  }

  /** What a killed program has left half written in our folder: of nobody who lives. */
  async sweep(): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    for (const name of names) {
      const pid = Number(/^\..*\.(\d+)\.[0-9a-f]{6}\.part$/.exec(name)?.[1] ?? Number.NaN);
      if (!Number.isNaN(pid) && pid !== process.pid && !lives(pid))
        await rm(join(this.folder, name), { force: true, recursive: true });
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
    // Of what failed nothing was left: what may lie in its place now is another's.
    if (kept.ours && (kept.state === 'good' || kept.state === 'damaged'))
      await rm(kept.path, { force: true, recursive: true });
    this.#store.remove(id);
  }

  /** @throws invalid where it is neither an archive of ours nor of pg_dump */
  async add(path: string, shownName: string): Promise<Backup> {
    // Of a directory archive the table of contents is the file that can be chosen.
    const place = basename(path) === 'toc.dat' ? dirname(path) : path;
    const known = this.#store.all().find((kept) => kept.path === place);
    const form = await dumpFormOf(place);
    const facts = form === null ? await factsOfArchive(place) : await factsOfDump(place, form);
    const kept: KeptBackup = {
      ...nothingKnown,
      ...facts,
      id: known?.id ?? randomUUID(),
      fileName: place === path ? shownName : basename(place),
      path: place,
    };
    this.put(kept);
    return shown(kept, false);
  }
}

const nothingKnown = {
  connectionId: null,
  connectionName: 'a file from elsewhere',
  state: 'good',
  failure: null,
  rawBytes: 0,
  items: 0,
  rows: 0,
  tookMs: 0,
  whole: true,
  warnings: [],
  verifiedMs: null,
  drill: null,
  scheduleId: null,
  command: '',
  sha256: '',
  ours: false,
} satisfies Partial<KeptBackup>;

async function factsOfArchive(path: string) {
  const archive = await ArchiveReader.open(path);
  await archive.close();
  const { manifest, sizeBytes } = archive;
  const data = dataItems(manifest).map((item) => item.data);
  return {
    form: 'howdah' as const,
    connectionName: `${manifest.server.host}:${manifest.server.port}`,
    database: manifest.database.name,
    serverVersion: manifest.server.version,
    atMs: Date.parse(manifest.startedAt),
    sizeBytes,
    rawBytes: data.reduce((sum, { rawBytes }) => sum + rawBytes, 0),
    items: manifest.items.length,
    rows: data.reduce((sum, { rows }) => sum + rows, 0),
    tookMs: Date.parse(manifest.endedAt) - Date.parse(manifest.startedAt),
    whole: manifest.whole,
    warnings: manifest.warnings,
  };
}

async function factsOfDump(path: string, form: Exclude<BackupForm, 'howdah'>) {
  const { mtimeMs, size } = await stat(path);
  // A file system's instants have fractions.
  const atMs = Math.round(mtimeMs);
  if (form === 'plain') return { form, database: basename(path), serverVersion: '', atMs, sizeBytes: size };
  const { entries, database, serverVersion } = await listArchive(path);
  const { sizeBytes } = await dumpDigest(path);
  return { form, database, serverVersion, atMs, sizeBytes, items: entries.length };
}

/** For the page: without the path. */
function shown({ path, ours, sha256: _, ...kept }: KeptBackup, running: boolean): Backup {
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
