/** Offers inside a query: what the clause, the bracket and the token before the caret let follow. */
import {
  alreadyIn,
  columnBefore,
  labelsOf,
  offerAliases,
  offerColumns,
  offerColumnsOf,
  offerFunctions,
  offerOutput,
  offerTypes,
  offerValues,
  starColumns,
  ungrouped,
} from './expressions.ts';
import { clauseAt, type Query, queryAt } from './query.ts';
import { offerCommonColumns, offerConditions, offerJoins, offerRelations, selectable, writable } from './relations.ts';
import type { Request } from './request.ts';
import type { Level, ScopeColumn, ScopeSource } from './scope.ts';
import { Offers } from './suggestion.ts';
import {
  afterClause,
  extractFields,
  firstOfSelect,
  frameWords,
  insideWindow,
  operandWords,
  operatorWords,
  statementWords,
} from './words.ts';

interface Spot {
  readonly request: Request;
  readonly levels: readonly Level[];
  readonly level: Level;
  readonly clause: string;
  readonly clauseFrom: number;
  /** Innermost bracket of the query around the caret; -1 for none. */
  readonly open: number;
  /** The word (or other token) before the caret. */
  readonly before: string;
}

const comparisons = new Set([
  '=',
  '<>',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
  '~',
  '~*',
  '!~',
  '!~*',
  '@>',
  '<@',
  '&&',
  '||',
  '+',
  '-',
  '*',
  '/',
  '%',
  '->',
  '->>',
  '#>',
  '#>>',
  '?',
  '::',
]);
const operandAfter = new Set(
  'select where and or not on by having when then else case in between like ilike set returning distinct all any some values limit offset using from is similar to escape collate array row filter over within exists'.split(
    ' ',
  ),
);

/** `inString`: the caret is in quotes, where only values fit. */
export function offerQuery(request: Request, inString: boolean): void {
  const { reader, scope, at } = request;
  const levels = scope.levelsAt(at);
  const [level] = levels;
  if (!level) return;
  const clause = clauseAt(level.part, at);
  const spot: Spot = {
    request,
    levels,
    level,
    clause: clause?.name ?? '',
    clauseFrom: clause?.from ?? level.part.from,
    open: bracketAround(request, level.query, at),
    before: reader.word(at - 1) || reader.text(at - 1),
  };
  if (inString) offerInString(spot);
  else if (!offerSpecial(spot)) offerByClause(spot);
}

/** Innermost bracket within the query that is open at `at`. */
function bracketAround({ reader }: Request, query: Query, at: number): number {
  let found = -1;
  for (const [start, end] of reader.brackets)
    if (
      start >= query.from &&
      start < at &&
      (at <= end || reader.text(end) !== closing(reader.text(start))) &&
      end >= at &&
      start > found
    )
      found = start;
  return found;
}
const closing = (open: string): string => (open === '(' ? ')' : ']');

const keywords = (request: Request, list: readonly string[], weight: number): void => {
  if (request.qualifier.length > 0) return;
  for (const [index, word] of list.entries())
    request.offers.add(word, weight - index, () => ({
      label: request.keyword(word),
      kind: 'keyword',
      insert: `${request.keyword(word)} `,
    }));
};

function offerInString(spot: Spot): void {
  const column = comparedColumn(spot);
  if (column) offerValues(spot.request, column, 100, true);
}

/** Positions that are known by what stands right before, whatever the clause. True where nothing else fits. */
function offerSpecial(spot: Spot): boolean {
  const { request, before, open } = spot;
  const { reader, at } = request;
  const caller = open >= 0 ? reader.word(open - 1) : '';
  if (before === '::') {
    offerTypes(request, 100);
    return true;
  }
  if (caller === 'cast' && before === 'as') {
    offerTypes(request, 100);
    return true;
  }
  if (caller === 'extract' && before === '(') {
    keywords(request, extractFields, 300);
    return true;
  }
  if (caller === 'over' || (spot.clause === 'window' && open >= 0)) return offerWindow(spot);
  if (spot.clause === 'insert' && before !== 'insert') return offerInsert(spot);
  if (spot.clause === 'conflict') return offerConflict(spot);
  if (caller === 'using' && spot.clause === 'from') {
    offerCommonColumns(request, spot.level);
    return true;
  }
  if (before === 'as' && open < 0) return spot.clause !== 'with' && spot.clause !== '';
  if (before === 'for' && spot.clause !== 'values') {
    keywords(request, ['update', 'share', 'no key update', 'key share'], 300);
    return true;
  }
  if (before === 'on' && spot.level.part.clauses.some(({ name }) => name === 'insert') && spot.clause !== 'from') {
    keywords(request, ['conflict'], 300);
    return true;
  }
  if (reader.text(at - 1) === '*' && request.qualifier.length === 0 && isStar(spot)) {
    offerStar(spot);
    return true;
  }
  return false;
}

/** A `*` that stands for columns, not for a product. */
function isStar({ request, clause }: Spot): boolean {
  const { reader, at } = request;
  const earlier = reader.word(at - 2) || reader.text(at - 2);
  return (
    (clause === 'select' || clause === 'returning') &&
    ['select', 'returning', ',', '.', 'distinct', 'all'].includes(earlier)
  );
}

function offerStar(spot: Spot): void {
  const { request, levels } = spot;
  const star = request.at - 1;
  const columns = starColumns(request, levels, star);
  const from = request.reader.text(star - 1) === '.' ? star - 2 : star;
  const begin = request.reader.tokens[from]?.from ?? 0;
  const end = request.reader.tokens[star]?.to ?? 0;
  if (columns !== null && request.offers.wanted === '' && end > begin)
    request.offers.add('', 500, () => ({
      label: 'Expand *',
      kind: 'list',
      detail: columns,
      insert: columns,
      replaces: { from: begin, to: end },
    }));
  keywords(request, afterClause[spot.clause] ?? [], 200);
}

function offerWindow(spot: Spot): boolean {
  const { request, before, levels } = spot;
  if (before === '(') keywords(request, insideWindow, 300);
  else if (before === 'by' || before === ',') offerOperand(spot);
  else if (['rows', 'range', 'groups', 'between', 'and', 'unbounded'].includes(before))
    keywords(request, frameWords, 300);
  else
    keywords(request, ['order by', 'desc', 'asc', 'rows between', 'range between', 'nulls last', 'nulls first'], 300);
  return levels.length > 0;
}

function offerInsert(spot: Spot): boolean {
  const { request, level, before } = spot;
  const { target, insertColumns } = level.part;
  if (before === 'into' || before === '.') {
    offerRelations(request, writable, 'none');
    return true;
  }
  if (!target) return false;
  const into = request.scope.sourceOf(target, level.query, 0);
  const inside = insertColumns !== null && insertColumns.from <= request.at && request.at <= insertColumns.to;
  const writableColumns = into.columns.filter(({ column }) => !column?.generated);
  const wanted = writableColumns.filter(({ column }) => !(column?.key && column.hasDefault));
  if (inside) {
    const written = alreadyIn(request, insertColumns.from, insertColumns.to);
    const left = wanted.filter(({ name }) => !written.has(name));
    if (left.length > 1 && request.offers.wanted === '') offerList(request, left, 400, '');
    for (const [index, column] of writableColumns.entries())
      if (!written.has(column.name))
        request.offers.add(
          column.name,
          (column.column?.key && column.column.hasDefault ? 280 : 300) - index / 50,
          () => ({
            label: column.name,
            kind: 'column',
            detail: `${request.names.type(column.type)}${column.column?.notNull && !column.column.hasDefault ? ' · required' : ''}`,
            comment: column.comment,
            insert: request.names.name(column.name),
          }),
        );
    return true;
  }
  if (insertColumns === null && wanted.length > 0 && request.offers.wanted === '' && before !== 'as')
    offerList(request, wanted, 400, request.keyword('values'));
  keywords(request, afterClause.insert ?? [], 200);
  return true;
}

/** All columns at once, with or without the VALUES that take them. */
function offerList(request: Request, columns: readonly ScopeColumn[], weight: number, values: string): void {
  const names = columns.map(({ name }) => request.names.name(name));
  const list = names.join(', ');
  const stops = columns
    .map(({ name }, index) => `\${${index + 1}:${name.replace(/[^\p{L}\p{N}_ ]/gu, '')}}`)
    .join(', ');
  request.offers.add('', weight, () =>
    values === ''
      ? { label: list, kind: 'list', detail: `${columns.length} columns`, insert: list }
      : {
          label: `(${list}) ${values}`,
          kind: 'list',
          detail: `${columns.length} columns`,
          insert: `(${list.replace(/[\\$}]/g, '\\$&')})\n${values} (${stops})`,
          isSnippet: true,
        },
  );
}

function offerConflict(spot: Spot): boolean {
  const { request, level, before, open } = spot;
  const { target } = level.part;
  if (open >= 0 && target) {
    const into = request.scope.sourceOf(target, level.query, 0);
    offerColumnsOf(request, into, 250, (column) => (column.key ? 100 : 0));
    return true;
  }
  if (before === 'conflict') {
    const into = target && request.scope.sourceOf(target, level.query, 0);
    const relation = into?.relation;
    for (const [index, key] of (relation ? request.catalog.uniqueKeysOf(relation.oid) : []).entries()) {
      const names = key.map((number) =>
        request.names.name(relation?.columns.find((column) => column.number === number)?.name ?? ''),
      );
      const label = `(${names.join(', ')})`;
      request.offers.add(label, 300 - index, () => ({
        label,
        kind: 'list',
        detail: index === 0 ? 'primary key' : 'unique',
      }));
    }
    keywords(request, afterClause.conflict ?? [], 250);
  } else if (before === 'do') keywords(request, ['update set', 'nothing'], 300);
  else if (before === 'constraint') return true;
  else if (before === 'where' || before === 'and') offerOperand(spot);
  else keywords(request, afterClause.conflict ?? [], 250);
  return true;
}

function offerByClause(spot: Spot): void {
  const { request, clause, before } = spot;
  switch (clause) {
    case '':
      offerStart(spot);
      return;
    case 'from':
    case 'using':
      offerFrom(spot);
      return;
    case 'update':
    case 'delete':
    case 'merge':
      offerTarget(spot);
      return;
    case 'set':
      offerSet(spot);
      return;
    case 'with':
      offerWith(spot);
      return;
    case 'when':
      offerWhen(spot);
      return;
    case 'insert':
      keywords(request, ['into'], 200);
      return;
    case 'fetch':
    case 'for':
      keywords(request, clause === 'for' && before === 'of' ? [] : (afterClause[clause] ?? []), 200);
      return;
  }
  if (wantsOperand(spot)) offerOperand(spot);
  else offerAfterOperand(spot);
}

/** Before any clause: after UNION, AS, TABLE, in a fresh bracket. */
function offerStart(spot: Spot): void {
  const { request, before, level } = spot;
  if (before === 'table') {
    offerRelations(request, selectable, 'sources');
    return;
  }
  if (['union', 'intersect', 'except'].includes(before)) {
    keywords(request, ['all', 'select', 'distinct', 'values'], 300);
    return;
  }
  const inner = level.query.parent !== null || level.query.parts.length > 1 || before === 'as' || before === '(';
  keywords(request, inner ? ['select', 'with', 'values', 'table'] : statementWords, 200);
}

function offerTarget(spot: Spot): void {
  const { request, clause, before, level } = spot;
  if (request.qualifier.length > 0 || request.at === spot.clauseFrom || before === 'only')
    offerRelations(request, writable, 'none');
  else if (before !== 'as') keywords(request, afterClause[clause] ?? [], 200 + level.sources.length);
}

function offerWith(spot: Spot): void {
  const { request, before, level } = spot;
  const lastCte = level.query.ctes.at(-1);
  if (before === 'with') keywords(request, ['recursive'], 200);
  else if (before === ',' || before === 'recursive') return;
  else if (before === 'as') keywords(request, ['materialized', 'not materialized'], 200);
  else if (before === ')' && lastCte?.query)
    keywords(request, ['select', 'insert into', 'update', 'delete from', 'merge into'], 250);
  else keywords(request, ['as'], 200);
}

function offerWhen(spot: Spot): void {
  const { request, before, clauseFrom } = spot;
  const { reader, at } = request;
  const words = new Set<string>();
  for (let index = clauseFrom; index < at; index++) words.add(reader.word(index));
  if (at === clauseFrom)
    keywords(request, ['matched then', 'not matched then', 'matched and', 'not matched by source then'], 300);
  else if (before === 'then')
    keywords(request, words.has('not') ? ['insert', 'do nothing'] : ['update set', 'delete', 'do nothing'], 300);
  else if (before === 'and' || comparisons.has(before)) offerOperand(spot);
  else if (words.has('insert') && spot.open >= 0) {
    const { target } = spot.level.part;
    if (target) offerColumnsOf(request, request.scope.sourceOf(target, spot.level.query, 0), 300);
  } else keywords(request, ['matched', 'then', 'and', 'values', 'when', 'by source', 'by target'], 200);
}

/** The columns to be set, then what they are set to. */
function offerSet(spot: Spot): void {
  const { request, before, level, clauseFrom, open } = spot;
  const { reader, at } = request;
  const { target } = level.part;
  const naming = at === clauseFrom || (before === ',' && open < 0) || (open >= 0 && open === clauseFrom);
  if (!naming || !target) {
    offerExpression(spot);
    return;
  }
  const into = request.scope.sourceOf(target, level.query, 0);
  const written = new Set<string>();
  for (let index = clauseFrom; index < reader.tokens.length && index < level.part.to; index = reader.skip(index))
    if (reader.text(index + 1) === '=' && reader.isName(index)) written.add(reader.tokens[index]?.text ?? '');
  const assigns = reader.text(at) === '=' || open >= 0 ? '' : ' = ';
  for (const [index, column] of into.columns.entries())
    if (!column.column?.generated && !written.has(column.name))
      request.offers.add(column.name, 300 - index / 50 - (column.key ? 60 : 0), () => ({
        label: column.name,
        kind: 'column',
        detail: request.names.type(column.type),
        comment: column.comment,
        insert: `${request.names.name(column.name)}${assigns}`,
      }));
}

function offerFrom(spot: Spot): void {
  const { request, before, level, clauseFrom, open } = spot;
  const { reader, at } = request;
  const state = fromState(spot);
  if (state === 'condition') {
    if (before === 'on' || (before === 'and' && open < 0))
      if (request.qualifier.length === 0) offerConditions(request, level, 420);
    offerExpression(spot, 'on');
    return;
  }
  if (state === 'arguments') {
    offerExpression(spot);
    return;
  }
  if (state === 'relation') {
    if (before === 'join' && request.qualifier.length === 0) offerJoins(request, level, 330);
    offerRelations(request, selectable, 'sources');
    if (before !== 'join' || reader.word(at - 2) !== 'natural') keywords(request, ['lateral', 'only'], 20);
    return;
  }
  if (request.qualifier.length > 0) return;
  if (['left', 'right', 'full', 'inner', 'cross', 'natural', 'outer'].includes(before)) {
    keywords(
      request,
      before === 'inner' || before === 'cross' || before === 'outer'
        ? ['join']
        : ['join', 'outer join', 'left join', 'inner join'],
      300,
    );
    return;
  }
  const last = lastJoin(spot);
  if (last === 'join') {
    offerOn(spot);
    keywords(request, ['on', 'using', 'as'], 300);
    return;
  }
  keywords(request, afterClause[spot.clause === 'using' ? 'using' : 'from'] ?? [], 250);
  // Whole joins, after the keywords: they are longer and less often meant.
  if (at > clauseFrom) {
    offerJoins(request, level, request.offers.wanted === '' ? 150 : 200, 'join');
    if (request.offers.wanted.startsWith('l')) offerJoins(request, level, 150, 'left join');
  }
}

/** After `join customer c`: the whole `on …`. */
function offerOn(spot: Spot): void {
  const { request, level } = spot;
  const inner = { ...request, offers: new Offers('') };
  offerConditions(inner, level, 0);
  for (const [index, { label }] of inner.offers.best(5).entries()) {
    const text = `${request.keyword('on')} ${label}`;
    request.offers.add(`on ${label}`, 400 - index, () => ({ label: text, kind: 'join', detail: 'foreign key' }));
  }
}

/** The last word of the FROM, at its own level, that says what comes. */
function lastJoin({ request, clauseFrom }: Spot): string {
  const { reader, at } = request;
  let last = '';
  for (let index = clauseFrom; index < at; index = reader.skip(index)) {
    const word = reader.word(index) || reader.text(index);
    if (['join', 'on', 'using', ','].includes(word)) last = word;
    if (
      word === 'join' &&
      ['cross', 'natural'].includes(reader.word(index - 1) === 'inner' ? '' : reader.word(index - 1))
    )
      last = ',';
    if (word === 'join' && reader.word(index - 2) === 'natural') last = ',';
  }
  return last;
}

function fromState(spot: Spot): 'relation' | 'condition' | 'arguments' | 'after' {
  const { request, before, clauseFrom, open } = spot;
  const { reader, at } = request;
  if (open >= clauseFrom) {
    // A bracket of a join is like none; one of a function has arguments; one after ON has a condition.
    const caller = reader.tokens[open - 1];
    const nested =
      open === clauseFrom ||
      ['join', 'from', ',', '(', 'lateral'].includes(reader.word(open - 1) || reader.text(open - 1));
    if (!nested && caller) return lastJoin({ ...spot }) === 'on' ? 'condition' : 'arguments';
    if (before === '(') return 'relation';
  }
  if (at === clauseFrom || ['join', ',', 'lateral', 'only', 'from', 'using'].includes(before))
    return lastJoin(spot) === 'on' && before === ',' && open >= 0 ? 'condition' : 'relation';
  return lastJoin(spot) === 'on' ? 'condition' : 'after';
}

/** An operand, or what may follow one; after ON the keywords are its own. */
function offerExpression(spot: Spot, clause = spot.clause): void {
  if (wantsOperand(spot)) offerOperand(spot);
  else offerAfterOperand({ ...spot, clause });
}

function wantsOperand({ request, before, clauseFrom }: Spot): boolean {
  const { reader, at } = request;
  if (request.qualifier.length > 0 || at === clauseFrom) return true;
  const kind = reader.tokens[at - 1]?.kind;
  if (kind === 'other' || before === ':') return true;
  if (kind === 'operator')
    return !(
      before === '*' && ['select', ',', 'returning', '.', '('].includes(reader.word(at - 2) || reader.text(at - 2))
    );
  if (before === '(' || before === ',' || before === '[') return true;
  return kind === 'word' && reader.text(at - 2) !== '.' && operandAfter.has(before);
}

/** The column on the other side of a comparison, of IN (…), of SET and of VALUES. */
function comparedColumn(spot: Spot): ScopeColumn | null {
  const { request, levels, open, level } = spot;
  const { reader, at } = request;
  if (reader.tokens[at - 1]?.kind === 'operator') return columnBefore(request, levels, at - 1);
  const direct = reader.word(at - 1);
  if (direct === 'like' || direct === 'ilike' || direct === 'from')
    return direct === 'from' && reader.word(at - 2) === 'distinct'
      ? columnBefore(request, levels, at - (reader.word(at - 3) === 'not' ? 4 : 3))
      : null;
  if (direct === 'when' && open < 0) {
    const start = caseBefore(spot);
    return start >= 0 && reader.isName(start + 1) && reader.word(start + 1) !== 'when'
      ? columnBefore(request, levels, reader.text(start + 2) === '.' ? start + 4 : start + 2)
      : null;
  }
  if (open < 0) return null;
  if (reader.word(open - 1) === 'in')
    return columnBefore(request, levels, open - (reader.word(open - 2) === 'not' ? 2 : 1));
  if (['any', 'some', 'all'].includes(reader.word(open - 1)) && reader.tokens[open - 2]?.kind === 'operator')
    return columnBefore(request, levels, open - 2);
  const { target, insertColumns } = level.part;
  if (spot.clause !== 'values' || !target) return null;
  let place = 0;
  for (let index = open + 1; index < at; index = reader.skip(index)) if (reader.text(index) === ',') place++;
  const into = request.scope.sourceOf(target, level.query, 0);
  if (!insertColumns) return into.columns[place] ?? null;
  const name = reader.names(insertColumns.from, insertColumns.to)[place];
  return into.columns.find((column) => column.name === name) ?? null;
}

function offerOperand(spot: Spot): void {
  const { request, levels, clause, before, level, clauseFrom, open } = spot;
  const { reader, at, qualifier } = request;
  const compared = comparedColumn(spot);
  if (qualifier.length > 0) {
    offerQualified(spot, compared);
    return;
  }
  if (compared) offerValues(request, compared, 380);
  const values = compared !== null && labelsOf(request, compared).length > 0;
  const first = at === clauseFrom;
  if (clause === 'select' && first) keywords(request, firstOfSelect, 60);
  if (clause === 'select' && (first || before === 'distinct'))
    request.offers.add('*', 120, () => ({ label: '*', kind: 'list', detail: 'all columns' }));
  if (clause === 'group by' && first) offerGroups(spot);
  if (clause === 'order by') offerOutput(request, level, 420);
  if (clause === 'limit' || clause === 'offset') {
    keywords(request, clause === 'limit' ? ['all'] : [], 50);
    if (open < 0) return;
  }
  if (reader.word(at - 1) === 'is') {
    keywords(
      request,
      ['null', 'not null', 'distinct from', 'not distinct from', 'true', 'false', 'not true', 'not false', 'unknown'],
      300,
    );
    return;
  }
  if (reader.word(at - 1) === 'not' && !isBeginning(reader.word(at - 2) || reader.text(at - 2))) {
    keywords(request, ['null', 'in', 'like', 'between', 'ilike', 'exists', 'similar to'], 300);
    return;
  }
  offerColumns(request, levels, values ? 250 : 300, fitFor(compared, clause === 'values'));
  offerAliases(request, levels, clause === 'values' ? 0 : 140);
  offerFunctions(request, ['function', 'aggregate', 'window'], 60);
  const subquery = before === '(' && !['values', 'using'].includes(clause);
  if (subquery)
    keywords(
      request,
      ['select'],
      reader.word(at - 2) === 'exists' || reader.word(at - 2) === 'in' || reader.word(at - 2) === 'any' ? 400 : 90,
    );
  keywords(request, operandWords, clause === 'values' && compared ? 60 : 50);
  if (clause === 'values') keywords(request, ['default'], 200);
  if (inCase(spot)) keywords(request, before === 'case' ? ['when'] : [], 400);
}

const isBeginning = (word: string): boolean =>
  ['where', 'and', 'or', 'on', 'having', '(', 'when', 'not', 'select', ','].includes(word);

/** More for a column of the same type as the other side, and for one that is named alike. */
function fitFor(compared: ScopeColumn | null, isValues: boolean): (column: ScopeColumn) => number {
  if (isValues) return () => -200;
  if (!compared) return () => 0;
  return (column) =>
    (column === compared ? -60 : 0) +
    (column.typeOid !== 0 && column.typeOid === compared.typeOid ? 30 : 0) +
    (column.name === compared.name ? -10 : 0);
}

function offerGroups(spot: Spot): void {
  const { request, level } = spot;
  const list = ungrouped(request, level);
  const label = list.join(', ');
  if (list.length > 1 && request.offers.wanted === '')
    request.offers.add('', 500, () => ({ label, kind: 'list', detail: 'all that is not aggregated' }));
  for (const [index, each] of list.entries())
    request.offers.add(each, 450 - index, () => ({ label: each, kind: 'column', detail: 'of the list' }));
}

/** After `alias.`, `table.` or `schema.`. */
function offerQualified(spot: Spot, compared: ScopeColumn | null): void {
  const { request, levels } = spot;
  const { qualifier, catalog, scope } = request;
  const [first = '', second] = qualifier;
  const source =
    second === undefined ? (sourceCalled(levels, first) ?? anywhere(request, request.scope.root, first)) : null;
  if (source) {
    offerColumnsOf(request, source, 400, fitFor(compared, false));
    if (spot.clause === 'select' || spot.clause === 'returning')
      request.offers.add('*', 200, () => ({ label: '*', kind: 'list', detail: `all of ${first}` }));
    return;
  }
  const relation =
    second === undefined ? catalog.relation(null, first, request.path) : catalog.relation(first, second, request.path);
  if (relation) {
    const unnamed = {
      kind: 'relation',
      schema: relation.schema,
      name: relation.name,
      alias: null,
      columnNames: [],
      query: null,
      lateral: false,
      from: 0,
      to: 0,
    } as const;
    offerColumnsOf(request, scope.sourceOf(unnamed, queryAt(scope.root, request.at), 0), 350);
    return;
  }
  if (!catalog.schemas.has(first) || second !== undefined) return;
  offerFunctions(request, ['function', 'aggregate', 'window'], 200);
  offerRelations(request, selectable);
}

/** In broken text an alias may lie in a bracket that was never closed. */
function anywhere(request: Request, query: Query, alias: string): ScopeSource | null {
  for (const part of query.parts)
    for (const source of part.sources) if (source.alias === alias) return request.scope.sourceOf(source, query, 0);
  for (const child of query.children) {
    const found = anywhere(request, child, alias);
    if (found) return found;
  }
  return null;
}

function sourceCalled(levels: readonly Level[], alias: string): ScopeSource | null {
  for (const { sources } of levels) {
    const found = sources.find((source) => source.alias === alias);
    if (found) return found;
  }
  return null;
}

/** The index of the CASE that is open at the caret; -1 where none is. */
function caseBefore({ request, clauseFrom, open }: Spot): number {
  const { reader, at } = request;
  const starts: number[] = [];
  for (let index = Math.max(clauseFrom, open + 1); index < at; index = reader.skip(index)) {
    if (reader.word(index) === 'case') starts.push(index);
    else if (reader.word(index) === 'end') starts.pop();
  }
  return starts.at(-1) ?? -1;
}
const inCase = (spot: Spot): boolean => caseBefore(spot) >= 0;

function offerAfterOperand(spot: Spot): void {
  const { request, clause, open, before } = spot;
  const { reader, at } = request;
  if (request.qualifier.length > 0) return;
  const started = caseBefore(spot);
  if (started >= 0) {
    let last = '';
    for (let index = started; index < at; index = reader.skip(index))
      if (['case', 'when', 'then', 'else'].includes(reader.word(index))) last = reader.word(index);
    keywords(
      request,
      last === 'case'
        ? ['when']
        : last === 'when'
          ? ['then', 'and', 'or']
          : last === 'then'
            ? ['when', 'else', 'end']
            : ['end'],
      400,
    );
    keywords(request, operatorWords, 150);
    return;
  }
  if (open >= 0) {
    const caller = reader.word(open - 1);
    if (caller === 'extract' || caller === 'substring' || caller === 'trim') keywords(request, ['from'], 400);
    if (caller === 'cast') keywords(request, ['as'], 400);
    if (/_agg$/.test(caller)) keywords(request, ['order by'], 300);
    if (caller === 'in' || clause === 'values') return;
    keywords(request, operatorWords, 250);
    return;
  }
  if (clause === 'values' || clause === 'limit' || clause === 'offset') {
    keywords(request, afterClause[clause] ?? [], 300);
    return;
  }
  const ended = reader.text(at - 1) === ')' && (clause === 'select' || clause === 'order by');
  keywords(request, afterClause[clause] ?? [], ended || clause !== 'where' ? 300 : 280);
  if (clause === 'select' && before !== '*') keywords(request, ['over', 'filter'], ended ? 285 : 20);
  const weight = clause === 'where' || clause === 'on' || clause === 'having' ? 270 : clause === 'set' ? 100 : 120;
  keywords(
    request,
    operatorWords.filter((word) => !['and', 'or'].includes(word) || weight < 200),
    weight,
  );
}
