/** Forgets what is older than is wanted, and the oldest and finest first where the file grows over its cap. */
import type Database from 'better-sqlite3';
import type { Retention } from '../../../shared/api/recordings.ts';

export const defaultRetention: Retention = { rawDays: 14, minuteDays: 90, hourDays: 730, maxBytes: 2_000_000_000 };

const dayMs = 86_400_000;
/** So many pieces are removed in one step, which takes some milliseconds. */
const atOnce = 200;

/** Bytes of the file that are in use. */
export function usedBytes(db: Database.Database): number {
  const number = (name: string): number => Number(db.pragma(name, { simple: true }));
  return (number('page_count') - number('freelist_count')) * number('page_size');
}

/** One step; true when there is more to do. To be run in a transaction. */
export function forgetOld(db: Database.Database, retention: Retention, nowMs: number): boolean {
  const before = (days: number): number => nowMs - days * dayMs;
  let removed = removeChunks(db, before(retention.rawDays));
  removed += removeBlocks(db, 0, before(retention.rawDays));
  removed += removeBlocks(db, 1, before(retention.minuteDays));
  removed += removeBlocks(db, 2, before(retention.hourDays));
  for (const sql of [
    'DELETE FROM gap WHERE to_ms < ?',
    'DELETE FROM event WHERE at_ms < ?',
    'DELETE FROM query_text WHERE query IN (SELECT id FROM query WHERE seen_ms < ?)',
    // What held at the time that is left stays: the last one before it.
    'DELETE FROM snapshot WHERE at_ms < ? AND id NOT IN (SELECT max(id) FROM snapshot GROUP BY kind, database)',
  ])
    db.prepare<[number]>(sql).run(before(retention.hourDays));
  db.exec('DELETE FROM snapshot_body WHERE id NOT IN (SELECT body FROM snapshot)');
  return removed >= atOnce;
}

/** One step towards the cap; true when there is more to do. To be run in a transaction. */
export function keepUnder(db: Database.Database, maxBytes: number, nowMs: number): boolean {
  if (usedBytes(db) <= maxBytes) return false;
  const recent = nowMs - 3_600_000;
  return (
    removeChunks(db, recent) + removeBlocks(db, 0, recent) > 0 ||
    removeBlocks(db, 1, recent) > 0 ||
    removeBlocks(db, 2, recent) > 0
  );
}

const removeChunks = (db: Database.Database, beforeMs: number): number =>
  db
    .prepare<[number, number]>(
      'DELETE FROM ash_chunk WHERE t0 IN (SELECT t0 FROM ash_chunk WHERE to_ms < ? ORDER BY t0 LIMIT ?)',
    )
    .run(beforeMs, atOnce).changes;

function removeBlocks(db: Database.Database, grain: number, beforeMs: number): number {
  const old = db
    .prepare<[number, number, number], { id: number }>(
      'SELECT id FROM block WHERE grain = ? AND to_ms < ? AND sealed = 1 ORDER BY to_ms LIMIT ?',
    )
    .all(grain, beforeMs, atOnce);
  const block = db.prepare<[number]>('DELETE FROM block WHERE id = ?');
  const parts = db.prepare<[number, number]>('DELETE FROM part WHERE id BETWEEN ? AND ?');
  for (const { id } of old) {
    block.run(id);
    parts.run(id * 1024, id * 1024 + 1023);
  }
  return old.length;
}

/** Gives free pages back to the disk: some at a time, or all of them for a file that is put to rest. */
export function shrink(db: Database.Database, all = false): void {
  if (all) db.pragma('incremental_vacuum');
  else if (Number(db.pragma('freelist_count', { simple: true })) > 256) db.pragma('incremental_vacuum(512)');
}
