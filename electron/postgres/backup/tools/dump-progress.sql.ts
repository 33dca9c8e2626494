/** How far a pg_dump is: how large each table is, and how much of the ones under way has gone out. */
import { query } from '../../query.ts';

export const dumpSizes = query<{ readonly name: string; readonly oid: string; readonly bytes: string }>(
  'backup.dumpSizes',
  `select n.nspname || '.' || c.relname as name, c.oid::text as oid, pg_table_size(c.oid)::text as bytes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
);

/** $1: what the program calls itself. */
export const dumpCopies = query<{ readonly oid: string; readonly bytes: string }>('backup.dumpCopies', {
  13: `select null::text as oid, null::text as bytes where $1::text is null`,
  14: `select c.relid::text as oid, c.bytes_processed::text as bytes from pg_stat_progress_copy c
  join pg_stat_activity a on a.pid = c.pid where a.application_name = $1::text and c.datname = current_database()`,
});
