/** What a recording's file holds and whether all of it is sound: every checksum is tried. */
import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import { decodeAshCore, decodeAshDetail } from '../pack/decode-ash.ts';
import { decodeLocks } from '../pack/lock-chunk.ts';
import { DamagedError, unpack } from '../pack/packed.ts';
import { openToRead } from './database.ts';
import { partSql, readBlock, type StoredBlock } from './read-block.ts';
import { newestVersion, versionOf } from './schema.ts';

export interface Inspection {
  readonly formatVersion: number;
  readonly newestVersion: number;
  /** What is wrong with the file as a whole. */
  readonly damage: string | null;
  /** Pieces whose checksum or content does not fit, of all. */
  readonly damagedPieces: number;
  readonly pieces: number;
  readonly minutes: number;
  readonly ticks: number;
  readonly samples: number;
  readonly coveredMs: number;
  readonly families: readonly { name: string; polls: number; rows: number; keys: number; bytes: number }[];
  readonly statements: number;
  readonly texts: number;
  readonly events: number;
  readonly snapshots: readonly { kind: string; database: string; count: number }[];
  /** Bytes by part of the file. */
  readonly parts: readonly { name: string; bytes: number }[];
}

/** @throws FailureError where nothing can be read */
export function inspectRecording(file: string): Inspection {
  const opened = openToRead(file);
  try {
    return opened.db.transaction(() => inspect(opened.db, opened.damage)).deferred();
  } finally {
    opened.close();
  }
}

function inspect(db: Database.Database, damage: string | null): Inspection {
  const one = (sql: string) => db.prepare<[], Record<string, number | null>>(sql).get() ?? {};
  const all = <Row>(sql: string): Row[] => db.prepare<[], Row>(sql).all();
  const ash = one(
    'SELECT count(*) AS minutes, sum(ticks) AS ticks, sum(samples) AS samples, sum(covered_ms) AS covered FROM ash_chunk',
  );
  const tail = one('SELECT count(*) AS pieces, sum(covered_ms) AS covered FROM ash_tail');
  const checked = check(db);
  return {
    formatVersion: versionOf(db),
    newestVersion,
    damage,
    ...checked,
    minutes: ash.minutes ?? 0,
    ticks: (ash.ticks ?? 0) + (tail.pieces ?? 0),
    samples: ash.samples ?? 0,
    coveredMs: (ash.covered ?? 0) + (tail.covered ?? 0),
    families: all(
      `SELECT f.name, count(b.id) AS polls, coalesce(sum(b.rows), 0) AS rows,
              (SELECT count(*) FROM family_key k WHERE k.family = f.id) AS keys,
              coalesce(sum(length(b.head) + (SELECT coalesce(sum(length(p.data)), 0) FROM part p WHERE p.id BETWEEN b.id * 1024 AND b.id * 1024 + 1023)), 0) AS bytes
         FROM family f JOIN block b ON b.family = f.id GROUP BY f.id ORDER BY f.id`,
    ),
    statements: one('SELECT count(*) AS n FROM query').n ?? 0,
    texts: one('SELECT count(*) AS n FROM query_text').n ?? 0,
    events: one('SELECT count(*) AS n FROM event').n ?? 0,
    snapshots: all(
      'SELECT kind, database, count(*) AS count FROM snapshot GROUP BY kind, database ORDER BY kind, database',
    ),
    parts: [
      ['samples', 'SELECT sum(length(core) + length(detail)) AS n FROM ash_chunk'],
      ['locks', 'SELECT sum(length(locks)) AS n FROM ash_chunk'],
      ['metrics', 'SELECT (SELECT sum(length(head)) FROM block) + (SELECT sum(length(data)) FROM part) AS n'],
      ['texts', 'SELECT sum(length(body)) AS n FROM query_text'],
      ['snapshots', 'SELECT sum(length(data)) AS n FROM snapshot_body'],
    ].map(([name = '', sql = '']) => ({ name, bytes: one(sql).n ?? 0 })),
  };
}

/** Decodes everything once. */
function check(db: Database.Database): { pieces: number; damagedPieces: number } {
  const counted = { pieces: 0, damagedPieces: 0 };
  const attempt = (work: () => unknown): void => {
    counted.pieces++;
    try {
      work();
    } catch (thrown) {
      if (!(thrown instanceof DamagedError)) throw thrown;
      counted.damagedPieces++;
    }
  };
  type Piece = {
    core: Uint8Array;
    core_crc: number;
    detail: Uint8Array;
    detail_crc: number;
    locks: Uint8Array | null;
    locks_crc: number | null;
  };
  for (const table of ['ash_chunk', 'ash_tail'])
    for (const piece of db.prepare<[], Piece>(`SELECT * FROM ${table}`).iterate())
      attempt(() => {
        const core = decodeAshCore(unpack({ data: piece.core, crc: piece.core_crc }));
        decodeAshDetail(unpack({ data: piece.detail, crc: piece.detail_crc }), core);
        if (piece.locks) decodeLocks(unpack({ data: piece.locks, crc: piece.locks_crc ?? 0 }));
      });
  const blocks = db.prepare<[], StoredBlock & { columns: string }>(
    'SELECT b.id, b.sealed, b.head, b.crc, f.columns FROM block b JOIN family f ON f.id = b.family',
  );
  const part = db.prepare<[number], { data: Uint8Array; crc: number }>(partSql);
  for (const block of blocks.iterate())
    attempt(() => readBlock(part, block, (JSON.parse(block.columns) as unknown[]).length));
  for (const [table, column] of [
    ['query_text', 'body'],
    ['snapshot_body', 'data'],
  ])
    for (const { data, crc } of db
      .prepare<[], { data: Uint8Array; crc: number }>(`SELECT ${column} AS data, crc FROM ${table}`)
      .iterate())
      attempt(() => {
        if (crc32(data) !== crc) throw new DamagedError();
      });
  return counted;
}
