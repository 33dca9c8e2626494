/** Pieces in a row: blanks where they belong, brackets, CASE, and conditions that may be broken at AND and OR. */
import { align, type Doc, group, hardline, join, line, nest, softline } from '../doc.ts';
import { type Bracket, type Comment, firstWord, isBracket, itemsOf, type Piece, type Word, wordOf } from '../pieces.ts';
import { isKeyword, shown } from '../words.ts';
import { isQuery, type Layout } from './layout.ts';

export function commentsBefore(comments: readonly Comment[]): Doc[] {
  return comments.map((comment) =>
    comment.own || comment.text.startsWith('--') ? { kind: 'ownComment', text: comment.text } : `${comment.text} `,
  );
}
export const commentsAfter = (comments: readonly Comment[]): Doc[] =>
  comments.map(({ text }) => ({ kind: 'endComment', text }));

const stop = ({ text }: Comment): Doc => ({ kind: 'stopComment', text });

/** A word with its comments. */
export const written = (piece: Word, keyword: boolean, style: Layout): Doc => [
  ...commentsBefore(piece.before),
  shown(piece, keyword, style),
  ...commentsAfter(piece.after),
];

/** From one of the row's words to after another: all keywords. */
export function keywords(pieces: readonly Piece[], style: Layout): Doc {
  return pieces.map((piece, at): Doc => {
    const space = at > 0 ? ' ' : '';
    return isBracket(piece)
      ? [space, bracket(piece, pieces[at - 1], style)]
      : [space, written(piece, piece.kind === 'word', style)];
  });
}

/** Everything in one row. */
export function row(pieces: readonly Piece[], style: Layout): Doc {
  const docs: Doc[] = [];
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at] as Piece;
    if (at > 0) docs.push(gap(pieces, at));
    const end =
      !isBracket(piece) && piece.word === 'case' && wordOf(pieces[at - 1]) !== '.' ? endOfCase(pieces, at) : -1;
    if (end > 0) {
      docs.push(caseDoc(pieces.slice(at, end + 1), style));
      at = end;
    } else if (at < pieces.length - 1 && !isBracket(piece) && piece.after.length > 0) {
      docs.push(written({ ...piece, after: [] }, isKeyword(pieces, at), style), piece.after.map(stop));
    } else
      docs.push(
        isBracket(piece) ? bracket(piece, pieces[at - 1], style) : written(piece, isKeyword(pieces, at), style),
      );
  }
  return docs;
}

function endOfCase(pieces: readonly Piece[], from: number): number {
  let depth = 0;
  for (let at = from; at < pieces.length; at++) {
    if (wordOf(pieces[at - 1]) === '.') continue;
    if (wordOf(pieces[at]) === 'case') depth++;
    else if (wordOf(pieces[at]) === 'end' && --depth === 0) return at;
  }
  return -1;
}

function caseDoc(pieces: readonly Piece[], style: Layout): Doc {
  const parts: Piece[][] = [[]];
  let depth = 0;
  for (const [at, piece] of pieces.entries()) {
    const word = wordOf(pieces[at - 1]) === '.' ? '' : wordOf(piece);
    if (word === 'case') depth++;
    if (depth === 1 && (word === 'when' || word === 'else' || word === 'end')) parts.push([]);
    parts.at(-1)?.push(piece);
    if (word === 'end') depth--;
  }
  const [head = [], ...rest] = parts;
  const last = rest.pop() ?? [];
  return group([
    row(head, style),
    nest(
      style.indentWidth,
      rest.map((part) => [line, row(part, style)]),
    ),
    line,
    row(last, style),
  ]);
}

/** AND and OR where the condition may be broken: not those of BETWEEN, nor inside CASE. */
export function logicParts(
  pieces: readonly Piece[],
): { readonly word: Word | null; readonly part: readonly Piece[] }[] {
  const parts: { word: Word | null; part: Piece[] }[] = [{ word: null, part: [] }];
  let cases = 0;
  let between = 0;
  for (const piece of pieces) {
    const word = wordOf(piece);
    if (word === 'case') cases++;
    if (word === 'end') cases = Math.max(0, cases - 1);
    if (word === 'between' && cases === 0) between++;
    const joins = cases === 0 && (word === 'or' || (word === 'and' && between === 0));
    if (word === 'and' && cases === 0 && between > 0) between--;
    if (joins && !isBracket(piece) && (parts.at(-1)?.part.length ?? 0) > 0) parts.push({ word: piece, part: [] });
    else parts.at(-1)?.part.push(piece);
  }
  return parts;
}

/** A condition, broken before every AND and OR or at none. */
export function condition(pieces: readonly Piece[], style: Layout): Doc {
  return logicParts(pieces).map(({ word, part }) =>
    word === null ? row(part, style) : [line, written(word, true, style), ' ', row(part, style)],
  );
}

/** Elements between commas, each comma with its own comments, and `between` after (or before) it. */
export function list(items: readonly Doc[], commas: readonly Word[], style: Layout, between: Doc = line): Doc {
  const before = style.commas === 'before';
  return items.map((item, at) => {
    if (at === 0) return item;
    const comma = commas[at - 1];
    const lead = comma ? commentsBefore(comma.before) : [];
    const trail = comma ? commentsAfter(comma.after) : [];
    // Of `a, b` on one line the blank follows the comma, wherever it is put when the line breaks.
    return before
      ? [trail, between === line ? softline : between, lead, ', ', item]
      : [lead, ',', trail, between, item];
  });
}

/** Only what AND and OR begin is indented: what a bracket or CASE holds is indented by itself. */
const elementCondition = (pieces: readonly Piece[], style: Layout): Doc =>
  logicParts(pieces).map(({ word, part }) =>
    word === null
      ? row(part, style)
      : nest(style.indentWidth, [line, written(word, true, style), ' ', row(part, style)]),
  );

/** An element of a list; a comment at its end does not make the element itself break. */
export function element(item: readonly Piece[], style: Layout): Doc {
  const last = item.at(-1);
  if (last === undefined) return '';
  const end = isBracket(last) ? last.close : last;
  if (end.after.length === 0) return group(elementCondition(item, style));
  const bare: Piece = isBracket(last) ? { ...last, close: { ...last.close, after: [] } } : { ...last, after: [] };
  return [element([...item.slice(0, -1), bare], style), ...commentsAfter(end.after)];
}

export function bracket(piece: Bracket, before: Piece | undefined, style: Layout): Doc {
  const { open, inner, close } = piece;
  const start: Doc = [...commentsBefore(open.before), open.text, ...commentsAfter(open.after)];
  const end: Doc = [...commentsBefore(close.before), close.text, ...commentsAfter(close.after)];
  if (inner.length === 0) return [start, end];
  if (isQuery(inner)) {
    if (style.shape === 'river') return [start, align(style.query(inner)), end];
    const gapLine = style.shape === 'expanded' ? hardline : softline;
    return group([start, nest(style.indentWidth, [gapLine, style.query(inner)]), gapLine, end]);
  }
  if (open.word === '(' && (wordOf(before) === 'over' || wordOf(before) === 'as') && isWindow(inner))
    return group([
      start,
      nest(style.indentWidth, [
        softline,
        join(
          windowParts(inner).map((part) => windowPart(part, style)),
          line,
        ),
      ]),
      softline,
      end,
    ]);
  const elements = itemsOf(inner);
  const items = elements.map(({ item }) => element(item, style));
  const commas = elements.flatMap(({ comma }) => comma ?? []);
  return group([start, nest(style.indentWidth, [softline, list(items, commas, style)]), softline, end]);
}

const windowWords = new Set(['partition', 'order', 'rows', 'range', 'groups']);
const isWindow = (pieces: readonly Piece[]): boolean => pieces.some((piece) => windowWords.has(wordOf(piece)));

function windowParts(pieces: readonly Piece[]): Piece[][] {
  const parts: Piece[][] = [[]];
  for (const [at, piece] of pieces.entries()) {
    const word = wordOf(piece);
    const next = wordOf(pieces[at + 1]);
    const begins =
      ((word === 'partition' || word === 'order') && next === 'by') ||
      (['rows', 'range', 'groups'].includes(word) && ['between', 'unbounded', 'current'].includes(next));
    if (begins && (parts.at(-1)?.length ?? 0) > 0) parts.push([]);
    parts.at(-1)?.push(piece);
  }
  return parts;
}
function windowPart(pieces: readonly Piece[], style: Layout): Doc {
  const elements = itemsOf(pieces);
  return list(
    elements.map(({ item }) => row(item, style)),
    elements.flatMap(({ comma }) => comma ?? []),
    { ...style, commas: 'after' },
    ' ',
  );
}

const definitions = new Set(['create', 'alter', 'explain', 'grant', 'drop', 'vacuum', 'reindex', 'set']);

/** After these a bracket stands apart. */
const apart = new Set(
  `in values over filter using and or not on when then else as where select from union all except intersect case is like ilike between by group
   returning check unique key include with distinct limit offset having set insert into table returns partition default where exists any some all
   primary foreign exclude within only sets lateral materialized conflict of to add language cluster storage stored always identity`.split(
    /\s+/,
  ),
);
const tight = new Set(['any', 'all', 'some', 'exists', 'values']);

/** Between the piece and the one before it: nothing or a blank. */
export function gap(pieces: readonly Piece[], at: number): string {
  const before = pieces[at - 1] as Piece;
  const piece = pieces[at] as Piece;
  const next = firstWord(piece);
  const last = isBracket(before) ? before.close : before;
  if (next.before.length > 0) return ' ';
  if (next.word === ',' || next.word === ';') return '';
  if (next.word === '.' || last.word === '.') return '';
  if (next.word === '::' || last.word === '::') return '';
  if (next.word === ':' || last.word === ':') return next.spaced ? ' ' : '';
  if (next.word === '[') return keywordBefore(pieces, at - 1) && last.word !== 'array' ? ' ' : '';
  if (next.word === '(') return bracketGap(pieces, at, last);
  if (last.kind === 'operator' && isSign(pieces, at - 1))
    return last.text.length === 1 && next.kind !== 'operator' ? '' : ' ';
  if (last.kind === 'other' || next.kind === 'other') return next.spaced ? ' ' : '';
  return ' ';
}

function bracketGap(pieces: readonly Piece[], at: number, last: Word): string {
  if (isBracket(pieces[at - 1])) return last.word === ']' ? '' : ' ';
  if (last.kind === 'operator') return isSign(pieces, at - 1) ? '' : ' ';
  if (last.kind === 'string' || last.kind === 'number' || last.kind === 'param') return ' ';
  if (last.kind === 'quotedIdentifier') return takesColumns(pieces, at - 1) ? ' ' : '';
  if (tight.has(last.word) && last.word !== 'values') return last.word === 'exists' ? ' ' : '';
  if (takesColumns(pieces, at - 1)) return ' ';
  // Of definitions nobody reads a word before a bracket as a call.
  if (definitions.has(wordOf(pieces[0]))) return next(pieces, at).spaced ? ' ' : '';
  if (!apart.has(last.word)) return '';
  // A function may be called by some of these names: as people wrote it.
  return keywordBefore(pieces, at - 1) ? ' ' : next(pieces, at).spaced ? ' ' : '';
}
const next = (pieces: readonly Piece[], at: number): Word => firstWord(pieces[at] as Piece);
const keywordBefore = (pieces: readonly Piece[], at: number): boolean => isKeyword(pieces, at);

/** A table or an alias with its columns: `into t (…)`, `as x (…)`, `references t (…)`, `table t (…)`, `on t (…)`. */
function takesColumns(pieces: readonly Piece[], at: number): boolean {
  let start = at;
  while (wordOf(pieces[start - 1]) === '.') start -= 2;
  const before = wordOf(pieces[start - 1]);
  return (
    ['into', 'as', 'references', 'table', 'index', 'view', 'exists', 'recursive', 'with'].includes(before) ||
    (['using', 'by'].includes(before) && wordOf(pieces[0]) === 'create') ||
    (before === 'on' && pieces.slice(0, start).some((piece) => wordOf(piece) === 'index'))
  );
}

/** A plus or minus (or any prefix operator) of what follows it, not between two operands. */
function isSign(pieces: readonly Piece[], at: number): boolean {
  const piece = pieces[at];
  const before = pieces[at - 1];
  if (piece === undefined || isBracket(piece) || piece.kind !== 'operator' || piece.text === '*') return false;
  if (before === undefined) return true;
  if (isBracket(before)) return false;
  if (before.kind === 'operator' || before.word === ',') return true;
  return (
    before.kind === 'word' &&
    isKeyword(pieces, at - 1) &&
    !['end', 'null', 'true', 'false', 'current_date', 'current_timestamp', 'current_user'].includes(before.word)
  );
}
