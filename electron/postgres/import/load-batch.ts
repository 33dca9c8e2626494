/**
 * One batch into the table, or several. As a whole by COPY where nothing is to be done to the values; else, and whenever
 * COPY refuses it, by way of a temporary table of texts, from which ranges are inserted and halved until each row that the server
 * refuses is known by itself, with the server's reason.
 */
import type { ImportPlan } from '../../../shared/api/import-plan.ts';
import { FailureError, failureOf } from '../../../shared/failure.ts';
import { quoteIdentifier, quoteQualified } from '../../../shared/sql/quote.ts';
import { CopyIn, throwIfFailed } from '../copy/copy-in.ts';
import type { Link } from '../session/link.ts';
import { scriptOn } from './import-link.ts';
import { insertSql, rowNumber, type Staged, stage, stagedColumns, type TargetTable } from './insert-sql.ts';
import { copyText } from './read/fields-batch.ts';
import type { SourceBatch } from './read/source-batch.ts';
import type { RejectFile } from './reject-file.ts';
import { hasRules } from './rules-sql.ts';

export interface Loaded {
  readonly read: number;
  readonly inserted: number;
  readonly updated: number;
  readonly rejected: number;
}

interface BatchNeeds {
  readonly copyOptions: string;
  readonly target: TargetTable;
  readonly rejects: RejectFile;
  /** Asked once, before a row stops all of it, or many are put aside: is it the file that is damaged? Throws if so. */
  readonly checkSource: () => Promise<void>;
}

/** So many rows may be as they are. */
const unsuspicious = 20;
const savepoint = 'savepoint howdah_import';
const release = 'release savepoint howdah_import';
const back = 'rollback to savepoint howdah_import';

export class BatchLoader {
  readonly #link: Link;
  readonly #plan: ImportPlan;
  readonly #rejects: RejectFile;
  readonly #staged: readonly Staged[];
  readonly #table: string;
  readonly #direct: string | null;
  readonly #checkSource: () => Promise<void>;
  #rejectCount = 0;
  #checked = false;
  /** For rows of the stage whose numbers are between these. */
  readonly #insertSql: (between: string) => string;

  constructor(link: Link, plan: ImportPlan, { copyOptions, target, rejects, checkSource }: BatchNeeds) {
    this.#link = link;
    this.#plan = plan;
    this.#rejects = rejects;
    this.#checkSource = checkSource;
    this.#table = quoteQualified(plan.table.schema, plan.table.name);
    this.#staged = stagedColumns(plan);
    this.#insertSql = insertSql(plan, target, this.#staged);
    this.#direct = this.#copiesAsItIs() ? this.#copySql(copyOptions) : null;
  }

  /** Within the open transaction. @param firstRecord number of its first record, from 1 @throws where errors are to stop it */
  async load(batch: SourceBatch, firstRecord: number): Promise<Loaded> {
    const copy = await this.openCopy(batch);
    if (!copy) return this.loadByStage(batch, firstRecord);
    for (const piece of batch.raw ?? []) await copy.write(piece);
    return (await this.closeCopy(copy, [batch], firstRecord)) ?? this.loadByStage(batch, firstRecord);
  }

  /** For this batch and others behind it; null where it has to go another way, or the server refuses the statement. */
  async openCopy({ raw }: SourceBatch): Promise<CopyIn | null> {
    const sql = this.#direct;
    if (!sql || !raw) return null;
    await this.#script(savepoint);
    return this.#orBack(() => CopyIn.open(this.#link, sql));
  }

  /** @param batches what was written @returns null where the server refused it, which is undone */
  async closeCopy(copy: CopyIn, batches: readonly SourceBatch[], firstRecord: number): Promise<Loaded | null> {
    const inserted = await this.#orBack(async () => {
      const count = await copy.finish();
      await this.#settle();
      await this.#script(release);
      return count;
    });
    if (inserted === null) return null;
    const read = batches.reduce((sum, { count }) => sum + count, 0);
    if (read > inserted) this.#leftOut(firstRecord, batches[0]?.line ?? 0, read - inserted);
    return { read, inserted, updated: 0, rejected: read - inserted };
  }

  #script(text: string): Promise<void> {
    return scriptOn(this.#link, text);
  }

  #copiesAsItIs(): boolean {
    const { columns, sourceColumns, mode } = this.#plan;
    return (
      mode !== 'upsert' &&
      !columns.some(hasRules) &&
      columns.length === sourceColumns.length &&
      new Set(columns.map(({ source }) => source)).size === columns.length &&
      columns.every(({ source }) => source !== null)
    );
  }

  #copySql(options: string): string {
    const inOrder = [...this.#plan.columns].sort((a, b) => (a.source ?? 0) - (b.source ?? 0));
    const names = inOrder.map(({ target }) => quoteIdentifier(target)).join(', ');
    return `copy ${this.#table} (${names}) from stdin with (${options})`;
  }

  /** Null where the server refuses it, which undoes what was done since the savepoint. */
  async #orBack<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (thrown) {
      if (this.#link.lost || !isRefusal(thrown)) throw thrown;
      await this.#script(back);
      return null;
    }
  }

  /** What would be refused at the commit only is to be found with its row. */
  async #settle(): Promise<void> {
    if (this.#plan.onError === 'reject')
      await this.#script('set constraints all immediate; set constraints all deferred');
  }

  /** Row by row where need be. */
  async loadByStage(batch: SourceBatch, firstRecord: number): Promise<Loaded> {
    const rows: (string | null)[][] = [];
    const records: { readonly line: number; readonly record: number; readonly fields: readonly (string | null)[] }[] =
      [];
    let record = firstRecord - 1;
    let rejected = 0;
    for (const each of batch.records()) {
      record++;
      if ('problem' in each) {
        await this.#reject({ record, line: each.line, reason: each.problem }, [each.text]);
        rejected++;
        continue;
      }
      records.push({ line: each.line, record, fields: each.fields });
      rows.push([String(records.length), ...this.#staged.map(({ source }) => each.fields[source] ?? null)]);
    }
    const read = record - firstRecord + 1;
    if (rows.length === 0) return { read, inserted: 0, updated: 0, rejected };
    await this.#stage(rows);
    const counts = { inserted: 0, updated: 0 };
    const put = async (from: number, to: number): Promise<void> => {
      const done = await this.#insertRange(from, to);
      if ('fresh' in done) {
        counts.inserted += done.fresh;
        counts.updated += done.changed;
        const missing = to - from + 1 - done.fresh - done.changed;
        const first = records[from - 1];
        if (missing > 0 && first) {
          this.#leftOut(first.record, first.line, missing);
          rejected += missing;
        }
        return;
      }
      const only = from === to ? records[from - 1] : undefined;
      if (only) {
        await this.#reject(
          { record: only.record, line: only.line, reason: reasonOf(done.refused) },
          only.fields,
          done.refused,
        );
        rejected++;
        return;
      }
      const middle = Math.floor((from + to) / 2);
      await put(from, middle);
      await put(middle + 1, to);
    };
    await put(1, rows.length);
    return { read, ...counts, rejected };
  }

  async #stage(rows: readonly (readonly (string | null)[])[]): Promise<void> {
    const names = [rowNumber, ...this.#staged.map(({ name }) => name)].map(quoteIdentifier);
    const columns = names.map((name, at) => `${name} ${at === 0 ? 'bigint' : 'text'}`).join(', ');
    await this.#script(
      `create temporary table if not exists howdah_import (${columns}) on commit drop; truncate ${stage}`,
    );
    const copy = await CopyIn.open(this.#link, `copy ${stage} from stdin`);
    await copy.write(copyText(rows));
    await copy.finish();
  }

  async #insertRange(
    from: number,
    to: number,
  ): Promise<{ fresh: number; changed: number } | { refused: FailureError }> {
    await this.#script(savepoint);
    try {
      const end = await this.#link.rows(this.#insertSql(`${from} and ${to}`), [], 1);
      throwIfFailed(end);
      await this.#settle();
      await this.#script(release);
      const [fresh, all, overtaken] = (end.rows[0] ?? []).map(Number);
      return { fresh: fresh ?? 0, changed: (all ?? 0) - (fresh ?? 0) + (overtaken ?? 0) };
    } catch (thrown) {
      if (this.#link.lost || !isRefusal(thrown)) throw thrown;
      await this.#script(back);
      return { refused: refusalOf(thrown) };
    }
  }

  #leftOut(record: number, line: number, count: number): void {
    const reason = `${count === 1 ? 'A row' : `${count} rows`} from here on: a trigger or rule of the table left them out.`;
    this.#rejects.add({ record, line, reason }, []);
  }

  async #reject(
    row: { record: number; line: number; reason: string },
    fields: readonly (string | null)[],
    cause?: FailureError,
  ): Promise<void> {
    this.#rejectCount++;
    if (!this.#checked && (this.#plan.onError !== 'reject' || this.#rejectCount > unsuspicious)) {
      this.#checked = true;
      await this.#checkSource();
    }
    this.#rejects.add(row, fields);
    if (this.#plan.onError === 'reject') return;
    const place = row.line > 0 ? `Line ${row.line}` : `Record ${row.record}`;
    const failure = cause?.failure;
    if (failure?.kind === 'postgres') throw new FailureError({ ...failure, message: `${place}: ${failure.message}` });
    throw new FailureError({ kind: 'invalid', field: 'file', message: `${place}: ${row.reason}` });
  }
}

const isRefusal = (thrown: unknown): boolean => {
  const failure = failureOf(thrown);
  // Class 57: the server or the person ended it; 53: it has no room. No row is to blame.
  return failure.kind === 'postgres' && !/^(57|53|58|XX)/.test(failure.sqlstate);
};

const refusalOf = (thrown: unknown): FailureError =>
  thrown instanceof FailureError ? thrown : new FailureError(failureOf(thrown));

function reasonOf({ failure }: FailureError): string {
  if (failure.kind !== 'postgres') return failure.message;
  return [failure.message, failure.detail, failure.sqlstate].filter(Boolean).join(' · ');
}
