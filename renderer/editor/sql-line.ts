/**
 * Colours SQL a line at a time, with PostgreSQL's own lexical rules (shared/sql/scan.ts). The dollar-quoted body of a
 * function or DO is coloured as the code it is; any other dollar quote is a string.
 */
import { type OpenToken, Scanner } from '../../shared/sql/scan.ts';
import { colourOfWord } from './sql-words.ts';

export type Colour =
  | 'keyword'
  | 'type'
  | 'identifier'
  | 'quoted'
  | 'string'
  | 'number'
  | 'comment'
  | 'param'
  | 'operator'
  | 'delimiter';

export type ColouredToken = { readonly from: number; readonly colour: Colour };

/** What a line leaves for the next one. */
export type LineState = {
  readonly open: OpenToken | null;
  /** The statement begins with CREATE or DO, so it may have a body. */
  readonly mayHaveBody: boolean;
  /** The next dollar quote is that body: AS, DO or a language stands before it. */
  readonly bodyNext: boolean;
  /** Inside a body: its delimiter, and what is open in the code. */
  readonly body: { readonly tag: string; readonly open: OpenToken | null } | null;
};

export const firstLine: LineState = { open: null, mayHaveBody: false, bodyNext: false, body: null };

export function sameState(one: LineState, other: LineState): boolean {
  if (one === other) return true;
  return one.mayHaveBody === other.mayHaveBody && one.bodyNext === other.bodyNext && key(one) === key(other);
}
const key = ({ open, body }: LineState): string => (open || body ? JSON.stringify([open, body]) : '');

type Context = { mayHaveBody: boolean; bodyNext: boolean };

/** The tokens of one line (each reaches to the next one) and the state after it. */
export function colourLine(line: string, state: LineState): { tokens: ColouredToken[]; after: LineState } {
  const tokens: ColouredToken[] = [];
  const context: Context = { mayHaveBody: state.mayHaveBody, bodyNext: state.bodyNext };
  let from = 0;
  let open = state.open;
  let body = state.body;
  for (;;) {
    if (body !== null) {
      const close = line.indexOf(body.tag, from);
      const end = close < 0 ? line.length : close;
      const inner = colourCode(line.slice(from, end), from, body.open, tokens);
      if (close < 0) return { tokens, after: { open: null, ...pick(context), body: { tag: body.tag, open: inner } } };
      tokens.push({ from: close, colour: 'delimiter' });
      from = close + body.tag.length;
      body = null;
      open = null;
    }
    const outer = colourOuter(line, from, open, context, tokens);
    if (outer.tag === null) return { tokens, after: { open: outer.open, ...pick(context), body: null } };
    from = outer.from;
    body = { tag: outer.tag, open: null };
  }
}

const pick = ({ mayHaveBody, bodyNext }: Context) => ({ mayHaveBody, bodyNext });

/** Colours up to the end of the line, or to where a body begins. */
function colourOuter(
  line: string,
  from: number,
  open: OpenToken | null,
  context: Context,
  tokens: ColouredToken[],
): { tag: string; from: number } | { tag: null; open: OpenToken | null } {
  const scanner = new Scanner(line, { from, open });
  while (scanner.next()) {
    const { kind } = scanner;
    if (kind === 'string' && scanner.tag !== '' && context.bodyNext && line.startsWith(scanner.tag, scanner.from)) {
      tokens.push({ from: scanner.from, colour: 'delimiter' });
      context.bodyNext = false;
      return { tag: scanner.tag, from: scanner.from + scanner.tag.length };
    }
    push(tokens, scanner, 0, false);
    if (kind === 'word') noteWord(line.slice(scanner.from, scanner.to).toLowerCase(), context);
    else if (line.charAt(scanner.from) === ';') Object.assign(context, { mayHaveBody: false, bodyNext: false });
    else if (kind !== 'comment') context.bodyNext = false;
  }
  return { tag: null, open: scanner.open };
}

/** AS and DO are followed by the body; so is LANGUAGE x in DO LANGUAGE x $$…$$. */
function noteWord(word: string, context: Context): void {
  if (word === 'create' || word === 'do') context.mayHaveBody = true;
  context.bodyNext = context.mayHaveBody && (word === 'as' || word === 'do' || word === 'plpgsql' || word === 'sql');
}

/** Colours a piece of a body that stands at `offset` of the line; returns what it leaves open. */
function colourCode(code: string, offset: number, open: OpenToken | null, tokens: ColouredToken[]): OpenToken | null {
  const scanner = new Scanner(code, { open });
  while (scanner.next()) push(tokens, scanner, offset, true);
  return scanner.open;
}

function push(tokens: ColouredToken[], scanner: Scanner, offset: number, inBody: boolean): void {
  tokens.push({ from: offset + scanner.from, colour: colourOf(scanner, inBody) });
  // What follows is white space until the next token says otherwise.
  tokens.push({ from: offset + scanner.to, colour: 'delimiter' });
}

function colourOf({ kind, text, from, to }: Scanner, inBody: boolean): Colour {
  switch (kind) {
    case 'word':
      // After a dot it is a name, whatever it is.
      if (text.charAt(from - 1) === '.' && text.charAt(from - 2) !== '.') return 'identifier';
      return to - from > 30 ? 'identifier' : colourOfWord(text.slice(from, to).toLowerCase(), inBody);
    case 'quotedIdentifier':
      return 'quoted';
    case 'string':
    case 'number':
    case 'comment':
    case 'param':
    case 'operator':
      return kind;
    default:
      return 'delimiter';
  }
}
