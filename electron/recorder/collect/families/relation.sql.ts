/**
 * What the families of tables, indexes and sequences are read from, a page of relations at a time, so that no single
 * question keeps the server busy for long. The first value is the last oid of the page before, the second the number of
 * relations a page. Statistics functions take no lock on the relation; sizes do, so what a waiting or held
 * AccessExclusiveLock stands on is left out.
 */
import { query, type Since } from '../../../postgres/query.ts';
import type { FamilyRow } from './server.sql.ts';

/** In every row: where the next page begins. */
export interface PagedRow extends FamilyRow {
  pageOid: string;
}

export interface MarkRow extends PagedRow {
  mark: string;
}

const userSchemas = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'`;

const epoch = (call: string, name: string): string => `extract(epoch from ${call}) * 1000 as ${name}`;

/**
 * Something that changes whenever a row of `tables` does, of tables and of indexes: whatever reads or writes a table
 * fetches blocks of it or scans one of its indexes; a prepared transaction that is committed elsewhere counts as
 * changed rows, a rewrite as another file.
 */
export const tableMarks = query<MarkRow>(
  'recorder.table-marks',
  `
select c.oid as "pageOid", case c.relkind when 'i' then pg_stat_get_numscans(c.oid)
  else pg_stat_get_blocks_fetched(c.oid) * 3 + pg_stat_get_numscans(c.oid) + pg_stat_get_mod_since_analyze(c.oid) * 5
    + c.relfilenode::int8 * 7 + c.relpages::int8 * 11 + c.relallvisible::int8 * 13 + c.reltuples::int8 * 17 end as mark
from (
  select c.oid, c.relkind, c.relfilenode, c.relpages, c.relallvisible, c.reltuples
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.oid > $1::oid and c.relkind in ('r', 'm', 'p', 'i') and ${userSchemas}
  order by c.oid limit $2::int4
) c
order by c.oid`,
);

const tablesWhich = (which: string, limit: string) => (since: Since) =>
  `
select c.oid as "pageOid", current_database() as database, c.nspname as schema, c.relname as "table", c.oid as relid,
  pg_stat_get_numscans(c.oid) as seq_scan, pg_stat_get_tuples_returned(c.oid) as seq_tup_read,
  i.scans as idx_scan, i.fetched + pg_stat_get_tuples_fetched(c.oid) as idx_tup_fetch,
  pg_stat_get_tuples_inserted(c.oid) as n_tup_ins, pg_stat_get_tuples_updated(c.oid) as n_tup_upd,
  pg_stat_get_tuples_deleted(c.oid) as n_tup_del, pg_stat_get_tuples_hot_updated(c.oid) as n_tup_hot_upd,
  pg_stat_get_live_tuples(c.oid) as n_live_tup, pg_stat_get_dead_tuples(c.oid) as n_dead_tup,
  pg_stat_get_mod_since_analyze(c.oid) as n_mod_since_analyze,
  pg_stat_get_ins_since_vacuum(c.oid) as n_ins_since_vacuum,
  ${epoch('pg_stat_get_last_vacuum_time(c.oid)', 'last_vacuum')},
  ${epoch('pg_stat_get_last_autovacuum_time(c.oid)', 'last_autovacuum')},
  ${epoch('pg_stat_get_last_analyze_time(c.oid)', 'last_analyze')},
  ${epoch('pg_stat_get_last_autoanalyze_time(c.oid)', 'last_autoanalyze')},
  pg_stat_get_vacuum_count(c.oid) as vacuum_count, pg_stat_get_autovacuum_count(c.oid) as autovacuum_count,
  pg_stat_get_analyze_count(c.oid) as analyze_count, pg_stat_get_autoanalyze_count(c.oid) as autoanalyze_count,
  ${since({
    13: '',
    16: `pg_stat_get_tuples_newpage_updated(c.oid) as n_tup_newpage_upd,
  ${epoch('pg_stat_get_lastscan(c.oid)', 'last_seq_scan')}, ${epoch('i.last_scan', 'last_idx_scan')},`,
  })}
  ${since({
    13: '',
    18: `pg_stat_get_total_vacuum_time(c.oid) as total_vacuum_time,
  pg_stat_get_total_autovacuum_time(c.oid) as total_autovacuum_time,
  pg_stat_get_total_analyze_time(c.oid) as total_analyze_time,
  pg_stat_get_total_autoanalyze_time(c.oid) as total_autoanalyze_time, c.relallfrozen,`,
  })}
  pg_stat_get_blocks_fetched(c.oid) - pg_stat_get_blocks_hit(c.oid) as heap_blks_read,
  pg_stat_get_blocks_hit(c.oid) as heap_blks_hit, c.relpages, nullif(c.reltuples, -1) as reltuples, c.relallvisible,
  c.relfilenode
from (
  select c.*, n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where ${which} and c.relkind in ('r', 'm', 'p') and ${userSchemas}
  order by c.oid ${limit}
) c
left join lateral (
  select sum(pg_stat_get_numscans(indexrelid)) as scans, sum(pg_stat_get_tuples_fetched(indexrelid)) as fetched
    ${since({ 13: '', 16: ', max(pg_stat_get_lastscan(indexrelid)) as last_scan' })}
  from pg_index where indrelid = c.oid
) i on true
order by c.oid`;
export const tables = query<PagedRow>('recorder.tables', tablesWhich('c.oid > $1::oid', 'limit $2::int4'));

/** $1: of tables, and of indexes whose tables are meant. */
const someOids = `c.oid in (
    select id from unnest($1::oid[]) w (id)
    union all select x.indrelid from pg_index x where x.indexrelid = any($1::oid[])
  )`;
export const someTables = query<PagedRow>('recorder.some-tables', tablesWhich(someOids, ''));

/** Whatever reads an index begins a scan of it, whatever writes to it fetches blocks of it. */
export const indexMarks = query<MarkRow>(
  'recorder.index-marks',
  `
select c.oid as "pageOid", pg_stat_get_numscans(c.oid) * 3 + pg_stat_get_blocks_fetched(c.oid) + c.relpages::int8 * 7
  + c.relfilenode::int8 * 11 + c.reltuples::int8 * 13 as mark
from (
  select c.oid, c.relpages, c.relfilenode, c.reltuples
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.oid > $1::oid and c.relkind = 'i' and ${userSchemas}
  order by c.oid limit $2::int4
) c
order by c.oid`,
);

const indexesWhich = (which: string, limit: string) => (since: Since) =>
  `
select c.oid as "pageOid", current_database() as database, c.nspname as schema, c.relname as index,
  c.oid as indexrelid, t.relname as "table", pg_stat_get_numscans(c.oid) as idx_scan,
  pg_stat_get_tuples_returned(c.oid) as idx_tup_read, pg_stat_get_tuples_fetched(c.oid) as idx_tup_fetch,
  ${since({ 13: '', 16: `${epoch('pg_stat_get_lastscan(c.oid)', 'last_idx_scan')},` })}
  pg_stat_get_blocks_fetched(c.oid) - pg_stat_get_blocks_hit(c.oid) as idx_blks_read,
  pg_stat_get_blocks_hit(c.oid) as idx_blks_hit, c.relpages, c.reltuples
from (
  select c.oid, c.relname, c.relpages, c.reltuples, n.nspname
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where ${which} and c.relkind = 'i' and ${userSchemas}
  order by c.oid ${limit}
) c
join pg_index x on x.indexrelid = c.oid
join pg_class t on t.oid = x.indrelid
order by c.oid`;
export const indexes = query<PagedRow>('recorder.indexes', indexesWhich('c.oid > $1::oid', 'limit $2::int4'));
export const someIndexes = query<PagedRow>('recorder.some-indexes', indexesWhich('c.oid = any($1::oid[])', ''));

/**
 * All of a table together is what pg_total_relation_size says of it: each with its maps of free and visible pages, the
 * TOAST table with its index. It comes along with its table. (Looked up the other way round, from the TOAST table to its
 * owner, there is no index to help.) A lock on its index counts as one on itself.
 */
const sizesWhich = (which: string, limit: string) => `
with locked as materialized (
  select r.relation
  from pg_locks l cross join lateral (
    values (l.relation), ((
      select i.indrelid from pg_index i join pg_class t on t.oid = i.indrelid and t.relkind = 't'
      where i.indexrelid = l.relation
    ))
  ) r (relation)
  where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and r.relation is not null
    and l.database = (select oid from pg_database where datname = current_database())
)
select c.oid as "pageOid", current_database() as database, c.nspname as schema, r.name, r.relid, r.kind,
  coalesce(o.relname, c.relname) as "table", r.reltuples,
  case when c.oid in (select relation from locked) or o.oid in (select relation from locked)
      or r.relid in (select relation from locked) then null
    else case r.kind when 'toast' then pg_total_relation_size(r.relid) when 'index' then pg_table_size(r.relid)
      else pg_relation_size(r.relid) + pg_relation_size(r.relid, 'fsm') + pg_relation_size(r.relid, 'vm') end
    end as bytes
from (
  select c.oid, c.relname, c.relkind, c.reltuples, c.reltoastrelid, n.nspname
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where ${which} and c.relkind in ('r', 'm', 'i') and c.relpersistence <> 't' and c.oid >= 16384
    and n.nspname <> 'pg_toast'
  ${limit}
) c
left join pg_index x on c.relkind = 'i' and x.indexrelid = c.oid
left join pg_class o on o.oid = x.indrelid
left join pg_class s on s.oid = c.reltoastrelid
cross join lateral (
  values (c.oid, c.relname, case c.relkind when 'i' then 'index' when 'm' then 'matview' else 'table' end,
      nullif(c.reltuples, -1)),
    (s.oid, s.relname, 'toast', nullif(s.reltuples, -1))
) r (relid, name, kind, reltuples)
where r.relid is not null
order by c.oid`;
export const relationSizes = query<PagedRow>(
  'recorder.relation-sizes',
  sizesWhich('c.oid > $1::oid', 'order by c.oid limit $2::int4'),
);

/** By what VACUUM and ANALYZE last wrote, and only where there are so many (some thousands) that all take hours. */
export const largestSizes = query<PagedRow>(
  'recorder.largest-sizes',
  sizesWhich("(select pg_relation_size('pg_catalog.pg_class')) > 1000000", 'order by c.relpages desc limit 100'),
);

/**
 * A TOAST table's age counts for its table. The oldest are found first, and then what they are: a TOAST table is named
 * after its table, which is looked at whether it says the same.
 */
export const relationAges = query<FamilyRow>(
  'recorder.relation-ages',
  `
select current_database() as database, n.nspname as schema, c.relname as "table", c.oid as relid,
  greatest(age(c.relfrozenxid), age(t.relfrozenxid)) as xid_age,
  greatest(mxid_age(c.relminmxid), mxid_age(t.relminmxid)) as mxid_age
from (
  select distinct case o.relkind when 't' then substring(o.relname from '^pg_toast_([0-9]+)$')::oid else o.oid end as oid
  from (
    select oid, relname, relkind from pg_class where relkind in ('r', 'm', 't') and relfrozenxid <> '0'
    order by age(relfrozenxid) desc limit 50
  ) o
) oldest
join pg_class c on c.oid = oldest.oid and c.relkind in ('r', 'm')
join pg_namespace n on n.oid = c.relnamespace left join pg_class t on t.oid = c.reltoastrelid
order by xid_age desc`,
);

export const sequences = query<PagedRow>(
  'recorder.sequences',
  `
with locked as materialized (
  select distinct relation from pg_locks where locktype = 'relation' and mode = 'AccessExclusiveLock'
)
select q.seqrelid as "pageOid", database, schema, sequence, seqrelid, coalesce(min(col), '') as "column", cycles, last_value,
  min(limit_value) as limit_value,
  case when min(limit_value) <> start then (last_value - start)::float8 / (min(limit_value) - start)::float8 end as used
from (
  select current_database() as database, n.nspname as schema, c.relname as sequence, s.seqrelid, s.seqcycle as cycles,
    s.seqstart::numeric as start,
    case when has_sequence_privilege(c.oid, 'usage, select') and not (c.relpersistence = 'u' and pg_is_in_recovery())
        and c.oid not in (select relation from locked)
      then pg_sequence_last_value(c.oid)::numeric end as last_value,
    (case when s.seqincrement < 0 then s.seqmin else least(s.seqmax, case a.atttypid
        when 20 then 9223372036854775807 when 23 then 2147483647 when 21 then 32767 else s.seqmax end) end)::numeric
      as limit_value,
    quote_ident(tn.nspname) || '.' || quote_ident(t.relname) || '.' || quote_ident(a.attname) as col
  from (
    select s.* from pg_sequence s join pg_class c on c.oid = s.seqrelid
    where s.seqrelid > $1::oid and c.relpersistence <> 't' order by s.seqrelid limit $2::int4
  ) s
  join pg_class c on c.oid = s.seqrelid
  join pg_namespace n on n.oid = c.relnamespace
  left join lateral (
    select d.refobjid as relid, d.refobjsubid as num from pg_depend d
    where d.classid = 'pg_class'::regclass and d.objid = s.seqrelid and d.refclassid = 'pg_class'::regclass
      and d.deptype in ('a', 'i') and d.refobjsubid > 0
    union
    select ad.adrelid, ad.adnum from pg_depend d join pg_attrdef ad on ad.oid = d.objid
    where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = s.seqrelid
  ) x on true
  left join pg_attribute a on a.attrelid = x.relid and a.attnum = x.num
  left join pg_class t on t.oid = x.relid
  left join pg_namespace tn on tn.oid = t.relnamespace
) q
group by database, schema, sequence, seqrelid, cycles, last_value, start
order by q.seqrelid`,
);
