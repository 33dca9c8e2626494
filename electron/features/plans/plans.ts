/** EXPLAIN on a connection, plans from elsewhere, and the plans that are kept. */
import type { GuardQuestion } from '../../../shared/api/guard.ts';
import type { Explained, ExplainOptions, KeptPlan } from '../../../shared/api/plans.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import type { Plan } from '../../../shared/plan/plan.ts';
import { readPlan } from '../../../shared/plan/read/read-plan.ts';
import { PlanTextError } from '../../../shared/plan/read/structured.ts';
import { plansInLog } from '../../../shared/plan/read/unwrap.ts';
import { shapeOf } from '../../../shared/plan/shape.ts';
import type { OpenResults } from '../../postgres/result/open-results.ts';
import type { Session } from '../../postgres/source.ts';
import type { Sources } from '../../postgres/sources.ts';
import { procedures } from '../../procedures.ts';
import type { OpenRecordings } from '../../recorder/open/open-recordings.ts';
import { recordedDatabase } from '../../recorder/open/recorded-database.ts';
import type { NewPlan, PlanStore } from '../../store/plans.ts';
import { checkOptions, scriptOf, writeWarnings } from './explain-script.ts';
import { runScript } from './run-script.ts';
import { type Explainable, explainable, statementAtCaret } from './statement.ts';
import type { LocalServer } from './what-if/local-database.ts';
import { planRecorded, whatIf, whatIfRecorded } from './what-if/what-if.ts';

export interface PlansDeps {
  readonly sources: Sources;
  readonly results: OpenResults;
  readonly store: PlanStore;
  connectionName(connectionId: string): string;
  readonly guard: Guard;
  /** The local PostgreSQL 18, where it runs. */
  local(): LocalServer | null;
  readonly recordings: OpenRecordings;
}

/** What has to be asked before ANALYZE runs a statement; null: nothing, or `permit` is the yes to it. */
interface Guard {
  beforeAnalyze(
    session: Session,
    on: string | null,
    text: string,
    permit: string | undefined,
  ): Promise<GuardQuestion | null>;
  /** How much a statement would touch, in a line or none. */
  touches(session: Session, text: string): Promise<readonly string[]>;
}

export function planProcedures(deps: PlansDeps) {
  const { store } = deps;
  const kept = (plan: NewPlan): KeptPlan => ({ ...plan, id: store.add(plan) });
  return {
    explain: procedures.plans.explain.handler(async ({ input, signal }) => {
      if (input.recordingId !== undefined)
        return explainRecorded(deps, kept, { ...input, recordingId: input.recordingId });
      const connectionId = connectionOf(input);
      const tab = input.sessionId === undefined ? undefined : deps.sources.session(input.sessionId);
      const meant = await statementAtCaret(input.sql, input.caret, tab?.standardConformingStrings ?? true);
      const statement = await explainable(meant);
      // The session's own source decides what may be written, whatever connection was named beside it.
      const source = tab?.source ?? (await deps.sources.source(connectionId, input.database));
      checkOptions(input.options, source.facts.versionNum);
      const analyzes = statement.isExplain ? statement.explainAnalyzes : input.options.analyze;
      if (analyzes && !statement.reads && source.facts.readOnly) throw refusedHere(statement.command);
      const ask = async (session: Session, question: GuardQuestion | null) => {
        const writes = !statement.reads || question?.concerns.some((concern) => concern.class !== 'cost');
        const warnings = writes ? [...writeWarnings] : [];
        const touches = question ? [] : [...(await deps.guard.touches(session, statement.sql))];
        return { kind: 'confirm' as const, command: statement.command, touches, warnings, question };
      };
      const own = tab ? null : await source.openSession();
      const session = tab ?? (own as Session);
      try {
        if (analyzes) {
          throwIfRunning(session);
          const question = await deps.guard.beforeAnalyze(session, tab?.id ?? null, statement.sql, input.permit);
          if (question || (!statement.reads && !input.confirmed)) return await ask(session, question);
        }
        const { text, notices } = await explain(deps, session, statement, input.options, signal);
        const plan = kept({
          ...summaryOf(text, statement.sql),
          fingerprint: statement.fingerprint,
          origin: 'explain',
          connectionId,
          recordingId: null,
          connectionName: deps.connectionName(connectionId),
          database: session.source.facts.database,
          serverVersion: session.source.facts.version,
          options: input.options,
        });
        return { kind: 'plan' as const, plan, notices };
      } finally {
        await own?.close();
      }
    }),

    whatIf: procedures.plans.whatIf.handler(async ({ input, signal }) => {
      const { indexes } = input;
      const statement = await explainable(input.sql);
      if (statement.isExplain) throw invalid('sql', 'Give the statement itself, without EXPLAIN.');
      const keepAs = (place: Where, text: string): KeptPlan =>
        kept({
          ...summaryOf(text, statement.sql),
          ...place,
          fingerprint: statement.fingerprint,
          origin: 'whatIf',
          options: null,
        });
      if (input.recordingId !== undefined) {
        const { recorded, place } = await recordedPlace(deps, input.recordingId, input.database);
        const found = await whatIfRecorded({ recorded, statement, indexes, local: deps.local() });
        return { ...found, before: keepAs(place, found.before), after: keepAs(place, found.after) };
      }
      const connectionId = connectionOf(input);
      const source = await deps.sources.source(connectionId, input.database);
      const { results } = deps;
      const found = await whatIf({ source, results, statement, indexes, local: deps.local(), signal });
      const place: Where = {
        connectionId,
        recordingId: null,
        connectionName: deps.connectionName(connectionId),
        database: source.facts.database,
        serverVersion: found.means === 'copy' ? '18' : source.facts.version,
      };
      return { ...found, before: keepAs(place, found.before), after: keepAs(place, found.after) };
    }),

    keep: procedures.plans.keep.handler(async ({ input }) => {
      const nowhere = { connectionId: null, recordingId: null, connectionName: '', database: '', serverVersion: '' };
      const [first = input.text, ...more] = plansInLog(input.text);
      const keepOne = async (text: string, sql: string | null): Promise<KeptPlan> => {
        const summary = summaryOf(text, sql);
        const fingerprint = summary.sql === null ? null : await fingerprintOf(summary.sql);
        return kept({ ...summary, ...nowhere, fingerprint, origin: 'paste', options: null });
      };
      const plan = await keepOne(first, input.sql ?? null);
      // One that cannot be read does not keep the others from being kept.
      const others = await Promise.allSettled(more.map((text) => keepOne(text, null)));
      return { ...plan, others: others.filter(({ status }) => status === 'fulfilled').length };
    }),

    get: procedures.plans.get.handler(({ input }) => {
      const found = store.get(input.id);
      if (!found) throw invalid('id', 'This plan is not kept any more.');
      return found;
    }),
    list: procedures.plans.list.handler(({ input }) => store.list(input)),
    remove: procedures.plans.remove.handler(({ input }) => store.remove(input.ids)),
  };
}

type Where = Pick<KeptPlan, 'connectionId' | 'recordingId' | 'connectionName' | 'database' | 'serverVersion'>;

function connectionOf({ connectionId }: { readonly connectionId?: string | undefined }): string {
  if (connectionId === undefined) throw invalid('connectionId', 'Say which connection or recording is to plan it.');
  return connectionId;
}

async function recordedPlace({ recordings }: PlansDeps, recordingId: string, wanted: string | undefined) {
  const recorded = await recordedDatabase(recordings, recordingId, wanted ?? null);
  if (!recorded) {
    const of = wanted === undefined ? 'any database' : `the database ${wanted}`;
    throw invalid('recordingId', `The recording has no structure of ${of}, so nothing can be planned from it.`);
  }
  const { name } = await recordings.ask(recordingId, 'info', {});
  const { database } = recorded;
  const place: Where = { connectionId: null, recordingId, connectionName: name, database, serverVersion: '18' };
  return { recorded, place };
}

async function explainRecorded(
  deps: PlansDeps,
  kept: (plan: NewPlan) => KeptPlan,
  input: {
    recordingId: string;
    database?: string | undefined;
    sql: string;
    caret?: number | undefined;
    options: ExplainOptions;
  },
): Promise<Explained> {
  const statement = await explainable(await statementAtCaret(input.sql, input.caret, true));
  if (statement.isExplain) throw invalid('sql', 'Give the statement itself, without EXPLAIN.');
  if (input.options.analyze)
    throw invalid('options', 'A recording has no rows: a statement is planned from it, not run.');
  const { recorded, place } = await recordedPlace(deps, input.recordingId, input.database);
  const { text, notes } = await planRecorded({ recorded, statement, local: deps.local() });
  const { fingerprint } = statement;
  const plan = kept({ ...summaryOf(text, statement.sql), ...place, fingerprint, origin: 'explain', options: null });
  return { kind: 'plan', plan, notices: [fromRecording, ...notes] };
}

const fromRecording =
  'Planned by a local PostgreSQL 18 from the recording, which has no values of the data: rows are estimated as if all values of a column came equally often.';

function throwIfRunning(session: Session): void {
  if (session.state.running) throw invalid('sessionId', 'The tab is running something: cancel it or wait for it.');
}

async function explain(
  deps: PlansDeps,
  session: Session,
  statement: Explainable,
  options: ExplainOptions,
  signal: AbortSignal | undefined,
) {
  throwIfRunning(session);
  const script = scriptOf(statement, options, session.state.transaction, session.source.facts.readOnly);
  return await runScript(deps.results, session, script, signal);
}

const refusedHere = (command: string): FailureError =>
  new FailureError({
    kind: 'unsupported',
    needs: 'a connection that may write',
    message: `This connection is read-only, and ANALYZE would run the ${command}. Explain it without ANALYZE.`,
  });

/** What a list shows of a plan. Throws invalid with the line where the text is none. */
function summaryOf(text: string, sql: string | null) {
  const plan = parsed(text);
  return {
    atMs: Date.now(),
    sql: sql ?? plan.queryText,
    analyzed: plan.analyzed,
    executionMs: plan.executionMs ?? timeOfRoot(plan),
    totalCost: plan.root.totalCost,
    shape: shapeOf(plan),
    parameters: plan.queryParameters,
    settings: plan.settings.map(([name, value]) => `${name} = ${value}`).join(', '),
    text,
  };
}

function parsed(text: string): Plan {
  try {
    return readPlan(text);
  } catch (thrown) {
    if (thrown instanceof PlanTextError) throw invalid('text', thrown.message);
    throw thrown;
  }
}

const timeOfRoot = ({ root }: Plan): number | null => root.actual?.totalMs ?? null;

/** Null where the text is no statement of PostgreSQL's. */
const fingerprintOf = (sql: string): Promise<string | null> =>
  explainable(sql).then(
    ({ fingerprint }) => fingerprint,
    () => null,
  );
