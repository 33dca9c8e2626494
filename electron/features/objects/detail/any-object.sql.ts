/** What may be asked of any object: its comment, who owns it, who may do what with it, what it needs and what needs it. */
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

/** Every catalog whose objects have an owner: the letter acldefault() wants, or null where there are no grants. */
const owned: readonly (readonly [catalog: string, owner: string, acl: string, letter: string])[] = [
  ['pg_class', 'relowner', 'relacl', "(case when relkind = 'S' then 's' else 'r' end)"],
  ['pg_proc', 'proowner', 'proacl', "'f'"],
  ['pg_type', 'typowner', 'typacl', "'T'"],
  ['pg_namespace', 'nspowner', 'nspacl', "'n'"],
  ['pg_database', 'datdba', 'datacl', "'d'"],
  ['pg_tablespace', 'spcowner', 'spcacl', "'t'"],
  ['pg_language', 'lanowner', 'lanacl', "'l'"],
  ['pg_foreign_data_wrapper', 'fdwowner', 'fdwacl', "'F'"],
  ['pg_foreign_server', 'srvowner', 'srvacl', "'S'"],
  ['pg_collation', 'collowner', 'null', 'null'],
  ['pg_operator', 'oprowner', 'null', 'null'],
  ['pg_opclass', 'opcowner', 'null', 'null'],
  ['pg_opfamily', 'opfowner', 'null', 'null'],
  ['pg_conversion', 'conowner', 'null', 'null'],
  ['pg_ts_config', 'cfgowner', 'null', 'null'],
  ['pg_ts_dict', 'dictowner', 'null', 'null'],
  ['pg_statistic_ext', 'stxowner', 'null', 'null'],
  ['pg_extension', 'extowner', 'null', 'null'],
  ['pg_event_trigger', 'evtowner', 'null', 'null'],
  ['pg_publication', 'pubowner', 'null', 'null'],
];
/** $1 catalog's name, $2 oid -> (owner, acl, letter). */
const ownership = owned
  .map(
    ([catalog, owner, acl, letter]) =>
      `select ${owner} as owner, ${acl}::aclitem[] as acl, ${letter}::"char" as letter from ${catalog} where $1::text = '${catalog}' and oid = $2::oid`,
  )
  .join('\n  union all ');

export interface BasicsRow {
  readonly comment: string | null;
  readonly owner: string | null;
  readonly extension: string | null;
}
/** $1 catalog's name, $2 oid, $3 sub-id. Always one row. */
export const objectBasics = query<BasicsRow>(
  'objects.basics',
  `select
    case when $1::text in ('pg_database', 'pg_authid', 'pg_tablespace') then shobj_description($2::oid, $1::name)
      when $3::int > 0 then col_description($2::oid, $3::int) else obj_description($2::oid, $1::name) end as comment,
    (select pg_get_userbyid(o.owner) from (${ownership}) o) as owner,
    (select e.extname from pg_depend d join pg_extension e on e.oid = d.refobjid
      where d.classid = to_regclass('pg_catalog.' || $1::text) and d.objid = $2::oid and d.deptype = 'e'
        and d.refclassid = 'pg_extension'::regclass limit 1) as extension`,
);

export interface GrantRow {
  readonly grantee: string;
  readonly grantor: string;
  readonly privilege: string;
  readonly grantable: boolean;
  /** Whether this is what the kind has without any GRANT or REVOKE. */
  readonly column: string | null;
  readonly initial: boolean;
  readonly held: boolean;
  readonly granteeIsPublic: boolean;
}
/**
 * $1 catalog's name, $2 oid: every privilege held, and every one the owner or PUBLIC would have had by default but
 * has not (held = false). Columns' grants follow, in the order of the columns.
 */
export const objectGrants = query<GrantRow>(
  'objects.grants',
  `with o as (${ownership}),
  held as (select x.*, a.place from o, lateral (select * from unnest(coalesce(o.acl, acldefault(o.letter, o.owner))) with ordinality u(item, place)) a,
    lateral aclexplode(array[a.item]) x where o.letter is not null),
  initial as (select x.* from o, lateral aclexplode(acldefault(o.letter, o.owner)) x where o.letter is not null)
  select g.grantee, g.grantor, g.privilege, g.grantable, g."column", g.initial, g.held, g."granteeIsPublic" from (
    select case h.grantee when 0 then 'PUBLIC' else pg_get_userbyid(h.grantee) end as grantee, pg_get_userbyid(h.grantor) as grantor,
      h.privilege_type as privilege, h.is_grantable as grantable, null::text as "column",
      exists (select from initial i where i.grantee = h.grantee and i.privilege_type = h.privilege_type and i.is_grantable = h.is_grantable) as initial,
      true as held, h.grantee = 0 as "granteeIsPublic", h.place, 0 as attnum
    from held h
    union all
    select case i.grantee when 0 then 'PUBLIC' else pg_get_userbyid(i.grantee) end, pg_get_userbyid(i.grantor), i.privilege_type, i.is_grantable,
      null, true, false, i.grantee = 0, 0, 0
    from initial i where not exists (select from held h where h.grantee = i.grantee and h.privilege_type = i.privilege_type)
    union all
    select case x.grantee when 0 then 'PUBLIC' else pg_get_userbyid(x.grantee) end, pg_get_userbyid(x.grantor), x.privilege_type, x.is_grantable,
      a.attname, false, true, x.grantee = 0, 0, a.attnum
    from pg_attribute a, lateral aclexplode(a.attacl) x
    where $1::text = 'pg_class' and a.attrelid = $2::oid and not a.attisdropped and a.attacl is not null
  ) g order by g.attnum, g.place, g.privilege`,
);

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
