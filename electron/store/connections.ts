/** Saved connections: everything but their secrets. A row that no longer fits the contract is left alone and not listed. */
import type Database from 'better-sqlite3';
import { type Connection, connection } from '../../shared/api/connections.ts';
import { told } from './open.ts';

export interface ConnectionStore {
  list(): Connection[];
  put(changed: Connection): void;
  remove(id: string): void;
}

export function createConnectionStore(db: Database.Database): ConnectionStore {
  const all = db.prepare<[], { json: string }>('SELECT json FROM connection');
  const put = db.prepare(
    'INSERT INTO connection (id, json) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json',
  );
  const remove = db.prepare('DELETE FROM connection WHERE id = ?');
  return {
    list: () =>
      told(() =>
        all
          .all()
          .flatMap(({ json }) => {
            const read = connection.safeParse(JSON.parse(json));
            return read.success ? [read.data] : [];
          })
          .sort((a, b) => a.group.localeCompare(b.group) || a.name.localeCompare(b.name)),
      ),
    put: (changed) => told(() => void put.run(changed.id, JSON.stringify(changed))),
    remove: (id) => told(() => void remove.run(id)),
  };
}
