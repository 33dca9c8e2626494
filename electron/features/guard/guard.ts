/** The guard rails: what is asked where, and the gate that every run of a tab passes. */
import { type Connection, environments } from '../../../shared/api/connections.ts';
import type { GuardConcern, GuardPolicy, GuardVerdict } from '../../../shared/api/guard.ts';
import { invalid } from '../../../shared/failure.ts';
import { defaultPolicies, strictest } from '../../../shared/guard/policies.ts';
import { admission } from '../../../shared/guard/read-only.ts';
import type { RunRequest, Session } from '../../postgres/source.ts';
import { procedures } from '../../procedures.ts';
import type { GuardStore } from '../../store/guard.ts';
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

  /** What has to be asked, with the policy's grades applied. */
  const asked = async (policy: GuardPolicy, statements: RunRequest['statements']): Promise<GuardConcern[]> => {
    if (isSilent(policy)) return [];
    const judged = await judge(statements);
    return judged.flatMap(({ concerns }) => concerns.filter((concern) => policy[concern.class] !== 'silent'));
  };

  return {
    /** Before a run: what it would meet. A permit comes with the question, for the run that follows a yes. */
    async judge(session: Session, connectionId: string, statements: RunRequest['statements']): Promise<GuardVerdict> {
      const connection = connectionOf(connectionId);
      const refused = connection.readOnly ? await refusedHere(statements) : null;
      if (refused) return refused;
      const policy = policyOf(connection);
      const concerns = await asked(policy, statements);
      if (concerns.length === 0) return { kind: 'allow' };
      const grade = strictest(concerns.map((concern) => policy[concern.class]));
      return {
        kind: 'confirm',
        permit: permits.issue(session.id, statements),
        connectionName: connection.name,
        environment: connection.environment,
        typeName: grade === 'type' ? nameToType(connection, policy, concerns) : null,
        concerns: concerns.slice(0, mostConcerns),
        more: Math.max(0, concerns.length - mostConcerns),
      };
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
      if ((await asked(policyOf(connection), statements)).length === 0) return;
      throw invalid(
        'permit',
        `On “${connection.name}” (${connection.environment}) this has to be confirmed first. Nothing was run.`,
      );
    },

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

const isSilent = ({ write, writeAll, ddl, destroy, admin }: GuardPolicy): boolean =>
  strictest([write, writeAll, ddl, destroy, admin]) === 'silent';

/** The one thing that is at stake, or else where: either is read before it is typed. */
function nameToType(connection: Connection, policy: GuardPolicy, concerns: readonly GuardConcern[]): string {
  const targets = new Set(concerns.filter((each) => policy[each.class] === 'type').map(({ target }) => target));
  const [only] = targets;
  return targets.size === 1 && only && only.length <= 100 ? only : connection.name;
}
