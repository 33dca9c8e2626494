/** Every run, searchable by parts of words. */
import type Database from 'better-sqlite3';
import { failure } from '../../shared/api/base.ts';
import type { HistoryEntry } from '../../shared/api/history.ts';
import { told } from './open.ts';

export type NewHistoryEntry = Omit<HistoryEntry, 'id'>;
export interface HistorySearch {
  readonly text: string;
  readonly connectionId?: string | undefined;
  readonly outcome?: 'failed' | 'well' | undefined;
  readonly fromMs?: number | undefined;
  readonly beforeMs?: number | undefined;
  readonly beforeId?: number | undefined;
  readonly limit: number;
}
export interface HistoryStore {
  add(entry: NewHistoryEntry): number;
  search(wanted: HistorySearch): { entries: HistoryEntry[]; more: boolean };
  remove(ids: readonly number[]): void;
  clear(): void;
}

interface Row {
  id: number;
  at_ms: number;
  text: string;
  connection_id: string | null;
  connection_name: string;
  database: string;
  user: string;
  duration_ms: number;
  rows: number | null;
  failure: string | null;
}

/** A longer text than this (a pasted dump, say) is kept cut: the history is for finding, not for storing data. */
const keptLength = 1_000_000;

export function createHistoryStore(db: Database.Database): HistoryStore {
  const insert = db.prepare(
    'INSERT INTO history (at_ms, text, connection_id, connection_name, database, user, duration_ms, rows, failure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const remove = db.prepare('DELETE FROM history WHERE id = ?');
  return {
    add: (entry) =>
      told(() => {
        const text = entry.text.slice(0, keptLength).toWellFormed().replaceAll('\0', '\uFFFD');
        const added = insert.run(
          Math.round(entry.atMs),
          text,
          entry.connectionId,
          entry.connectionName,
          entry.database,
          entry.user,
          entry.durationMs,
          entry.rows,
          entry.failure ? JSON.stringify(entry.failure) : null,
        );
        return Number(added.lastInsertRowid);
      }),
    search: (wanted) => told(() => search(db, wanted)),
    remove: (ids) =>
      told(() => {
        const removeAll = db.transaction(() => {
          for (const id of ids) remove.run(id);
        });
        removeAll.immediate();
      }),
    clear: () => told(() => db.transaction(() => db.exec('DELETE FROM history')).immediate()),
  };
}

function search(db: Database.Database, wanted: HistorySearch): { entries: HistoryEntry[]; more: boolean } {
  const words = wanted.text.split(/\s+/).filter(Boolean);
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  // Trigrams need three characters; shorter words are looked for in what the longer ones left.
  const long = words.filter((word) => [...word].length >= 3);
  if (long.length > 0) {
    conditions.push('id IN (SELECT rowid FROM history_text WHERE history_text MATCH ?)');
    values.push(long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND '));
  }
  for (const word of words.filter((each) => [...each].length < 3)) {
    conditions.push("text LIKE ? ESCAPE '\\'");
    values.push(`%${word.replace(/[\\%_]/g, '\\$&')}%`);
  }
  if (wanted.connectionId !== undefined) {
    conditions.push('connection_id = ?');
    values.push(wanted.connectionId);
  }
  if (wanted.outcome) conditions.push(`failure IS ${wanted.outcome === 'failed' ? 'NOT NULL' : 'NULL'}`);
  if (wanted.fromMs !== undefined) {
    conditions.push('at_ms >= ?');
    values.push(wanted.fromMs);
  }
  if (wanted.beforeMs !== undefined) {
    conditions.push('at_ms < ?');
    values.push(wanted.beforeMs);
  }
  if (wanted.beforeId !== undefined) {
    conditions.push('id < ?');
    values.push(wanted.beforeId);
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const rows = db
    .prepare<(string | number)[], Row>(`SELECT * FROM history ${where} ORDER BY id DESC LIMIT ?`)
    .all(...values, wanted.limit + 1);
  return { entries: rows.slice(0, wanted.limit).map(entryOf), more: rows.length > wanted.limit };
}

function entryOf(row: Row): HistoryEntry {
  const read = row.failure ? failure.safeParse(JSON.parse(row.failure)) : undefined;
  return {
    id: row.id,
    atMs: row.at_ms,
    text: row.text,
    connectionId: row.connection_id,
    connectionName: row.connection_name,
    database: row.database,
    user: row.user,
    durationMs: row.duration_ms,
    rows: row.rows,
    failure: read?.success ? read.data : null,
  };
}
