/** Runs a script that was read through (./examine-script.ts), on a connection of its own, statement by statement. */
import { statSync } from 'node:fs';
import type { Failure } from '../../../../shared/api/base.ts';
import type { SqlCounts, SqlEncoding, SqlError, SqlPlan } from '../../../../shared/api/sql-import.ts';
import { FailureError, failureOf, invalid } from '../../../../shared/failure.ts';
import { lostFailure } from '../../connect/failures.ts';
import { CopyIn, throwIfFailed } from '../../copy/copy-in.ts';
import { type Link, setEncodingSql } from '../../session/link.ts';
import type { ConnectSpec } from '../../source.ts';
import { commitTransaction, openImportLink, scriptOn } from '../import-link.ts';
import type { ReadPosition } from '../read/file-bytes.ts';
import { readFailure } from '../read/read-failure.ts';
import { encodingSet, scriptBytes } from './script-encoding.ts';
import { ScriptReader, type ScriptStatement } from './script-reader.ts';

export interface ScriptTask {
  readonly spec: ConnectSpec;
  readonly path: string;
  readonly plan: Pick<SqlPlan, 'transaction' | 'onError'>;
  /** As the examination found it. */
  readonly encoding: SqlEncoding;
}

export interface ScriptDone extends SqlCounts {
  readonly notes: readonly string[];
  readonly errors: readonly SqlError[];
  /** Null: it was run to its end; with `skip`, statements may have failed. */
  readonly failure: Failure | null;
}

export interface ScriptProgressNow extends SqlCounts {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly line: number;
}

const progressEveryMs = 100;
const shownErrors = 200;
const shownStatement = 200;
/** What was set by a newer pg_dump for its own session only. */
const plainSet = /^set\s+[a-z_]+\s*(=|to)\s/i;
const savepoint = 'savepoint howdah_script';
const undefinedObject = '42704';

/** Never throws for what the script or the server does: that is in `failure`. */
export async function runScript(
  task: ScriptTask,
  onProgress: (now: ScriptProgressNow) => void,
  aborted: () => boolean,
): Promise<ScriptDone> {
  const { link, close } = await openImportLink(task.spec, aborted);
  try {
    return await new ScriptRun(link, task, onProgress, aborted).run();
  } finally {
    await close();
  }
}

class ScriptRun {
  readonly #link: Link;
  readonly #task: ScriptTask;
  readonly #onProgress: (now: ScriptProgressNow) => void;
  readonly #aborted: () => boolean;
  readonly #position: ReadPosition = { bytes: 0 };
  readonly #totalBytes: number;
  readonly #counts = { statements: 0, failed: 0, rows: 0 };
  readonly #errors: SqlError[] = [];
  readonly #unknownSettings = new Set<string>();
  #nextProgress = 0;
  /** Of the statement that is under way. */
  #line = 1;

  constructor(link: Link, task: ScriptTask, onProgress: (now: ScriptProgressNow) => void, aborted: () => boolean) {
    this.#link = link;
    this.#task = task;
    this.#onProgress = onProgress;
    this.#aborted = aborted;
    this.#totalBytes = statSync(task.path).size;
  }

  get #inOne(): boolean {
    return this.#task.plan.transaction === 'one';
  }

  async run(): Promise<ScriptDone> {
    let failure: Failure | null = null;
    try {
      await this.#all();
    } catch (thrown) {
      failure = failureOf(readFailure(thrown));
      if (this.#aborted() && failure.kind !== 'outcomeUnknown')
        failure = { kind: 'cancelled', message: `Cancelled. ${this.#whatStays()}` };
    }
    const notes = [...this.#unknownSettings].map((name) => `The server does not know ${name}; it was passed over.`);
    return { ...this.#counts, notes, errors: this.#errors, failure };
  }

  async #all(): Promise<void> {
    const { path, encoding } = this.#task;
    const reader = new ScriptReader(scriptBytes(path, encoding, this.#position));
    // A statement may take hours: that it is this one is to be seen.
    const teller = setInterval(() => this.#tell(), progressEveryMs);
    try {
      if (this.#inOne) await scriptOn(this.#link, 'begin');
      for (;;) {
        reader.standardConformingStrings = this.#link.standardConformingStrings;
        const statement = await reader.next();
        if (!statement) break;
        if (this.#aborted()) throw new FailureError({ kind: 'cancelled', message: 'Cancelled.' });
        this.#line = statement.line;
        await this.#one(statement, reader);
        this.#tell();
      }
    } finally {
      clearInterval(teller);
      await reader.close();
    }
    await this.#end();
  }

  async #end(): Promise<void> {
    if (this.#inOne) return commitTransaction(this.#link);
    if (this.#link.transaction === 'idle') return;
    await scriptOn(this.#link, 'rollback');
    throw invalid('file', 'The file begins a transaction that it does not end: what was done in it is rolled back.');
  }

  async #one(statement: ScriptStatement, reader: ScriptReader): Promise<void> {
    // The bytes that are sent are UTF-8, whatever the file was in.
    if (statement.text.length < 200 && encodingSet(statement.text) !== null) return;
    this.#counts.statements++;
    try {
      this.#counts.rows += statement.takesData ? await this.#copy(statement, reader) : await this.#run(statement);
    } catch (thrown) {
      this.#failed(statement, thrown);
    }
    if (this.#link.clientEncoding !== this.#link.encoding && this.#link.transaction !== 'failed')
      await scriptOn(this.#link, setEncodingSql[this.#link.encoding]);
  }

  /** How many rows it says that it touched. */
  async #run({ text }: ScriptStatement): Promise<number> {
    const mayBeUnknown = plainSet.test(text) && text.length < 200;
    const guarded = mayBeUnknown && this.#link.transaction === 'open';
    if (guarded) await scriptOn(this.#link, savepoint);
    const statement = await this.#link.execute(text, { fields: () => {}, copyOut: () => {} });
    const end = await statement.ended;
    if (mayBeUnknown && end.error?.code === undefinedObject) {
      if (guarded) await scriptOn(this.#link, `rollback to ${savepoint}`);
      this.#unknownSettings.add(text.split(/\s+/)[1] ?? text);
      return 0;
    }
    throwIfFailed(end);
    if (guarded) await scriptOn(this.#link, `release ${savepoint}`);
    return /^(INSERT|UPDATE|DELETE|MERGE|COPY)\b/.test(end.tag ?? '') ? Number(end.tag?.split(' ').at(-1)) : 0;
  }

  async #copy({ text }: ScriptStatement, reader: ScriptReader): Promise<number> {
    let copy: CopyIn | null = null;
    let refused: unknown = null;
    try {
      copy = await CopyIn.open(this.#link, text);
    } catch (thrown) {
      refused = thrown;
    }
    try {
      const goesOn = this.#task.plan.onError === 'skip' && !this.#inOne;
      for await (const rows of reader.data()) {
        if (copy && !copy.over) await copy.write(rows);
        if (this.#aborted() || this.#link.lost || (!goesOn && (copy?.over ?? true))) break;
        this.#tell();
      }
    } catch (thrown) {
      await copy?.abandon('the file cannot be read any further');
      throw new UnreadableFile(thrown);
    }
    if (refused) throw refused;
    if (this.#aborted()) await copy?.abandon('cancelled');
    return (await copy?.finish()) ?? 0;
  }

  /** Throws, unless what failed is to be passed over. */
  #failed(statement: ScriptStatement, thrown: unknown): void {
    if (thrown instanceof UnreadableFile) throw thrown.cause;
    const failure = failureOf(thrown);
    this.#counts.failed++;
    if (this.#link.lost) throw this.#lost(statement, thrown);
    const line = statement.line + linesBefore(statement.text, failure);
    if (this.#errors.length < shownErrors)
      this.#errors.push({ line, reason: reasonOf(failure), statement: statement.text.slice(0, shownStatement) });
    if (this.#task.plan.onError === 'skip' && !this.#inOne && failure.kind === 'postgres' && !this.#aborted()) return;
    const message = `Line ${line}: ${failure.message.replace(/\.?$/, '.')} ${this.#whatStays()}`;
    throw new FailureError(
      failure.kind === 'postgres'
        ? { ...failure, message, position: undefined }
        : { kind: 'invalid', field: 'file', message },
    );
  }

  #lost({ line }: ScriptStatement, thrown: unknown): FailureError {
    const failure = failureOf(thrown instanceof FailureError ? thrown : lostFailure(thrown));
    const open = this.#inOne
      ? 'Nothing was changed.'
      : 'Whether that statement was done is not known; those before it are.';
    const message = `The connection was lost at line ${line}. ${open}`;
    if (!this.#inOne) return new FailureError({ kind: 'outcomeUnknown', message }, { cause: thrown });
    return new FailureError(failure.kind === 'connection' ? { ...failure, message } : failure, { cause: thrown });
  }

  #whatStays(): string {
    if (this.#inOne) return 'Nothing was changed.';
    return 'What the statements before it did stays, but for what an open transaction did.';
  }

  #tell(): void {
    if (performance.now() < this.#nextProgress) return;
    this.#nextProgress = performance.now() + progressEveryMs;
    const [bytes, totalBytes, line] = [this.#position.bytes, this.#totalBytes, this.#line];
    this.#onProgress({ ...this.#counts, bytes, totalBytes, line });
  }
}

/** The file's fault, not the statement's: nothing behind it can be run. */
class UnreadableFile extends Error {
  constructor(cause: unknown) {
    super('the file cannot be read', { cause });
  }
}

function linesBefore(text: string, failure: Failure): number {
  if (failure.kind !== 'postgres' || !failure.position) return 0;
  return [...text].slice(0, failure.position - 1).filter((character) => character === '\n').length;
}

function reasonOf(failure: Failure): string {
  if (failure.kind !== 'postgres') return failure.message;
  return [failure.message, failure.detail, failure.sqlstate].filter(Boolean).join(' · ');
}
