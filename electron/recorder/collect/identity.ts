/** Which server answers: counters belong to a node, and a name in DNS can lead to another one tomorrow. */
import { FailureError } from '../../../shared/failure.ts';
import type { ServerSnapshot } from '../../../shared/metrics/snapshots.ts';
import type { MonitorLink } from '../../postgres/monitor/monitor-link.ts';
import { databaseList, serverFacts } from './server-facts.sql.ts';
import { findStatements } from './statements/statements.ts';

/** May be withheld from the role, and is no reason not to record. */
const controlSql = {
  name: 'recorder.control',
  text: () => `/* howdah:recorder.control */ select s.system_identifier::text as "systemIdentifier",
    c.timeline_id as timeline from pg_catalog.pg_control_system() s, pg_catalog.pg_control_checkpoint() c`,
};

export async function readServer(link: MonitorLink): Promise<ServerSnapshot> {
  const [facts] = await link.askWith(serverFacts, []);
  if (!facts) throw new Error('The server said nothing of itself.');
  const databases = await link.askWith(databaseList, []);
  const [control] = await link
    .askWith<{ systemIdentifier: string; timeline: number }>(controlSql, [])
    .catch((thrown: unknown) => {
      if (link.lost) throw thrown;
      return [];
    });
  const statements = await findStatements(link);
  const { started, reserved, walSegmentSize, ...rest } = facts;
  return {
    ...rest,
    startedMs: Number(started),
    reservedConnections: reserved,
    walSegmentSize: Number(walSegmentSize),
    systemIdentifier: control?.systemIdentifier ?? null,
    timeline: control?.timeline ?? null,
    pooled: link.pooled,
    statementsVersion: statements?.version ?? null,
    databases: databases.map(({ mayConnect, ...database }) => ({
      ...database,
      allowsConnections: database.allowsConnections && mayConnect,
    })),
  };
}

/** Another process of the same node is a restart; another node, or a node that was promoted, a failover. */
export function whatChanged(before: ServerSnapshot, now: ServerSnapshot): 'nothing' | 'restart' | 'failover' {
  const node = ({ systemIdentifier, address, port, dataDirectory }: ServerSnapshot) =>
    JSON.stringify([systemIdentifier, address, port, dataDirectory]);
  if (node(before) !== node(now)) return 'failover';
  if (before.timeline !== now.timeline || before.inRecovery !== now.inRecovery) return 'failover';
  return before.startedMs === now.startedMs ? 'nothing' : 'restart';
}

/** Promoted on the spot: the same counters go on. */
export const sameNode = (before: ServerSnapshot, now: ServerSnapshot): boolean =>
  before.systemIdentifier === now.systemIdentifier &&
  before.address === now.address &&
  before.port === now.port &&
  before.dataDirectory === now.dataDirectory;

/** `needs` of the failure that ends a recording when its connection leads to another server. */
export const otherServer = 'the recording of another server';

/** A recording is of one server; a cluster that was restored or upgraded is another one. */
export function refuseOther(expected: string | null, now: ServerSnapshot): void {
  if (expected === null || now.systemIdentifier === null || now.systemIdentifier === expected) return;
  throw new FailureError({
    kind: 'unsupported',
    needs: otherServer,
    message: 'Another server answers at this connection than the one that was recorded.',
  });
}
