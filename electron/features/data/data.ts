/** Rows of tables and views as the contract has them. */
import type { RelationModel } from '../../../shared/api/data.ts';
import { statementsFor } from '../../../shared/edit/statements.ts';
import { invalid } from '../../../shared/failure.ts';
import type { JournalChange } from '../../../shared/journal/change.ts';
import type { Log } from '../../platform.ts';
import type { ConnectSpec, Source } from '../../postgres/source.ts';
import { procedures, stream } from '../../procedures.ts';
import { countRows, readValue } from './figures.ts';
import { findValue } from './find-value.ts';
import { follow } from './follow.ts';
import { frequentValues } from './frequent-values.ts';
import { originsOf } from './origins.ts';
import { labelsOf, pickRows, relatedCounts } from './references.ts';
import { describeRelation } from './relation.ts';
import { readPage } from './rows.ts';
import { saveEdits } from './save.ts';

export interface DataNeeds {
  readonly sources: { source(connectionId: string, database?: string): Promise<Source> };
  /** For the connections that listen. */
  specOf(connectionId: string, database: string): Promise<ConnectSpec>;
  /** What has to be confirmed before rows are changed there; null: nothing. */
  askedBeforeSaving(
    connectionId: string,
  ): { environment: string; connectionName: string; typeName: string | null } | null;
  /** Keeps what became of rows, so that it can be taken back. */
  keep(note: {
    connectionId: string;
    database: string;
    atMs: number;
    title: string;
    changes: readonly JournalChange[];
  }): void;
  readonly log: Log;
}

interface Known {
  readonly model: Promise<RelationModel>;
  readonly atMs: number;
}
/** Scrolling asks for page after page: within this time the relation is taken to be what it was. */
const trustedMs = 5_000;

type OfRelation = { readonly connectionId: string; readonly database: string; readonly oid: number };

export function dataProcedures({ sources, specOf, askedBeforeSaving, keep, log }: DataNeeds) {
  const { data } = procedures;
  const known = new WeakMap<Source, Map<number, Known>>();
  const opened = ({ connectionId, database }: { connectionId: string; database: string }) =>
    sources.source(connectionId, database);

  const describe = async (input: OfRelation, afresh = false) => {
    const source = await opened(input);
    // The connection for rows is made while the relation is looked at; what is wrong with it is said with the rows.
    if (!known.has(source)) source.read('/* howdah:data.hello */ select').catch(() => undefined);
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
    origins: data.origins.handler(async ({ input }) => {
      const { connectionId, database } = input;
      return originsOf(input, async (oid) => (await describe({ connectionId, database, oid })).model);
    }),
    related: data.related.handler(async ({ input, signal }) => {
      const { source, model } = await describe(input);
      return relatedCounts(source, model, input.values, signal);
    }),
    preview: data.preview.handler(async ({ input }) => {
      const { model } = await describe(input, true);
      const statements = statementsFor(model, input.edits);
      return {
        statements: statements.map(({ id, text, values }) => ({ id, text, values: [...values] })),
        confirm: askedBeforeSaving(input.connectionId),
      };
    }),
    save: data.save.handler(async ({ input }) => {
      const startedAt = performance.now();
      const asked = askedBeforeSaving(input.connectionId);
      if (asked && input.confirmed !== true)
        throw invalid(
          'confirmed',
          `On “${asked.connectionName}” (${asked.environment}) a save has to be confirmed first. Nothing was saved.`,
        );
      // What proves a row may have been dropped since the page asked.
      const { source, model } = await describe(input, true);
      const outcome = await saveEdits(source, model, input.edits);
      if (outcome.kind === 'refused') return outcome;
      const { changes, ...told } = outcome;
      let notKept: string | null = null;
      try {
        const title = `Edited ${model.schema}.${model.name}: ${countsInWords(told)}`;
        const { connectionId, database } = input;
        if (changes.length > 0) keep({ connectionId, database, atMs: Date.now(), title, changes });
      } catch (thrown) {
        // What is saved is saved: a full disk on this side does not change that.
        notKept = thrown instanceof Error ? thrown.message : String(thrown);
        log.warn('What a save did could not be kept', { why: notKept });
      }
      return { ...told, notKept, tookMs: performance.now() - startedAt };
    }),
    follow: data.follow.handler(async ({ input, signal }) => {
      const { connectionId, database, channel } = input;
      const { model } = await describe(input);
      return stream(follow(await specOf(connectionId, database), channel, model.name, signal));
    }),
    find: data.find.handler(async ({ input, signal }) => stream(findValue(await opened(input), input, signal))),
  };
}

function countsInWords({ inserted, updated, deleted }: { inserted: number; updated: number; deleted: number }): string {
  const parts = [
    [inserted, 'added'],
    [updated, 'changed'],
    [deleted, 'deleted'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, verb]) => `${count} ${count === 1 ? 'row' : 'rows'} ${verb}`)
    .join(', ');
}
