/** What a copy of some tables without their rows needs: columns, indexes, statistics, and how the planner is set. */
import { query } from '../../../postgres/query.ts';

export const hypopg = query<{ readonly schema: string; readonly version: string }>(
  'plans.hypopg',
  `select n.nspname as schema, e.extversion as version
  from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'hypopg'`,
);

export interface CopiedRelation {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly relpages: number;
  readonly reltuples: number;
  readonly relallvisible: number;
}
/** $1, $2: schemas and names, side by side. */
export const copiedRelations = query<CopiedRelation>(
  'plans.copied-relations',
  `select c.oid::text as oid, n.nspname as schema, c.relname as name, c.relkind::text as kind,
    (pg_catalog.pg_relation_size(c.oid) / current_setting('block_size')::int8)::int4 as relpages,
    c.reltuples::float8 as reltuples, c.relallvisible
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where (n.nspname::text, c.relname::text) in (select * from unnest($1::text[], $2::text[]))`,
);

export interface CopiedColumn {
  readonly oid: string;
  readonly name: string;
  /** Of a domain its base type. */
  readonly type: string;
  /** The type's own name where it is none of PostgreSQL's, in its schema; what it stands for is in `type`. */
  readonly typeSchema: string | null;
  readonly typeName: string | null;
  readonly notNull: boolean;
}
export const copiedColumns = query<CopiedColumn>(
  'plans.copied-columns',
  `select a.attrelid::text as oid, a.attname as name, a.attnotnull as "notNull",
    case when n.nspname = 'pg_catalog' then pg_catalog.format_type(a.atttypid, a.atttypmod)
      when t.typtype = 'd' then pg_catalog.format_type(t.typbasetype, t.typtypmod)
      when t.typcategory = 'A' then 'text[]' else 'text' end as type,
    case when n.nspname <> 'pg_catalog' and t.typcategory <> 'A' then n.nspname end as "typeSchema",
    case when n.nspname <> 'pg_catalog' and t.typcategory <> 'A' then t.typname end as "typeName"
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_type t on t.oid = a.atttypid join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  where a.attrelid = any ($1::oid[]) and a.attnum > 0 and not a.attisdropped
  order by a.attrelid, a.attnum`,
);

export interface CopiedIndex {
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
  readonly relpages: number;
}
export const copiedIndexes = query<CopiedIndex>(
  'plans.copied-indexes',
  `select n.nspname as schema, c.relname as name, pg_catalog.pg_get_indexdef(c.oid) as definition,
    (pg_catalog.pg_relation_size(c.oid) / current_setting('block_size')::int8)::int4 as relpages
  from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where i.indrelid = any ($1::oid[]) and i.indisvalid order by c.oid`,
);

export interface CopiedStatistics {
  readonly schema: string;
  readonly name: string;
  readonly column: string;
  readonly nullFraction: string;
  readonly averageWidth: number;
  readonly distinct: string;
  readonly values: string | null;
  readonly frequencies: string | null;
  readonly bounds: string | null;
  readonly correlation: string | null;
}
/** Only of what the role may read. $1, $2: schemas and names, side by side. */
export const copiedStatistics = query<CopiedStatistics>(
  'plans.copied-statistics',
  `select s.schemaname as schema, s.tablename as name, s.attname as "column", s.null_frac::text as "nullFraction",
    s.avg_width as "averageWidth", s.n_distinct::text as "distinct", s.most_common_vals::text as values,
    s.most_common_freqs::text as frequencies, s.histogram_bounds::text as bounds, s.correlation::text as correlation
  from pg_catalog.pg_stats s
  where not s.inherited
    and (s.schemaname::text, s.tablename::text) in (select * from unnest($1::text[], $2::text[]))`,
);

/** What the planner reckons with, as far as it is not the default. */
export const plannerSettings = query<{ readonly name: string; readonly value: string }>(
  'plans.planner-settings',
  `select s.name, pg_catalog.current_setting(s.name) as value from pg_catalog.pg_settings s
  where s.setting is distinct from s.boot_val
    and (s.category like 'Query Tuning%' or s.name in ('work_mem', 'hash_mem_multiplier', 'temp_buffers'))`,
);
