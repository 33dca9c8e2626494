/**
 * What a table is made of, for writing it down again; each question takes the relation's oid as $1. The catalog
 * connection has an empty search_path, so every name in a definition comes qualified.
 */
import { query } from '../query.ts';

export interface TableRow {
  readonly schema: string;
  readonly name: string;
  readonly relkind: string;
  readonly persistence: string;
  readonly isPartition: boolean;
  readonly owner: string;
  readonly accessMethod: string | null;
  readonly tablespace: string | null;
  readonly options: string[] | null;
  readonly toastOptions: string[] | null;
  readonly replicaIdentity: string;
  readonly replicaIndex: string | null;
  readonly clusterIndex: string | null;
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  readonly ofType: string | null;
  readonly partitionKey: string | null;
  readonly partitionBound: string | null;
  readonly parents: string[];
  readonly server: string | null;
  readonly foreignOptions: string[] | null;
  readonly comment: string | null;
  readonly viewDefinition: string | null;
  readonly populated: boolean;
}
export const ddlTable = query<TableRow>(
  'objects.ddlTable',
  `select n.nspname as schema, c.relname as name, c.relkind::text as relkind, c.relpersistence::text as persistence, c.relispartition as "isPartition",
    pg_get_userbyid(c.relowner) as owner, (select m.amname from pg_am m where m.oid = c.relam) as "accessMethod",
    (select s.spcname from pg_tablespace s where s.oid = c.reltablespace) as tablespace, c.reloptions as options,
    (select t.reloptions from pg_class t where t.oid = c.reltoastrelid) as "toastOptions", c.relreplident::text as "replicaIdentity",
    (select x.relname from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisreplident) as "replicaIndex",
    (select x.relname from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisclustered) as "clusterIndex",
    c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as "forceRowSecurity",
    case when c.reloftype <> 0 then c.reloftype::regtype::text end as "ofType",
    case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as "partitionKey", pg_get_expr(c.relpartbound, 0) as "partitionBound",
    coalesce((select array_agg(h.inhparent::regclass::text order by h.inhseqno) from pg_inherits h where h.inhrelid = c.oid), '{}') as parents,
    v.srvname as server, f.ftoptions as "foreignOptions", obj_description(c.oid, 'pg_class') as comment,
    case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end as "viewDefinition", c.relispopulated as populated
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join pg_foreign_table f on f.ftrelid = c.oid left join pg_foreign_server v on v.oid = f.ftserver where c.oid = $1::oid`,
);

export interface ColumnRow {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
  readonly notNull: boolean;
  readonly notNullName: string | null;
  readonly notNullNoInherit: boolean;
  /** Of a NOT NULL that stands here and not only with a parent; its validity. */
  readonly notNullLocal: boolean;
  readonly notNullValid: boolean;
  readonly notNullComment: string | null;
  readonly identity: string;
  readonly identityOptions: string | null;
  readonly generated: string;
  readonly expression: string | null;
  readonly storage: string | null;
  readonly compression: string | null;
  readonly statisticsTarget: number | null;
  readonly options: string[] | null;
  readonly foreignOptions: string[] | null;
  readonly local: boolean;
  readonly inherited: boolean;
  readonly comment: string | null;
}
const highest = `case s.seqtypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else 9223372036854775807 end`;
const lowest = `case s.seqtypid when 'int2'::regtype then -32768 when 'int4'::regtype then -2147483648 else -9223372036854775808 end`;
/** An identity's sequence is said only where it is not what it would be anyway. Default name of a NOT NULL constraint is table_column_not_null; others are written out. */
export const ddlColumns = query<ColumnRow>(
  'objects.ddlColumns',
  (since) => `select a.attnum as number, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end as collation, a.attnotnull as "notNull",
    ${since({
      13: `null::text as "notNullName", false as "notNullNoInherit", true as "notNullLocal", true as "notNullValid", null::text as "notNullComment"`,
      18: `k.conname as "notNullName", coalesce(k.connoinherit, false) as "notNullNoInherit", coalesce(k.conislocal, false) as "notNullLocal",
        coalesce(k.convalidated, true) as "notNullValid", obj_description(k.oid, 'pg_constraint') as "notNullComment"`,
    })},
    a.attidentity::text as identity, a.attgenerated::text as generated, pg_get_expr(d.adbin, d.adrelid) as expression,
    (select concat_ws(' ', case when q.relname <> c.relname || '_' || a.attname || '_seq' or q.relnamespace <> c.relnamespace then 'SEQUENCE NAME ' || q.oid::regclass end,
        case when s.seqstart <> case when s.seqincrement > 0 then s.seqmin else s.seqmax end then 'START WITH ' || s.seqstart end,
        case when s.seqincrement <> 1 then 'INCREMENT BY ' || s.seqincrement end,
        case when (s.seqincrement > 0 and s.seqmin <> 1) or (s.seqincrement < 0 and s.seqmin <> ${lowest}) then 'MINVALUE ' || s.seqmin end,
        case when (s.seqincrement > 0 and s.seqmax <> ${highest}) or (s.seqincrement < 0 and s.seqmax <> -1) then 'MAXVALUE ' || s.seqmax end,
        case when s.seqcache <> 1 then 'CACHE ' || s.seqcache end, case when s.seqcycle then 'CYCLE' end)
      from pg_depend e join pg_class q on q.oid = e.objid and q.relkind = 'S' join pg_sequence s on s.seqrelid = q.oid
      where e.classid = 'pg_class'::regclass and e.refclassid = 'pg_class'::regclass and e.refobjid = a.attrelid and e.refobjsubid = a.attnum and e.deptype = 'i' limit 1) as "identityOptions",
    case when a.attstorage <> t.typstorage then case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end end as storage,
    ${since({ 13: 'null', 14: "case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end" })}::text as compression,
    nullif(a.attstattarget, -1)::int as "statisticsTarget", a.attoptions as options, a.attfdwoptions as "foreignOptions",
    a.attislocal as local, a.attinhcount > 0 as inherited, col_description(a.attrelid, a.attnum) as comment
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  ${since({ 13: '', 18: "left join pg_constraint k on k.conrelid = a.attrelid and k.contype = 'n' and k.conkey[1] = a.attnum" })}
  where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped order by a.attnum`,
);

export interface ConstraintRow {
  readonly oid: number;
  readonly name: string;
  readonly contype: string;
  readonly definition: string;
  readonly local: boolean;
  readonly ofParent: boolean;
  readonly validated: boolean;
  /** It came with a parent, where it does not hold for all rows. */
  readonly parentNotValid: boolean;
  readonly comment: string | null;
  readonly index: string | null;
  readonly indexOptions: string[] | null;
  readonly indexTablespace: string | null;
  readonly indexComment: string | null;
}
export const ddlConstraints = query<ConstraintRow>(
  'objects.ddlConstraints',
  `select k.oid, k.conname as name, k.contype::text as contype, pg_get_constraintdef(k.oid) as definition, k.conislocal as local,
    k.conparentid <> 0 as "ofParent", k.convalidated as validated,
    exists (select from pg_inherits h join pg_constraint p on p.conrelid = h.inhparent and p.conname = k.conname and p.contype = 'c' and not p.convalidated
      where h.inhrelid = k.conrelid and k.contype = 'c') as "parentNotValid", obj_description(k.oid, 'pg_constraint') as comment,
    i.oid::regclass::text as index, i.reloptions as "indexOptions", (select s.spcname from pg_tablespace s where s.oid = i.reltablespace) as "indexTablespace",
    obj_description(i.oid, 'pg_class') as "indexComment"
  from pg_constraint k left join pg_class i on i.oid = k.conindid and k.contype in ('p', 'u', 'x')
  where k.conrelid = $1::oid and k.contype in ('p', 'u', 'x', 'c', 'f')
  order by array_position(array['p', 'u', 'x', 'c', 'f'], k.contype::text), k.conname`,
);

export interface IndexRow {
  readonly oid: number;
  readonly name: string;
  readonly definition: string;
  readonly valid: boolean;
  readonly tablespace: string | null;
  readonly comment: string | null;
  /** Of expressions: `number target`. */
  readonly statistics: string[];
}
export const ddlIndexes = query<IndexRow>(
  'objects.ddlIndexes',
  `select c.oid, c.oid::regclass::text as name, pg_get_indexdef(c.oid) as definition, i.indisvalid as valid,
    (select s.spcname from pg_tablespace s where s.oid = c.reltablespace) as tablespace, obj_description(c.oid, 'pg_class') as comment,
    coalesce((select array_agg(a.attnum || ' ' || a.attstattarget order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attstattarget >= 0), '{}') as statistics
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where i.indrelid = $1::oid and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))
  order by exists (select from pg_inherits h where h.inhrelid = c.oid) desc, c.relname`,
);

export interface NamedDefinition {
  readonly oid: number;
  readonly name: string;
  readonly definition: string;
  readonly enabled: string;
  readonly comment: string | null;
}
/** A trigger that came from a partitioned table is made with it; only where its state differs is there a line to write. */
export const ddlTriggers = query<NamedDefinition & { readonly ofParent: boolean; readonly sameState: boolean }>(
  'objects.ddlTriggers',
  `select t.oid, t.tgname as name, pg_get_triggerdef(t.oid) as definition, t.tgenabled::text as enabled, obj_description(t.oid, 'pg_trigger') as comment,
    t.tgparentid <> 0 as "ofParent", coalesce((select p.tgenabled = t.tgenabled from pg_trigger p where p.oid = t.tgparentid), false) as "sameState"
  from pg_trigger t where t.tgrelid = $1::oid and not t.tgisinternal order by t.tgname`,
);
export const ddlRules = query<NamedDefinition>(
  'objects.ddlRules',
  `select r.oid, r.rulename as name, pg_get_ruledef(r.oid) as definition, r.ev_enabled::text as enabled, obj_description(r.oid, 'pg_rewrite') as comment
  from pg_rewrite r where r.ev_class = $1::oid and r.rulename <> '_RETURN' order by r.rulename`,
);
export interface PolicyRow {
  readonly oid: number;
  readonly name: string;
  readonly permissive: boolean;
  readonly command: string;
  readonly roles: string[] | null;
  readonly using: string | null;
  readonly check: string | null;
  readonly comment: string | null;
}
/** Roles come quoted; null stands for PUBLIC. */
export const ddlPolicies = query<PolicyRow>(
  'objects.ddlPolicies',
  `select p.oid, p.polname as name, p.polpermissive as permissive,
    case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end as command,
    case when p.polroles <> '{0}' then (select array_agg(quote_ident(pg_get_userbyid(u.role)) order by u.place) from unnest(p.polroles) with ordinality u(role, place)) end as roles,
    pg_get_expr(p.polqual, p.polrelid) as "using", pg_get_expr(p.polwithcheck, p.polrelid) as "check", obj_description(p.oid, 'pg_policy') as comment
  from pg_policy p where p.polrelid = $1::oid order by p.polname`,
);
export interface StatisticsRow {
  readonly oid: number;
  readonly name: string;
  readonly definition: string;
  readonly target: number | null;
  readonly owner: string;
  readonly tableOwner: string;
  readonly comment: string | null;
}
/** $1 a table or one statistics object. */
export const ddlStatistics = query<StatisticsRow>(
  'objects.ddlStatistics',
  `select o.oid, quote_ident(n.nspname) || '.' || quote_ident(o.stxname) as name, pg_get_statisticsobjdef(o.oid) as definition, nullif(o.stxstattarget, -1)::int as target,
    pg_get_userbyid(o.stxowner) as owner, (select pg_get_userbyid(c.relowner) from pg_class c where c.oid = o.stxrelid) as "tableOwner", obj_description(o.oid, 'pg_statistic_ext') as comment
  from pg_statistic_ext o join pg_namespace n on n.oid = o.stxnamespace where $1::oid in (o.stxrelid, o.oid) order by o.stxname`,
);

export interface SequenceRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly persistence: string;
  readonly type: string;
  readonly start: string;
  readonly increment: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly cache: string;
  readonly cycle: boolean;
  readonly owner: string;
  readonly comment: string | null;
  /** `schema.table.column`, quoted. */
  readonly ownedBy: string | null;
  readonly ownedTableOid: number | null;
  readonly identity: boolean;
}
/** $1 a sequence, or a table whose columns' sequences are wanted. */
export const ddlSequences = query<SequenceRow>(
  'objects.ddlSequences',
  `select c.oid, n.nspname as schema, c.relname as name, c.relpersistence::text as persistence, format_type(s.seqtypid, null) as type, s.seqstart::text as start,
    s.seqincrement::text as increment, s.seqmin::text as minimum, s.seqmax::text as maximum, s.seqcache::text as cache, s.seqcycle as cycle,
    pg_get_userbyid(c.relowner) as owner, obj_description(c.oid, 'pg_class') as comment,
    d.refobjid::regclass::text || '.' || quote_ident(a.attname) as "ownedBy", d.refobjid as "ownedTableOid", coalesce(d.deptype = 'i', false) as identity
  from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
  left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0 and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
  left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where $1::oid in (c.oid, d.refobjid) order by c.relname`,
);
