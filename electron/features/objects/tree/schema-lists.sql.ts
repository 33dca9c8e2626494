/** What a schema holds: relations, routines, types and the rest; and what is below a relation by inheritance. */
import type { ObjectKind } from '../../../../shared/api/objects.ts';
import { type ListParts, list } from './list-query.sql.ts';
import { isInternal, relationKind, standAloneType } from './object-words.sql.ts';

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
  shipped: "(n.nspname ~ '^pg_' or n.nspname = 'information_schema')",
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
