/** Data out of databases and into them, as the contract has it. */
import type { GuardVerdict } from '../../../shared/api/guard.ts';
import type { ImportPlan } from '../../../shared/api/import-plan.ts';
import type { SqlPlan, SqlProgress } from '../../../shared/api/sql-import.ts';
import type { CopyPlace, CopyPlan, CopyProgress } from '../../../shared/api/table-copy.ts';
import type { ExportProgress, ImportProgress, ImportQuestion } from '../../../shared/api/transfer.ts';
import { failureOf, invalid } from '../../../shared/failure.ts';
import { quoteIdentifier, quoteQualified } from '../../../shared/sql/quote.ts';
import type { ChosenFiles } from '../../platform.ts';
import { copySourceFactsOf } from '../../postgres/copy/copy-columns.ts';
import type { RunRequest, Session } from '../../postgres/source.ts';
import type { Sources } from '../../postgres/sources.ts';
import { procedures, stream } from '../../procedures.ts';
import { runCopyOf } from './copy.ts';
import { type ExportNeeds, openExport } from './export.ts';
import { type ImportNeeds, runImportOf, saveRejects } from './import.ts';
import { Scripts, samplesAsRun } from './script.ts';
import { keysOfTable, listTables, writableColumns } from './transfer.sql.ts';

export interface TransferNeeds extends Omit<ExportNeeds, 'results' | 'sources'> {
  readonly sources: Pick<Sources, 'source'>;
  readonly results: ExportNeeds['results'] & ImportNeeds['results'];
  readonly files: Pick<ChosenFiles, 'path' | 'finished'>;
  readonly guard: Guard;
}
/** What has to be asked or refused before a script runs; null: nothing, or `permit` is the yes to it. */
interface Guard {
  beforeScript(
    session: Session,
    statements: RunRequest['statements'],
    permit: string | undefined,
  ): Promise<Exclude<GuardVerdict, { kind: 'allow' }> | null>;
}
interface ImportInput {
  readonly connectionId: string;
  readonly database?: string | undefined;
  readonly plan: ImportPlan;
  readonly permit?: string | undefined;
}

export function transferProcedures(needs: TransferNeeds) {
  const { transfer } = procedures;
  const { sources, files, results, dataFolder } = needs;
  const scripts = new Scripts({ results });
  return {
    tables: transfer.tables.handler(async ({ input, signal }) => {
      const source = await sources.source(input.connectionId, input.database);
      return source.ask(listTables, [input.schema ?? null], signal ? { signal } : {});
    }),
    export: transfer.export.handler(async ({ input, signal }) => {
      const { source, options, target } = input;
      const path = target === null ? null : files.path(target);
      const events = await openExport(needs, { source, options, path }, signal);
      return stream(told(files, target, events));
    }),
    preview: transfer.preview.handler(({ input, signal }) => {
      const request = { path: files.path(input.chosen), name: input.name, dialect: input.dialect ?? {} };
      return results.job({ kind: 'preview', request }, signal ? { signal } : {});
    }),
    targetColumns: transfer.targetColumns.handler(async ({ input }) => {
      const source = await sources.source(input.connectionId, input.database);
      const { schema, name } = input.table;
      const [columns, keys] = await Promise.all([
        source.ask(writableColumns, [schema, name]),
        source.ask(keysOfTable, [schema, name]),
      ]);
      return { columns, keys: keys.map((key) => [...key.columns]) };
    }),
    import: transfer.import.handler(async ({ input, signal }) => {
      const path = files.path(input.chosen);
      const due = await askedBefore(needs, input);
      if (due) return stream(only(due));
      const spec = await needs.specOf(input.connectionId, input.database);
      return stream(lastWordOf(runImportOf({ results, dataFolder }, { spec, path, plan: input.plan }, signal)));
    }),
    examineSql: transfer.examineSql.handler(({ input, signal }) =>
      stream(scripts.examine({ path: files.path(input.chosen), encoding: input.encoding }, signal)),
    ),
    importSql: transfer.importSql.handler(({ input, signal }) =>
      stream(importScript(needs, scripts, { ...input, path: files.path(input.chosen) }, signal)),
    ),
    copySource: transfer.copySource.handler(async ({ input }) => {
      const { connectionId, database } = input.from;
      return copySourceFactsOf(await needs.specOf(connectionId, database), input.source);
    }),
    copy: transfer.copy.handler(({ input, signal }) => stream(copyRows(needs, input, signal))),
    saveRejects: transfer.saveRejects.handler(async ({ input }) => {
      await saveRejects(dataFolder, input.rejectsId, files.path(input.target));
      files.finished(input.target);
    }),
  };
}

interface ScriptInput extends Omit<ImportInput, 'plan'> {
  readonly path: string;
  readonly plan: SqlPlan;
}

interface CopyInput {
  readonly from: CopyPlace;
  readonly to: CopyPlace;
  readonly plan: CopyPlan;
  readonly permit?: string | undefined;
}

/** Asks where that is due on the target, and copies. */
async function* copyRows(
  needs: TransferNeeds,
  { from, to, plan, permit }: CopyInput,
  signal: AbortSignal | undefined,
): AsyncGenerator<CopyProgress | ImportQuestion, void, void> {
  try {
    const due = plan.dryRun ? null : await dueBefore(needs, { ...to, permit }, statementsOfImport(plan));
    if (due) return yield due;
    const [fromSpec, toSpec] = [
      await needs.specOf(from.connectionId, from.database),
      await needs.specOf(to.connectionId, to.database),
    ];
    yield* runCopyOf(needs, { from, to, plan, fromSpec, toSpec }, signal);
  } catch (thrown) {
    yield { kind: 'failed', failure: failureOf(thrown), rejects: [] };
  }
}

/** Reads it through, asks where that is due, and runs it. */
async function* importScript(
  needs: TransferNeeds,
  scripts: Scripts,
  { connectionId, database, path, plan, permit }: ScriptInput,
  signal: AbortSignal | undefined,
): AsyncGenerator<SqlProgress | ImportQuestion, void, void> {
  try {
    const examined = yield* scripts.admit({ path, encoding: plan.encoding }, plan, signal);
    const due = await dueBefore(needs, { connectionId, database, permit }, samplesAsRun(examined));
    if (due) return yield due;
    const spec = await needs.specOf(connectionId, database);
    yield* scripts.run({ spec, path, plan, examined }, signal);
  } catch (thrown) {
    yield { kind: 'failed', failure: failureOf(thrown), errors: [], statements: 0, failed: 0, rows: 0 };
  }
}

/**
 * The question that the guard rails have before an import, as the statements it comes to; null where there is none, or
 * `permit` is the yes to it. Trying an import changes nothing. Throws invalid where a connection only reads.
 */
async function askedBefore(needs: TransferNeeds, input: ImportInput): Promise<ImportQuestion | null> {
  return input.plan.dryRun ? null : dueBefore(needs, input, statementsOfImport(input.plan));
}

async function dueBefore(
  { sources, guard }: TransferNeeds,
  { connectionId, database, permit }: Omit<ImportInput, 'plan'>,
  statements: RunRequest['statements'],
): Promise<ImportQuestion | null> {
  const session = await (await sources.source(connectionId, database)).openSession();
  try {
    const verdict = await guard.beforeScript(session, statements, permit);
    if (verdict?.kind === 'confirm') return { kind: 'question', question: verdict };
    if (verdict) throw invalid('connectionId', `${verdict.why} ${verdict.wayOut}`);
    return null;
  } finally {
    await session.close();
  }
}

/** What an import comes to, as the statements that do the same: the guard rails judge these, and a permit is for these. */
export function statementsOfImport({
  table,
  create,
  mode,
  columns,
  keys,
}: Pick<ImportPlan, 'table' | 'create' | 'mode' | 'columns' | 'keys'>): RunRequest['statements'] {
  const name = quoteQualified(table.schema, table.name);
  const targets = columns.map(({ target }) => quoteIdentifier(target)).join(', ');
  const values = columns.map(() => 'null').join(', ');
  const conflict = mode === 'upsert' ? ` on conflict (${keys.map(quoteIdentifier).join(', ')}) do nothing` : '';
  const insert = `insert into ${name} (${targets}) values (${values})${conflict}`;
  const before = create ? [`create table ${name} ()`] : mode === 'replace' ? [`truncate ${name}`] : [];
  return [...before, insert].map((text) => ({ text, range: { from: 0, to: text.length } }));
}

async function* only(event: ImportQuestion): AsyncGenerator<ImportQuestion, void, void> {
  yield event;
}

/** Says that the file may be fetched once it is there; what was thrown on the way is the last event. */
async function* told(
  files: TransferNeeds['files'],
  token: string | null,
  events: AsyncGenerator<ExportProgress, void, void>,
): AsyncGenerator<ExportProgress, void, void> {
  try {
    for await (const event of events) {
      if (event.kind === 'done' && token !== null) files.finished(token);
      yield event;
    }
  } catch (thrown) {
    yield { kind: 'failed', failure: failureOf(thrown) };
  }
}

/** What was thrown on the way is the last event. */
async function* lastWordOf(
  events: AsyncGenerator<ImportProgress, void, void>,
): AsyncGenerator<ImportProgress, void, void> {
  try {
    yield* events;
  } catch (thrown) {
    yield { kind: 'failed', failure: failureOf(thrown), rejects: [] };
  }
}
