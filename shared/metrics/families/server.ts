/** The server as a whole: connections, transactions, WAL, checkpoints, I/O. */
import { counter, gauge } from '../make.ts';
import type { MetricFamily } from '../metric.ts';

export const connections: MetricFamily = {
  id: 'connections',
  scope: 'server',
  label: 'Connections',
  key: [],
  everyMs: 10_000,
  privilege: 'pg_read_all_stats',
  metrics: [
    gauge('total', 'Connections', 'count', 'Sessions of clients.'),
    gauge('active', 'Active', 'count', 'Sessions that run a statement.', { draw: 'stack' }),
    gauge('idle', 'Idle', 'count', 'Sessions that wait for their client.', { draw: 'stack' }),
    gauge(
      'idle_in_transaction',
      'Idle in transaction',
      'count',
      'Sessions that keep a transaction open and do nothing.',
      { draw: 'stack' },
    ),
    gauge('waiting', 'Waiting for a lock', 'count', 'Sessions that another one holds up.'),
    gauge('background', 'Background processes', 'count', 'Processes of the server that belong to no client.'),
    gauge('max_connections', 'Limit', 'count', 'max_connections.', { draw: 'step' }),
    gauge('reserved_connections', 'Reserved', 'count', 'Connections kept for superusers and reserved roles.', {
      draw: 'step',
    }),
    gauge('oldest_xact_age', 'Oldest transaction', 'ms', 'Age of the oldest open transaction of a client.'),
    gauge('oldest_query_age', 'Longest statement', 'ms', 'How long the longest running statement of a client has run.'),
  ],
};

export const transactions: MetricFamily = {
  id: 'transactions',
  scope: 'server',
  label: 'Transactions',
  key: [],
  everyMs: 60_000,
  metrics: [
    counter('next_xid', 'Transaction ids', 'xids', 'Transaction ids handed out: the pace towards wraparound.', {
      position: true,
    }),
    gauge('prepared', 'Prepared transactions', 'count', 'Two-phase transactions that wait for their end.'),
    gauge('oldest_prepared_age', 'Oldest prepared transaction', 'ms', 'Age of the oldest of them.'),
  ],
};

export const wal: MetricFamily = {
  id: 'wal',
  scope: 'server',
  label: 'WAL',
  key: [],
  everyMs: 60_000,
  metrics: [
    counter('lsn', 'WAL position', 'bytes', 'WAL written (on a standby: replayed), by the position in the log.', {
      position: true,
    }),
    counter('wal_records', 'Records', 'count', 'WAL records written.', { since: 14 }),
    counter('wal_fpi', 'Full page images', 'count', 'Whole pages written to the WAL.', { since: 14 }),
    counter('wal_bytes', 'Bytes', 'bytes', 'WAL written.', { since: 14 }),
    counter('wal_buffers_full', 'Buffers full', 'count', 'Times the WAL buffers were full: raise wal_buffers.', {
      since: 14,
    }),
    counter('wal_write', 'Writes', 'count', 'Times WAL was written to disk.', { since: 14 }),
    counter('wal_sync', 'Syncs', 'count', 'Times WAL was flushed to disk.', { since: 14 }),
    counter('wal_write_time', 'Write time', 'ms', 'Time writing WAL; zero unless its timing is tracked.', {
      since: 14,
    }),
    counter('wal_sync_time', 'Sync time', 'ms', 'Time flushing WAL; zero unless its timing is tracked.', { since: 14 }),
  ],
};

export const walDirectory: MetricFamily = {
  id: 'wal_directory',
  scope: 'server',
  label: 'WAL directory',
  key: [],
  everyMs: 300_000,
  privilege: 'pg_monitor',
  metrics: [
    gauge('files', 'Files', 'count', 'WAL files kept.'),
    gauge('bytes', 'Size', 'bytes', 'Their size.'),
    gauge('ready', 'Waiting for the archiver', 'count', 'Files that are complete and not archived yet.'),
  ],
};

export const bgwriter: MetricFamily = {
  id: 'bgwriter',
  scope: 'server',
  label: 'Background writer',
  key: [],
  everyMs: 60_000,
  metrics: [
    counter('buffers_clean', 'Written by it', 'blocks', 'Buffers written by the background writer.', { draw: 'stack' }),
    counter('maxwritten_clean', 'Stopped at its limit', 'count', 'Times it stopped because it had written enough.'),
    counter('buffers_alloc', 'Allocated', 'blocks', 'Buffers allocated.'),
    counter('buffers_backend', 'Written by sessions', 'blocks', 'Buffers that sessions had to write themselves.', {
      until: 16,
      draw: 'stack',
    }),
    counter('buffers_backend_fsync', 'Flushed by sessions', 'count', 'Times a session had to flush a file itself.', {
      until: 16,
    }),
  ],
};

export const checkpointer: MetricFamily = {
  id: 'checkpointer',
  scope: 'server',
  label: 'Checkpoints',
  key: [],
  everyMs: 60_000,
  metrics: [
    counter('num_timed', 'On time', 'count', 'Checkpoints that checkpoint_timeout began.', { draw: 'bars' }),
    counter('num_requested', 'Requested', 'count', 'Checkpoints begun earlier, mostly because of max_wal_size.', {
      draw: 'bars',
    }),
    counter('num_done', 'Done', 'count', 'Checkpoints carried out.', { since: 18, draw: 'bars' }),
    counter('restartpoints_timed', 'Restart points on time', 'count', 'Restart points of a standby.', {
      since: 17,
      draw: 'bars',
    }),
    counter('restartpoints_req', 'Restart points requested', 'count', 'Restart points requested.', {
      since: 17,
      draw: 'bars',
    }),
    counter('restartpoints_done', 'Restart points done', 'count', 'Restart points carried out.', {
      since: 17,
      draw: 'bars',
    }),
    counter('write_time', 'Write time', 'ms', 'Time writing files during checkpoints.'),
    counter('sync_time', 'Sync time', 'ms', 'Time flushing files during checkpoints.'),
    counter('buffers_written', 'Buffers written', 'blocks', 'Buffers written during checkpoints.'),
    counter('slru_written', 'SLRU buffers written', 'blocks', 'Small buffers written during checkpoints.', {
      since: 18,
    }),
  ],
};

export const archiver: MetricFamily = {
  id: 'archiver',
  scope: 'server',
  label: 'Archiver',
  key: [],
  everyMs: 60_000,
  metrics: [
    counter('archived_count', 'Archived', 'count', 'WAL files archived.', { draw: 'bars' }),
    counter('failed_count', 'Failed', 'count', 'Attempts to archive that failed.', { draw: 'bars' }),
    gauge('last_archived_time', 'Last archived', 'epochMs', 'When the last file was archived.'),
    gauge('last_failed_time', 'Last failed', 'epochMs', 'When the last attempt failed.'),
  ],
};

export const slru: MetricFamily = {
  id: 'slru',
  scope: 'io',
  label: 'Small caches (SLRU)',
  key: ['name'],
  everyMs: 60_000,
  metrics: [
    counter('blks_zeroed', 'Zeroed', 'blocks', 'Blocks zeroed while being made.'),
    counter('blks_hit', 'Hit', 'blocks', 'Blocks found in the cache.'),
    counter('blks_read', 'Read', 'blocks', 'Blocks read from disk.'),
    counter('blks_written', 'Written', 'blocks', 'Blocks written.'),
    counter('blks_exists', 'Looked for', 'blocks', 'Checks whether a block exists.'),
    counter('flushes', 'Flushes', 'count', 'Flushes of dirty data.'),
    counter('truncates', 'Truncations', 'count', 'Truncations.'),
  ],
};

export const io: MetricFamily = {
  id: 'io',
  scope: 'io',
  label: 'I/O',
  key: ['backend_type', 'object', 'context'],
  everyMs: 60_000,
  since: 16,
  metrics: [
    counter('reads', 'Reads', 'count', 'Read operations.'),
    counter('read_bytes', 'Bytes read', 'bytes', 'Bytes read.'),
    counter('read_time', 'Read time', 'ms', 'Time reading; zero unless track_io_timing is on.'),
    counter('writes', 'Writes', 'count', 'Write operations.'),
    counter('write_bytes', 'Bytes written', 'bytes', 'Bytes written.'),
    counter('write_time', 'Write time', 'ms', 'Time writing; zero unless track_io_timing is on.'),
    counter('writebacks', 'Write-backs', 'count', 'Pages the kernel was asked to write out.'),
    counter('writeback_time', 'Write-back time', 'ms', 'Time in those requests.'),
    counter('extends', 'Extensions', 'count', 'Operations that made a file longer.'),
    counter('extend_bytes', 'Bytes extended', 'bytes', 'Bytes by which files were made longer.'),
    counter('extend_time', 'Extension time', 'ms', 'Time extending files.'),
    counter('hits', 'Hits', 'count', 'Blocks found in shared buffers.'),
    counter('evictions', 'Evictions', 'count', 'Blocks thrown out of shared buffers to make room.'),
    counter('reuses', 'Reuses', 'count', 'Buffers of a ring used again.'),
    counter('fsyncs', 'Flushes', 'count', 'fsync calls.'),
    counter('fsync_time', 'Flush time', 'ms', 'Time in fsync.'),
  ],
};
