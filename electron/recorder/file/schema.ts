/** What a recording's tables are, step by step: a step that has shipped is never changed, only followed by another. */
import type Database from 'better-sqlite3';
import { FailureError } from '../../../shared/failure.ts';

/** In the file's header, so that a recording is known without reading any table: "HOWD". */
export const applicationId = 0x484f5744;

/**
 * Instants are epoch milliseconds of the server's clock. `crc` is the CRC-32 of the bytes beside it.
 *
 * block.grain: 0 as polled, 1 a minute or coarser, 2 an hour. A block that is not sealed holds one poll, whole, in
 * `head`; a sealed one holds its rows in `head` and each metric's values in `part`, whose id is block * 1024 + column.
 */
const steps: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE query (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, seen_ms INTEGER NOT NULL) STRICT;
  CREATE TABLE query_text (
    query INTEGER PRIMARY KEY, body BLOB NOT NULL, crc INTEGER NOT NULL, characters INTEGER NOT NULL, normalised INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE family (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, key_names TEXT NOT NULL, columns TEXT NOT NULL, grain INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE family_key (
    id INTEGER PRIMARY KEY, family INTEGER NOT NULL, key TEXT NOT NULL, first_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL,
    known INTEGER NOT NULL, UNIQUE (family, key)
  ) STRICT;
  CREATE TABLE ash_chunk (
    t0 INTEGER PRIMARY KEY, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, covered_ms INTEGER NOT NULL,
    ticks INTEGER NOT NULL, samples INTEGER NOT NULL,
    core BLOB NOT NULL, core_crc INTEGER NOT NULL, detail BLOB NOT NULL, detail_crc INTEGER NOT NULL,
    locks BLOB, locks_crc INTEGER
  ) STRICT;
  CREATE TABLE ash_tail (
    id INTEGER PRIMARY KEY, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, covered_ms INTEGER NOT NULL,
    core BLOB NOT NULL, core_crc INTEGER NOT NULL, detail BLOB NOT NULL, detail_crc INTEGER NOT NULL,
    locks BLOB, locks_crc INTEGER
  ) STRICT;
  CREATE TABLE block (
    id INTEGER PRIMARY KEY, family INTEGER NOT NULL, grain INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL,
    sealed INTEGER NOT NULL, rows INTEGER NOT NULL, head BLOB NOT NULL, crc INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX block_time ON block (family, grain, to_ms);
  CREATE TABLE part (id INTEGER PRIMARY KEY, data BLOB NOT NULL, crc INTEGER NOT NULL) STRICT;
  CREATE TABLE gap (
    id INTEGER PRIMARY KEY, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL
  ) STRICT;
  CREATE INDEX gap_time ON gap (to_ms);
  CREATE TABLE event (
    id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, database TEXT, subject TEXT NOT NULL,
    before TEXT, after TEXT
  ) STRICT;
  CREATE INDEX event_time ON event (at_ms);
  CREATE TABLE snapshot_body (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, data BLOB NOT NULL, crc INTEGER NOT NULL) STRICT;
  CREATE TABLE snapshot (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, database TEXT NOT NULL, at_ms INTEGER NOT NULL, body INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX snapshot_time ON snapshot (kind, database, at_ms);
  CREATE TABLE run_failure (
    collector TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, failure TEXT NOT NULL
  ) STRICT;
  `,
];

export const newestVersion = steps.length;

/** Brings a recording to the newest version, all or nothing. @throws FailureError for one of a newer program */
export function migrateRecording(db: Database.Database): void {
  const run = db.transaction(() => {
    const version = versionOf(db);
    refuseNewer(version);
    steps.slice(version).forEach((sql, place) => {
      db.exec(sql);
      db.pragma(`user_version = ${version + place + 1}`);
    });
  });
  run.immediate();
}

export const versionOf = (db: Database.Database): number => Number(db.pragma('user_version', { simple: true }));

export function refuseNewer(version: number): void {
  if (version <= newestVersion) return;
  throw new FailureError({
    kind: 'unsupported',
    needs: `recording version ${version}`,
    message: `This recording was made by a newer Howdah (version ${version} of the format; this one knows ${newestVersion}). Open it with the newer Howdah.`,
  });
}
