/** An import from its first byte to its last word: reads batches, loads each, and keeps the count. */
import { statSync } from 'node:fs';
import type { Failure } from '../../../shared/api/base.ts';
import type { ImportCounts, ImportPlan, RejectedRow } from '../../../shared/api/import-plan.ts';
import { FailureError, failureOf, invalid } from '../../../shared/failure.ts';
import { quoteIdentifier, quoteQualified } from '../../../shared/sql/quote.ts';
import { throwIfFailed } from '../copy/copy-in.ts';
import type { Aborted } from '../result/read/scan-rows.ts';
import type { Link } from '../session/link.ts';
import type { ConnectSpec } from '../source.ts';
import { commitTransaction, failedWith, openImportLink, scriptOn } from './import-link.ts';
import { ImportPlace } from './import-place.ts';
import type { TargetTable } from './insert-sql.ts';
import { BatchLoader, type Loaded } from './load-batch.ts';
import { LongCopy } from './long-copy.ts';
import { openSource } from './open-source.ts';
import { checkPacking, type ReadPosition } from './read/file-bytes.ts';
import { readFailure } from './read/read-failure.ts';
import type { RowsSource, SourceBatch, SourceReader } from './read/source-batch.ts';
import { RejectFile } from './reject-file.ts';
import { targetTypesSql } from './target.sql.ts';

export interface ImportTask {
  readonly spec: ConnectSpec;
  /** The path of a file, or where else the rows are. */
  readonly from: string | RowsSource;
  readonly plan: ImportPlan;
  /** What an import that goes on is known by: of the file and the plan. */
  readonly key: string;
  readonly rejectsPath: string;
  /** Within the first transaction, before the first row. */
  readonly beforeRows?: (link: Link, resumed: number) => Promise<void>;
  /** Within the last transaction, when all rows are in: what it throws undoes that one. */
  readonly beforeEnd?: (link: Link, counts: ImportCounts & { readonly resumed: number }) => Promise<void>;
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
  /** Of the file; 0 where it is none. */
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
  #batchesKept = 0;
  #placeBefore: string | null = null;
  readonly #place: ImportPlace;
  #copy: LongCopy | null = null;
  #nextProgress = 0;

  constructor(link: Link, task: ImportTask, onProgress: (now: ImportProgressNow) => void, aborted: Aborted) {
    this.#link = link;
    this.#task = task;
    this.#onProgress = onProgress;
    this.#aborted = aborted;
    this.#place = new ImportPlace(link, task.plan.table.schema, task.key, typeof task.from !== 'string');
  }

  async run(): Promise<Imported> {
    const { plan } = this.#task;
    let failure: Failure | null = null;
    try {
      await this.#load();
    } catch (thrown) {
      failure = failureOf(readFailure(thrown));
      if (this.#aborted() && failure.kind !== 'outcomeUnknown') failure = { kind: 'cancelled', message: 'Cancelled.' };
      failure = failedWith(failure, this.#whatStays());
    }
    const notes = plan.dryRun && failure === null ? ['Nothing was changed: all of it was rolled back.'] : [];
    return { ...this.#counts, resumed: this.#resumed, notes, rejects: this.#rejects?.shown ?? [], failure };
  }

  close(): void {
    this.#rejects?.close();
  }

  #whatStays(): string {
    if (this.#batchesBefore + this.#batchesKept === 0) return 'Nothing was changed.';
    return 'The batches before are in the table; the same import goes on from there.';
  }

  get #inBatches(): boolean {
    const { transaction, dryRun } = this.#task.plan;
    return transaction === 'batches' && !dryRun;
  }

  async #load(): Promise<void> {
    const { plan, rejectsPath } = this.#task;
    const fromFile = await this.#fileReader();
    const rejectBytes = this.#inBatches ? await this.#goOn() : 0;
    const reader = fromFile ?? (await this.#source.open(this.#placeBefore));
    this.#rejects = new RejectFile(rejectsPath, plan.sourceColumns, rejectBytes);
    await this.#script('begin');
    if (this.#resumed === 0) await this.#prepareTable();
    await this.#task.beforeRows?.(this.#link, this.#resumed);
    const target = await this.#targetTable();
    const loader = new BatchLoader(this.#link, plan, {
      copyOptions: reader.copyOptions,
      target,
      rejects: this.#rejects,
      checkSource: async () => {
        const { from } = this.#task;
        if (typeof from === 'string') await checkPacking(from, this.#aborted);
      },
    });
    await this.#batches(reader, loader);
    await this.#task.beforeEnd?.(this.#link, { ...this.#counts, resumed: this.#resumed });
    if (plan.dryRun) {
      // A constraint that is checked at the end is checked here.
      await this.#script('set constraints all immediate');
      await this.#script('rollback');
      return;
    }
    this.#rejects.sync();
    if (this.#inBatches) await this.#place.forget();
    await this.#commit();
  }

  /** Opened first: what is wrong with a file is told before anything is done. Null where there is none. */
  async #fileReader(): Promise<SourceReader | null> {
    const { plan, from } = this.#task;
    if (typeof from !== 'string') return null;
    return openSource({ path: from, dialect: plan.dialect, columns: plan.sourceColumns }, this.#position);
  }

  get #source(): RowsSource {
    const { from } = this.#task;
    if (typeof from === 'string') throw new Error('the rows are in a file');
    return from;
  }

  /** Where an earlier attempt had got to; its reject file goes on from there. */
  async #goOn(): Promise<number> {
    const kept = await this.#place.open();
    if (!kept) return 0;
    Object.assign(this.#counts, kept.counts);
    this.#resumed = kept.counts.read;
    this.#batchesBefore = kept.batches;
    this.#placeBefore = kept.place;
    return kept.rejectBytes;
  }

  async #batches(reader: SourceReader, loader: BatchLoader): Promise<void> {
    const { plan } = this.#task;
    // A table is read on from its place.
    let toSkip = typeof this.#task.from === 'string' ? this.#batchesBefore : 0;
    const batches = ahead(reader.batches({ rows: plan.batchRows, bytes: batchBytes }));
    const copy = new LongCopy(loader, (loaded) => this.#count(loaded), this.#counts.read + 1);
    this.#copy = copy;
    try {
      for await (const batch of batches) {
        if (this.#aborted()) throw new FailureError({ kind: 'cancelled', message: 'Cancelled.' });
        if (toSkip > 0) {
          toSkip--;
          batch.release?.();
          continue;
        }
        await copy.take(batch);
        if (this.#inBatches) {
          await copy.end();
          await this.#keep(batch);
        }
        this.#tell();
      }
      await copy.end();
    } finally {
      await batches.return(undefined);
      await copy.abandon();
    }
    if (toSkip > 0) throw movedFile();
  }

  #count({ read, inserted, updated, rejected }: Loaded): void {
    const counts = this.#counts;
    counts.read += read;
    counts.inserted += inserted;
    counts.updated += updated;
    counts.rejected += rejected;
  }

  /** What was done until here stays. */
  async #keep(batch: SourceBatch): Promise<void> {
    this.#rejects?.sync();
    await this.#place.keep({
      batches: this.#batchesBefore + this.#batchesKept + 1,
      counts: this.#counts,
      rejectBytes: this.#rejects?.bytes ?? 0,
      place: typeof this.#task.from === 'string' ? null : this.#task.from.placeOf(batch),
    });
    await this.#commit();
    this.#batchesKept++;
    await this.#script('begin');
  }

  #tell(): void {
    if (performance.now() < this.#nextProgress) return;
    this.#nextProgress = performance.now() + progressEveryMs;
    const { from } = this.#task;
    const isFile = typeof from === 'string';
    const bytes = isFile ? this.#position.bytes : from.bytes;
    const totalBytes = isFile ? statSync(from).size : 0;
    const underWay = this.#copy?.underWay ?? 0;
    const { read, inserted, ...others } = this.#counts;
    const counts = { ...others, read: read + underWay, inserted: inserted + underWay };
    this.#onProgress({ ...counts, bytes, totalBytes, resumed: this.#resumed });
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

const movedFile = () => invalid('file', 'The file or the batch size is not what it was when this import was cut off.');

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
