/** Offers inside an expression: what can be an operand there, and what may follow one. */
import {
  labelsOf,
  offerAliases,
  offerColumns,
  offerColumnsOf,
  offerFunctions,
  offerOutput,
  offerValues,
  ungrouped,
} from '../expressions.ts';
import { type Query, queryAt } from '../query.ts';
import { offerRelations, selectable } from '../relations.ts';
import type { Request } from '../request.ts';
import type { Level, ScopeColumn, ScopeSource } from '../scope.ts';
import { afterClause, firstOfSelect, operandWords, operatorWords } from '../words.ts';
import { caseBefore, comparedColumn, keywords, type Spot, wantsOperand } from './spot.ts';

/** An operand, or what may follow one; after ON the keywords are its own. */
export function offerExpression(spot: Spot, clause = spot.clause): void {
  if (wantsOperand(spot)) offerOperand(spot);
  else offerAfterOperand({ ...spot, clause });
}

export function offerOperand(spot: Spot): void {
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

const inCase = (spot: Spot): boolean => caseBefore(spot) >= 0;

export function offerAfterOperand(spot: Spot): void {
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
