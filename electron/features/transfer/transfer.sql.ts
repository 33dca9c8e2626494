/** What can be exported, and how its columns stand. */
import type { TableName } from '../../../shared/api/import-plan.ts';
import { query } from '../../postgres/query.ts';

export interface TransferTable extends TableName {
  readonly kind: 'table' | 'partitionedTable' | 'foreignTable' | 'view' | 'materializedView';
  readonly rows: number | null;
  readonly bytes: number | null;
}

/** $1: one schema, or null for all but the system's. Partitions come with their parent; what an extension made is the extension's. */
export const listTables = query<TransferTable>(
  'transfer.tables',
  `select n.nspname::text as schema, c.relname::text as name,
  case c.relkind when 'r' then 'table' when 'p' then 'partitionedTable' when 'f' then 'foreignTable'
    when 'v' then 'view' else 'materializedView' end as kind,
  case when c.reltuples >= 0 and c.relkind in ('r', 'p', 'm', 'f') then c.reltuples::float8 end as rows,
  case when c.relkind in ('r', 'm') then pg_catalog.pg_relation_size(c.oid)::float8 end as bytes
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'v', 'm') and not c.relispartition
  and case when $1::text is null then n.nspname !~ '^pg_' and n.nspname <> 'information_schema' else n.nspname = $1 end
  and not exists (select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e')
order by n.nspname, c.relname`,
);

export interface TableColumns extends TableName {
  readonly kind: string;
  readonly rows: number | null;
  readonly columns: readonly string[];
  /** Without those that are computed. */
  readonly writable: readonly string[];
  /** It has an identity column that takes no values by itself. */
  readonly alwaysIdentity: boolean;
}

/** $1, $2: schemas and names, pair by pair. Tables that are not there are missing. */
export const columnsOfTables = query<TableColumns>(
  'transfer.columns',
  `select n.nspname::text as schema, c.relname::text as name, c.relkind::text as kind,
  case when c.reltuples >= 0 then c.reltuples::float8 end as rows,
  coalesce(a.columns, '{}') as columns, coalesce(a.writable, '{}') as writable,
  coalesce(a.always, false) as "alwaysIdentity"
from unnest($1::text[], $2::text[]) with ordinality as w(schema, name, place)
join pg_catalog.pg_namespace n on n.nspname = w.schema
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = w.name and c.relkind in ('r', 'p', 'f', 'v', 'm')
left join lateral (
  select pg_catalog.array_agg(t.attname::text order by t.attnum) as columns,
    pg_catalog.array_agg(t.attname::text order by t.attnum) filter (where t.attgenerated = '') as writable,
    pg_catalog.bool_or(t.attidentity = 'a') as always
  from pg_catalog.pg_attribute t
  where t.attrelid = c.oid and t.attnum > 0 and not t.attisdropped) a on true
order by w.place`,
);

export interface WritableColumn {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
}

/** $1, $2: schema and name. Without what is computed. */
export const writableColumns = query<WritableColumn>(
  'transfer.writable',
  `select a.attname::text as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull",
  a.atthasdef or a.attidentity <> '' as "hasDefault"
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
order by a.attnum`,
);

/** $1, $2: schema and name. Unique keys of plain columns, whole tables', the primary key first. */
export const keysOfTable = query<{ readonly columns: readonly string[] }>(
  'transfer.keys',
  `select pg_catalog.array_agg(a.attname::text order by k.place) as columns
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
cross join lateral unnest(i.indkey[0:i.indnkeyatts - 1]::int2[]) with ordinality as k(attnum, place)
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
where n.nspname = $1 and c.relname = $2 and i.indisunique and i.indisvalid and i.indimmediate
  and i.indpred is null and i.indexprs is null
group by i.indexrelid, i.indisprimary
order by i.indisprimary desc, i.indexrelid`,
);
