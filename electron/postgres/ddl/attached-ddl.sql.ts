/** What may be attached to an object beside its comment and grants: labels of security modules, ties to an extension. */
import { query } from '../query.ts';

/** $1 catalog's name, $2 oid, $3 the column's number, 0 for all of it: the object and what is made with it. */
const own = `with own (class, object) as (
    select to_regclass('pg_catalog.' || $1::text)::oid, $2::oid
    union select 'pg_class'::regclass, i.indexrelid from pg_index i where i.indrelid = $2::oid and $1::text = 'pg_class' and $3::int = 0
    union select 'pg_trigger'::regclass, t.oid from pg_trigger t where t.tgrelid = $2::oid and $1::text = 'pg_class' and $3::int = 0
    union select 'pg_class'::regclass, d.objid from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S'
      where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = $2::oid and d.deptype in ('a', 'i')
        and $1::text = 'pg_class' and $3::int = 0)`;

/** Statements without their semicolon. An object that depends on an extension (`x`) is dropped with it, and is no part of it. */
export const ddlAttached = query<{ readonly statement: string }>(
  'objects.ddlAttached',
  `${own}
  select 'ALTER ' || case x.type when 'aggregate' then 'ROUTINE' else upper(x.type) end || ' ' || case when t.oid is null then x.identity
      else quote_ident(t.tgname) || ' ON ' || t.tgrelid::regclass end || ' DEPENDS ON EXTENSION ' || quote_ident(e.extname) as statement
  from own join pg_depend d on d.classid = own.class and d.objid = own.object and d.deptype = 'x' and d.refclassid = 'pg_extension'::regclass
    join pg_extension e on e.oid = d.refobjid
    left join pg_trigger t on d.classid = 'pg_trigger'::regclass and t.oid = d.objid,
    lateral pg_identify_object(d.classid, d.objid, 0) x
  where $3::int = 0
  union all
  select 'SECURITY LABEL FOR ' || quote_ident(l.provider) || ' ON ' || case when x.type like '% column' then 'COLUMN' else upper(x.type) end || ' ' || x.identity
    || ' IS ' || quote_literal(l.label)
  from own join (select classoid, objoid, objsubid, provider, label from pg_seclabel union all select classoid, objoid, 0, provider, label from pg_shseclabel) l
      on l.classoid = own.class and l.objoid = own.object and $3::int in (0, l.objsubid),
    lateral pg_identify_object(l.classoid, l.objoid, l.objsubid) x
  order by 1`,
);
