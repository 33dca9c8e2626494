/**
 * Objects of a schema other than relations, each as one question that gives the whole CREATE text: names are quoted by
 * the server's quote_ident, types and functions come from its own output functions, values go through quote_literal.
 * $1 is the oid; `name` is what COMMENT, OWNER and GRANT call the object.
 */
import { query, type Since } from '../query.ts';

export interface StatementRow {
  /** Quoted, with arguments where the command wants them; null where owner and comment are not for it. */
  readonly name: string;
  /** CREATE … without the semicolon, then further statements. */
  readonly statements: string[];
}
const q = (schema: string, name: string): string => `quote_ident(${schema}) || '.' || quote_ident(${name})`;
const statement = (name: string, text: string | ((since: Since) => string)) =>
  query<StatementRow>(`objects.${name}`, typeof text === 'string' ? () => text : text);

const routineName = `${q('n.nspname', 'p.proname')} || '(' || pg_get_function_identity_arguments(p.oid) || ')'`;
export const ddlRoutine = statement(
  'ddlRoutine',
  `select ${routineName} as name, array[rtrim(pg_get_functiondef(p.oid), E'\\n')] as statements
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.oid = $1::oid and p.prokind <> 'a'`,
);
const modify = (column: string): string =>
  `case ${column} when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE' end`;
const given = (word: string, column: string): string =>
  `case when ${column}::oid <> 0 then '${word} = ' || ${column} end`;
export const ddlAggregate = statement(
  'ddlAggregate',
  `select x.name, array['CREATE AGGREGATE ' || x.signature || E' (\\n  ' || concat_ws(E',\\n  ',
      'SFUNC = ' || a.aggtransfn, 'STYPE = ' || format_type(a.aggtranstype, null), case when a.aggtransspace <> 0 then 'SSPACE = ' || a.aggtransspace end,
      ${given('FINALFUNC', 'a.aggfinalfn')}, case when a.aggfinalextra then 'FINALFUNC_EXTRA' end,
      case when a.aggfinalfn::oid <> 0 and a.aggfinalmodify <> (case when a.aggkind = 'n' then 'r' else 'w' end) then 'FINALFUNC_MODIFY = ' || ${modify('a.aggfinalmodify')} end,
      ${given('COMBINEFUNC', 'a.aggcombinefn')}, ${given('SERIALFUNC', 'a.aggserialfn')}, ${given('DESERIALFUNC', 'a.aggdeserialfn')},
      'INITCOND = ' || quote_literal(a.agginitval), ${given('MSFUNC', 'a.aggmtransfn')}, ${given('MINVFUNC', 'a.aggminvtransfn')},
      case when a.aggmtranstype <> 0 then 'MSTYPE = ' || format_type(a.aggmtranstype, null) end, case when a.aggmtransspace <> 0 then 'MSSPACE = ' || a.aggmtransspace end,
      ${given('MFINALFUNC', 'a.aggmfinalfn')}, case when a.aggmfinalextra then 'MFINALFUNC_EXTRA' end,
      case when a.aggmfinalfn::oid <> 0 and a.aggmfinalmodify <> (case when a.aggkind = 'n' then 'r' else 'w' end) then 'MFINALFUNC_MODIFY = ' || ${modify('a.aggmfinalmodify')} end,
      'MINITCOND = ' || quote_literal(a.aggminitval),
      (select 'SORTOP = OPERATOR(' || quote_ident(on_.nspname) || '.' || o.oprname || ')' from pg_operator o join pg_namespace on_ on on_.oid = o.oprnamespace where o.oid = a.aggsortop),
      case p.proparallel when 's' then 'PARALLEL = SAFE' when 'r' then 'PARALLEL = RESTRICTED' end, case when a.aggkind = 'h' then 'HYPOTHETICAL' end) || E'\\n)'] as statements
  from pg_aggregate a join pg_proc p on p.oid = a.aggfnoid join pg_namespace n on n.oid = p.pronamespace,
  lateral (select ${q('n.nspname', 'p.proname')} || '(' || coalesce(nullif(pg_get_function_identity_arguments(p.oid), ''), '*') || ')' as name,
    ${q('n.nspname', 'p.proname')} || '(' || coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') || ')' as signature) x
  where p.oid = $1::oid`,
);

const typeName = q('n.nspname', 't.typname');
const collated = (collation: string, type: string): string =>
  `case when ${collation} <> (select y.typcollation from pg_type y where y.oid = ${type}) then ' COLLATE ' || ${collation}::regcollation else '' end`;
const typeAlign = "case t.typalign when 'c' then 'char' when 's' then 'int2' when 'i' then 'int4' else 'double' end";
const typeStorage =
  "case t.typstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end";
/** A base type needs its functions between the shell and the definition; they are CREATE OR REPLACE, so they may be there already. */
export const ddlType = statement(
  'ddlType',
  (since) => `select ${typeName} as name, case
    when t.typtype = 'e' then array['CREATE TYPE ' || ${typeName} || ' AS ENUM (' || coalesce((select E'\\n  ' || string_agg(quote_literal(e.enumlabel), E',\\n  ' order by e.enumsortorder) || E'\\n' from pg_enum e where e.enumtypid = t.oid), '') || ')']
    when t.typtype = 'c' then array['CREATE TYPE ' || ${typeName} || ' AS (' || coalesce((select E'\\n  ' || string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || ${collated('a.attcollation', 'a.atttypid')}, E',\\n  ' order by a.attnum) || E'\\n'
        from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped), '') || ')']
      || coalesce((select array_agg('COMMENT ON COLUMN ' || ${typeName} || '.' || quote_ident(a.attname) || ' IS ' || quote_literal(d.description) order by a.attnum)
        from pg_attribute a join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = a.attrelid and d.objsubid = a.attnum where a.attrelid = t.typrelid and a.attnum > 0), '{}')
    when t.typtype = 'r' then array['CREATE TYPE ' || ${typeName} || E' AS RANGE (\\n  ' || (select concat_ws(E',\\n  ', 'SUBTYPE = ' || format_type(r.rngsubtype, null),
        (select case when not o.opcdefault then 'SUBTYPE_OPCLASS = ' || ${q('m.nspname', 'o.opcname')} end from pg_opclass o join pg_namespace m on m.oid = o.opcnamespace where o.oid = r.rngsubopc),
        case when r.rngcollation <> (select y.typcollation from pg_type y where y.oid = r.rngsubtype) then 'COLLATION = ' || r.rngcollation::regcollation end,
        case when r.rngcanonical::oid <> 0 then 'CANONICAL = ' || r.rngcanonical end, case when r.rngsubdiff::oid <> 0 then 'SUBTYPE_DIFF = ' || r.rngsubdiff end
        ${since({ 13: '', 14: `, (select 'MULTIRANGE_TYPE_NAME = ' || ${q('m.nspname', 'y.typname')} from pg_type y join pg_namespace m on m.oid = y.typnamespace where y.oid = r.rngmultitypid)` })})
        from pg_range r where r.rngtypid = t.oid) || E'\\n)']
    when t.typtype = 'b' then array['CREATE TYPE ' || ${typeName}]
      || (select array_agg(rtrim(pg_get_functiondef(f.oid), E'\\n') order by f.at) from unnest(array[t.typinput::oid, t.typoutput::oid, t.typreceive::oid, t.typsend::oid, t.typmodin::oid, t.typmodout::oid, t.typanalyze::oid]) with ordinality f(oid, at)
          join pg_proc p on p.oid = f.oid join pg_namespace pn on pn.oid = p.pronamespace where pn.nspname <> 'pg_catalog')
      || array['CREATE TYPE ' || ${typeName} || E' (\\n  ' || concat_ws(E',\\n  ', 'INPUT = ' || t.typinput, 'OUTPUT = ' || t.typoutput,
        ${given('RECEIVE', 't.typreceive')}, ${given('SEND', 't.typsend')}, ${given('TYPMOD_IN', 't.typmodin')}, ${given('TYPMOD_OUT', 't.typmodout')}, ${given('ANALYZE', 't.typanalyze')},
        ${since({ 13: 'null', 14: "case when t.typsubscript::oid <> 0 and t.typsubscript::text not in ('array_subscript_handler', 'raw_array_subscript_handler') then 'SUBSCRIPT = ' || t.typsubscript end" })},
        'INTERNALLENGTH = ' || case t.typlen when -1 then 'VARIABLE' else t.typlen::text end, case when t.typbyval then 'PASSEDBYVALUE' end,
        'ALIGNMENT = ' || ${typeAlign}, 'STORAGE = ' || ${typeStorage}, 'CATEGORY = ' || quote_literal(t.typcategory::text), case when t.typispreferred then 'PREFERRED = true' end,
        'DEFAULT = ' || quote_literal(t.typdefault), case when t.typelem <> 0 then 'ELEMENT = ' || format_type(t.typelem, null) end,
        'DELIMITER = ' || quote_literal(t.typdelim::text), case when t.typcollation <> 0 then 'COLLATABLE = true' end) || E'\\n)']
    else array['CREATE TYPE ' || ${typeName}] end as statements
  from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.oid = $1::oid`,
);
/** The row type of a multirange or array comes with the type itself; a domain's NOT NULL has a name since 17. */
export const ddlDomain = statement(
  'ddlDomain',
  (
    since,
  ) => `select ${typeName} as name, array['CREATE DOMAIN ' || ${typeName} || ' AS ' || format_type(t.typbasetype, t.typtypmod) || ${collated('t.typcollation', 't.typbasetype')}
      || coalesce(' DEFAULT ' || coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)), '') ${since({ 13: "|| case when t.typnotnull then ' NOT NULL' else '' end", 17: '' })}
      || coalesce((select string_agg(E'\\n  CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), '' order by k.contype, k.conname) from pg_constraint k where k.contypid = t.oid and k.convalidated), '')]
    || coalesce((select array_agg('ALTER DOMAIN ' || ${typeName} || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid) order by k.conname) from pg_constraint k where k.contypid = t.oid and not k.convalidated), '{}')
    || coalesce((select array_agg('COMMENT ON CONSTRAINT ' || quote_ident(k.conname) || ' ON DOMAIN ' || ${typeName} || ' IS ' || quote_literal(obj_description(k.oid, 'pg_constraint')) order by k.conname)
      from pg_constraint k where k.contypid = t.oid and obj_description(k.oid, 'pg_constraint') is not null), '{}') as statements
  from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.oid = $1::oid and t.typtype = 'd'`,
);

const locale = "'LOCALE = ' || quote_literal(";
export const ddlCollation = statement(
  'ddlCollation',
  (
    since,
  ) => `select ${q('n.nspname', 'o.collname')} as name, array['CREATE COLLATION ' || ${q('n.nspname', 'o.collname')} || ' (' || concat_ws(', ',
      'PROVIDER = ' || case o.collprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end,
      ${since({
        13: `case when o.collprovider = 'i' or o.collcollate = o.collctype then ${locale}o.collcollate) else 'LC_COLLATE = ' || quote_literal(o.collcollate) || ', LC_CTYPE = ' || quote_literal(o.collctype) end`,
        15: `coalesce(${locale}o.colliculocale), case when o.collcollate = o.collctype then ${locale}o.collcollate) else 'LC_COLLATE = ' || quote_literal(o.collcollate) || ', LC_CTYPE = ' || quote_literal(o.collctype) end)`,
        17: `coalesce(${locale}o.colllocale), case when o.collcollate = o.collctype then ${locale}o.collcollate) else 'LC_COLLATE = ' || quote_literal(o.collcollate) || ', LC_CTYPE = ' || quote_literal(o.collctype) end)`,
      })},
      ${since({ 13: 'null', 16: "'RULES = ' || quote_literal(o.collicurules)" })}, case when not o.collisdeterministic then 'DETERMINISTIC = false' end) || ')'] as statements
  from pg_collation o join pg_namespace n on n.oid = o.collnamespace where o.oid = $1::oid`,
);
export const ddlConversion = statement(
  'ddlConversion',
  `select ${q('n.nspname', 'o.conname')} as name, array['CREATE ' || case when o.condefault then 'DEFAULT ' else '' end || 'CONVERSION ' || ${q('n.nspname', 'o.conname')}
      || ' FOR ' || quote_literal(pg_encoding_to_char(o.conforencoding)) || ' TO ' || quote_literal(pg_encoding_to_char(o.contoencoding)) || ' FROM ' || o.conproc] as statements
  from pg_conversion o join pg_namespace n on n.oid = o.connamespace where o.oid = $1::oid`,
);

const operatorName = (alias: string, schema: string): string => `quote_ident(${schema}) || '.' || ${alias}.oprname`;
const otherOperator = (word: string, oid: string): string =>
  `(select '${word} = OPERATOR(' || ${operatorName('x', 'xn.nspname')} || ')' from pg_operator x join pg_namespace xn on xn.oid = x.oprnamespace where x.oid = ${oid})`;
/** An operator's name in COMMENT and OWNER carries its operands; NONE stands for the one that is not there. */
export const ddlOperator = statement(
  'ddlOperator',
  `select ${operatorName('o', 'n.nspname')} || ' (' || case o.oprleft when 0 then 'NONE' else format_type(o.oprleft, null) end || ', '
      || case o.oprright when 0 then 'NONE' else format_type(o.oprright, null) end || ')' as name,
    array['CREATE OPERATOR ' || ${operatorName('o', 'n.nspname')} || E' (\\n  ' || concat_ws(E',\\n  ', 'FUNCTION = ' || o.oprcode,
      case when o.oprleft <> 0 then 'LEFTARG = ' || format_type(o.oprleft, null) end, case when o.oprright <> 0 then 'RIGHTARG = ' || format_type(o.oprright, null) end,
      ${otherOperator('COMMUTATOR', 'o.oprcom')}, ${otherOperator('NEGATOR', 'o.oprnegate')}, ${given('RESTRICT', 'o.oprrest')}, ${given('JOIN', 'o.oprjoin')},
      case when o.oprcanhash then 'HASHES' end, case when o.oprcanmerge then 'MERGES' end) || E'\\n)'] as statements
  from pg_operator o join pg_namespace n on n.oid = o.oprnamespace where o.oid = $1::oid`,
);

const operatorMember = `'OPERATOR ' || a.amopstrategy || ' ' || ${operatorName('x', 'xn.nspname')} || '(' || format_type(a.amoplefttype, null) || ', ' || format_type(a.amoprighttype, null) || ')'
  || coalesce((select ' FOR ORDER BY ' || ${q('fn.nspname', 'f.opfname')} from pg_opfamily f join pg_namespace fn on fn.oid = f.opfnamespace where f.oid = a.amopsortfamily), '')`;
const functionMember = `'FUNCTION ' || p.amprocnum || ' (' || format_type(p.amproclefttype, null) || ', ' || format_type(p.amprocrighttype, null) || ') ' || p.amproc::oid::regprocedure`;
/** Members belong to the class they depend on; those that depend on the family alone are the family's, which is made first. */
const members = (refclass: string, oid: string): string => `
  select 1 as sort, a.amopstrategy as number, ${operatorMember} as text from pg_depend d join pg_amop a on a.oid = d.objid
    join pg_operator x on x.oid = a.amopopr join pg_namespace xn on xn.oid = x.oprnamespace
  where d.classid = 'pg_amop'::regclass and d.refclassid = '${refclass}'::regclass and d.refobjid = ${oid} and d.deptype in ('i', 'a')
  union all
  select 2, p.amprocnum, ${functionMember} from pg_depend d join pg_amproc p on p.oid = d.objid
  where d.classid = 'pg_amproc'::regclass and d.refclassid = '${refclass}'::regclass and d.refobjid = ${oid} and d.deptype in ('i', 'a')`;
export const ddlOperatorClass = statement(
  'ddlOperatorClass',
  `select ${q('n.nspname', 'o.opcname')} || ' USING ' || quote_ident(m.amname) as name,
    array['CREATE OPERATOR CLASS ' || ${q('n.nspname', 'o.opcname')} || case when o.opcdefault then ' DEFAULT' else '' end || ' FOR TYPE ' || format_type(o.opcintype, null) || ' USING ' || quote_ident(m.amname)
      || ' FAMILY ' || ${q('fn.nspname', 'f.opfname')}
      || E' AS\\n  ' || concat_ws(E',\\n  ', (select string_agg(x.text, E',\\n  ' order by x.sort, x.number, x.text) from (${members('pg_opclass', 'o.oid')}) x),
        -- something must stand there, and this changes nothing
        case when o.opckeytype <> 0 or not exists (select from (${members('pg_opclass', 'o.oid')}) y) then 'STORAGE ' || format_type(coalesce(nullif(o.opckeytype, 0), o.opcintype), null) end)] as statements
  from pg_opclass o join pg_namespace n on n.oid = o.opcnamespace join pg_am m on m.oid = o.opcmethod join pg_opfamily f on f.oid = o.opcfamily join pg_namespace fn on fn.oid = f.opfnamespace
  where o.oid = $1::oid`,
);
export const ddlOperatorFamily = statement(
  'ddlOperatorFamily',
  `select x.name, array['CREATE OPERATOR FAMILY ' || x.name] || coalesce((select array['ALTER OPERATOR FAMILY ' || x.name || E' ADD\\n  ' || string_agg(m.text, E',\\n  ' order by m.sort, m.number, m.text)]
      from (${members('pg_opfamily', '$1::oid')}) m having count(*) > 0), '{}') as statements
  from pg_opfamily o join pg_namespace n on n.oid = o.opfnamespace join pg_am a on a.oid = o.opfmethod,
  lateral (select ${q('n.nspname', 'o.opfname')} || ' USING ' || quote_ident(a.amname) as name) x where o.oid = $1::oid`,
);

export const ddlTextSearchConfiguration = statement(
  'ddlTextSearchConfiguration',
  `select x.name, array['CREATE TEXT SEARCH CONFIGURATION ' || x.name || ' (PARSER = ' || ${q('pn.nspname', 'p.prsname')} || ')']
    || coalesce((select array_agg('ALTER TEXT SEARCH CONFIGURATION ' || x.name || ' ADD MAPPING FOR ' || quote_ident(t.alias) || ' WITH ' || t.dictionaries order by t.tokid) from (
      select t.tokid, t.alias, string_agg(${q('dn.nspname', 'd.dictname')}, ', ' order by m.mapseqno) as dictionaries from ts_token_type(o.cfgparser) t
      join pg_ts_config_map m on m.maptokentype = t.tokid join pg_ts_dict d on d.oid = m.mapdict join pg_namespace dn on dn.oid = d.dictnamespace where m.mapcfg = o.oid group by t.tokid, t.alias) t), '{}') as statements
  from pg_ts_config o join pg_namespace n on n.oid = o.cfgnamespace join pg_ts_parser p on p.oid = o.cfgparser join pg_namespace pn on pn.oid = p.prsnamespace,
  lateral (select ${q('n.nspname', 'o.cfgname')} as name) x where o.oid = $1::oid`,
);
/** The options are kept as they were written, a list of SQL literals. */
export const ddlTextSearchDictionary = statement(
  'ddlTextSearchDictionary',
  `select ${q('n.nspname', 'o.dictname')} as name, array['CREATE TEXT SEARCH DICTIONARY ' || ${q('n.nspname', 'o.dictname')} || ' (' || concat_ws(', ', 'TEMPLATE = ' || ${q('tn.nspname', 't.tmplname')}, o.dictinitoption) || ')'] as statements
  from pg_ts_dict o join pg_namespace n on n.oid = o.dictnamespace join pg_ts_template t on t.oid = o.dicttemplate join pg_namespace tn on tn.oid = t.tmplnamespace where o.oid = $1::oid`,
);
export const ddlTextSearchParser = statement(
  'ddlTextSearchParser',
  `select ${q('n.nspname', 'o.prsname')} as name, array['CREATE TEXT SEARCH PARSER ' || ${q('n.nspname', 'o.prsname')} || ' (' || concat_ws(', ', 'START = ' || o.prsstart, 'GETTOKEN = ' || o.prstoken, 'END = ' || o.prsend,
      ${given('HEADLINE', 'o.prsheadline')}, 'LEXTYPES = ' || o.prslextype) || ')'] as statements
  from pg_ts_parser o join pg_namespace n on n.oid = o.prsnamespace where o.oid = $1::oid`,
);
export const ddlTextSearchTemplate = statement(
  'ddlTextSearchTemplate',
  `select ${q('n.nspname', 'o.tmplname')} as name, array['CREATE TEXT SEARCH TEMPLATE ' || ${q('n.nspname', 'o.tmplname')} || ' (' || concat_ws(', ', ${given('INIT', 'o.tmplinit')}, 'LEXIZE = ' || o.tmpllexize) || ')'] as statements
  from pg_ts_template o join pg_namespace n on n.oid = o.tmplnamespace where o.oid = $1::oid`,
);
