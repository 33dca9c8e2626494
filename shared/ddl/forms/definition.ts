/** What a definition written by hand makes: its name, as other statements have to name it. */
import { Scanner, type TokenKind } from '../../sql/scan.ts';

interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** In capitals where it is a word. */
  readonly word: string;
  /** Nothing but the end of the token before is in front of it. */
  readonly close: boolean;
}

function tokensOf(text: string): Token[] {
  const scanner = new Scanner(text);
  const tokens: Token[] = [];
  let end = 0;
  while (scanner.next()) {
    const { kind, from, to } = scanner;
    if (kind === 'comment') continue;
    const own = text.slice(from, to);
    tokens.push({ kind, text: own, word: kind === 'word' ? own.toUpperCase() : '', close: from === end });
    end = to;
  }
  return tokens;
}

const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quotedIdentifier';
/** `schema.name` from `at` on, and where it ends. */
function nameAt(tokens: readonly Token[], at: number): { name: string; end: number } | null {
  if (!isName(tokens[at])) return null;
  let end = at + 1;
  while (tokens[end]?.text === '.' && isName(tokens[end + 1])) end += 2;
  return {
    name: tokens
      .slice(at, end)
      .map(({ text }) => text)
      .join(''),
    end,
  };
}

/** Behind `CREATE [OR REPLACE]`; null where it begins otherwise. */
function behindCreate(tokens: readonly Token[]): number | null {
  if (tokens[0]?.word !== 'CREATE') return null;
  return tokens[1]?.word === 'OR' && tokens[2]?.word === 'REPLACE' ? 3 : 1;
}

/**
 * The function or procedure that a definition makes, as COMMENT ON and ALTER name it: its arguments without their
 * defaults. Null where the text is none, or not yet.
 */
export function routineNamed(definition: string): { noun: 'FUNCTION' | 'PROCEDURE'; identity: string } | null {
  const tokens = tokensOf(definition);
  const at = behindCreate(tokens);
  const noun = at === null ? undefined : tokens[at]?.word;
  if (at === null || (noun !== 'FUNCTION' && noun !== 'PROCEDURE')) return null;
  const named = nameAt(tokens, at + 1);
  if (!named || tokens[named.end]?.text !== '(') return null;
  let args = '';
  let depth = 1;
  let inDefault = false;
  for (const { text, word, close } of tokens.slice(named.end + 1)) {
    if (text === ')' || text === ']') depth--;
    if (depth === 0) return { noun, identity: `${named.name}(${args.trim()})` };
    if (text === '(' || text === '[') depth++;
    if (depth === 1 && (word === 'DEFAULT' || text === '=')) inDefault = true;
    if (depth === 1 && text === ',') inDefault = false;
    if (!inDefault) args += close || text === ',' ? text : ` ${text}`;
  }
  return null;
}

/** The rule that a definition makes, and the table or view that it is on. Null where the text is none, or not yet. */
export function ruleNamed(definition: string): { name: string; table: string } | null {
  const tokens = tokensOf(definition);
  const at = behindCreate(tokens);
  if (at === null || tokens[at]?.word !== 'RULE') return null;
  const named = nameAt(tokens, at + 1);
  // CREATE RULE name AS ON event TO table
  if (!named || tokens[named.end]?.word !== 'AS' || tokens[named.end + 3]?.word !== 'TO') return null;
  const table = nameAt(tokens, named.end + 4);
  return table && { name: named.name, table: table.name };
}
