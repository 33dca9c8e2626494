/**
 * Cuts a script into the statements that the server would see: at every `;` outside of quotes, comments and
 * parentheses, and outside of the BEGIN ATOMIC … END body of a function. What only psql understands (backslash
 * commands, data after COPY … FROM STDIN) is refused with its place, because sending it would do something else.
 *
 * Pure and quick; electron/postgres/parser/split-script.ts checks the outcome against PostgreSQL's own parser.
 */
import { FailureError } from '../failure.ts';
import { placeInWords } from './place.ts';
import { Scanner } from './scan.ts';

export type SplitOptions = {
  /** The session's setting where the script begins; a plain SET in the script is followed. Default on. */
  readonly standardConformingStrings?: boolean;
  /** Refuse nothing: for showing half-typed text, never for deciding what to run. */
  readonly lenient?: boolean;
  /** The text's first line is this one of a longer text: for what is said of places. */
  readonly firstLine?: number;
};

export type Statement = {
  /** Its first token, or a block comment right before it (hints stand there). */
  readonly from: number;
  /** After its `;`, or after its last token where the script ends without one. */
  readonly to: number;
  readonly semicolon: boolean;
  /** Where psql would put in a variable (`:name`, `:'name'`, `:"name"`), unless it is an array slice. */
  readonly variableAt: number | null;
  /** First token that the server's lexer would reject. */
  readonly problemAt: number | null;
  /** That problem is a quote or comment which is open to the end of the text. */
  readonly unterminated: boolean;
  /** A plain string has a backslash that standard_conforming_strings = off makes an escape. */
  readonly escapesInPlainStrings: boolean;
  /** A string goes on after a line comment. */
  readonly joinsOverComments: boolean;
  /** Its BEGIN ATOMIC body ends after the last "; END", or earlier here, where END has closed every CASE. */
  readonly bodyMayEndAt: number | null;
};

/** Fails `invalid` on field `text`, saying where. */
export function splitSql(text: string, options: SplitOptions = {}): Statement[] {
  if (!options.lenient) refuseUnsendable(text);
  return new Splitter(text, options).split();
}

/** What a piece of a script that is longer than memory came to: the statements that are surely whole. */
export type SplitPiece = {
  readonly statements: readonly Statement[];
  /** Behind the last of them; reading goes on there, with more text or behind what is told by `follows`. */
  readonly to: number;
  /**
   * - more: what follows is not whole yet, or nothing follows
   * - data: the last statement is a COPY … FROM STDIN, whose rows follow
   * - command: a backslash stands where a statement could begin, at `at`
   * - unsure: the last statement may have changed standard_conforming_strings; the server knows
   */
  readonly follows: 'more' | 'data' | 'command' | 'unsure';
  readonly at: number;
  readonly standardConformingStrings: boolean;
};

/**
 * The same for the beginning of a text that goes on. It may be of UTF-8's bytes as characters (latin1), so that offsets are
 * bytes: the lexer takes all of them above 127 for letters, as PostgreSQL's does.
 * @param last nothing goes on behind it. Fails as splitSql does, for what is not at its end
 */
export function splitPiece(text: string, last: boolean, options: SplitOptions = {}): SplitPiece {
  return new Splitter(text, options).splitPiece(last);
}

/** @param certainTo where the last statement before the refused place ends */
export const refusal = (text: string, at: number, why: string, certainTo = 0, firstLine = 1) =>
  new FailureError({
    kind: 'invalid',
    field: 'text',
    message: `${why} (${placeInWords(text, at, firstLine)})`,
    at,
    certainTo,
  });

function refuseUnsendable(text: string): void {
  const nul = text.indexOf('\0');
  if (nul >= 0) throw refusal(text, nul, 'The text contains the character NUL, which PostgreSQL cannot receive');
  if (text.isWellFormed()) return;
  const half = text.search(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/);
  throw refusal(text, half, 'The text contains half of a surrogate pair, which is not valid Unicode');
}

/** How many of a statement's first tokens are kept to recognise it: CREATE OR REPLACE FUNCTION, SET SESSION x = y. */
const HEAD = 6;
/** Longer tokens are no keywords; they are not copied, a string may be megabytes long. */
const LONGEST_KEYWORD = 64;

/** What is known of the statement being read. */
const nothingRead = () => ({
  from: -1,
  commentFrom: -1,
  to: 0,
  head: [] as string[],
  previous: '',
  parens: 0,
  brackets: 0,
  /** Inside BEGIN ATOMIC … END; `depth` counts CASE and END in it as psql does, `countedEnd` is where it came to 0. */
  inBody: false,
  depth: 0,
  countedEnd: -1,
  bodyEnd: -1,
  copyFromAt: -1,
  callsSetConfig: false,
  setsConforming: false,
  variableAt: null as number | null,
  problemAt: null as number | null,
  unterminated: false,
  escapesInPlainStrings: false,
  joinsOverComments: false,
});

class Splitter {
  private readonly text: string;
  private readonly lenient: boolean;
  private readonly firstLine: number;
  private readonly found: Statement[] = [];
  private scanner: Scanner;
  private read = nothingRead();
  private conforming: boolean;
  private setFollowed = false;
  /** The setting may have been changed in a way that cannot be followed from the text: RESET, set_config, ROLLBACK. */
  private unsure = false;
  /** Bodies are closed by counting CASE and END, as psql does; else by "; END", as the grammar has it. */
  private counting = false;
  /** Of a piece: why reading ends before the text does. */
  private piece = false;
  private stop: { readonly follows: SplitPiece['follows']; readonly at: number } | null = null;

  constructor(text: string, options: SplitOptions) {
    this.text = text;
    this.lenient = options.lenient === true;
    this.firstLine = options.firstLine ?? 1;
    this.conforming = options.standardConformingStrings !== false;
    // A byte order mark is no part of the first statement.
    this.scanner = this.scannerAt(text.startsWith('\ufeff') ? 1 : 0);
  }

  split(): Statement[] {
    for (;;) {
      while (!this.stop && this.scanner.next()) this.token();
      if (!this.read.inBody || this.read.countedEnd < 0) break;
      this.readOnFromCountedEnd();
    }
    if (this.read.from >= 0) this.finish(false);
    return this.found;
  }

  splitPiece(last: boolean): SplitPiece {
    this.piece = true;
    while (!this.stop && this.scanner.next()) this.token();
    if (last && !this.stop) this.split();
    const { follows, at } = this.stop ?? { follows: 'more' as const, at: 0 };
    const to = this.found.at(-1)?.to ?? 0;
    return { statements: this.found, to, follows, at, standardConformingStrings: this.conforming };
  }

  /** No "; END" closes the body to the end of the text: half-typed. Take the END that closes it by counting. */
  private readOnFromCountedEnd(): void {
    const { read } = this;
    this.counting = true;
    this.scanner = this.scannerAt(read.countedEnd);
    read.to = read.countedEnd;
    read.inBody = false;
    read.parens = 0;
    read.previous = 'end';
    if (read.problemAt !== null && read.problemAt >= read.countedEnd) {
      read.problemAt = null;
      read.unterminated = false;
    }
  }

  private scannerAt(from: number): Scanner {
    return new Scanner(this.text, { from, standardConformingStrings: this.conforming });
  }

  private token(): void {
    const { scanner, read } = this;
    const { kind, from, to } = scanner;
    if (kind === 'comment') {
      if (scanner.problem !== null) this.unclosedComment(from, to);
      else if (read.commentFrom < 0 && this.text.startsWith('/*', from)) read.commentFrom = from;
      return;
    }
    const code = this.text.charCodeAt(from);
    if (code === SEMICOLON && read.parens === 0 && !read.inBody) {
      read.to = to;
      if (read.from >= 0) this.finish(true);
      this.read = nothingRead();
      return;
    }
    if (this.piece && code === BACKSLASH && read.from < 0) {
      this.stop = { follows: 'command', at: from };
      return;
    }
    if (read.from < 0) read.from = read.commentFrom >= 0 ? read.commentFrom : from;
    read.to = to;
    if (scanner.problem !== null) this.problem(from);
    if (kind === 'word') this.word(from, to);
    else if (kind === 'string') this.string(from, to);
    else this.symbol(code, from, to);
  }

  /** The server shall say so: `delete from t /* where …` without the comment would be another statement. */
  private unclosedComment(from: number, to: number): void {
    if (this.read.from < 0) this.read.from = from;
    this.read.to = to;
    this.problem(from);
  }

  private problem(at: number): void {
    this.read.problemAt ??= at;
    this.read.unterminated ||= this.scanner.problem === 'unterminated';
  }

  /** The token in lower case, '' where it is too long to matter. */
  private lower(from: number, to: number): string {
    return to - from > LONGEST_KEYWORD ? '' : this.text.slice(from, to).toLowerCase();
  }

  /** Remembers the token: the first ones tell what the statement is, the last one what precedes the next. */
  private keep(token: string): void {
    if (this.read.head.length < HEAD) this.read.head.push(token);
    this.read.previous = token;
  }

  private symbol(code: number, from: number, to: number): void {
    const { read } = this;
    if (code === OPEN_PAREN) read.parens++;
    else if (code === CLOSE_PAREN) read.parens = Math.max(0, read.parens - 1);
    else if (code === OPEN_BRACKET) read.brackets++;
    else if (code === CLOSE_BRACKET) read.brackets = Math.max(0, read.brackets - 1);
    else if (code === COLON && to === from + 1) this.colon(to);
    else if (code === BACKSLASH) this.backslash(from);
    this.keep(this.lower(from, to));
  }

  private word(from: number, to: number): void {
    const { read } = this;
    const word = this.lower(from, to);
    if (word === 'set_config') read.callsSetConfig = true;
    if (read.parens === 0) {
      if (read.inBody) this.wordInBody(word, to);
      else if (word === 'atomic' && read.previous === 'begin' && createsRoutine(read.head)) {
        read.inBody = true;
        read.depth = 1;
      } else if ((word === 'stdin' || word === 'stdout') && read.previous === 'from' && read.head[0] === 'copy') {
        read.copyFromAt = from;
      }
    }
    this.keep(word);
  }

  /**
   * By the grammar every statement of the body ends in `;`, so the END that closes it follows a `;` (or ATOMIC), and
   * the END of a CASE never does.
   */
  private wordInBody(word: string, to: number): void {
    const { read } = this;
    if (word === 'case') read.depth++;
    if (word !== 'end') return;
    read.depth--;
    if (read.depth === 0 && read.countedEnd < 0) read.countedEnd = to;
    const closes = this.counting ? read.depth === 0 : read.previous === ';' || read.previous === 'atomic';
    if (closes) {
      read.inBody = false;
      read.bodyEnd = to;
    }
  }

  private string(from: number, to: number): void {
    const { text, read } = this;
    const first = text.charCodeAt(from);
    if ((first === QUOTE || (first | 0x20) === LOWER_N) && text.slice(from, to).includes('\\')) {
      if (this.unsure && !this.lenient) {
        const why =
          'standard_conforming_strings may have changed before this string with a backslash: run it separately';
        throw this.refused(from, why);
      }
      read.escapesInPlainStrings ||= !this.conforming;
    }
    if (this.scanner.joints.length > 0) read.joinsOverComments = true;
    const value = this.lower(from, to);
    if (value.includes(SETTING)) read.setsConforming = true;
    this.keep(value);
  }

  /** psql would put a variable here. In brackets it may be the upper bound of a slice, which the parser decides. */
  private colon(after: number): void {
    const { read } = this;
    if (read.variableAt !== null || read.brackets > 0) return;
    if (/[A-Za-z0-9_'"{\u0080-\uffff]/.test(this.text.charAt(after))) read.variableAt = after - 1;
  }

  private backslash(at: number): void {
    if (this.lenient) return;
    const command = /\\[^\s\\]*/y;
    command.lastIndex = at;
    const name = (command.exec(this.text)?.[0] ?? '\\').slice(0, 40);
    throw this.refused(at, `${name} is a psql command, which the server does not know`);
  }

  private refused(at: number, why: string): FailureError {
    return refusal(this.text, at, why, this.found.at(-1)?.to ?? 0, this.firstLine);
  }

  private finish(semicolon: boolean): void {
    const { copyFromAt, countedEnd, ...read } = this.read;
    const takesData = copyFromAt >= 0 && this.piece && semicolon;
    if (copyFromAt >= 0 && !this.lenient && !takesData) {
      const why = 'COPY … FROM STDIN takes its data from the client, not from the script: import a file instead';
      throw this.refused(copyFromAt, why);
    }
    this.found.push({
      from: read.from,
      to: read.to,
      semicolon,
      variableAt: read.variableAt,
      problemAt: read.problemAt,
      unterminated: read.unterminated,
      escapesInPlainStrings: read.escapesInPlainStrings,
      joinsOverComments: read.joinsOverComments,
      bodyMayEndAt: countedEnd >= 0 && countedEnd !== read.bodyEnd && !this.counting ? countedEnd : null,
    });
    if (semicolon) this.followSetting();
    if (takesData) this.stop = { follows: 'data', at: read.to };
    else if (this.piece && this.unsure) this.stop = { follows: 'unsure', at: read.to };
  }

  /** psql reads each statement under the setting that the ones before it left. */
  private followSetting(): void {
    const [first = '', second = ''] = this.read.head;
    if (first === 'set') {
      const value = settingValue(this.read.head.filter((token, at) => at > 0 && !(at === 1 && token === 'session')));
      if (value === 'unsure') this.unsure = true;
      else if (value !== null) {
        this.conforming = value;
        this.setFollowed = true;
        this.unsure = false;
        this.scanner = this.scannerAt(this.scanner.to);
      }
    } else if (first === 'reset' && unquoted(second) === SETTING) this.unsure = true;
    else if (this.read.callsSetConfig && this.read.setsConforming) this.unsure = true;
    else if (this.setFollowed && undoesSettings(first, second)) this.unsure = true;
  }
}

const SETTING = 'standard_conforming_strings';

const unquoted = (token: string): string => token.replaceAll('"', '').replaceAll("'", '');

const undoesSettings = (first: string, second: string): boolean =>
  first === 'rollback' || first === 'abort' || ((first === 'reset' || first === 'discard') && second === 'all');

/** What `SET <these tokens>` makes of the setting; null where it sets another one. */
function settingValue(tokens: readonly string[]): boolean | 'unsure' | null {
  const [name = '', to = '', value = ''] = tokens;
  if (name === 'local' && unquoted(to) === SETTING) return 'unsure';
  if (unquoted(name) !== SETTING || (to !== '=' && to !== 'to')) return null;
  const word = unquoted(value);
  if (['on', 'true', 'yes', '1', 'tru', 'tr', 't', 'ye', 'y'].includes(word)) return true;
  if (['off', 'of', 'false', 'fals', 'fal', 'fa', 'f', 'no', 'n', '0'].includes(word)) return false;
  return 'unsure';
}

function createsRoutine(head: readonly string[]): boolean {
  const [create, second, third, fourth] = head;
  const what = second === 'or' && third === 'replace' ? fourth : second;
  return create === 'create' && (what === 'function' || what === 'procedure');
}

const SEMICOLON = 0x3b;
const OPEN_PAREN = 0x28;
const CLOSE_PAREN = 0x29;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const QUOTE = 0x27;
const LOWER_N = 0x6e;
