/**
 * Asked within the session that runs the statement. $1: JSON as for `lookupSql`; $2: names of stable functions of
 * pg_catalog that depend on nothing but their arguments and the settings. One row with one JSON text.
 */
export const proofSql = `/* howdah:result-cache.proof */
with wanted as (select $1::text::pg_catalog.json as j),
functions as (
  select f."schema", f."name" from wanted, pg_catalog.json_to_recordset(j -> 'functions') as f("schema" text, "name" text)),
relations as (
  select r."schema", r."name" from wanted, pg_catalog.json_to_recordset(j -> 'relations') as r("schema" text, "name" text)),
fields as (select pg_catalog.json_array_elements_text(j -> 'fields') as "name" from wanted),
operators as (select pg_catalog.json_array_elements_text(j -> 'operators') as "name" from wanted),
types as (select pg_catalog.json_array_elements_text(j -> 'types') as "name" from wanted),
casts as (
  select c.castfunc, c.castcontext, t.typname from pg_catalog.pg_cast c
    join pg_catalog.pg_type t on t.oid = c.casttarget where c.castfunc <> 0),
called as (
  select p.proname::text as "name", n.nspname = 'pg_catalog' as "own", p.provolatile as "volatility",
         l.lanname in ('c', 'internal') and exists (
           select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
              and d.objid = p.oid and d.deptype = 'e') as "extension"
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    join pg_catalog.pg_language l on l.oid = p.prolang
   where exists (
           select from functions f where f."name" = p.proname
              and (f."schema" = n.nspname or f."schema" is null and pg_catalog.pg_function_is_visible(p.oid)))
      or n.nspname <> 'pg_catalog' and (
           p.proname in (select "name" from fields) and p.pronargs >= 1 and p.pronargs - p.pronargdefaults <= 1
             and exists (select from pg_catalog.pg_type t where t.oid = p.proargtypes[0] and t.typtype in ('c', 'p'))
           or p.oid in (select o.oprcode from pg_catalog.pg_operator o where o.oprname in (select "name" from operators))
           or p.oid in (select c.castfunc from casts c
                where c.castcontext = 'i' or c.typname in (select "name" from types)))),
reads as (
  select c.oid, c.relname, n.nspname, c.relkind,
         c.relkind not in ('r', 'p', 'm', 'v') or c.relpersistence = 't' or c.relrowsecurity
           or n.nspname in ('pg_catalog', 'information_schema') as "unfit"
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where exists (
     select from relations r where r."name" = c.relname
        and (r."schema" = n.nspname or r."schema" is null and pg_catalog.pg_table_is_visible(c.oid))))
select pg_catalog.json_build_object(
  'session', pg_catalog.json_build_array(current_user, session_user, pg_catalog.current_schemas(true)::text,
     (select pg_catalog.md5(pg_catalog.string_agg(s."name" || '=' || coalesce(s.setting, ''), ',' order by s."name"))
        from pg_catalog.pg_settings s where s.context in ('user', 'superuser') and s."name" not in
          ('application_name', 'statement_timeout', 'lock_timeout', 'transaction_read_only', 'transaction_isolation'))),
  'temporary', exists (select from pg_catalog.pg_class c where c.relnamespace = pg_catalog.pg_my_temp_schema())
     or exists (select from pg_catalog.pg_type t where t.typnamespace = pg_catalog.pg_my_temp_schema()),
  'unknown', coalesce(
     (select f."name" || '()' from functions f where not exists (select from pg_catalog.pg_proc p where p.proname = f."name") limit 1),
     (select c."name" || '()' from called c
       where not (c."volatility" = 'i' and (c."own" or c."extension")
          or c."own" and c."volatility" = 's' and c."name" = any ($2::text[])) limit 1),
     (select r.nspname || '.' || r.relname from reads r where r."unfit" limit 1),
     (select t.typname::text from pg_catalog.pg_type t
       where t.typname in (select "name" from types) and (t.typname like 'reg%' or
          t.typnamespace <> 'pg_catalog'::pg_catalog.regnamespace and t.typtype <> 'e' and not exists (
            select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
               and d.objid = t.oid and d.deptype = 'e')) limit 1)),
  'tables', (select coalesce(pg_catalog.json_agg(r.oid::text order by r.oid), '[]') from reads r),
  'views', (select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
       'oid', r.oid::text, 'definition', pg_catalog.pg_get_viewdef(r.oid))), '[]')
    from reads r, wanted where r.relkind = 'v'
     and r.oid::text not in (select pg_catalog.json_array_elements_text(j -> 'seen')))
)::text`;

/**
 * $1: oids of tables. Which names a statement must not use lest it change them: relatives by inheritance and partition,
 * tables whose foreign keys cascade to them, and everything that runs code of the database's own.
 */
export const surroundingsSql = `/* howdah:result-cache.surroundings */
with recursive family(oid) as (
  select pg_catalog.unnest($1::pg_catalog.oid[])
  union
  select x.oid from family f cross join lateral (
    select i.inhrelid as oid from pg_catalog.pg_inherits i where i.inhparent = f.oid
    union all select i.inhparent from pg_catalog.pg_inherits i where i.inhrelid = f.oid
    union all select k.confrelid from pg_catalog.pg_constraint k
     where k.conrelid = f.oid and k.contype = 'f'
       and (k.confdeltype not in ('a', 'r') or k.confupdtype not in ('a', 'r'))) as x),
own as (
  select p.oid, p.proname, p.pronargs, p.proargtypes[0] as "first" from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
   where n.nspname not in ('pg_catalog', 'information_schema') and (p.provolatile = 'v' or not exists (
     select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
        and d.objid = p.oid and d.deptype = 'e'))),
relations as (
  select c.oid, c.relname, c.relkind from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'm', 'v', 'f') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')),
acting as (
  select distinct r.oid, r.relname from relations r
    join pg_catalog.pg_rewrite w on w.ev_class = r.oid
    join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = w.oid
     and d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
   where d.refobjid in (select oid from own))
select pg_catalog.json_build_object(
  'relations', (select coalesce(pg_catalog.json_agg(distinct r.relname), '[]') from relations r
     join pg_catalog.pg_class c on c.oid = r.oid
    where r.oid in (select oid from family) or r.relkind in ('v', 'f') or c.relhasrules or c.relrowsecurity
       or exists (select from pg_catalog.pg_trigger t where t.tgrelid = r.oid and not t.tgisinternal)
       or exists (select from pg_catalog.pg_attrdef a
            join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and d.objid = a.oid
             and d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
           where a.adrelid = r.oid and d.refobjid in (select oid from own))),
  'acting', (select coalesce(pg_catalog.json_agg(a.relname), '[]') from acting a),
  'functions', (select coalesce(pg_catalog.json_agg(distinct o.proname), '[]') from own o),
  'fields', (select coalesce(pg_catalog.json_agg(distinct o.proname), '[]') from own o
     join pg_catalog.pg_type t on t.oid = o."first" where o.pronargs = 1 and t.typtype in ('c', 'p')),
  'operators', (select coalesce(pg_catalog.json_agg(distinct p.oprname), '[]') from pg_catalog.pg_operator p
    where p.oprcode in (select oid from own))
)::text`;
