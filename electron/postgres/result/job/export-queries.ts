/**
 * Runs statements on a connection of their own and writes their rows as they come, without a row limit and without a stop
 * in between. Several are run in one snapshot, so that the tables of an export fit each other.
 */
import type { FieldDef } from 'pg';
import { FailureError, failureOf, invalid } from '../../../../shared/failure.ts';
import { lostFailure } from '../../connect/failures.ts';
import { columnOfField } from '../../export/encoded-column.ts';
import { ExportWriter } from '../../export/export-writer.ts';
import { openQuietLink } from '../../import/import-link.ts';
import type { Link } from '../../session/link.ts';
import { ReadOnlyRail } from '../../session/read-only/read-only-rail.ts';
import type { ConnectSpec } from '../../source.ts';
import type { RowSink } from '../../wire/message-walker.ts';
import { postgresError } from '../../wire/postgres-failure.ts';
import type { StatementEnd } from '../../wire/statement.ts';
import type { Aborted } from '../read/scan-rows.ts';
import type { Exported, ExportedQuery, ExportTarget, JobProgress } from './result-job.ts';

const abortCheckMs = 50;
/**
 * Exporting must not change data a second time; a statement that writes is refused by the server (SQLSTATE 25006). And
 * the file is UTF-8, whatever the SQL-on-connect has set.
 */
const setupSql = `set default_transaction_read_only = on; set client_encoding = 'UTF8'`;
/** For formats that read values, or that are to be read by any server. */
const fixedFormsSql = `set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set bytea_output = 'hex'; set extra_float_digits = 1`;
const snapshotSql = 'begin isolation level repeatable read read only';

export async function exportQueries(
  spec: ConnectSpec,
  queries: readonly ExportedQuery[],
  target: ExportTarget,
  onProgress: (progress: JobProgress) => void,
  aborted: Aborted,
): Promise<Exported> {
  const link = await openQuietLink(spec);
  let file: ExportWriter | null = null;
  let run: QueryExport | null = null;
  let watch: NodeJS.Timeout | undefined;
  try {
    if (spec.onConnectSql.trim()) await link.script(spec.onConnectSql);
    await link.script(setupSql);
    const { format } = target.options;
    if (format === 'xlsx' || format === 'parquet' || format === 'sql') await link.script(fixedFormsSql);
    if (queries.length > 1) await link.script(snapshotSql);
    file = await ExportWriter.open(target.path, target.options, queries.length, onProgress);
    run = new QueryExport(link, target, file);
    watch = setInterval(() => {
      if (aborted()) run?.stop(new FailureError({ kind: 'cancelled', message: 'Cancelled.' }));
    }, abortCheckMs);
    const rail = spec.readOnly ? new ReadOnlyRail(link) : null;
    for (const query of queries) {
      const admitted = await rail?.admit(query.text);
      if (admitted?.kind === 'refused') throw new FailureError(admitted.failure);
      await run.run(query);
      if (admitted?.kind === 'admitted' && admitted.own) await rail?.over();
    }
    return await file.finish();
  } finally {
    clearInterval(watch);
    await file?.close();
    await link.close();
  }
}

class QueryExport {
  readonly #link: Link;
  readonly #target: ExportTarget;
  readonly #file: ExportWriter;
  /** Why nothing more is taken: the disk, or nobody waits. */
  #stopped: unknown = null;

  constructor(link: Link, target: ExportTarget, file: ExportWriter) {
    this.#link = link;
    this.#target = target;
    this.#file = file;
  }

  async run(query: ExportedQuery): Promise<void> {
    if (this.#stopped) throw this.#stopped;
    let any = false;
    const events = {
      fields: (fields: readonly FieldDef[]) => {
        any = true;
        this.#expect(query, fields);
      },
      copyOut: () =>
        this.stop(invalid('sql', 'COPY writes its own format. Export a query instead, or run COPY as it is.')),
    };
    const statement = await this.#link.execute(query.text, events, { values: query.values });
    const end = await statement.ended;
    if (this.#stopped) throw this.#stopped;
    throwIfFailed(end, query.table?.name);
    if (!any) throw invalid('sql', 'This statement gives no rows to export.');
    this.#file.end();
  }

  /** Ends the statement on the server too. */
  stop(reason: unknown): void {
    if (this.#stopped) return;
    this.#stopped = reason;
    this.#link.discardRows();
    // A server that cannot be asked to stop is left.
    this.#link.cancel().catch(() => this.#link.cut());
  }

  #expect({ table }: ExportedQuery, fields: readonly FieldDef[]): void {
    try {
      const { name, options } = this.#target;
      const sqlName = table?.sqlName ?? options.tableName ?? 'table_name';
      const columns = fields.map(columnOfField);
      this.#file.begin({ name: table?.name ?? name, sqlName, overriding: table?.overriding ?? false, columns });
      this.#link.rowsTo(this.#sink(), Number.POSITIVE_INFINITY, () => {});
    } catch (thrown) {
      this.stop(thrown);
    }
  }

  /** Nothing may be thrown into the connection's reader: a full disk stops the statement instead. */
  #sink(): RowSink {
    return {
      sizeBytes: 0,
      rowStarts: () => {},
      append: (chunk, from, to) => {
        if (this.#stopped) return;
        try {
          this.#file.push(chunk.subarray(from, to));
        } catch (thrown) {
          this.stop(thrown);
        }
      },
    };
  }
}

/** @param table the failure says of which table it is */
function throwIfFailed(end: StatementEnd, table: string | undefined): void {
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
  if (failure.kind === 'postgres' && table !== undefined)
    throw new FailureError({ ...failure, message: `${table}: ${failure.message}` });
  throw new FailureError(failure);
}
