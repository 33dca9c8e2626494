/** The tokens of the statement around the caret, without comments, and what the caret touches. */
import { Scanner, type TokenKind } from '../sql/scan.ts';

export interface Token {
  readonly kind: TokenKind;
  readonly from: number;
  readonly to: number;
  /** A word in lower case; an identifier without its quotes; anything else as it stands (long strings cut). */
  readonly text: string;
  /** As it stands in the text, for words. */
  readonly raw: string;
}

export interface Around {
  readonly tokens: readonly Token[];
  /** Index of the first token of the statement at the caret, and after its last. */
  readonly from: number;
  readonly to: number;
  /** The token the caret is in or ends, where it is a name, a string or a comment. */
  readonly touched: Token | null;
  /** How many tokens lie wholly before what is being typed. */
  readonly before: number;
}

/** More text than this on either side is not looked at: what is typed has to be answered while it is typed. */
const longestBefore = 300_000;
const longestAfter = 60_000;
const longestName = 200;

/** `text` may be a function's body, which is read like a script of its own. */
export function tokensAround(text: string, caret: number, inBody = false): Around & { readonly inComment: boolean } {
  const start = caret > longestBefore ? afterSemicolon(text, caret - longestBefore) : 0;
  const end = Math.min(text.length, caret + longestAfter);
  const scanner = new Scanner(end < text.length ? text.slice(0, end) : text, { from: start });
  const tokens: Token[] = [];
  let touched: Token | null = null;
  let inComment = false;
  let before = 0;
  while (scanner.next()) {
    const { kind, from, to } = scanner;
    const touches = from < caret && (caret < to || (caret === to && scanner.problem === 'unterminated'));
    if (kind === 'comment') {
      const lineEnd = caret === to && from < caret && text.startsWith('--', from);
      if (touches || lineEnd) inComment = true;
      continue;
    }
    const token = tokenOf(text, kind, from, to, scanner.tag);
    if (kind === 'string' && scanner.tag !== '' && from + scanner.tag.length <= caret && touches) {
      const open = scanner.problem === 'unterminated';
      return shifted(text, from + scanner.tag.length, open ? to : to - scanner.tag.length, caret);
    }
    const named = kind === 'word' || kind === 'quotedIdentifier' || kind === 'param' || kind === 'number';
    if (touches || (named && from < caret && caret === to)) touched = token;
    else if (to <= caret) before = tokens.length + 1;
    tokens.push(token);
    if (from > caret && token.text === ';') break;
  }
  return { ...statementOf(tokens, before, inBody), tokens, touched, before, inComment };
}

/** The body of a function is read as a text of its own; its offsets are those of the whole. */
function shifted(text: string, from: number, to: number, caret: number): Around & { readonly inComment: boolean } {
  const inner = tokensAround(text.slice(from, to), caret - from, true);
  const moved = (token: Token): Token => ({ ...token, from: token.from + from, to: token.to + from });
  const tokens = inner.tokens.map(moved);
  const touched = inner.touched && (tokens[inner.tokens.indexOf(inner.touched)] ?? moved(inner.touched));
  return { ...inner, tokens, touched };
}

function tokenOf(text: string, kind: TokenKind, from: number, to: number, tag: string): Token {
  const raw =
    to - from > longestName && tag === ''
      ? text.slice(from, from + longestName)
      : text.slice(from, Math.min(to, from + longestName));
  if (kind === 'word') return { kind, from, to, text: raw.toLowerCase(), raw };
  if (kind !== 'quotedIdentifier') return { kind, from, to, text: raw, raw };
  const open = /^u&/i.test(raw) ? 3 : 1;
  const closed = raw.length > open && raw.endsWith('"');
  return { kind, from, to, text: raw.slice(open, closed ? -1 : undefined).replaceAll('""', '"'), raw };
}

/** Words that begin a statement inside a PL/pgSQL body, after which the statement proper follows. */
const blockWords = new Set(['begin', 'then', 'else', 'loop', 'declare']);

function statementOf(tokens: readonly Token[], before: number, inBody: boolean): { from: number; to: number } {
  let from = before;
  while (from > 0 && tokens[from - 1]?.text !== ';') from--;
  let to = before;
  while (to < tokens.length && tokens[to]?.text !== ';') to++;
  if (!inBody) return { from, to };
  // `begin select …` and `if … then update …` of a body: the statement is what follows.
  for (let at = before - 1; at >= from; at--) {
    const word = tokens[at];
    if (word?.kind === 'word' && blockWords.has(word.text) && !insideCase(tokens, from, at)) {
      if (tokens[at + 1] && at + 1 <= before) from = at + 1;
      break;
    }
  }
  return { from, to };
}

/** THEN and ELSE of a CASE or a MERGE are no beginnings. */
function insideCase(tokens: readonly Token[], from: number, at: number): boolean {
  const head = tokens[from]?.text;
  if (head === 'merge' || head === 'with') return true;
  let depth = 0;
  for (let index = from; index < at; index++) {
    const { text, kind } = tokens[index] as Token;
    if (kind !== 'word') continue;
    if (text === 'case') depth++;
    else if (text === 'end') depth = Math.max(0, depth - 1);
  }
  return depth > 0;
}

function afterSemicolon(text: string, at: number): number {
  const found = text.indexOf(';\n', at);
  return found < 0 ? text.lastIndexOf('\n', at) + 1 : found + 1;
}
