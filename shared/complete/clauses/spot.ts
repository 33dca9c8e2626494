/** A position in a query, and what can be read off the tokens before it. */
import { columnBefore } from '../expressions.ts';
import type { Query } from '../query.ts';
import type { Request } from '../request.ts';
import type { Level, ScopeColumn } from '../scope.ts';

export interface Spot {
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

export const comparisons = new Set([
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

/** Innermost bracket within the query that is open at `at`. */
export function bracketAround({ reader }: Request, query: Query, at: number): number {
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

export const keywords = (request: Request, list: readonly string[], weight: number): void => {
  if (request.qualifier.length > 0) return;
  for (const [index, word] of list.entries())
    request.offers.add(word, weight - index, () => ({
      label: request.keyword(word),
      kind: 'keyword',
      insert: `${request.keyword(word)} `,
    }));
};

/** The index of the CASE that is open at the caret; -1 where none is. */
export function caseBefore({ request, clauseFrom, open }: Spot): number {
  const { reader, at } = request;
  const starts: number[] = [];
  for (let index = Math.max(clauseFrom, open + 1); index < at; index = reader.skip(index)) {
    if (reader.word(index) === 'case') starts.push(index);
    else if (reader.word(index) === 'end') starts.pop();
  }
  return starts.at(-1) ?? -1;
}

export function wantsOperand({ request, before, clauseFrom }: Spot): boolean {
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
export function comparedColumn(spot: Spot): ScopeColumn | null {
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
