/** INSERT … ON CONFLICT (columns) DO UPDATE of rows that are written out: which rows its values would meet. */
import { isNode, listOf, opened, textOf } from '../../../shared/guard/tree.ts';
import type { ParseNode } from '../../../shared/sql/classify.ts';
import { quoteLiteral } from '../../../shared/sql/quote.ts';

export interface Upsert {
  readonly target: readonly string[];
  /** Of each row the literals of the target columns. */
  readonly keys: readonly (readonly string[])[];
  readonly sets: readonly string[];
}

const mostRows = 1_000;

/** Or why they cannot be told beforehand. What a literal is read as may differ a little: then it meets nothing. */
export function upsertOf(insert: ParseNode, conflict: ParseNode, values: readonly (string | null)[]): Upsert | string {
  const [, infer] = isNode(conflict.infer) ? opened({ Infer: conflict.infer }) : ['', {}];
  const target = listOf(infer.indexElems).map((element) => textOf(opened(element)[1].name));
  if (target.length === 0 || target.includes('')) return 'Its ON CONFLICT names no columns.';
  const columns = listOf(insert.cols).map((column) => textOf(opened(column)[1].name));
  const places = target.map((name) => columns.indexOf(name));
  if (places.includes(-1)) return 'The columns of its ON CONFLICT are not in its list of columns.';
  const [, select] = opened(isNode(insert.selectStmt) ? insert.selectStmt : null);
  const lists = listOf(select.valuesLists);
  if (lists.length === 0) return 'Its rows come from a query: which ones they meet cannot be asked beforehand.';
  if (lists.length > mostRows) return `More than ${mostRows.toLocaleString('en')} rows.`;
  const keys: string[][] = [];
  for (const list of lists) {
    const items = listOf(opened(list)[1].items);
    const key = places.map((place) => literalOf(items[place] ?? null, values));
    if (key.includes(null)) return 'A value of its ON CONFLICT columns is not written out.';
    keys.push(key.filter((each) => each !== null));
  }
  const sets = listOf(conflict.targetList).map((each) => textOf(opened(each)[1].name));
  return { target, keys, sets };
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
