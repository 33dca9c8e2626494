/** What the families of shared/metrics/families/replication.ts are read from. */
import { query } from '../../../postgres/query.ts';
import type { FamilyRow } from './server.sql.ts';

const currentLsn = `case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end`;
const ms = (interval: string, name: string): string => `extract(epoch from ${interval}) * 1000 as ${name}`;

/** The view pg_stat_replication looks at every session to find those that send WAL, and mostly there are none. */
export const replication = query<FamilyRow>(
  'recorder.replication',
  `
select coalesce(a.application_name, '') as application_name, coalesce(host(a.client_addr), '') as client, w.pid,
  coalesce(w.state, '') as state, coalesce(w.sync_state, '') as sync_state,
  pg_wal_lsn_diff(lsn, sent_lsn) as sent_lag_bytes, pg_wal_lsn_diff(lsn, write_lsn) as write_lag_bytes,
  pg_wal_lsn_diff(lsn, flush_lsn) as flush_lag_bytes, pg_wal_lsn_diff(lsn, replay_lsn) as replay_lag_bytes,
  ${ms('write_lag', 'write_lag')}, ${ms('flush_lag', 'flush_lag')}, ${ms('replay_lag', 'replay_lag')},
  age(a.backend_xmin) as xmin_age, ${ms('clock_timestamp() - reply_time', 'reply_age')}
from (select ${currentLsn} as lsn) now, pg_stat_get_wal_senders() w, pg_stat_get_activity(w.pid) a`,
);

export const slots = query<FamilyRow>(
  'recorder.slots',
  (since) => `
select s.slot_name, s.slot_type, coalesce(s.database, '') as database, s.active, coalesce(s.wal_status, '') as wal_status,
  ${since({
    13: "''",
    16: "case when s.conflicting then 'conflicting' else '' end",
    17: "coalesce(s.invalidation_reason, '')",
  })} as invalidation_reason,
  pg_wal_lsn_diff(lsn, s.restart_lsn) as retained_bytes,
  pg_wal_lsn_diff(lsn, s.confirmed_flush_lsn) as confirmed_lag_bytes, s.safe_wal_size, age(s.xmin) as xmin_age,
  age(s.catalog_xmin) as catalog_xmin_age
  ${since({ 13: '', 17: `, ${ms('s.inactive_since', 'inactive_since')}` })}
  ${since({ 13: '', 14: ', d.spill_bytes, d.stream_bytes, d.total_txns, d.total_bytes, d.stats_reset as reset' })}
from (select ${currentLsn} as lsn) now, pg_replication_slots s
${since({ 13: '', 14: 'left join pg_stat_replication_slots d on d.slot_name = s.slot_name' })}`,
);

export const standby = query<FamilyRow>(
  'recorder.standby',
  `
select pg_wal_lsn_diff(received, '0/0') as received_lsn, pg_wal_lsn_diff(replayed, '0/0') as replayed_lsn,
  pg_wal_lsn_diff(received, replayed) as replay_lag_bytes,
  case when received <= replayed then 0
    else extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000 end as replay_delay,
  (select extract(epoch from clock_timestamp() - r.last_msg_receipt_time) * 1000 from pg_stat_wal_receiver r limit 1)
    as message_age
from (select pg_last_wal_receive_lsn() as received, pg_last_wal_replay_lsn() as replayed) now
where pg_is_in_recovery()`,
);

export const subscriptions = query<FamilyRow>('recorder.subscriptions', {
  13: `select null as subscription where false`,
  15: `select subname as subscription, apply_error_count, sync_error_count, stats_reset as reset
from pg_stat_subscription_stats`,
});

const where = `coalesce(p.datname, '') as database, case when p.datid = here.oid then p.relid::regclass::text
    else coalesce(p.relid::text, '') end as relation, coalesce(p.phase, '') as phase`;
const here = `(select oid from pg_database where datname = current_database()) here`;
const vacuumDone = `case when p.phase = 'vacuuming heap' then p.heap_blks_vacuumed else p.heap_blks_scanned end`;
const copyProgress = `
union all select 'COPY', p.pid, coalesce(p.datname, ''), case when p.datid = here.oid then p.relid::regclass::text
    else coalesce(p.relid::text, '') end, '', 'bytes', p.bytes_processed, p.bytes_total, null, null, null
  from pg_stat_progress_copy p, ${here}`;

/** The five views look at every session, too. */
export const anyProgress = query<FamilyRow>(
  'recorder.any-progress',
  (since) => `
select 1 as "any" from (values ('VACUUM'), ('ANALYZE'), ('CREATE INDEX'), ('CLUSTER'), ('BASEBACKUP')
  ${since({ 13: '', 14: ", ('COPY')" })}) c (command), pg_stat_get_progress_info(c.command) limit 1`,
);

export const progress = query<FamilyRow>(
  'recorder.progress',
  (since) => `
select 'VACUUM' as command, p.pid, ${where}, 'blocks' as unit, ${vacuumDone} as done, p.heap_blks_total as total,
    p.index_vacuum_count as index_passes,
    ${since({ 13: 'p.num_dead_tuples', 17: 'p.num_dead_item_ids' })} as dead_items,
    ${since({ 13: 'null::float8', 18: 'p.delay_time' })} as delay
  from pg_stat_progress_vacuum p, ${here}
union all select 'ANALYZE', p.pid, ${where}, 'blocks', p.sample_blks_scanned, p.sample_blks_total, null, null, null
  from pg_stat_progress_analyze p, ${here}
union all select p.command, p.pid, ${where}, case when p.tuples_total > 0 then 'tuples' else 'blocks' end,
    case when p.tuples_total > 0 then p.tuples_done else p.blocks_done end,
    case when p.tuples_total > 0 then p.tuples_total else p.blocks_total end, null, null, null
  from pg_stat_progress_create_index p, ${here}
union all select p.command, p.pid, ${where}, 'blocks', p.heap_blks_scanned, p.heap_blks_total, null, null, null
  from pg_stat_progress_cluster p, ${here}
union all select 'BASE BACKUP', p.pid, '', '', coalesce(p.phase, ''), 'bytes', p.backup_streamed, p.backup_total, null,
    null, null
  from pg_stat_progress_basebackup p
${since({ 13: '', 14: copyProgress })}`,
);
