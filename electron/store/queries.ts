/** Saved queries: one row each, removed ones kept until a month has passed. */
import { createHash, randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import { told } from './open.ts';

export interface KeptQuery {
  readonly id: string;
  readonly folder: string;
  readonly name: string;
  readonly text: string;
  readonly connectionId: string | null;
  readonly changedAtMs: number;
  /** Of the text. */
  readonly digest: string;
  /** Of its file as it was last written or read; null: it has none. */
  readonly fileDigest: string | null;
}

export interface QueryStore {
  all(): KeptQuery[];
  get(id: string): KeptQuery | null;
  at(folder: string, name: string): KeptQuery | null;
  add(query: Pick<KeptQuery, 'folder' | 'name' | 'text' | 'connectionId' | 'fileDigest'>): KeptQuery;
  change(
    id: string,
    change: Partial<Pick<KeptQuery, 'folder' | 'name' | 'text' | 'connectionId' | 'fileDigest'>>,
  ): KeptQuery;
  remove(id: string): void;
  /** Null where it is gone, or not removed. */
  removed(id: string): KeptQuery | null;
  bringBack(id: string, folder: string, name: string): KeptQuery;
  /** Ids of those whose text has all the words, whatever their case. */
  search(text: string): string[];
  folder(): string | null;
  setFolder(path: string | null): void;
}

export const digestOf = (text: string | Buffer): string => createHash('sha256').update(text).digest('base64url');

const removedForMs = 30 * 24 * 3_600_000;

interface Row {
  id: string;
  folder: string;
  name: string;
  text: string;
  connection_id: string | null;
  changed_at_ms: number;
  file_digest: string | null;
}
const queryOf = (row: Row): KeptQuery => ({
  id: row.id,
  folder: row.folder,
  name: row.name,
  text: row.text,
  connectionId: row.connection_id,
  changedAtMs: row.changed_at_ms,
  digest: digestOf(row.text),
  fileDigest: row.file_digest,
});

export function createQueryStore(db: Database.Database): QueryStore {
  const select = 'SELECT id, folder, name, text, connection_id, changed_at_ms, file_digest FROM saved_query';
  const all = db.prepare<[], Row>(`${select} WHERE removed_at_ms IS NULL ORDER BY folder, name`);
  const one = db.prepare<[string], Row>(`${select} WHERE id = ? AND removed_at_ms IS NULL`);
  const gone = db.prepare<[string], Row>(`${select} WHERE id = ? AND removed_at_ms IS NOT NULL`);
  const at = db.prepare<[string, string], Row>(`${select} WHERE folder = ? AND name = ? AND removed_at_ms IS NULL`);
  const insert = db.prepare(
    'INSERT INTO saved_query (id, folder, name, text, connection_id, changed_at_ms, file_digest) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const update = db.prepare(
    'UPDATE saved_query SET folder = ?, name = ?, text = ?, connection_id = ?, changed_at_ms = ?, file_digest = ? WHERE id = ?',
  );
  const remove = db.prepare('UPDATE saved_query SET removed_at_ms = ?, file_digest = NULL WHERE id = ?');
  const restore = db.prepare('UPDATE saved_query SET removed_at_ms = NULL, folder = ?, name = ? WHERE id = ?');
  const forget = db.prepare('DELETE FROM saved_query WHERE removed_at_ms < ?');
  const folder = db.prepare<[], { path: string }>('SELECT path FROM saved_query_folder');
  const get = (id: string): KeptQuery | null => {
    const row = one.get(id);
    return row ? queryOf(row) : null;
  };
  const sure = (id: string): KeptQuery => {
    const query = get(id);
    if (!query) throw new Error('a saved query that was just written is not there');
    return query;
  };
  return {
    all: () => told(() => all.all().map(queryOf)),
    get: (id) => told(() => get(id)),
    at: (where, name) =>
      told(() => {
        const row = at.get(where, name);
        return row ? queryOf(row) : null;
      }),
    add: ({ folder: where, name, text, connectionId, fileDigest }) =>
      told(() => {
        const id = randomUUID();
        insert.run(id, where, name, text, connectionId, Date.now(), fileDigest);
        return sure(id);
      }),
    change: (id, change) =>
      told(() => {
        const next = { ...sure(id), ...change };
        update.run(next.folder, next.name, next.text, next.connectionId, Date.now(), next.fileDigest, id);
        return sure(id);
      }),
    remove: (id) =>
      told(() => {
        remove.run(Date.now(), id);
        forget.run(Date.now() - removedForMs);
      }),
    removed: (id) =>
      told(() => {
        const row = gone.get(id);
        return row ? queryOf(row) : null;
      }),
    bringBack: (id, where, name) =>
      told(() => {
        restore.run(where, name, id);
        return sure(id);
      }),
    search: (text) =>
      told(() => {
        const words = text.toLowerCase().split(/\s+/).filter(Boolean);
        const found: string[] = [];
        for (const row of all.iterate()) if (matches(row, words)) found.push(row.id);
        return found;
      }),
    folder: () => told(() => folder.get()?.path ?? null),
    setFolder: (path) =>
      told(() => {
        const write = db.transaction(() => {
          db.exec('DELETE FROM saved_query_folder; UPDATE saved_query SET file_digest = NULL');
          if (path !== null) db.prepare('INSERT INTO saved_query_folder (path) VALUES (?)').run(path);
        });
        write.immediate();
      }),
  };
}

/** A library is small enough to be read: no index, and Unicode's letters are folded as JavaScript folds them. */
function matches({ folder, name, text }: Row, words: readonly string[]): boolean {
  const all = `${folder}/${name}\n${text}`.toLowerCase();
  return words.every((word) => all.includes(word));
}
