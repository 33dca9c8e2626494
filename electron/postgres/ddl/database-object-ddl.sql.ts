/** Objects of the database and of the server, each as one question that gives the CREATE text; $1 is the oid. */
import { query, type Since } from '../query.ts';
import type { StatementRow } from './schema-object-ddl.sql.ts';

const statement = (name: string, text: string | ((since: Since) => string)) =>
  query<StatementRow>(`objects.${name}`, typeof text === 'string' ? () => text : text);
const q = (schema: string, name: string): string => `quote_ident(${schema}) || '.' || quote_ident(${name})`;
const state = (command: string, column: string): string =>
  `case ${column} when 'O' then '{}' else array['${command}' || ' ' || x.name || case ${column} when 'D' then ' DISABLE' when 'R' then ' ENABLE REPLICA' else ' ENABLE ALWAYS' end] end`;

export const ddlSchema = statement(
  'ddlSchema',
  `select quote_ident(n.nspname) as name, array['CREATE SCHEMA ' || quote_ident(n.nspname)] as statements from pg_namespace n where n.oid = $1::oid`,
);
export const ddlExtension = statement(
  'ddlExtension',
  `select quote_ident(e.extname) as name, array['CREATE EXTENSION ' || quote_ident(e.extname) || ' WITH SCHEMA ' || quote_ident(n.nspname) || ' VERSION ' || quote_literal(e.extversion)] as statements
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.oid = $1::oid`,
);
const handler = (word: string, column: string): string =>
  `coalesce((select ' ${word} ' || ${q('pn.nspname', 'p.proname')} from pg_proc p join pg_namespace pn on pn.oid = p.pronamespace where p.oid = ${column}::oid), '')`;
export const ddlLanguage = statement(
  'ddlLanguage',
  `select quote_ident(l.lanname) as name, array['CREATE ' || case when l.lanpltrusted then 'TRUSTED ' else '' end || 'LANGUAGE ' || quote_ident(l.lanname)
      || ${handler('HANDLER', 'l.lanplcallfoid')} || ${handler('INLINE', 'l.laninline')} || ${handler('VALIDATOR', 'l.lanvalidator')}] as statements from pg_language l where l.oid = $1::oid`,
);
export const ddlCast = statement(
  'ddlCast',
  `select x.name, array['CREATE CAST ' || x.name || case k.castmethod when 'f' then ' WITH FUNCTION ' || k.castfunc::regprocedure when 'i' then ' WITH INOUT' else ' WITHOUT FUNCTION' end
      || case k.castcontext when 'i' then ' AS IMPLICIT' when 'a' then ' AS ASSIGNMENT' else '' end] as statements
  from pg_cast k, lateral (select '(' || format_type(k.castsource, null) || ' AS ' || format_type(k.casttarget, null) || ')' as name) x where k.oid = $1::oid`,
);
export const ddlTransform = statement(
  'ddlTransform',
  `select x.name, array['CREATE TRANSFORM ' || x.name || ' (' || concat_ws(', ', case when r.trffromsql::oid <> 0 then 'FROM SQL WITH FUNCTION ' || r.trffromsql::oid::regprocedure end,
      case when r.trftosql::oid <> 0 then 'TO SQL WITH FUNCTION ' || r.trftosql::oid::regprocedure end) || ')'] as statements
  from pg_transform r join pg_language l on l.oid = r.trflang, lateral (select 'FOR ' || format_type(r.trftype, null) || ' LANGUAGE ' || quote_ident(l.lanname) as name) x where r.oid = $1::oid`,
);
export const ddlAccessMethod = statement(
  'ddlAccessMethod',
  `select quote_ident(m.amname) as name, array['CREATE ACCESS METHOD ' || quote_ident(m.amname) || ' TYPE ' || case m.amtype when 't' then 'TABLE' else 'INDEX' end || ' HANDLER ' || m.amhandler] as statements
  from pg_am m where m.oid = $1::oid`,
);
export const ddlEventTrigger = statement(
  'ddlEventTrigger',
  `select x.name, array['CREATE EVENT TRIGGER ' || x.name || ' ON ' || v.evtevent
      || coalesce(E'\\n  WHEN TAG IN (' || (select string_agg(quote_literal(t), ', ') from unnest(v.evttags) t) || ')', '') || E'\\n  EXECUTE FUNCTION ' || ${q('n.nspname', 'p.proname')} || '()']
    || ${state('ALTER EVENT TRIGGER', 'v.evtenabled')} as statements
  from pg_event_trigger v join pg_proc p on p.oid = v.evtfoid join pg_namespace n on n.oid = p.pronamespace, lateral (select quote_ident(v.evtname) as name) x where v.oid = $1::oid`,
);

const published = (since: Since): string => `
  concat_ws(', ', case when p.puballtables then 'ALL TABLES' end,
    (select 'TABLE ' || string_agg('ONLY ' || r.prrelid::regclass ${since({
      13: '',
      15: `|| coalesce(' (' || (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)) || ')', '')
        || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '')`,
    })}, ', ' order by r.prrelid::regclass::text) from pg_publication_rel r where r.prpubid = p.oid)
    ${since({ 13: '', 15: `, (select 'TABLES IN SCHEMA ' || string_agg(quote_ident(n.nspname), ', ' order by n.nspname) from pg_publication_namespace s join pg_namespace n on n.oid = s.pnnspid where s.pnpubid = p.oid)` })})`;
export const ddlPublication = statement(
  'ddlPublication',
  (
    since,
  ) => `select quote_ident(p.pubname) as name, array['CREATE PUBLICATION ' || quote_ident(p.pubname) || coalesce(E'\\n  FOR ' || nullif(${published(since)}, ''), '')
      || E'\\n  WITH (' || concat_ws(', ', 'publish = ' || quote_literal(concat_ws(', ', case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end, case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end)),
        case when p.pubviaroot then 'publish_via_partition_root = true' end ${since({ 13: '', 18: ", case when p.pubgencols = 's' then 'publish_generated_columns = stored' end" })}) || ')'] as statements
  from pg_publication p where p.oid = $1::oid`,
);
const subscriptionOptions = (
  since: Since,
): string => `concat_ws(', ', 'connect = false', 'slot_name = ' || coalesce(quote_literal(s.subslotname), 'NONE')
  ${since({ 13: '', 14: ", 'synchronous_commit = ' || quote_literal(s.subsynccommit)" })}
  ${since({ 13: '', 14: ", case when s.subbinary then 'binary = true' end" })}
  ${since({ 13: '', 14: ", case when s.substream then 'streaming = true' end", 16: ", case s.substream when 't' then 'streaming = on' when 'p' then 'streaming = parallel' else 'streaming = off' end" })}
  ${since({ 13: '', 15: ", case when s.subtwophasestate <> 'd' then 'two_phase = true' end, case when s.subdisableonerr then 'disable_on_error = true' end" })}
  ${since({ 13: '', 16: ", case when not s.subpasswordrequired then 'password_required = false' end, case when s.subrunasowner then 'run_as_owner = true' end, case when s.suborigin <> 'any' then 'origin = ' || quote_literal(s.suborigin) end" })}
  ${since({ 13: '', 17: ", case when s.subfailover then 'failover = true' end" })})`;
/** The connection string holds a password and is readable only by superusers: it is never asked for (nor is, on 13, subsynccommit). */
export const ddlSubscription = statement(
  'ddlSubscription',
  (
    since,
  ) => `select quote_ident(s.subname) as name, array[E'-- The connection string is not shown: fill it in.\\nCREATE SUBSCRIPTION ' || quote_ident(s.subname) || E'\\n  CONNECTION \\'dbname=not_shown\\'\\n  PUBLICATION '
      || (select string_agg(quote_ident(p), ', ') from unnest(s.subpublications) p) || E'\\n  WITH (' || ${subscriptionOptions(since)} || ')'] as statements
  from pg_subscription s where s.subname = (select t.subname from pg_stat_subscription t where t.subid = $1::oid limit 1)`,
);

const may = (column: string, word: string): string => `case when ${column} then '${word}' else 'NO${word}' end`;
const membershipOptions = (since: Since): string =>
  since({
    13: "case when m.admin_option then ' WITH ADMIN OPTION' else '' end",
    16: "' WITH ADMIN ' || upper(m.admin_option::text) || ', INHERIT ' || upper(m.inherit_option::text) || ', SET ' || upper(m.set_option::text)",
  });
/** Passwords are readable only by superusers and are never asked for. */
export const ddlRole = statement(
  'ddlRole',
  (
    since,
  ) => `select x.name, array['CREATE ROLE ' || x.name || E' WITH\\n  ' || concat_ws(' ', ${may('r.rolsuper', 'SUPERUSER')}, ${may('r.rolcanlogin', 'LOGIN')}, ${may('r.rolinherit', 'INHERIT')}, ${may('r.rolcreatedb', 'CREATEDB')},
      ${may('r.rolcreaterole', 'CREATEROLE')}, ${may('r.rolreplication', 'REPLICATION')}, ${may('r.rolbypassrls', 'BYPASSRLS')},
      case when r.rolconnlimit >= 0 then 'CONNECTION LIMIT ' || r.rolconnlimit end, 'VALID UNTIL ' || quote_literal(r.rolvaliduntil))]
    || coalesce((select array_agg('GRANT ' || quote_ident(g.rolname) || ' TO ' || x.name || ${membershipOptions(since)} order by g.rolname)
      from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid), '{}') as statements
  from pg_roles r, lateral (select quote_ident(r.rolname) as name) x where r.oid = $1::oid`,
);
export const ddlTablespace = statement(
  'ddlTablespace',
  `select quote_ident(s.spcname) as name, array['CREATE TABLESPACE ' || quote_ident(s.spcname) || ' LOCATION ' || quote_literal(pg_tablespace_location(s.oid))
      || coalesce(' WITH (' || array_to_string(s.spcoptions, ', ') || ')', '')] as statements from pg_tablespace s where s.oid = $1::oid`,
);
export const ddlDatabase = statement(
  'ddlDatabase',
  (
    since,
  ) => `select x.name, array['CREATE DATABASE ' || x.name || E' WITH\\n  ' || concat_ws(E'\\n  ', 'TEMPLATE = template0', 'ENCODING = ' || quote_literal(pg_encoding_to_char(d.encoding)),
      ${since({
        13: 'null',
        15: "'LOCALE_PROVIDER = ' || case d.datlocprovider when 'i' then 'icu' else 'libc' end, 'ICU_LOCALE = ' || quote_literal(d.daticulocale)",
        16: "'LOCALE_PROVIDER = ' || case d.datlocprovider when 'i' then 'icu' else 'libc' end, 'ICU_LOCALE = ' || quote_literal(d.daticulocale), 'ICU_RULES = ' || quote_literal(d.daticurules)",
        17: "'LOCALE_PROVIDER = ' || case d.datlocprovider when 'i' then 'icu' when 'b' then 'builtin' else 'libc' end, case d.datlocprovider when 'i' then 'ICU_LOCALE = ' when 'b' then 'BUILTIN_LOCALE = ' end || quote_literal(d.datlocale), 'ICU_RULES = ' || quote_literal(d.daticurules)",
      })},
      'LC_COLLATE = ' || quote_literal(d.datcollate), 'LC_CTYPE = ' || quote_literal(d.datctype),
      (select 'TABLESPACE = ' || quote_ident(s.spcname) from pg_tablespace s where s.oid = d.dattablespace and s.spcname <> 'pg_default'),
      case when d.datconnlimit >= 0 then 'CONNECTION LIMIT = ' || d.datconnlimit end, case when not d.datallowconn then 'ALLOW_CONNECTIONS = false' end,
      case when d.datistemplate then 'IS_TEMPLATE = true' end)] as statements
  from pg_database d, lateral (select quote_ident(d.datname) as name) x where d.oid = $1::oid`,
);

export interface SettingRow {
  readonly database: string | null;
  readonly role: string | null;
  readonly settings: string[];
}
/** Settings of a database or role; names quoted. */
export const ddlSettings = query<SettingRow>(
  'objects.ddlSettings',
  `select quote_ident(d.datname) as database, quote_ident(r.rolname) as role, s.setconfig as settings
  from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase left join pg_roles r on r.oid = s.setrole where $1::oid in (s.setdatabase, s.setrole)
  order by 1 nulls first, 2 nulls first`,
);

export interface ForeignRow {
  readonly name: string;
  readonly words: string;
  readonly options: string[] | null;
}
export const ddlForeignDataWrapper = query<ForeignRow>(
  'objects.ddlForeignDataWrapper',
  `select quote_ident(w.fdwname) as name, ${handler('HANDLER', 'w.fdwhandler')} || ${handler('VALIDATOR', 'w.fdwvalidator')} as words, w.fdwoptions as options from pg_foreign_data_wrapper w where w.oid = $1::oid`,
);
export const ddlForeignServer = query<ForeignRow>(
  'objects.ddlForeignServer',
  `select quote_ident(s.srvname) as name, coalesce(' TYPE ' || quote_literal(s.srvtype), '') || coalesce(' VERSION ' || quote_literal(s.srvversion), '') || ' FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname) as words, s.srvoptions as options
  from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where s.oid = $1::oid`,
);
export const ddlUserMapping = query<ForeignRow>(
  'objects.ddlUserMapping',
  `select 'FOR ' || case m.umuser when 0 then 'PUBLIC' else quote_ident(m.usename) end || ' SERVER ' || quote_ident(m.srvname) as name, '' as words, m.umoptions as options from pg_user_mappings m where m.umid = $1::oid`,
);

export interface DefaultPrivilegeRow {
  readonly role: string;
  readonly schema: string | null;
  readonly objects: string;
  readonly grantee: string;
  readonly privilege: string;
  readonly grantable: boolean;
  readonly held: boolean;
}
/** What differs from what new objects have anyway: in all schemas the owner's and PUBLIC's own rights are the start, in one schema nothing. */
export const ddlDefaultPrivileges = query<DefaultPrivilegeRow>(
  'objects.ddlDefaultPrivileges',
  `with d as (select d.*, case when d.defaclnamespace = 0 then acldefault(case d.defaclobjtype when 'S' then 's' else d.defaclobjtype end, d.defaclrole) end as initial from pg_default_acl d where d.oid = $1::oid),
  held as (select x.* from d, lateral aclexplode(d.defaclacl) x), initial as (select x.* from d, lateral aclexplode(d.initial) x)
  select quote_ident(pg_get_userbyid(d.defaclrole)) as role, quote_ident(n.nspname) as schema,
    case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'ROUTINES' when 'T' then 'TYPES' when 'n' then 'SCHEMAS' else 'LARGE OBJECTS' end as objects,
    case g.grantee when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(g.grantee)) end as grantee, g.privilege_type as privilege, g.is_grantable as grantable, g.held
  from d left join pg_namespace n on n.oid = d.defaclnamespace, lateral (
    select h.grantee, h.privilege_type, h.is_grantable, true as held from held h where not exists (select from initial i where (i.grantee, i.privilege_type, i.is_grantable) = (h.grantee, h.privilege_type, h.is_grantable))
    union all select i.grantee, i.privilege_type, i.is_grantable, false from initial i where not exists (select from held h where (h.grantee, h.privilege_type) = (i.grantee, i.privilege_type))) g
  order by g.held, 4, 5`,
);

/** The table or domain that a column, constraint, index, trigger, rule or policy is part of. $1 catalog's name, $2 oid. */
export const ddlOwnerOfPart = query<{ readonly oid: number; readonly relkind: string | null }>(
  'objects.ddlOwnerOfPart',
  `select o.oid, c.relkind::text as relkind from (
    select case k.conrelid when 0 then k.contypid else k.conrelid end as oid from pg_constraint k where $1::text = 'pg_constraint' and k.oid = $2::oid
    union all select i.indrelid from pg_index i where $1::text = 'pg_class' and i.indexrelid = $2::oid
    union all select t.tgrelid from pg_trigger t where $1::text = 'pg_trigger' and t.oid = $2::oid
    union all select r.ev_class from pg_rewrite r where $1::text = 'pg_rewrite' and r.oid = $2::oid
    union all select p.polrelid from pg_policy p where $1::text = 'pg_policy' and p.oid = $2::oid
  ) o left join pg_class c on c.oid = o.oid`,
);
/** One part of a table as a command of its own: a constraint, a column, a trigger that came from a partitioned table. $1 catalog's name, $2 oid, $3 sub-id. */
export const ddlPart = query<{ readonly sql: string }>(
  'objects.ddlPart',
  `select 'ALTER ' || case when k.contypid <> 0 then 'DOMAIN ' || format_type(k.contypid, null) else 'TABLE ' || k.conrelid::regclass end || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid) || ';' as sql
  from pg_constraint k where $1::text = 'pg_constraint' and k.oid = $2::oid and $3::int = 0
  union all
  select E'-- Made by the trigger of the partitioned table.\n' || pg_get_triggerdef(t.oid) || ';' from pg_trigger t
  where $1::text = 'pg_trigger' and t.oid = $2::oid and t.tgparentid <> 0 and $3::int = 0
  union all
  select 'ALTER TABLE ' || a.attrelid::regclass || ' ADD COLUMN ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attcollation <> t.typcollation then ' COLLATE ' || a.attcollation::regcollation else '' end
    || case when a.attgenerated = 's' then ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED' when a.attgenerated <> '' then ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') VIRTUAL'
      else coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') end
    || case a.attidentity when 'a' then ' GENERATED ALWAYS AS IDENTITY' when 'd' then ' GENERATED BY DEFAULT AS IDENTITY' else '' end || case when a.attnotnull then ' NOT NULL' else '' end || ';'
  from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where $1::text = 'pg_class' and a.attrelid = $2::oid and a.attnum = $3::int`,
);
export const ddlIndexDefinition = query<{ readonly definition: string }>(
  'objects.ddlIndexDefinition',
  `select pg_get_indexdef(i.indexrelid) as definition from pg_index i where i.indexrelid = $1::oid`,
);
