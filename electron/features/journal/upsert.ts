/** INSERT … ON CONFLICT (columns) DO UPDATE: which rows it would meet, where they are written out. */
import { isNode, listOf, opened, textOf } from '../../../shared/guard/tree.ts';
import type { ParseNode } from '../../../shared/sql/classify.ts';
import { quoteLiteral } from '../../../shared/sql/quote.ts';

const mostRows = 1_000;

/** The columns that decide on a conflict, or the constraint; null where it names an expression. */
export function conflictTarget(conflict: ParseNode): string[] | string | null {
  const [, infer] = isNode(conflict.infer) ? opened({ Infer: conflict.infer }) : ['', {}];
  if (textOf(infer.conname) !== '') return textOf(infer.conname);
  const target = listOf(infer.indexElems).map((element) => textOf(opened(element)[1].name));
  return target.length === 0 || target.includes('') ? null : target;
}

/**
 * Of each row the literals of the target columns; null where they have to be asked for. What a literal is read as may
 * differ a little: then it meets nothing.
 */
export function writtenKeys(
  insert: ParseNode,
  target: readonly string[],
  columns: readonly string[],
  values: readonly (string | null)[],
): string[][] | null {
  const places = target.map((name) => columns.indexOf(name));
  const lists = listOf(opened(isNode(insert.selectStmt) ? insert.selectStmt : null)[1].valuesLists);
  if (places.includes(-1) || lists.length === 0 || lists.length > mostRows) return null;
  const keys: string[][] = [];
  for (const list of lists) {
    const items = listOf(opened(list)[1].items);
    const key = places.map((place) => literalOf(items[place] ?? null, values));
    if (key.includes(null)) return null;
    keys.push(key.filter((each) => each !== null));
  }
  return keys;
}

/** A constant or the value of a parameter, cast or not; null: it has to be computed. */
function literalOf(node: unknown, values: readonly (string | null)[]): string | null {
  const [kind, fields] = opened(node);
  if (kind === 'ParamRef') {
    const value = values[Number(fields.number) - 1];
    return value === undefined ? null : value === null ? 'null' : quoteLiteral(value);
  }
  if (kind === 'TypeCast') return isNode(fields.arg) ? literalOf(fields.arg, values) : null;
  if (kind !== 'A_Const') return null;
  if (fields.isnull === true) return 'null';
  if (isNode(fields.ival)) return String(fields.ival.ival ?? 0);
  if (isNode(fields.fval)) return textOf(fields.fval.fval);
  if (isNode(fields.boolval)) return fields.boolval.boolval === true ? 'true' : 'false';
  return isNode(fields.sval) ? quoteLiteral(textOf(fields.sval.sval)) : null;
}
