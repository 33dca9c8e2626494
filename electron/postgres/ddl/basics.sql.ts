/** What DDL and pages ask of any object: its comment, who owns it, who may do what with it. */
import { query } from '../query.ts';

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
