/** A script from a file: read through, asked about, run. */
import { stat } from 'node:fs/promises';
import type { SqlExamProgress, SqlPlan, SqlProgress } from '../../../shared/api/sql-import.ts';
import { failureOf, invalid } from '../../../shared/failure.ts';
import { readFailure } from '../../postgres/import/read/read-failure.ts';
import type { Examined, ReadSoFar } from '../../postgres/import/sql/examine-script.ts';
import type { ScriptDone, ScriptProgressNow } from '../../postgres/import/sql/run-script.ts';
import type { JobOptions } from '../../postgres/result/job/result-jobs.ts';
import type { OpenResults } from '../../postgres/result/open-results.ts';
import type { ConnectSpec, RunRequest } from '../../postgres/source.ts';
import { mapped, withProgress } from './with-progress.ts';

export interface ScriptNeeds {
  readonly results: Pick<OpenResults, 'job'>;
}
export interface Script {
  readonly path: string;
  readonly encoding: SqlPlan['encoding'];
}

/** A large file is not read through again before it is run, if it is the same. */
const mostKept = 4;

export class Scripts {
  readonly #results: ScriptNeeds['results'];
  readonly #kept = new Map<string, Examined>();

  constructor({ results }: ScriptNeeds) {
    this.#results = results;
  }

  /** Ends with `done` or `failed`; leaving it cancels. */
  async *examine(script: Script, signal?: AbortSignal): AsyncGenerator<SqlExamProgress, void, void> {
    try {
      const examined = yield* this.#read(script, signal);
      yield { kind: 'done', exam: examined.exam };
    } catch (thrown) {
      yield { kind: 'failed', failure: failureOf(thrown) };
    }
  }

  /**
   * What has to be known before a run, with progress while it is found out. @throws invalid where the script is not to be run
   */
  async *admit(
    script: Script,
    { transaction }: SqlPlan,
    signal?: AbortSignal,
  ): AsyncGenerator<SqlProgress, Examined, void> {
    const examined = yield* mapped(this.#read(script, signal), (now): SqlProgress => ({ ...now, kind: 'reading' }));
    const { notInOne } = examined.exam;
    if (transaction === 'one' && notInOne)
      throw invalid(
        'transaction',
        `Line ${notInOne.line}: ${notInOne.command.toUpperCase()} cannot be in one transaction with the rest. Have the statements run each by itself.`,
      );
    return examined;
  }

  /** Ends with `done` or `failed`; leaving it cancels. */
  async *run(
    { spec, path, plan, examined }: { spec: ConnectSpec; path: string; plan: SqlPlan; examined: Examined },
    signal?: AbortSignal,
  ): AsyncGenerator<SqlProgress, void, void> {
    const startedAt = performance.now();
    const task = { spec, path, plan, encoding: examined.exam.encoding };
    const work = (options: JobOptions) => this.#results.job({ kind: 'runScript', task }, options);
    const told = withProgress<ScriptProgressNow, ScriptDone>(work, ({ script }) => script, signal);
    const runningMs = (): number => performance.now() - startedAt;
    const done = yield* mapped(told, (now): SqlProgress => ({ kind: 'progress', ...now, runningMs: runningMs() }));
    const { failure, errors, notes, ...counts } = done;
    if (failure) yield { kind: 'failed', failure, errors: [...errors], ...counts };
    else yield { kind: 'done', ...counts, tookMs: runningMs(), notes: [...notes], errors: [...errors] };
  }

  async *#read(
    { path, encoding }: Script,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Extract<SqlExamProgress, { kind: 'progress' }>, Examined, void> {
    const { size, mtimeMs } = await stat(path).catch((thrown) => {
      throw readFailure(thrown);
    });
    const key = JSON.stringify([path, size, mtimeMs, encoding]);
    const known = this.#kept.get(key);
    if (known) return known;
    const work = (options: JobOptions) =>
      this.#results.job({ kind: 'examineScript', file: { path, encoding } }, options);
    const told = withProgress<ReadSoFar, Examined>(work, ({ read }) => read, signal);
    const examined = yield* mapped(told, (now) => ({ kind: 'progress' as const, ...now }));
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= mostKept && !oldest.done) this.#kept.delete(oldest.value);
    this.#kept.set(key, examined);
    return examined;
  }
}

/** The statements that the guard rails judge in place of all of a script. */
export const samplesAsRun = ({ samples }: Examined): RunRequest['statements'] =>
  samples.map((text) => ({ text, range: { from: 0, to: text.length } }));
