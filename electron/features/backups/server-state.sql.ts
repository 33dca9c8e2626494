/** Backups that run on a server, ours and others', and how the archiving of its WAL fares. */
import { query } from '../../postgres/query.ts';

export interface RunningRow {
  readonly pid: number;
  readonly application: string;
  readonly user: string;
  readonly database: string | null;
  readonly startedMs: string | null;
  /** What it does now: the phase of a base backup, the table of a COPY, or the state of the session. */
  readonly doing: string;
  readonly bytes: string | null;
  readonly allBytes: string | null;
}
/** Known by what they call themselves: a name is all that a client tells. */
export const runningBackups = query<RunningRow>(
  'backups.running',
  (
    since,
  ) => `select a.pid, a.application_name as application, coalesce(a.usename::text, '') as "user", a.datname::text as database,
    (extract(epoch from a.backend_start) * 1000)::int8::text as "startedMs",
    coalesce(b.phase, ${since({ 13: 'null::text', 14: "'COPY of ' || c.relid::regclass::text" })}, a.state, '') as doing,
    coalesce(b.backup_streamed, ${since({ 13: 'null::int8', 14: 'c.bytes_processed' })})::text as bytes,
    coalesce(b.backup_total, ${since({ 13: 'null::int8', 14: 'nullif(c.bytes_total, 0)' })})::text as "allBytes"
  from pg_stat_activity a left join pg_stat_progress_basebackup b on b.pid = a.pid
    ${since({ 13: '', 14: 'left join pg_stat_progress_copy c on c.pid = a.pid and c.relid <> 0 and a.datname = current_database()' })}
  where a.pid <> pg_backend_pid() and (b.pid is not null
    or a.application_name ~* '^(pg_dump|pg_dumpall|pg_restore|pg_basebackup|pgbackrest|barman|wal-g|howdah: (backup|restore|drill))')
  order by a.backend_start, a.pid`,
);

export interface ArchiverRow {
  readonly mode: string;
  readonly level: string;
  readonly archived: string;
  readonly lastArchived: string | null;
  readonly lastArchivedMs: string | null;
  readonly failed: string;
  readonly lastFailed: string | null;
  readonly lastFailedMs: string | null;
}
export const archiverState = query<ArchiverRow>(
  'backups.archiver',
  `select current_setting('archive_mode') as mode, current_setting('wal_level') as level, s.archived_count::text as archived, s.last_archived_wal as "lastArchived",
    (extract(epoch from s.last_archived_time) * 1000)::int8::text as "lastArchivedMs", s.failed_count::text as failed, s.last_failed_wal as "lastFailed",
    (extract(epoch from s.last_failed_time) * 1000)::int8::text as "lastFailedMs"
  from pg_stat_archiver s`,
);
