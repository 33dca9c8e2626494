/** A style with what lays out a query inside brackets, so that expressions need not know of queries. */
import type { Doc } from '../doc.ts';
import { isBracket, type Piece, wordOf } from '../pieces.ts';
import type { FormatStyle } from '../style.ts';

export interface Layout extends FormatStyle {
  readonly query: (pieces: readonly Piece[]) => Doc;
}

export const setWords = new Set(['union', 'intersect', 'except']);
const queryStarts = new Set(['select', 'with', 'values', 'insert', 'update', 'delete', 'merge']);
export const isQuery = (pieces: readonly Piece[]): boolean => {
  const word = wordOf(pieces[0]);
  if (queryStarts.has(word)) return true;
  // ((select …) union (select …))
  const [first] = pieces;
  return isBracket(first) && isQuery(first.inner) && (pieces.length === 1 || setWords.has(wordOf(pieces[1])));
};
