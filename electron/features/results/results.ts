/** Results as the contract has them. */
import type { OpenResults } from '../../postgres/result/open-results.ts';
import { procedures } from '../../procedures.ts';

export interface ResultDeps {
  readonly results: OpenResults;
  /** A result that is to be freed with its page. */
  hold(clientId: string, resultId: string): void;
}

export function resultProcedures({ results, hold }: ResultDeps) {
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
