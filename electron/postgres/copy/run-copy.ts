/**
 * Rows of a table or query into a table of another server, or the same. Where nothing is done to the values, what one server
 * writes goes to the other as it comes; else each batch takes the way of an import. At the end both sides are compared.
 */
import type { Failure } from '../../../shared/api/base.ts';
import type { ImportPlan } from '../../../shared/api/import-plan.ts';
import type { CopyCheck, CopyPlan, CopySourceFacts } from '../../../shared/api/table-copy.ts';
import { failureOf, invalid } from '../../../shared/failure.ts';
import { quoteIdentifier, quoteQualified } from '../../../shared/sql/quote.ts';
import { commitTransaction, failedWith, openImportLink, openQuietLink, scriptOn } from '../import/import-link.ts';
import { hasRules } from '../import/rules-sql.ts';
import { type Imported, runImport } from '../import/run-import.ts';
import type { Link } from '../session/link.ts';
import type { ConnectSpec } from '../source.ts';
import { hasPortableBytes } from './binary-types.ts';
import { CopyChecker } from './copy-check.ts';
import { checkTypes, copySourceFactsOf, plainPairs, type TypePair, targetTypesOf } from './copy-columns.ts';
import { throwIfFailed } from './copy-in.ts';
import { streamRows } from './stream-rows.ts';
import { copyDialect, TableSource } from './table-source.ts';

export interface CopyTask {
  readonly from: ConnectSpec;
  readonly to: ConnectSpec;
  readonly plan: CopyPlan;
  /** What a copy that goes on is known by. */
  readonly key: string;
  readonly rejectsPath: string;
}

export interface CopiedRows extends Imported {
  readonly bytes: number;
  readonly how: 'binary' | 'text' | 'rows';
  readonly check: CopyCheck | null;
}

export interface CopyProgressNow {
  readonly phase: 'copying' | 'checking';
  readonly read: number;
  readonly inserted: number;
  readonly updated: number;
  readonly rejected: number;
  readonly resumed: number;
  readonly bytes: number;
  readonly totalRows: number | null;
}

/** Who waits for a lock of its own source would wait for ever. */
const lockTimeoutSql = `set lock_timeout = '15s'`;

/** @throws where it cannot begin; what goes wrong afterwards is in `failure` */
export async function runCopy(
  task: CopyTask,
  onProgress: (now: CopyProgressNow) => void,
  aborted: () => boolean,
): Promise<CopiedRows> {
  const { from, to, plan } = task;
  const facts = await copySourceFactsOf(from, plan.source);
  const pairs = await checked(task, facts);
  checkPlan(plan, facts);
  const asItIs = plan.onError === 'stop' && plan.mode !== 'upsert' && !plan.columns.some(hasRules);
  const straight = asItIs && plan.transaction === 'one';
  const inner = pruned(plan, facts);
  const source = await TableSource.open(from, {
    source: plan.source,
    columns: inner.sourceColumns,
    key: plan.transaction === 'batches' ? facts.key : null,
  });
  const run = new CopyRun({ task, facts, source, pairs, onProgress, aborted });
  const watch = setInterval(() => aborted() && void source.link.cancel(), 100);
  try {
    return straight ? await run.straight() : await run.byBatches(inner, asItIs ? 'text' : 'rows');
  } finally {
    clearInterval(watch);
    await source.close();
  }

  async function checked({ plan: wanted }: CopyTask, known: CopySourceFacts): Promise<TypePair[]> {
    const link = await openQuietLink(to);
    try {
      const found = plainPairs(wanted, known, await targetTypesOf(link, wanted));
      await checkTypes(link, found);
      return found;
    } finally {
      await link.close();
    }
  }
}

function checkPlan({ transaction, sourceColumns }: CopyPlan, { key, columns }: CopySourceFacts): void {
  if (transaction === 'batches' && !key)
    throw invalid('transaction', 'The source has no unique key to go on by. Copy it in one transaction.');
  const missing = sourceColumns.find((name) => !columns.some((column) => column.name === name));
  if (missing !== undefined) throw invalid('columns', `The source has no column "${missing}" any more.`);
}

/** The import that the copy comes to: only the columns that are used, and the key's. */
function pruned(plan: CopyPlan, { key }: CopySourceFacts): ImportPlan {
  const { source: _, check: __, ...rest } = plan;
  const wantsAll = plan.columns.some(({ rules }) => rules?.expression);
  const used = new Set(
    plan.columns.flatMap(({ source }) => (source === null ? [] : [plan.sourceColumns[source] ?? ''])),
  );
  if (plan.transaction === 'batches') for (const name of key ?? []) used.add(name);
  const sourceColumns = wantsAll ? [...new Set([...plan.sourceColumns, ...used])] : [...used];
  const columns = plan.columns.map((column) => {
    const name = column.source === null ? null : (plan.sourceColumns[column.source] ?? '');
    return { ...column, source: name === null ? null : sourceColumns.indexOf(name) };
  });
  return { ...rest, dialect: copyDialect, sourceColumns, columns };
}

interface CopyParts {
  readonly task: CopyTask;
  readonly facts: CopySourceFacts;
  readonly source: TableSource;
  readonly pairs: readonly TypePair[];
  readonly onProgress: (now: CopyProgressNow) => void;
  readonly aborted: () => boolean;
}

class CopyRun {
  readonly #parts: CopyParts;
  readonly #checker: CopyChecker;

  constructor(parts: CopyParts) {
    this.#parts = parts;
    this.#checker = new CopyChecker(parts.task.plan, parts.source, parts.pairs);
  }

  /** In one statement, as the servers' own bytes where both have the same ones. */
  async straight(): Promise<CopiedRows> {
    const { task, source, pairs, onProgress, aborted, facts } = this.#parts;
    const { plan, to } = task;
    const { link, close } = await openImportLink(to, aborted);
    try {
      const format = (await this.#fitsBinary(link)) ? 'binary' : null;
      const names = pairs.map(({ target }) => quoteIdentifier(target)).join(', ');
      const table = quoteQualified(plan.table.schema, plan.table.name);
      const counts = { updated: 0, rejected: 0, resumed: 0 };
      const tell = (phase: 'copying' | 'checking', rows: number): void =>
        onProgress({ phase, read: rows, inserted: rows, ...counts, bytes: source.bytes, totalRows: facts.rows });
      let inserted = 0;
      let failure: Failure | null = null;
      try {
        await scriptOn(link, `${lockTimeoutSql}; begin`);
        if (plan.create) await this.#create(link);
        else if (plan.mode === 'replace') await scriptOn(link, `truncate ${table}`);
        await this.#checker.before(link, 0);
        const sql = `copy ${table} (${names}) from stdin${format ? ' (format binary)' : ''}`;
        inserted = await streamRows(link, sql, source.pieces(format), () => tell('copying', source.rows), aborted);
        tell('checking', inserted);
        await this.#checker.after(link, inserted);
        await this.#finish(link);
      } catch (thrown) {
        failure = failureOf(thrown);
        if (aborted() && failure.kind !== 'outcomeUnknown') failure = { kind: 'cancelled', message: 'Cancelled.' };
        failure = failedWith(failure, 'Nothing was changed.');
      }
      const notes = plan.dryRun && !failure ? ['Nothing was changed: all of it was rolled back.'] : [];
      const read = failure ? 0 : inserted;
      return {
        ...{ read, inserted: read, ...counts, notes, rejects: [], failure, bytes: source.bytes },
        how: format ?? 'text',
        check: this.#checker.result,
      };
    } finally {
      await close();
    }
  }

  /** As an import: rules, keys, rows put aside, batches that go on. */
  async byBatches(plan: ImportPlan, how: 'text' | 'rows'): Promise<CopiedRows> {
    const { task, source, onProgress, aborted, facts } = this.#parts;
    const { to, key, rejectsPath } = task;
    let last: Omit<CopyProgressNow, 'phase' | 'totalRows'> = {
      read: 0,
      inserted: 0,
      updated: 0,
      rejected: 0,
      resumed: 0,
      bytes: 0,
    };
    const tell = (phase: CopyProgressNow['phase']): void => onProgress({ ...last, phase, totalRows: facts.rows });
    const done = await runImport(
      {
        spec: { ...to, onConnectSql: `${to.onConnectSql}\n;${lockTimeoutSql}` },
        from: source,
        plan,
        key,
        rejectsPath,
        beforeRows: (link, resumed) => this.#checker.before(link, resumed),
        beforeEnd: async (link, counts) => {
          tell('checking');
          await this.#checker.after(link, counts.read);
        },
      },
      ({ totalBytes: _, ...now }) => {
        last = now;
        tell('copying');
      },
      aborted,
    );
    return { ...done, bytes: source.bytes, how, check: this.#checker.result };
  }

  async #create(link: Link): Promise<void> {
    const { plan } = this.#parts.task;
    const list = plan.columns.map(({ target, type = 'text' }) => `${quoteIdentifier(target)} ${type}`).join(', ');
    const text = `create table ${quoteQualified(plan.table.schema, plan.table.name)} (${list})`;
    // A type comes from the person: a statement of the extended protocol stays one.
    const end = await link.rows(text, [], 0);
    throwIfFailed(end);
  }

  async #finish(link: Link): Promise<void> {
    if (this.#parts.task.plan.dryRun) {
      await scriptOn(link, 'set constraints all immediate');
      await scriptOn(link, 'rollback');
    } else await commitTransaction(link);
  }

  async #fitsBinary(link: Link): Promise<boolean> {
    const { pairs, source } = this.#parts;
    const version = await link.scalar(`select pg_catalog.current_setting('server_version_num')`);
    const same = Math.floor(Number(version.value) / 10_000) === Math.floor(source.link.facts.versionNum / 10_000);
    return (
      same && pairs.every(({ sourceType, targetType }) => sourceType === targetType && hasPortableBytes(sourceType))
    );
  }
}
