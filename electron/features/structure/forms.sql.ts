/** Objects as the values of their forms: one question a kind, $1 the oid, the values as JSON text. */
import type { FormKind } from '../../../shared/api/structure.ts';
import { type Query, query, type Since } from '../../postgres/query.ts';

export interface ValuesRow {
  readonly values: string;
}
const values = (kind: string, text: string | ((since: Since) => string)): Query<ValuesRow> =>
  query<ValuesRow>(`structure.${kind}`, typeof text === 'string' ? () => text : text);

/** `$1` is of this form; only types need asking. */
export const typeLetter = query<{ readonly letter: string }>(
  'structure.typeLetter',
  'select typtype::text as letter from pg_type where oid = $1::oid',
);

const relation = (
  columns: string,
): string => `select jsonb_build_object('schema', n.nspname, 'name', c.relname, 'owner', pg_get_userbyid(c.relowner),
    'comment', obj_description(c.oid, 'pg_class'), ${columns})::text as values
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::oid`;
const on = (column: string): string =>
  `(select quote_ident(tn.nspname) || '.' || quote_ident(tc.relname) from pg_class tc join pg_namespace tn on tn.oid = tc.relnamespace where tc.oid = ${column})`;
const definition = `rtrim(rtrim(pg_get_viewdef(c.oid), E'; \\n'))`;

const routine = (
  catalogKind: string,
): string => `select jsonb_build_object('definition', rtrim(pg_get_functiondef(p.oid), E'\\n'), 'owner', pg_get_userbyid(p.proowner),
    'comment', obj_description(p.oid, 'pg_proc'), 'schema', n.nspname, 'name', p.proname, 'arguments', pg_get_function_identity_arguments(p.oid))::text as values
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.oid = $1::oid and p.prokind = '${catalogKind}'`;

const type = (
  columns: string,
  joins = '',
): string => `select jsonb_build_object('schema', n.nspname, 'name', t.typname, 'owner', pg_get_userbyid(t.typowner),
    'comment', obj_description(t.oid, 'pg_type'), ${columns})::text as values
  from pg_type t join pg_namespace n on n.oid = t.typnamespace ${joins} where t.oid = $1::oid`;
const list = (text: string): string => `coalesce((select jsonb_agg(${text}), '[]')`;
const labels = 'e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid';
const attributes =
  "quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attcollation <> y.typcollation then ' COLLATE ' || a.attcollation::regcollation else '' end order by a.attnum) from pg_attribute a join pg_type y on y.oid = a.atttypid where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped";
const checks =
  "'CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid) order by k.conname) from pg_constraint k where k.contypid = t.oid and k.contype = 'c'";
const afresh =
  "x.sql order by x.place) from (select 1 as place, pg_get_indexdef(i.indexrelid) as sql from pg_index i where i.indrelid = c.oid union all select 2, 'GRANT ' || g.privilege_type || ' ON ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' TO ' || case g.grantee when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(g.grantee)) end || case when g.is_grantable then ' WITH GRANT OPTION' else '' end from aclexplode(c.relacl) g where g.grantee <> c.relowner) x";

/** A line each, as they are written in the form. */
const columnComments =
  "quote_ident(a.attname) || ' ' || replace(replace(col_description(a.attrelid, a.attnum), E'\\\\', E'\\\\\\\\'), E'\\n', E'\\\\n') order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and col_description(a.attrelid, a.attnum) is not null";

/** As they are written in the form; what stands before USING has a known length. */
const ownIndexes =
  "case when i.indisunique then 'UNIQUE ' else '' end || quote_ident(x.relname) || ' ' || substr(pg_get_indexdef(x.oid), length('CREATE ' || case when i.indisunique then 'UNIQUE ' else '' end || 'INDEX ' || quote_ident(x.relname) || ' ON ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' ') + 1) order by x.relname) from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid";

const routineOf = (column: string): string =>
  `(select quote_ident(pn.nspname) || '.' || quote_ident(p.proname) from pg_proc p join pg_namespace pn on pn.oid = p.pronamespace where p.oid = ${column})`;
const options = (column: string): string => `coalesce(to_jsonb(${column}), '[]')`;

const triggerValues = `select jsonb_build_object('table', ${on('t.tgrelid')}, 'name', t.tgname,
    'timing', case when t.tgtype & 64 <> 0 then 'INSTEAD OF' when t.tgtype & 2 <> 0 then 'BEFORE' else 'AFTER' end,
    'events', (select jsonb_agg(e.word order by e.place) from (values (1, 4, 'insert'), (2, 16, 'update'), (3, 8, 'delete'), (4, 32, 'truncate')) e(place, bit, word) where t.tgtype & e.bit <> 0),
    'columns', ${list('a.attname order by u.place) from unnest(t.tgattr::int2[]) with ordinality u(number, place) join pg_attribute a on a.attrelid = t.tgrelid and a.attnum = u.number')},
    'each', case when t.tgtype & 1 <> 0 then 'ROW' else 'STATEMENT' end,
    'when', case when t.tgqual is not null then (regexp_match(pg_get_triggerdef(t.oid), 'FOR EACH (?:ROW|STATEMENT) WHEN \\((.*)\\) EXECUTE FUNCTION'))[1] end,
    'function', quote_ident(pn.nspname) || '.' || quote_ident(p.proname),
    'arguments', coalesce((select jsonb_agg(convert_from(decode(replace(x.spaced, ' ', ''), 'hex'), current_setting('server_encoding')) order by x.place)
      from regexp_split_to_table(rtrim(regexp_replace(encode(t.tgargs, 'hex'), '(..)', '\\1 ', 'g')), ' ?00 ?') with ordinality x(spaced, place) where x.place <= t.tgnargs), '[]'),
    'deferrable', case when t.tgconstraint = 0 then '' when t.tginitdeferred then 'DEFERRABLE INITIALLY DEFERRED' when t.tgdeferrable then 'DEFERRABLE INITIALLY IMMEDIATE' else 'NOT DEFERRABLE' end,
    'oldTable', t.tgoldtable, 'newTable', t.tgnewtable, 'enabled', t.tgenabled::text, 'comment', obj_description(t.oid, 'pg_trigger'))::text as values
  from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_namespace pn on pn.oid = p.pronamespace where t.oid = $1::oid`;

export const formValuesOf: Readonly<Record<FormKind, Query<ValuesRow>>> = {
  schema: values(
    'schema',
    `select jsonb_build_object('name', n.nspname, 'owner', pg_get_userbyid(n.nspowner), 'comment', obj_description(n.oid, 'pg_namespace'))::text as values from pg_namespace n where n.oid = $1::oid`,
  ),
  view: values(
    'view',
    relation(`'query', ${definition}, 'columnComments', ${list(columnComments)}, 'check', coalesce((select option_value from pg_options_to_table(c.reloptions) where option_name = 'check_option'), ''),
      'barrier', coalesce((select option_value::boolean from pg_options_to_table(c.reloptions) where option_name = 'security_barrier'), false),
      'invoker', coalesce((select option_value::boolean from pg_options_to_table(c.reloptions) where option_name = 'security_invoker'), false)`),
  ),
  materializedView: values(
    'materializedView',
    relation(
      `'query', ${definition}, 'columnComments', ${list(columnComments)}, 'tablespace', (select s.spcname from pg_tablespace s where s.oid = c.reltablespace), 'noData', not c.relispopulated, 'indexes', ${list(ownIndexes)}, 'again', ${list(afresh)}`,
    ),
  ),
  function: values('function', routine('f')),
  procedure: values('procedure', routine('p')),
  trigger: values('trigger', triggerValues),
  enum: values('enum', type(`'labels', ${list(labels)}`)),
  composite: values('composite', type(`'attributes', ${list(attributes)}`)),
  range: values(
    'range',
    type(
      `'subtype', format_type(r.rngsubtype, null), 'collation', case when r.rngcollation <> (select y.typcollation from pg_type y where y.oid = r.rngsubtype) then r.rngcollation::regcollation::text end,
      'difference', case when r.rngsubdiff::oid <> 0 then r.rngsubdiff::text end`,
      'join pg_range r on r.rngtypid = t.oid',
    ),
  ),
  domain: values(
    'domain',
    type(
      `'type', format_type(t.typbasetype, t.typtypmod), 'collation', case when t.typcollation <> (select y.typcollation from pg_type y where y.oid = t.typbasetype) then t.typcollation::regcollation::text end,
      'default', coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)), 'notNull', t.typnotnull, 'checks', ${list(checks)}`,
    ),
  ),
  sequence: values(
    'sequence',
    `select jsonb_build_object('schema', n.nspname, 'name', c.relname, 'owner', pg_get_userbyid(c.relowner), 'comment', obj_description(c.oid, 'pg_class'), 'type', format_type(s.seqtypid, null),
      'increment', s.seqincrement::text, 'minimum', s.seqmin::text, 'maximum', s.seqmax::text, 'start', s.seqstart::text, 'cache', s.seqcache::text, 'cycle', s.seqcycle, 'restart', '',
      'ownedBy', (select ${on('d.refobjid')} || '.' || quote_ident(a.attname) from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') limit 1))::text as values
    from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::oid`,
  ),
  extension: values(
    'extension',
    `select jsonb_build_object('name', e.extname, 'schema', n.nspname, 'version', e.extversion, 'cascade', false, 'comment', obj_description(e.oid, 'pg_extension'))::text as values
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.oid = $1::oid`,
  ),
  policy: values(
    'policy',
    `select jsonb_build_object('table', ${on('p.polrelid')}, 'name', p.polname, 'command', case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end,
      'kind', case when p.polpermissive then 'PERMISSIVE' else 'RESTRICTIVE' end, 'roles', ${list('pg_get_userbyid(u.role) order by u.place) from unnest(p.polroles) with ordinality u(role, place) where u.role <> 0')},
      'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid), 'comment', obj_description(p.oid, 'pg_policy'))::text as values
    from pg_policy p where p.oid = $1::oid`,
  ),
  rule: values(
    'rule',
    `select jsonb_build_object('definition', rtrim(pg_get_ruledef(r.oid), E'; \\n'), 'enabled', r.ev_enabled::text, 'name', r.rulename, 'table', ${on('r.ev_class')}, 'comment', obj_description(r.oid, 'pg_rewrite'))::text as values
    from pg_rewrite r where r.oid = $1::oid`,
  ),
  database: values(
    'database',
    (
      since,
    ) => `select jsonb_build_object('name', d.datname, 'owner', pg_get_userbyid(d.datdba), 'template', '', 'encoding', pg_encoding_to_char(d.encoding), 'collate', d.datcollate, 'ctype', d.datctype,
      'provider', ${since({ 13: "''", 15: "case d.datlocprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end" })},
      'icuLocale', ${since({ 13: "''", 15: 'd.daticulocale', 17: 'd.datlocale' })}, 'tablespace', s.spcname, 'limit', case when d.datconnlimit >= 0 then d.datconnlimit::text end,
      'closed', not d.datallowconn, 'isTemplate', d.datistemplate, 'comment', shobj_description(d.oid, 'pg_database'))::text as values
    from pg_database d join pg_tablespace s on s.oid = d.dattablespace where d.oid = $1::oid`,
  ),
  publication: values(
    'publication',
    (
      since,
    ) => `select jsonb_build_object('name', p.pubname, 'owner', pg_get_userbyid(p.pubowner), 'all', p.puballtables, 'viaRoot', p.pubviaroot, 'comment', obj_description(p.oid, 'pg_publication'),
      'publish', (select jsonb_agg(w.word order by w.place) from (values (1, 'insert', p.pubinsert), (2, 'update', p.pubupdate), (3, 'delete', p.pubdelete), (4, 'truncate', p.pubtruncate)) w(place, word, held) where w.held),
      'tables', ${list(
        `${on('r.prrelid')} ${since({
          13: '',
          15: `|| coalesce(' (' || (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)) || ')', '') || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '')`,
        })} order by r.prrelid::regclass::text) from pg_publication_rel r where r.prpubid = p.oid`,
      )},
      'schemas', ${since({ 13: "'[]'::jsonb", 15: list('n.nspname order by n.nspname) from pg_publication_namespace s join pg_namespace n on n.oid = s.pnnspid where s.pnpubid = p.oid') })})::text as values
    from pg_publication p where p.oid = $1::oid`,
  ),
  eventTrigger: values(
    'eventTrigger',
    `select jsonb_build_object('name', v.evtname, 'owner', pg_get_userbyid(v.evtowner), 'event', v.evtevent, 'tags', coalesce(to_jsonb(v.evttags), '[]'), 'enabled', v.evtenabled::text,
      'function', quote_ident(n.nspname) || '.' || quote_ident(p.proname), 'comment', obj_description(v.oid, 'pg_event_trigger'))::text as values
    from pg_event_trigger v join pg_proc p on p.oid = v.evtfoid join pg_namespace n on n.oid = p.pronamespace where v.oid = $1::oid`,
  ),
  foreignDataWrapper: values(
    'foreignDataWrapper',
    `select jsonb_build_object('name', w.fdwname, 'owner', pg_get_userbyid(w.fdwowner), 'handler', ${routineOf('w.fdwhandler')}, 'validator', ${routineOf('w.fdwvalidator')},
      'options', ${options('w.fdwoptions')}, 'comment', obj_description(w.oid, 'pg_foreign_data_wrapper'))::text as values from pg_foreign_data_wrapper w where w.oid = $1::oid`,
  ),
  foreignServer: values(
    'foreignServer',
    `select jsonb_build_object('name', s.srvname, 'owner', pg_get_userbyid(s.srvowner), 'wrapper', w.fdwname, 'type', s.srvtype, 'version', s.srvversion,
      'options', ${options('s.srvoptions')}, 'comment', obj_description(s.oid, 'pg_foreign_server'))::text as values
    from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where s.oid = $1::oid`,
  ),
  userMapping: values(
    'userMapping',
    `select jsonb_build_object('server', m.srvname, 'user', case m.umuser when 0 then '' else m.usename end, 'options', ${options('m.umoptions')})::text as values
    from pg_user_mappings m where m.umid = $1::oid`,
  ),
  statistics: values(
    'statistics',
    (
      since,
    ) => `select jsonb_build_object('schema', n.nspname, 'name', s.stxname, 'owner', pg_get_userbyid(s.stxowner), 'comment', obj_description(s.oid, 'pg_statistic_ext'), 'table', ${on('s.stxrelid')},
      'kinds', (select jsonb_agg(w.word order by w.place) from (values (1, 'd', 'ndistinct'), (2, 'f', 'dependencies'), (3, 'm', 'mcv')) w(place, letter, word) where w.letter = any (s.stxkind::text[])),
      'columns', ${list('quote_ident(a.attname) order by u.place) from unnest(s.stxkeys::int2[]) with ordinality u(number, place) join pg_attribute a on a.attrelid = s.stxrelid and a.attnum = u.number')}
        ${since({ 13: '', 14: `|| ${list("'(' || x.text || ')' order by x.place) from unnest(pg_get_statisticsobjdef_expressions(s.oid)) with ordinality x(text, place)")}` })},
      'target', nullif(s.stxstattarget, -1)::text)::text as values
    from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace where s.oid = $1::oid`,
  ),
  // How it connects only superusers may read, and there may be a password in it: it is written anew or left as it is.
  subscription: values(
    'subscription',
    (
      since,
    ) => `select jsonb_build_object('name', s.subname, 'owner', pg_get_userbyid(s.subowner), 'publications', to_jsonb(s.subpublications), 'connection', '', 'enabled', s.subenabled,
      'binary', ${since({ 13: 'false', 14: 's.subbinary' })}, 'slot', s.subslotname, 'comment', obj_description($1::oid, 'pg_subscription'))::text as values
    from pg_subscription s where s.subname = (select t.subname from pg_stat_subscription t where t.subid = $1::oid limit 1)
      and s.subdbid = (select d.oid from pg_database d where d.datname = current_database())`,
  ),
};
