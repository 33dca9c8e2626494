/** What may be asked of any object: what it needs and what needs it. */
import { query } from '../../../postgres/query.ts';
import { relationKind } from '../tree/object-words.sql.ts';

/** A column of an answer that names an object one can open rather than something to be shown. */
export interface ReferenceColumns {
  readonly refKind: string | null;
  readonly refOid: number | null;
  readonly refSubId: number | null;
  readonly refSchema: string | null;
  readonly refName: string | null;
}
export type TableRow = Readonly<Record<string, unknown>>;

const kindOf = (classId: string, oid: string, subId: string): string => `(case
  when ${classId} = 'pg_class'::regclass and ${subId} > 0 then 'column'
  when ${classId} = 'pg_class'::regclass then (select ${relationKind} from pg_class c where c.oid = ${oid})
  when ${classId} = 'pg_proc'::regclass then (select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end from pg_proc p where p.oid = ${oid})
  when ${classId} = 'pg_type'::regclass then (select case t.typtype when 'd' then 'domain' else 'type' end from pg_type t where t.oid = ${oid})
  else (case ${classId}::regclass::text ${[
    ['pg_namespace', 'schema'],
    ['pg_constraint', 'constraint'],
    ['pg_trigger', 'trigger'],
    ['pg_rewrite', 'rule'],
    ['pg_policy', 'policy'],
    ['pg_collation', 'collation'],
    ['pg_operator', 'operator'],
    ['pg_opclass', 'operatorClass'],
    ['pg_opfamily', 'operatorFamily'],
    ['pg_conversion', 'conversion'],
    ['pg_ts_config', 'textSearchConfiguration'],
    ['pg_ts_dict', 'textSearchDictionary'],
    ['pg_ts_parser', 'textSearchParser'],
    ['pg_ts_template', 'textSearchTemplate'],
    ['pg_statistic_ext', 'statistics'],
    ['pg_extension', 'extension'],
    ['pg_language', 'language'],
    ['pg_cast', 'cast'],
    ['pg_transform', 'transform'],
    ['pg_am', 'accessMethod'],
    ['pg_foreign_data_wrapper', 'foreignDataWrapper'],
    ['pg_foreign_server', 'foreignServer'],
    ['pg_user_mapping', 'userMapping'],
    ['pg_event_trigger', 'eventTrigger'],
    ['pg_publication', 'publication'],
    ['pg_authid', 'role'],
    ['pg_tablespace', 'tablespace'],
    ['pg_database', 'database'],
  ]
    .map(([catalog, kind]) => `when '${catalog}' then '${kind}'`)
    .join(' ')} end) end)`;

/** A view hangs on others through its rule, a default through pg_attrdef: what one wants to read is the view, the column. */
const resolved = (columns: string, from: string): string => `
  select distinct on (s."classId", s.oid, s."subId") ${columns}, s."classId", s.oid, s."subId", s.deptype from (
    select case d.class when 'pg_rewrite'::regclass then 'pg_class'::regclass::oid when 'pg_attrdef'::regclass then 'pg_class'::regclass::oid
        else d.class end as "classId",
      case d.class when 'pg_rewrite'::regclass then (select r.ev_class from pg_rewrite r where r.oid = d.obj)
        when 'pg_attrdef'::regclass then (select a.adrelid from pg_attrdef a where a.oid = d.obj) else d.obj end as oid,
      case d.class when 'pg_rewrite'::regclass then 0 when 'pg_attrdef'::regclass then (select a.adnum from pg_attrdef a where a.oid = d.obj)
        else d.sub end as "subId", d.deptype
    from (${from}) d) s
  where s.oid is not null and not (s."classId" = to_regclass('pg_catalog.' || $1::text) and s.oid = $2::oid)`;

const shown = (from: string, words: string): string => `
  select i.type as "Kind", i.identity as "Object", ${words} as "How",
    ${kindOf('r."classId"', 'r.oid', 'r."subId"')} as "refKind", r.oid as "refOid", r."subId" as "refSubId", i.schema as "refSchema",
    coalesce(i.name, i.identity) as "refName"
  from (${from}) r, lateral pg_identify_object(r."classId", r.oid, r."subId") i
  where i.identity is not null order by 1, 2 limit 1000`;

/** $1 catalog's name, $2 oid, $3 sub-id (0: the whole object): what it cannot be without. */
export const objectDependencies = query<TableRow & ReferenceColumns>(
  'objects.dependencies',
  shown(
    resolved(
      '1',
      `select refclassid as class, refobjid as obj, refobjsubid as sub, deptype::text from pg_depend
       where classid = to_regclass('pg_catalog.' || $1::text) and objid = $2::oid and ($3::int = 0 or objsubid = $3::int) and deptype <> 'p'
       union all
       select d.refclassid, d.refobjid, d.refobjsubid, d.deptype::text from pg_rewrite w join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
       where $1::text = 'pg_class' and w.ev_class = $2::oid
       union all
       select d.refclassid, d.refobjid, d.refobjsubid, d.deptype::text from pg_attrdef w join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = w.oid
       where $1::text = 'pg_class' and w.adrelid = $2::oid and ($3::int = 0 or w.adnum = $3::int)
       union all
       select refclassid, refobjid, 0, 'shared ' || deptype::text from pg_shdepend
       where dbid in (0, (select oid from pg_database where datname = current_database()))
         and classid = to_regclass('pg_catalog.' || $1::text) and objid = $2::oid and $3::int in (0, objsubid) and deptype <> 'p'`,
    ),
    `case r.deptype when 'n' then 'uses it' when 'a' then 'is dropped with it' when 'i' then 'is a part of it' when 'e' then 'is a member of the extension'
      when 'P' then 'is a partition of it' when 'S' then 'is a partition of it' when 'x' then 'is dropped with the extension'
      when 'shared o' then 'is owned by it' when 'shared a' then 'has grants for it' when 'shared i' then 'has initial grants for it'
      when 'shared r' then 'has a policy for it' when 'shared t' then 'is stored in it' else r.deptype end`,
  ),
);

/** $1 catalog's name, $2 oid, $3 sub-id (0: any part of it): what would not work without it. */
export const objectDependents = query<TableRow & ReferenceColumns>(
  'objects.dependents',
  shown(
    resolved(
      '1',
      `select classid as class, objid as obj, objsubid as sub, deptype::text from pg_depend
       where refclassid = to_regclass('pg_catalog.' || $1::text) and refobjid = $2::oid and ($3::int = 0 or refobjsubid = $3::int) and deptype <> 'p'
         and not (classid = 'pg_type'::regclass and deptype = 'i') and not (classid = 'pg_trigger'::regclass and deptype in ('i', 'P', 'S'))
       union all
       select classid, objid, objsubid, 'shared ' || deptype::text from pg_shdepend
       where dbid in (0, (select oid from pg_database where datname = current_database()))
         and refclassid = to_regclass('pg_catalog.' || $1::text) and refobjid = $2::oid and $3::int = 0 and deptype <> 'p'`,
    ),
    `case r.deptype when 'n' then 'uses this' when 'a' then 'is dropped with this' when 'i' then 'is a part of this' when 'e' then 'is a member of this'
      when 'P' then 'is a partition of this' when 'S' then 'is a partition of this' when 'x' then 'is dropped with this extension'
      when 'shared o' then 'is owned by this' when 'shared a' then 'has grants for this' when 'shared i' then 'has initial grants for this'
      when 'shared r' then 'has a policy for this' when 'shared t' then 'is stored in this' else r.deptype end`,
  ),
);
