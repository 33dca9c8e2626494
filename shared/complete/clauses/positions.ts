/** Offers inside a query: what the clause, the bracket and the token before the caret let follow. */
import { offerTypes, offerValues, starColumns } from '../expressions.ts';
import { clauseAt } from '../query.ts';
import { offerCommonColumns, offerRelations, selectable } from '../relations.ts';
import type { Request } from '../request.ts';
import { afterClause, extractFields, frameWords, insideWindow, statementWords } from '../words.ts';
import { offerFrom } from './from.ts';
import { offerAfterOperand, offerOperand } from './operand.ts';
import { bracketAround, comparedColumn, keywords, type Spot, wantsOperand } from './spot.ts';
import { offerConflict, offerInsert, offerSet, offerTarget, offerWhen } from './writing.ts';

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
