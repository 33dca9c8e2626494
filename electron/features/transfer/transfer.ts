/** Data out of databases and into them, as the contract has it. */
import type { ExportProgress } from '../../../shared/api/transfer.ts';
import { failureOf } from '../../../shared/failure.ts';
import type { ChosenFiles } from '../../platform.ts';
import { procedures, stream } from '../../procedures.ts';
import { type ExportNeeds, openExport } from './export.ts';
import { listTables } from './transfer.sql.ts';

export interface TransferNeeds extends ExportNeeds {
  readonly files: Pick<ChosenFiles, 'path' | 'finished'>;
}

export function transferProcedures(needs: TransferNeeds) {
  const { transfer } = procedures;
  const { sources, files } = needs;
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
