/** What belongs to the database as a whole, or to the server. */
import type { ObjectKind } from '../../../../shared/api/objects.ts';
import { type ListParts, list } from './list-query.sql.ts';
import { isInternal } from './object-words.sql.ts';

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
