/** How many there are of what: the folders of the tree. */
import { query } from '../../../postgres/query.ts';
import { isInternal, ownConstraint, standAloneType } from './object-words.sql.ts';

export interface CountRow {
  readonly folder: string;
  readonly count: number;
}

/** $1 oid of the schema. */
export const countInSchema = query<CountRow>(
  'objects.countInSchema',
  `with schema as (select $1::oid as oid),
  relations as (
    select relkind, count(*)::int as count from pg_class
    where relnamespace = (select oid from schema) and not relispartition group by relkind),
  routines as (select prokind, count(*)::int as count from pg_proc p where pronamespace = (select oid from schema) and not ${isInternal('pg_proc', 'p.oid')} group by prokind)
  select f.folder, f.count from (
    select 1 as place, 'table' as folder, coalesce(sum(count), 0)::int as count from relations where relkind in ('r', 'p')
    union all select 2, 'foreignTable', coalesce(sum(count), 0)::int from relations where relkind = 'f'
    union all select 3, 'view', coalesce(sum(count), 0)::int from relations where relkind = 'v'
    union all select 4, 'materializedView', coalesce(sum(count), 0)::int from relations where relkind = 'm'
    union all select 5, 'function', coalesce(sum(count), 0)::int from routines where prokind in ('f', 'w')
    union all select 6, 'procedure', coalesce(sum(count), 0)::int from routines where prokind = 'p'
    union all select 7, 'aggregate', coalesce(sum(count), 0)::int from routines where prokind = 'a'
    union all select 8, 'sequence', coalesce(sum(count), 0)::int from relations where relkind = 'S'
    union all select 9, 'type', count(*)::int from pg_type t left join pg_class c on c.oid = t.typrelid
      where t.typnamespace = (select oid from schema) and ${standAloneType}
    union all select 10, 'domain', count(*)::int from pg_type where typnamespace = (select oid from schema) and typtype = 'd'
    union all select 11, 'statistics', count(*)::int from pg_statistic_ext where stxnamespace = (select oid from schema)
    union all select 12, 'collation', count(*)::int from pg_collation where collnamespace = (select oid from schema)
    union all select 13, 'operator', count(*)::int from pg_operator where oprnamespace = (select oid from schema) and oprcode::oid <> 0
    union all select 14, 'operatorClass', count(*)::int from pg_opclass where opcnamespace = (select oid from schema)
    union all select 15, 'operatorFamily', count(*)::int from pg_opfamily where opfnamespace = (select oid from schema)
    union all select 16, 'conversion', count(*)::int from pg_conversion where connamespace = (select oid from schema)
    union all select 17, 'textSearchConfiguration', count(*)::int from pg_ts_config where cfgnamespace = (select oid from schema)
    union all select 18, 'textSearchDictionary', count(*)::int from pg_ts_dict where dictnamespace = (select oid from schema)
    union all select 19, 'textSearchParser', count(*)::int from pg_ts_parser where prsnamespace = (select oid from schema)
    union all select 20, 'textSearchTemplate', count(*)::int from pg_ts_template where tmplnamespace = (select oid from schema)
    union all select 21, 'defaultPrivileges', count(*)::int from pg_default_acl where defaclnamespace = (select oid from schema)
  ) f where f.count > 0 order by f.place`,
);

/** $1 whether what PostgreSQL ships with counts. */
export const countInDatabase = query<CountRow>(
  'objects.countInDatabase',
  `select f.folder, f.count from (
    select 1 as place, 'extension' as folder, count(*)::int as count from pg_extension
    union all select 2, 'foreignDataWrapper', count(*)::int from pg_foreign_data_wrapper where $1::boolean or oid >= 16384
    union all select 3, 'foreignServer', count(*)::int from pg_foreign_server where $1::boolean or oid >= 16384
    union all select 4, 'eventTrigger', count(*)::int from pg_event_trigger where $1::boolean or oid >= 16384
    union all select 5, 'publication', count(*)::int from pg_publication
    union all select 6, 'subscription', count(*)::int from pg_subscription
      where subdbid = (select oid from pg_database where datname = current_database())
    union all select 7, 'language', count(*)::int from pg_language where $1::boolean or oid >= 16384
    union all select 8, 'cast', count(*)::int from pg_cast k where ($1::boolean or oid >= 16384) and not ${isInternal('pg_cast', 'k.oid')}
    union all select 9, 'transform', count(*)::int from pg_transform where $1::boolean or oid >= 16384
    union all select 10, 'accessMethod', count(*)::int from pg_am where $1::boolean or oid >= 16384
    union all select 11, 'defaultPrivileges', count(*)::int from pg_default_acl where defaclnamespace = 0
    union all select 12, 'role', count(*)::int from pg_roles where $1::boolean or rolname !~ '^pg_'
    union all select 13, 'tablespace', count(*)::int from pg_tablespace
  ) f where f.count > 0 order by f.place`,
);

/** $1 oid of a table, view, foreign table or materialized view. */
export const countInRelation = query<CountRow>(
  'objects.countInRelation',
  `select f.folder, f.count from (
    select 1 as place, 'column' as folder, count(*)::int as count from pg_attribute where attrelid = $1::oid and attnum > 0 and not attisdropped
    union all select 2, 'constraint', count(*)::int from pg_constraint k where k.conrelid = $1::oid and ${ownConstraint}
    union all select 3, 'index', count(*)::int from pg_index where indrelid = $1::oid
    union all select 4, 'trigger', count(*)::int from pg_trigger where tgrelid = $1::oid and not tgisinternal
    union all select 5, 'rule', count(*)::int from pg_rewrite where ev_class = $1::oid and rulename <> '_RETURN'
    union all select 6, 'policy', count(*)::int from pg_policy where polrelid = $1::oid
    union all select 7, 'statistics', count(*)::int from pg_statistic_ext where stxrelid = $1::oid
    union all select 8, case when c.relispartition then 'partition' else 'inheritedBy' end, count(*)::int
      from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::oid group by c.relispartition
  ) f where f.count > 0 order by f.place`,
);

/** $1 oid of a composite type or a domain. */
export const countInType = query<CountRow>(
  'objects.countInType',
  `select f.folder, f.count from (
    select 'column' as folder, count(*)::int as count from pg_attribute a join pg_type t on t.typrelid = a.attrelid
      where t.oid = $1::oid and a.attnum > 0 and not a.attisdropped
    union all select 'constraint', count(*)::int from pg_constraint where contypid = $1::oid and contype <> 'n'
  ) f where f.count > 0`,
);

/** $1 oid of a foreign server. */
export const countInForeignServer = query<CountRow>(
  'objects.countInForeignServer',
  `select 'userMapping' as folder, count(*)::int as count from pg_user_mappings where srvid = $1::oid having count(*) > 0`,
);

export interface DatabaseRow {
  readonly name: string;
  readonly comment: string | null;
  readonly allowConnections: boolean;
  readonly isTemplate: boolean;
  readonly sizeBytes: number | null;
  readonly current: boolean;
}
/** $1 whether sizes are wanted (reads the size of every file of the server); null where the role may not connect. */
export const listDatabases = query<DatabaseRow>(
  'objects.databases',
  `select d.datname as name, shobj_description(d.oid, 'pg_database') as comment, d.datallowconn as "allowConnections",
    d.datistemplate as "isTemplate", d.datname = current_database() as current,
    case when $1::boolean and has_database_privilege(d.oid, 'CONNECT') then pg_database_size(d.oid)::float8 end as "sizeBytes"
  from pg_database d order by d.datistemplate, lower(d.datname::text collate "C")`,
);
