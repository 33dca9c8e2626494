/** What the families of shared/metrics/families/database.ts and the sizes of databases are read from. */
import { query } from '../../../postgres/query.ts';
import type { FamilyRow } from './server.sql.ts';

const sessionColumns = `, session_time, active_time, idle_in_transaction_time, sessions, sessions_abandoned,
  sessions_fatal, sessions_killed`;
export const databases = query<FamilyRow>(
  'recorder.databases',
  (since) => `
select coalesce(datname, '(shared)') as database, datid, numbackends, xact_commit, xact_rollback, blks_read, blks_hit,
  tup_returned, tup_fetched, tup_inserted, tup_updated, tup_deleted, conflicts, temp_files, temp_bytes, deadlocks,
  ${since({ 10: 'null', 12: 'checksum_failures' })} as checksum_failures, blk_read_time, blk_write_time
  ${since({ 10: '', 14: sessionColumns })}
  ${since({ 10: '', 18: ', parallel_workers_to_launch, parallel_workers_launched' })}, stats_reset as reset
from pg_stat_database where datid is not null`,
);

export const databaseConflicts = query<FamilyRow>(
  'recorder.database-conflicts',
  (since) => `
select datname as database, datid, confl_tablespace, confl_lock, confl_snapshot, confl_bufferpin, confl_deadlock
  ${since({ 13: '', 16: ', confl_active_logicalslot' })}
from pg_stat_database_conflicts where pg_is_in_recovery()`,
);

export const databaseSizes = query<FamilyRow>(
  'recorder.database-sizes',
  `
select datname as database, oid as datid, case when has_database_privilege(oid, 'connect')
    or pg_has_role('pg_read_all_stats', 'usage') then pg_database_size(oid) end as bytes
from pg_database where datallowconn`,
);

export const tablespaceSizes = query<FamilyRow>(
  'recorder.tablespace-sizes',
  `
select spcname as tablespace, case when has_tablespace_privilege(oid, 'create')
    or pg_has_role('pg_read_all_stats', 'usage') then pg_tablespace_size(oid) end as bytes
from pg_tablespace`,
);
