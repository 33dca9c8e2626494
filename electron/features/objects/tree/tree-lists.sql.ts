/**
 * One question a folder of the tree. All take the same five values, so that one piece of code can page any of them:
 * $1 oid of the owner (schema, relation …; 0 in the database itself), $2 and $3 sort text and oid of the last row
 * shown (null for the first page), $4 rows at most, $5 whether what PostgreSQL ships with is wanted.
 * Only what nobody needs a right or a lock for is read here: a tree must come up for everybody, also beside an
 * ACCESS EXCLUSIVE lock (hence `pg_get_expr(…, 0)`, which opens no relation).
 */
import type { ObjectKind } from '../../../../shared/api/objects.ts';
import { query, type Since } from '../../../postgres/query.ts';

export interface ListRow {
  readonly kind: ObjectKind;
  readonly oid: number;
  readonly subId: number | null;
  readonly schema: string | null;
  readonly name: string;
  readonly detail: string | null;
  readonly comment: string | null;
  readonly system: boolean;
  readonly hasChildren: boolean;
  readonly sort: string;
}

interface ListParts {
  /** The catalog the object's row is in, and the alias it has in `from`. */
  readonly catalog: string;
  readonly alias: string;
  readonly from: string;
  readonly where: string;
  readonly name: string;
  /** A kind, or an SQL expression giving one (in parentheses). */
  readonly kind: string;
  readonly schema?: string;
  readonly detail?: string;
  readonly hasChildren?: string;
  readonly comment?: string;
  readonly sort?: string;
  readonly oid?: string;
  readonly subId?: string;
  /** Objects that belong to another (columns, triggers) are not marked as the system's. */
  readonly part?: boolean;
  /** Whether shipped objects are shown only when asked for. */
  readonly hideShipped?: boolean;
}

const listText = (parts: ListParts): string => {
  const oid = parts.oid ?? `${parts.alias}.oid`;
  const catalog = `'pg_catalog.${parts.catalog}'::regclass`;
  const member = `exists (select from pg_depend x where x.classid = ${catalog} and x.objid = ${oid} and x.deptype = 'e')`;
  const kind = parts.kind.startsWith('(') ? parts.kind : `'${parts.kind}'`;
  const name = `${parts.name}::text`;
  return `
  select l.* from (
    select ${kind} as kind, ${oid} as oid, ${parts.subId ?? 'null'}::int as "subId", ${parts.schema ?? 'null'}::text as schema,
      ${name} as name, ${parts.detail ?? 'null'}::text as detail,
      ${parts.comment ?? `obj_description(${oid}, '${parts.catalog}')`} as comment,
      ${parts.part ? 'false' : `(${oid} < 16384 or ${member})`} as system, ${parts.hasChildren ?? 'false'} as "hasChildren",
      ${parts.sort ?? `lower(${name} collate "C") || chr(1) || ${name}`} collate "C" as sort
    from ${parts.from}
    where ${parts.where} and $1::oid is not null
      and ($5::boolean ${parts.hideShipped ? `or ${oid} >= 16384` : 'or true'})) l
  where $2::text is null or (l.sort, l.oid) > ($2::text, $3::oid)
  order by l.sort, l.oid limit $4::int`;
};
const list = (name: string, parts: ListParts | ((since: Since) => ListParts)) =>
  query<ListRow>(`objects.list.${name}`, (since) => listText(typeof parts === 'function' ? parts(since) : parts));

export const relationKind = `(case c.relkind when 'r' then 'table' when 'p' then 'partitionedTable' when 'f' then 'foreignTable'
  when 'v' then 'view' when 'm' then 'materializedView' when 'S' then 'sequence' when 'c' then 'type' else 'index' end)`;
/** 1234567 -> "~1.2M rows"; nothing where the planner has no estimate yet. */
const rowEstimate = `case when c.relkind in ('v', 'f', 'S') or c.reltuples < 0 or (c.reltuples = 0 and c.relpages = 0) then null
  when c.reltuples >= 1e9 then '~' || round((c.reltuples / 1e9)::numeric, 1) || 'B rows'
  when c.reltuples >= 1e6 then '~' || round((c.reltuples / 1e6)::numeric, 1) || 'M rows'
  when c.reltuples >= 1e4 then '~' || round((c.reltuples / 1e3)::numeric) || 'k rows'
  else '~' || round(c.reltuples::numeric) || ' rows' end`;

const relations = (relkinds: string, detail = rowEstimate): ListParts => ({
  catalog: 'pg_class',
  alias: 'c',
  from: 'pg_class c join pg_namespace n on n.oid = c.relnamespace',
  where: `c.relnamespace = $1::oid and c.relkind in (${relkinds}) and not c.relispartition`,
  kind: relationKind,
  schema: 'n.nspname',
  name: 'c.relname',
  detail,
  hasChildren: "c.relkind <> 'S'",
});
export const listSchemas = list('schemas', {
  catalog: 'pg_namespace',
  alias: 'n',
  from: 'pg_namespace n',
  where: `n.nspname !~ '^pg_(toast_)?temp_' and n.nspname <> 'pg_toast'
    and ($5::boolean or n.nspname not in ('pg_catalog', 'information_schema'))`,
  kind: 'schema',
  name: 'n.nspname',
  hasChildren: 'true',
});
export const listTables = list('tables', relations("'r', 'p'"));
export const listForeignTables = list('foreignTables', relations("'f'"));
export const listViews = list('views', relations("'v'"));
export const listMaterializedViews = list('materializedViews', relations("'m'"));
export const listSequences = list(
  'sequences',
  relations(
    "'S'",
    `(select 'of ' || t.relname || '.' || a.attname from pg_depend d join pg_class t on t.oid = d.refobjid
       join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
        and d.deptype in ('a', 'i') limit 1)`,
  ),
);
export const listPartitions = list('partitions', {
  ...relations(''),
  from: 'pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace',
  where: 'i.inhparent = $1::oid and c.relispartition',
  detail: 'pg_get_expr(c.relpartbound, 0)',
});
export const listInheritedBy = list('inheritedBy', {
  ...relations(''),
  from: 'pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace',
  where: 'i.inhparent = $1::oid and not c.relispartition',
});

/** Made with something else and gone with it: the constructors of a range type, its casts. */
export const isInternal = (catalog: string, oid: string): string =>
  `exists (select from pg_depend x where x.classid = 'pg_catalog.${catalog}'::regclass and x.objid = ${oid} and x.deptype = 'i')`;
const routines = (kind: ObjectKind, prokinds: string): ListParts => ({
  catalog: 'pg_proc',
  alias: 'p',
  from: 'pg_proc p join pg_namespace n on n.oid = p.pronamespace',
  where: `p.pronamespace = $1::oid and p.prokind in (${prokinds}) and not ${isInternal('pg_proc', 'p.oid')}`,
  kind,
  schema: 'n.nspname',
  name: 'p.proname',
  detail: `'(' || pg_get_function_identity_arguments(p.oid) || ')'`,
});
export const listFunctions = list('functions', routines('function', "'f', 'w'"));
export const listProcedures = list('procedures', routines('procedure', "'p'"));
export const listAggregates = list('aggregates', routines('aggregate', "'a'"));

const types = (kind: ObjectKind, where: string, detail: string, hasChildren: string): ListParts => ({
  catalog: 'pg_type',
  alias: 't',
  from: 'pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid',
  where: `t.typnamespace = $1::oid and ${where}`,
  kind,
  schema: 'n.nspname',
  name: 't.typname',
  detail,
  hasChildren,
});
/** Types that stand for themselves: not the row types of tables, nor the arrays that come with every type. */
export const standAloneType = `t.typtype in ('b', 'c', 'e', 'r', 'p') and (t.typrelid = 0 or c.relkind = 'c')
  and not exists (select from pg_type e where e.oid = t.typelem and e.typarray = t.oid)`;
export const listTypes = list(
  'types',
  types(
    'type',
    standAloneType,
    `case t.typtype when 'c' then 'composite' when 'e' then 'enum' when 'r' then 'range' when 'p' then 'pseudo-type' else 'base' end`,
    "t.typtype = 'c'",
  ),
);
export const listDomains = list(
  'domains',
  types(
    'domain',
    "t.typtype = 'd'",
    'format_type(t.typbasetype, t.typtypmod)',
    'exists (select from pg_constraint k where k.contypid = t.oid)',
  ),
);

const inSchema = (catalog: string, alias: string, prefix: string, kind: ObjectKind): ListParts => ({
  catalog,
  alias,
  from: `${catalog} ${alias} join pg_namespace n on n.oid = ${alias}.${prefix}namespace`,
  where: `${alias}.${prefix}namespace = $1::oid`,
  kind,
  schema: 'n.nspname',
  name: `${alias}.${prefix}name`,
});
export const listCollations = list('collations', {
  ...inSchema('pg_collation', 'o', 'coll', 'collation'),
  detail: `case o.collprovider when 'c' then 'libc' when 'i' then 'icu' when 'b' then 'builtin' else 'default' end`,
});
export const listOperators = list('operators', {
  ...inSchema('pg_operator', 'o', 'opr', 'operator'),
  // Without a function it is only the name that another's COMMUTATOR or NEGATOR gave.
  where: 'o.oprnamespace = $1::oid and o.oprcode::oid <> 0',
  detail: `'(' || case o.oprleft when 0 then '' else format_type(o.oprleft, null) || ', ' end || format_type(o.oprright, null) || ')'`,
});
const ofMethod = (method: string) => `'using ' || (select m.amname from pg_am m where m.oid = o.${method})`;
export const listOperatorClasses = list('operatorClasses', {
  ...inSchema('pg_opclass', 'o', 'opc', 'operatorClass'),
  detail: `${ofMethod('opcmethod')} || ' for ' || format_type(o.opcintype, null)`,
});
export const listOperatorFamilies = list('operatorFamilies', {
  ...inSchema('pg_opfamily', 'o', 'opf', 'operatorFamily'),
  detail: ofMethod('opfmethod'),
});
export const listConversions = list('conversions', {
  ...inSchema('pg_conversion', 'o', 'con', 'conversion'),
  detail: `pg_encoding_to_char(o.conforencoding) || ' to ' || pg_encoding_to_char(o.contoencoding)`,
});
export const listTextSearchConfigurations = list(
  'textSearchConfigurations',
  inSchema('pg_ts_config', 'o', 'cfg', 'textSearchConfiguration'),
);
export const listTextSearchDictionaries = list(
  'textSearchDictionaries',
  inSchema('pg_ts_dict', 'o', 'dict', 'textSearchDictionary'),
);
export const listTextSearchParsers = list(
  'textSearchParsers',
  inSchema('pg_ts_parser', 'o', 'prs', 'textSearchParser'),
);
export const listTextSearchTemplates = list(
  'textSearchTemplates',
  inSchema('pg_ts_template', 'o', 'tmpl', 'textSearchTemplate'),
);
export const listStatistics = list('statistics', {
  ...inSchema('pg_statistic_ext', 'o', 'stx', 'statistics'),
  where: '(o.stxnamespace = $1::oid or o.stxrelid = $1::oid)',
  detail: `(select 'on ' || c.relname from pg_class c where c.oid = o.stxrelid)`,
});
export const listDefaultPrivileges = list('defaultPrivileges', {
  catalog: 'pg_default_acl',
  alias: 'd',
  from: 'pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace',
  where: 'd.defaclnamespace = $1::oid',
  kind: 'defaultPrivileges',
  schema: 'n.nspname',
  name: 'pg_get_userbyid(d.defaclrole)',
  detail: `'on ' || case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'routines' when 'T' then 'types'
    when 'n' then 'schemas' when 'L' then 'large objects' else d.defaclobjtype::text end`,
});

export const listColumns = list('columns', {
  catalog: 'pg_class',
  alias: 'a',
  from: 'pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace',
  where:
    "a.attrelid = coalesce((select t.typrelid from pg_type t where t.oid = $1::oid and t.typtype = 'c'), $1::oid) and a.attnum > 0 and not a.attisdropped",
  part: true,
  kind: 'column',
  schema: 'n.nspname',
  oid: 'a.attrelid',
  subId: 'a.attnum',
  name: 'a.attname',
  detail: `format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
    || case when a.attidentity <> '' then ' identity' when a.attgenerated <> '' then ' generated' else '' end`,
  comment: 'col_description(a.attrelid, a.attnum)',
  sort: `lpad(a.attnum::text, 5, '0')`,
});
/**
 * Of `k`: not the NOT NULLs, not constraint triggers, nor the further rows that a foreign key to a partitioned table has
 * for each of its partitions.
 */
export const ownConstraint = `k.contype not in ('n', 't')
  and not exists (select from pg_constraint o where o.oid = k.conparentid and o.conrelid = k.conrelid and o.conrelid <> 0)`;
/** NOT NULL constraints (rows of their own since 18) are shown at their columns, constraint triggers among the triggers. */
export const listConstraints = list('constraints', {
  catalog: 'pg_constraint',
  alias: 'k',
  from: `pg_constraint k left join pg_class c on c.oid = k.conrelid left join pg_type t on t.oid = k.contypid
    join pg_namespace n on n.oid = k.connamespace`,
  where: `(k.conrelid = $1::oid or k.contypid = $1::oid) and ${ownConstraint}`,
  part: true,
  kind: 'constraint',
  schema: 'n.nspname',
  name: 'k.conname',
  detail: `case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key' when 'x' then 'exclusion' else 'check' end
    || case when k.convalidated then '' else ', not valid' end`,
});
export const listIndexes = list('indexes', {
  catalog: 'pg_class',
  alias: 'c',
  from: `pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_am m on m.oid = c.relam`,
  where: 'i.indrelid = $1::oid',
  part: true,
  kind: 'index',
  schema: 'n.nspname',
  name: 'c.relname',
  detail: `m.amname || case when i.indisprimary then ', primary key' when i.indisunique then ', unique' else '' end
    || case when i.indpred is not null then ', partial' else '' end || case when i.indisvalid then '' else ', invalid' end`,
});
export const listTriggers = list('triggers', {
  catalog: 'pg_trigger',
  alias: 't',
  from: 'pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace join pg_proc p on p.oid = t.tgfoid',
  where: 't.tgrelid = $1::oid and not t.tgisinternal',
  part: true,
  kind: 'trigger',
  schema: 'n.nspname',
  name: 't.tgname',
  detail: `p.proname || '()' || case t.tgenabled when 'D' then ', disabled' when 'R' then ', replica only' when 'A' then ', always' else '' end`,
});
export const listRules = list('rules', {
  catalog: 'pg_rewrite',
  alias: 'r',
  from: 'pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace',
  where: "r.ev_class = $1::oid and r.rulename <> '_RETURN'",
  part: true,
  kind: 'rule',
  schema: 'n.nspname',
  name: 'r.rulename',
  detail: `'on ' || case r.ev_type when '1' then 'select' when '2' then 'update' when '3' then 'insert' else 'delete' end
    || case when r.is_instead then ' instead' else '' end || case r.ev_enabled when 'D' then ', disabled' else '' end`,
});
export const listPolicies = list('policies', {
  catalog: 'pg_policy',
  alias: 'p',
  from: 'pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace',
  where: 'p.polrelid = $1::oid',
  part: true,
  kind: 'policy',
  schema: 'n.nspname',
  name: 'p.polname',
  detail: `case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
    || case when p.polpermissive then '' else ', restrictive' end`,
});

const inDatabase = (catalog: string, alias: string, kind: ObjectKind, name: string, detail?: string): ListParts => ({
  catalog,
  alias,
  from: `${catalog} ${alias}`,
  where: 'true',
  kind,
  name: `${alias}.${name}`,
  detail,
  hideShipped: true,
});
export const listExtensions = list('extensions', {
  ...inDatabase('pg_extension', 'e', 'extension', 'extname', 'e.extversion'),
  hideShipped: false,
});
export const listLanguages = list(
  'languages',
  inDatabase('pg_language', 'l', 'language', 'lanname', "case when l.lanpltrusted then 'trusted' end"),
);
export const listAccessMethods = list(
  'accessMethods',
  inDatabase('pg_am', 'm', 'accessMethod', 'amname', "case m.amtype when 't' then 'table' else 'index' end"),
);
export const listCasts = list('casts', {
  ...inDatabase('pg_cast', 'k', 'cast', ''),
  where: `not ${isInternal('pg_cast', 'k.oid')}`,
  name: `format_type(k.castsource, null) || ' as ' || format_type(k.casttarget, null)`,
  detail: `case k.castcontext when 'i' then 'implicit' when 'a' then 'on assignment' else 'explicit' end`,
});
export const listTransforms = list('transforms', {
  ...inDatabase('pg_transform', 'r', 'transform', ''),
  name: `format_type(r.trftype, null) || ' for ' || (select l.lanname from pg_language l where l.oid = r.trflang)`,
});
export const listForeignDataWrappers = list(
  'foreignDataWrappers',
  inDatabase('pg_foreign_data_wrapper', 'w', 'foreignDataWrapper', 'fdwname'),
);
export const listForeignServers = list('foreignServers', {
  ...inDatabase('pg_foreign_server', 's', 'foreignServer', 'srvname'),
  detail: '(select w.fdwname from pg_foreign_data_wrapper w where w.oid = s.srvfdw)',
  hasChildren: 'exists (select from pg_user_mappings m where m.srvid = s.oid)',
});
export const listUserMappings = list('userMappings', {
  catalog: 'pg_user_mapping',
  alias: 'm',
  from: 'pg_user_mappings m',
  where: 'm.srvid = $1::oid',
  oid: 'm.umid',
  part: true,
  kind: 'userMapping',
  name: 'm.usename',
  comment: 'null',
});
export const listEventTriggers = list(
  'eventTriggers',
  inDatabase(
    'pg_event_trigger',
    'v',
    'eventTrigger',
    'evtname',
    "v.evtevent || case v.evtenabled when 'D' then ', disabled' else '' end",
  ),
);
export const listPublications = list(
  'publications',
  inDatabase('pg_publication', 'p', 'publication', 'pubname', "case when p.puballtables then 'all tables' end"),
);
export const listSubscriptions = list('subscriptions', (since) => ({
  ...inDatabase(
    'pg_subscription',
    's',
    'subscription',
    'subname',
    "case when s.subenabled then 'enabled' else 'disabled' end",
  ),
  // Before 14 the column oid of pg_subscription was readable only by superusers; pg_stat_subscription shows it to all.
  from: since({
    13: `(select t.subid as oid, s.subname, s.subenabled, s.subdbid from pg_subscription s
      join (select distinct subid, subname from pg_stat_subscription) t using (subname)) s`,
    14: 'pg_subscription s',
  }),
  where: 's.subdbid = (select d.oid from pg_database d where d.datname = current_database())',
}));
export const listRoles = list('roles', {
  ...inDatabase('pg_authid', 'r', 'role', 'rolname'),
  from: 'pg_roles r',
  detail: `concat_ws(', ', case when r.rolsuper then 'superuser' end, case when not r.rolcanlogin then 'no login' end,
    case when r.rolreplication then 'replication' end)`,
  comment: `shobj_description(r.oid, 'pg_authid')`,
  hideShipped: false,
  where: "($5::boolean or r.rolname !~ '^pg_')",
});
export const listTablespaces = list('tablespaces', {
  ...inDatabase('pg_tablespace', 's', 'tablespace', 'spcname'),
  detail: 'pg_tablespace_location(s.oid)',
  comment: `shobj_description(s.oid, 'pg_tablespace')`,
  hideShipped: false,
});
