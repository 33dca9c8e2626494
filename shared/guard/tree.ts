/** Reading PostgreSQL's parse tree (libpg_query's JSON) without knowing its every node. */
import type { ParseNode } from '../sql/classify.ts';

export const isNode = (value: unknown): value is ParseNode =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The kind's name ("SelectStmt") and its fields. */
export function opened(node: unknown): readonly [kind: string, fields: ParseNode] {
  if (!isNode(node)) return ['', {}];
  const [kind = ''] = Object.keys(node);
  const fields = node[kind];
  return [kind, isNode(fields) ? fields : {}];
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The string of a String node. */
export const stringOf = (node: unknown): string => textOf(opened(node)[1].sval);

/** Every key and value of the tree, outermost first; its own stack, since a tree may be deeper than JavaScript's. */
export function* within(root: unknown): Generator<readonly [key: string, value: unknown]> {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (Array.isArray(value)) {
      for (const item of value) waiting.push(item);
      continue;
    }
    if (!isNode(value)) continue;
    for (const [key, inner] of Object.entries(value)) {
      yield [key, inner];
      if (typeof inner === 'object' && inner !== null) waiting.push(inner);
    }
  }
}

/** `schema.table` of a RangeVar's fields, as written. */
export function relationName(fields: unknown): string | null {
  if (!isNode(fields)) return null;
  const name = textOf(fields.relname);
  const schema = textOf(fields.schemaname);
  return name === '' ? null : schema ? `${schema}.${name}` : name;
}
