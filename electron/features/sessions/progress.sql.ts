/** How far a session's statement is, as the server itself counts it; asked on the catalog connection. */
import { query } from '../../postgres/query.ts';

export interface ProgressRow {
  readonly command: string;
  readonly phase: string;
  readonly object: string | null;
  readonly done: string;
  /** 0: not known. */
  readonly total: string;
  readonly unit: 'blocks' | 'tuples' | 'bytes';
}

const named = 'p.relid::regclass::text as object';

const copy = `union all
  select 'COPY', p.type, ${named}, p.bytes_processed, p.bytes_total, 'bytes'
  from pg_catalog.pg_stat_progress_copy p where p.pid = $1`;

/** At most one row: a session does one of these at a time. */
export const statementProgress = query<ProgressRow>(
  'sessions.progress',
  (since) => `select w.command, w.phase, w.object, w.done::text as done, w.total::text as total, w.unit from (
  select p.command as command, p.phase as phase, ${named},
    case when p.blocks_total > 0 then p.blocks_done when p.tuples_total > 0 then p.tuples_done
      else p.lockers_done end as done,
    case when p.blocks_total > 0 then p.blocks_total when p.tuples_total > 0 then p.tuples_total
      else 0 end as total,
    case when p.blocks_total > 0 or p.tuples_total = 0 then 'blocks' else 'tuples' end as unit
  from pg_catalog.pg_stat_progress_create_index p where p.pid = $1
  union all
  select 'VACUUM', p.phase, ${named},
    case p.phase when 'vacuuming heap' then p.heap_blks_vacuumed else p.heap_blks_scanned end, p.heap_blks_total, 'blocks'
  from pg_catalog.pg_stat_progress_vacuum p where p.pid = $1
  union all
  select 'ANALYZE', p.phase, ${named}, p.sample_blks_scanned, p.sample_blks_total, 'blocks'
  from pg_catalog.pg_stat_progress_analyze p where p.pid = $1
  union all
  select p.command, p.phase, ${named}, p.heap_blks_scanned, p.heap_blks_total, 'blocks'
  from pg_catalog.pg_stat_progress_cluster p where p.pid = $1
  ${since({ 13: '', 14: copy })}
) w limit 1`,
);

export interface AtWorkRow {
  readonly waitEventType: string | null;
  readonly waitEvent: string | null;
  readonly workers: number;
  readonly blockedBy: readonly number[];
}

export const atWork = query<AtWorkRow>(
  'sessions.at-work',
  `select a.wait_event_type as "waitEventType", a.wait_event as "waitEvent",
    (select count(*)::int4 from pg_catalog.pg_stat_activity w where w.leader_pid = a.pid and w.pid <> a.pid) as workers,
    case when a.wait_event_type = 'Lock' then pg_catalog.pg_blocking_pids(a.pid) else '{}' end as "blockedBy"
  from pg_catalog.pg_stat_activity a where a.pid = $1`,
);
