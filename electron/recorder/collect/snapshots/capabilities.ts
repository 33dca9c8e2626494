/** What is missing because of a privilege, an extension, a setting or a version, and the SQL that would bring it. */
import type { Capability } from '../../../../shared/api/recordings.ts';
import type { ServerSnapshot } from '../../../../shared/metrics/snapshots.ts';
import { identifier, quoteLiteral } from '../../../../shared/sql/quote.ts';
import type { Collector } from '../collector.ts';
import { readServer } from '../identity.ts';
import { capabilityFacts } from '../server-facts.sql.ts';
import { type FoundStatements, findStatementsAnywhere } from '../statements/statements.ts';

type Row<Q> = Q extends { readonly row?: infer R } ? NonNullable<R> : never;
export type CapabilityFacts = Row<typeof capabilityFacts>;

export const capabilitiesCollector = (): Collector => ({
  id: 'capabilities',
  label: 'What may be seen',
  everyMs: 3_600_000,
  since: 10,
  sql: (major) => capabilityFacts.text(major),
  async run(collecting) {
    const { link } = collecting;
    const [facts] = await link.askWith(capabilityFacts, []);
    if (!facts) return 0;
    const atMs = collecting.place((await link.moment()).atMs);
    const content = capabilitiesOf(facts, await readServer(link), await findStatementsAnywhere(collecting));
    collecting.snapshot({ kind: 'capabilities', database: null, atMs, content });
    return content.length;
  },
});

const there = (name: string, reason: string): Capability => ({
  name,
  state: 'there',
  reason,
  sql: null,
  needsRestart: false,
});
const lacking = (
  name: string,
  state: 'partly' | 'missing',
  reason: string,
  sql: string | null,
  needsRestart = false,
): Capability => ({ name, state, reason, sql, needsRestart });

const reload = 'SELECT pg_reload_conf();';

export function capabilitiesOf(
  facts: CapabilityFacts,
  server: ServerSnapshot,
  statements: FoundStatements | null,
): Capability[] {
  const major = Math.floor(server.versionNum / 10_000);
  const grant = (role: string) => `GRANT ${role} TO ${identifier(server.user)};`;
  return [
    versionOf(major, server.version),
    facts.superuser || facts.readStats
      ? there('Sessions of other roles', 'Their states, waits and statements are visible.')
      : lacking(
          'Sessions of other roles',
          'partly',
          `${server.user} sees that they exist, not what they do: that needs the role pg_monitor.`,
          grant('pg_monitor'),
        ),
    statementsOf(facts, server, statements),
    queryIdsOf(facts, major),
    ...countersOf(facts),
    facts.trackIoTiming
      ? there('Read and write times', 'track_io_timing is on.')
      : lacking(
          'Read and write times',
          'missing',
          'track_io_timing is off, so that times of reads and writes are zero.',
          `ALTER SYSTEM SET track_io_timing = on;\n${reload}`,
        ),
    major >= 16
      ? there('I/O by kind of process', 'pg_stat_io tells who reads and writes.')
      : lacking('I/O by kind of process', 'missing', 'pg_stat_io came with PostgreSQL 16.', null),
    facts.superuser || facts.readData
      ? there('Statistics of columns and last values of sequences', 'Those of all tables are visible.')
      : lacking(
          'Statistics of columns and last values of sequences',
          'partly',
          `Only of tables that ${server.user} may read: without them no bloat is estimated and no index judged.`,
          major >= 14 ? grant('pg_read_all_data') : null,
        ),
    facts.maySeeDirectories
      ? there('WAL files and temporary files', 'Their number and size are visible.')
      : lacking(
          'WAL files and temporary files',
          'missing',
          'Listing them needs the role pg_monitor.',
          grant('pg_monitor'),
        ),
    ...poolerOf(server),
    ...databasesOf(server),
  ];
}

const versionOf = (major: number, version: string): Capability =>
  major >= 13
    ? there('Version of the server', `PostgreSQL ${version} is supported.`)
    : lacking(
        'Version of the server',
        'partly',
        `PostgreSQL ${version} is not supported: sessions, locks, databases, settings and wraparound are recorded, the rest is not.`,
        null,
      );

function statementsOf(facts: CapabilityFacts, server: ServerSnapshot, found: FoundStatements | null): Capability {
  const name = 'pg_stat_statements';
  const create = 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements;';
  const loaded = facts.libraries.split(',').map((each) => each.trim().replaceAll('"', ''));
  const libraries = [...loaded.filter((each) => each !== ''), name].map((each) => quoteLiteral(each)).join(', ');
  const preload = `ALTER SYSTEM SET shared_preload_libraries = ${libraries};\n-- restart the server, then:\n${create}`;
  // The setting exists only where the library is loaded; the list of libraries may be hidden from the role.
  if (!loaded.includes(name) && facts.statementsTrack === null)
    return facts.statementsOffered
      ? lacking(name, 'missing', 'It is not loaded; statements are estimated from samples until then.', preload, true)
      : lacking(name, 'missing', 'It is not installed on the server’s machine (package postgresql-contrib).', null);
  if (!found)
    return lacking(
      name,
      'missing',
      `It is loaded, but installed in none of the databases that ${server.user} may connect to.`,
      create,
    );
  const place = found.database === null ? '' : `, read in the database ${found.database}`;
  if (facts.statementsTrack === 'none')
    return server.user && facts.superuser
      ? there(name, `Version ${found.version}${place}; its own statements are not counted.`)
      : lacking(
          name,
          'missing',
          'pg_stat_statements.track is none: nothing is counted.',
          `ALTER SYSTEM SET pg_stat_statements.track = 'top';\n${reload}`,
        );
  const newest = newestVersion(Math.floor(server.versionNum / 10_000));
  if (newest !== null && Number(found.version.split('.')[1]) < newest)
    return lacking(
      name,
      'partly',
      `Version ${found.version} is older than the server’s (1.${newest}): some counters are missing.`,
      'ALTER EXTENSION pg_stat_statements UPDATE;',
    );
  return facts.superuser || facts.readStats
    ? there(name, `Version ${found.version}${place}.`)
    : lacking(
        name,
        'partly',
        'Statements of other roles are hidden.',
        `GRANT pg_monitor TO ${identifier(server.user)};`,
      );
}

/** The minor part of the extension's version that came with a major version. */
const newestVersion = (major: number): number | null =>
  ({ 13: 8, 14: 9, 15: 10, 16: 10, 17: 11, 18: 12 })[major] ?? null;

function queryIdsOf(facts: CapabilityFacts, major: number): Capability {
  const name = 'Statement ids in samples';
  if (major < 14)
    return lacking(name, 'missing', 'Samples carry them from PostgreSQL 14 on; texts stand in for them.', null);
  const on = facts.computeQueryId !== 'off' && (facts.computeQueryId !== 'auto' || facts.statementsTrack !== null);
  return on
    ? there(name, 'Samples and statements are told apart by the same number.')
    : lacking(
        name,
        'missing',
        `compute_query_id is ${facts.computeQueryId}; texts stand in for them.`,
        `ALTER SYSTEM SET compute_query_id = on;\n${reload}`,
      );
}

function countersOf(facts: CapabilityFacts): Capability[] {
  const off = (setting: string, reason: string) =>
    lacking(setting, 'missing', reason, `ALTER SYSTEM SET ${identifier(setting)} = on;\n${reload}`);
  return [
    ...(facts.trackActivities ? [] : [off('track_activities', 'It is off: what sessions do cannot be seen.')]),
    ...(facts.trackCounts ? [] : [off('track_counts', 'It is off: nothing is counted, and autovacuum does not work.')]),
  ];
}

const poolerOf = (server: ServerSnapshot): Capability[] =>
  server.pooled
    ? [
        lacking(
          'Direct connection',
          'partly',
          'A pooler answers: nothing is set for the session, and only this database is looked into. Connect to the server itself to see everything.',
          null,
        ),
      ]
    : [];

function databasesOf(server: ServerSnapshot): Capability[] {
  const own = server.databases.filter(({ isTemplate }) => !isTemplate);
  const closed = own.filter(({ allowsConnections }) => !allowsConnections).map(({ name }) => name);
  const sql = closed.map((name) => `GRANT CONNECT ON DATABASE ${identifier(name)} TO ${identifier(server.user)};`);
  return [
    ...(closed.length > 0
      ? [lacking('All databases', 'partly', `Not to be connected to: ${closed.join(', ')}.`, sql.join('\n'))]
      : []),
    ...(own.length - closed.length > 20
      ? [lacking('All databases', 'partly', 'Tables and indexes of the first twenty databases are recorded.', null)]
      : []),
  ];
}
