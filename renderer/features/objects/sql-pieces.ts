/** SQL cut into pieces that look alike, by PostgreSQL's own lexical rules. Pure. */
import {
  columnNameKeywords,
  reservedKeywords,
  typeFunctionKeywords,
  unreservedKeywords,
} from '../../../shared/sql/keywords.ts';
import { Scanner } from '../../../shared/sql/scan.ts';

export interface Piece {
  readonly from: number;
  readonly text: string;
  readonly look: 'plain' | 'keyword' | 'string' | 'comment' | 'number';
}

const always = new Set([...reservedKeywords, ...typeFunctionKeywords, ...columnNameKeywords]);
/** Words that are often names: keywords where they are written in capitals, as the server and we do. */
const inCapitals = new Set(unreservedKeywords);
/** Beyond this a text is shown in one colour: every piece is an element of the page. */
const mostColoured = 200_000;

const isKeyword = (word: string): boolean =>
  always.has(word.toLowerCase()) || (word === word.toUpperCase() && inCapitals.has(word.toLowerCase()));

/** The pieces in order; joined they are the text. */
export function coloured(text: string): Piece[] {
  if (text.length > mostColoured) return [{ from: 0, text, look: 'plain' }];
  const pieces: Piece[] = [];
  let plainFrom = 0;
  const scanner = new Scanner(text);
  while (scanner.next()) {
    const { kind, from, to } = scanner;
    const look =
      kind === 'comment' || kind === 'string' || kind === 'number'
        ? kind
        : kind === 'word' && isKeyword(text.slice(from, to))
          ? 'keyword'
          : 'plain';
    if (look === 'plain') continue;
    if (from > plainFrom) pieces.push({ from: plainFrom, text: text.slice(plainFrom, from), look: 'plain' });
    pieces.push({ from, text: text.slice(from, to), look });
    plainFrom = to;
  }
  if (plainFrom < text.length) pieces.push({ from: plainFrom, text: text.slice(plainFrom), look: 'plain' });
  return pieces;
}
