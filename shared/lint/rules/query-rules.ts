/** Queries that give more rows, or cost more, than was meant. */
import { identifier } from '../../sql/quote.ts';
import type { From, Level } from '../names/sources.ts';
import { type CheckedStatement, insertAt, replace, rowsOf } from '../statement.ts';
import { as, type Fields, functionName, has, isObject, list, location, stringConstant, text, walk } from '../tree.ts';

/** A query without LIMIT over more rows than this is asked about. */
const manyRows = 1_000_000;

export function checkQueries(statement: CheckedStatement): void {
  for (const level of statement.names.levels) {
    crossJoin(statement, level);
    if (level.kind === 'SelectStmt') {
      limitWithoutOrder(statement, level);
      naturalJoin(statement, level);
    }
    if (level.kind === 'SetOperation') plainUnion(statement, level.fields);
  }
  if (statement.kind === 'SelectStmt') missingLimit(statement);
  if (statement.kind === 'ViewStmt') starInView(statement, statement.fields.query);
  if (statement.kind === 'CreateTableAsStmt' && statement.fields.objtype === 'OBJECT_MATVIEW')
    starInView(statement, statement.fields.query);
}

/** Tables that no condition connects: every row of one meets every row of the other. */
function crossJoin(statement: CheckedStatement, level: Level): void {
  const { fields, kind } = level;
  const items =
    kind === 'SelectStmt' ? list(fields.fromClause) : [...list(fields.fromClause), ...list(fields.usingClause)];
  const target = kind === 'UpdateStmt' || kind === 'DeleteStmt';
  if (items.length + (target ? 1 : 0) < 2 || !items.every((item) => as(item, 'RangeVar') !== null)) return;
  const sources = level.sources.filter(({ kind: of }) => of === 'relation' || of === 'cte');
  if (sources.length !== level.sources.length || sources.some(({ columns }) => columns === null)) return;
  const group = new Map<From, From>(sources.map((source) => [source, source]));
  const rootOf = (source: From): From => {
    let at = source;
    while (group.get(at) !== at) at = group.get(at) ?? at;
    return at;
  };
  const join = (touched: readonly From[]): void => {
    const [first, ...rest] = touched;
    if (first) for (const other of rest) group.set(rootOf(other), rootOf(first));
  };
  for (const condition of conjuncts(fields.whereClause)) join(sourcesIn(statement, condition, sources));
  const [first] = sources;
  const alone = sources.find((source) => first && rootOf(source) !== rootOf(first));
  if (!alone || alone.at < 0 || (alone.relation && rowsOf(alone.relation) === 1)) return;
  // A condition on one of them by a constant may be meant to find one row: only big ones are worth a word.
  const at = statement.tokenAt(alone.at);
  const comma = statement.tokens[at - 1];
  const explained = target
    ? 'Without a condition between them every row is changed as soon as the other table has one.'
    : 'Without a condition between them every row of one is joined with every row of the other. If that is meant, CROSS JOIN says so.';
  statement.report(
    'cross-join',
    'warning',
    statement.nameRange(alone.at),
    `Nothing connects ${alone.alias} with ${first?.alias ?? 'the rest'}`,
    explained,
    !target && comma?.word === ',' ? [{ title: 'Write CROSS JOIN', edits: [replace(comma, ' cross join')] }] : [],
  );
}

function conjuncts(where: unknown): unknown[] {
  const and = as(where, 'BoolExpr');
  if (and?.boolop === 'AND_EXPR') return list(and.args).flatMap(conjuncts);
  return where === undefined ? [] : [where];
}

/** The sources of this level that the condition speaks of, also from inside its subqueries. */
function sourcesIn(statement: CheckedStatement, condition: unknown, sources: readonly From[]): From[] {
  const found = new Set<From>();
  walk(condition, (kind, fields, node) => {
    if (kind !== 'ColumnRef') return true;
    const known = statement.names.sourceOf(node)?.source;
    if (known && sources.includes(known)) found.add(known);
    // A whole row, or what is not known: it may speak of any.
    if (!known) for (const source of sources) if (mentions(fields, source)) found.add(source);
    return true;
  });
  return [...found];
}
const mentions = (fields: Fields, { alias }: From): boolean => has(fields.fields, (_, name) => name.sval === alias);

function limitWithoutOrder(statement: CheckedStatement, { fields, parent, sources }: Level): void {
  if (fields.limitCount === undefined || list(fields.sortClause).length > 0 || parent !== null) return;
  if (fields.limitOffset === undefined || sources.length === 0) return;
  statement.report(
    'limit-without-order',
    'hint',
    statement.tokenRange(location(opened(fields.limitOffset))),
    'OFFSET without ORDER BY',
    'Without an order the server gives the rows as it finds them: pages may repeat some and leave out others.',
  );
}
const opened = (node: unknown): Fields => (isObject(node) ? ((Object.values(node)[0] as Fields) ?? {}) : {});

function naturalJoin(statement: CheckedStatement, { fields }: Level): void {
  const natural = has(fields.fromClause, (kind, join) => kind === 'JoinExpr' && join.isNatural === true);
  if (!natural) return;
  const at = statement.findWord(0, ['natural']);
  const token = statement.tokens[at];
  if (token)
    statement.report(
      'natural-join',
      'info',
      token,
      'NATURAL joins by whatever names both have',
      'A column that is added to both tables later (a comment, a time) silently becomes part of the condition. Name the columns with USING.',
    );
}

/** Parts that cannot have a row in common, because a constant differs: nothing to remove. */
function plainUnion(statement: CheckedStatement, fields: Fields): void {
  if (fields.op !== 'SETOP_UNION' || fields.all === true) return;
  const right = isObject(fields.rarg) ? fields.rarg : {};
  const left = isObject(fields.larg) ? fields.larg : {};
  const start = firstLocation(right);
  if (start < 0) return;
  const at = statement.tokens.findLastIndex(
    (token, index) => token.from < start && token.word === 'union' && statement.word(index + 1) !== 'all',
  );
  const token = statement.tokens[at];
  if (!token || left.op !== 'SETOP_NONE' || right.op !== 'SETOP_NONE') return;
  const disjoint = list(left.targetList).some((item, index) => {
    const one = stringConstant(as(item, 'ResTarget')?.val);
    const other = stringConstant(as(list(right.targetList)[index], 'ResTarget')?.val);
    return one !== null && other !== null && one !== other;
  });
  statement.report(
    'union-distinct',
    disjoint ? 'info' : 'hint',
    token,
    disjoint ? 'These parts can have no row in common: UNION looks for duplicates in vain' : 'UNION removes duplicates',
    'It sorts or hashes all rows to do so. UNION ALL leaves them as they are and needs no memory.',
    [{ title: 'Write UNION ALL', edits: [insertAt(token.to, ' all')] }],
  );
}

function firstLocation(select: Fields): number {
  let least = -1;
  walk(select.targetList, (_, fields) => {
    if (typeof fields.location === 'number' && fields.location >= 0 && (least < 0 || fields.location < least))
      least = fields.location;
    return true;
  });
  return least;
}

const aggregates = (statement: CheckedStatement, value: unknown): boolean =>
  has(
    value,
    (kind, call) =>
      kind === 'FuncCall' &&
      call.over === undefined &&
      statement.catalog.routines.get(functionName(call))?.some((each) => each.kind === 'aggregate') === true,
  );

/** The whole of a big table into the grid, or into a file. */
function missingLimit(statement: CheckedStatement): void {
  const { fields } = statement;
  const bare = ['limitCount', 'whereClause', 'larg', 'intoClause', 'havingClause'].every(
    (key) => fields[key] === undefined,
  );
  if (
    !bare ||
    list(fields.groupClause).length > 0 ||
    list(fields.distinctClause).length > 0 ||
    aggregates(statement, fields.targetList)
  )
    return;
  const [level] = statement.names.levels.filter((each) => each.fields === fields);
  const big = level?.sources.find((source) => rowsOf(source.relation) >= manyRows);
  if (!big || !level || has(fields.targetList, (kind) => kind === 'SubLink')) return;
  statement.report(
    'missing-limit',
    'hint',
    statement.nameRange(big.at),
    `${big.relation?.name} has about ${Math.round(rowsOf(big.relation) / 1e6)} million rows, and all are asked for`,
    'The editor stops at its row limit, an export does not.',
    [{ title: 'Add LIMIT 500', edits: [insertAt(statement.end, '\nlimit 500')] }],
  );
}

/** The star is written out when the view is made, and never again. */
function starInView(statement: CheckedStatement, query: unknown): void {
  const select = as(query, 'SelectStmt');
  if (!select) return;
  for (const item of list(select.targetList)) {
    const target = as(item, 'ResTarget') ?? {};
    const reference = as(target.val, 'ColumnRef');
    const parts = list(reference?.fields);
    if (!reference || as(parts.at(-1), 'A_Star') === null) continue;
    const start = statement.tokenAt(location(reference));
    const star = statement.tokens[start + 2 * (parts.length - 1)];
    const first = statement.tokens[start];
    if (!star || !first) continue;
    const columns = starColumns(statement, select, parts);
    statement.report(
      'star-in-view',
      'info',
      { from: first.from, to: star.to },
      'A view remembers the columns that * means today',
      'Columns added later are not in it, and a column that is in it cannot be dropped from the table.',
      columns === null
        ? []
        : [{ title: 'Write the columns', edits: [replace({ from: first.from, to: star.to }, columns)] }],
    );
  }
}

function starColumns(statement: CheckedStatement, select: Fields, parts: readonly unknown[]): string | null {
  const level = statement.names.levels.find((each) => each.fields === select);
  const qualifier = parts.length > 1 ? text(as(parts.at(-2), 'String')?.sval) : null;
  const sources = (level?.sources ?? []).filter(({ alias }) => qualifier === null || alias === qualifier);
  if (!level || level.merged.size > 0 || sources.length === 0 || sources.some(({ columns }) => columns === null))
    return null;
  const single = level.sources.length === 1;
  return sources
    .flatMap(({ alias, columns }) =>
      (columns ?? []).map(({ name }) => (single ? identifier(name) : `${identifier(alias)}.${identifier(name)}`)),
    )
    .join(', ');
}
