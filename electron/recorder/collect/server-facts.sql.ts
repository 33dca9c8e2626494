/** Who answers, and what a recording keeps of it: the server, its databases, roles, settings, extensions. */
import { query } from '../../postgres/query.ts';
import { sortsByBytes } from '../../postgres/text-order.ts';

/**
 * Identity and size of the server. pg_control_system() can be withheld, as managed services do: so it is asked for
 * apart.
 */
export const serverFacts = query<{
  version: string;
  versionNum: number;
  started: string;
  inRecovery: boolean;
  clusterName: string;
  address: string | null;
  port: number | null;
  dataDirectory: string | null;
  user: string;
  database: string;
  maxConnections: number;
  reserved: number;
  blockSize: number;
  walSegmentSize: string;
}>(
  'recorder.server-facts',
  `
select current_setting('server_version') as version, current_setting('server_version_num')::int4 as "versionNum",
  (extract(epoch from pg_catalog.pg_postmaster_start_time()) * 1000)::text as started,
  pg_catalog.pg_is_in_recovery() as "inRecovery", current_setting('cluster_name') as "clusterName",
  pg_catalog.host(pg_catalog.inet_server_addr()) as address, pg_catalog.inet_server_port() as port,
  (select s.setting from pg_catalog.pg_settings s where s.name = 'data_directory') as "dataDirectory", current_user::text as "user",
  current_database()::text as database, current_setting('max_connections')::int4 as "maxConnections",
  current_setting('superuser_reserved_connections')::int4
    + coalesce(current_setting('reserved_connections', true)::int4, 0) as reserved,
  current_setting('block_size')::int4 as "blockSize",
  (select s.setting::numeric * case s.unit when '8kB' then 8192 else 1 end from pg_catalog.pg_settings s
    where s.name = 'wal_segment_size')::text as "walSegmentSize"`,
);

export const databaseList = query<{
  oid: number;
  name: string;
  isTemplate: boolean;
  allowsConnections: boolean;
  mayConnect: boolean;
  encoding: string;
  owner: string;
  byBytes: boolean;
}>(
  'recorder.database-list',
  (since) => `
select d.oid, d.datname as name, d.datistemplate as "isTemplate", d.datallowconn as "allowsConnections",
  pg_catalog.has_database_privilege(d.oid, 'connect') as "mayConnect",
  pg_catalog.pg_encoding_to_char(d.encoding)::text as encoding, pg_catalog.pg_get_userbyid(d.datdba)::text as owner,
  ${sortsByBytes(since)} as "byBytes"
from pg_catalog.pg_database d order by d.datname`,
);

export const roleList = query<{
  oid: number;
  name: string;
  canLogin: boolean;
  superuser: boolean;
  replication: boolean;
  connectionLimit: number;
  memberOf: string[];
}>(
  'recorder.role-list',
  `
select r.oid, r.rolname as name, r.rolcanlogin as "canLogin", r.rolsuper as superuser, r.rolreplication as replication,
  r.rolconnlimit as "connectionLimit", array(select g.rolname::text from pg_catalog.pg_auth_members m
    join pg_catalog.pg_roles g on g.oid = m.roleid where m.member = r.oid order by 1) as "memberOf"
from pg_catalog.pg_roles r order by r.rolname`,
);

export const settingList = query<{
  name: string;
  setting: string;
  unit: string | null;
  category: string;
  context: string;
  source: string;
  bootValue: string | null;
  pendingRestart: boolean;
  description: string;
}>(
  'recorder.setting-list',
  `
select name, setting, unit, category, context, source, boot_val as "bootValue", pending_restart as "pendingRestart",
  short_desc as description
from pg_catalog.pg_settings
where source not in ('session', 'client') and name not in ('transaction_read_only', 'transaction_isolation',
  'transaction_deferrable', 'lock_timeout', 'statement_timeout', 'in_hot_standby')
order by name`,
);

export const settingOverrides = query<{ database: string | null; role: string | null; setting: string }>(
  'recorder.setting-overrides',
  `
select d.datname as database, r.rolname as role, o.setting
from pg_catalog.pg_db_role_setting s
cross join lateral unnest(s.setconfig) o (setting)
left join pg_catalog.pg_database d on d.oid = s.setdatabase
left join pg_catalog.pg_roles r on r.oid = s.setrole
order by 1, 2, 3`,
);

export const extensionList = query<{ name: string; version: string; schema: string; defaultVersion: string | null }>(
  'recorder.extension-list',
  `
select e.extname as name, e.extversion as version, n.nspname as schema, a.default_version as "defaultVersion"
from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
left join pg_catalog.pg_available_extensions a on a.name = e.extname
order by e.extname`,
);

/** What the role may see, and what the server was told to count. */
export const capabilityFacts = query<{
  superuser: boolean;
  readStats: boolean;
  readSettings: boolean;
  monitor: boolean;
  readData: boolean;
  libraries: string;
  statementsTrack: string | null;
  statementsOffered: boolean;
  trackIoTiming: boolean;
  trackActivities: boolean;
  trackCounts: boolean;
  computeQueryId: string | null;
  maySeeDirectories: boolean;
}>(
  'recorder.capability-facts',
  (since) => `
select r.rolsuper as superuser, pg_catalog.pg_has_role('pg_read_all_stats', 'usage') as "readStats",
  pg_catalog.pg_has_role('pg_read_all_settings', 'usage') as "readSettings",
  pg_catalog.pg_has_role('pg_monitor', 'usage') as monitor,
  ${since({ 10: 'false', 14: "pg_catalog.pg_has_role('pg_read_all_data', 'usage')" })} as "readData",
  coalesce((select s.setting from pg_catalog.pg_settings s where s.name = 'shared_preload_libraries'), '')
    as libraries,
  current_setting('pg_stat_statements.track', true) as "statementsTrack",
  exists (select from pg_catalog.pg_available_extensions where name = 'pg_stat_statements') as "statementsOffered",
  current_setting('track_io_timing')::bool as "trackIoTiming",
  current_setting('track_activities')::bool as "trackActivities",
  current_setting('track_counts')::bool as "trackCounts",
  current_setting('compute_query_id', true) as "computeQueryId",
  pg_catalog.has_function_privilege('pg_catalog.pg_ls_waldir()', 'execute') as "maySeeDirectories"
from pg_catalog.pg_roles r where r.rolname = current_user`,
);
