/** Runs a statement on a connection of its own and writes its rows as they come, without a row limit and without a stop in between. */
import type { FieldDef } from 'pg';
import { FailureError, failureOf, invalid } from '../../../../shared/failure.ts';
import { lostFailure } from '../../connect/failures.ts';
import { Link } from '../../session/link.ts';
import { ReadOnlyRail } from '../../session/read-only/read-only-rail.ts';
import type { ConnectSpec } from '../../source.ts';
import type { RowSink } from '../../wire/message-walker.ts';
import { postgresError } from '../../wire/postgres-failure.ts';
import type { StatementEnd } from '../../wire/statement.ts';
import type { Aborted } from '../read/scan-rows.ts';
import { ExportFile } from './export-file.ts';
import type { Exported, ExportedQuery, ExportTarget, JobProgress } from './result-job.ts';

const abortCheckMs = 50;
/**
 * Exporting must not change data a second time; a statement that writes is refused by the server (SQLSTATE 25006). And
 * the file is UTF-8, whatever the SQL-on-connect has set.
 */
const setupSql = `set default_transaction_read_only = on; set client_encoding = 'UTF8'`;

export async function exportQuery(
  spec: ConnectSpec,
  query: ExportedQuery,
  target: ExportTarget,
  onProgress: (progress: JobProgress) => void,
  aborted: Aborted,
): Promise<Exported> {
  const link = await Link.open(spec, {
    notice: () => {},
    notification: () => {},
    ready: () => {},
    lost: () => {},
    cancelBySql: () => Promise.reject(new Error('there is no second connection')),
  });
  const run = new QueryExport(link, target, onProgress);
  const watch = setInterval(() => {
    if (aborted()) run.stop(new FailureError({ kind: 'cancelled', message: 'Cancelled.' }));
  }, abortCheckMs);
  try {
    if (spec.onConnectSql.trim()) await link.script(spec.onConnectSql);
    await link.script(setupSql);
    const admitted = spec.readOnly ? await new ReadOnlyRail(link).admit(query.text) : null;
    if (admitted?.kind === 'refused') throw new FailureError(admitted.failure);
    return await run.run(query);
  } finally {
    clearInterval(watch);
    await run.close();
    await link.close();
  }
}

class QueryExport {
  readonly #link: Link;
  readonly #target: ExportTarget;
  readonly #onProgress: (progress: JobProgress) => void;
  #file: ExportFile | null = null;
  /** Why nothing more is taken: the disk, or nobody waits. */
  #stopped: unknown = null;

  constructor(link: Link, target: ExportTarget, onProgress: (progress: JobProgress) => void) {
    this.#link = link;
    this.#target = target;
    this.#onProgress = onProgress;
  }

  async run({ text, values }: ExportedQuery): Promise<Exported> {
    const events = {
      fields: (fields: readonly FieldDef[]) => this.#expect(fields),
      copyOut: () =>
        this.stop(invalid('sql', 'COPY writes its own format. Export a query instead, or run COPY as it is.')),
    };
    const statement = await this.#link.execute(text, events, { values });
    const end = await statement.ended;
    if (this.#stopped) throw this.#stopped;
    throwIfFailed(end);
    if (!this.#file) throw invalid('sql', 'This statement gives no rows to export.');
    return await this.#file.finish();
  }

  /** Ends the statement on the server too. */
  stop(reason: unknown): void {
    if (this.#stopped) return;
    this.#stopped = reason;
    this.#link.discardRows();
    // A server that cannot be asked to stop is left.
    this.#link.cancel().catch(() => this.#link.cut());
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  #expect(fields: readonly FieldDef[]): void {
    try {
      const columns = fields.map(({ name, dataTypeID }) => ({ name, typeOid: dataTypeID }));
      const file = new ExportFile(this.#target, columns, this.#onProgress);
      this.#file = file;
      this.#link.rowsTo(this.#sink(file), Number.POSITIVE_INFINITY, () => {});
    } catch (thrown) {
      this.stop(thrown);
    }
  }

  /** Nothing may be thrown into the connection's reader: a full disk stops the statement instead. */
  #sink(file: ExportFile): RowSink {
    return {
      sizeBytes: 0,
      rowStarts: () => {},
      append: (chunk, from, to) => {
        if (this.#stopped) return;
        try {
          file.push(chunk.subarray(from, to));
        } catch (thrown) {
          this.stop(thrown);
        }
      },
    };
  }
}

function throwIfFailed(end: StatementEnd): void {
  if (end.lost) throw lostFailure(end.error ?? new Error('closed'));
  if (end.wantedInput)
    throw new FailureError({
      kind: 'unsupported',
      needs: 'data for COPY FROM STDIN',
      message: 'COPY … FROM STDIN reads rows; there is nothing to export.',
    });
  if (!end.error) return;
  const failure = failureOf(postgresError(end.error));
  if (failure.kind === 'postgres' && failure.sqlstate === '25006')
    throw new FailureError({
      ...failure,
      hint: 'An export runs the statement again, and read-only, so that nothing is written twice. Export the fetched rows instead.',
    });
  throw new FailureError(failure);
}
