/** Data out of databases and into them, as the contract has it. */
import type { ExportProgress, ImportProgress } from '../../../shared/api/transfer.ts';
import { failureOf } from '../../../shared/failure.ts';
import type { ChosenFiles } from '../../platform.ts';
import { procedures, stream } from '../../procedures.ts';
import { type ExportNeeds, openExport } from './export.ts';
import { type ImportNeeds, runImportOf, saveRejects } from './import.ts';
import { keysOfTable, listTables, writableColumns } from './transfer.sql.ts';

export interface TransferNeeds extends Omit<ExportNeeds, 'results'> {
  readonly results: ExportNeeds['results'] & ImportNeeds['results'];
  readonly files: Pick<ChosenFiles, 'path' | 'finished'>;
}

export function transferProcedures(needs: TransferNeeds) {
  const { transfer } = procedures;
  const { sources, files, results, dataFolder } = needs;
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
      const spec = await needs.specOf(input.connectionId, input.database);
      return stream(lastWordOf(runImportOf({ results, dataFolder }, { spec, path, plan: input.plan }, signal)));
    }),
    saveRejects: transfer.saveRejects.handler(async ({ input }) => {
      await saveRejects(dataFolder, input.rejectsId, files.path(input.target));
      files.finished(input.target);
    }),
  };
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
