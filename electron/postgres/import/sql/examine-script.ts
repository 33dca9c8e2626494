/** A script read through before any of it runs: what is in it, and whether there is anything that is not to be run. */
import { statSync } from 'node:fs';
import type { SqlExam, SqlPlan } from '../../../../shared/api/sql-import.ts';
import { FailureError, invalid } from '../../../../shared/failure.ts';
import { commandOf } from '../../../../shared/sql/classify.ts';
import { type PostgresParser, postgresParser } from '../../parser/postgres-parser.ts';
import type { ReadPosition } from '../read/file-bytes.ts';
import { encodingNamed, encodingSet, scriptBytes, sniffScriptEncoding } from './script-encoding.ts';
import { ScriptReader, type ScriptStatement } from './script-reader.ts';

export interface ScriptFile {
  readonly path: string;
  readonly encoding: SqlPlan['encoding'];
}

export interface Examined {
  readonly exam: SqlExam;
  /** Statements that stand for all of them where it has to be judged what they do: of each kind the first ones. */
  readonly samples: readonly string[];
}

export interface ReadSoFar {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly statements: number;
}

const progressEveryMs = 100;
/** Of these, what they do is the same from one to the next, and there may be millions: only the first ones are parsed. */
const frequent: Readonly<Record<string, number>> = {
  insert: 50,
  select: 1000,
  update: 1000,
  delete: 1000,
  merge: 1000,
  with: 1000,
};
/** A longer one is not parsed: its tree would take ten times its size. */
const longestParsed = 4_000_000;
const samplesOfKind = 25;
/** Of kinds that may destroy something. */
const samplesOfRisk = 200;
const longestSample = 100_000;
const risky = /^(drop|truncate|delete|update|alter|unknown)/;
const textLineFeed = 0x0a;
const turnEvery = 500;

/** @throws invalid with the line, where the script has what is not run here; `cancelled` */
export async function examineScript(
  { path, encoding }: ScriptFile,
  onProgress: (now: ReadSoFar) => void,
  aborted: () => boolean,
): Promise<Examined> {
  const position: ReadPosition = { bytes: 0 };
  const used = encoding ?? (await sniffScriptEncoding(path));
  const reader = new ScriptReader(scriptBytes(path, used, position));
  const found = new Findings(await postgresParser(), used);
  const totalBytes = statSync(path).size;
  let nextProgress = 0;
  const look = (): void => {
    if (aborted()) throw new FailureError({ kind: 'cancelled', message: 'Cancelled. Nothing was run.' });
    if (performance.now() < nextProgress) return;
    nextProgress = performance.now() + progressEveryMs;
    onProgress({ bytes: position.bytes, totalBytes, statements: found.statements });
  };
  try {
    for (let statement = await reader.next(); statement; statement = await reader.next()) {
      found.add(statement);
      if (found.statements % turnEvery === 1) look();
      if (!statement.takesData) continue;
      for await (const rows of reader.data()) {
        for (const byte of rows) if (byte === textLineFeed) found.copyRows++;
        look();
      }
    }
  } finally {
    await reader.close();
  }
  return found.result(reader);
}

class Findings {
  statements = 0;
  copyRows = 0;
  readonly #parser: PostgresParser;
  readonly #encoding: SqlExam['encoding'];
  readonly #kinds = new Map<string, number>();
  readonly #parsed = new Map<string, number>();
  readonly #samples = new Map<string, string[]>();
  #notInOne: SqlExam['notInOne'] = null;

  constructor(parser: PostgresParser, encoding: SqlExam['encoding']) {
    this.#parser = parser;
    this.#encoding = encoding;
  }

  add(statement: ScriptStatement): void {
    this.statements++;
    const { text, line } = statement;
    const command = this.#commandOf(statement);
    this.#kinds.set(command, (this.#kinds.get(command) ?? 0) + 1);
    this.#checkEncoding(text, line);
    if (!this.#notInOne && standsAlone(command, text)) this.#notInOne = { line, command };
    const samples = this.#samples.get(command) ?? [];
    const wanted = risky.test(command) ? samplesOfRisk : samplesOfKind;
    if (samples.length === 0 || (samples.length < wanted && text.length <= longestSample)) samples.push(text);
    this.#samples.set(command, samples);
  }

  result({ isDump, dumpIsComplete, passedOver }: ScriptReader): Examined {
    if (isDump && !dumpIsComplete)
      throw invalid('file', 'The dump is cut off: the line with which pg_dump ends is missing. Nothing was run.');
    const kinds = [...this.#kinds].map(([command, count]) => ({ command, count })).sort((a, b) => b.count - a.count);
    const exam: SqlExam = {
      encoding: this.#encoding,
      statements: this.statements,
      kinds,
      copyRows: this.copyRows,
      isDump,
      passedOver: [...passedOver],
      notInOne: this.#notInOne,
      notes: this.statements === 0 ? ['There is no statement in this file.'] : [],
    };
    return { exam, samples: [...this.#samples.values()].flat() };
  }

  /** The statement's kind in SQL's words; "unknown" where this parser, of PostgreSQL 18, does not know it. */
  #commandOf({ text, line, hasVariable, bodyIsUncertain, takesData }: ScriptStatement): string {
    if (takesData) return 'copy';
    const word = /^(?:\/\*[^*]*\*\/\s*)?([a-z]+)/i.exec(text.slice(0, 200))?.[1]?.toLowerCase() ?? '';
    const seen = this.#parsed.get(word) ?? 0;
    this.#parsed.set(word, seen + 1);
    if (seen >= (frequent[word] ?? Number.POSITIVE_INFINITY) && !hasVariable) return word === 'with' ? 'select' : word;
    if (text.length > longestParsed) return word || 'unknown';
    const outcome = this.#parser.parse(text);
    if (outcome.kind === 'parsed') {
      const [only] = outcome.statements;
      if (outcome.statements.length === 1 && only) return commandOf(only.node);
      throw invalid('file', `Line ${line}: it is not certain where this statement ends. Nothing was run.`);
    }
    if (hasVariable && outcome.kind === 'rejected')
      throw invalid('file', `Line ${line}: it has a variable of psql, which is not put in here. Write its value.`);
    if (bodyIsUncertain)
      throw invalid('file', `Line ${line}: it is not certain where this function’s body ends: put a ; before END.`);
    return 'unknown';
  }

  /** A script that changes its encoding on the way would be read wrongly behind that place. */
  #checkEncoding(text: string, line: number): void {
    if (text.length > 200) return;
    const name = encodingSet(text);
    // A database without an encoding does not know what it wrote.
    if (name === null || /^sql_?ascii$/i.test(name)) return;
    const wanted = encodingNamed(name);
    const same = wanted === this.#encoding || (wanted === 'utf-8' && /^utf-/.test(this.#encoding));
    if (!same)
      throw invalid(
        'encoding',
        `Line ${line}: the file says that it is in ${name}, and it is read as ${this.#encoding}. Have it read as it says.`,
      );
  }
}

const transactionWords = new Set(['begin', 'start', 'commit', 'rollback', 'prepare', 'commit prepared']);
const alone = new Set([
  ...['create database', 'drop database', 'createdb', 'dropdb', 'vacuum', 'alter system', 'rollback prepared'],
  ...['create table space', 'drop table space', 'create subscription'],
]);

/** Whether it begins or ends a transaction, or is refused in one. */
function standsAlone(command: string, text: string): boolean {
  if (command === 'prepare') return /^prepare\s+transaction\b/i.test(text);
  if (transactionWords.has(command) || alone.has(command)) return true;
  return /^(create index|drop index|reindex)$/.test(command) && /\bconcurrently\b/i.test(text.slice(0, 500));
}
