/** A statement as nested pieces: words and signs with the comments that belong to them, and bracket groups. */
import { Scanner, type TokenKind } from '../sql/scan.ts';

export interface Comment {
  readonly text: string;
  /** It began a line of its own. */
  readonly own: boolean;
}
export interface Word {
  readonly kind: Exclude<TokenKind, 'comment'>;
  /** As it stands. */
  readonly text: string;
  /** In lower case where it is a word without quotes; '' for strings. */
  readonly word: string;
  /** White space stood before it. */
  readonly spaced: boolean;
  readonly before: Comment[];
  readonly after: Comment[];
}
export interface Bracket {
  readonly kind: 'bracket';
  readonly open: Word;
  readonly inner: readonly Piece[];
  readonly close: Word;
}
export type Piece = Word | Bracket;

export const isBracket = (piece: Piece | undefined): piece is Bracket => piece?.kind === 'bracket';
/** The word of a piece; '' for brackets, strings and quoted names. */
export const wordOf = (piece: Piece | undefined): string => (piece === undefined || isBracket(piece) ? '' : piece.word);
export const firstWord = (piece: Piece): Word => (isBracket(piece) ? piece.open : piece);

/** Null where brackets do not match, or a token is not whole. */
export function piecesOf(text: string): { readonly pieces: Piece[]; readonly last: readonly Comment[] } | null {
  const words: Word[] = [];
  const scanner = new Scanner(text);
  let before: Comment[] = [];
  let end = 0;
  while (scanner.next()) {
    const { kind, from, to } = scanner;
    if (scanner.problem !== null) return null;
    const raw = text.slice(from, to);
    const gap = text.slice(end, from);
    end = to;
    if (kind === 'comment') {
      const previous = words.at(-1);
      const alone = raw.startsWith('--') || endsLine(text, to);
      const own = alone && (/[\n\r]/.test(gap) || previous === undefined);
      const comment = { text: raw.trimEnd(), own };
      if (!own && alone && previous && before.length === 0) previous.after.push(comment);
      else before.push(comment);
      continue;
    }
    const word = kind === 'string' || kind === 'quotedIdentifier' ? '' : raw.toLowerCase();
    words.push({ kind, text: raw, word, spaced: gap !== '' || before.length > 0, before, after: [] });
    before = [];
  }
  const pieces = nested(words);
  return pieces && { pieces, last: before };
}

const endsLine = (text: string, at: number): boolean => /^[ \t]*([\n\r]|$)/.test(text.slice(at, at + 200));

function nested(words: readonly Word[]): Piece[] | null {
  const stack: { open: Word | null; inner: Piece[] }[] = [{ open: null, inner: [] }];
  for (const word of words) {
    if (word.word === '(' || word.word === '[') stack.push({ open: word, inner: [] });
    else if (word.word === ')' || word.word === ']') {
      const done = stack.pop();
      if (!done?.open || done.open.word !== (word.word === ')' ? '(' : '[')) return null;
      stack.at(-1)?.inner.push({ kind: 'bracket', open: done.open, inner: done.inner, close: word });
    } else stack.at(-1)?.inner.push(word);
  }
  return stack.length === 1 ? (stack[0]?.inner ?? null) : null;
}

/** The elements between commas, each with the comma behind it. */
export function itemsOf(pieces: readonly Piece[]): { readonly item: readonly Piece[]; readonly comma: Word | null }[] {
  const items: { item: Piece[]; comma: Word | null }[] = [];
  let item: Piece[] = [];
  for (const piece of pieces) {
    if (!isBracket(piece) && piece.word === ',') {
      items.push({ item, comma: piece });
      item = [];
    } else item.push(piece);
  }
  items.push({ item, comma: null });
  return items;
}
