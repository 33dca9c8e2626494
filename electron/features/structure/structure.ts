/** Procedures of the structure designer: what is there, as models; what a drop would take; running a change. */

import type { Failure } from '../../../shared/api/base.ts';
import type { GuardVerdict } from '../../../shared/api/guard.ts';
import type { HistoryEntry } from '../../../shared/api/history.ts';
import type { ObjectRef } from '../../../shared/api/objects.ts';
import type { PaceKind, RunStep, StructureEvent } from '../../../shared/api/structure.ts';
import { invalid } from '../../../shared/failure.ts';
import { withoutPasswords } from '../../../shared/sql/without-passwords.ts';
import type { Log } from '../../platform.ts';
import type { OpenResults } from '../../postgres/result/open-results.ts';
import type { RunRequest, Session, Source } from '../../postgres/source.ts';
import type { Sources } from '../../postgres/sources.ts';
import { procedures, stream } from '../../procedures.ts';
import type { PaceStore } from '../../store/structure-paces.ts';
import { actAs } from './act-as.ts';
import { dropOf } from './drop.ts';
import { formOf } from './form-values.ts';
import { type Patience, runSteps } from './run-steps.ts';
import { choices, databaseNamed, partitionParent, relationSize, sizeOfNamed, tableNamed } from './structure.sql.ts';
import { tableModelOf, tableOid, wholeOf } from './table-model.ts';

export interface StructureDeps {
  readonly results: OpenResults;
  readonly sources: Pick<Sources, 'source'>;
  readonly guard: Guard;
  recordRun(entry: Omit<HistoryEntry, 'id'>): void;
  readonly paces: PaceStore;
  connectionName(connectionId: string): string;
  readonly log: Log;
}
/** What has to be asked or refused before a script runs; null: nothing, or `permit` is the yes to it. */
interface Guard {
  beforeScript(
    session: Session,
    statements: RunRequest['statements'],
    permit: string | undefined,
  ): Promise<Exclude<GuardVerdict, { kind: 'allow' }> | null>;
}

/** A database that is known by its name only gets its oid. */
async function known(source: Source, object: ObjectRef, signal: AbortSignal | undefined): Promise<ObjectRef> {
  if (object.kind !== 'database' || object.oid !== 0) return object;
  const [found] = await source.ask(databaseNamed, [object.name], { signal });
  return { ...object, oid: found?.oid ?? 0 };
}

export function structureProcedures(deps: StructureDeps) {
  const { structure } = procedures;
  const sourceOf = ({ connectionId, database }: { connectionId: string; database: string }) =>
    deps.sources.source(connectionId, database);
  return {
    table: structure.table.handler(async ({ input, signal }) => {
      const source = await sourceOf(input);
      const oid = await tableOid(source, input.object, signal);
      const model = await tableModelOf(source, oid, signal);
      const [size] = await source.ask(relationSize, [oid], { signal });
      const [above] = await source.ask(partitionParent, [oid], { signal });
      const parent: ObjectRef | null = above ? { kind: 'partitionedTable', ...above } : null;
      const { versionNum } = source.facts;
      const table: ObjectRef = { kind: model.kind, oid, schema: model.schema, name: model.name };
      return { versionNum, model, table, size: size ?? null, partitions: size?.partitions ?? 0, parent };
    }),
    form: structure.form.handler(async ({ input, signal }) => {
      const source = await sourceOf(input);
      const form = await formOf(source, await known(source, input.object, signal), signal);
      const [size] =
        form.kind === 'materializedView' ? await source.ask(relationSize, [input.object.oid], { signal }) : [];
      return { ...form, versionNum: source.facts.versionNum, size: size ?? null };
    }),
    whole: structure.whole.handler(async ({ input, signal }) => wholeOf(await sourceOf(input), input.object, signal)),
    paces: structure.paces.handler(({ input }) => deps.paces.of(input.connectionId)),
    size: structure.size.handler(async ({ input, signal }) => {
      const source = await sourceOf(input);
      const [size] = await source.ask(sizeOfNamed, [input.table], { signal });
      return size ?? null;
    }),
    choices: structure.choices.handler(async ({ input, signal }) => {
      const source = await sourceOf(input);
      const [row] = await source.ask(choices, [], { signal });
      if (!row) throw new Error('the catalog gave no row');
      return { ...row, versionNum: source.facts.versionNum };
    }),
    drop: structure.drop.handler(async ({ input, signal }) => {
      const source = await sourceOf(input);
      return dropOf(source, await known(source, input.object, signal), signal);
    }),
    run: structure.run.handler(async function* ({ input, signal }) {
      const source = await sourceOf(input);
      const session = await source.openSession();
      try {
        yield* stream(run(deps, session, input.connectionId, input, signal));
      } finally {
        await session.close();
      }
    }),
    actAs: structure.actAs.handler(async ({ input }) => {
      const source = await sourceOf(input);
      const [table] = await source.ask(tableNamed, [input.table]);
      if (!table) throw invalid('table', `There is no table ${input.table}.`);
      const session = await source.openSession();
      try {
        const verdict = await deps.guard.beforeScript(session, statementsOf(input.steps), input.permit);
        if (verdict?.kind === 'confirm') return { kind: 'question' as const, question: verdict };
        if (verdict) return { kind: 'refused' as const, why: `${verdict.why} ${verdict.wayOut}` };
        return { kind: 'seen' as const, ...(await actAs(session, deps.results, { ...input, ...table })) };
      } finally {
        await session.close();
      }
    }),
  };
}

interface Run extends Patience {
  readonly steps: readonly RunStep[];
  readonly permit?: string | undefined;
}

async function* run(
  deps: StructureDeps,
  session: Session,
  connectionId: string,
  { steps, permit, ...patience }: Run,
  signal: AbortSignal | undefined,
): AsyncGenerator<StructureEvent> {
  const verdict = await deps.guard.beforeScript(session, statementsOf(steps), permit);
  if (verdict?.kind === 'confirm') return yield { kind: 'question', question: verdict };
  if (verdict) return yield { kind: 'refused', why: `${verdict.why} ${verdict.wayOut}` };
  const atMs = Date.now();
  const failure = yield* measured(runSteps(session, steps, patience, signal), steps, (kind, bytes, tookMs) =>
    deps.paces.keep(connectionId, kind, bytes, tookMs),
  );
  const { database, user } = session.source.facts;
  try {
    deps.recordRun({
      atMs,
      text: withoutPasswords(steps.map(({ sql }) => `${sql};`).join('\n')),
      connectionId,
      connectionName: deps.connectionName(connectionId),
      database,
      user,
      durationMs: Date.now() - atMs,
      rows: null,
      failure,
    });
  } catch (thrown) {
    // A full disk must not make a failure of what is done already.
    deps.log.warn('A change of structure could not be kept in the history', { why: String(thrown) });
  }
}

/** The same events; how long what is there for good took is told on the way. */
async function* measured(
  events: AsyncGenerator<StructureEvent, Failure | null>,
  steps: readonly RunStep[],
  keep: (kind: PaceKind, bytes: number, tookMs: number) => void,
): AsyncGenerator<StructureEvent, Failure | null> {
  const took = new Map<number, number>();
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    const event = next.value;
    if (event.kind === 'ended') took.set(event.step, event.tookMs);
    if (event.kind === 'committed') {
      for (const [at, tookMs] of took) {
        const load = steps[at]?.load;
        if (load && at < event.upTo) keep(load.kind, load.bytes, tookMs);
      }
      took.clear();
    }
    yield event;
  }
}

export const statementsOf = (steps: readonly RunStep[]): RunRequest['statements'] =>
  steps.map(({ sql }) => ({ text: sql, range: { from: 0, to: sql.length } }));
