/** Rows of tables and views as the contract has them. */
import type { RelationModel } from '../../../shared/api/data.ts';
import type { Source } from '../../postgres/source.ts';
import { procedures, stream } from '../../procedures.ts';
import { countRows, frequentValues, readValue } from './figures.ts';
import { findValue } from './find-value.ts';
import { labelsOf, pickRows, relatedCounts } from './references.ts';
import { describeRelation } from './relation.ts';
import { readPage } from './rows.ts';

export interface DataNeeds {
  readonly sources: { source(connectionId: string, database?: string): Promise<Source> };
}

interface Known {
  readonly model: Promise<RelationModel>;
  readonly atMs: number;
}
/** Scrolling asks for page after page: within this time the relation is taken to be what it was. */
const trustedMs = 5_000;

type OfRelation = { readonly connectionId: string; readonly database: string; readonly oid: number };

export function dataProcedures({ sources }: DataNeeds) {
  const { data } = procedures;
  const known = new WeakMap<Source, Map<number, Known>>();
  const opened = ({ connectionId, database }: { connectionId: string; database: string }) =>
    sources.source(connectionId, database);

  const describe = async (input: OfRelation, afresh = false) => {
    const source = await opened(input);
    const models = known.get(source) ?? new Map<number, Known>();
    known.set(source, models);
    const last = models.get(input.oid);
    if (!afresh && last && performance.now() - last.atMs < trustedMs) return { source, model: await last.model };
    const model = describeRelation(source, input.oid);
    models.set(input.oid, { model, atMs: performance.now() });
    model.catch(() => models.delete(input.oid));
    return { source, model: await model };
  };

  return {
    describe: data.describe.handler(async ({ input }) => (await describe(input, true)).model),
    rows: data.rows.handler(async ({ input, signal }) => {
      const { source, model } = await describe(input);
      return readPage(source, model, input, signal);
    }),
    count: data.count.handler(async ({ input, signal }) => {
      const startedAt = performance.now();
      const { source, model } = await describe(input);
      const counted = await countRows(source, model, input.query, input.exact, signal);
      return { ...counted, tookMs: performance.now() - startedAt };
    }),
    value: data.value.handler(async ({ input, signal }) => {
      const { source, model } = await describe(input);
      return readValue(source, model, input, signal);
    }),
    values: data.values.handler(async ({ input, signal }) => {
      const { source, model } = await describe(input);
      return frequentValues(source, model, input, signal);
    }),
    labels: data.labels.handler(async ({ input, signal }) => {
      const { source, model } = await describe(input);
      return labelsOf(source, model, input, signal);
    }),
    pick: data.pick.handler(async ({ input, signal }) => {
      const { source, model } = await describe(input);
      return pickRows(source, model, input, signal);
    }),
    related: data.related.handler(async ({ input, signal }) => {
      const { source, model } = await describe(input);
      return relatedCounts(source, model, input.values, signal);
    }),
    find: data.find.handler(async ({ input, signal }) => stream(findValue(await opened(input), input, signal))),
  };
}
