import { query } from '../../postgres/query.ts';

/** What a column has to be written as. $1 schemas, $2 tables: pairs in order. */
export const columnFacts = query<{
  schema: string;
  table: string;
  column: string;
  type: string;
  generated: boolean;
  alwaysIdentity: boolean;
}>(
  'journal.columns',
  `select n.nspname::text as "schema", c.relname::text as "table", a.attname::text as "column",
          pg_catalog.format_type(a.atttypid, a.atttypmod) as "type",
          a.attgenerated <> '' as "generated", a.attidentity = 'a' as "alwaysIdentity"
     from (select distinct w."schema", w."table"
             from unnest($1::text[], $2::text[]) as w("schema", "table")) as w
     join pg_catalog.pg_namespace n on n.nspname::text = w."schema"
     join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname::text = w."table"
     join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p', 'f', 'v')
    order by 1, 2, a.attnum`,
);
