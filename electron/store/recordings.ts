/** Which connections' servers are to be recorded, how often a sample is taken, and where their second homes are. */
import type Database from 'better-sqlite3';
import { told } from './open.ts';

export interface RecordingStore {
  all(): { connectionId: string; everyMs: number }[];
  put(connectionId: string, everyMs: number): void;
  remove(connectionId: string): void;
  /** The connection to the database that its recording is brought to; null: it has no second home. */
  homeOf(connectionId: string): string | null;
  setHome(connectionId: string, home: string | null): void;
  /** The connection that leads to the PgBouncer whose counters are recorded along; null: none is named. */
  poolerOf(connectionId: string): string | null;
  setPooler(connectionId: string, pooler: string | null): void;
}

export function createRecordingStore(db: Database.Database): RecordingStore {
  const all = db.prepare<[], { connectionId: string; everyMs: number }>(
    'SELECT connection_id AS connectionId, every_ms AS everyMs FROM recording',
  );
  const put = db.prepare(
    'INSERT INTO recording (connection_id, every_ms) VALUES (?, ?) ON CONFLICT (connection_id) DO UPDATE SET every_ms = excluded.every_ms',
  );
  const home = db.prepare<[string], { home: string }>('SELECT home FROM recording_home WHERE connection_id = ?');
  const putHome = db.prepare('INSERT OR REPLACE INTO recording_home (connection_id, home) VALUES (?, ?)');
  const removeHome = db.prepare('DELETE FROM recording_home WHERE connection_id = ?');
  const pooler = db.prepare<[string], { pooler: string }>(
    'SELECT pooler FROM recording_pooler WHERE connection_id = ?',
  );
  const putPooler = db.prepare('INSERT OR REPLACE INTO recording_pooler (connection_id, pooler) VALUES (?, ?)');
  const removePooler = db.prepare('DELETE FROM recording_pooler WHERE connection_id = ?');
  const remove = db.prepare('DELETE FROM recording WHERE connection_id = ?');
  return {
    all: () => told(() => all.all()),
    put: (connectionId, everyMs) => told(() => void put.run(connectionId, everyMs)),
    homeOf: (connectionId) => told(() => home.get(connectionId)?.home ?? null),
    setHome: (connectionId, to) =>
      told(() => void (to === null ? removeHome.run(connectionId) : putHome.run(connectionId, to))),
    poolerOf: (connectionId) => told(() => pooler.get(connectionId)?.pooler ?? null),
    setPooler: (connectionId, to) =>
      told(() => void (to === null ? removePooler.run(connectionId) : putPooler.run(connectionId, to))),
    remove: (connectionId) => told(() => void remove.run(connectionId)),
  };
}
