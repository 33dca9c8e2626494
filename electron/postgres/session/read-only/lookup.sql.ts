/**
 * What a statement uses, as the very session that runs it sees it: its search_path and its temporary objects count.
 * $1: JSON with `functions` and `relations` ([{schema, name}]), `fields`, `operators`, `types` and `seen` (arrays);
 * $2: names without a schema are looked for in all of them. One row with one JSON text.
 */
export const lookupSql = `/* howdah:sessions.read-only */
with wanted as (select $1::text::pg_catalog.json as j),
functions as (
  select f."schema", f."name" from wanted, pg_catalog.json_to_recordset(j -> 'functions') as f("schema" text, "name" text)),
relations as (
  select r."schema", r."name" from wanted, pg_catalog.json_to_recordset(j -> 'relations') as r("schema" text, "name" text)),
fields as (select pg_catalog.json_array_elements_text(j -> 'fields') as "name" from wanted),
operators as (select pg_catalog.json_array_elements_text(j -> 'operators') as "name" from wanted),
types as (select pg_catalog.json_array_elements_text(j -> 'types') as "name" from wanted),
dangers as (
  select distinct p.proname::text as "name" from pg_catalog.pg_proc p
   where p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace and p.provolatile = 'v'),
called as (
  select n.nspname::text as "schema", p.proname::text as "name", l.lanname::text as "language",
         l.lanpltrusted as "trusted", e.extname::text as "extension",
         p.provolatile = 'v' or exists (
           select from pg_catalog.pg_aggregate a join pg_catalog.pg_proc q
               on q.oid in (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn)
            where a.aggfnoid = p.oid and q.provolatile = 'v' and q.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace
         ) as "volatile",
         case when n.nspname not in ('pg_catalog', 'information_schema') and e.oid is null then array(
           select d."name" from dangers d
            where d."name" in (select pg_catalog.regexp_split_to_table(pg_catalog.lower(p.prosrc), '[^a-z0-9_$]+'))
         ) else '{}' end as "speaks"
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    join pg_catalog.pg_language l on l.oid = p.prolang
    left join pg_catalog.pg_depend d
      on d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.objid = p.oid and d.deptype = 'e'
    left join pg_catalog.pg_extension e on e.oid = d.refobjid
   where exists (
           select from functions f where f."name" = p.proname
              and (f."schema" = n.nspname or f."schema" is null and ($2::text = 'any' or pg_catalog.pg_function_is_visible(p.oid))))
      -- t.f is f(t), where f takes the row of t and nothing else.
      or n.nspname <> 'pg_catalog' and p.proname in (select "name" from fields) and p.pronargs >= 1
         and p.pronargs - p.pronargdefaults <= 1
         and exists (select from pg_catalog.pg_type t where t.oid = p.proargtypes[0] and t.typtype in ('c', 'p'))
      or p.oid in (
           select o.oprcode from pg_catalog.pg_operator o
            where o.oprname in (select "name" from operators)
              and o.oprnamespace <> 'pg_catalog'::pg_catalog.regnamespace)
      or p.oid in (
           select c.castfunc from pg_catalog.pg_cast c join pg_catalog.pg_type t on t.oid = c.casttarget
            where t.typname in (select "name" from types))),
reads as (
  select c.oid, c.relkind, c.oid::pg_catalog.regclass::text as "name" from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('v', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
     and exists (
       select from relations r where r."name" = c.relname
          and (r."schema" = n.nspname or r."schema" is null and ($2::text = 'any' or pg_catalog.pg_table_is_visible(c.oid)))))
select pg_catalog.json_build_object(
  'functions', (select coalesce(pg_catalog.json_agg(called), '[]') from called),
  'programs', (select coalesce(pg_catalog.json_agg(r."name"), '[]') from reads r
     join pg_catalog.pg_foreign_table f on f.ftrelid = r.oid
    where exists (select from pg_catalog.unnest(f.ftoptions) as o(o) where o like 'program=%')),
  'views', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
       'oid', r.oid::text, 'name', r."name", 'definition', pg_catalog.pg_get_viewdef(r.oid))), '[]')
    from reads r, wanted where r.relkind = 'v'
     and r.oid::text not in (select pg_catalog.json_array_elements_text(j -> 'seen')))
)::text`;

/** Begins a transaction that reads, and is past the point where one may still be made to write. */
export const beginReadOnlySql = `/* howdah:sessions.read-only */ begin read only;
select 1 operator(pg_catalog./) (pg_catalog.current_setting('transaction_read_only') operator(pg_catalog.=) 'on')::pg_catalog.int4`;

/** The same for a transaction that is open. */
export const keepReadOnlySql = `/* howdah:sessions.read-only */ set transaction read only;
select 1 operator(pg_catalog./) (pg_catalog.current_setting('transaction_read_only') operator(pg_catalog.=) 'on')::pg_catalog.int4`;

export const endReadOnlySql = '/* howdah:sessions.read-only */ rollback';

/** What SQL-on-connect may have changed. */
export const againReadOnlySql = `/* howdah:sessions.read-only */ set default_transaction_read_only = on;
set standard_conforming_strings = on`;
