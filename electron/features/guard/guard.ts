/** The guard rails: what is asked where, and the gate that every run of a tab passes. */
import { type Connection, environments } from '../../../shared/api/connections.ts';
import type { GuardConcern, GuardGrade, GuardPolicy, GuardQuestion, GuardVerdict } from '../../../shared/api/guard.ts';
import { invalid } from '../../../shared/failure.ts';
import type { Estimate } from '../../../shared/guard/estimate.ts';
import { defaultPolicies, strictest } from '../../../shared/guard/policies.ts';
import { admission } from '../../../shared/guard/read-only.ts';
import { opened, within } from '../../../shared/guard/tree.ts';
import { commandOf, type ParseNode } from '../../../shared/sql/classify.ts';
import { postgresParser } from '../../postgres/parser/postgres-parser.ts';
import type { RunRequest, Session } from '../../postgres/source.ts';
import { procedures } from '../../procedures.ts';
import type { GuardStore } from '../../store/guard.ts';
import { actsBy, estimated, evidenceFor, whatRuns } from './evidence.ts';
import { judge } from './judge.ts';
import { Permits } from './permits.ts';

export interface GuardDeps {
  readonly store: GuardStore;
  /** Throws where it is gone: then nothing is run either. */
  connectionOf(connectionId: string): Connection;
}

/** A question names no more than these; the rest is counted. */
const mostConcerns = 50;

export function createGuard({ store, connectionOf }: GuardDeps) {
  const permits = new Permits();

  const policyOf = (connection: Connection): GuardPolicy =>
    store.policy({ kind: 'connection', connectionId: connection.id }) ?? environmentPolicy(connection.environment);
  const environmentPolicy = (environment: Connection['environment']): GuardPolicy =>
    store.policy({ kind: 'environment', environment }) ?? defaultPolicies[environment];

  const confirm = async (
    session: Session,
    connection: Connection,
    statements: RunRequest['statements'],
    boundTo: string,
  ): Promise<GuardVerdict> => {
    const policy = policyOf(connection);
    const { concerns, nodes, asked } = await concernsOf(session, policy, statements);
    if (concerns.length === 0)
      return asked ? { kind: 'allow', permit: permits.issue(boundTo, statements) } : { kind: 'allow' };
    const grade = strictest(concerns.map((concern) => gradeOf(policy, concern)));
    const shown = concerns.slice(0, mostConcerns);
    return {
      kind: 'confirm',
      permit: permits.issue(boundTo, statements),
      connectionName: connection.name,
      environment: connection.environment,
      typeName: grade === 'type' ? nameToType(connection, policy, concerns) : null,
      concerns: await withEvidence(session, statements, nodes, shown),
      more: concerns.length - shown.length,
    };
  };

  return {
    /** Before a run: what it would meet. A permit comes with the question, for the run that follows a yes. */
    async judge(session: Session, connectionId: string, statements: RunRequest['statements']): Promise<GuardVerdict> {
      const connection = connectionOf(connectionId);
      const refused = connection.readOnly ? await refusedHere(statements) : null;
      return refused ?? (await confirm(session, connection, statements, session.id));
    },

    /**
     * Before EXPLAIN ANALYZE runs a statement: the question that is due, or null. `permit` answers it, once; it is good
     * for no run of a tab, and a tab's for none of these. @param on the session, where it is the tab's own
     */
    async beforeAnalyze(
      session: Session,
      on: string | null,
      text: string,
      permit: string | undefined,
    ): Promise<GuardQuestion | null> {
      const { connectionId, facts } = session.source;
      const boundTo = JSON.stringify(['analyze', connectionId, facts.database, on]);
      const statements = [{ text, range: { from: 0, to: text.length } }];
      if (permit !== undefined && permits.take(permit, boundTo, statements)) return null;
      const verdict = await confirm(session, connectionOf(connectionId), statements, boundTo);
      return verdict.kind === 'confirm' ? verdict : null;
    },

    /** How many rows a statement would touch, explained or not. */
    async touches(session: Session, text: string): Promise<readonly string[]> {
      const statement = { text, range: { from: 0, to: text.length } };
      const [judged] = await judge([statement]);
      if (!judged?.node) return [];
      const concern = { target: null, command: commandOf(whatRuns(judged.node)) };
      return (await evidenceFor(session, statement, judged.node, concern, await postgresParser())).evidence;
    },

    /**
     * Before a script runs as a whole, outside of the tabs: the question that is due, the refusal, or null. `permit` answers
     * it, once, for these very statements there.
     */
    async beforeScript(
      session: Session,
      statements: RunRequest['statements'],
      permit: string | undefined,
    ): Promise<Exclude<GuardVerdict, { kind: 'allow' }> | null> {
      const { connectionId, facts } = session.source;
      const boundTo = JSON.stringify(['script', connectionId, facts.database]);
      if (permit !== undefined && permits.take(permit, boundTo, statements)) return null;
      const connection = connectionOf(connectionId);
      const refused = connection.readOnly ? await refusedHere(statements) : null;
      const verdict = refused ?? (await confirm(session, connection, statements, boundTo));
      return verdict.kind === 'allow' ? null : verdict;
    },

    /** At the run itself: throws invalid on `permit` where a question was due and no yes to it is presented. */
    async require(
      session: Session,
      connectionId: string,
      statements: RunRequest['statements'],
      permit: string | undefined,
    ): Promise<void> {
      if (permit !== undefined && permits.take(permit, session.id, statements)) return;
      const connection = connectionOf(connectionId);
      const { concerns } = await concernsOf(session, policyOf(connection), statements);
      if (concerns.length === 0) return;
      throw invalid(
        'permit',
        `On “${connection.name}” (${connection.environment}) this has to be confirmed first. Nothing was run.`,
      );
    },

    /** Changing rows in the grid, each found by its key: what is asked for of `write`; null where nothing is. */
    beforeSaving(
      connectionId: string,
    ): { environment: Connection['environment']; connectionName: string; typeName: string | null } | null {
      const connection = connectionOf(connectionId);
      const { write } = policyOf(connection);
      if (write === 'silent') return null;
      const { environment, name } = connection;
      return { environment, connectionName: name, typeName: write === 'type' ? name : null };
    },

    /** Whether rows that statements change are kept there. */
    keepsJournal: (connectionId: string): boolean => policyOf(connectionOf(connectionId)).journal,

    procedures: {
      policies: procedures.guard.policies.handler(() => ({
        environments: Object.fromEntries(environments.map((each) => [each, environmentPolicy(each)])) as Record<
          Connection['environment'],
          GuardPolicy
        >,
        connections: store.ofConnections(),
      })),
      savePolicy: procedures.guard.savePolicy.handler(({ input }) => store.put(input.scope, input.policy)),
    },
  };
}

/**
 * What a read-only connection refuses by its text alone, so that nothing of a script is run. The session itself refuses
 * it again, and what only the server can tell (electron/postgres/session/read-only).
 */
async function refusedHere(statements: RunRequest['statements']): Promise<GuardVerdict | null> {
  for (const [index, { node }] of (await judge(statements)).entries()) {
    const read = node ? admission(node) : null;
    const range = statements[index]?.range;
    if (read?.kind !== 'refused' || !range) continue;
    return {
      kind: 'refuse',
      why: `This connection is read-only. ${read.why} Nothing was run.`,
      wayOut: 'To run it, use a connection that is not marked read-only.',
      range,
    };
  }
  return null;
}

interface Found {
  readonly concerns: readonly GuardConcern[];
  readonly nodes: readonly (ParseNode | null)[];
  /** The server was asked. */
  readonly asked: boolean;
}

const gradeOf = (policy: GuardPolicy, concern: GuardConcern): GuardGrade =>
  concern.class === 'cost' ? 'confirm' : policy[concern.class];

/** Of a script so many statements are looked into on the server. */
const mostAsked = 20;

/** What has to be asked, with the policy's grades applied. */
async function concernsOf(session: Session, policy: GuardPolicy, statements: RunRequest['statements']): Promise<Found> {
  const silent = isSilent(policy);
  if (silent && policy.costAbove === null) return { concerns: [], nodes: [], asked: false };
  const judged = await judge(statements);
  const concerns: GuardConcern[] = [];
  let asked = 0;
  for (const [index, { node, concerns: own }] of judged.entries()) {
    const statement = statements[index];
    if (!statement) continue;
    const due = own.filter((concern) => gradeOf(policy, concern) !== 'silent');
    concerns.push(...due);
    if (!node || due.length > 0 || !plannable(whatRuns(node)) || asked >= mostAsked) continue;
    const about = { statement: index, range: statement.range, target: null, command: commandOf(node), sample: null };
    if (policy.write !== 'silent' && calls(whatRuns(node))) {
      asked++;
      const acts = await actsBy(session, statement);
      if (acts) concerns.push({ ...about, class: 'write', what: acts, evidence: [] });
      if (acts) continue;
    }
    if (policy.costAbove === null) continue;
    asked++;
    const estimate = await estimated(session, statement);
    if (estimate && estimate.cost > policy.costAbove)
      concerns.push({ ...about, class: 'cost', ...costWords(estimate, policy.costAbove) });
  }
  return { concerns, nodes: judged.map(({ node }) => node), asked: asked > 0 };
}

const plannable = (node: ParseNode): boolean =>
  ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'].includes(opened(node)[0]);

/** Without a function, an operator of one's own, or a view there is nothing that could act: asking costs round trips. */
function calls(node: ParseNode): boolean {
  if (opened(node)[0] !== 'SelectStmt') return false;
  for (const [key] of within(node)) if (key === 'FuncCall' || key === 'RangeVar') return true;
  return false;
}

const rounded = (value: number): string => Math.round(value).toLocaleString('en');
const rowsWords = (rows: number): string => `${rounded(rows)} ${Math.round(rows) === 1 ? 'row' : 'rows'}`;

function costWords({ cost, rows, biggest }: Estimate, above: number): Pick<GuardConcern, 'what' | 'evidence'> {
  const nodes = biggest.map((each) => `${each.node}: cost ${rounded(each.cost)}, ${rowsWords(each.rows)}.`);
  return {
    what: `Its plan costs ${rounded(cost)} for ${rowsWords(rows)}; above ${rounded(above)} is asked about.`,
    evidence: nodes,
  };
}

/** So many concerns are counted: each may take seconds. */
const mostEvidence = 5;

async function withEvidence(
  session: Session,
  statements: RunRequest['statements'],
  nodes: Found['nodes'],
  concerns: readonly GuardConcern[],
): Promise<GuardConcern[]> {
  const parser = await postgresParser();
  const answer: GuardConcern[] = [];
  for (const [at, concern] of concerns.entries()) {
    const statement = statements[concern.statement];
    const known = at < mostEvidence && concern.class !== 'cost' && statement;
    const found = known
      ? await evidenceFor(session, statement, nodes[concern.statement] ?? null, concern, parser)
      : null;
    const before = found && found.evidence.length > 0 && concern.statement > 0 ? [laterWords] : [];
    answer.push(found ? { ...concern, ...found, evidence: [...found.evidence, ...before] } : concern);
  }
  return answer;
}
const laterWords = 'As things are now: the statements before it have not run yet.';

const isSilent = ({ write, writeAll, ddl, destroy, admin }: GuardPolicy): boolean =>
  strictest([write, writeAll, ddl, destroy, admin]) === 'silent';

/** The one thing that is at stake, or else where: either is read before it is typed. */
function nameToType(connection: Connection, policy: GuardPolicy, concerns: readonly GuardConcern[]): string {
  const targets = new Set(concerns.filter((each) => gradeOf(policy, each) === 'type').map(({ target }) => target));
  const [only] = targets;
  return targets.size === 1 && only && only.length <= 100 ? only : connection.name;
}
