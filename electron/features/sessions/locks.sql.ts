/** What a session has locked and whom it blocks, asked on the catalog connection for the backend's pid. */
import { query } from '../../postgres/query.ts';

export interface LockRow {
  readonly locktype: string;
  readonly object: string;
  readonly mode: string;
  readonly granted: boolean;
}

/**
 * A relation that was made in the transaction cannot be named and comes by its number. Virtual transaction ids are noise;
 * so is that the system's own relations are being read, as every statement does (they have the numbers below 16384).
 */
export const heldLocks = query<LockRow>(
  'sessions.locks',
  `select l.locktype,
    coalesce(
      l.relation::regclass::text,
      l.transactionid::text,
      pg_catalog.concat_ws(', ', l.classid, l.objid)) as object,
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
