/** What the pages of parts of tables, of objects of the database and of the server show; each takes the oid as $1. */
import { query } from '../../../postgres/query.ts';
import type { ReferenceColumns, TableRow } from './any-object.sql.ts';
import type { PropertyRow } from './relation-detail.sql.ts';
import { properties } from './routine-detail.sql.ts';

/** Values of such options are never shown: they are how one server logs into another. */
export const secretOption = (name: string): string =>
  `${name} ~* '(password|passphrase|passcode|secret|token|sslkey|private|credential)'`;
const options = (array: string): string =>
  `(select string_agg(x.option_name || '=' || case when ${secretOption('x.option_name')} then '(not shown)' else x.option_value end, ', ') from pg_options_to_table(${array}) x)`;
const enabled = (column: string): string =>
  `case ${column} when 'D' then 'disabled' when 'R' then 'replica only' when 'A' then 'always' else 'enabled' end`;
const yesNo = (sql: string): string => `case when ${sql} then 'yes' else 'no' end`;

/** $1 relation, $2 attribute number. */
export const columnProperties = query<PropertyRow>(
  'objects.columnProperties',
  `select p.name, p.value from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  left join pg_stats s on s.attname = a.attname and not s.inherited and (s.schemaname, s.tablename) = (select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::oid),
  lateral (values
    (1, 'Table', a.attrelid::regclass::text), (2, 'Number', a.attnum::text), (3, 'Type', format_type(a.atttypid, a.atttypmod)), (4, 'Not null', ${yesNo('a.attnotnull')}),
    (5, case when a.attgenerated = '' then 'Default' else 'Generated from' end, pg_get_expr(d.adbin, d.adrelid)),
    (6, 'Identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end),
    (7, 'Collation', case when a.attcollation <> 0 then a.attcollation::regcollation::text end),
    (8, 'Storage', case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end),
    (9, 'Statistics target', nullif(a.attstattarget, -1)::text), (10, 'Options', array_to_string(a.attoptions, ', ')),
    (11, 'Inherited', case when a.attinhcount > 0 then 'yes' end),
    (12, 'Null', round(s.null_frac::numeric * 100, 2) || ' %'), (13, 'Average bytes', s.avg_width::text),
    (14, 'Distinct', case when s.n_distinct < 0 then round(-s.n_distinct::numeric * 100, 2) || ' % of rows' else s.n_distinct::text end),
    (15, 'Most common', left(s.most_common_vals::text, 2000)), (16, 'Their shares', left(s.most_common_freqs::text, 2000)),
    (17, 'Histogram', left(s.histogram_bounds::text, 2000)), (18, 'Correlation', s.correlation::text)
  ) p(place, name, value) where a.attrelid = $1::oid and a.attnum = $2::int and not a.attisdropped and p.value is not null order by p.place`,
);
export const constraintProperties = properties('constraintProperties', 'pg_constraint k', 'k.oid', [
  ['Table', 'case when k.conrelid <> 0 then k.conrelid::regclass end'],
  ['Domain', 'case when k.contypid <> 0 then format_type(k.contypid, null) end'],
  ['Definition', 'pg_get_constraintdef(k.oid)'],
  ['References', 'case when k.confrelid <> 0 then k.confrelid::regclass end'],
  ['Index', 'case when k.conindid <> 0 then k.conindid::regclass end'],
  [
    'Deferrable',
    "case when k.condeferrable then case when k.condeferred then 'yes, initially deferred' else 'yes' end else 'no' end",
  ],
  ['Validated', yesNo('k.convalidated')],
  ['Inherited', "case when k.coninhcount > 0 then 'yes' end"],
  ['Not inheritable', "case when k.connoinherit then 'yes' end"],
]);
export const triggerProperties = properties('triggerProperties', 'pg_trigger t', 't.oid', [
  ['Table', 't.tgrelid::regclass'],
  ['Function', 't.tgfoid::regprocedure'],
  ['State', enabled('t.tgenabled')],
  ['Definition', 'pg_get_triggerdef(t.oid)'],
  ['Constraint trigger', "case when t.tgconstraint <> 0 then 'yes' end"],
]);
export const ruleProperties = properties('ruleProperties', 'pg_rewrite r', 'r.oid', [
  ['Table', 'r.ev_class::regclass'],
  ['State', enabled('r.ev_enabled')],
  ['Definition', 'pg_get_ruledef(r.oid, true)'],
]);
export const policyProperties = properties('policyProperties', 'pg_policy p', 'p.oid', [
  ['Table', 'p.polrelid::regclass'],
  [
    'Command',
    "case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end",
  ],
  ['Kind', "case when p.polpermissive then 'permissive' else 'restrictive' end"],
  [
    'Roles',
    "(select string_agg(case u.role when 0 then 'PUBLIC' else pg_get_userbyid(u.role)::text end, ', ') from unnest(p.polroles) u(role))",
  ],
  ['Using', 'pg_get_expr(p.polqual, p.polrelid)'],
  ['With check', 'pg_get_expr(p.polwithcheck, p.polrelid)'],
]);

export const databaseProperties = query<PropertyRow>(
  'objects.databaseProperties',
  (
    since,
  ) => `select p.name, p.value from pg_database d left join pg_tablespace s on s.oid = d.dattablespace, lateral (values
    (1, 'Encoding', pg_encoding_to_char(d.encoding)::text), (2, 'LC_COLLATE', d.datcollate::text), (3, 'LC_CTYPE', d.datctype::text),
    (4, 'Locale provider', ${since({ 13: "'libc'", 15: "case d.datlocprovider when 'c' then 'libc' when 'i' then 'icu' else 'builtin' end" })}),
    (5, 'Locale', ${since({ 13: 'null', 15: 'd.daticulocale', 17: 'd.datlocale' })}::text), (6, 'Tablespace', s.spcname::text),
    (7, 'Connection limit', case d.datconnlimit when -1 then 'none' else d.datconnlimit::text end), (8, 'Template', ${yesNo('d.datistemplate')}),
    (9, 'Connections', case when d.datallowconn then 'allowed' else 'refused' end),
    (10, 'Open now', (select a.numbackends::text from pg_stat_database a where a.datid = d.oid)),
    (11, 'Frozen up to', age(d.datfrozenxid) || ' transactions ago'),
    (12, 'Size', case when has_database_privilege(d.oid, 'CONNECT') then pg_size_pretty(pg_database_size(d.oid)) end)
  ) p(place, name, value) where d.oid = $1::oid and p.value is not null order by p.place`,
);
/** Settings of a database or a role, in any combination. */
export const settingsTable = query<TableRow>(
  'objects.settingsTable',
  `select coalesce(d.datname, '(all)') as "Database", coalesce(r.rolname, '(all)') as "Role", x as "Setting"
  from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase left join pg_roles r on r.oid = s.setrole, lateral unnest(s.setconfig) x
  where $1::oid in (s.setdatabase, s.setrole) order by 1, 2, 3`,
);
export const schemaProperties = properties('schemaProperties', 'pg_namespace n', 'n.oid', [
  [
    'Tables',
    "(select count(*) from pg_class c where c.relnamespace = n.oid and c.relkind in ('r', 'p') and not c.relispartition)",
  ],
  [
    'Partitions',
    "(select nullif(count(*), 0) from pg_class c where c.relnamespace = n.oid and c.relispartition and c.relkind in ('r', 'p', 'f'))",
  ],
  ['Views', "(select count(*) from pg_class c where c.relnamespace = n.oid and c.relkind in ('v', 'm'))"],
  ['Routines', '(select count(*) from pg_proc p where p.pronamespace = n.oid)'],
  [
    'Size (estimate)',
    "(select pg_size_pretty(sum(c.relpages::bigint) * current_setting('block_size')::bigint) from pg_class c where c.relnamespace = n.oid)",
  ],
  ['May use it', yesNo("has_schema_privilege(n.oid, 'USAGE')")],
  ['May create in it', yesNo("has_schema_privilege(n.oid, 'CREATE')")],
]);
export const extensionProperties = properties(
  'extensionProperties',
  'pg_extension e join pg_namespace n on n.oid = e.extnamespace left join pg_available_extensions a on a.name = e.extname',
  'e.oid',
  [
    ['Version', 'e.extversion'],
    ['Version on the server', 'a.default_version'],
    ['Schema', 'n.nspname'],
    ['Relocatable', yesNo('e.extrelocatable')],
    ['What it does', 'a.comment'],
  ],
);
export const languageProperties = properties('languageProperties', 'pg_language l', 'l.oid', [
  ['Trusted', yesNo('l.lanpltrusted')],
  ['Handler', 'case when l.lanplcallfoid <> 0 then l.lanplcallfoid::regprocedure end'],
  ['Inline handler', 'case when l.laninline <> 0 then l.laninline::regprocedure end'],
  ['Validator', 'case when l.lanvalidator <> 0 then l.lanvalidator::regprocedure end'],
]);
export const castProperties = properties('castProperties', 'pg_cast k', 'k.oid', [
  ['From', 'format_type(k.castsource, null)'],
  ['To', 'format_type(k.casttarget, null)'],
  ['When', "case k.castcontext when 'i' then 'implicitly' when 'a' then 'on assignment' else 'only when written' end"],
  [
    'How',
    "case k.castmethod when 'f' then 'by function ' || k.castfunc::regprocedure when 'i' then 'by text in and out' else 'binary, no work' end",
  ],
]);
export const transformProperties = properties(
  'transformProperties',
  'pg_transform r join pg_language l on l.oid = r.trflang',
  'r.oid',
  [
    ['Type', 'format_type(r.trftype, null)'],
    ['Language', 'l.lanname'],
    ['From SQL', 'case when r.trffromsql <> 0 then r.trffromsql::oid::regprocedure end'],
    ['To SQL', 'case when r.trftosql <> 0 then r.trftosql::oid::regprocedure end'],
  ],
);
export const accessMethodProperties = properties('accessMethodProperties', 'pg_am m', 'm.oid', [
  ['Kind', "case m.amtype when 't' then 'table' else 'index' end"],
  ['Handler', 'm.amhandler'],
]);
export const foreignDataWrapperProperties = properties(
  'foreignDataWrapperProperties',
  'pg_foreign_data_wrapper w',
  'w.oid',
  [
    ['Handler', 'case when w.fdwhandler <> 0 then w.fdwhandler::regproc end'],
    ['Validator', 'case when w.fdwvalidator <> 0 then w.fdwvalidator::regproc end'],
    ['Options', options('w.fdwoptions')],
  ],
);
export const foreignServerProperties = properties(
  'foreignServerProperties',
  'pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw',
  's.oid',
  [
    ['Wrapper', 'w.fdwname'],
    ['Type', 's.srvtype'],
    ['Version', 's.srvversion'],
    ['Options', options('s.srvoptions')],
  ],
);
export const userMappingProperties = properties('userMappingProperties', 'pg_user_mappings m', 'm.umid', [
  ['Server', 'm.srvname'],
  ['Role', 'm.usename'],
  ['Options', options('m.umoptions')],
]);
export const eventTriggerProperties = properties('eventTriggerProperties', 'pg_event_trigger v', 'v.oid', [
  ['Event', 'v.evtevent'],
  ['Function', 'v.evtfoid::regprocedure'],
  ['State', enabled('v.evtenabled')],
  ['Only for', "array_to_string(v.evttags, ', ')"],
]);
export const publicationProperties = properties('publicationProperties', 'pg_publication p', 'p.oid', [
  ['All tables', yesNo('p.puballtables')],
  [
    'Publishes',
    "concat_ws(', ', case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end, case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end)",
  ],
  ['Via partition root', yesNo('p.pubviaroot')],
]);
export const publicationTables = query<TableRow & ReferenceColumns>(
  'objects.publicationTables',
  (
    since,
  ) => `select n.nspname as "Schema", c.relname as "Table", ${since({ 13: 'null', 15: 'pg_get_expr(r.prqual, r.prrelid)' })}::text as "Where",
    case c.relkind when 'p' then 'partitionedTable' else 'table' end as "refKind", c.oid as "refOid", 0 as "refSubId", n.nspname as "refSchema", c.relname as "refName"
  from pg_publication_rel r join pg_class c on c.oid = r.prrelid join pg_namespace n on n.oid = c.relnamespace where r.prpubid = $1::oid order by 1, 2`,
);
export const subscriptionProperties = query<PropertyRow>(
  'objects.subscriptionProperties',
  `select p.name, p.value from pg_subscription s, lateral (values (1, 'Enabled', ${yesNo('s.subenabled')}), (2, 'Slot', s.subslotname::text),
    (3, 'Publications', array_to_string(s.subpublications, ', '))) p(place, name, value)
  where s.subname = (select t.subname from pg_stat_subscription t where t.subid = $1::oid limit 1) and p.value is not null order by p.place`,
);
export const defaultPrivilegesProperties = properties('defaultPrivilegesProperties', 'pg_default_acl d', 'd.oid', [
  ['Made by', 'pg_get_userbyid(d.defaclrole)'],
  ['Schema', "coalesce((select n.nspname from pg_namespace n where n.oid = d.defaclnamespace), '(any)')"],
  [
    'On new',
    "case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'routines' when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end",
  ],
]);
export const defaultPrivilegesTable = query<TableRow>(
  'objects.defaultPrivilegesTable',
  `select case x.grantee when 0 then 'PUBLIC' else pg_get_userbyid(x.grantee)::text end as "Grantee", x.privilege_type as "Privilege",
    case when x.is_grantable then 'yes' else 'no' end as "Grantable" from pg_default_acl d, lateral aclexplode(d.defaclacl) x where d.oid = $1::oid`,
);
export const roleProperties = properties('roleProperties', 'pg_roles r', 'r.oid', [
  ['Superuser', yesNo('r.rolsuper')],
  ['May log in', yesNo('r.rolcanlogin')],
  ['May create roles', yesNo('r.rolcreaterole')],
  ['May create databases', yesNo('r.rolcreatedb')],
  ['Inherits', yesNo('r.rolinherit')],
  ['May replicate', yesNo('r.rolreplication')],
  ['Passes row security', yesNo('r.rolbypassrls')],
  ['Connection limit', "case r.rolconnlimit when -1 then 'none' else r.rolconnlimit::text end"],
  ['Valid until', 'r.rolvaliduntil'],
]);
const membership = (mine: string, other: string): string => `
  select r.rolname as "Role", case when m.admin_option then 'yes' else 'no' end as "Admin option", pg_get_userbyid(m.grantor) as "Granted by",
    'role' as "refKind", r.oid as "refOid", 0 as "refSubId", null::text as "refSchema", r.rolname as "refName"
  from pg_auth_members m join pg_roles r on r.oid = m.${other} where m.${mine} = $1::oid order by 1`;
export const roleMemberOf = query<TableRow & ReferenceColumns>('objects.roleMemberOf', membership('member', 'roleid'));
export const roleMembers = query<TableRow & ReferenceColumns>('objects.roleMembers', membership('roleid', 'member'));
export const tablespaceProperties = properties('tablespaceProperties', 'pg_tablespace s', 's.oid', [
  ['Location', "coalesce(nullif(pg_tablespace_location(s.oid), ''), 'the data folder')"],
  ['Options', "array_to_string(s.spcoptions, ', ')"],
  ['Size', "case when has_tablespace_privilege(s.oid, 'CREATE') then pg_size_pretty(pg_tablespace_size(s.oid)) end"],
]);
