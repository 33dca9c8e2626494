/** What happens in each database (pg_stat_database), and what a standby had to cancel. */
import { counter, gauge } from '../make.ts';
import type { MetricFamily } from '../metric.ts';

export const database: MetricFamily = {
  id: 'database',
  scope: 'database',
  label: 'Databases',
  key: ['database', 'datid'],
  everyMs: 10_000,
  metrics: [
    gauge('numbackends', 'Connections', 'count', 'Server processes connected to the database.'),
    counter('xact_commit', 'Commits', 'count', 'Transactions committed.', { draw: 'stack' }),
    counter('xact_rollback', 'Rollbacks', 'count', 'Transactions rolled back.', { draw: 'stack' }),
    counter('blks_read', 'Blocks read', 'blocks', 'Blocks that were not in shared buffers and had to be read.'),
    counter('blks_hit', 'Blocks hit', 'blocks', 'Blocks found in shared buffers.'),
    counter(
      'tup_returned',
      'Rows read',
      'count',
      'Live rows that sequential scans and index entries that index scans read.',
    ),
    counter('tup_fetched', 'Rows fetched', 'count', 'Live rows that index scans fetched.'),
    counter('tup_inserted', 'Rows inserted', 'count', 'Rows inserted.', { draw: 'stack' }),
    counter('tup_updated', 'Rows updated', 'count', 'Rows updated.', { draw: 'stack' }),
    counter('tup_deleted', 'Rows deleted', 'count', 'Rows deleted.', { draw: 'stack' }),
    counter('conflicts', 'Recovery conflicts', 'count', 'Queries of a standby cancelled because of replay.', {
      draw: 'bars',
    }),
    counter(
      'temp_files',
      'Temporary files',
      'count',
      'Temporary files written by sorts and hashes, counted when a statement ends.',
    ),
    counter(
      'temp_bytes',
      'Temporary bytes',
      'bytes',
      'Bytes written to temporary files, counted when a statement ends.',
    ),
    counter('deadlocks', 'Deadlocks', 'count', 'Deadlocks found and resolved by cancelling a transaction.', {
      draw: 'bars',
    }),
    counter('checksum_failures', 'Checksum failures', 'count', 'Damaged pages found while reading.', { draw: 'bars' }),
    counter('blk_read_time', 'Read time', 'ms', 'Time spent reading blocks; zero unless track_io_timing is on.'),
    counter('blk_write_time', 'Write time', 'ms', 'Time spent writing blocks; zero unless track_io_timing is on.'),
    counter('session_time', 'Session time', 'ms', 'Time that sessions were connected.', { since: 14 }),
    counter('active_time', 'Active time', 'ms', 'Time that sessions spent running statements.', { since: 14 }),
    counter('idle_in_transaction_time', 'Idle in transaction', 'ms', 'Time that sessions sat idle in a transaction.', {
      since: 14,
    }),
    counter('sessions', 'New sessions', 'count', 'Sessions that began.', { since: 14 }),
    counter('sessions_abandoned', 'Sessions abandoned', 'count', 'Sessions whose client was lost.', {
      since: 14,
      draw: 'bars',
    }),
    counter('sessions_fatal', 'Sessions ended by errors', 'count', 'Sessions that a fatal error ended.', {
      since: 14,
      draw: 'bars',
    }),
    counter('sessions_killed', 'Sessions terminated', 'count', 'Sessions that an operator ended.', {
      since: 14,
      draw: 'bars',
    }),
    counter('parallel_workers_to_launch', 'Parallel workers planned', 'count', 'Workers that queries wanted.', {
      since: 18,
    }),
    counter('parallel_workers_launched', 'Parallel workers launched', 'count', 'Workers that queries got.', {
      since: 18,
    }),
  ],
};

export const databaseConflicts: MetricFamily = {
  id: 'database_conflicts',
  scope: 'database',
  label: 'Recovery conflicts',
  key: ['database', 'datid'],
  everyMs: 60_000,
  metrics: [
    counter('confl_tablespace', 'Dropped tablespaces', 'count', 'Queries cancelled because a tablespace was dropped.', {
      draw: 'bars',
    }),
    counter('confl_lock', 'Lock timeouts', 'count', 'Queries cancelled because replay waited for their lock.', {
      draw: 'bars',
    }),
    counter('confl_snapshot', 'Old snapshots', 'count', 'Queries cancelled because rows they saw were removed.', {
      draw: 'bars',
    }),
    counter('confl_bufferpin', 'Pinned buffers', 'count', 'Queries cancelled because they pinned a buffer.', {
      draw: 'bars',
    }),
    counter('confl_deadlock', 'Deadlocks', 'count', 'Queries cancelled because of a deadlock with replay.', {
      draw: 'bars',
    }),
    counter('confl_active_logicalslot', 'Logical slots', 'count', 'Uses of logical slots cancelled.', {
      since: 16,
      draw: 'bars',
    }),
  ],
};
