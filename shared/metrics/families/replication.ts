/** Standbys, slots, subscriptions and what long commands have done so far. */
import { counter, gauge } from '../make.ts';
import type { MetricFamily } from '../metric.ts';

export const replication: MetricFamily = {
  id: 'replication',
  scope: 'replica',
  label: 'Standbys',
  key: ['application_name', 'client', 'pid', 'state', 'sync_state'],
  everyMs: 10_000,
  privilege: 'pg_read_all_stats',
  metrics: [
    gauge('sent_lag_bytes', 'Not sent', 'bytes', 'WAL written here and not sent to it yet.'),
    gauge('write_lag_bytes', 'Not written', 'bytes', 'WAL it has not written yet.'),
    gauge('flush_lag_bytes', 'Not flushed', 'bytes', 'WAL it has not flushed yet.'),
    gauge('replay_lag_bytes', 'Not replayed', 'bytes', 'WAL it has not replayed yet.'),
    gauge('write_lag', 'Write lag', 'ms', 'Time until it had written recent WAL; unknown while nothing happens.'),
    gauge('flush_lag', 'Flush lag', 'ms', 'Time until it had flushed recent WAL; unknown while nothing happens.'),
    gauge('replay_lag', 'Replay lag', 'ms', 'Time until it had replayed recent WAL; unknown while nothing happens.'),
    gauge('xmin_age', 'Held back', 'xids', 'How far its queries hold back vacuum here (hot_standby_feedback).'),
    gauge('reply_age', 'Last heard of', 'ms', 'Time since its last reply.'),
  ],
};

export const slot: MetricFamily = {
  id: 'slot',
  scope: 'slot',
  label: 'Replication slots',
  /** `active`: t or f; `wal_status`: reserved, extended, unreserved, lost; the reason is empty where it is valid. */
  key: ['slot_name', 'slot_type', 'database', 'active', 'wal_status', 'invalidation_reason'],
  everyMs: 30_000,
  metrics: [
    gauge('retained_bytes', 'Retained WAL', 'bytes', 'WAL that is kept for it.'),
    gauge('confirmed_lag_bytes', 'Not confirmed', 'bytes', 'WAL its reader has not confirmed yet (logical slots).'),
    gauge(
      'safe_wal_size',
      'Until it is lost',
      'bytes',
      'WAL that may be written until it is in danger; unknown without max_slot_wal_keep_size.',
    ),
    gauge('xmin_age', 'Held back', 'xids', 'How far it holds back vacuum.'),
    gauge('catalog_xmin_age', 'Catalogs held back', 'xids', 'How far it holds back vacuum of the system catalogs.'),
    gauge('inactive_since', 'Inactive since', 'epochMs', 'Since when nobody reads it.', { since: 17 }),
    counter('spill_bytes', 'Spilled', 'bytes', 'Decoded changes written to disk.', { since: 14 }),
    counter('stream_bytes', 'Streamed', 'bytes', 'Decoded changes streamed before their commit.', { since: 14 }),
    counter('total_txns', 'Decoded transactions', 'count', 'Transactions decoded.', { since: 14 }),
    counter('total_bytes', 'Decoded', 'bytes', 'Changes decoded.', { since: 14 }),
  ],
};

export const standby: MetricFamily = {
  id: 'standby',
  scope: 'server',
  label: 'This standby',
  key: [],
  everyMs: 10_000,
  metrics: [
    counter('received_lsn', 'Received', 'bytes', 'WAL received, by the position in the log.', { position: true }),
    counter('replayed_lsn', 'Replayed', 'bytes', 'WAL replayed, by the position in the log.', { position: true }),
    gauge('replay_lag_bytes', 'Not replayed', 'bytes', 'WAL received and not replayed yet.'),
    gauge('replay_delay', 'Behind', 'ms', 'Age of the last transaction replayed; zero when all that came is replayed.'),
    gauge(
      'message_age',
      'Last heard of',
      'ms',
      'Time since the last message of the primary; unknown when not connected.',
    ),
  ],
};

export const subscription: MetricFamily = {
  id: 'subscription',
  scope: 'replica',
  label: 'Subscriptions',
  key: ['subscription'],
  everyMs: 60_000,
  since: 15,
  metrics: [
    counter('apply_error_count', 'Apply errors', 'count', 'Errors while applying changes.', { draw: 'bars' }),
    counter('sync_error_count', 'Copy errors', 'count', 'Errors while copying tables at the start.', { draw: 'bars' }),
  ],
};

export const progress: MetricFamily = {
  id: 'progress',
  scope: 'backend',
  label: 'Long commands',
  /** `command`: VACUUM, ANALYZE, CREATE INDEX, CLUSTER, BASE BACKUP, COPY; `unit` of done and total: blocks, tuples, bytes. */
  key: ['command', 'pid', 'database', 'relation', 'phase', 'unit'],
  everyMs: 10_000,
  privilege: 'pg_read_all_stats',
  metrics: [
    gauge('done', 'Done', 'count', 'What the phase has done, in the unit of the key.'),
    gauge('total', 'Of', 'count', 'What there is to do; unknown or zero where the server cannot tell.'),
    gauge(
      'index_passes',
      'Index passes',
      'count',
      'Vacuum: passes over the indexes so far; more than one means too little maintenance_work_mem.',
    ),
    gauge(
      'dead_items',
      'Dead rows noted',
      'count',
      'Vacuum: dead rows collected since the last pass over the indexes.',
    ),
    gauge('delay', 'Slept', 'ms', 'Vacuum: time slept because of cost limits.', { since: 18 }),
  ],
};
