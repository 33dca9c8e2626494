/** Templates: vacuum, wraparound, settings, replication. */
import type { TemplateGroup } from './template.ts';

export const vacuumTemplates: TemplateGroup = {
  name: 'Vacuum',
  templates: [
    {
      name: 'Dead rows by table',
      about: 'With the last vacuum and what autovacuum waits for.',
      sql: `select s.schemaname as schema, s.relname as table, s.n_live_tup as live, s.n_dead_tup as dead,
  round(100.0 * s.n_dead_tup / nullif(s.n_live_tup + s.n_dead_tup, 0), 1) as dead_percent,
  (current_setting('autovacuum_vacuum_threshold')::float8
    + current_setting('autovacuum_vacuum_scale_factor')::float8 * greatest(c.reltuples, 0))::bigint as vacuumed_from,
  s.last_vacuum, s.last_autovacuum
from pg_stat_user_tables s
join pg_class c on c.oid = s.relid
order by s.n_dead_tup desc
limit 50;`,
    },
    {
      name: 'Tables without fresh statistics',
      about: 'Changed since the last ANALYZE, or never analyzed.',
      sql: `select schemaname as schema, relname as table, n_mod_since_analyze as changed, n_live_tup as live,
  greatest(last_analyze, last_autoanalyze) as analyzed
from pg_stat_user_tables
where n_mod_since_analyze > 0 or greatest(last_analyze, last_autoanalyze) is null
order by n_mod_since_analyze desc
limit 50;`,
    },
    {
      name: 'Wraparound by database',
      about: 'Transactions until the forced vacuum, and until the server stops taking writes.',
      sql: `select datname as database, age(datfrozenxid) as age,
  current_setting('autovacuum_freeze_max_age')::bigint - age(datfrozenxid) as until_forced_vacuum,
  2147483647 - 3000000 - age(datfrozenxid) as until_read_only, mxid_age(datminmxid) as multixact_age
from pg_database
order by age(datfrozenxid) desc;`,
    },
    {
      name: 'Wraparound by table',
      about: 'The oldest tables of this database.',
      sql: `select c.oid::regclass as table, greatest(age(c.relfrozenxid), age(t.relfrozenxid)) as age,
  pg_size_pretty(pg_total_relation_size(c.oid)) as size
from pg_class c
left join pg_class t on t.oid = c.reltoastrelid
where c.relkind in ('r', 'm')
order by greatest(age(c.relfrozenxid), age(t.relfrozenxid)) desc
limit 50;`,
    },
    {
      name: 'What holds vacuum back',
      about: 'The oldest snapshots: sessions, replication slots, prepared transactions.',
      sql: `select 'session ' || pid as holder, age(backend_xmin) as xmin_age, query as detail
from pg_stat_activity where backend_xmin is not null and pid <> pg_backend_pid()
union all
select 'slot ' || slot_name, greatest(age(xmin), age(catalog_xmin)), plugin::text
from pg_replication_slots where xmin is not null or catalog_xmin is not null
union all
select 'prepared ' || gid, age(transaction), owner::text from pg_prepared_xacts
order by xmin_age desc nulls last;`,
    },
    {
      name: 'Settings of tables',
      about: 'Storage parameters that differ from the server\u2019s.',
      sql: `select c.oid::regclass as table, c.reloptions as options
from pg_class c
where c.relkind in ('r', 'm', 'i', 't') and c.reloptions is not null
order by c.oid::regclass::text;`,
    },
  ],
};

export const replicationTemplates: TemplateGroup = {
  name: 'Replication',
  templates: [
    {
      name: 'Standbys and their lag',
      about: 'To be asked on the primary.',
      sql: `select application_name, client_addr, state, sync_state, sent_lsn, replay_lsn,
  pg_size_pretty(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end, replay_lsn)) as behind,
  write_lag, flush_lag, replay_lag
from pg_stat_replication
order by application_name;`,
    },
    {
      name: 'Replication slots and the WAL they keep',
      about: 'A slot that nobody reads fills the disk.',
      sql: `select slot_name, slot_type, database, active, active_pid, restart_lsn, wal_status,
  pg_size_pretty(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end, restart_lsn)) as keeps
from pg_replication_slots
order by restart_lsn;`,
    },
    {
      name: 'How far behind is this standby',
      about: 'To be asked on the standby.',
      sql: `select pg_is_in_recovery() as standby, pg_last_wal_receive_lsn() as received, pg_last_wal_replay_lsn() as replayed,
  pg_last_xact_replay_timestamp() as last_transaction, now() - pg_last_xact_replay_timestamp() as behind;`,
    },
    {
      name: 'Publications and their tables',
      about: 'What is published, and which changes.',
      sql: `select p.pubname as publication, p.puballtables as all_tables, p.pubinsert as inserts, p.pubupdate as updates,
  p.pubdelete as deletes, p.pubtruncate as truncates, t.schemaname as schema, t.tablename as table
from pg_publication p
left join pg_publication_tables t on t.pubname = p.pubname
order by p.pubname, t.schemaname, t.tablename;`,
    },
    {
      name: 'Subscriptions',
      about: 'What they have received.',
      sql: `select subname as subscription, pid, relid::regclass as table, received_lsn, latest_end_lsn, last_msg_receipt_time
from pg_stat_subscription
order by subname;`,
    },
    {
      name: 'WAL archiving',
      about: 'Whether it works: the last file that was and the last that was not archived.',
      sql: `select archived_count, last_archived_wal, last_archived_time, failed_count, last_failed_wal, last_failed_time
from pg_stat_archiver;`,
    },
  ],
};

export const settingTemplates: TemplateGroup = {
  name: 'Settings',
  templates: [
    {
      name: 'Settings that are not the default',
      about: 'With where each comes from.',
      sql: `select name, setting, unit, boot_val as built_in, source, sourcefile, sourceline, pending_restart
from pg_settings
where source not in ('default', 'override')
order by category, name;`,
    },
    {
      name: 'Settings that wait for a restart',
      about: 'Changed in a file and not in force.',
      sql: `select name, setting, unit, sourcefile, sourceline from pg_settings where pending_restart;`,
    },
    {
      name: 'Settings of roles and databases',
      about: 'ALTER ROLE … SET and ALTER DATABASE … SET.',
      sql: `select coalesce(r.rolname, 'all roles') as role, coalesce(d.datname, 'all databases') as database, s.setconfig as settings
from pg_db_role_setting s
left join pg_roles r on r.oid = s.setrole
left join pg_database d on d.oid = s.setdatabase
order by 1, 2;`,
    },
    {
      name: 'Memory settings in bytes',
      about: 'The ones that decide how much the server takes.',
      sql: `select name, pg_size_pretty(setting::bigint * case unit when '8kB' then 8192 when 'kB' then 1024 when 'MB' then 1048576 else 1 end) as size
from pg_settings
where name in ('shared_buffers', 'work_mem', 'maintenance_work_mem', 'effective_cache_size', 'temp_buffers', 'wal_buffers')
  and setting::bigint >= 0
order by name;`,
    },
    {
      name: 'Extensions',
      about: 'Installed and available, with their versions.',
      sql: `select name, installed_version, default_version, comment
from pg_available_extensions
order by installed_version is null, name;`,
    },
  ],
};
