/** An import from its first byte to its last word: reads batches, loads each, and keeps the count. */
import { statSync } from 'node:fs';
import type { Failure } from '../../../shared/api/base.ts';
import type { ImportCounts, ImportPlan, RejectedRow } from '../../../shared/api/transfer.ts';
import { FailureError, failureOf, invalid } from '../../../shared/failure.ts';
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../shared/sql/quote.ts';
import { throwIfFailed } from '../copy/copy-in.ts';
import { fileFailure } from '../export/output/file-failure.ts';
import type { Aborted } from '../result/read/scan-rows.ts';
import type { Link } from '../session/link.ts';
import type { ConnectSpec } from '../source.ts';
import { commitTransaction, openImportLink, scriptOn } from './import-link.ts';
import type { TargetTable } from './insert-sql.ts';
import { BatchLoader } from './load-batch.ts';
import { openSource } from './open-source.ts';
import type { ReadPosition } from './read/file-bytes.ts';
import type { SourceBatch, SourceReader } from './read/source-batch.ts';
import { RejectFile } from './reject-file.ts';
import { progressTable, targetTypesSql } from './target.sql.ts';

export interface ImportTask {
  readonly spec: ConnectSpec;
  readonly path: string;
  readonly plan: ImportPlan;
  /** What an import that goes on is known by: of the file and the plan. */
  readonly key: string;
  readonly rejectsPath: string;
}

export interface Imported extends ImportCounts {
  readonly resumed: number;
  readonly notes: readonly string[];
  readonly rejects: readonly RejectedRow[];
  /** Null: it was done. */
  readonly failure: Failure | null;
}

export interface ImportProgressNow extends ImportCounts {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly resumed: number;
}

const batchBytes = 8 * 1024 * 1024;
const progressEveryMs = 100;

export async function runImport(
  task: ImportTask,
  onProgress: (now: ImportProgressNow) => void,
  aborted: Aborted,
): Promise<Imported> {
  const { spec } = task;
  const { link, close } = await openImportLink(spec, aborted);
  const run = new ImportRun(link, task, onProgress, aborted);
  try {
    return await run.run();
  } finally {
    run.close();
    await close();
  }
}

class ImportRun {
  readonly #link: Link;
  readonly #task: ImportTask;
  readonly #onProgress: (now: ImportProgressNow) => void;
  readonly #aborted: Aborted;
  readonly #position: ReadPosition = { bytes: 0 };
  readonly #counts = { read: 0, inserted: 0, updated: 0, rejected: 0 };
  #rejects: RejectFile | null = null;
  #resumed = 0;
  /** Of an earlier attempt: equal files and sizes are cut into equal batches. */
  #batchesBefore = 0;
  #batchesDone = 0;
  #nextProgress = 0;

  constructor(link: Link, task: ImportTask, onProgress: (now: ImportProgressNow) => void, aborted: Aborted) {
    this.#link = link;
    this.#task = task;
    this.#onProgress = onProgress;
    this.#aborted = aborted;
  }

  async run(): Promise<Imported> {
    const { plan } = this.#task;
    let failure: Failure | null = null;
    try {
      await this.#load();
    } catch (thrown) {
      failure = failureOf(fileFailure(thrown));
      if (this.#aborted() && failure.kind !== 'outcomeUnknown')
        failure = { kind: 'cancelled', message: cancelledWords(plan) };
    }
    const notes = plan.dryRun && failure === null ? ['Nothing was changed: all of it was rolled back.'] : [];
    return { ...this.#counts, resumed: this.#resumed, notes, rejects: this.#rejects?.shown ?? [], failure };
  }

  close(): void {
    this.#rejects?.close();
  }

  get #inBatches(): boolean {
    const { transaction, dryRun } = this.#task.plan;
    return transaction === 'batches' && !dryRun;
  }

  async #load(): Promise<void> {
    const { plan, path, rejectsPath } = this.#task;
    const reader = await openSource({ path, dialect: plan.dialect, columns: plan.sourceColumns }, this.#position);
    const rejectBytes = this.#inBatches ? await this.#openProgress() : 0;
    this.#rejects = new RejectFile(rejectsPath, plan.sourceColumns, rejectBytes);
    await this.#script('begin');
    if (this.#resumed === 0) await this.#prepareTable();
    const target = await this.#targetTable();
    const loader = new BatchLoader(this.#link, plan, {
      copyOptions: reader.copyOptions,
      target,
      rejects: this.#rejects,
    });
    await this.#batches(reader, loader);
    if (plan.dryRun) {
      // A constraint that is checked at the end is checked here.
      await this.#script('set constraints all immediate');
      await this.#script('rollback');
      return;
    }
    this.#rejects.sync();
    if (this.#inBatches) await this.#script(this.#forgetProgressSql());
    await this.#commit();
  }

  async #batches(reader: SourceReader, loader: BatchLoader): Promise<void> {
    const { plan } = this.#task;
    let toSkip = this.#batchesBefore;
    const batches = ahead(reader.batches({ rows: plan.batchRows, bytes: batchBytes }));
    try {
      for await (const batch of batches) {
        if (this.#aborted()) throw new FailureError({ kind: 'cancelled', message: cancelledWords(plan) });
        if (toSkip > 0) {
          toSkip--;
          continue;
        }
        await this.#one(batch, loader);
      }
    } finally {
      await batches.return(undefined);
    }
    if (toSkip > 0) throw movedFile();
  }

  async #one(batch: SourceBatch, loader: BatchLoader): Promise<void> {
    const done = await loader.load(batch, this.#counts.read + 1);
    const counts = this.#counts;
    counts.read += done.read;
    counts.inserted += done.inserted;
    counts.updated += done.updated;
    counts.rejected += done.rejected;
    this.#batchesDone++;
    if (this.#inBatches) {
      this.#rejects?.sync();
      await this.#script(this.#keepProgressSql());
      await this.#commit();
      await this.#script('begin');
    }
    this.#tell();
  }

  #tell(): void {
    if (performance.now() < this.#nextProgress) return;
    this.#nextProgress = performance.now() + progressEveryMs;
    const totalBytes = statSync(this.#task.path).size;
    this.#onProgress({ ...this.#counts, bytes: this.#position.bytes, totalBytes, resumed: this.#resumed });
  }

  async #prepareTable(): Promise<void> {
    const { table, create, columns, mode } = this.#task.plan;
    const name = quoteQualified(table.schema, table.name);
    if (create) {
      const list = columns.map(({ target, type = 'text' }) => `${quoteIdentifier(target)} ${type}`).join(', ');
      // Types come from the person; a parameter of the extended protocol keeps it one statement.
      await this.#statement(`create table ${name} (${list})`);
    } else if (mode === 'replace') await this.#script(`truncate ${name}`);
  }

  async #targetTable(): Promise<TargetTable> {
    const { table, columns } = this.#task.plan;
    const name = quoteQualified(table.schema, table.name);
    const end = await this.#link.rows(targetTypesSql, [name], 1700);
    throwIfFailed(end);
    const types = new Map<string, string>();
    for (const [column, type, computed] of end.rows) if (column && type && computed !== 'true') types.set(column, type);
    const missing = columns.find(({ target }) => !types.has(target));
    if (missing) throw invalid('columns', `The table has no column "${missing.target}" that takes values.`);
    return { types, partitioned: end.rows[0]?.[3] === 'true' };
  }

  /** Where an earlier attempt had got to; its reject file goes on from there. */
  async #openProgress(): Promise<number> {
    const table = this.#progressName();
    await this.#script(`create table if not exists ${table} (key text primary key, batches bigint not null, read bigint not null,
      inserted bigint not null, updated bigint not null, rejected bigint not null, reject_bytes bigint not null,
      changed_at timestamptz not null default pg_catalog.now())`);
    const end = await this.#link.rows(
      `select batches, read, inserted, updated, rejected, reject_bytes from ${table} where key = $1`,
      [this.#task.key],
      1,
    );
    throwIfFailed(end);
    const [row] = end.rows;
    if (!row) return 0;
    const [batches = 0, read = 0, inserted = 0, updated = 0, rejected = 0, rejectBytes = 0] = row.map(Number);
    Object.assign(this.#counts, { read, inserted, updated, rejected });
    this.#resumed = read;
    this.#batchesBefore = batches;
    return rejectBytes;
  }

  #keepProgressSql(): string {
    const { read, inserted, updated, rejected } = this.#counts;
    const values = [
      this.#batchesBefore + this.#batchesDone,
      read,
      inserted,
      updated,
      rejected,
      this.#rejects?.bytes ?? 0,
    ].join(', ');
    return `insert into ${this.#progressName()} (key, batches, read, inserted, updated, rejected, reject_bytes)
      values (${quoteLiteral(this.#task.key)}, ${values}) on conflict (key) do update set batches = excluded.batches, read = excluded.read,
      inserted = excluded.inserted, updated = excluded.updated, rejected = excluded.rejected,
      reject_bytes = excluded.reject_bytes, changed_at = pg_catalog.now()`;
  }

  /** The table goes with its last row. */
  #forgetProgressSql(): string {
    const table = this.#progressName();
    return `delete from ${table} where key = ${quoteLiteral(this.#task.key)};
      do $howdah$ begin lock table ${table} in access exclusive mode;
        if not exists (select from ${table}) then drop table ${table}; end if; end $howdah$`;
  }

  #progressName(): string {
    return quoteQualified(this.#task.plan.table.schema, progressTable);
  }

  #script(text: string): Promise<void> {
    return scriptOn(this.#link, text);
  }

  async #statement(text: string): Promise<void> {
    const statement = await this.#link.execute(text, { fields: () => {}, copyOut: () => {} });
    throwIfFailed(await statement.ended);
  }

  /** A link that is lost here leaves the outcome open; in batches, going on finds it out. */
  async #commit(): Promise<void> {
    if (this.#inBatches) await this.#script('commit');
    else await commitTransaction(this.#link);
  }
}

const cancelledWords = ({ transaction, dryRun }: ImportPlan): string =>
  transaction === 'batches' && !dryRun
    ? 'Cancelled. The batches before are in the table; the same import goes on from there.'
    : 'Cancelled. Nothing was changed.';

const movedFile = () =>
  invalid('file', 'The file or the batch size is not what it was when this import was cut off. Nothing was imported.');

/** Reads the next batch while the server works on this one. */
async function* ahead(batches: AsyncGenerator<SourceBatch, void, void>): AsyncGenerator<SourceBatch, void, void> {
  let next = batches.next();
  // What goes wrong in it is told when it is waited for.
  next.catch(() => {});
  try {
    for (;;) {
      const now = await next;
      if (now.done) return;
      next = batches.next();
      next.catch(() => {});
      yield now.value;
    }
  } finally {
    await next.catch(() => {});
    await batches.return();
  }
}
