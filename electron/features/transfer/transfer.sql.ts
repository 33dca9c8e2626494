/** What can be exported, and how its columns stand. */
import type { TableName } from '../../../shared/api/transfer.ts';
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
