/** The undo journal: bounded in entries and in bytes, the oldest go first. */
import type Database from 'better-sqlite3';
import { z } from 'zod';
import type { JournalEntry } from '../../shared/api/journal.ts';
import { type JournalChange, journalChange } from '../../shared/journal/change.ts';
import { told } from './open.ts';

export type NewJournalEntry = Omit<JournalEntry, 'id' | 'rows'> & { readonly changes: readonly JournalChange[] };

export interface JournalStore {
  add(entry: NewJournalEntry): number;
  list(wanted: { connectionId?: string | undefined; beforeId?: number | undefined; limit: number }): {
    entries: JournalEntry[];
    more: boolean;
  };
  get(id: number): { entry: JournalEntry; changes: JournalChange[] } | undefined;
  size(): { entries: number; bytes: number; mostEntries: number; mostBytes: number };
  remove(ids: readonly number[]): void;
  clear(): void;
}

interface Row {
  id: number;
  at_ms: number;
  connection_id: string;
  connection_name: string;
  database: string;
  title: string;
  rows: number;
  not_captured: string | null;
}

const mostEntries = 5_000;
const mostBytes = 200 * 1024 * 1024;
/** Characters of a statement that are kept as its title. */
const longestTitle = 10_000;
const columns = 'id, at_ms, connection_id, connection_name, database, title, rows, not_captured';

export function createJournalStore(db: Database.Database): JournalStore {
  const insert = db.prepare(
    'INSERT INTO journal (at_ms, connection_id, connection_name, database, title, rows, not_captured, changes, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const trim = db.prepare(
    'DELETE FROM journal WHERE id <= (SELECT max(id) FROM journal) - ? OR id IN (SELECT id FROM (SELECT id, sum(bytes) OVER (ORDER BY id DESC) AS kept FROM journal) WHERE kept > ?)',
  );
  const all = db.prepare<[string | null, string | null, number, number], Row>(
    `SELECT ${columns} FROM journal WHERE (? IS NULL OR connection_id = ?) AND id < ? ORDER BY id DESC LIMIT ?`,
  );
  const one = db.prepare<[number], Row & { changes: string }>('SELECT * FROM journal WHERE id = ?');
  const size = db.prepare<[], { entries: number; bytes: number }>(
    'SELECT count(*) AS entries, coalesce(sum(bytes), 0) AS bytes FROM journal',
  );
  const remove = db.prepare('DELETE FROM journal WHERE id = ?');
  const clear = db.prepare('DELETE FROM journal');
  const add = db.transaction((entry: NewJournalEntry): number => {
    const changes = JSON.stringify(entry.changes);
    const title = entry.title.slice(0, longestTitle);
    const { lastInsertRowid } = insert.run(
      Math.round(entry.atMs),
      entry.connectionId,
      entry.connectionName,
      entry.database,
      title,
      entry.changes.length,
      entry.notCaptured,
      changes,
      Buffer.byteLength(changes) + Buffer.byteLength(title),
    );
    trim.run(mostEntries, mostBytes);
    return Number(lastInsertRowid);
  });
  return {
    add: (entry) => told(() => add.immediate(entry)),
    list: ({ connectionId = null, beforeId = Number.MAX_SAFE_INTEGER, limit }) =>
      told(() => {
        const rows = all.all(connectionId, connectionId, beforeId, limit + 1);
        return { entries: rows.slice(0, limit).map(entryOf), more: rows.length > limit };
      }),
    get: (id) =>
      told(() => {
        const row = one.get(id);
        return row && { entry: entryOf(row), changes: z.array(journalChange).parse(JSON.parse(row.changes)) };
      }),
    size: () => told(() => ({ ...(size.get() ?? { entries: 0, bytes: 0 }), mostEntries, mostBytes })),
    remove: (ids) =>
      told(() => {
        const removeAll = db.transaction(() => {
          for (const id of ids) remove.run(id);
        });
        removeAll.immediate();
      }),
    clear: () => told(() => void clear.run()),
  };
}

const entryOf = (row: Row): JournalEntry => ({
  id: row.id,
  atMs: row.at_ms,
  connectionId: row.connection_id,
  connectionName: row.connection_name,
  database: row.database,
  title: row.title,
  rows: row.rows,
  notCaptured: row.not_captured,
});
