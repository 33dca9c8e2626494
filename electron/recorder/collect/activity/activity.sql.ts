/** What every session does (one tick), and the texts of those whose statement was not met before. */
import { query } from '../../../postgres/query.ts';

export interface SessionRow {
  pid: string;
  leaderPid: string | null;
  databaseOid: string | null;
  userOid: string | null;
  backendType: string | null;
  state: string | null;
  waitEventType: string | null;
  waitEvent: string | null;
  queryId: string | null;
  backendStartUs: string | null;
  xactStartUs: string | null;
  queryStartUs: string | null;
  stateChangeUs: string | null;
  application: string | null;
  client: string | null;
  xidAge: string | null;
  xminAge: string | null;
  textHash: string | null;
}

/** date_part gives a double, which holds the microseconds of this century; extract computes in numeric, for 500 rows. */
const us = (column: string, name: string): string => `(date_part('epoch', a.${column}) * 1000000)::int8 as "${name}"`;

/**
 * The function behind pg_stat_activity, without the view's joins: names come from a list that is read once. Own
 * connections are told by their name as well as by their process: behind a pooler another process answers each time.
 */
const sessions = (name: string, from: string, which: string) =>
  query<SessionRow>(
    name,
    (since) => `
select a.pid, ${since({ 10: 'null::int4', 13: 'a.leader_pid' })} as "leaderPid", a.datid as "databaseOid",
  a.usesysid as "userOid", a.backend_type as "backendType", a.state, a.wait_event_type as "waitEventType",
  a.wait_event as "waitEvent", ${since({ 10: 'null::int8', 14: 'a.query_id' })} as "queryId",
  ${us('backend_start', 'backendStartUs')}, ${us('xact_start', 'xactStartUs')}, ${us('query_start', 'queryStartUs')},
  ${us('state_change', 'stateChangeUs')}, a.application_name as application, host(a.client_addr) as client,
  age(a.backend_xid) as "xidAge", age(a.backend_xmin) as "xminAge",
  ${since({ 10: 'hashtext(a.query)', 14: 'case when a.query_id is null then hashtext(a.query) end' })} as "textHash"
from ${from}
where a.pid <> pg_backend_pid() and a.application_name is distinct from 'howdah monitor'${which}`,
  );

/**
 * Who may do something, told by what costs little to ask: sessions in a transaction, which everybody at work is, and
 * processes of the server's own. Of the hundreds that are idle nothing is put together. (Asking for their wait events as
 * well would let the server look through all its processes once for each of them.)
 */
const candidates = `(
    select pg_stat_get_backend_pid(b.id) as pid from pg_stat_get_backend_idset() b (id)
    where pg_stat_get_backend_pid(b.id) is not null
      and (pg_stat_get_backend_xact_start(b.id) is not null or coalesce(pg_stat_get_backend_dbid(b.id), 0) = 0
        or pg_stat_get_backend_pid(b.id) in (select w.pid from pg_stat_get_wal_senders() w))
    offset 0
  ) b, lateral pg_stat_get_activity(b.pid) a`;

/**
 * Of the server's own processes only those that do not wait for work. (Older servers tell that of few of them in this
 * way: the others are looked at.) $1: pids of those that have a database, as sessions have, once they are known.
 */
const knownCandidates = `(
    select pg_stat_get_backend_pid(b.id) as pid from pg_stat_get_backend_idset() b (id)
    where (pg_stat_get_backend_xact_start(b.id) is not null or (pg_stat_get_backend_dbid(b.id) = 0 and
        coalesce(pg_stat_get_backend_wait_event_type(b.id), '') not in ('Activity', '<insufficient privilege>')))
      and pg_stat_get_backend_pid(b.id) <> all ($1::int4[])
    union all select unnest($1::int4[])
    offset 0
  ) b, lateral pg_stat_get_activity(b.pid) a`;

const working = `
  and a.state is distinct from 'idle'
  and (a.backend_type = 'client backend' or a.wait_event_type is distinct from 'Activity')`;
/** Only who does something: no idle sessions, and no background process that waits for work. */
export const activeSessions = sessions('recorder.active-sessions', candidates, working);
/** Looking for them costs a look at each, so where many are at work all are gone through at once. */
export const manyActiveSessions = sessions(
  'recorder.many-active-sessions',
  'pg_stat_get_activity(null) a',
  `${working} and (a.xact_start is not null or a.backend_type <> 'client backend')`,
);
export const activeSessionsBeside = sessions('recorder.active-sessions-beside', knownCandidates, working);
export const allSessions = sessions('recorder.all-sessions', 'pg_stat_get_activity(null) a', '');

/** $1: hashes of texts without a query id, $2: query ids as text. Cut, as texts of a megabyte exist. */
export const sessionTexts = query<{ textHash: number; queryId: string | null; text: string }>(
  'recorder.session-texts',
  (since) => `
select hashtext(a.query) as "textHash", ${since({ 10: 'null', 14: 'a.query_id::text' })} as "queryId",
  left(a.query, 20000) as text
from pg_stat_get_activity(null) a
where hashtext(a.query) = any($1::int4[]) ${since({ 10: 'or $2::text[] is null', 14: 'or a.query_id::text = any($2::text[])' })}
limit 500`,
);

export const names = query<{ kind: 'database' | 'user'; oid: string; name: string }>(
  'recorder.names',
  `
select 'database' as kind, oid, datname as name from pg_database
union all select 'user', oid, rolname from pg_roles`,
);
