/** What a copy of some tables without their rows needs: structure, statistics, and how the planner is set. */
import { query } from '../../../postgres/query.ts';
import { sortsByBytes } from '../../../postgres/text-order.ts';

export const hypopg = query<{ readonly schema: string; readonly version: string }>(
  'plans.hypopg',
  `select n.nspname as schema, e.extversion as version
  from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'hypopg'`,
);

export interface CopiedRelation {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** pg_class.relkind: r, p, v, m, f. */
  readonly kind: string;
  /** Blocks of 8 kB that it has now; `relpages` and `reltuples` are of when it was last looked through. */
  readonly blocks: number;
  readonly relpages: number;
  readonly reltuples: number;
  readonly relallvisible: number;
  /** Of a partitioned table: RANGE (placed_at). */
  readonly partitionKey: string | null;
  /** Of a partition: FOR VALUES …, or DEFAULT. */
  readonly bound: string | null;
  /** What it inherits from or is a partition of, in their order. */
  readonly parents: readonly string[];
  /** Of a view: its query. */
  readonly definition: string | null;
  /** Those that the planner reads, as WITH has them. */
  readonly options: readonly string[];
  readonly rowSecurity: boolean;
  /** Objects of CREATE STATISTICS on it. */
  readonly extended: number;
}

const blocks = `(pg_catalog.pg_relation_size(c.oid) / 8192)::int4`;
/** Not of PostgreSQL's own: every database has those. */
const own = `n.nspname not in ('pg_catalog', 'information_schema')`;

/**
 * The relations that are named ($1, $2: schemas, or null for the path $3, and names, side by side) with their
 * partitions and children and what views read, and those that a plan names besides ($4, $5), with their whole family.
 */
export const copiedRelations = query<CopiedRelation>(
  'plans.copied-relations',
  `with recursive named(oid) as (
    select distinct on (w.schema, w.name) c.oid from unnest($1::text[], $2::text[]) as w(schema, name)
    join pg_catalog.pg_class c on c.relname = w.name::name and c.relkind in ('r', 'p', 'v', 'm', 'f')
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = w.schema or (w.schema is null and n.nspname::text = any ($3::text[]))
    order by w.schema, w.name, array_position($3::text[], n.nspname::text)
  ), down(oid) as (
    select oid from named
    union
    select x.oid from down d cross join lateral (
      select i.inhrelid from pg_catalog.pg_inherits i where i.inhparent = d.oid
      union all
      select e.refobjid from pg_catalog.pg_class v
      join pg_catalog.pg_rewrite r on r.ev_class = v.oid and r.ev_type = '1'
      join pg_catalog.pg_depend e on e.classid = 'pg_catalog.pg_rewrite'::regclass and e.objid = r.oid
        and e.refclassid = 'pg_catalog.pg_class'::regclass
      where v.oid = d.oid and v.relkind = 'v'
    ) as x(oid)
  ), up(oid) as (
    select c.oid from unnest($4::text[], $5::text[]) as p(schema, name)
    join pg_catalog.pg_namespace n on n.nspname = p.schema::name
    join pg_catalog.pg_class c on c.relname = p.name::name and c.relnamespace = n.oid
    where c.oid not in (select oid from down)
    union
    select i.inhparent from up u join pg_catalog.pg_inherits i on i.inhrelid = u.oid
  ), family(oid) as (
    select oid from up
    union
    select i.inhrelid from family f join pg_catalog.pg_inherits i on i.inhparent = f.oid
  )
  select c.oid::text as oid, n.nspname as schema, c.relname as name, c.relkind::text as kind,
    case when c.relkind in ('r', 'm') then ${blocks} else 0 end as blocks,
    c.relpages, c.reltuples::float8 as reltuples, c.relallvisible,
    pg_catalog.pg_get_partkeydef(c.oid) as "partitionKey",
    pg_catalog.pg_get_expr(c.relpartbound, c.oid) as bound,
    array(select i.inhparent::text from pg_catalog.pg_inherits i where i.inhrelid = c.oid order by i.inhseqno) as parents,
    case when c.relkind = 'v' then pg_catalog.pg_get_viewdef(c.oid) end as definition,
    array(select o from unnest(c.reloptions) o where o ~ '^(parallel_workers|security_barrier)=') as options,
    c.relrowsecurity as "rowSecurity",
    (select count(*)::int4 from pg_catalog.pg_statistic_ext x where x.stxrelid = c.oid) as extended
  from (select oid from down union select oid from family) x
  join pg_catalog.pg_class c on c.oid = x.oid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and ${own}
  order by c.oid`,
);

export interface CopiedColumn {
  /** Of its relation. */
  readonly oid: string;
  readonly name: string;
  readonly type: string;
  /** The same without its length or precision. */
  readonly bareType: string;
  /** As COLLATE has it; null for that of the type. */
  readonly collation: string | null;
  readonly notNull: boolean;
  /** Of a generated column that is not stored: it stands in the plan. */
  readonly virtual: string | null;
}
export const copiedColumns = query<CopiedColumn>(
  'plans.copied-columns',
  (since) => `select a.attrelid::text as oid, a.attname as name, a.attnotnull as "notNull",
    pg_catalog.format_type(a.atttypid, a.atttypmod) as type, pg_catalog.format_type(a.atttypid, null) as "bareType",
    case when a.attcollation <> t.typcollation and a.attcollation <> 0 then a.attcollation::regcollation::text end as collation,
    ${since({ 13: 'null', 18: "case when a.attgenerated = 'v' then pg_catalog.pg_get_expr(d.adbin, d.adrelid) end" })} as virtual
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = any ($1::oid[]) and a.attnum > 0 and not a.attisdropped
  order by a.attrelid, a.attnum`,
);

export interface CopiedType {
  readonly schema: string;
  readonly name: string;
  /** pg_type.typtype: b, c, d, e, r. */
  readonly kind: string;
  /** Of an enum its labels; of others type texts: what a domain or a range stands on, a composite's columns. */
  readonly parts: readonly string[];
  /** Names of a composite's columns. */
  readonly names: readonly string[];
  readonly extension: string | null;
}
const extensionOf = (catalog: string, oid: string): string =>
  `(select x.extname from pg_catalog.pg_depend d join pg_catalog.pg_extension x on x.oid = d.refobjid
    where d.classid = 'pg_catalog.${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e'
      and d.refclassid = 'pg_catalog.pg_extension'::regclass limit 1)`;

/** Types of relations ($1), functions ($2) and those named ($3, $4; $5: the path), with what they stand on. */
export const copiedTypes = query<CopiedType>(
  'plans.copied-types',
  `with recursive wanted(oid) as (
    select a.atttypid from pg_catalog.pg_attribute a
    where a.attrelid = any ($1::oid[]) and a.attnum > 0 and not a.attisdropped
    union
    select u.oid from pg_catalog.pg_proc p
    cross join lateral unnest(p.proargtypes::oid[] || coalesce(p.proallargtypes, '{}') || p.prorettype) as u(oid)
    where p.oid = any ($2::oid[])
    union
    select t.oid from unnest($3::text[], $4::text[]) as w(schema, name)
    join pg_catalog.pg_type t on t.typname = w.name::name join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    where n.nspname = w.schema or (w.schema is null and n.nspname::text = any ($5::text[]))
    union
    select x.oid from wanted w join pg_catalog.pg_type t on t.oid = w.oid cross join lateral (
      select t.typelem union all select t.typbasetype
      union all
      select a.atttypid from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
      where a.attrelid = t.typrelid and c.relkind = 'c' and a.attnum > 0 and not a.attisdropped
      union all
      select r.rngsubtype from pg_catalog.pg_range r where r.rngtypid = t.oid
    ) as x(oid) where x.oid <> 0
  )
  select n.nspname as schema, t.typname as name, t.typtype::text as kind,
    case t.typtype
      when 'e' then array(select e.enumlabel::text from pg_catalog.pg_enum e where e.enumtypid = t.oid order by e.enumsortorder)
      when 'd' then array[pg_catalog.format_type(t.typbasetype, t.typtypmod)]
      when 'r' then array(select pg_catalog.format_type(r.rngsubtype, null) from pg_catalog.pg_range r where r.rngtypid = t.oid)
      when 'c' then array(select pg_catalog.format_type(a.atttypid, a.atttypmod) from pg_catalog.pg_attribute a
        where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped order by a.attnum)
      else '{}' end as parts,
    case when t.typtype = 'c' then array(select a.attname::text from pg_catalog.pg_attribute a
      where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped order by a.attnum) else '{}' end as names,
    ${extensionOf('pg_type', 't.oid')} as extension
  from wanted w join pg_catalog.pg_type t on t.oid = w.oid join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  left join pg_catalog.pg_class c on c.oid = t.typrelid
  where ${own} and t.typcategory <> 'A' and t.typtype in ('b', 'c', 'd', 'e', 'r') and (t.typrelid = 0 or c.relkind = 'c')
  order by t.oid`,
);

export interface CopiedFunction {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** pg_proc.prokind: f, a, w. */
  readonly kind: string;
  readonly arguments: string;
  readonly result: string;
  readonly set: boolean;
  /** pg_proc.provolatile: i, s, v. */
  readonly volatility: string;
  readonly strict: boolean;
  readonly language: string;
  /** Of what is written in SQL. */
  readonly body: string | null;
  /** Whole, of what can be run anywhere: SQL and PL/pgSQL. */
  readonly definition: string | null;
}
/** Those named ($1, $2; $3: the path), those that relations ($4) need, and what these need. Of no extension. */
export const copiedFunctions = query<CopiedFunction>(
  'plans.copied-functions',
  (since) => `with recursive wanted(oid) as (
    select p.oid from unnest($1::text[], $2::text[]) as w(schema, name)
    join pg_catalog.pg_proc p on p.proname = w.name::name join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname = w.schema or (w.schema is null and n.nspname::text = any ($3::text[]))
    union
    select d.refobjid from (
      select 'pg_catalog.pg_class'::regclass as catalog, r.oid from unnest($4::oid[]) as r(oid)
      union all select 'pg_catalog.pg_class'::regclass, i.indexrelid from pg_catalog.pg_index i where i.indrelid = any ($4::oid[])
      union all select 'pg_catalog.pg_rewrite'::regclass, r.oid from pg_catalog.pg_rewrite r where r.ev_class = any ($4::oid[])
      union all select 'pg_catalog.pg_constraint'::regclass, k.oid from pg_catalog.pg_constraint k where k.conrelid = any ($4::oid[])
      ${since({ 13: '', 18: "union all select 'pg_catalog.pg_attrdef'::regclass, f.oid from pg_catalog.pg_attrdef f join pg_catalog.pg_attribute a on a.attrelid = f.adrelid and a.attnum = f.adnum and a.attgenerated = 'v' where f.adrelid = any ($4::oid[])" })}
    ) o join pg_catalog.pg_depend d on d.classid = o.catalog and d.objid = o.oid
      and d.refclassid = 'pg_catalog.pg_proc'::regclass
    union
    select d.refobjid from wanted w join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_proc'::regclass
      and d.objid = w.oid and d.refclassid = 'pg_catalog.pg_proc'::regclass
  )
  select p.oid::text as oid, n.nspname as schema, p.proname as name, p.prokind::text as kind,
    pg_catalog.pg_get_function_arguments(p.oid) as arguments, pg_catalog.pg_get_function_result(p.oid) as result,
    p.proretset as "set", p.provolatile::text as volatility, p.proisstrict as strict, l.lanname as language,
    case when l.lanname = 'sql' then p.prosrc end as body,
    case when l.lanname in ('sql', 'plpgsql') and p.prokind <> 'a' then pg_catalog.pg_get_functiondef(p.oid) end as definition
  from (select distinct oid from wanted) w join pg_catalog.pg_proc p on p.oid = w.oid
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace join pg_catalog.pg_language l on l.oid = p.prolang
  where ${own} and p.prokind <> 'p' and ${extensionOf('pg_proc', 'p.oid')} is null
  order by p.oid`,
);

/** Collations of one's own that these relations ($1) name, as CREATE COLLATION would make them. */
export const copiedCollations = query<{ readonly oid: string; readonly name: string }>(
  'plans.copied-collations',
  `select distinct k.oid::text as oid, k.oid::regcollation::text as name
  from pg_catalog.pg_collation k join pg_catalog.pg_namespace n on n.oid = k.collnamespace
  where ${own} and (k.oid in (select a.attcollation from pg_catalog.pg_attribute a where a.attrelid = any ($1::oid[]))
    or k.oid in (select u.oid from pg_catalog.pg_index i cross join lateral unnest(i.indcollation::oid[]) as u(oid)
      where i.indrelid = any ($1::oid[])))`,
);

export interface CopiedConstraint {
  readonly table: string;
  readonly name: string;
  /** pg_constraint.contype: p, u, x, c, f. */
  readonly type: string;
  readonly definition: string;
  readonly foreignTable: string | null;
  /** Of the index that stands behind it. */
  readonly blocks: number;
}
export const copiedConstraints = query<CopiedConstraint>(
  'plans.copied-constraints',
  `select k.conrelid::text as "table", k.conname as name, k.contype::text as type,
    pg_catalog.pg_get_constraintdef(k.oid) as definition, nullif(k.confrelid, 0)::text as "foreignTable",
    coalesce((select ${blocks} from pg_catalog.pg_class c where c.oid = k.conindid and c.relkind = 'i' and k.contype <> 'f'), 0) as blocks
  from pg_catalog.pg_constraint k
  where k.conrelid = any ($1::oid[]) and k.contype in ('p', 'u', 'x', 'c', 'f') and k.convalidated
    and (k.contype <> 'f' or k.conparentid = 0)
  order by k.oid`,
);

export interface CopiedIndex {
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
  readonly blocks: number;
}
/** Those of constraints come with them. */
export const copiedIndexes = query<CopiedIndex>(
  'plans.copied-indexes',
  `select n.nspname as schema, c.relname as name, pg_catalog.pg_get_indexdef(c.oid) as definition,
    case when c.relkind = 'i' then ${blocks} else 0 end as blocks
  from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where i.indrelid = any ($1::oid[]) and (i.indisvalid or c.relkind = 'I')
    and not exists (select from pg_catalog.pg_constraint k
      where k.conindid = c.oid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x'))
  order by c.oid`,
);

export interface CopiedStatistics {
  readonly schema: string;
  /** Of a table, or of an index over expressions. */
  readonly name: string;
  readonly column: string;
  /** Of a table together with its children. */
  readonly inherited: boolean;
  readonly nullFraction: string;
  readonly averageWidth: number;
  readonly distinct: string;
  readonly values: string | null;
  readonly frequencies: string | null;
  readonly bounds: string | null;
  readonly correlation: string | null;
}
/** Only of what the role may read. $1, $2: schemas and names of tables and indexes, side by side. */
export const copiedStatistics = query<CopiedStatistics>(
  'plans.copied-statistics',
  `select s.schemaname as schema, s.tablename as name, s.attname as "column", s.inherited, s.null_frac::text as "nullFraction",
    s.avg_width as "averageWidth", s.n_distinct::text as "distinct", s.most_common_vals::text as values,
    s.most_common_freqs::text as frequencies, s.histogram_bounds::text as bounds, s.correlation::text as correlation
  from pg_catalog.pg_stats s
  where (s.schemaname::text, s.tablename::text) in (select * from unnest($1::text[], $2::text[]))`,
);

/** What the planner reckons with, as far as it is not the default. */
export const plannerSettings = query<{ readonly name: string; readonly value: string }>(
  'plans.planner-settings',
  `select s.name, pg_catalog.current_setting(s.name) as value from pg_catalog.pg_settings s
  where s.setting is distinct from s.boot_val
    and (s.category like 'Query Tuning%' or s.name in ('work_mem', 'hash_mem_multiplier', 'temp_buffers'))`,
);

/** How text is sorted where nothing else is said, and what has been installed. */
export const copiedDatabase = query<{
  readonly byBytes: boolean;
  readonly extensions: readonly string[];
  readonly schemas: readonly string[];
}>(
  'plans.copied-database',
  (since) => `select ${sortsByBytes(since)} as "byBytes",
    array(select x.extname::text from pg_catalog.pg_extension x where x.extname <> 'plpgsql' order by x.oid) as extensions,
    array(select n.nspname::text from pg_catalog.pg_extension x join pg_catalog.pg_namespace n on n.oid = x.extnamespace
      where x.extname <> 'plpgsql' order by x.oid) as schemas
  from pg_catalog.pg_database d where d.datname = current_database()`,
);
