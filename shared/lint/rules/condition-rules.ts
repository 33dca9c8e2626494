/** Conditions that do not mean what they seem to, or that no index can help with. */
import type { NamedColumn } from '../names/sources.ts';
import { bigTable, type CheckedStatement, insertAt, replace, rowsOf } from '../statement.ts';
import {
  as,
  type Fields,
  functionName,
  has,
  integerConstant,
  isConstant,
  isNull,
  isObject,
  list,
  location,
  stringConstant,
  stringOf,
  strings,
  text,
  walk,
} from '../tree.ts';

export function checkConditions(statement: CheckedStatement): void {
  walk(statement.tree, (kind, fields) => {
    if (kind === 'A_Expr') comparison(statement, fields);
    if (kind === 'BoolExpr' && fields.boolop === 'NOT_EXPR') notIn(statement, fields);
    // Values that are set are no conditions: SET a = null.
    return true;
  });
}

function comparison(statement: CheckedStatement, fields: Fields): void {
  const operator = strings(fields.name).at(-1) ?? '';
  if (fields.kind === 'AEXPR_OP') {
    equalsNull(statement, fields, operator);
    countExists(statement, fields, operator);
    wrappedColumn(statement, fields, operator);
  }
  if (fields.kind === 'AEXPR_BETWEEN') betweenInstants(statement, fields);
  if (fields.kind === 'AEXPR_LIKE' || fields.kind === 'AEXPR_ILIKE') leadingWildcard(statement, fields, operator);
  if (fields.kind === 'AEXPR_IN') inListWithNull(statement, fields, operator);
}

function equalsNull(statement: CheckedStatement, fields: Fields, operator: string): void {
  if (!['=', '<>', '!='].includes(operator) || !isNull(fields.rexpr)) return;
  const at = statement.tokenAt(location(fields));
  const token = statement.tokens[at];
  const end = statement.tokens[at + 1];
  if (!token || end?.word !== 'null') return;
  const written = operator === '=' ? 'is null' : 'is not null';
  const range = { from: token.from, to: end.to };
  statement.report(
    'equals-null',
    'warning',
    range,
    `${operator} NULL is never true`,
    'A comparison with NULL is neither true nor false, so no row passes.',
    [{ title: `Write ${written.toUpperCase()}`, edits: [replace(range, written)] }],
  );
}

/** `(select count(*) …) > 0` counts all rows to learn that there is one. */
function countExists(statement: CheckedStatement, fields: Fields, operator: string): void {
  const subquery = as(fields.lexpr, 'SubLink');
  const select = as(subquery?.subselect, 'SelectStmt');
  const number = integerConstant(fields.rexpr);
  const asks =
    (operator === '>' && number === 0) || (operator === '>=' && number === 1) || (operator === '<>' && number === 0);
  const none = (operator === '=' && number === 0) || (operator === '<' && number === 1);
  if (!select || !subquery || subquery.subLinkType !== 'EXPR_SUBLINK' || !(asks || none)) return;
  const [only, ...more] = list(select.targetList);
  const call = as(as(only, 'ResTarget')?.val, 'FuncCall');
  if (
    !call ||
    more.length > 0 ||
    functionName(call) !== 'count' ||
    call.agg_distinct === true ||
    list(select.groupClause).length > 0
  )
    return;
  const open = statement.tokenAt(location(subquery));
  const close = statement.closing(open);
  const from = statement.findWord(open + 1, ['from'], close);
  const last = statement.tokens[close + 2];
  const first = statement.tokens[open];
  const fromToken = statement.tokens[from];
  if (close < 0 || from < 0 || !last || !first || !fromToken || call.agg_star !== true) return;
  const body = statement.text.slice(fromToken.from, statement.tokens[close]?.from ?? fromToken.from);
  statement.report(
    'count-exists',
    'info',
    { from: first.from, to: last.to },
    `This counts every row to learn whether there is ${none ? 'none' : 'one'}`,
    'EXISTS stops at the first row.',
    [
      {
        title: `Write ${none ? 'NOT EXISTS' : 'EXISTS'}`,
        edits: [replace({ from: first.from, to: last.to }, `${none ? 'not exists' : 'exists'} (select ${body})`)],
      },
    ],
  );
}

const instants = /^timestamp/;

function betweenInstants(statement: CheckedStatement, fields: Fields): void {
  const column = statement.names.columnOf(fields.lexpr);
  const bounds = list(as(fields.rexpr, 'List')?.items);
  const upper = bounds[1];
  if (!column || !instants.test(column.type) || upper === undefined) return;
  const written = stringConstant(upper) ?? stringConstant(as(upper, 'TypeCast')?.arg);
  const dayOnly = written !== null && /^\d{4}-\d\d-\d\d$/.test(written);
  const at = statement.tokenAt(location(fields));
  const token = statement.tokens[at];
  const first = statement.tokens[statement.tokenAt(location(as(fields.lexpr, 'ColumnRef') ?? {}))];
  if (!token || !first || !dayOnly) return;
  const and = statement.findWord(at + 1, ['and']);
  const lower = statement.tokens[at + 1];
  const andToken = statement.tokens[and];
  const beforeAnd = statement.tokens[and - 1];
  if (!andToken || !beforeAnd || !lower) return;
  const name = statement.text.slice(first.from, statement.nameRange(first.from).to);
  statement.report(
    'between-timestamps',
    'warning',
    { from: token.from, to: andToken.to },
    `BETWEEN ends at midnight, when ${written} begins`,
    'Both ends belong to BETWEEN: of the last day only its first instant is in it. With >= and < no instant is counted twice or lost.',
    [{ title: 'Write >= and <', edits: [replace(token, '>='), replace(andToken, `and ${name} <`)] }],
  );
}

/** The text ends in nothing that an index is ordered by. */
function leadingWildcard(statement: CheckedStatement, fields: Fields, operator: string): void {
  const pattern = stringConstant(fields.rexpr);
  const column = statement.names.columnOf(fields.lexpr);
  if (!pattern || !column || operator.startsWith('!') || !/^[%_]/.test(pattern) || rowsOf(column.relation) < bigTable)
    return;
  statement.report(
    'leading-wildcard',
    'info',
    statement.tokenRange(location(fields)),
    `No ordinary index on ${column.name} helps with a pattern that begins with ${pattern.charAt(0)}`,
    `${column.relation?.name ?? 'The table'} has many rows, and all are read. An index of pg_trgm (gin (${column.name} gin_trgm_ops)) serves such patterns.`,
  );
}

/** `lower(column) = …` and `column::date = …` where the column begins a key of a big table. */
function wrappedColumn(statement: CheckedStatement, fields: Fields, operator: string): void {
  if (!['=', '<', '>', '<=', '>='].includes(operator)) return;
  const call = as(fields.lexpr, 'FuncCall');
  const cast = as(fields.lexpr, 'TypeCast');
  if (!isConstant(fields.rexpr) && as(fields.rexpr, 'ParamRef') === null) return;
  if (cast && operator === '=') dateCast(statement, fields, cast);
  const wrapped = call
    ? list(call.args)
        .map((argument) => statement.names.columnOf(argument))
        .find((column) => column !== null)
    : null;
  if (!call || !wrapped || !leadsKey(statement, wrapped) || rowsOf(wrapped.relation) < bigTable) return;
  statement.report(
    'wrapped-column',
    'info',
    statement.tokenRange(location(call)),
    `The key on ${wrapped.name} is not used: it is ordered by the column, not by ${functionName(call)}()`,
    `Compare the bare column, or make an index on the expression.`,
  );
}

function dateCast(statement: CheckedStatement, fields: Fields, cast: Fields): void {
  const column = statement.names.columnOf(cast.arg);
  const type = isObject(cast.typeName) ? strings(cast.typeName.names).at(-1) : '';
  const day = stringConstant(fields.rexpr) ?? stringConstant(as(fields.rexpr, 'TypeCast')?.arg);
  if (
    !column ||
    type !== 'date' ||
    !instants.test(column.type) ||
    day === null ||
    !/^\d{4}-\d\d-\d\d$/.test(day) ||
    rowsOf(column.relation) < bigTable
  )
    return;
  const first = statement.tokenAt(location(as(cast.arg, 'ColumnRef') ?? {}));
  const equals = statement.tokenAt(location(fields));
  const start = statement.tokens[first];
  let last = statement.tokens[equals + 1];
  // date '2024-01-01' and '2024-01-01'::date
  if (last?.word === 'date') last = statement.tokens[equals + 2];
  else if (statement.word(equals + 2) === '::') last = statement.tokens[equals + 3];
  if (!start || !last) return;
  const name = statement.text.slice(start.from, statement.nameRange(start.from).to);
  const range = { from: start.from, to: last.to };
  statement.report(
    'wrapped-column',
    'info',
    range,
    `An index on ${column.name} cannot be used for its date`,
    'A range over the bare column means the same and can use one.',
    [{ title: 'Write it as a range', edits: [replace(range, `${name} >= '${day}' and ${name} < date '${day}' + 1`)] }],
  );
}

function leadsKey(statement: CheckedStatement, { column, relation }: NamedColumn): boolean {
  if (!column || !relation) return false;
  return statement.catalog.uniqueKeysOf(relation.oid).some((key) => key[0] === column.number);
}

function notIn(statement: CheckedStatement, fields: Fields): void {
  const subquery = as(list(fields.args)[0], 'SubLink');
  const select = as(subquery?.subselect, 'SelectStmt');
  if (!subquery || !select || subquery.subLinkType !== 'ANY_SUBLINK') return;
  const [item, ...others] = list(select.targetList);
  const value = as(item, 'ResTarget')?.val;
  const column = statement.names.columnOf(value);
  const optional = statement.names.sourceOf(value)?.source.optional ?? false;
  if (!column || others.length > 0 || (column.notNull !== false && !optional) || column.relation === null) return;
  if (excludesNull(select.whereClause, value)) return;
  const word = statement.tokenAt(location(subquery));
  const open = statement.findWord(word, ['(']);
  const close = statement.closing(open);
  const start = statement.tokens[word];
  const closing = statement.tokens[close];
  const before = statement.tokens[close - 1];
  if (!start || !closing || !before) return;
  const path = list(as(value, 'ColumnRef')?.fields).map(stringOf);
  const written = statement.text.slice(
    location(as(value, 'ColumnRef') ?? {}),
    statement.nameRange(location(as(value, 'ColumnRef') ?? {})).to,
  );
  const plain = [
    'groupClause',
    'havingClause',
    'sortClause',
    'limitCount',
    'limitOffset',
    'larg',
    'windowClause',
  ].every((key) => select[key] === undefined || list(select[key]).length === 0);
  const joint = select.whereClause === undefined ? ' where' : ' and';
  const last = as(select.whereClause, 'BoolExpr')?.boolop === 'OR_EXPR';
  statement.report(
    'not-in-nullable',
    'warning',
    { from: start.from, to: statement.tokens[open]?.from ?? start.to },
    `NOT IN gives no row at all if ${path.at(-1)} is NULL anywhere`,
    `${column.relation.name}.${column.name} may be NULL; then the comparison is neither true nor false. Leave NULLs out, or use NOT EXISTS.`,
    plain && !last
      ? [{ title: 'Leave NULLs out', edits: [insertAt(before.to, `${joint} ${written} is not null`)] }]
      : [],
  );
}

function excludesNull(where: unknown, value: unknown): boolean {
  const wanted = strings(as(value, 'ColumnRef')?.fields).at(-1);
  return has(where, (kind, fields) => {
    if (kind === 'NullTest' && fields.nulltesttype === 'IS_NOT_NULL')
      return strings(as(fields.arg, 'ColumnRef')?.fields).at(-1) === wanted;
    // `k > 5` lets no NULL pass either.
    if (kind !== 'A_Expr' || !['AEXPR_OP', 'AEXPR_IN', 'AEXPR_BETWEEN', 'AEXPR_LIKE'].includes(text(fields.kind)))
      return false;
    return [fields.lexpr, fields.rexpr].some((side) => strings(as(side, 'ColumnRef')?.fields).at(-1) === wanted);
  });
}

function inListWithNull(statement: CheckedStatement, fields: Fields, operator: string): void {
  if (operator !== '<>') return;
  const items = list(as(fields.rexpr, 'List')?.items);
  const nothing = items.find(isNull);
  if (!nothing) return;
  statement.report(
    'not-in-nullable',
    'warning',
    statement.tokenRange(location(as(nothing, 'A_Const') ?? {})),
    'NOT IN with NULL in its list is never true',
    'A comparison with NULL is neither true nor false, so no row passes. Take the NULL out.',
  );
}
