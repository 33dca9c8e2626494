/** SQL to read, in the editor's colours, without an editor: plain text that can be selected and copied. */
import { useMemo } from 'react';
import { type Colour, type ColouredToken, colourLine, firstLine, type LineState } from './sql-line.ts';

const classes: Readonly<Record<Colour, string>> = {
  keyword: 'text-accent',
  type: 'text-tag-blue',
  identifier: '',
  quoted: '',
  string: 'text-success',
  number: 'text-warning',
  comment: 'text-faint italic',
  param: 'text-tag-purple',
  operator: 'text-muted',
  delimiter: 'text-muted',
};

/** Every token is an element; a definition beyond this many characters stays uncoloured from there on. */
const longestColoured = 200_000;

type Piece = { readonly at: number; readonly text: string; readonly colour: Colour };

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  const add = (at: number, to: number, colour: Colour): void => {
    if (to > at) pieces.push({ at, text: text.slice(at, to), colour });
  };
  let state: LineState = firstLine;
  let start = 0;
  while (start < text.length && start < longestColoured) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const line: { tokens: ColouredToken[]; after: LineState } = colourLine(text.slice(start, end), state);
    state = line.after;
    const first = line.tokens[0]?.from ?? end - start;
    add(start, start + first, 'identifier');
    for (const [index, { from, colour }] of line.tokens.entries()) {
      add(start + from, start + (line.tokens[index + 1]?.from ?? end - start), colour);
    }
    add(end, end + 1, 'identifier');
    start = end + 1;
  }
  add(start, text.length, 'identifier');
  return pieces;
}

export function SqlText({ text, label }: { readonly text: string; readonly label: string }) {
  const pieces = useMemo(() => piecesOf(text), [text]);
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
      tabIndex={0}
      className="h-full overflow-auto bg-surface"
    >
      <pre className="m-0 min-h-full p-3 font-mono text-xs leading-[18px] break-words whitespace-pre-wrap text-ink [font-variant-ligatures:none]">
        {pieces.map(({ at, text: shown, colour }) =>
          classes[colour] === '' ? (
            shown
          ) : (
            <span key={at} className={classes[colour]}>
              {shown}
            </span>
          ),
        )}
      </pre>
    </section>
  );
}
