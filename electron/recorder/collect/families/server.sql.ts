/** What the families of shared/metrics/families/server.ts are read from; columns carry the names of keys and metrics. */
import { query } from '../../../postgres/query.ts';

/** `reset` marks a row's own reset, `familyReset` that of the whole family. */
export type FamilyRow = Record<string, string | null>;

/** When each shared family was zeroed last, and a sum that goes back when the databases' counters are zeroed. */
export const resetInstants = query<FamilyRow>(
  'recorder.reset-instants',
  (since) => `
select (select stats_reset from pg_stat_bgwriter) as bgwriter,
  (select stats_reset from pg_stat_archiver) as archiver,
  ${since({ 10: 'null', 14: '(select stats_reset from pg_stat_wal)' })} as wal,
  ${since({ 10: 'null', 17: '(select stats_reset from pg_stat_checkpointer)' })} as checkpointer,
  ${since({ 10: 'null', 16: '(select max(stats_reset) from pg_stat_io)' })} as io,
  (select sum(xact_commit + xact_rollback + blks_hit) from pg_stat_database) as total`,
);

export const transactions = query<FamilyRow>(
  'recorder.transactions',
  `
select pg_snapshot_xmax(pg_current_snapshot())::text as next_xid, count(p.gid) as prepared,
  extract(epoch from clock_timestamp() - min(p.prepared)) * 1000 as oldest_prepared_age
from (select) one left join pg_prepared_xacts p on true`,
);

const walLsn = `pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
    else pg_current_wal_lsn() end, '0/0') as lsn`;
export const wal = query<FamilyRow>('recorder.wal', {
  13: `select ${walLsn}`,
  14: `select ${walLsn}, w.wal_records, w.wal_fpi, w.wal_bytes, w.wal_buffers_full, w.wal_write, w.wal_sync,
  w.wal_write_time, w.wal_sync_time, w.stats_reset as "familyReset" from pg_stat_wal w`,
  18: `select ${walLsn}, w.wal_records, w.wal_fpi, w.wal_bytes, w.wal_buffers_full, i.wal_write, i.wal_sync,
  i.wal_write_time, i.wal_sync_time, w.stats_reset as "familyReset"
from pg_stat_wal w, (select sum(writes) as wal_write, sum(fsyncs) as wal_sync, sum(write_time) as wal_write_time,
  sum(fsync_time) as wal_sync_time from pg_stat_io where object = 'wal') i`,
});

export const bgwriter = query<FamilyRow>('recorder.bgwriter', {
  13: `select buffers_clean, maxwritten_clean, buffers_alloc, buffers_backend, buffers_backend_fsync,
  stats_reset as "familyReset" from pg_stat_bgwriter`,
  17: `select buffers_clean, maxwritten_clean, buffers_alloc, stats_reset as "familyReset" from pg_stat_bgwriter`,
});

export const checkpointer = query<FamilyRow>('recorder.checkpointer', {
  13: `select checkpoints_timed as num_timed, checkpoints_req as num_requested, checkpoint_write_time as write_time,
  checkpoint_sync_time as sync_time, buffers_checkpoint as buffers_written, stats_reset as "familyReset"
from pg_stat_bgwriter`,
  17: `select num_timed, num_requested, restartpoints_timed, restartpoints_req, restartpoints_done, write_time, sync_time,
  buffers_written, stats_reset as "familyReset" from pg_stat_checkpointer`,
  18: `select num_timed, num_requested, num_done, restartpoints_timed, restartpoints_req, restartpoints_done,
  write_time, sync_time, buffers_written, slru_written, stats_reset as "familyReset" from pg_stat_checkpointer`,
});

export const archiver = query<FamilyRow>(
  'recorder.archiver',
  `
select archived_count, failed_count, extract(epoch from last_archived_time) * 1000 as last_archived_time,
  extract(epoch from last_failed_time) * 1000 as last_failed_time, stats_reset as "familyReset"
from pg_stat_archiver`,
);

export const slru = query<FamilyRow>(
  'recorder.slru',
  `
select name, blks_zeroed, blks_hit, blks_read, blks_written, blks_exists, flushes, truncates, stats_reset as reset
from pg_stat_slru`,
);

const ioCommon = `backend_type, object, context, reads, read_time, writes, write_time, writebacks, writeback_time, extends,
  extend_time, hits, evictions, reuses, fsyncs, fsync_time, stats_reset as "familyReset"`;
export const io = query<FamilyRow>('recorder.io', {
  13: `select null as backend_type where false`,
  16: `select ${ioCommon}, reads * op_bytes as read_bytes, writes * op_bytes as write_bytes,
  extends * op_bytes as extend_bytes from pg_stat_io`,
  18: `select ${ioCommon}, read_bytes, write_bytes, extend_bytes from pg_stat_io`,
});

export const wraparound = query<FamilyRow>(
  'recorder.wraparound',
  `
select datname as database, oid as datid, age(datfrozenxid) as xid_age, mxid_age(datminmxid) as mxid_age,
  current_setting('autovacuum_freeze_max_age') as freeze_max_age,
  current_setting('autovacuum_multixact_freeze_max_age') as mxid_freeze_max_age
from pg_database`,
);

/** Columns of sessions that the role may not look into are null: what it may see is what is told. */
export const xminHorizon = query<FamilyRow>(
  'recorder.xmin-horizon',
  `
select kind, holder, coalesce(database, '') as database, coalesce(state, '') as state, age,
  extract(epoch from since) * 1000 as since
from (
  select 'session' as kind, a.pid::text as holder, (select d.datname from pg_database d where d.oid = a.datid) as database,
    a.state, greatest(age(a.backend_xmin), age(a.backend_xid)) as age, a.xact_start as since
  from pg_stat_get_activity(null) a
  where (a.backend_xmin is not null or a.backend_xid is not null) and a.backend_type <> 'walsender'
    and a.pid <> pg_backend_pid() and a.application_name <> 'howdah monitor'
  union all select 'prepared', gid, database, null, age(transaction), prepared from pg_prepared_xacts
  union all select 'slot', slot_name, database, case when active then 'active' else 'inactive' end, age(xmin), null
    from pg_replication_slots where xmin is not null
  union all select 'slotCatalog', slot_name, database, case when active then 'active' else 'inactive' end,
      age(catalog_xmin), null
    from pg_replication_slots where catalog_xmin is not null
  union all select 'standby', coalesce(nullif(a.application_name, ''), w.pid::text), null, w.state, age(a.backend_xmin),
      a.backend_start
    from pg_stat_get_wal_senders() w, pg_stat_get_activity(w.pid) a where a.backend_xmin is not null
) held
order by age desc nulls last limit 50`,
);
