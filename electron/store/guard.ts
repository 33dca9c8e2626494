/** What a person has chosen to be asked about; a row that no longer fits the contract counts as not there. */
import type Database from 'better-sqlite3';
import { type GuardPolicy, type GuardScope, guardPolicy } from '../../shared/api/guard.ts';
import { told } from './open.ts';

export interface GuardStore {
  policy(scope: GuardScope): GuardPolicy | undefined;
  /** By connection id. */
  ofConnections(): Record<string, GuardPolicy>;
  /** Null: nothing is chosen any more. */
  put(scope: GuardScope, policy: GuardPolicy | null): void;
}

const keyOf = (scope: GuardScope): string =>
  scope.kind === 'connection' ? `connection:${scope.connectionId}` : `environment:${scope.environment}`;

export function createGuardStore(db: Database.Database): GuardStore {
  const one = db.prepare<[string], { json: string }>('SELECT json FROM guard_policy WHERE scope = ?');
  const ofConnections = db.prepare<[], { scope: string; json: string }>(
    "SELECT scope, json FROM guard_policy WHERE scope LIKE 'connection:%'",
  );
  const put = db.prepare(
    'INSERT INTO guard_policy (scope, json) VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET json = excluded.json',
  );
  const remove = db.prepare('DELETE FROM guard_policy WHERE scope = ?');
  const read = (json: string): GuardPolicy | undefined => guardPolicy.safeParse(JSON.parse(json)).data;
  return {
    policy: (scope) =>
      told(() => {
        const row = one.get(keyOf(scope));
        return row && read(row.json);
      }),
    ofConnections: () =>
      told(() => {
        const found = ofConnections.all().map(({ scope, json }) => [scope.slice('connection:'.length), read(json)]);
        return Object.fromEntries(found.filter(([, policy]) => policy !== undefined));
      }),
    put: (scope, policy) =>
      told(() => {
        if (policy) put.run(keyOf(scope), JSON.stringify(policy));
        else remove.run(keyOf(scope));
      }),
  };
}
