/** The statements of a text with the comments that belong to them: those before a statement, and one behind it on its last line. */
import { splitSql } from '../sql/split.ts';

export interface Piece {
  readonly from: number;
  readonly to: number;
}

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let before = 0;
  for (const { to } of splitSql(text, { lenient: true })) {
    let from = before;
    while (from < to && /\s/.test(text.charAt(from))) from++;
    const behind = /[ \t]*--[^\n\r]*/y;
    behind.lastIndex = to;
    const end = behind.test(text) ? behind.lastIndex : to;
    pieces.push({ from, to: end });
    before = end;
  }
  return pieces;
}
