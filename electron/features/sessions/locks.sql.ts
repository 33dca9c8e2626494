/** What a session has locked and whom it blocks, asked on the catalog connection for the backend's pid. */
import { query } from '../../postgres/query.ts';

export interface LockRow {
  readonly locktype: string;
  readonly object: string;
  readonly mode: string;
  readonly granted: boolean;
}

/**
 * What was made in the transaction cannot be named from outside and comes by its number. Virtual transaction ids are noise;
 * so is that the system's own relations are being read, as every statement does (they have the numbers below 16384).
 */
export const heldLocks = query<LockRow>(
  'sessions.locks',
  `select l.locktype,
    case
      when l.relation is not null and l.relation::regclass::text = l.relation::text
        then 'number ' || l.relation || ', new in this transaction'
      when l.relation is not null then l.relation::regclass::text
      when l.transactionid is not null then l.transactionid::text
      when l.classid = 'pg_catalog.pg_namespace'::regclass then 'schema ' || l.objid::regnamespace::text
      when l.classid = 'pg_catalog.pg_authid'::regclass then 'role ' || l.objid::regrole::text
      when l.classid = 'pg_catalog.pg_type'::regclass then 'type ' || l.objid::regtype::text
      when l.classid = 'pg_catalog.pg_proc'::regclass then 'function ' || l.objid::regprocedure::text
      when l.locktype = 'object' then 'object ' || pg_catalog.concat_ws(', ', l.classid, l.objid)
      else pg_catalog.concat_ws(', ', l.classid, l.objid)
    end as object,
    l.mode, l.granted
  from pg_catalog.pg_locks l
  where l.pid = $1 and l.locktype <> 'virtualxid'
    and not (l.granted and l.mode = 'AccessShareLock' and l.locktype = 'relation' and l.relation < 16384)
  order by l.granted, l.locktype <> 'relation', l.relation::regclass::text, l.mode
  limit 500`,
);

export interface BlockedRow {
  readonly pid: number;
  readonly user: string | null;
  readonly sinceMs: number | null;
  readonly query: string;
}

export const blockedBy = query<BlockedRow>(
  'sessions.blocked',
  `select a.pid, a.usename::text as "user", extract(epoch from a.query_start)::float8 * 1000 as "sinceMs",
    pg_catalog.left(a.query, 500) as query
  from pg_catalog.pg_stat_activity a
  where a.wait_event_type = 'Lock' and $1::int4 = any (pg_catalog.pg_blocking_pids(a.pid))
  order by a.query_start
  limit 100`,
);
