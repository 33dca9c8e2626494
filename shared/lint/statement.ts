/** A statement as the rules see it: its text, its tree, what its names mean, and its tokens for the fixes. */
import type { Catalog, Relation } from '../complete/catalog.ts';
import { Scanner, type TokenKind } from '../sql/scan.ts';
import type { Names } from './names/names.ts';
import type { ScriptFacts } from './names/script-facts.ts';
import type { Edit, Fix, Problem, Severity } from './problem.ts';
import { type Fields, opened } from './tree.ts';

export interface Token {
  readonly kind: TokenKind;
  readonly from: number;
  readonly to: number;
  /** In lower case, for words; else as it stands. */
  readonly word: string;
}

export class CheckedStatement {
  readonly text: string;
  readonly tree: Fields;
  readonly kind: string;
  readonly fields: Fields;
  readonly catalog: Catalog;
  readonly names: Names;
  readonly script: ScriptFacts;
  readonly problems: Problem[] = [];
  private scanned: readonly Token[] | null = null;

  constructor(parts: { text: string; tree: Fields; catalog: Catalog; names: Names; script: ScriptFacts }) {
    this.text = parts.text;
    this.tree = parts.tree;
    this.catalog = parts.catalog;
    this.names = parts.names;
    this.script = parts.script;
    const { kind, fields } = opened(parts.tree);
    this.kind = kind;
    this.fields = fields;
  }

  /** Without comments. */
  get tokens(): readonly Token[] {
    this.scanned ??= tokensOf(this.text);
    return this.scanned;
  }

  /** Index of the token that begins at or after the offset. */
  tokenAt(offset: number): number {
    const { tokens } = this;
    let low = 0;
    let high = tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tokens[middle]?.from ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  word(index: number): string {
    return this.tokens[index]?.word ?? '';
  }
  /** Index of the bracket that closes the one at `open`; -1 where there is none. */
  closing(open: number): number {
    let depth = 0;
    for (let at = open; at < this.tokens.length; at++) {
      if (this.word(at) === '(') depth++;
      else if (this.word(at) === ')' && --depth === 0) return at;
    }
    return -1;
  }
  /** First index from `from` on, outside of inner brackets, whose word is one of these; -1 where none is. */
  findWord(from: number, words: readonly string[], to = this.tokens.length): number {
    let depth = 0;
    for (let at = from; at < to; at++) {
      const word = this.word(at);
      if (depth === 0 && words.includes(word)) return at;
      if (word === '(') depth++;
      else if (word === ')') depth--;
      if (depth < 0) return -1;
    }
    return -1;
  }
  /** After the last token, before the semicolon. */
  get end(): number {
    const last = this.tokens.at(-1);
    if (last?.word !== ';') return last?.to ?? this.text.length;
    return this.tokens.at(-2)?.to ?? last.from;
  }
  /** The names written at the offset: `schema.table`. */
  nameRange(at: number): { from: number; to: number } {
    let index = this.tokenAt(at);
    const from = this.tokens[index]?.from ?? at;
    while (this.word(index + 1) === '.' && this.tokens[index + 2]) index += 2;
    return { from, to: this.tokens[index]?.to ?? at };
  }
  tokenRange(at: number): { from: number; to: number } {
    const token = this.tokens[this.tokenAt(at)];
    return token ? { from: token.from, to: token.to } : { from: at, to: Math.min(this.text.length, at + 1) };
  }
  head(words = 2): { from: number; to: number } {
    return {
      from: this.tokens[0]?.from ?? 0,
      to: this.tokens[Math.min(words, this.tokens.length) - 1]?.to ?? this.text.length,
    };
  }

  report(
    rule: string,
    severity: Severity,
    { from, to }: { from: number; to: number },
    message: string,
    explanation: string,
    fixes: readonly (Fix | null)[] = [],
  ): void {
    this.problems.push({ rule, severity, from, to, message, explanation, fixes: fixes.filter((fix) => fix !== null) });
  }
}

export const insertAt = (at: number, text: string): Edit => ({ from: at, to: at, text });
export const replace = ({ from, to }: { from: number; to: number }, text: string): Edit => ({ from, to, text });

/** -1 where it is not known or was never counted. */
export const rowsOf = (relation: Relation | null): number => relation?.rowEstimate ?? -1;
/** Where a mistake begins to be felt. */
export const bigTable = 100_000;

function tokensOf(text: string): Token[] {
  const scanner = new Scanner(text);
  const tokens: Token[] = [];
  while (scanner.next()) {
    const { kind, from, to } = scanner;
    if (kind === 'comment') continue;
    const raw = text.slice(from, Math.min(to, from + 200));
    tokens.push({ kind, from, to, word: kind === 'word' ? raw.toLowerCase() : kind === 'string' ? "'" : raw });
  }
  return tokens;
}
