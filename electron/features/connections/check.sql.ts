/** What the connection test asks, once connected. Plain statements: they also pass a pooler in transaction mode. */
import { query } from '../../postgres/query.ts';

export interface ServerRow {
  readonly version: string;
  readonly versionNum: string;
  readonly role: string;
  readonly database: string;
  readonly standby: boolean;
  readonly readOnly: boolean;
  readonly superuser: boolean;
  readonly createdb: boolean;
  readonly createrole: boolean;
  readonly replication: boolean;
  readonly bypassrls: boolean;
}

/** pg_roles, because pg_authid is for superusers; works from 9.5 on. */
export const server = query<ServerRow>(
  'connections.server',
  `select pg_catalog.current_setting('server_version') as "version",
          pg_catalog.current_setting('server_version_num') as "versionNum",
          current_user::text as "role",
          pg_catalog.current_database()::text as "database",
          pg_catalog.pg_is_in_recovery() as "standby",
          pg_catalog.current_setting('transaction_read_only') = 'on' as "readOnly",
          r.rolsuper as "superuser",
          r.rolcreatedb as "createdb",
          r.rolcreaterole as "createrole",
          r.rolreplication as "replication",
          r.rolbypassrls as "bypassrls"
     from pg_catalog.pg_roles r
    where r.rolname = current_user`,
);

export interface MembershipRow {
  readonly role: string;
}

/** USAGE: what the role has without SET ROLE. Roles that this version lacks are simply not there. */
export const memberships = query<MembershipRow>(
  'connections.memberships',
  `select r.rolname::text as "role"
     from pg_catalog.pg_roles r
    where r.rolname in ('pg_monitor', 'pg_read_all_data', 'pg_write_all_data', 'pg_signal_backend',
                        'pg_write_server_files', 'pg_execute_server_program', 'pg_read_server_files')
      and pg_catalog.pg_has_role(current_user, r.oid, 'USAGE')
    order by 1`,
);

export interface StatementsRow {
  readonly installed: string | null;
  readonly available: string | null;
  /** Null: this role may not see the setting. */
  readonly preloaded: string | null;
}

export const statements = query<StatementsRow>(
  'connections.statements',
  `select (select e.extversion from pg_catalog.pg_extension e where e.extname = 'pg_stat_statements') as "installed",
          (select a.default_version from pg_catalog.pg_available_extensions a where a.name = 'pg_stat_statements') as "available",
          (select s.setting from pg_catalog.pg_settings s where s.name = 'shared_preload_libraries') as "preloaded"`,
);

/** As little as a server can do: for the time of a round trip. */
export const roundTrip = query<{ one: number }>('connections.round-trip', 'select 1 as "one"');
