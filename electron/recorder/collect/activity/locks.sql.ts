/**
 * The locks that somebody waits for, read once: who stands in whose way is worked out here, not there. With them the
 * rows that waiters have lined up for: who waits for a row waits for the transaction that has it, which does not say
 * what row that is.
 */
import { query } from '../../../postgres/query.ts';

export interface LockedRow {
  lockType: string;
  database: string | null;
  relation: string | null;
  page: string | null;
  tuple: string | null;
  virtualXid: string | null;
  transactionId: string | null;
  classId: string | null;
  objId: string | null;
  objSubId: string | null;
  virtualTransaction: string;
  pid: string | null;
  mode: string;
  granted: string;
  fastPath: string;
  waitStartUs: string | null;
}

const same = ['database', 'relation', 'page', 'tuple', 'virtualxid', 'transactionid', 'classid', 'objid', 'objsubid']
  .map((column) => `w.${column} is not distinct from l.${column}`)
  .join(' and ');

export const contendedLocks = query<LockedRow>(
  'recorder.contended-locks',
  (since) => `
with l as materialized (select * from pg_locks),
  w as materialized (
    select distinct locktype, database, relation, page, tuple, virtualxid, transactionid, classid, objid, objsubid
    from l where not granted
  )
select l.locktype as "lockType", d.datname as database,
  coalesce(quote_ident(n.nspname) || '.' || quote_ident(c.relname), l.relation::text) as relation, l.page, l.tuple,
  l.virtualxid as "virtualXid", l.transactionid as "transactionId", l.classid as "classId", l.objid as "objId",
  l.objsubid as "objSubId", l.virtualtransaction as "virtualTransaction", l.pid, l.mode, l.granted,
  l.fastpath as "fastPath",
  ${since({ 10: 'null', 14: '(extract(epoch from l.waitstart) * 1000000)::int8' })} as "waitStartUs"
from l
left join pg_database d on d.oid = l.database
left join pg_class c on c.oid = l.relation and (l.database = 0 or d.datname = current_database())
left join pg_namespace n on n.oid = c.relnamespace
where l.mode <> 'SIReadLock'
  and (not l.granted or exists (select from w where w.locktype = l.locktype and ${same})
    or (l.locktype = 'tuple' and l.pid in (select pid from l where not granted)))`,
);
