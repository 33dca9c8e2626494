/** Opens a recording's file: to write it, alone; or to read it, also one that was copied, cut or damaged. */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { FailureError } from '../../../shared/failure.ts';
import { isCorrupt, salvage } from './salvage.ts';
import { applicationId, migrateRecording, refuseNewer, versionOf } from './schema.ts';

export interface WritableFile {
  readonly db: Database.Database;
  /** Leaves the file complete in itself, so that it can be copied or opened on a read-only disk. */
  close(): void;
}

/**
 * @throws FailureError when it is being written already, is no recording, or comes from a newer program
 */
export function openToWrite(file: string): WritableFile {
  const lock = lockFor(file);
  try {
    const isNew = !existsSync(file) || statSync(file).size === 0;
    if (!isNew) checkHeader(file);
    const db = new Database(file, { timeout: 5000 });
    try {
      if (isNew) {
        // Pieces are some kilobytes and a tick some hundred bytes: smaller pages leave less of themselves empty.
        db.pragma('page_size = 2048');
        db.pragma('auto_vacuum = INCREMENTAL');
        db.pragma(`application_id = ${applicationId}`);
      }
      db.pragma('journal_mode = WAL');
      // A power cut may cost the last moments, never the file; the samples of a second are not worth a disk flush.
      db.pragma('synchronous = NORMAL');
      db.pragma('journal_size_limit = 8000000');
      migrateRecording(db);
    } catch (thrown) {
      db.close();
      throw thrown;
    }
    return {
      db,
      close: () => {
        try {
          db.pragma('wal_checkpoint(TRUNCATE)');
          // With a reader on it the file stays as it is; it is whole all the same, with its -wal beside it.
          db.pragma('journal_mode = DELETE');
        } catch (thrown) {
          if (!(thrown instanceof Database.SqliteError) || thrown.code !== 'SQLITE_BUSY') throw thrown;
        } finally {
          db.close();
          lock.release();
        }
      },
    };
  } catch (thrown) {
    lock.release();
    throw told(thrown, file);
  }
}

/** A lock the system takes back when the process ends, however it ends: SQLite's own, on an empty file beside. */
function lockFor(file: string): { release(): void } {
  const beside = `${file}-writer`;
  let lock: Database.Database;
  try {
    lock = new Database(beside, { timeout: 0 });
  } catch (thrown) {
    throw told(thrown, file);
  }
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    throw thrown instanceof Database.SqliteError && thrown.code === 'SQLITE_BUSY'
      ? new FailureError(
          {
            kind: 'invalid',
            field: 'file',
            message: `${basename(file)} is being written by another Howdah. Stop the recording there, or record into another file.`,
          },
          { cause: thrown },
        )
      : told(thrown, file);
  }
  // Whoever had it before may have removed the file just now: then this lock is on nothing.
  if (!existsSync(beside)) {
    lock.close();
    return lockFor(file);
  }
  return {
    release: () => {
      // Removed while it is held; Windows keeps an open file.
      if (process.platform !== 'win32') rmSync(beside, { force: true });
      lock.close();
      if (process.platform === 'win32') rmSync(beside, { force: true, maxRetries: 2 });
    },
  };
}

export interface ReadableFile {
  readonly db: Database.Database;
  /** What is wrong with the file as a whole; null where nothing is known to be. */
  readonly damage: string | null;
  close(): void;
}

/**
 * A file that is damaged in SQLite's own pages is salvaged into a temporary one first, and that is read.
 * @param salvageIt for a file found damaged while it was read
 * @throws FailureError where nothing can be read, with the reason
 */
export function openToRead(file: string, salvageIt = false): ReadableFile {
  let damage = checkHeader(file);
  let folder: string | null = null;
  const elsewhere = (name: string): string => {
    folder ??= mkdtempSync(join(tmpdir(), 'howdah-recording-'));
    return join(folder, name);
  };
  try {
    let db = damage || salvageIt ? null : readable(file, elsewhere);
    if (!db) {
      const saved = elsewhere('saved.howdah');
      salvage(file, saved);
      damage ??= 'The file is damaged. What could be read of it is shown.';
      db = new Database(saved, { readonly: true });
    }
    refuseNewer(versionOf(db));
    const opened = db;
    return {
      db: opened,
      damage,
      close: () => {
        opened.close();
        if (folder) rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (thrown) {
    if (folder) rmSync(folder, { recursive: true, force: true });
    throw told(thrown, file);
  }
}

/** Null where SQLite finds the file damaged. */
function readable(file: string, elsewhere: (name: string) => string): Database.Database | null {
  const probe = (path: string): Database.Database => {
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 2000 });
    try {
      db.prepare('SELECT count(*) FROM meta').get();
      return db;
    } catch (thrown) {
      db.close();
      throw thrown;
    }
  };
  try {
    try {
      return probe(file);
    } catch (thrown) {
      // In WAL mode on a disk that may not be written: only a copy elsewhere can be opened.
      if (!(thrown instanceof Database.SqliteError) || !/CANTOPEN|READONLY/.test(thrown.code)) throw thrown;
      const copy = elsewhere(basename(file));
      copyAtRest(file, copy);
      return probe(copy);
    }
  } catch (thrown) {
    if (isCorrupt(thrown)) return null;
    throw thrown;
  }
}

function copyAtRest(file: string, copy: string): void {
  copyFileSync(file, copy);
  chmodSync(copy, 0o600);
  if (existsSync(`${file}-wal`)) {
    copyFileSync(`${file}-wal`, `${copy}-wal`);
    chmodSync(`${copy}-wal`, 0o600);
    return;
  }
  // Bytes 18 and 19 of the header say that a -wal belongs to it (2); without one it is an ordinary file (1).
  const open = openSync(copy, 'r+');
  writeSync(open, Buffer.from([1, 1]), 0, 2, 18);
  closeSync(open);
}

/**
 * Looks at the first bytes, before SQLite does: it would call a text file "not a database" and take any database.
 * @returns what is wrong where it can be read nevertheless
 */
function checkHeader(file: string): string | null {
  const header = Buffer.alloc(100);
  let size: number;
  try {
    const open = openSync(file, 'r');
    size = statSync(file).size;
    readSync(open, header, 0, 100, 0);
    closeSync(open);
  } catch (thrown) {
    throw told(thrown, file);
  }
  if (size < 100 || header.toString('latin1', 0, 15) !== 'SQLite format 3') throw notOne(file, size);
  const isOurs = header.readUInt32BE(68) === applicationId;
  // Just made, and not yet copied from its -wal: the header there says it.
  if (!isOurs && !existsSync(`${file}-wal`)) throw notOne(file, size);
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const missing = existsSync(`${file}-wal`) ? 0 : header.readUInt32BE(28) * pageSize - size;
  return missing > 0
    ? `The file was cut: ${missing.toLocaleString('en')} of its ${(size + missing).toLocaleString('en')} bytes are missing. What is there can be read.`
    : null;
}

const notOne = (file: string, size: number): FailureError =>
  new FailureError({
    kind: 'invalid',
    field: 'file',
    message:
      size === 0
        ? `${basename(file)} is empty: it is no recording of Howdah.`
        : `${basename(file)} is no recording of Howdah. Recordings end in .howdah and are made by "Start recording" or howdah record.`,
  });

/** What went wrong with the file, in words. */
export function told(thrown: unknown, file: string): unknown {
  if (thrown instanceof FailureError) return thrown;
  const code = (thrown as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return thrown;
  const name = basename(file);
  const because = (message: string): FailureError =>
    new FailureError({ kind: 'invalid', field: 'file', message }, { cause: thrown });
  if (code === 'ENOENT') return because(`There is no file ${name} any more.`);
  if (code === 'EISDIR') return because(`${name} is a folder, not a recording.`);
  if (code === 'EACCES' || code === 'EPERM' || code === 'SQLITE_READONLY')
    return because(`${name} may not be opened by this user. Check its permissions.`);
  if (code === 'SQLITE_NOTADB') return because(`${name} is no recording of Howdah.`);
  if (/^SQLITE_(CORRUPT|ERROR$)/.test(code))
    return because(`${name} is damaged so badly that nothing of it can be read. Open another copy of it.`);
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return because(`The disk is full: ${name} cannot grow. Free some space and start the recording again.`);
  if (code === 'SQLITE_BUSY') return because(`${name} is locked by another program. Close it there, or open a copy.`);
  if (code.startsWith('SQLITE_CANTOPEN')) return because(`${name} cannot be opened. Check that its folder is there.`);
  if (code.startsWith('SQLITE_IOERR')) return because(`The disk reported an error at ${name} (${code}).`);
  return thrown;
}
