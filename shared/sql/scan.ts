/**
 * PostgreSQL's lexer (scan.l of 18) over UTF-16 text: where every token begins and ends, nothing about what it means.
 * It never fails: a token that the server would reject carries a `problem` and ends where the server's lexer would
 * stop looking, so that half-typed text can be coloured and split. Characters above U+007F are letters, as in scan.l.
 *
 * A scanner can begin inside a token that an earlier piece of text left open (a line of an editor), see `OpenToken`.
 */

export type TokenKind =
  | 'comment'
  | 'word'
  | 'quotedIdentifier'
  | 'string'
  | 'number'
  | 'param'
  | 'operator'
  /** One of `( ) [ ] , ; .` or `:` `::` `:=` `..` */
  | 'punctuation'
  /** A character that begins no token of SQL: backslash, braces, controls. */
  | 'other';

/** How a string's end is found: at a quote that is not doubled; nor escaped (E''); in B'' and X'' at any. */
export type Quoting = 'doubled' | 'escapes' | 'bits';

/** What is still open at the end of the text, so that the next piece of it can be read on from there. */
export type OpenToken =
  | { readonly kind: 'comment'; readonly depth: number }
  | { readonly kind: 'string'; readonly quoting: Quoting }
  /** A string ended; one that follows after a line break continues it under the same rules. */
  | { readonly kind: 'afterString'; readonly quoting: Quoting }
  | { readonly kind: 'dollar'; readonly tag: string }
  | { readonly kind: 'quotedIdentifier' };

export type ScanOptions = {
  /** Off: a backslash in a plain '…' is an escape, as in E'…'. Default on, as in every server since 9.1. */
  readonly standardConformingStrings?: boolean;
  readonly open?: OpenToken | null;
  /** Where to begin; default 0. */
  readonly from?: number;
};

export type Problem = 'unterminated' | 'junkAfterNumber' | 'emptyIdentifier';

export type Joint = { readonly from: number; readonly to: number };
const noJoints: Joint[] = [];

export class Scanner {
  readonly text: string;
  /** The token found last. */
  kind: TokenKind = 'other';
  from = 0;
  to = 0;
  problem: Problem | null = null;
  /** The whole delimiter of a dollar-quoted string ("$tag$"), else ''. */
  tag = '';
  /** Where a string's parts are joined over line comments: from after one part's quote to before the next one's. */
  joints: Joint[] = noJoints;
  /** What is open after the token found last; null between tokens. */
  open: OpenToken | null = null;

  private readonly plain: Quoting;
  private resume: OpenToken | null;
  /** The string that this token follows, where nothing but space and line comments lies between. */
  private continuable: OpenToken | null = null;
  /** Up to here there are only + and -, each an operator of its own: a long row of them is not looked at again and again. */
  private signsUpTo = 0;

  constructor(text: string, options: ScanOptions = {}) {
    this.text = text;
    this.to = options.from ?? 0;
    this.plain = options.standardConformingStrings === false ? 'escapes' : 'doubled';
    this.resume = options.open ?? null;
  }

  /** Finds the next token (comments included, white space not); false at the end of the text. */
  next(): boolean {
    if (this.resume !== null && this.takeUp(this.resume)) return true;
    const { text } = this;
    let at = this.to;
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    if (at >= text.length) {
      // What was open stays so: after a string and white space one that continues it may still follow.
      this.to = at;
      return false;
    }
    this.begin(at);
    this.token(at, text.charCodeAt(at));
    return true;
  }

  private begin(at: number): void {
    this.from = at;
    this.problem = null;
    this.continuable = this.open?.kind === 'afterString' ? this.open : null;
    this.open = null;
    this.tag = '';
    this.joints = noJoints;
  }

  private end(kind: TokenKind, to: number): TokenKind {
    this.kind = kind;
    this.to = to;
    return kind;
  }

  /** Goes on inside what an earlier text left open. False where nothing of it is left. */
  private takeUp(open: OpenToken): boolean {
    this.resume = null;
    const at = this.to;
    if (open.kind === 'afterString') {
      const quote = skipContinuation(this.text, at, true);
      this.open = open;
      if (quote < 0) return false;
      this.begin(quote);
      this.string(quote + 1, open.quoting);
      return true;
    }
    this.begin(at);
    if (open.kind === 'comment') this.comment(at, open.depth);
    else if (open.kind === 'string') this.string(at, open.quoting);
    else if (open.kind === 'quotedIdentifier') this.quotedIdentifier(at);
    else this.dollar(at, open.tag);
    return true;
  }

  private token(at: number, code: number): TokenKind {
    const { text } = this;
    if (isIdentifierStart(code)) return this.wordOrPrefix(at, code);
    if (isDigit(code)) return this.number(at);
    switch (code) {
      case QUOTE:
        return this.string(at + 1, this.plain);
      case DOUBLE_QUOTE:
        return this.quotedIdentifier(at + 1);
      case DOLLAR:
        return this.dollarOrParam(at);
      case DOT:
        if (isDigit(text.charCodeAt(at + 1))) return this.number(at);
        return this.end('punctuation', text.charCodeAt(at + 1) === DOT ? at + 2 : at + 1);
      case COLON: {
        const next = text.charCodeAt(at + 1);
        return this.end('punctuation', next === COLON || next === EQUALS ? at + 2 : at + 1);
      }
    }
    if (isPunctuation(code)) return this.end('punctuation', at + 1);
    if (!isOperator(code)) return this.end('other', at + 1);
    if (code === MINUS && text.charCodeAt(at + 1) === MINUS) {
      this.open = this.continuable;
      return this.end('comment', endOfLine(text, at + 2));
    }
    if (code === SLASH && text.charCodeAt(at + 1) === STAR) return this.comment(at + 2, 1);
    return this.operator(at);
  }

  private wordOrPrefix(at: number, code: number): TokenKind {
    const { text } = this;
    const next = text.charCodeAt(at + 1);
    if (next === QUOTE) {
      const lower = code | 0x20;
      if (lower === LOWER_E) return this.string(at + 2, 'escapes');
      if (lower === LOWER_B || lower === LOWER_X) return this.string(at + 2, 'bits');
      // N'…' is the word NCHAR and then a plain string, under the rules of a plain one.
      if (lower === LOWER_N) return this.string(at + 2, this.plain);
    } else if (next === AMPERSAND && (code | 0x20) === LOWER_U) {
      const quote = text.charCodeAt(at + 2);
      if (quote === QUOTE) return this.string(at + 3, 'doubled');
      if (quote === DOUBLE_QUOTE) return this.quotedIdentifier(at + 3);
    }
    let to = at + 1;
    while (to < text.length && isIdentifierPart(text.charCodeAt(to))) to++;
    return this.end('word', to);
  }

  /** `at` is after the opening quote. Ends after the last part: 'a' (line break) 'b' is one string. */
  private string(at: number, quoting: Quoting): TokenKind {
    const { text } = this;
    let from = at;
    for (;;) {
      const close = endOfQuoted(text, from, quoting);
      if (close < 0) {
        this.problem = 'unterminated';
        this.open = { kind: 'string', quoting };
        return this.end('string', text.length);
      }
      const quote = skipContinuation(text, close, false);
      if (quote < 0) {
        this.open = { kind: 'afterString', quoting };
        return this.end('string', close);
      }
      if (text.slice(close, quote).includes('--')) this.joints = [...this.joints, { from: close, to: quote }];
      from = quote + 1;
    }
  }

  private quotedIdentifier(at: number): TokenKind {
    const { text } = this;
    let close = text.indexOf('"', at);
    while (close >= 0 && text.charCodeAt(close + 1) === DOUBLE_QUOTE) close = text.indexOf('"', close + 2);
    if (close < 0) {
      this.problem = 'unterminated';
      this.open = { kind: 'quotedIdentifier' };
      return this.end('quotedIdentifier', text.length);
    }
    if (close === at && at > this.from) this.problem = 'emptyIdentifier';
    return this.end('quotedIdentifier', close + 1);
  }

  private dollarOrParam(at: number): TokenKind {
    const { text } = this;
    let to = at + 1;
    if (isDigit(text.charCodeAt(to))) {
      while (isDigit(text.charCodeAt(to))) to++;
      if (isIdentifierStart(text.charCodeAt(to))) {
        this.problem = 'junkAfterNumber';
        while (to < text.length && isIdentifierPart(text.charCodeAt(to))) to++;
      }
      return this.end('param', to);
    }
    while (to < text.length && isTagPart(text.charCodeAt(to))) to++;
    if (text.charCodeAt(to) === DOLLAR) return this.dollar(to + 1, text.slice(at, to + 1));
    // The lexer gives up one character: what follows is a word of its own.
    return this.end('other', at + 1);
  }

  private dollar(at: number, tag: string): TokenKind {
    this.tag = tag;
    const close = this.text.indexOf(tag, at);
    if (close >= 0) return this.end('string', close + tag.length);
    this.problem = 'unterminated';
    this.open = { kind: 'dollar', tag };
    return this.end('string', this.text.length);
  }

  /** Block comments nest. `at` is inside, `depth` levels deep. */
  private comment(at: number, depth: number): TokenKind {
    const { text } = this;
    let level = depth;
    let from = at;
    // Where the last bracket ended: a character serves one bracket only, so "/*/" opens and does not close.
    let used = at;
    while (level > 0) {
      const star = text.indexOf('*', from);
      if (star < 0) {
        this.problem = 'unterminated';
        this.open = { kind: 'comment', depth: level };
        return this.end('comment', text.length);
      }
      from = star + 1;
      if (star > used && text.charCodeAt(star - 1) === SLASH) level++;
      else if (text.charCodeAt(from) === SLASH) {
        level--;
        from++;
      } else continue;
      used = from;
    }
    return this.end('comment', from);
  }

  private number(at: number): TokenKind {
    const { text } = this;
    numberPattern.lastIndex = at;
    const to = numberPattern.test(text) ? numberPattern.lastIndex : at + 1;
    const next = text.charCodeAt(to);
    // The longest token wins: in 1e5$x a word "e5$x" would run into the number 1.
    const intoWord = isTagPart(next) || (next === DOLLAR && /[A-Za-z_]\w*$/.test(text.slice(at, to)));
    if (!intoWord) return this.end('number', to);
    let junk = to;
    while (junk < text.length && isIdentifierPart(text.charCodeAt(junk))) junk++;
    this.problem = 'junkAfterNumber';
    return this.end('number', junk);
  }

  /** The longest run of operator characters, cut where a comment begins in it, and of a trailing + or -. */
  private operator(at: number): TokenKind {
    const { text } = this;
    if (at < this.signsUpTo) return this.end('operator', at + 1);
    let to = at + 1;
    for (; to < text.length && isOperator(text.charCodeAt(to)); to++) {
      const code = text.charCodeAt(to);
      const next = text.charCodeAt(to + 1);
      if ((code === MINUS && next === MINUS) || (code === SLASH && next === STAR)) break;
    }
    if (to - at > 1 && !/[~!@#^&|`?%]/.test(text.slice(at, to))) {
      this.signsUpTo = to;
      while (to - at > 1 && (text.charCodeAt(to - 1) === MINUS || text.charCodeAt(to - 1) === PLUS)) to--;
    }
    return this.end('operator', to);
  }
}

const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const DOLLAR = 0x24;
const DOT = 0x2e;
const COLON = 0x3a;
const EQUALS = 0x3d;
const MINUS = 0x2d;
const PLUS = 0x2b;
const SLASH = 0x2f;
const BACKSLASH = 0x5c;
const STAR = 0x2a;
const AMPERSAND = 0x26;
const UNDERSCORE = 0x5f;
const LOWER_B = 0x62;
const LOWER_E = 0x65;
const LOWER_N = 0x6e;
const LOWER_U = 0x75;
const LOWER_X = 0x78;

/** Integers with bases and underscores, decimals and exponents; `1..2` is 1, `..`, 2. */
const numberPattern =
  /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?!\.)(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][-+]?\d(?:_?\d)*)?/y;

/** 1 space, 2 identifier start, 4 digit, 8 operator, 16 punctuation. */
const classes = new Uint8Array(128);
for (const c of ' \t\n\r\f\v') classes[c.charCodeAt(0)] = 1;
for (let c = 0x61; c <= 0x7a; c++) {
  classes[c] = 2;
  classes[c - 0x20] = 2;
}
classes[UNDERSCORE] = 2;
for (const c of '0123456789') classes[c.charCodeAt(0)] = 4;
for (const c of '~!@#^&|`?+-*/%<>=') classes[c.charCodeAt(0)] = 8;
for (const c of ',()[];') classes[c.charCodeAt(0)] = 16;

// NaN (past the end) indexes nothing, so it is in no class.
const is = (code: number, mask: number): boolean => ((classes[code] ?? 0) & mask) !== 0;
/** White space of the server's lexer: blank, tab, line feed, carriage return, form feed, vertical tab; no other. */
export const isSpace = (code: number): boolean => is(code, 1);
const isDigit = (code: number): boolean => is(code, 4);
const isOperator = (code: number): boolean => is(code, 8);
const isPunctuation = (code: number): boolean => is(code, 16);
const isIdentifierStart = (code: number): boolean => code >= 128 || is(code, 2);
const isTagPart = (code: number): boolean => code >= 128 || is(code, 2 | 4);
const isIdentifierPart = (code: number): boolean => code >= 128 || code === DOLLAR || is(code, 2 | 4);
const isNewline = (code: number): boolean => code === 0x0a || code === 0x0d;

function endOfLine(text: string, at: number): number {
  let to = at;
  while (to < text.length && !isNewline(text.charCodeAt(to))) to++;
  return to;
}

/** Offset after the closing quote of the string whose inside begins at `at`; -1 where it is not closed. */
function endOfQuoted(text: string, at: number, quoting: Quoting): number {
  if (quoting === 'escapes') return endOfEscaped(text, at);
  let quote = text.indexOf("'", at);
  while (quoting === 'doubled' && quote >= 0 && text.charCodeAt(quote + 1) === QUOTE)
    quote = text.indexOf("'", quote + 2);
  return quote < 0 ? -1 : quote + 1;
}

function endOfEscaped(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) {
      if (text.charCodeAt(i + 1) !== QUOTE) return i + 1;
      i++;
    }
  }
  return -1;
}

/**
 * Offset of the quote that continues the string which ended before `at`: only white space and line comments between,
 * with a line break among them (or `broken`: already seen). -1 where there is none.
 */
function skipContinuation(text: string, at: number, broken: boolean): number {
  let seen = broken;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return seen ? i : -1;
    if (isNewline(code)) seen = true;
    else if (code === MINUS && text.charCodeAt(i + 1) === MINUS) i = endOfLine(text, i) - 1;
    else if (!isSpace(code)) return -1;
  }
  return -1;
}
