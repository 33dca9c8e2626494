/** The values last bound to parameters: by statement and name, and by name alone for a statement that is new. */
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { parameterValue } from '../../shared/api/parameter-value.ts';
import type { ParameterValue } from '../../shared/sql/parameters.ts';
import { told } from './open.ts';

export interface ParameterStore {
  recall(statement: string, name: string): ParameterValue | null;
  remember(statement: string, name: string, value: ParameterValue): void;
}

/** What is a secret by its name is not kept. */
const secretName = /passw|secret|token|credential/i;
/** A value longer than this is not worth remembering, and a store is no place for it. */
const keptLength = 20_000;
const keptValues = 5_000;
const anyStatement = '';

export function createParameterStore(db: Database.Database): ParameterStore {
  const find = db.prepare<[string, string, string], { value: string }>(
    'SELECT value FROM parameter_value WHERE name = ? AND statement IN (?, ?) ORDER BY statement DESC LIMIT 1',
  );
  const put = db.prepare(
    'INSERT INTO parameter_value (statement, name, value, at_ms) VALUES (?, ?, ?, ?) ON CONFLICT (statement, name) DO UPDATE SET value = excluded.value, at_ms = excluded.at_ms',
  );
  const forget = db.prepare(
    'DELETE FROM parameter_value WHERE rowid IN (SELECT rowid FROM parameter_value ORDER BY at_ms DESC LIMIT -1 OFFSET ?)',
  );
  return {
    recall: (statement, name) =>
      told(() => {
        const row = find.get(name, anyStatement, keyOf(statement));
        if (!row) return null;
        const value = parameterValue.safeParse(JSON.parse(row.value));
        return value.success ? value.data : null;
      }),
    remember: (statement, name, value) =>
      told(() => {
        const json = JSON.stringify(value);
        if (secretName.test(name) || json.length > keptLength) return;
        const write = db.transaction(() => {
          put.run(keyOf(statement), name, json, Date.now());
          // $1 of one statement says nothing about that of another.
          if (!/^\d/.test(name)) put.run(anyStatement, name, json, Date.now());
          forget.run(keptValues);
        });
        write.immediate();
      }),
  };
}

/** Layout and the statement's end do not make it another. */
const keyOf = (statement: string): string =>
  createHash('sha256').update(statement.trim().replace(/\s+/g, ' ')).digest('base64url');
