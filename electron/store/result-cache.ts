/** What a person has chosen for kept results; a row that no longer fits the contract counts as not there. */
import type Database from 'better-sqlite3';
import { z } from 'zod';
import { type KeepChoice, keepChoice } from '../../shared/api/result-cache.ts';
import { told } from './open.ts';

export interface ResultCacheStore {
  choice(connectionId: string): KeepChoice | undefined;
  putChoice(connectionId: string, choice: KeepChoice): void;
  capBytes(): number | undefined;
  putCapBytes(bytes: number): void;
}

export function createResultCacheStore(db: Database.Database): ResultCacheStore {
  const one = db.prepare<[string], { json: string }>('SELECT json FROM result_cache WHERE scope = ?');
  const put = db.prepare(
    'INSERT INTO result_cache (scope, json) VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET json = excluded.json',
  );
  const read = <T>(scope: string, schema: z.ZodType<T>): T | undefined =>
    told(() => {
      const row = one.get(scope);
      return row && schema.safeParse(JSON.parse(row.json)).data;
    });
  return {
    choice: (connectionId) => read(`connection:${connectionId}`, keepChoice),
    putChoice: (connectionId, choice) => told(() => void put.run(`connection:${connectionId}`, JSON.stringify(choice))),
    capBytes: () => read('cap', z.number().int().min(0)),
    putCapBytes: (bytes) => told(() => void put.run('cap', JSON.stringify(bytes))),
  };
}
