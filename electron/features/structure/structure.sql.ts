/** Questions of the structure designer; $1 is an oid where not said otherwise. */
import type { ObjectRef } from '../../../shared/api/objects.ts';
import { query } from '../../postgres/query.ts';

export interface IndexBody {
  readonly oid: number;
  readonly name: string;
  readonly unique: boolean;
  readonly definition: string;
  readonly options: string[] | null;
  readonly tablespace: string | null;
  readonly valid: boolean;
  readonly comment: string | null;
}
/** The storage parameters as pg_get_indexdef writes them. */
const withWords = `' WITH (' || (select string_agg(quote_ident(o.option_name) || '=' || case when quote_ident(o.option_value) = o.option_value then o.option_value else quote_literal(o.option_value) end, ', ' order by o.place)
  from (select split_part(u.text, '=', 1) as option_name, substr(u.text, strpos(u.text, '=') + 1) as option_value, u.place from unnest(c.reloptions) with ordinality u(text, place)) o) || ')'`;
/** Not those of constraints, nor those that came with a parent's. What is before USING has a known length: names may hold anything. */
export const tableIndexes = query<IndexBody>(
  'structure.indexes',
  `select c.oid, c.relname as name, i.indisunique as "unique", i.indisvalid as valid, obj_description(c.oid, 'pg_class') as comment,
    c.reloptions as options, (select s.spcname from pg_tablespace s where s.oid = c.reltablespace) as tablespace,
    substr(case when c.reloptions is null then pg_get_indexdef(c.oid) else replace(pg_get_indexdef(c.oid), ${withWords}, '') end, length('CREATE ' || case when i.indisunique then 'UNIQUE ' else '' end || 'INDEX ' || quote_ident(c.relname) || ' ON '
      || case when t.relkind = 'p' then 'ONLY ' else '' end || quote_ident(n.nspname) || '.' || quote_ident(t.relname) || ' ') + 1) as definition
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
  where i.indrelid = $1::oid and not c.relispartition and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x')) order by c.relname`,
);

export interface PartitionRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly bound: string;
  readonly detachPending: boolean;
  readonly heapBytes: number;
}
/** $1 a partitioned table: those directly under it; of one that is partitioned itself, the bytes are its own partitions'. */
export const partitionsOf = query<PartitionRow>(
  'structure.partitions',
  (
    since,
  ) => `select c.oid, n.nspname as schema, c.relname as name, coalesce(pg_get_expr(c.relpartbound, c.oid), '') as bound, ${since({ 13: 'false', 14: 'h.inhdetachpending' })} as "detachPending",
    (case when c.relkind = 'p' then (select coalesce(sum(pg_table_size(t.relid)), 0) from pg_partition_tree(c.oid) t where t.isleaf) when c.relkind = 'r' then pg_table_size(c.oid) else 0 end)::float8 as "heapBytes"
  from pg_inherits h join pg_class c on c.oid = h.inhrelid join pg_namespace n on n.oid = c.relnamespace
  where h.inhparent = $1::oid order by coalesce(pg_get_expr(c.relpartbound, c.oid), '') = 'DEFAULT', c.relname limit 50000`,
);

export interface SizeRow {
  readonly heapBytes: number;
  readonly totalBytes: number;
  readonly rows: number | null;
  readonly partitions: number;
}
/** $1 an index or a constraint: the relation that it is of; empty kind for a domain's. */
export const tableOfPart = query<{ readonly oid: number; readonly relkind: string }>(
  'structure.tableOfPart',
  `select p.oid, coalesce(c.relkind::text, '') as relkind
  from (select indrelid as oid from pg_index where indexrelid = $1::oid union all select conrelid from pg_constraint where oid = $1::oid) p
  left join pg_class c on c.oid = p.oid`,
);
/** $1 column, constraint or index, $2 its oid (a column's is its relation's): what it is a part of. */
export const wholeOfPart = query<ObjectRef>(
  'structure.wholeOfPart',
  `select case c.relkind when 'r' then 'table' when 'p' then 'partitionedTable' when 'f' then 'foreignTable' when 'v' then 'view' when 'm' then 'materializedView' else 'type' end as kind,
    case c.relkind when 'c' then c.reltype else c.oid end as oid, n.nspname as schema, c.relname as name
  from (select i.indrelid as oid from pg_index i where $1::text = 'index' and i.indexrelid = $2::oid
    union all select k.conrelid from pg_constraint k where $1::text = 'constraint' and k.oid = $2::oid
    union all select $2::oid where $1::text = 'column') p
  join pg_class c on c.oid = p.oid and c.relkind in ('r', 'p', 'f', 'v', 'm', 'c') join pg_namespace n on n.oid = c.relnamespace
  union all
  select 'domain', t.oid, n.nspname, t.typname from pg_constraint k join pg_type t on t.oid = k.contypid join pg_namespace n on n.oid = t.typnamespace
  where $1::text = 'constraint' and k.oid = $2::oid`,
);
/** $1 a partition: what it is one of. */
export const partitionParent = query<{ readonly oid: number; readonly schema: string; readonly name: string }>(
  'structure.partitionParent',
  `select c.oid, n.nspname as schema, c.relname as name from pg_inherits h join pg_class c on c.oid = h.inhparent join pg_namespace n on n.oid = c.relnamespace
  where h.inhrelid = $1::oid and c.relkind = 'p'`,
);

const sizeOf = (
  oid: string,
): string => `select coalesce(sum(pg_table_size(t.oid)) filter (where c.relkind in ('r', 'm', 'p', 't')), 0)::float8 as "heapBytes",
    coalesce(sum(pg_total_relation_size(t.oid)) filter (where c.relkind in ('r', 'm', 'p', 't')), 0)::float8 as "totalBytes",
    (case when bool_or(c.relkind in ('r', 'm') and c.reltuples >= 0) then sum(greatest(c.reltuples, 0)) filter (where c.relkind <> 'p') end)::float8 as rows,
    (count(*) - 1)::int as partitions
  from (select ${oid} as oid union select relid from pg_partition_tree(${oid})) t join pg_class c on c.oid = t.oid`;
/** Of a table with all of its partitions; nothing where it is no relation. */
export const relationSize = query<SizeRow>('structure.size', sizeOf('$1::oid'));
/** $1 a table as SQL. */
export const sizeOfNamed = query<SizeRow>(
  'structure.sizeOfNamed',
  `${sizeOf('to_regclass($1::text)::oid')} having count(*) > 0`,
);

export interface ChoicesRow {
  readonly schemas: string[];
  readonly roles: string[];
  readonly tablespaces: string[];
  readonly databases: string[];
  readonly types: string[];
  readonly collations: string[];
  readonly tables: string[];
  readonly triggerFunctions: string[];
  readonly eventFunctions: string[];
  readonly extensions: string[];
  readonly languages: string[];
  readonly indexMethods: string[];
  readonly relations: string[];
  readonly wrappers: string[];
  readonly servers: string[];
}
const listed = (text: string): string =>
  `coalesce((select array_agg(x.name order by x.place, x.name) from (${text}) x), '{}')`;
const own = (column: string): string => `${column} !~ '^pg_' and ${column} <> 'information_schema'`;
const usual = [
  'integer',
  'bigint',
  'text',
  'boolean',
  'timestamp with time zone',
  'date',
  'numeric',
  'uuid',
  'jsonb',
  'smallint',
  'double precision',
  'character varying',
  'bytea',
  'inet',
  'interval',
  'time without time zone',
  'timestamp without time zone',
  'text[]',
  'integer[]',
];
const routines = (result: string): string =>
  listed(`select p.pronamespace as place, quote_ident(n.nspname) || '.' || quote_ident(p.proname) as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prorettype = '${result}'::regtype and p.pronargs = 0 and ${own('n.nspname')} limit 2000`);
const relations = (kinds: string): string =>
  listed(`select 0 as place, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in (${kinds}) and ${own('n.nspname')} limit 5000`);
/** At most some thousand of each: a list to choose from, not the catalog. */
export const choices = query<ChoicesRow>(
  'structure.choices',
  `select ${listed(`select 0 as place, nspname::text as name from pg_namespace where ${own('nspname')} limit 5000`)} as schemas,
    ${listed("select (rolname ~ '^pg_')::int as place, rolname::text as name from pg_roles limit 5000")} as roles,
    ${listed("select 0 as place, spcname::text as name from pg_tablespace where spcname <> 'pg_global'")} as tablespaces,
    ${listed('select 0 as place, datname::text as name from pg_database limit 5000')} as databases,
    ${listed(`select coalesce(array_position(array[${usual.map((each) => `'${each}'`).join(', ')}], format_type(t.oid, null)), 100 + (n.nspname = 'pg_catalog')::int) as place, format_type(t.oid, null) as name
      from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
      where t.typtype <> 'p' and (t.typelem = 0 or t.typlen <> -1 or format_type(t.oid, null) in ('text[]', 'integer[]')) and (c.oid is null or c.relkind = 'c') and n.nspname not in ('information_schema', 'pg_toast') limit 5000`)} as types,
    ${listed(`select (n.nspname = 'pg_catalog')::int as place, quote_ident(n.nspname) || '.' || quote_ident(c.collname) as name from pg_collation c join pg_namespace n on n.oid = c.collnamespace
      where c.collencoding in (-1, (select encoding from pg_database where datname = current_database())) limit 3000`)} as collations,
    ${relations("'r', 'p'")} as tables, ${relations("'r', 'p', 'v', 'f'")} as relations,
    ${routines('trigger')} as "triggerFunctions", ${routines('event_trigger')} as "eventFunctions",
    ${listed('select 0 as place, name::text from pg_available_extensions where installed_version is null')} as extensions,
    ${listed("select 0 as place, lanname::text as name from pg_language where lanispl or lanname = 'sql'")} as languages,
    ${listed("select (amname <> 'btree')::int as place, amname::text as name from pg_am where amtype = 'i'")} as "indexMethods",
    ${listed('select 0 as place, fdwname::text as name from pg_foreign_data_wrapper')} as wrappers,
    ${listed('select 0 as place, srvname::text as name from pg_foreign_server')} as servers`,
);

export interface IdentityRow {
  readonly type: string;
  readonly identity: string;
}
/** $1 catalog's name, $2 oid, $3 sub-id: as DROP names it. */
export const identityOf = query<IdentityRow>(
  'structure.identity',
  "select i.type, i.identity from pg_identify_object(to_regclass('pg_catalog.' || $1::text), $2::oid, $3::int) i where i.identity is not null",
);

export interface DependentRow {
  readonly type: string;
  readonly identity: string;
  readonly automatic: boolean;
  readonly catalog: string;
  readonly oid: number;
  readonly subId: number;
  readonly schema: string | null;
  readonly name: string | null;
  readonly letter: string | null;
}
/**
 * What DROP … CASCADE would take, and what goes in any case: along pg_depend as the server goes. $1 catalog's name, $2 oid,
 * $3 sub-id (0: all of it), $4 how many.
 */
export const dependentsOf = query<DependentRow>(
  'structure.dependents',
  `with recursive going (class, object, sub, automatic) as (
    select to_regclass('pg_catalog.' || $1::text)::oid, $2::oid, $3::int, true
    union
    select e.class, e.object, e.sub, g.automatic and e.automatic
    from going g, lateral (
      select d.classid, d.objid, d.objsubid, d.deptype <> 'n' from pg_depend d
      where d.refclassid = g.class and d.refobjid = g.object and (g.sub = 0 or d.refobjsubid = g.sub)
        and d.deptype in ('n', 'a', 'i', 'P', 'S', 'x') and not (d.classid = g.class and d.objid = g.object)
      union all
      select 'pg_class'::regclass::oid, w.ev_class, 0, true from pg_rewrite w where g.class = 'pg_rewrite'::regclass and w.oid = g.object and w.rulename = '_RETURN'
    ) e (class, object, sub, automatic)
  ), named as (
    select g.class, g.object, g.sub, bool_or(g.automatic) as automatic from going g
    where not (g.class = to_regclass('pg_catalog.' || $1::text)::oid and g.object = $2::oid) group by 1, 2, 3
  ), rules as (
    select w.oid, w.ev_class from pg_rewrite w where w.rulename = '_RETURN'
  )
  select i.type, i.identity, n.automatic, n.class::regclass::text as catalog, n.object::int8::int as oid, n.sub as "subId",
    coalesce(i.schema, (select s.nspname from pg_class c join pg_namespace s on s.oid = c.relnamespace where n.class = 'pg_class'::regclass and c.oid = n.object)) as schema,
    case n.class when 'pg_class'::regclass then (select c.relname::text from pg_class c where c.oid = n.object) when 'pg_proc'::regclass then (select p.proname::text from pg_proc p where p.oid = n.object)
      when 'pg_constraint'::regclass then (select k.conname::text from pg_constraint k where k.oid = n.object) when 'pg_trigger'::regclass then (select t.tgname::text from pg_trigger t where t.oid = n.object)
      when 'pg_policy'::regclass then (select p.polname::text from pg_policy p where p.oid = n.object) when 'pg_type'::regclass then (select t.typname::text from pg_type t where t.oid = n.object) else i.name end as name,
    case n.class when 'pg_class'::regclass then (select c.relkind::text from pg_class c where c.oid = n.object) when 'pg_proc'::regclass then (select p.prokind::text from pg_proc p where p.oid = n.object)
      when 'pg_type'::regclass then (select t.typtype::text from pg_type t where t.oid = n.object) end as letter
  from (
    select case when r.oid is null then n.class else 'pg_class'::regclass::oid end as class, coalesce(r.ev_class, n.object) as object, case when r.oid is null then n.sub else 0 end as sub, bool_or(n.automatic) as automatic
    from named n left join rules r on n.class = 'pg_rewrite'::regclass and r.oid = n.object
    group by 1, 2, 3
  ) n, lateral pg_identify_object(n.class, n.object, n.sub) i
  where i.identity is not null
    and not (n.class = 'pg_type'::regclass and exists (select from pg_type t where t.oid = n.object and (t.typrelid <> 0 and not exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c') or t.typelem <> 0 and t.typcategory = 'A')))
    and not (n.class = 'pg_class'::regclass and exists (select from pg_class c where c.oid = n.object and (c.relkind = 't' or c.relnamespace = 'pg_toast'::regnamespace)))
    and not (n.class = 'pg_trigger'::regclass and exists (select from pg_trigger t where t.oid = n.object and t.tgisinternal))
    and n.class <> 'pg_attrdef'::regclass
    and not (n.class = to_regclass('pg_catalog.' || $1::text)::oid and n.object = $2::oid)
  order by n.automatic, 1, 2 limit $4::int`,
);

/** $1 a database's oid: who is connected. */
export const sessionsOf = query<{ readonly sessions: number }>(
  'structure.sessions',
  'select count(*)::int as sessions from pg_stat_activity where datid = $1::oid and pid <> pg_backend_pid()',
);

/** $1 a database's name: lists of databases know no more. */
export const databaseNamed = query<{ readonly oid: number }>(
  'structure.databaseNamed',
  'select oid::int8::int as oid from pg_database where datname = $1::text',
);

/** $1 a table as SQL. */
export const tableNamed = query<{ readonly schema: string; readonly table: string }>(
  'structure.tableNamed',
  'select n.nspname as schema, c.relname as "table" from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = to_regclass($1::text)',
);

/** $1 schema, $2 name: an index of that name, and whether it may be used. */
export const indexNamed = query<{ readonly valid: boolean }>(
  'structure.indexNamed',
  'select i.indisvalid as valid from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_index i on i.indexrelid = c.oid where n.nspname = $1::text and c.relname = $2::text',
);
