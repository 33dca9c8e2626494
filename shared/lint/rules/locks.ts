/** What the rules about locks have in common. */
import type { Relation } from '../../complete/catalog.ts';
import type { Fix, Severity } from '../problem.ts';
import { bigTable, type CheckedStatement, insertAt, rowsOf } from '../statement.ts';
import { isObject, text } from '../tree.ts';

/** The table as the catalog knows it; null where the script made it itself: nobody else waits for that. */
export function standing(statement: CheckedStatement, value: unknown): Relation | null {
  const fields = isObject(value) ? value : {};
  const schema = text(fields.schemaname) || null;
  const name = text(fields.relname);
  if (statement.script.table(schema, name)) return null;
  return statement.catalog.relation(schema, name, statement.script.path);
}

export const weight = (relation: Relation): Severity => (rowsOf(relation) >= bigTable ? 'warning' : 'info');
export const major = (statement: CheckedStatement): number => Math.floor(statement.catalog.head.versionNum / 10_000);

/** A lock that is waited for makes everyone behind it wait too: give up early, and try again. */
export function lockTimeout(statement: CheckedStatement): Fix | null {
  if (statement.script.setsLockTimeout) return null;
  return {
    title: 'Set lock_timeout before it',
    edits: [insertAt(statement.tokens[0]?.from ?? 0, "set lock_timeout = '5s';\n")],
  };
}
