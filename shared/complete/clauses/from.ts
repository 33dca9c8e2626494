/** Offers in FROM: relations, whole joins, their conditions, and the words between them. */
import { offerConditions, offerJoins, offerRelations, selectable } from '../relations.ts';
import { Offers } from '../suggestion.ts';
import { afterClause } from '../words.ts';
import { offerExpression } from './operand.ts';
import { keywords, type Spot } from './spot.ts';

export function offerFrom(spot: Spot): void {
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
