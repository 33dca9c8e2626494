/**
 * Opens the program's own SQLite file: WAL, checked at start, migrated in a transaction, with a rolling backup.
 * A damaged file is set aside (never deleted) and the newest good backup takes its place, so the program always starts.
 */
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { FailureError } from '../../shared/failure.ts';

export interface SetAside {
  readonly file: string;
  readonly keptAs: string;
  readonly reason: string;
}

export interface OpenedStore {
  readonly db: Database.Database;
  /** What was found damaged; to be told once. */
  readonly setAside: readonly SetAside[];
  /** Writes the rolling backup now; resolves when it stands under its final name. */
  backup(): Promise<void>;
  close(): void;
}

const migrationsFolder = fileURLToPath(new URL('./migrations/', import.meta.url));

/** The migrations as shipped: file name order is application order; the number of a file is its version. */
function migrations(): { version: number; sql: string }[] {
  return readdirSync(migrationsFolder)
    .filter((name) => /^\d{3}-.*\.sql$/.test(name))
    .sort()
    .map((name) => ({ version: Number(name.slice(0, 3)), sql: readFileSync(join(migrationsFolder, name), 'utf8') }));
}

/** Damage, as against a disk that is full or a file that may not be read. */
const isDamage = (thrown: unknown): boolean =>
  thrown instanceof Database.SqliteError &&
  (thrown.code.startsWith('SQLITE_CORRUPT') || thrown.code === 'SQLITE_NOTADB');

function openChecked(file: string): Database.Database {
  const db = new Database(file, { timeout: 5000 });
  try {
    db.pragma('journal_mode = WAL');
    // What a person typed must survive a power cut, not only a crash of the program.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    const verdict = db.pragma('quick_check(1)', { simple: true });
    if (verdict !== 'ok') throw new Database.SqliteError(String(verdict), 'SQLITE_CORRUPT');
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/** Brings the file to the newest version, all or nothing. A file of a newer program is refused, untouched. */
export function migrate(db: Database.Database): void {
  const known = migrations();
  const newest = known.at(-1)?.version ?? 0;
  const run = db.transaction(() => {
    // Read inside the transaction: two programs may start at the same moment.
    const current = Number(db.pragma('user_version', { simple: true }));
    if (current > newest) {
      throw new FailureError({
        kind: 'unsupported',
        needs: `store version ${current}`,
        message: `The data folder was last used by a newer Howdah (store version ${current}; this one knows ${newest}). Start the newer Howdah, or choose another data folder with HOWDAH_DATA.`,
      });
    }
    for (const { version, sql } of known) {
      if (version <= current) continue;
      db.exec(sql);
      db.pragma(`user_version = ${version}`);
    }
  });
  run.immediate();
}

function moveAside(file: string, reason: string): SetAside {
  const keptAs = `${file}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
  renameSync(file, keptAs);
  for (const suffix of ['-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, keptAs + suffix);
  return { file, keptAs, reason };
}

/** Opens `howdah.db` in the folder. Throws only where nothing can be written at all, or the file is from a newer program. */
export function openStore(dataFolder: string): OpenedStore {
  const file = join(dataFolder, 'howdah.db');
  const backupFile = join(dataFolder, 'howdah.backup.db');
  const setAside: SetAside[] = [];
  const open = (): Database.Database => {
    const db = openChecked(file);
    try {
      migrate(db);
      return db;
    } catch (thrown) {
      db.close();
      throw thrown;
    }
  };
  let db: Database.Database;
  try {
    db = open();
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown;
    setAside.push(moveAside(file, thrown instanceof Error ? thrown.message : String(thrown)));
    if (existsSync(backupFile)) copyFileSync(backupFile, file);
    try {
      db = open();
    } catch (again) {
      if (!isDamage(again)) throw again;
      setAside.push(moveAside(file, 'The backup was damaged too.'));
      db = open();
    }
  }
  return { db, setAside, backup: () => backup(db, backupFile), close: () => db.close() };
}

async function backup(db: Database.Database, backupFile: string): Promise<void> {
  const unfinished = `${backupFile}.${process.pid}`;
  try {
    await db.backup(unfinished);
    renameSync(unfinished, backupFile);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** A write that the disk refused, said in words; anything else as it is. */
export function storeFailure(thrown: unknown): unknown {
  if (!(thrown instanceof Database.SqliteError)) return thrown;
  const message =
    thrown.code === 'SQLITE_FULL'
      ? 'The disk is full: Howdah cannot save its own state. Free some space; what is open stays open.'
      : thrown.code === 'SQLITE_READONLY' || thrown.code.startsWith('SQLITE_CANTOPEN')
        ? 'The data folder cannot be written to. Check its permissions, or choose another with HOWDAH_DATA.'
        : thrown.code.startsWith('SQLITE_IOERR')
          ? `The disk reported an error while Howdah saved its state (${thrown.code}).`
          : thrown.code === 'SQLITE_BUSY'
            ? 'Another Howdah is writing to the data folder and did not finish in time. Try again.'
            : undefined;
  return message ? new FailureError({ kind: 'internal', message }, { cause: thrown }) : thrown;
}

/** Runs a piece of store work with its disk errors told in words. */
export function told<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    throw storeFailure(thrown);
  }
}
