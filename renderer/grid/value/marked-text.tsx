import type { ReactNode } from 'react';
import { visibleText } from '../../ui/visible-text.ts';
import { cellPieces } from '../model/cell-text.ts';

/** More marks than this are written as plain text: each one drawn is an element. */
const MOST_MARKS = 2_000;
const line = /[^\n]*\n?/g;

/** Text of several lines with everything invisible marked but line ends and tabs, which do what they say. */
export function MarkedText({ text }: { text: string }) {
  const parts: ReactNode[] = [];
  let marks = 0;
  for (const chunk of text.split(/([\n\t])/)) {
    if (chunk === '\n' || chunk === '\t' || chunk === '') {
      parts.push(chunk);
      continue;
    }
    for (const piece of cellPieces(chunk, Number.POSITIVE_INFINITY)) {
      // Spaces between words and at a line's ends are seen by where the next thing stands.
      if (!piece.mark || piece.text.startsWith('·')) {
        parts.push(piece.mark ? ' '.repeat(piece.text.length) : piece.text);
        continue;
      }
      marks++;
      parts.push(
        <span key={parts.length} className="hg-mark">
          {piece.text}
        </span>,
      );
    }
    if (marks > MOST_MARKS)
      return (text.match(line) ?? []).map((one) => one.replace(/[^\n\t]+/g, visibleText)).join('');
  }
  return parts;
}

/** One line of a cell, as the grid draws it. */
export function CellLine({ text, mostChars, cut }: { text: string; mostChars: number; cut?: boolean }) {
  return cellPieces(text, mostChars, cut).map((piece, at) =>
    piece.mark ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
      <span key={at} className="hg-mark">
        {piece.text}
      </span>
    ) : (
      piece.text
    ),
  );
}
