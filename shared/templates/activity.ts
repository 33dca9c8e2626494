/** Templates: what is going on, and who waits for whom. */
import type { TemplateGroup } from './template.ts';

export const activityTemplates: TemplateGroup = {
  name: 'Activity',
  templates: [
    {
      name: 'What is running now',
      about: 'Statements at work, the longest first.',
      sql: `select pid, usename as user, datname as database, application_name, state, wait_event_type, wait_event,
  now() - query_start as running_for, query
from pg_stat_activity
where state <> 'idle' and pid <> pg_backend_pid() and backend_type = 'client backend'
order by query_start;`,
    },
    {
      name: 'Open transactions',
      about: 'The oldest first: each holds back vacuum and its locks.',
      sql: `select pid, usename as user, datname as database, state, now() - xact_start as open_for,
  now() - state_change as in_state_for, backend_xid, backend_xmin, query as last_query
from pg_stat_activity
where xact_start is not null and pid <> pg_backend_pid()
order by xact_start;`,
    },
    {
      name: 'Idle in transaction',
      about: 'Sessions that hold a transaction open and do nothing.',
      sql: `select pid, usename as user, application_name, client_addr, now() - state_change as idle_for, query as last_query
from pg_stat_activity
where state in ('idle in transaction', 'idle in transaction (aborted)')
order by state_change;`,
    },
    {
      name: 'Connections by database, user and state',
      about: 'How many there are, and how many there may be.',
      sql: `select datname as database, usename as user, state, count(*) as connections,
  current_setting('max_connections')::int as max_connections
from pg_stat_activity
where backend_type = 'client backend'
group by datname, usename, state
order by count(*) desc;`,
    },
    {
      name: 'What sessions wait for',
      about: 'A look at the wait events of this moment.',
      sql: `select coalesce(wait_event_type, 'none (on the CPU)') as type, wait_event as event, state, count(*) as sessions
from pg_stat_activity
where pid <> pg_backend_pid() and state is distinct from 'idle'
group by wait_event_type, wait_event, state
order by count(*) desc;`,
    },
    {
      name: 'Progress of vacuum',
      about: 'Of each table that is vacuumed now.',
      sql: `select p.pid, p.relid::regclass as table, p.phase, p.heap_blks_scanned, p.heap_blks_total,
  round(100.0 * p.heap_blks_scanned / nullif(p.heap_blks_total, 0), 1) as scanned_percent, now() - a.xact_start as running_for
from pg_stat_progress_vacuum p
left join pg_stat_activity a on a.pid = p.pid;`,
    },
    {
      name: 'Progress of CREATE INDEX',
      about: 'Phase and blocks done, and whom it waits for.',
      sql: `select pid, relid::regclass as table, index_relid::regclass as index, command, phase, blocks_done, blocks_total,
  round(100.0 * blocks_done / nullif(blocks_total, 0), 1) as percent, current_locker_pid
from pg_stat_progress_create_index;`,
    },
    {
      name: 'Hit rate of the databases',
      about: 'Blocks found in shared buffers, and transactions rolled back.',
      sql: `select datname as database, xact_commit as commits, xact_rollback as rollbacks, deadlocks, blks_read, blks_hit,
  round(100.0 * blks_hit / nullif(blks_hit + blks_read, 0), 2) as hit_percent
from pg_stat_database
where datname is not null
order by blks_read desc;`,
    },
  ],
};

export const lockTemplates: TemplateGroup = {
  name: 'Locks',
  templates: [
    {
      name: 'Who blocks whom',
      about: 'Each waiting session with those it waits for.',
      sql: `select w.pid as waiting_pid, w.usename as waiting_user, now() - w.query_start as waiting_for, w.query as waiting_query,
  b.pid as blocking_pid, b.usename as blocking_user, b.state as blocking_state, b.query as blocking_query
from pg_stat_activity w
cross join lateral unnest(pg_blocking_pids(w.pid)) as blocker (pid)
join pg_stat_activity b on b.pid = blocker.pid
order by w.query_start;`,
    },
    {
      name: 'Roots of the waiting',
      about: 'Sessions that block others and wait for nobody themselves.',
      sql: `select a.pid, a.usename as user, a.state, now() - a.xact_start as open_for, count(*) as blocks, a.query
from pg_stat_activity w
cross join lateral unnest(pg_blocking_pids(w.pid)) as blocker (pid)
join pg_stat_activity a on a.pid = blocker.pid
where cardinality(pg_blocking_pids(a.pid)) = 0
group by a.pid, a.usename, a.state, a.xact_start, a.query
order by count(*) desc;`,
    },
    {
      name: 'Locks on a table',
      about: 'Held and waited for on :table.',
      sql: `select l.pid, l.mode, l.granted, a.usename as user, a.state, now() - a.xact_start as open_for, a.query
from pg_locks l
left join pg_stat_activity a on a.pid = l.pid
where l.relation = :table::text::regclass
order by l.granted, a.xact_start;`,
    },
    {
      name: 'Strong locks held now',
      about: 'Those that keep readers or writers out.',
      sql: `select l.relation::regclass as relation, l.mode, l.pid, a.usename as user, now() - a.xact_start as open_for, a.query
from pg_locks l
join pg_stat_activity a on a.pid = l.pid
where l.granted and l.locktype = 'relation'
  and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  and l.database = (select oid from pg_database where datname = current_database())
order by a.xact_start;`,
    },
    {
      name: 'Advisory locks',
      about: 'With their keys and their holders.',
      sql: `select l.pid, l.classid, l.objid, l.objsubid, l.mode, l.granted, a.application_name, a.query
from pg_locks l
left join pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory'
order by l.classid, l.objid;`,
    },
    {
      name: 'Prepared transactions',
      about: 'Left by two-phase commit: they hold locks over a restart.',
      sql: `select gid, prepared, now() - prepared as age, owner, database, transaction
from pg_prepared_xacts
order by prepared;`,
    },
  ],
};
