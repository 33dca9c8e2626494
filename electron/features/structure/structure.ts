/** Procedures of the structure designer: what is there, as models; what a drop would take; running a change. */

import type { GuardVerdict } from '../../../shared/api/guard.ts';
import type { HistoryEntry } from '../../../shared/api/history.ts';
import type { RunStep, StructureEvent } from '../../../shared/api/structure.ts';
import type { Log } from '../../platform.ts';
import type { RunRequest, Session } from '../../postgres/source.ts';
import type { Sources } from '../../postgres/sources.ts';
import { procedures, stream } from '../../procedures.ts';
import { dropOf } from './drop.ts';
import { type Patience, runSteps } from './run-steps.ts';
import { choices, relationSize } from './structure.sql.ts';
import { tableModelOf } from './table-model.ts';

export interface StructureDeps {
  readonly sources: Pick<Sources, 'source'>;
  readonly guard: Guard;
  recordRun(entry: Omit<HistoryEntry, 'id'>): void;
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

export function structureProcedures(deps: StructureDeps) {
  const { structure } = procedures;
  const sourceOf = ({ connectionId, database }: { connectionId: string; database: string }) =>
    deps.sources.source(connectionId, database);
  return {
    table: structure.table.handler(async ({ input, signal }) => {
      const source = await sourceOf(input);
      const model = await tableModelOf(source, input.object.oid, signal);
      const [size] = await source.ask(relationSize, [input.object.oid], { signal });
      return { versionNum: source.facts.versionNum, model, size: size ?? null, partitions: size?.partitions ?? 0 };
    }),
    choices: structure.choices.handler(async ({ input, signal }) => {
      const source = await sourceOf(input);
      const [row] = await source.ask(choices, [], { signal });
      if (!row) throw new Error('the catalog gave no row');
      return { ...row, versionNum: source.facts.versionNum };
    }),
    drop: structure.drop.handler(async ({ input, signal }) => dropOf(await sourceOf(input), input.object, signal)),
    run: structure.run.handler(async function* ({ input, signal }) {
      const source = await sourceOf(input);
      const session = await source.openSession();
      try {
        yield* stream(run(deps, session, input.connectionId, input, signal));
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
  const failure = yield* runSteps(session, steps, patience, signal);
  const { database, user } = session.source.facts;
  try {
    deps.recordRun({
      atMs,
      text: steps.map(({ sql }) => `${sql};`).join('\n'),
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

export const statementsOf = (steps: readonly RunStep[]): RunRequest['statements'] =>
  steps.map(({ sql }) => ({ text: sql, range: { from: 0, to: sql.length } }));
