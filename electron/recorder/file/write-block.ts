/** Puts a block of a family into the file. */
import type Database from 'better-sqlite3';
import { encodeColumn, encodeHead, type FamilyBlock } from '../pack/family-block.ts';
import { pack } from '../pack/packed.ts';

export const insertBlock =
  'INSERT INTO block (family, grain, from_ms, to_ms, sealed, rows, head, crc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

export function spanOf({ polls }: FamilyBlock): { fromMs: number; toMs: number } {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = 0;
  for (const { atMs, coveredMs } of polls) {
    fromMs = Math.min(fromMs, atMs - coveredMs);
    toMs = Math.max(toMs, atMs);
  }
  return { fromMs: Number.isFinite(fromMs) ? fromMs : 0, toMs };
}

/** Column by column, so that a curve of one metric reads that metric's bytes only. */
export function writeSealed(db: Database.Database, family: number, grain: number, block: FamilyBlock): void {
  const { data, crc } = pack(encodeHead(block));
  const { fromMs, toMs } = spanOf(block);
  const added = db.prepare(insertBlock).run(family, grain, fromMs, toMs, 1, block.rowKey.length, data, crc);
  const first = Number(added.lastInsertRowid) * 1024;
  const insertPart = db.prepare('INSERT INTO part (id, data, crc) VALUES (?, ?, ?)');
  block.columns.forEach((column, at) => {
    const bytes = column && encodeColumn(column);
    if (!bytes) return;
    const part = pack(bytes);
    insertPart.run(first + at, part.data, part.crc);
  });
}
