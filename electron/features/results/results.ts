/** Results as the contract has them. */

import type { ExportProgress } from '../../../shared/api/results.ts';
import { invalid } from '../../../shared/failure.ts';
import {
  bindParameters,
  MissingParameter,
  type ParameterValue,
  parameterPlaces,
} from '../../../shared/sql/parameters.ts';
import type { ChosenFiles } from '../../platform.ts';
import type { OpenResults } from '../../postgres/result/open-results.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { procedures, stream } from '../../procedures.ts';

export interface ResultDeps {
  readonly results: OpenResults;
  /** Everything needed to connect, for an export that runs its statement again. */
  specOf(connectionId: string, database?: string): Promise<ConnectSpec>;
  readonly files: Pick<ChosenFiles, 'path' | 'finished'>;
  /** A result that is to be freed with its page. */
  hold(clientId: string, resultId: string): void;
}

export function resultProcedures({ results, specOf, files, hold }: ResultDeps) {
  const { results: contract } = procedures;
  return {
    rows: contract.rows.handler(({ input }) => results.rows(input, input.from, input.count, input.maxCellBytes)),
    value: contract.value.handler(({ input }) => results.value(input, { ...input, base64: input.base64 ?? false })),
    view: contract.view.handler(async ({ input, signal }) => {
      const startedAt = performance.now();
      const { viewId, rowCount, notes } = await results.view(input.resultId, input.spec, signal);
      return { viewId, rowCount, notes: [...notes], tookMs: performance.now() - startedAt };
    }),
    find: contract.find.handler(({ input, signal }) =>
      results.find(input, { ...input, inclusive: input.inclusive ?? false }, signal),
    ),
    aggregate: contract.aggregate.handler(({ input, signal }) => results.aggregate(input, input.ranges, signal)),
    copy: contract.copy.handler(async ({ input, signal }) => {
      const { text, rows, notes } = await results.copy(input, input, signal);
      return { text, rows, notes: [...notes] };
    }),
    export: contract.export.handler(({ input, signal }) => {
      const path = files.path(input.target);
      return stream(delivered(files, input.target, results.export(input, { ...input, path }, signal)));
    }),
    exportQuery: contract.exportQuery.handler(async ({ input, signal }) => {
      const path = files.path(input.target);
      const spec = await specOf(input.connectionId, input.database);
      return stream(
        delivered(files, input.target, results.exportQuery(spec, boundQuery(input), { ...input, path }, signal)),
      );
    }),
    compare: contract.compare.handler(async ({ input, context, signal }) => {
      const startedAt = performance.now();
      const { leftId, rightId, keys, withSame } = input;
      const compared = await results.compare(leftId, rightId, { keys, withSame }, signal);
      hold(context.clientId, compared.resultId);
      const { columns, notes, keys: found, ...rest } = compared;
      const tookMs = performance.now() - startedAt;
      return { ...rest, columns: [...columns], notes: [...notes], keys: found && [...found], tookMs };
    }),
    close: contract.close.handler(({ input }) => results.closeResult(input.resultId)),
  };
}

/** The query as it is sent. Throws invalid where a parameter has no value. */
function boundQuery({
  sql,
  values = {},
}: {
  sql: string;
  values?: Readonly<Record<string, ParameterValue>> | undefined;
}) {
  try {
    return bindParameters(sql, parameterPlaces(sql), values) ?? { text: sql, values: [] };
  } catch (thrown) {
    if (thrown instanceof MissingParameter) throw invalid('values', thrown.message);
    throw thrown;
  }
}

/** Says that the file may be fetched once it is there. */
async function* delivered(
  files: ResultDeps['files'],
  token: string,
  events: AsyncGenerator<ExportProgress, void, void>,
): AsyncGenerator<ExportProgress, void, void> {
  for await (const event of events) {
    if (event.kind === 'done') files.finished(token);
    yield event;
  }
}
