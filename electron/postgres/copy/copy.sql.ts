/** What a copy asks, on its own connections: constants, with values bound. */

/** $1, $2: schema and name. One row a column: name, type, whether it is computed, its place in the key, rows by the statistics. */
export const sourceTableSql = `/* howdah:copy.source */
select a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), (a.attgenerated <> '')::text,
  (select k.place::text from pg_catalog.pg_index i, unnest(i.indkey[0:i.indnkeyatts - 1]::int2[]) with ordinality as k(attnum, place)
    where i.indexrelid = key.indexrelid and k.attnum = a.attnum),
  case when c.reltuples >= 0 then c.reltuples::bigint::text end
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join lateral (
  select i.indexrelid from pg_catalog.pg_index i
  where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
    and not exists (select from unnest(i.indkey[0:i.indnkeyatts - 1]::int2[]) as k(attnum)
      join pg_catalog.pg_attribute ka on ka.attrelid = c.oid and ka.attnum = k.attnum where not ka.attnotnull)
  order by i.indisprimary desc, i.indexrelid limit 1) key on true
where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f')
order by a.attnum`;

/** $1, $2: schema and name. Name and type of each column. */
export const targetColumnsSql = `/* howdah:copy.target */
select a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname = $1 and c.relname = $2`;

/**
 * $1, $2: names of types as JSON, pair by pair. The number of the first pair, from 1, of which the second takes no value of the first: it
 * is no text, there is no cast that an assignment would use, and both are known. A type of one's own that the server does
 * not know may have texts that fit.
 */
export const castsSql = `/* howdah:copy.casts */
with pairs as (
  select number, pg_catalog.to_regtype(pg_catalog.regexp_replace(source, '\\(.*?\\)', '')) as source,
    pg_catalog.to_regtype(pg_catalog.regexp_replace(target, '\\(.*?\\)', '')) as target
  from rows from (pg_catalog.json_array_elements_text($1::json), pg_catalog.json_array_elements_text($2::json))
    with ordinality as pair(source, target, number))
select pairs.number::text from pairs
join pg_catalog.pg_type s on s.oid = pairs.source join pg_catalog.pg_type t on t.oid = pairs.target
where s.oid <> t.oid and s.typcategory <> 'S' and t.typcategory <> 'S' and s.typtype <> 'd' and t.typtype <> 'd'
  and not (s.typcategory = 'E' or t.typcategory = 'E') and not (s.typcategory = 'U' and t.typcategory = 'U')
  and not exists (select from pg_catalog.pg_cast where castsource = s.oid and casttarget = t.oid and castcontext in ('a', 'i'))
order by pairs.number limit 1`;
