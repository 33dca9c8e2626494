/** What the pages of functions, types, domains, operators and text search objects show; each takes the oid as $1. */
import { query } from '../../../postgres/query.ts';
import type { ReferenceColumns, TableRow } from './any-object.sql.ts';
import type { PropertyRow } from './relation-detail.sql.ts';

/** Properties as (place, heading, SQL) over one row of a catalog. */
export const properties = (name: string, from: string, where: string, pairs: readonly (readonly [string, string])[]) =>
  query<PropertyRow>(
    `objects.${name}`,
    `select line.name, line.value from ${from}, lateral (values ${pairs
      .map(([heading, sql], place) => `(${place}, '${heading}', (${sql})::text)`)
      .join(
        ',\n    ',
      )}) line(place, name, value) where ${where} = $1::oid and line.value is not null order by line.place`,
  );
const yesNo = (sql: string): string => `case when ${sql} then 'yes' else 'no' end`;

export const routineProperties = properties(
  'routineProperties',
  'pg_proc p join pg_language l on l.oid = p.prolang left join pg_aggregate a on a.aggfnoid = p.oid',
  'p.oid',
  [
    ['Arguments', 'pg_get_function_arguments(p.oid)'],
    ['Returns', "case when p.prokind <> 'p' then pg_get_function_result(p.oid) end"],
    ['Language', 'l.lanname'],
    ['Window function', "case when p.prokind = 'w' then 'yes' end"],
    ['Volatility', "case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end"],
    ['Null input', "case when p.proisstrict then 'returns null (strict)' else 'is called' end"],
    ['Security', "case when p.prosecdef then 'definer' else 'invoker' end"],
    ['Leakproof', "case when p.proleakproof then 'yes' end"],
    ['Parallel', "case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end"],
    ['Cost', 'p.procost'],
    ['Rows', 'case when p.proretset then p.prorows end'],
    ['Support function', "nullif(p.prosupport::text, '-')"],
    ['Settings', "array_to_string(p.proconfig, ', ')"],
    ['Transition function', 'a.aggtransfn'],
    ['Transition type', 'format_type(a.aggtranstype, null)'],
    ['Final function', "nullif(a.aggfinalfn::text, '-')"],
    ['Combine function', "nullif(a.aggcombinefn::text, '-')"],
    ['Initial value', 'a.agginitval'],
    ['Source', "case when p.prokind <> 'a' and p.prosrc <> '' then p.prosrc end"],
  ],
);
/** Calls and times are counted only where track_functions is on. */
export const routineActivity = query<TableRow>(
  'objects.routineActivity',
  `select p.name as "Counter", p.value as "Value" from pg_stat_user_functions s, lateral (values
    ('Calls', s.calls::text), ('Total time (ms)', s.total_time::text), ('Own time (ms)', s.self_time::text)) p(name, value) where s.funcid = $1::oid`,
);
export const argumentsTable = query<TableRow>(
  'objects.argumentsTable',
  `select u.at as "No", p.proargnames[u.at] as "Name", format_type(u.type, null) as "Type",
    case p.proargmodes[u.at] when 'o' then 'out' when 'b' then 'inout' when 'v' then 'variadic' when 't' then 'table' else 'in' end as "Mode",
    case when coalesce(p.proargmodes[u.at], 'i') in ('i', 'b', 'v') then pg_get_function_arg_default(p.oid, u.at::int) end as "Default"
  from pg_proc p, lateral unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality u(type, at) where p.oid = $1::oid order by u.at`,
);

export const typeProperties = properties(
  'typeProperties',
  'pg_type t left join pg_range r on r.rngtypid = t.oid',
  't.oid',
  [
    [
      'Sort of type',
      "case t.typtype when 'b' then 'base' when 'c' then 'composite' when 'd' then 'domain' when 'e' then 'enum' when 'r' then 'range' when 'm' then 'multirange' else case when t.typisdefined then 'pseudo' else 'shell' end end",
    ],
    ['Over', "case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end"],
    ['Not null', "case when t.typtype = 'd' and t.typnotnull then 'yes' end"],
    ['Default', 't.typdefault'],
    ['Collation', 'case when t.typcollation <> 0 then t.typcollation::regcollation end'],
    [
      'Length',
      "case when t.typtype = 'b' then case t.typlen when -1 then 'variable' when -2 then 'C string' else t.typlen || ' bytes' end end",
    ],
    ['By value', "case when t.typtype = 'b' then case when t.typbyval then 'yes' else 'no' end end"],
    ['Category', 't.typcategory'],
    ['Element type', 'case when t.typelem <> 0 then format_type(t.typelem, null) end'],
    ['Array type', 'case when t.typarray <> 0 then format_type(t.typarray, null) end'],
    ['Input function', "case when t.typtype = 'b' then t.typinput end"],
    ['Output function', "case when t.typtype = 'b' then t.typoutput end"],
    ['Subtype', 'format_type(r.rngsubtype, null)'],
    ['Subtype difference', "nullif(r.rngsubdiff::text, '-')"],
    ['Canonical function', "nullif(r.rngcanonical::text, '-')"],
  ],
);
export const labelsTable = query<TableRow>(
  'objects.labelsTable',
  `select row_number() over (order by e.enumsortorder) as "No", e.enumlabel as "Label" from pg_enum e where e.enumtypid = $1::oid order by e.enumsortorder`,
);

export const operatorProperties = properties('operatorProperties', 'pg_operator o', 'o.oid', [
  ['Left', 'case when o.oprleft <> 0 then format_type(o.oprleft, null) end'],
  ['Right', 'case when o.oprright <> 0 then format_type(o.oprright, null) end'],
  ['Result', 'format_type(o.oprresult, null)'],
  ['Function', 'o.oprcode'],
  ['Commutator', "nullif(o.oprcom::regoperator::text, '0')"],
  ['Negator', "nullif(o.oprnegate::regoperator::text, '0')"],
  ['Restriction estimator', "nullif(o.oprrest::text, '-')"],
  ['Join estimator', "nullif(o.oprjoin::text, '-')"],
  ['Hashes', yesNo('o.oprcanhash')],
  ['Merges', yesNo('o.oprcanmerge')],
]);
export const operatorClassProperties = properties(
  'operatorClassProperties',
  'pg_opclass o join pg_am m on m.oid = o.opcmethod join pg_opfamily f on f.oid = o.opcfamily join pg_namespace n on n.oid = f.opfnamespace',
  'o.oid',
  [
    ['Access method', 'm.amname'],
    ['Type', 'format_type(o.opcintype, null)'],
    ['Default for the type', yesNo('o.opcdefault')],
    ['Family', "n.nspname || '.' || f.opfname"],
    ['Stored as', 'case when o.opckeytype <> 0 then format_type(o.opckeytype, null) end'],
  ],
);
export const operatorFamilyProperties = properties(
  'operatorFamilyProperties',
  'pg_opfamily o join pg_am m on m.oid = o.opfmethod',
  'o.oid',
  [['Access method', 'm.amname']],
);
const familyMembers = (family: string): string => `
  select 'operator' as "Kind", a.amopstrategy as "Number", a.amopopr::regoperator::text as "Member",
    case a.amoppurpose when 's' then 'search' else 'ordering' end as "For" from pg_amop a where a.amopfamily = ${family}
  union all
  select 'function', p.amprocnum, p.amproc::regprocedure::text, format_type(p.amproclefttype, null) || ', ' || format_type(p.amprocrighttype, null)
  from pg_amproc p where p.amprocfamily = ${family} order by 1 desc, 2, 3`;
export const operatorFamilyMembers = query<TableRow>('objects.operatorFamilyMembers', familyMembers('$1::oid'));
export const operatorClassMembers = query<TableRow>(
  'objects.operatorClassMembers',
  familyMembers('(select c.opcfamily from pg_opclass c where c.oid = $1::oid)'),
);

export const collationProperties = query<PropertyRow>(
  'objects.collationProperties',
  (since) => `select p.name, p.value from pg_collation o, lateral (values
    (1, 'Provider', case o.collprovider when 'c' then 'libc' when 'i' then 'icu' when 'b' then 'builtin' else 'default' end),
    (2, 'Locale', ${since({ 13: 'null', 15: 'o.colliculocale', 17: 'o.colllocale' })}::text), (3, 'LC_COLLATE', o.collcollate::text), (4, 'LC_CTYPE', o.collctype::text),
    (5, 'Rules', ${since({ 13: 'null', 16: 'o.collicurules' })}::text), (6, 'Deterministic', ${yesNo('o.collisdeterministic')}),
    (7, 'Encoding', case when o.collencoding >= 0 then pg_encoding_to_char(o.collencoding)::text end), (8, 'Version', o.collversion),
    (9, 'Version of the system', pg_collation_actual_version(o.oid))
  ) p(place, name, value) where o.oid = $1::oid and p.value is not null order by p.place`,
);
export const conversionProperties = properties('conversionProperties', 'pg_conversion o', 'o.oid', [
  ['From', 'pg_encoding_to_char(o.conforencoding)'],
  ['To', 'pg_encoding_to_char(o.contoencoding)'],
  ['Function', 'o.conproc'],
  ['Default', yesNo('o.condefault')],
]);
export const textSearchConfigurationProperties = properties(
  'textSearchConfigurationProperties',
  'pg_ts_config o join pg_ts_parser p on p.oid = o.cfgparser',
  'o.oid',
  [['Parser', 'p.prsname']],
);
export const textSearchMappings = query<TableRow & ReferenceColumns>(
  'objects.textSearchMappings',
  `select t.alias as "Token", t.description as "What it is", d.dictname as "Dictionary", m.mapseqno as "Order",
    'textSearchDictionary' as "refKind", d.oid as "refOid", 0 as "refSubId", n.nspname as "refSchema", d.dictname as "refName"
  from pg_ts_config o, lateral ts_token_type(o.cfgparser) t join pg_ts_config_map m on m.maptokentype = t.tokid
  join pg_ts_dict d on d.oid = m.mapdict join pg_namespace n on n.oid = d.dictnamespace
  where m.mapcfg = o.oid and o.oid = $1::oid order by t.tokid, m.mapseqno`,
);
export const textSearchDictionaryProperties = properties(
  'textSearchDictionaryProperties',
  'pg_ts_dict o join pg_ts_template t on t.oid = o.dicttemplate',
  'o.oid',
  [
    ['Template', 't.tmplname'],
    ['Options', 'o.dictinitoption'],
  ],
);
export const textSearchParserProperties = properties('textSearchParserProperties', 'pg_ts_parser o', 'o.oid', [
  ['Start', 'o.prsstart'],
  ['Next token', 'o.prstoken'],
  ['End', 'o.prsend'],
  ['Headline', "nullif(o.prsheadline::text, '-')"],
  ['Token types', 'o.prslextype'],
]);
export const textSearchTemplateProperties = properties('textSearchTemplateProperties', 'pg_ts_template o', 'o.oid', [
  ['Init', "nullif(o.tmplinit::text, '-')"],
  ['Lexize', 'o.tmpllexize'],
]);
export const statisticsProperties = properties('statisticsProperties', 'pg_statistic_ext o', 'o.oid', [
  ['Table', 'o.stxrelid::regclass'],
  ['Definition', 'pg_get_statisticsobjdef(o.oid)'],
  [
    'Kinds',
    "(select string_agg(case k when 'd' then 'ndistinct' when 'f' then 'dependencies' when 'm' then 'mcv' else 'expressions' end, ', ') from unnest(o.stxkind) k)",
  ],
  ['Target', 'nullif(o.stxstattarget, -1)'],
]);
