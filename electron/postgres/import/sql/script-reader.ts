/**
 * A script of any size, part by part: statements, the rows behind COPY … FROM STDIN, and the few psql commands that a plain
 * dump has. It is cut as its bytes (latin1), whose offsets are the file's; a statement is made text when it is whole.
 */
import { isUtf8 } from 'node:buffer';
import { invalid } from '../../../../shared/failure.ts';
import { type SplitPiece, type Statement, splitPiece } from '../../../../shared/sql/split.ts';
import { endOfCopyData } from './copy-data.ts';
import { refusedCommand, understoodCommand } from './psql-commands.ts';

export interface ScriptStatement {
  readonly text: string;
  /** Of the file, from 1: where it begins. */
  readonly line: number;
  /** COPY … FROM STDIN: its rows are to be taken from `data` before the next statement is asked for. */
  readonly takesData: boolean;
  /** What psql would put a variable's value into; it may be the slice of an array. */
  readonly hasVariable: boolean;
  /** Where its BEGIN ATOMIC body ends is not certain without the parser. */
  readonly bodyIsUncertain: boolean;
}

const firstWindow = 64 * 1024;
/** A longer one is none: a quote was opened and never closed. */
const longestStatement = 256 * 1024 * 1024;
const lineFeed = 0x0a;
const headBytes = 2000;

export class ScriptReader {
  /** The setting under which the next piece is read; whoever runs the script tells it what the server says. */
  standardConformingStrings = true;
  /** Commands of psql that need nothing to be done. */
  readonly passedOver = new Set<string>();
  /** Its head says that it is a dump of pg_dump. */
  isDump = false;
  /** The line with which pg_dump ends was met. */
  dumpIsComplete = false;
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  /** Of `#rest`, how much was dealt with, and the line that is there. */
  #at = 0;
  #line = 1;
  #ended = false;
  #window = firstWindow;
  #waiting: ScriptStatement[] = [];
  #next = 0;
  #copying: ScriptStatement | null = null;
  #headSeen = false;

  /** @param pieces of the file in UTF-8, without a byte order mark */
  constructor(pieces: AsyncIterator<Buffer>) {
    this.#pieces = pieces;
  }

  /** Null at the end. @throws invalid with the line: where a psql command stands, or what cannot be read */
  async next(): Promise<ScriptStatement | null> {
    if (this.#copying) throw new Error('the rows of a COPY have not been taken');
    for (;;) {
      const statement = this.#waiting[this.#next];
      if (statement) {
        this.#next++;
        this.#copying = statement.takesData ? statement : null;
        return statement;
      }
      if (this.#ended && this.#at >= this.#rest.length) return null;
      await this.#readPiece();
    }
  }

  /** The rows behind the COPY that `next` gave, as they lie in the file, without the line that ends them. */
  async *data(): AsyncGenerator<Buffer, void, void> {
    const statement = this.#copying;
    if (!statement) return;
    await this.#lineEndOf(statement);
    let atLineStart = true;
    for (;;) {
      const window = this.#rest.subarray(this.#at);
      const { rows, ends } = endOfCopyData(window, atLineStart, this.#ended);
      if (rows > 0) {
        this.#pass(rows);
        atLineStart = window[rows - 1] === lineFeed;
        yield window.subarray(0, rows);
      }
      if (ends !== null) {
        this.#pass(ends);
        this.#copying = null;
        return;
      }
      if (this.#ended)
        throw invalid('file', `The file ends within the rows of the COPY of line ${statement.line}: it is cut off.`);
      await this.#more();
    }
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #readPiece(): Promise<void> {
    const left = this.#rest.length - this.#at;
    const isAll = left <= this.#window;
    const last = this.#ended && isAll;
    const text = this.#rest.toString('latin1', this.#at, this.#at + Math.min(left, this.#window));
    const { standardConformingStrings } = this;
    const piece = splitPiece(text, last, { standardConformingStrings, firstLine: this.#line });
    this.standardConformingStrings = piece.standardConformingStrings;
    this.#take(text, piece);
    if (piece.follows === 'unsure') this.standardConformingStrings = settingBehind(this.#waiting.at(-1)?.text ?? '');
    if (piece.statements.length > 0) this.#window = firstWindow;
    else if (piece.follows === 'command') await this.#command(text.slice(0, piece.at));
    else if (last) {
      this.#comments(text);
      this.#pass(text.length);
    } else await this.#enlarge(isAll);
  }

  #take(text: string, { statements, to, follows }: SplitPiece): void {
    this.#waiting = [];
    this.#next = 0;
    let at = 0;
    for (const [index, statement] of statements.entries()) {
      this.#comments(text.slice(at, statement.from));
      const base = this.#at;
      this.#pass(statement.from - at);
      const takesData = follows === 'data' && index === statements.length - 1;
      this.#waiting.push(this.#statement(statement, base - at, takesData));
      this.#pass(statement.to - statement.from);
      at = statement.to;
    }
    if (at !== to) throw new Error('a piece ends behind its last statement');
  }

  #statement({ from, to, variableAt, bodyMayEndAt }: Statement, base: number, takesData: boolean): ScriptStatement {
    const line = this.#line;
    const bytes = this.#rest.subarray(base + from, base + to);
    if (!isUtf8(bytes)) throw invalid('encoding', `Line ${line}: this is not UTF-8. Choose the file’s encoding.`);
    if (bytes.includes(0))
      throw invalid('file', `Line ${line}: a NUL character, which PostgreSQL cannot receive. It is no SQL file.`);
    const text = bytes.toString('utf8');
    return { text, line, takesData, hasVariable: variableAt !== null, bodyIsUncertain: bodyMayEndAt !== null };
  }

  /** What stands between statements. */
  #comments(text: string): void {
    if (!this.#headSeen) this.isDump = /^-- PostgreSQL database dump\r?$/m.test(text.slice(0, headBytes));
    this.#headSeen = true;
    if (this.isDump && text.includes('-- PostgreSQL database dump complete')) this.dumpIsComplete = true;
  }

  /** Behind the comments there is a psql command. */
  async #command(comments: string): Promise<void> {
    const from = this.#at + comments.length;
    let to = this.#rest.indexOf(lineFeed, from);
    if (to < 0 && !this.#ended) return this.#more();
    if (to < 0) to = this.#rest.length;
    this.#comments(comments);
    this.#pass(comments.length);
    const line = this.#rest.toString('latin1', from, to);
    const understood = understoodCommand(line);
    if (!understood) throw refusedCommand(line, this.#line);
    this.passedOver.add(understood);
    this.#pass(to - from);
  }

  /** The rows of a COPY begin with a line of their own. */
  async #lineEndOf({ line }: ScriptStatement): Promise<void> {
    let to = this.#rest.indexOf(lineFeed, this.#at);
    while (to < 0 && !this.#ended) {
      await this.#more();
      to = this.#rest.indexOf(lineFeed, this.#at);
    }
    const left = this.#rest.toString('latin1', this.#at, to < 0 ? this.#rest.length : to);
    if (to < 0 || left.trim() !== '')
      throw invalid('file', `Line ${line}: the rows of a COPY have to begin on the line behind its semicolon.`);
    this.#pass(to + 1 - this.#at);
  }

  async #enlarge(isAll: boolean): Promise<void> {
    if (this.#window > longestStatement)
      throw invalid('file', `Line ${this.#line}: what begins here has no end within 256 MB. A quote may be open.`);
    if (isAll) await this.#more();
    this.#window *= 2;
  }

  /** As much again as there is, so that a long statement is not looked at again for every piece. */
  async #more(): Promise<void> {
    const pieces = [this.#rest.subarray(this.#at)];
    const wanted = Math.max(1, pieces[0]?.length ?? 0);
    for (let got = 0; got < wanted && !this.#ended; ) {
      const next = await this.#pieces.next();
      if (next.done) this.#ended = true;
      else {
        got += next.value.length;
        pieces.push(next.value);
      }
    }
    const some = pieces.filter(({ length }) => length > 0);
    this.#rest = some.length === 1 && some[0] ? some[0] : Buffer.concat(some);
    this.#at = 0;
  }

  #pass(bytes: number): void {
    const to = this.#at + bytes;
    for (let at = this.#at; at < to; at++) if (this.#rest[at] === lineFeed) this.#line++;
    this.#at = to;
  }
}

/** What a statement most likely left the setting at; the server's word, where there is one, counts more. */
function settingBehind(statement: string): boolean {
  const value = /standard_conforming_strings'\s*,\s*'(\w+)'/i.exec(statement)?.[1]?.toLowerCase();
  return !['off', 'false', 'no', '0', 'f', 'n'].includes(value ?? 'on');
}
