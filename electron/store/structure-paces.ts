/** How fast changes of structure went on a server: by connection and kind of work, the last twenty of each. */
import type Database from 'better-sqlite3';
import { type Pace, type PaceKind, paceKinds } from '../../shared/api/structure.ts';
import { told } from './open.ts';

export interface PaceStore {
  /** `tookMs` includes what was waited for a lock. */
  keep(connectionId: string, kind: PaceKind, bytes: number, tookMs: number): void;
  of(connectionId: string): Pace[];
}

/** Of less than this a start takes longer than the work. */
export const leastBytes = 1024 * 1024;
const kept = 20;

interface Row {
  readonly kind: string;
  readonly bytesASecond: number;
  readonly runs: number;
  readonly lastAtMs: number;
  readonly mostBytes: number;
}

export function createPaceStore(db: Database.Database): PaceStore {
  const put = db.prepare(
    'INSERT INTO structure_pace (connection_id, kind, bytes, took_ms, at_ms) VALUES (?, ?, ?, ?, ?)',
  );
  const forget = db.prepare(
    'DELETE FROM structure_pace WHERE rowid IN (SELECT rowid FROM structure_pace WHERE connection_id = ? AND kind = ? ORDER BY at_ms DESC, rowid DESC LIMIT -1 OFFSET ?)',
  );
  // All bytes over all time: a long run counts for more than a short one, as it should.
  const find = db.prepare<[string], Row>(
    'SELECT kind, sum(bytes) * 1000.0 / sum(took_ms) AS bytesASecond, count(*) AS runs, max(at_ms) AS lastAtMs, max(bytes) AS mostBytes FROM structure_pace WHERE connection_id = ? GROUP BY kind',
  );
  return {
    keep: (connectionId, kind, bytes, tookMs) =>
      told(() => {
        if (bytes < leastBytes || tookMs <= 0) return;
        const write = db.transaction(() => {
          put.run(connectionId, kind, Math.round(bytes), tookMs, Date.now());
          forget.run(connectionId, kind, kept);
        });
        write.immediate();
      }),
    of: (connectionId) =>
      told(() =>
        find.all(connectionId).flatMap((row) => {
          const kind = paceKinds.find((each) => each === row.kind);
          return kind ? [{ ...row, kind }] : [];
        }),
      ),
  };
}
