/**
 * The statements of a script, each exactly as the server would see it. Two readers have to agree: ours
 * (shared/sql/split.ts: quick, knows half-typed text and what psql does) and PostgreSQL's own parser. Text that the
 * parser rejects (half-typed, or syntax of another version) is cut by our reader and checked with PostgreSQL's lexer.
 * Where the two differ nothing is guessed: the script is refused with the place.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import type { splitStatement } from '../../../shared/api/sessions.ts';
import { commandOf } from '../../../shared/sql/classify.ts';
import { parameterPlaces, withPlaceholders } from '../../../shared/sql/parameters.ts';
import { Scanner } from '../../../shared/sql/scan.ts';
import { refusal, type Statement, splitSql } from '../../../shared/sql/split.ts';
import { type ParsedStatement, postgresParser, type ScannedToken } from './postgres-parser.ts';

export type SplitStatement = z.infer<typeof splitStatement>;
export type SplitScriptOptions = {
  /** The session's setting where the script begins (a SET in the script is followed). Default on. */
  readonly standardConformingStrings?: boolean;
};

/** Characters parsed in one call: the parser blocks for about 3 ms on so much. */
const BATCH = 16_000;
/** Milliseconds after which others get a turn. */
const TURN_MS = 8;
/** A longer statement is not parsed (its tree would take ten times its size and more): our reader decides alone. */
const LONGEST_PARSED = 4_000_000;

/**
 * Splits a script into statements, in order; empty ones are left out. A range begins at the first token (or a block
 * comment right before it) and includes the `;`. `command` is the statement's kind ("select", "create table"), or
 * "unknown" where the parser rejects it.
 *
 * Fails `invalid` on field `text`, naming line and column: NUL, invalid Unicode, psql commands and variables other than `:name`, COPY …
 * FROM STDIN, and text that PostgreSQL's parser would cut at other places.
 */
export async function splitScript(text: string, options: SplitScriptOptions = {}): Promise<SplitStatement[]> {
  const statements = splitSql(text, options);
  const answer: SplitStatement[] = [];
  let turnEnds = performance.now() + TURN_MS;
  for (const batch of batches(statements)) {
    answer.push(...(await checkedBatch(text, batch)));
    if (performance.now() > turnEnds) {
      await nextTurn();
      turnEnds = performance.now() + TURN_MS;
    }
  }
  return answer;
}

function* batches(statements: readonly Statement[]): Generator<readonly Statement[]> {
  let batch: Statement[] = [];
  for (const statement of statements) {
    const start = batch[0]?.from ?? statement.from;
    if (batch.length > 0 && (statement.to - start > BATCH || readsOtherwise(statement))) {
      yield batch;
      batch = [];
    }
    batch.push(statement);
    if (readsOtherwise(statement)) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function checkedBatch(text: string, batch: readonly Statement[]): Promise<SplitStatement[]> {
  const from = batch[0]?.from ?? 0;
  const to = batch.at(-1)?.to ?? 0;
  if (batch.length === 1 || to - from > LONGEST_PARSED) {
    return Promise.all(batch.map((statement) => checkedStatement(text, statement)));
  }
  const outcome = (await postgresParser()).parse(text.slice(from, to));
  if (outcome.kind === 'parsed' && sameEnds(text, batch, outcome.statements)) {
    return batch.map((statement, at) => named(statement, outcome.statements[at]));
  }
  // One of them is rejected or cut elsewhere. Halving finds it without parsing every one by itself.
  const middle = batch.length >> 1;
  return [...(await checkedBatch(text, batch.slice(0, middle))), ...(await checkedBatch(text, batch.slice(middle)))];
}

const named = ({ from, to }: Statement, parsed: ParsedStatement | undefined): SplitStatement => ({
  from,
  to,
  command: parsed === undefined ? 'unknown' : commandOf(parsed.node),
});

/** Whether the parser ends the same number of statements at the same semicolons. */
function sameEnds(text: string, ours: readonly Statement[], theirs: readonly ParsedStatement[]): boolean {
  if (ours.length !== theirs.length) return false;
  let at = ours[0]?.from ?? 0;
  let bytes = 0;
  return ours.every((statement, index) => {
    const end = statement.semicolon ? statement.to - 1 : statement.to;
    bytes += Buffer.byteLength(text.slice(at, end));
    at = end;
    return theirs[index]?.endByte === bytes;
  });
}

async function checkedStatement(text: string, statement: Statement): Promise<SplitStatement> {
  const { from, to, semicolon, variableAt, bodyMayEndAt } = statement;
  if (to - from > LONGEST_PARSED) return named(statement, undefined);
  const sent = forParser(text, statement);
  const outcome = (await postgresParser()).parse(sent);
  if (outcome.kind === 'parsed') {
    const [only] = outcome.statements;
    const end = Buffer.byteLength(sent) - (semicolon ? 1 : 0);
    if (outcome.statements.length === 1 && only?.endByte === end) return named(statement, only);
    throw refusal(
      text,
      from,
      'It is not certain where this statement ends: put it, or what follows, into a text of its own',
      from,
    );
  }
  const placed = withPlaceholders(sent);
  if (placed !== null) {
    const again = (await postgresParser()).parse(placed);
    const end = Buffer.byteLength(placed) - (semicolon ? 1 : 0);
    const [only] = again.kind === 'parsed' ? again.statements : [];
    if (again.kind === 'parsed' && again.statements.length === 1 && only?.endByte === end)
      return named(statement, only);
  }
  if (variableAt !== null && !parameterPlaces(sent).some((place) => place.from === variableAt - from)) {
    const name = /:\{?\??['"]?[\p{L}\p{N}_]*['"]?\}?/uy;
    name.lastIndex = variableAt;
    const variable = (name.exec(text)?.[0] ?? ':').slice(0, 40);
    throw refusal(
      text,
      variableAt,
      `${variable} is a variable of psql, which the server does not know: write its value, or :name to be asked for it`,
      from,
    );
  }
  if (bodyMayEndAt !== null)
    throw refusal(text, bodyMayEndAt, 'The body of this function may end here: put a ; before END', from);
  await checkLexing(text, statement, sent);
  return named(statement, undefined);
}

const readsOtherwise = (statement: Statement): boolean =>
  statement.escapesInPlainStrings || statement.joinsOverComments;

/**
 * The statement in words that this build of the parser reads as the server reads the original: with
 * standard_conforming_strings off a plain string is an E'' one, and it does not know that a string may go on after a
 * line comment.
 */
function forParser(text: string, statement: Statement): string {
  const original = text.slice(statement.from, statement.to);
  if (!readsOtherwise(statement)) return original;
  const scanner = new Scanner(original, { standardConformingStrings: !statement.escapesInPlainStrings });
  let written = '';
  let done = 0;
  while (scanner.next()) {
    if (scanner.kind !== 'string') continue;
    if (statement.escapesInPlainStrings && /['nN]/.test(original.charAt(scanner.from))) {
      const quote = original.indexOf("'", scanner.from);
      // After N the blank keeps the two letters from becoming one word.
      written += `${original.slice(done, quote)}${quote > scanner.from ? ' ' : ''}E`;
      done = quote;
    }
    for (const joint of scanner.joints) {
      written += `${original.slice(done, joint.from)}\n`;
      done = joint.to;
    }
  }
  return written + original.slice(done);
}

/** Characters given to PostgreSQL's lexer in one call; it answers with some hundred bytes a token. */
const WINDOW = 64_000;

/**
 * For a statement that the parser rejects: PostgreSQL's lexer must see the same semicolons as ours. The text goes to
 * it in windows that begin and end between two tokens of ours.
 */
async function checkLexing(text: string, statement: Statement, sent: string): Promise<void> {
  const scanner = new Scanner(sent, { standardConformingStrings: true });
  let from = 0;
  let semicolons: number[] = [];
  const check = async (to: number): Promise<void> => {
    const outcome = (await postgresParser()).scan(sent.slice(from, to));
    const agree =
      outcome.kind === 'scanned'
        ? sameOffsets(sent.slice(from, to), semicolons, semicolonsOf(outcome.tokens))
        : outcome.kind === 'rejected' && (!outcome.unterminated || statement.unterminated);
    if (!agree)
      throw refusal(
        text,
        statement.from,
        'It is not certain where this statement ends: a quote or comment in it may be open',
        statement.from,
      );
    from = to;
    semicolons = [];
    await nextTurn();
  };
  while (scanner.next()) {
    if (scanner.to - from > WINDOW && scanner.from > from) await check(scanner.from);
    if (sent.charAt(scanner.from) === ';') semicolons.push(scanner.from - from);
  }
  await check(sent.length);
}

const semicolonsOf = (tokens: readonly ScannedToken[]): number[] =>
  tokens.filter((token) => token.semicolon).map((token) => token.fromByte);

function sameOffsets(text: string, ours: readonly number[], theirs: readonly number[]): boolean {
  if (ours.length !== theirs.length) return false;
  let at = 0;
  let bytes = 0;
  return ours.every((offset, index) => {
    bytes += Buffer.byteLength(text.slice(at, offset));
    at = offset;
    return theirs[index] === bytes;
  });
}
