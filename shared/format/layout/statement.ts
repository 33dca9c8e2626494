/** A whole statement of any kind. What is not laid out here is kept as it stands, but for its keywords. */
import { type Doc, group, hardline, line, nest } from '../doc.ts';
import { type Bracket, isBracket, itemsOf, type Piece, wordOf } from '../pieces.ts';
import type { FormatStyle } from '../style.ts';
import { commentsAfter, commentsBefore, element, list, row } from './expression.ts';
import { isQuery, type Layout } from './layout.ts';
import { query } from './query.ts';

/** Null: to be left as it stands. */
export function statementDoc(pieces: readonly Piece[], chosen: FormatStyle): Doc | null {
  const style: Layout = { ...chosen, query: (inner) => query(inner, style) };
  if (isQuery(pieces)) return query(pieces, style);
  const first = wordOf(pieces[0]);
  if (first === 'explain') return headThenQuery(pieces, style, 1);
  if (first === 'create') return createDoc(pieces, style);
  if (first === 'alter' && wordOf(pieces[1]) === 'table') return alterTable(pieces, style);
  if (untouched.has(first)) return null;
  return row(pieces, style);
}

/** Bodies in other languages, and what psql and others read by lines. */
const untouched = new Set(['do', 'copy']);

/** `create view … as select …`, `explain (…) select …`. */
function headThenQuery(pieces: readonly Piece[], style: Layout, from: number): Doc | null {
  for (let at = from; at < pieces.length; at++) {
    const rest = pieces.slice(at);
    if (isBracket(pieces[at]) || !isQuery(rest)) continue;
    const separator = style.shape === 'compact' && wordOf(pieces[0]) === 'explain' ? line : hardline;
    return group([row(pieces.slice(0, at), style), separator, query(rest, style)]);
  }
  return row(pieces, style);
}

function createDoc(pieces: readonly Piece[], style: Layout): Doc | null {
  const words = pieces.slice(0, 6).map(wordOf);
  if (words.includes('function') || words.includes('procedure') || words.includes('rule')) return null;
  const as = pieces.findIndex((piece, at) => wordOf(piece) === 'as' && isQuery(pieces.slice(at + 1)));
  if (as > 0) return headThenQuery(pieces, style, as + 1);
  const open = words.includes('table') ? pieces.findIndex((piece) => isBracket(piece) && piece.open.word === '(') : -1;
  const body = pieces[open];
  if (!isBracket(body) || pieces.slice(0, open).some((piece) => wordOf(piece) === 'of')) return row(pieces, style);
  const rest = pieces.slice(open + 1);
  return [
    row(pieces.slice(0, open), style),
    ' ',
    tableBody(body, style),
    rest.length > 0 ? [' ', row(rest, style)] : '',
  ];
}

/** A column or constraint a line. */
function tableBody({ open, inner, close }: Bracket, style: Layout): Doc {
  const start: Doc = [...commentsBefore(open.before), '(', ...commentsAfter(open.after)];
  const end: Doc = [...commentsBefore(close.before), ')', ...commentsAfter(close.after)];
  if (inner.length === 0) return [start, end];
  const elements = itemsOf(inner);
  const items = elements.map(({ item }) => element(item, style));
  const commas = elements.flatMap(({ comma }) => comma ?? []);
  return [start, nest(style.indentWidth, [hardline, list(items, commas, style, hardline)]), hardline, end];
}

const actions = new Set([
  'add',
  'drop',
  'alter',
  'rename',
  'set',
  'reset',
  'validate',
  'owner',
  'enable',
  'disable',
  'attach',
  'detach',
  'cluster',
  'inherit',
  'no',
  'replica',
]);

function alterTable(pieces: readonly Piece[], style: Layout): Doc {
  const start = pieces.findIndex((piece, at) => at > 2 && actions.has(wordOf(piece)) && wordOf(pieces[at - 1]) !== '.');
  const elements = start < 0 ? [] : itemsOf(pieces.slice(start));
  if (elements.length === 0) return row(pieces, style);
  const items = elements.map(({ item }) => row(item, style));
  const commas = elements.flatMap(({ comma }) => comma ?? []);
  return group([row(pieces.slice(0, start), style), nest(style.indentWidth, [line, list(items, commas, style)])]);
}
