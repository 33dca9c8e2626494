/** Reading libpg_query's tree: a node is an object with one key, its kind, over its fields; what is zero or false is left out. */

export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of a node of that kind; null for any other. */
export function as(value: unknown, kind: string): Fields | null {
  if (!isObject(value)) return null;
  const fields = value[kind];
  return isObject(fields) ? fields : null;
}

/** A node's kind and fields. */
export function opened(value: unknown): { readonly kind: string; readonly fields: Fields } {
  if (!isObject(value)) return { kind: '', fields: {} };
  const kind = Object.keys(value)[0] ?? '';
  const fields = value[kind];
  return { kind, fields: isObject(fields) ? fields : {} };
}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
/** -1 where there is none. */
export const location = (fields: Fields): number =>
  typeof fields.location === 'number' ? fields.location : fields.location === undefined ? 0 : -1;

/** The value of a String node. */
export const stringOf = (value: unknown): string => text(as(value, 'String')?.sval);
export const strings = (value: unknown): string[] => list(value).map(stringOf);

/** The names of a column reference; null where it has a star. */
export function columnPath(value: unknown): string[] | null {
  const fields = list(as(value, 'ColumnRef')?.fields);
  if (fields.length === 0 || fields.some((field) => as(field, 'String') === null)) return null;
  return fields.map(stringOf);
}

/** The last name of a called function, without its schema. */
export const functionName = (fields: Fields): string => strings(fields.funcname).at(-1) ?? '';

/** A string constant; null for anything else. */
export function stringConstant(value: unknown): string | null {
  const constant = as(value, 'A_Const');
  const held = constant && isObject(constant.sval) ? constant.sval : null;
  return held ? text(held.sval) : null;
}
/** An integer constant (the tree leaves out a zero); null for anything else. */
export function integerConstant(value: unknown): number | null {
  const constant = as(value, 'A_Const');
  if (!constant || !isObject(constant.ival)) return null;
  return typeof constant.ival.ival === 'number' ? constant.ival.ival : 0;
}
export const isNull = (value: unknown): boolean => as(value, 'A_Const')?.isnull === true;
export const isConstant = (value: unknown): boolean =>
  as(value, 'A_Const') !== null || (as(value, 'TypeCast') !== null && isConstant(as(value, 'TypeCast')?.arg));

/** Calls `visit` for every node in it, outer ones first; where it answers false, what is inside is left out. */
export function walk(value: unknown, visit: (kind: string, fields: Fields, node: Fields) => boolean | undefined): void {
  // Its own stack, not recursion: a tree may be deeper than JavaScript's.
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) {
      for (let at = next.length - 1; at >= 0; at--) waiting.push(next[at]);
      continue;
    }
    if (!isObject(next)) continue;
    const keys = Object.keys(next);
    const [kind = ''] = keys;
    const isNode = keys.length === 1 && /^[A-Z]/.test(kind) && isObject(next[kind]);
    if (isNode && visit(kind, next[kind] as Fields, next) === false) continue;
    const inner = isNode ? (next[kind] as Fields) : next;
    const values = Object.values(inner);
    for (let at = values.length - 1; at >= 0; at--) waiting.push(values[at]);
  }
}

/** Whether something in it is of that kind; subqueries are looked into too. */
export function has(value: unknown, wanted: (kind: string, fields: Fields) => boolean): boolean {
  let found = false;
  walk(value, (kind, fields) => {
    if (wanted(kind, fields)) found = true;
    return !found;
  });
  return found;
}
