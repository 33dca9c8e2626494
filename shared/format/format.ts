/** One statement in a style. Pure; whoever applies it makes sure that it still means the same (`sameTokens`, and the parser). */
import { print } from './doc.ts';
import { commentsBefore } from './layout/expression.ts';
import { statementDoc } from './layout/statement.ts';
import { isBracket, type Piece, piecesOf, wordOf } from './pieces.ts';
import type { FormatStyle } from './style.ts';

/**
 * The statement, with its semicolon where it has one; the text itself where it is of a kind that is left alone
 * (functions and their bodies, COPY), or cannot be read.
 */
export function formatStatement(text: string, style: FormatStyle): string {
  const once = formatOnce(text, style);
  // Comments that had to move may move once more; what is formatted is to stay as it is.
  const commented = once.includes('--') || once.includes('/*');
  return once === text || !commented ? once : formatOnce(once, style);
}

function formatOnce(text: string, style: FormatStyle): string {
  const read = piecesOf(text);
  if (read === null || read.pieces.length === 0 || hasBody(read.pieces)) return text;
  const pieces = [...read.pieces];
  const last = pieces.at(-1);
  const semicolon = last && !isBracket(last) && last.word === ';' ? last : null;
  if (semicolon) pieces.pop();
  const doc = statementDoc(pieces, style);
  if (doc === null) return text;
  const end = semicolon
    ? [
        ...commentsBefore(semicolon.before),
        ';',
        ...semicolon.after.map((comment) => ({ kind: 'endComment' as const, text: comment.text })),
      ]
    : [];
  const tail = read.last.map((comment) => ({ kind: 'ownComment' as const, text: comment.text }));
  const written = print([doc, end, tail], style.lineWidth);
  // A kind that has no layout of its own and does not fit: its writer has broken it better than we could.
  const broken = /\n/.test(text.trim());
  const plain = !written.includes('\n') && written.length > style.lineWidth;
  return broken && plain ? text : written;
}

/** BEGIN ATOMIC … END: statements inside a statement. */
const hasBody = (pieces: readonly Piece[]): boolean =>
  pieces.some((piece, at) => wordOf(piece) === 'atomic' && wordOf(pieces[at - 1]) === 'begin');
