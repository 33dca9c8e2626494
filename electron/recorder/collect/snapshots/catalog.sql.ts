/** What a recording keeps of a database's structure, a page of objects at a time ($1 the last oid, $2 how many). */
import type { CatalogFunction, CatalogType } from '../../../../shared/metrics/snapshots.ts';
import { query } from '../../../postgres/query.ts';

const userSchema = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'`;

/**
 * Grows with every change of the structure: what was ever inserted, updated and deleted in the catalogs that hold it.
 * Asking that is free; comparing the catalogs themselves costs a second on a large database.
 */
export const catalogChanges = query<{ changes: string }>(
  'recorder.catalog-changes',
  `
select sum(pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid)
  + pg_catalog.pg_stat_get_tuples_deleted(c.oid))::text as changes
from pg_catalog.pg_class c
where c.oid in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_attribute'::regclass,
  'pg_catalog.pg_index'::regclass, 'pg_catalog.pg_constraint'::regclass, 'pg_catalog.pg_namespace'::regclass,
  'pg_catalog.pg_attrdef'::regclass, 'pg_catalog.pg_inherits'::regclass, 'pg_catalog.pg_type'::regclass,
  'pg_catalog.pg_enum'::regclass, 'pg_catalog.pg_proc'::regclass)`,
);

export interface RelationRow {
  oid: number;
  schema: string;
  name: string;
  kind: string;
  owner: string;
  persistence: string;
  options: string[];
  parent: number | null;
  comment: string | null;
  partitionKey: string | null;
  bound: string | null;
  inherits: number[];
  /** JSON: [[num, name, type, notNull, default], …] */
  columns: string;
}
export const catalogRelations = query<RelationRow>(
  'recorder.catalog-relations',
  `
select c.oid, c.nspname as schema, c.relname as name, c.relkind::text as kind,
  pg_catalog.pg_get_userbyid(c.relowner)::text as owner, c.relpersistence::text as persistence,
  coalesce(c.reloptions, '{}') as options,
  (select h.inhparent from pg_catalog.pg_inherits h where h.inhrelid = c.oid and c.relispartition) as parent,
  pg_catalog.obj_description(c.oid, 'pg_class') as comment,
  pg_catalog.pg_get_partkeydef(c.oid) as "partitionKey", pg_catalog.pg_get_expr(c.relpartbound, c.oid) as bound,
  array(select h.inhparent from pg_catalog.pg_inherits h where h.inhrelid = c.oid and not c.relispartition
    order by h.inhseqno) as inherits,
  coalesce((select json_agg(json_build_array(a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
      a.attnotnull, pg_catalog.pg_get_expr(d.adbin, d.adrelid)) order by a.attnum)
    from pg_catalog.pg_attribute a
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]')::text as columns
from (
  select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.oid > $1::oid and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${userSchema}
  order by c.oid limit $2::int4
) c
order by c.oid`,
);

/** Apart, because telling a view's query waits for the locks of its tables. */
export const catalogViews = query<{ oid: number; definition: string }>(
  'recorder.catalog-views',
  `
select c.oid, pg_catalog.pg_get_viewdef(c.oid) as definition
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.oid > $1::oid and c.relkind = 'v' and ${userSchema} order by c.oid limit $2::int4`,
);

export interface IndexRow {
  oid: number;
  table: number;
  schema: string;
  name: string;
  method: string;
  definition: string;
  unique: boolean;
  primary: boolean;
  exclusion: boolean;
  valid: boolean;
  ready: boolean;
  replicaIdentity: boolean;
  keyCount: number;
  attributes: number[];
  operatorClasses: number[];
  collations: number[];
  options: number[];
  expressions: string | null;
  predicate: string | null;
  scans: string;
}
export const catalogIndexes = query<IndexRow>(
  'recorder.catalog-indexes',
  `
select c.oid, x.indrelid as "table", c.nspname as schema, c.relname as name, m.amname as method,
  pg_catalog.pg_get_indexdef(c.oid) as definition, x.indisunique as "unique", x.indisprimary as "primary",
  x.indisexclusion as exclusion, x.indisvalid as valid, x.indisready as ready, x.indisreplident as "replicaIdentity",
  x.indnkeyatts as "keyCount", x.indkey::int2[] as attributes, x.indclass::oid[] as "operatorClasses",
  x.indcollation::oid[] as collations, x.indoption::int2[] as options,
  pg_catalog.pg_get_expr(x.indexprs, x.indrelid) as expressions,
  pg_catalog.pg_get_expr(x.indpred, x.indrelid) as predicate,
  pg_catalog.pg_stat_get_numscans(c.oid)::text as scans
from (
  select c.oid, c.relname, c.relam, n.nspname
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.oid > $1::oid and c.relkind = 'i' and ${userSchema}
  order by c.oid limit $2::int4
) c
join pg_catalog.pg_index x on x.indexrelid = c.oid
join pg_catalog.pg_am m on m.oid = c.relam
order by c.oid`,
);

/** Not valid yet, and nothing to worry about. */
export const indexesBeingBuilt = query<{ oid: number }>(
  'recorder.indexes-being-built',
  `
select p.index_relid as oid from pg_catalog.pg_stat_progress_create_index p
where p.datname = current_database() and p.index_relid <> 0`,
);

export const catalogConstraints = query<{
  oid: number;
  table: number;
  name: string;
  type: string;
  definition: string;
  columns: number[];
  foreignTable: number | null;
  foreignColumns: number[];
  validated: boolean;
  index: number;
}>(
  'recorder.catalog-constraints',
  `
select k.oid, k.conrelid as "table", k.conname as name, k.contype::text as type,
  pg_catalog.pg_get_constraintdef(k.oid) as definition, coalesce(k.conkey, '{}') as columns,
  nullif(k.confrelid, 0) as "foreignTable", coalesce(k.confkey, '{}') as "foreignColumns", k.convalidated as validated,
  k.conindid as index
from (
  select k.* from pg_catalog.pg_constraint k join pg_catalog.pg_namespace n on n.oid = k.connamespace
  where k.oid > $1::oid and k.conrelid <> 0 and k.contype in ('p', 'u', 'f', 'c', 'x') and ${userSchema}
  order by k.oid limit $2::int4
) k
order by k.oid`,
);

const builtin = `n.nspname = 'pg_catalog'`;

/** Types one can name: no arrays, no row types of tables. */
const types = (schemas: string): string => `
select t.oid, t.nspname as schema, t.typname as name, t.typtype::text as kind,
  pg_catalog.format_type(t.oid, null) as written,
  case when t.typtype = 'd' then pg_catalog.format_type(t.typbasetype, t.typtypmod) end as base,
  array(select e.enumlabel::text from pg_catalog.pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as labels,
  nullif(t.typrelid, 0) as relation, pg_catalog.obj_description(t.oid, 'pg_type') as comment
from (
  select t.*, n.nspname from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  left join pg_catalog.pg_class c on c.oid = t.typrelid
  where t.oid > $1::oid and t.typcategory <> 'A' and (t.typrelid = 0 or c.relkind = 'c') and t.typtype <> 'p'
    and ${schemas}
  order by t.oid limit $2::int4
) t
order by t.oid`;
export const catalogTypes = query<CatalogType>('recorder.catalog-types', types(userSchema));
export const builtinTypes = query<CatalogType>('recorder.builtin-types', types(builtin));

/** Signatures, without the bodies. */
const functions = (schemas: string): string => `
select p.oid, p.nspname as schema, p.proname as name, p.prokind::text as kind, p.proretset as "set",
  pg_catalog.pg_get_function_arguments(p.oid) as arguments,
  coalesce(pg_catalog.pg_get_function_result(p.oid), '') as result,
  pg_catalog.obj_description(p.oid, 'pg_proc') as comment
from (
  select p.*, n.nspname from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where p.oid > $1::oid
    and p.prorettype not in ('pg_catalog.cstring'::pg_catalog.regtype, 'pg_catalog.internal'::pg_catalog.regtype)
    and not 'pg_catalog.internal'::pg_catalog.regtype = any(p.proargtypes::oid[]) and ${schemas}
  order by p.oid limit $2::int4
) p
order by p.oid`;
export const catalogFunctions = query<CatalogFunction>('recorder.catalog-functions', functions(userSchema));
export const builtinFunctions = query<CatalogFunction>('recorder.builtin-functions', functions(builtin));

/** Names of tables that have statistics, after $1, so many. */
export const analysedTables = query<{ oid: number; name: string }>(
  'recorder.analysed-tables',
  `
select c.oid, c.relname::text as name
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.oid > $1::oid and c.relkind in ('r', 'm', 'p') and ${userSchema} order by c.oid limit $2::int4`,
);
/**
 * Figures only: the most common values are data. $1: oids, $2: their names, since nothing else gets into the view: joined
 * to it, each page would read the statistics of all columns there are.
 */
export const columnStatistics = query<{
  relid: number;
  column: string;
  nullFraction: number;
  averageWidth: number;
  distinct: number;
  correlation: number | null;
}>(
  'recorder.column-statistics',
  `
select c.oid as relid, s.attname as "column", s.null_frac as "nullFraction", s.avg_width as "averageWidth",
  s.n_distinct as "distinct", s.correlation
from pg_catalog.pg_stats s
join pg_catalog.pg_namespace n on n.nspname = s.schemaname
-- of a partitioned table there is nothing but what it has with its partitions
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = s.tablename and s.inherited = (c.relkind = 'p')
where s.tablename = any($2::name[]) and c.oid = any($1::oid[])
order by c.oid, s.attname`,
);

export const statisticsReset = query<{ resetMs: number | null }>(
  'recorder.statistics-reset',
  `
select (extract(epoch from stats_reset) * 1000)::float8 as "resetMs" from pg_catalog.pg_stat_database
where datname = current_database()`,
);
