/** EXPLAIN on a connection, plans from elsewhere, and the plans that are kept. */
import type { GuardQuestion } from '../../../shared/api/guard.ts';
import type { ExplainOptions, KeptPlan } from '../../../shared/api/plans.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import type { Plan } from '../../../shared/plan/plan.ts';
import { readPlan } from '../../../shared/plan/read/read-plan.ts';
import { PlanTextError } from '../../../shared/plan/read/structured.ts';
import { shapeOf } from '../../../shared/plan/shape.ts';
import type { OpenResults } from '../../postgres/result/open-results.ts';
import type { Session } from '../../postgres/source.ts';
import type { Sources } from '../../postgres/sources.ts';
import { procedures } from '../../procedures.ts';
import type { NewPlan, PlanStore } from '../../store/plans.ts';
import { checkOptions, scriptOf, writeWarnings } from './explain-script.ts';
import { runScript } from './run-script.ts';
import { type Explainable, explainable, statementAtCaret } from './statement.ts';
import type { LocalServer } from './what-if/local-copy.ts';
import { whatIf } from './what-if/what-if.ts';

export interface PlansDeps {
  readonly sources: Sources;
  readonly results: OpenResults;
  readonly store: PlanStore;
  connectionName(connectionId: string): string;
  readonly guard: Guard;
  /** The local PostgreSQL 18, where it runs. */
  local(): LocalServer | null;
}

/** What has to be asked before ANALYZE runs a statement; null: nothing, or `permit` is the yes to it. */
interface Guard {
  beforeAnalyze(
    session: Session,
    on: string | null,
    text: string,
    permit: string | undefined,
  ): Promise<GuardQuestion | null>;
}

export function planProcedures(deps: PlansDeps) {
  const { store } = deps;
  const kept = (plan: NewPlan): KeptPlan => ({ ...plan, id: store.add(plan) });
  return {
    explain: procedures.plans.explain.handler(async ({ input, signal }) => {
      const tab = input.sessionId === undefined ? undefined : deps.sources.session(input.sessionId);
      const meant = await statementAtCaret(input.sql, input.caret, tab?.standardConformingStrings ?? true);
      const statement = await explainable(meant);
      // The session's own source decides what may be written, whatever connection was named beside it.
      const source = tab?.source ?? (await deps.sources.source(input.connectionId, input.database));
      checkOptions(input.options, source.facts.versionNum);
      const analyzes = statement.isExplain ? statement.explainAnalyzes : input.options.analyze;
      if (analyzes && !statement.reads && source.facts.readOnly) throw refusedHere(statement.command);
      const ask = (question: GuardQuestion | null) => {
        const writes = !statement.reads || question?.concerns.some((concern) => concern.class !== 'cost');
        const warnings = writes ? [...writeWarnings] : [];
        return { kind: 'confirm' as const, command: statement.command, warnings, question };
      };
      const own = tab ? null : await source.openSession();
      const session = tab ?? (own as Session);
      try {
        if (analyzes) {
          throwIfRunning(session);
          const question = await deps.guard.beforeAnalyze(session, tab?.id ?? null, statement.sql, input.permit);
          if (question || (!statement.reads && !input.confirmed)) return ask(question);
        }
        const { text, notices } = await explain(deps, session, statement, input.options, signal);
        const { connectionId } = input;
        const plan = kept({
          ...summaryOf(text, statement.sql),
          fingerprint: statement.fingerprint,
          origin: 'explain',
          connectionId,
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
      const { connectionId, indexes } = input;
      const statement = await explainable(input.sql);
      if (statement.isExplain) throw invalid('sql', 'Give the statement itself, without EXPLAIN.');
      const source = await deps.sources.source(connectionId, input.database);
      const { results } = deps;
      const found = await whatIf({ source, results, statement, indexes, local: deps.local(), signal });
      const keep = (text: string): KeptPlan =>
        kept({
          ...summaryOf(text, statement.sql),
          fingerprint: statement.fingerprint,
          origin: 'whatIf',
          connectionId,
          connectionName: deps.connectionName(connectionId),
          database: source.facts.database,
          serverVersion: found.means === 'copy' ? '18' : source.facts.version,
          options: null,
        });
      return { ...found, before: keep(found.before), after: keep(found.after) };
    }),

    keep: procedures.plans.keep.handler(async ({ input }) => {
      const summary = summaryOf(input.text, input.sql ?? null);
      const fingerprint = summary.sql === null ? null : await fingerprintOf(summary.sql);
      const nowhere = { connectionId: null, connectionName: '', database: '', serverVersion: '', options: null };
      return kept({ ...summary, ...nowhere, fingerprint, origin: 'paste' });
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
