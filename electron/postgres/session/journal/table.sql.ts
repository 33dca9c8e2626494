/** What has to be known of a table before its rows can be kept. $1: its name, as to_regclass reads it. One JSON text. */
export const journalTableSql = `/* howdah:journal.table */
select pg_catalog.json_build_object(
  'schema', n.nspname, 'table', c.relname, 'kind', c.relkind,
  'rules', c.relhasrules, 'children', c.relkind = 'r' and c.relhassubclass,
  'policies', c.relrowsecurity, 'readable', pg_catalog.has_table_privilege(c.oid, 'select'),
  'pages', c.relpages,
  'deferrable', exists (select from pg_catalog.pg_constraint k
     where (k.conrelid = c.oid or k.confrelid = c.oid) and k.condeferrable),
  'settings', pg_catalog.current_setting('datestyle') like 'ISO%'
     and pg_catalog.current_setting('intervalstyle') = 'postgres'
     and pg_catalog.current_setting('extra_float_digits')::pg_catalog.int4 >= 1,
  'statementTimeout', pg_catalog.current_setting('statement_timeout'),
  'columns', (select pg_catalog.json_agg(a.attname order by a.attnum) from pg_catalog.pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  'key', (select pg_catalog.json_agg(a.attname order by a.attnum)
     from pg_catalog.pg_attribute a
    where a.attrelid = c.oid and a.attnum = any ((
      select i.indkey::pg_catalog.int2[] from pg_catalog.pg_index i
       where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate
         and i.indpred is null and i.indexprs is null and i.indnkeyatts = i.indnatts
         and not exists (select from pg_catalog.pg_attribute k
           where k.attrelid = c.oid and k.attnum = any (i.indkey) and not k.attnotnull)
       order by i.indisprimary desc, i.indnatts, i.indexrelid limit 1)::pg_catalog.int2[]))
)::text
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.oid = pg_catalog.to_regclass($1::text)`;

export const timeoutSql = `/* howdah:journal.timeout */ select pg_catalog.set_config('statement_timeout', $1, true)`;
