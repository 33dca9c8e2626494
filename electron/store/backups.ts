/** Backups, schedules and the folder they go to; a row that no longer fits the contract counts as not there. */
import type Database from 'better-sqlite3';
import { z } from 'zod';
import { backup, backupSchedule } from '../../shared/api/backups.ts';
import { told } from './open.ts';

/** With what the page is not told: where the file is, whether it is ours to delete, and what a dump's bytes add up to. */
const keptBackup = backup.extend({ path: z.string(), ours: z.boolean(), sha256: z.string().default('') });
export type KeptBackup = z.infer<typeof keptBackup>;
export type KeptSchedule = z.infer<typeof backupSchedule> & { readonly lastMs: number };

export interface BackupStore {
  all(): KeptBackup[];
  get(id: string): KeptBackup | undefined;
  put(backup: KeptBackup): void;
  remove(id: string): void;
  schedules(): KeptSchedule[];
  putSchedule(schedule: KeptSchedule): void;
  removeSchedule(id: string): void;
  folder(): string | undefined;
  putFolder(path: string): void;
}

export function createBackupStore(db: Database.Database): BackupStore {
  const all = db.prepare<[], { json: string }>('SELECT json FROM backup ORDER BY at_ms DESC, id');
  const one = db.prepare<[string], { json: string }>('SELECT json FROM backup WHERE id = ?');
  const put = db.prepare(
    'INSERT INTO backup (id, at_ms, json) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json',
  );
  const remove = db.prepare('DELETE FROM backup WHERE id = ?');
  const schedules = db.prepare<[], { last: number; json: string }>(
    'SELECT last_ms AS last, json FROM backup_schedule ORDER BY id',
  );
  const putSchedule = db.prepare(
    'INSERT INTO backup_schedule (id, last_ms, json) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET last_ms = excluded.last_ms, json = excluded.json',
  );
  const removeSchedule = db.prepare('DELETE FROM backup_schedule WHERE id = ?');
  const folder = db.prepare<[], { value: string }>("SELECT value FROM backup_setting WHERE name = 'folder'");
  const putFolder = db.prepare(
    "INSERT INTO backup_setting (name, value) VALUES ('folder', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );
  const read = ({ json }: { json: string }): KeptBackup[] => {
    const parsed = keptBackup.safeParse(JSON.parse(json));
    return parsed.success ? [parsed.data] : [];
  };
  return {
    all: () => told(() => all.all().flatMap(read)),
    get: (id) => told(() => [one.get(id)].flatMap((row) => (row ? read(row) : []))[0]),
    put: (entry) => told(() => void put.run(entry.id, entry.atMs, JSON.stringify(entry))),
    remove: (id) => told(() => void remove.run(id)),
    schedules: () =>
      told(() =>
        schedules.all().flatMap(({ last, json }) => {
          const parsed = backupSchedule.safeParse(JSON.parse(json));
          return parsed.success ? [{ ...parsed.data, lastMs: last }] : [];
        }),
      ),
    putSchedule: ({ lastMs, ...schedule }) =>
      told(() => void putSchedule.run(schedule.id, lastMs, JSON.stringify(schedule))),
    removeSchedule: (id) => told(() => void removeSchedule.run(id)),
    folder: () => told(() => folder.get()?.value),
    putFolder: (path) => told(() => void putFolder.run(path)),
  };
}
