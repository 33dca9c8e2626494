/** What a relation is, for showing and changing its rows. Each takes the relation's oid as $1. */
import type { DataColumn, RelationKind } from '../../../shared/api/data.ts';
import { query } from '../../postgres/query.ts';

const kindOf = (relkind: string) =>
  `case ${relkind} when 'r' then 'table' when 'p' then 'partitionedTable' when 'f' then 'foreignTable' when 'v' then 'view' when 'm' then 'materializedView' end`;

export interface RelationRow {
  readonly kind: RelationKind;
  readonly schema: string;
  readonly name: string;
  readonly comment: string | null;
  readonly estimatedRows: number | null;
  readonly pages: number;
  readonly hasChildren: boolean;
  readonly isHeap: boolean;
  readonly rowSecurity: boolean;
  readonly mayInsert: boolean;
  readonly mayUpdate: boolean;
  readonly mayDelete: boolean;
}

/** `reltuples` of a partitioned table is its partitions' sum only after ANALYZE of itself: the leaves are added up. */
export const relationRow = query<RelationRow>(
  'data.relation',
  `select ${kindOf('c.relkind')} as kind, n.nspname::text as schema, c.relname::text as name,
    obj_description(c.oid, 'pg_class') as comment,
    (select case when min(l.reltuples) < 0 then null else sum(l.reltuples) end
      from pg_class l where l.oid in (select t.relid from pg_partition_tree(c.oid) t where t.isleaf union select c.oid where c.relkind <> 'p'))::float8 as "estimatedRows",
    c.relpages::int4 as pages,
    c.relkind = 'r' and exists (select from pg_inherits h where h.inhparent = c.oid) as "hasChildren",
    c.relkind in ('r', 'm') and m.amname = 'heap' as "isHeap",
    c.relrowsecurity as "rowSecurity",
    has_table_privilege(c.oid, 'insert') or has_any_column_privilege(c.oid, 'insert') as "mayInsert",
    has_any_column_privilege(c.oid, 'update') as "mayUpdate",
    has_table_privilege(c.oid, 'delete') as "mayDelete"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_am m on m.oid = c.relam
  where c.oid = $1::oid and c.relkind in ('r', 'p', 'f', 'v', 'm')`,
);

const hasOrder = (type: string) =>
  `exists (select from pg_opclass o join pg_am am on am.oid = o.opcmethod and am.amname = 'btree'
      where o.opcdefault and (o.opcintype = ${type} or exists (select from pg_cast k where k.castsource = ${type} and k.casttarget = o.opcintype and k.castmethod = 'b' and k.castcontext = 'i')))`;

export type ColumnRow = Omit<DataColumn, 'fields'> & {
  readonly fieldNames: readonly string[];
  readonly fieldTypes: readonly string[];
};

export const relationColumns = query<ColumnRow>(
  'data.columns',
  `select a.attnum::int4 as number, a.attname::text as name, a.atttypid as "typeOid",
    format_type(a.atttypid, a.atttypmod) as "typeName", b.typcategory::text as category,
    b.typtype::text as "typeKind", b.oid as "baseTypeOid", format_type(b.oid, null) as "baseTypeName",
    b.typlen::int4 as "typeLength", a.attnotnull or t.typnotnull as "notNull",
    case when a.attgenerated = '' then coalesce(pg_get_expr(d.adbin, d.adrelid), t.typdefault) end as "defaultText",
    case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' else 'no' end as generated,
    case a.attidentity when 'a' then 'always' when 'd' then 'byDefault' else 'no' end as identity,
    col_description(a.attrelid, a.attnum) as comment,
    array(select e.enumlabel::text from pg_enum e where e.enumtypid in (b.oid, b.typelem) order by e.enumsortorder) as labels,
    array(select f.attname::text from pg_attribute f where f.attrelid = b.typrelid and b.typrelid <> 0 and f.attnum > 0 and not f.attisdropped order by f.attnum) as "fieldNames",
    array(select format_type(f.atttypid, f.atttypmod) from pg_attribute f where f.attrelid = b.typrelid and b.typrelid <> 0 and f.attnum > 0 and not f.attisdropped order by f.attnum) as "fieldTypes",
    coalesce(case when b.typcategory = 'A' and b.typelem <> 0 then format_type(b.typelem, null) end,
      (select format_type(r.rngsubtype, null) from pg_range r where r.rngtypid = b.oid)) as "elementTypeName",
    case when b.typtype in ('e', 'r', 'm') then true
      when b.typcategory = 'A' and b.typelem <> 0 and b.typlen = -1 then exists (select from pg_type y where y.oid = b.typelem and y.typtype in ('e', 'r', 'm')) or ${hasOrder('b.typelem')}
      when b.typtype = 'c' then false
      else ${hasOrder('b.oid')} end as sortable,
    exists (select from pg_cast k where k.castsource = b.oid and k.casttarget = 'text'::regtype and k.castmethod = 'f') as "castsToText",
    coalesce((select l.collisdeterministic from pg_collation l where l.oid = a.attcollation), true) as deterministic,
    has_column_privilege(a.attrelid, a.attnum, 'select') as "maySelect",
    has_column_privilege(a.attrelid, a.attnum, 'update') as "mayUpdate",
    has_column_privilege(a.attrelid, a.attnum, 'insert') as "mayInsert"
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum,
  lateral (with recursive base as (
      select y.* from pg_type y where y.oid = a.atttypid
      union all select y.* from base x join pg_type y on y.oid = x.typbasetype where x.typtype = 'd')
    select * from base where base.typtype <> 'd') b
  where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
  order by a.attnum`,
);

export interface KeyRow {
  readonly name: string;
  readonly primary: boolean;
  readonly columns: readonly number[];
  readonly operatorSchemas: readonly string[];
  readonly operatorNames: readonly string[];
}

/**
 * Unique indexes that prove which row is meant, the best first. Immediate: a deferrable constraint may hold twins while
 * a transaction is open. On a partitioned table only what is valid on all partitions; with tables that inherit from it
 * the rows of those are not covered, which the caller knows.
 */
export const relationKeys = query<KeyRow>(
  'data.keys',
  `select x.relname::text as name, i.indisprimary as primary,
    array(select i.indkey[k]::int4 from generate_series(0, i.indnkeyatts - 1) k order by k) as columns,
    array(select n.nspname::text from generate_series(0, i.indnkeyatts - 1) k join pg_opclass o on o.oid = i.indclass[k]
      join pg_amop s on s.amopfamily = o.opcfamily and s.amoplefttype = o.opcintype and s.amoprighttype = o.opcintype and s.amopstrategy = 3
      join pg_operator r on r.oid = s.amopopr join pg_namespace n on n.oid = r.oprnamespace order by k) as "operatorSchemas",
    array(select r.oprname::text from generate_series(0, i.indnkeyatts - 1) k join pg_opclass o on o.oid = i.indclass[k]
      join pg_amop s on s.amopfamily = o.opcfamily and s.amoplefttype = o.opcintype and s.amoprighttype = o.opcintype and s.amopstrategy = 3
      join pg_operator r on r.oid = s.amopopr order by k) as "operatorNames"
  from pg_index i join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
  where i.indrelid = $1::oid and i.indisunique and i.indisvalid and i.indisready and i.indimmediate
    and i.indpred is null and i.indexprs is null and m.amname = 'btree'
    and not exists (select from generate_series(0, i.indnkeyatts - 1) k
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[k] where not a.attnotnull)
  order by i.indisprimary desc, i.indnkeyatts, i.indexrelid`,
);

export interface ReferenceRow {
  readonly outward: boolean;
  readonly constraint: string;
  readonly columns: readonly number[];
  readonly oid: number;
  readonly kind: RelationKind;
  readonly schema: string;
  readonly name: string;
  readonly otherColumns: readonly string[];
  /** Of the other relation: columns with text in them, and their types' categories. */
  readonly textColumns: readonly string[];
}

/**
 * Foreign keys from and to the relation. Of a key to or from a partitioned table the server keeps copies for its
 * partitions, which are left out: else each partition would be one more table that the same value refers to.
 */
export const relationReferences = query<ReferenceRow>(
  'data.references',
  `select f.outward, f.constraint, f.columns, c.oid, ${kindOf('c.relkind')} as kind, n.nspname::text as schema, c.relname::text as name,
    array(select a.attname::text from unnest(f.others) with ordinality u(number, place) join pg_attribute a on a.attrelid = c.oid and a.attnum = u.number order by u.place) as "otherColumns",
    array(select a.attname::text from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and (t.typcategory in ('S', 'E') or t.typtype = 'e') order by a.attnum) as "textColumns"
  from (
    select true as outward, k.conname::text as constraint, k.conkey::int4[] as columns, k.confrelid as other, k.confkey as others
      from pg_constraint k where k.contype = 'f' and k.conrelid = $1::oid
        and not exists (select from pg_constraint p where p.oid = k.conparentid and p.conrelid = k.conrelid)
    union all
    select false, k.conname::text, k.confkey::int4[], k.conrelid, k.conkey
      from pg_constraint k where k.contype = 'f' and k.confrelid = $1::oid
        and not exists (select from pg_constraint p where p.oid = k.conparentid and p.confrelid = k.confrelid)
  ) f join pg_class c on c.oid = f.other join pg_namespace n on n.oid = c.relnamespace
  order by f.outward desc, n.nspname, c.relname, f.constraint`,
);

/** How a column's values are spread, for going about so far into a table: bounds of ranges with equally many rows. */
export interface SpreadRow {
  readonly column: number;
  readonly bounds: readonly string[] | null;
  readonly common: readonly string[] | null;
  readonly frequencies: readonly number[] | null;
  readonly distinct: number;
  readonly nullShare: number;
}

/** `inherited` statistics are those of a partitioned table as a whole. */
export const columnSpread = query<SpreadRow>(
  'data.spread',
  `select a.attnum::int4 as column, s.histogram_bounds::text::text[] as bounds, s.most_common_vals::text::text[] as common,
    s.most_common_freqs as frequencies, s.n_distinct::float8 as distinct, s.null_frac::float8 as "nullShare"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
  join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname
  where c.oid = $1::oid and a.attnum = $2::int4
  order by s.inherited = (c.relkind = 'p') desc limit 1`,
);

export interface PlaceRow {
  readonly oid: number;
  readonly kind: RelationKind;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
  /** Names of the types under all domains, and their categories. */
  readonly types: readonly string[];
  readonly categories: readonly string[];
}

/** Tables and materialized views one may read, with what of their columns may hold a value that was typed. */
export const searchablePlaces = query<PlaceRow>(
  'data.places',
  `select c.oid, ${kindOf('c.relkind')} as kind, n.nspname::text as schema, c.relname::text as name,
    array_agg(a.attname::text order by a.attnum) as columns,
    array_agg(coalesce(y.typname, t.typname)::text order by a.attnum) as types,
    array_agg(t.typcategory::text order by a.attnum) as categories
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid left join pg_type y on y.oid = t.typbasetype and t.typtype = 'd'
  where c.relkind in ('r', 'p', 'm') and not c.relispartition
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and (c.relkind <> 'm' or c.relispopulated)
    and has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select')
  group by c.oid, n.nspname, c.relname, c.relkind, c.reltuples
  order by c.reltuples, n.nspname, c.relname`,
);
