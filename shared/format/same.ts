/** Whether two texts are the same to PostgreSQL's lexer: every token and every comment, in their order. */
import { Scanner } from '../sql/scan.ts';

export function sameTokens(one: string, other: string): boolean {
  const left = tokensOf(one);
  const right = tokensOf(other);
  return same(left.tokens, right.tokens) && same(left.comments, right.comments);
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, at) => text === other[at]);

function tokensOf(text: string): { tokens: string[]; comments: string[] } {
  const scanner = new Scanner(text);
  const tokens: string[] = [];
  const comments: string[] = [];
  while (scanner.next()) {
    const raw = text.slice(scanner.from, scanner.to);
    if (scanner.kind === 'comment') comments.push(raw.trimEnd());
    else
      tokens.push(`${scanner.kind} ${scanner.kind === 'word' && /^[A-Za-z_]+$/.test(raw) ? raw.toLowerCase() : raw}`);
  }
  return { tokens, comments };
}
