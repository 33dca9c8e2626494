/** What has to be known of a table before its rows can be kept. $1: its name, as to_regclass reads it. One JSON text. */
export const journalTableSql = `/* howdah:journal.table */
select pg_catalog.json_build_object(
  'oid', c.oid::pg_catalog.text, 'schema', n.nspname, 'table', c.relname, 'kind', c.relkind,
  'rules', c.relhasrules, 'children', c.relkind = 'r' and c.relhassubclass,
  'policies', c.relrowsecurity, 'readable', pg_catalog.has_table_privilege(c.oid, 'select'),
  'pages', c.relpages,
  'deferrable', exists (select from pg_catalog.pg_constraint k
     where (k.conrelid = c.oid or k.confrelid = c.oid) and k.condeferrable),
  'settings', pg_catalog.current_setting('datestyle') like 'ISO%'
     and pg_catalog.current_setting('intervalstyle') = 'postgres'
     and pg_catalog.current_setting('extra_float_digits')::pg_catalog.int4 >= 1,
  'reaches', exists (select from pg_catalog.pg_trigger t
       where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled <> 'D')
     or exists (select from pg_catalog.pg_constraint k
       where k.confrelid = c.oid and k.contype = 'f' and (k.confdeltype in ('c', 'n', 'd') or k.confupdtype in ('c', 'n', 'd'))),
  'statementTimeout', pg_catalog.current_setting('statement_timeout'),
  'columns', (select pg_catalog.json_agg(a.attname order by a.attnum) from pg_catalog.pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  'types', (select pg_catalog.json_agg(pg_catalog.format_type(a.atttypid, null) order by a.attnum)
      from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
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

/** What the transaction has changed of a table and its partitions, as one JSON text. $1: its oid. */
export const countersSql = `/* howdah:journal.counted */
select pg_catalog.json_build_object(
  'added', coalesce(pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_inserted(t.oid)), 0),
  'updated', coalesce(pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_updated(t.oid)), 0),
  'deleted', coalesce(pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_deleted(t.oid)), 0))::text
from (select $1::pg_catalog.oid as oid
      union select relid::pg_catalog.oid from pg_catalog.pg_partition_tree($1::pg_catalog.oid::pg_catalog.regclass)) as t`;

/** Rows of all other tables that the transaction has changed, by the table's name. $1: the oid of the one that is left out. */
export const othersSql = `/* howdah:journal.others */
select coalesce(pg_catalog.json_object_agg(t.name, t.changed), '{}')::text
from (select case when n.nspname = 'public' then c.relname else n.nspname || '.' || c.relname end as name,
             pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
               + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) as changed
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r' and c.oid <> $1::pg_catalog.oid and n.nspname <> 'pg_catalog'
         and c.oid not in (select relid::pg_catalog.oid
           from pg_catalog.pg_partition_tree($1::pg_catalog.oid::pg_catalog.regclass))) as t
where t.changed > 0`;

/**
 * The tables that a TRUNCATE empties, and which of them refers to which. Partitions are emptied, and read, with their
 * table. $1: the oids of those it names, $2: CASCADE.
 */
export const emptiedSql = `/* howdah:journal.emptied */
with recursive reached(oid) as (
  select pg_catalog.unnest($1::pg_catalog.oid[])
  union
  select k.conrelid from reached r join pg_catalog.pg_constraint k on k.confrelid = r.oid
   where k.contype = 'f' and $2::pg_catalog.bool
), whole as (
  select r.oid from reached r join pg_catalog.pg_class c on c.oid = r.oid
   where r.oid = any ($1::pg_catalog.oid[]) or not c.relispartition
      or not exists (select from pg_catalog.pg_partition_ancestors(r.oid::pg_catalog.regclass) as a(relid)
           join reached o on o.oid = a.relid where a.relid <> r.oid)
)
select pg_catalog.json_build_object(
  'tables', (select pg_catalog.json_agg(pg_catalog.json_build_object(
       'oid', c.oid::pg_catalog.text, 'schema', n.nspname, 'name', c.relname))
     from whole w join pg_catalog.pg_class c on c.oid = w.oid join pg_catalog.pg_namespace n on n.oid = c.relnamespace),
  'references', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(
       k.conrelid::pg_catalog.text, k.confrelid::pg_catalog.text)), '[]')
     from pg_catalog.pg_constraint k
    where k.contype = 'f' and k.conrelid in (select oid from whole) and k.confrelid in (select oid from whole)))::text`;

/** The columns of a primary key or unique constraint, as one JSON text. $1: the table's oid, $2: its name. */
export const constraintSql = `/* howdah:journal.constraint */
select pg_catalog.json_agg(a.attname order by a.attnum)::text
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
 where k.conrelid = $1::pg_catalog.oid and k.conname = $2 and k.contype in ('p', 'u')`;
