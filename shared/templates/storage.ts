/** Templates: how big things are, and what they are wasted on. */
import type { TemplateGroup } from './template.ts';

export const sizeTemplates: TemplateGroup = {
  name: 'Size',
  templates: [
    {
      name: 'Databases by size',
      about: 'All databases of the server that one may connect to.',
      sql: `select datname as database, pg_size_pretty(pg_database_size(oid)) as size, pg_database_size(oid) as bytes
from pg_database
where datallowconn and has_database_privilege(oid, 'connect')
order by bytes desc;`,
    },
    {
      name: 'Tables by size',
      about: 'With their indexes and their TOAST, largest first.',
      sql: `select n.nspname as schema, c.relname as table,
  pg_size_pretty(pg_total_relation_size(c.oid)) as total,
  pg_size_pretty(pg_relation_size(c.oid)) as heap,
  pg_size_pretty(pg_indexes_size(c.oid)) as indexes,
  pg_size_pretty(pg_total_relation_size(c.reltoastrelid)) as toast,
  c.reltuples::bigint as estimated_rows
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
order by pg_total_relation_size(c.oid) desc
limit 50;`,
    },
    {
      name: 'Schemas by size',
      about: 'The sum of the tables of each schema.',
      sql: `select n.nspname as schema, count(*) as tables, pg_size_pretty(sum(pg_total_relation_size(c.oid))) as size
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm')
group by n.nspname
order by sum(pg_total_relation_size(c.oid)) desc;`,
    },
    {
      name: 'Partitions of a table with their sizes',
      about: 'The whole tree below the partitioned table :table.',
      sql: `select relid::regclass as partition, level, isleaf, pg_size_pretty(pg_total_relation_size(relid)) as size,
  pg_get_expr(c.relpartbound, c.oid) as bounds
from pg_partition_tree(:table::text::regclass) t
join pg_class c on c.oid = t.relid
order by level, relid::regclass::text;`,
    },
    {
      name: 'Columns that TOAST is spent on',
      about: 'The widest columns on average, by the planner’s statistics.',
      sql: `select schemaname as schema, tablename as table, attname as column, avg_width as average_bytes, null_frac
from pg_stats
where schemaname not in ('pg_catalog', 'information_schema')
order by avg_width desc
limit 50;`,
    },
    {
      name: 'Tablespaces',
      about: 'Where they are and how much is in them.',
      sql: `select spcname as tablespace, pg_tablespace_location(oid) as location, pg_size_pretty(pg_tablespace_size(oid)) as size
from pg_tablespace
where has_tablespace_privilege(oid, 'create') or spcname = 'pg_default'
order by spcname;`,
    },
    {
      name: 'Temporary files by database',
      about: 'Sorts and hashes that did not fit into work_mem, since the statistics were reset.',
      sql: `select datname as database, temp_files as files, pg_size_pretty(temp_bytes) as size, stats_reset
from pg_stat_database
where datname is not null
order by temp_bytes desc;`,
    },
  ],
};

export const indexTemplates: TemplateGroup = {
  name: 'Indexes',
  templates: [
    {
      name: 'Indexes that are not used',
      about:
        'Not scanned since the statistics were reset, and no constraint stands on them. Look at the standbys, too.',
      sql: `select s.schemaname as schema, s.relname as table, s.indexrelname as index,
  pg_size_pretty(pg_relation_size(s.indexrelid)) as size, s.idx_scan as scans
from pg_stat_user_indexes s
join pg_index i on i.indexrelid = s.indexrelid
where s.idx_scan = 0 and not i.indisunique
  and not exists (select from pg_constraint c where c.conindid = s.indexrelid)
order by pg_relation_size(s.indexrelid) desc;`,
    },
    {
      name: 'Indexes that another one covers',
      about: 'Of the same table, kind and condition, with the leading columns of a longer one.',
      sql: `select a.indrelid::regclass as table, a.indexrelid::regclass as index, b.indexrelid::regclass as covered_by,
  pg_size_pretty(pg_relation_size(a.indexrelid)) as size
from pg_index a
join pg_index b on b.indrelid = a.indrelid and b.indexrelid <> a.indexrelid
join pg_class ca on ca.oid = a.indexrelid
join pg_class cb on cb.oid = b.indexrelid
where ca.relam = cb.relam and not a.indisunique
  and coalesce(a.indpred::text, '') = coalesce(b.indpred::text, '')
  and a.indexprs is null and b.indexprs is null
  and (b.indkey::text || ' ') like (a.indkey::text || ' %')
  and (a.indkey::text <> b.indkey::text or a.indexrelid < b.indexrelid)
order by pg_relation_size(a.indexrelid) desc;`,
    },
    {
      name: 'Foreign keys without an index',
      about: 'Deletes and key updates of the referenced table read the whole referencing one.',
      sql: `select c.conrelid::regclass as table, c.conname as constraint, pg_get_constraintdef(c.oid) as definition,
  pg_size_pretty(pg_relation_size(c.conrelid)) as table_size
from pg_constraint c
where c.contype = 'f'
  and not exists (
    select from pg_index i
    where i.indrelid = c.conrelid and i.indisvalid and i.indpred is null
      and (string_to_array(i.indkey::text, ' ')::int2[])[1:cardinality(c.conkey)] @> c.conkey
  )
order by pg_relation_size(c.conrelid) desc;`,
    },
    {
      name: 'Indexes that are not valid',
      about: 'Left by a CREATE INDEX CONCURRENTLY that failed: they cost writes and help no query.',
      sql: `select indrelid::regclass as table, indexrelid::regclass as index, indisready as ready,
  'drop index concurrently ' || indexrelid::regclass as remedy
from pg_index
where not indisvalid;`,
    },
    {
      name: 'Tables read from end to end',
      about: 'Many rows read by sequential scans: an index may be missing.',
      sql: `select schemaname as schema, relname as table, seq_scan as sequential_scans, seq_tup_read as rows_read,
  seq_tup_read / greatest(seq_scan, 1) as rows_a_scan, idx_scan as index_scans
from pg_stat_user_tables
where seq_scan > 0
order by seq_tup_read desc
limit 50;`,
    },
    {
      name: 'Index hit rate by table',
      about: 'How much of the indexes’ blocks came from shared buffers.',
      sql: `select schemaname as schema, relname as table, sum(idx_blks_hit) as hits, sum(idx_blks_read) as reads,
  round(100.0 * sum(idx_blks_hit) / nullif(sum(idx_blks_hit) + sum(idx_blks_read), 0), 2) as hit_percent
from pg_statio_user_indexes
group by schemaname, relname
order by sum(idx_blks_read) desc
limit 50;`,
    },
    {
      name: 'Indexes of a table with their definitions',
      about: 'Of :table, with sizes and scans.',
      sql: `select i.indexrelid::regclass as index, pg_get_indexdef(i.indexrelid) as definition,
  pg_size_pretty(pg_relation_size(i.indexrelid)) as size, pg_stat_get_numscans(i.indexrelid) as scans
from pg_index i
where i.indrelid = :table::text::regclass
order by i.indexrelid::regclass::text;`,
    },
  ],
};
