/** Which connections' servers are to be recorded, and how often a sample is taken. */
import type Database from 'better-sqlite3';
import { told } from './open.ts';

export interface RecordingStore {
  all(): { connectionId: string; everyMs: number }[];
  put(connectionId: string, everyMs: number): void;
  remove(connectionId: string): void;
}

export function createRecordingStore(db: Database.Database): RecordingStore {
  const all = db.prepare<[], { connectionId: string; everyMs: number }>(
    'SELECT connection_id AS connectionId, every_ms AS everyMs FROM recording',
  );
  const put = db.prepare(
    'INSERT INTO recording (connection_id, every_ms) VALUES (?, ?) ON CONFLICT (connection_id) DO UPDATE SET every_ms = excluded.every_ms',
  );
  const remove = db.prepare('DELETE FROM recording WHERE connection_id = ?');
  return {
    all: () => told(() => all.all()),
    put: (connectionId, everyMs) => told(() => void put.run(connectionId, everyMs)),
    remove: (connectionId) => told(() => void remove.run(connectionId)),
  };
}
