/** Whether a WHERE spares any row at all, as far as its text alone can tell. */
import type { ParseNode } from '../sql/classify.ts';
import { listOf, opened, stringOf, textOf, within } from './tree.ts';

/** True, false, or not known without looking at rows. */
type Known = boolean | null;

/**
 * True where the condition is absent, constant (`true`, `1 = 1`), a column compared with itself, or says nothing about
 * the rows of `target` (`delete from a using b where b.x = 1`).
 * @param target the names by which the condition can mean the target: its alias, or its name
 */
export function sparesNothing(condition: unknown, target: string, hasOthers: boolean): boolean {
  if (condition === undefined) return true;
  if (known(condition) === true) return true;
  return hasOthers && !mentions(condition, target);
}

function known(node: unknown): Known {
  const [kind, fields] = opened(node);
  if (kind === 'A_Const') return constant(fields);
  if (kind === 'BoolExpr') return bool(fields);
  if (kind === 'A_Expr') return compared(fields);
  if (kind === 'TypeCast') return cast(fields);
  if (kind === 'NullTest') return opened(fields.arg)[0] === 'A_Const' ? nullTest(fields) : null;
  return null;
}

function constant(fields: ParseNode): Known {
  // The parser leaves zero and false out.
  if ('boolval' in fields) return (fields.boolval as ParseNode).boolval === true;
  return null;
}

/** `'t'::boolean`, which is how some write true. */
function cast(fields: ParseNode): Known {
  const [kind, inner] = opened(fields.arg);
  if (kind !== 'A_Const') return known(fields.arg);
  if ('boolval' in inner) return constant(inner);
  const value = textOf((inner.sval as ParseNode | undefined)?.sval).toLowerCase();
  if (['t', 'true', 'y', 'yes', 'on', '1'].includes(value)) return true;
  return 'ival' in inner ? (inner.ival as ParseNode).ival !== undefined : null;
}

function nullTest(fields: ParseNode): Known {
  const isNull = (opened(fields.arg)[1] as ParseNode).isnull === true;
  return (fields.nulltesttype === 'IS_NULL') === isNull;
}

function bool(fields: ParseNode): Known {
  const args = listOf(fields.args).map(known);
  if (fields.boolop === 'NOT_EXPR') return args[0] === null || args[0] === undefined ? null : !args[0];
  const decisive = fields.boolop === 'OR_EXPR';
  if (args.includes(decisive)) return decisive;
  return args.includes(null) ? null : !decisive;
}

const holdsForEqual: ReadonlySet<string> = new Set(['=', '<=', '>=']);

/** Two equal sides: `1 = 1`, `id = id` (which spares NULLs, but nobody means that). */
function compared(fields: ParseNode): Known {
  if (fields.kind !== 'AEXPR_OP' && fields.kind !== 'AEXPR_NOT_DISTINCT') return null;
  const operator = stringOf(listOf(fields.name)[0]);
  const [left, right] = [withoutPlaces(fields.lexpr), withoutPlaces(fields.rexpr)];
  if (left === right) {
    if ([...within(fields.lexpr)].some(([key]) => key === 'FuncCall' || key === 'SubLink')) return null;
    return fields.kind === 'AEXPR_NOT_DISTINCT' || holdsForEqual.has(operator) ? true : null;
  }
  const [a, b] = [numberOf(fields.lexpr), numberOf(fields.rexpr)];
  if (a === null || b === null) return null;
  if (operator === '=') return a === b;
  if (operator === '<>') return a !== b;
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  if (operator === '<=') return a <= b;
  return operator === '>=' ? a >= b : null;
}

function numberOf(node: unknown): number | null {
  const [kind, fields] = opened(node);
  if (kind !== 'A_Const') return null;
  if ('ival' in fields) return Number((fields.ival as ParseNode).ival ?? 0);
  return 'fval' in fields ? Number((fields.fval as ParseNode).fval) : null;
}

/** A tree's text without where in the statement it stands. */
export const withoutPlaces = (node: unknown): string =>
  JSON.stringify(node, (key, value) =>
    /^(location|.*_location|.*_len|rexpr_list_(start|end))$/.test(key) ? undefined : value,
  ) ?? '';

/** Any column that may be the target's: qualified with its name, or not qualified at all; or a whole row. */
function mentions(condition: unknown, target: string): boolean {
  for (const [key, value] of within(condition)) {
    if (key === 'CurrentOfExpr') return true;
    if (key !== 'ColumnRef') continue;
    const names = listOf((value as ParseNode).fields).map(stringOf);
    if (names.length < 2 || names.at(-2) === target || names[0] === target) return true;
  }
  return false;
}
