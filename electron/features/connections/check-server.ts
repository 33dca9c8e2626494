/** What is learned from a connection that works: times, version, powers, and what monitoring would need. */
import type { ServerCheck } from '../../../shared/api/connections.ts';
import type { Connected } from '../../postgres/connect/client.ts';
import type { Query } from '../../postgres/query.ts';
import { memberships, roundTrip, type ServerRow, type StatementsRow, server, statements } from './check.sql.ts';
import { readOnlyRoleNote } from './read-only-role.ts';

/** The oldest version that every page of this program is written for. */
export const oldestSupported = 130_000;
const roundTrips = 5;

export async function checkServer({ client, transport }: Connected): Promise<ServerCheck> {
  const ask = async <Row extends object>(question: Query<Row>, version = 0): Promise<Row[]> =>
    (await client.query<Row>(question.text(version))).rows;
  const times: number[] = [];
  for (let trip = 0; trip < roundTrips; trip++) {
    const from = performance.now();
    await ask(roundTrip);
    times.push(performance.now() - from);
  }
  const row = (await ask(server))[0] ?? emptyRow;
  const granted = (await ask(memberships)).map(({ role }) => role);
  const versionNum = Number(row.versionNum);
  const { used, verified, protocol, cipher, summary } = transport;
  return {
    version: row.version,
    versionNum,
    role: row.role,
    database: row.database,
    standby: row.standby,
    readOnly: row.readOnly,
    powers: powersOf(row, granted),
    roundTripsMs: spread(times),
    tls: { used, verified, protocol, cipher, summary },
    pgStatStatements: statementsOf((await ask(statements))[0], versionNum),
    notes: notesOf(row, granted, versionNum),
  };
}

function notesOf(row: ServerRow, granted: readonly string[], versionNum: number): string[] {
  const powers = new Set([...powersOf(row, granted), ...granted]);
  // A standby reads anyway.
  const role = row.readOnly && !row.standby ? readOnlyRoleNote(row.role, [...powers], versionNum) : null;
  return [...(versionNum < oldestSupported ? [oldServer(row.version)] : []), ...(role ? [role] : [])];
}

const oldServer = (version: string) =>
  `PostgreSQL ${version} is older than 13: running statements works, some pages will not.`;

const emptyRow: ServerRow = {
  version: 'unknown',
  versionNum: '0',
  role: '',
  database: '',
  standby: false,
  readOnly: false,
  superuser: false,
  createdb: false,
  createrole: false,
  replication: false,
  bypassrls: false,
};

function powersOf(row: ServerRow, granted: readonly string[]): ServerCheck['powers'] {
  const all = ['superuser', 'createdb', 'createrole', 'replication', 'bypassrls'] as const;
  const roles = ['pg_monitor', 'pg_read_all_data', 'pg_write_all_data', 'pg_signal_backend'] as const;
  return [...all.filter((power) => row[power]), ...roles.filter((role) => granted.includes(role))];
}

/** p95 by nearest rank: of five values, the largest. */
export function spread(times: readonly number[]): ServerCheck['roundTripsMs'] {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { min: sorted[0] ?? 0, median: at(0.5), p95: at(0.95), all: [...times] };
}

/**
 * The SQL that is missing for pg_stat_statements. Setting shared_preload_libraries replaces the whole list, so the
 * libraries that are there now are written along; the server has to be restarted afterwards.
 */
export function statementsOf(row: StatementsRow | undefined, versionNum: number): ServerCheck['pgStatStatements'] {
  const libraries = (row?.preloaded ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  const loaded = row?.preloaded === null || libraries.some((each) => each.replaceAll('"', '') === 'pg_stat_statements');
  if (row?.installed && loaded) return { available: true, version: row.installed };
  const lines: string[] = [];
  if (!row?.available && !row?.installed)
    lines.push('-- First install the package with the contrib modules on the server.');
  if (!loaded) {
    const list = [...libraries, 'pg_stat_statements'].map(
      (each) => `'${each.replaceAll('"', '').replaceAll("'", "''")}'`,
    );
    lines.push(`alter system set shared_preload_libraries = ${list.join(', ')};`, '-- Then restart the server.');
  }
  if (versionNum >= 140_000) lines.push('alter system set compute_query_id = auto;');
  if (!row?.installed) lines.push('create extension if not exists pg_stat_statements;');
  return { available: false, version: row?.installed ?? undefined, enableSql: lines.join('\n') };
}
