/** PgBouncer's own counters, from its admin console. */
import { counter, gauge } from '../make.ts';
import type { MetricFamily } from '../metric.ts';

export const pool: MetricFamily = {
  id: 'pool',
  scope: 'pool',
  label: 'PgBouncer pools',
  key: ['database', 'user', 'pool_mode'],
  everyMs: 10_000,
  metrics: [
    gauge('cl_active', 'Clients at work', 'count', 'Clients that have a server connection.', { draw: 'stack' }),
    gauge('cl_waiting', 'Clients waiting', 'count', 'Clients that wait for a server connection.', { draw: 'stack' }),
    gauge('sv_active', 'Servers at work', 'count', 'Server connections in use.'),
    gauge('sv_idle', 'Servers idle', 'count', 'Server connections that are free.'),
    gauge('sv_used', 'Servers to be checked', 'count', 'Server connections idle for longer than server_check_delay.'),
    gauge('maxwait', 'Longest wait', 'ms', 'How long the first client in the queue has waited.'),
  ],
};

export const poolStats: MetricFamily = {
  id: 'pool_stats',
  scope: 'pool',
  label: 'PgBouncer traffic',
  key: ['database'],
  everyMs: 10_000,
  metrics: [
    counter('total_xact_count', 'Transactions', 'count', 'Transactions passed on.'),
    counter('total_query_count', 'Queries', 'count', 'Queries passed on.'),
    counter('total_received', 'Received', 'bytes', 'Bytes received from clients.'),
    counter('total_sent', 'Sent', 'bytes', 'Bytes sent to clients.'),
    counter('total_xact_time', 'Transaction time', 'us', 'Time spent in transactions.'),
    counter('total_query_time', 'Query time', 'us', 'Time spent in queries.'),
    counter('total_wait_time', 'Wait time', 'us', 'Time that clients waited for a server connection.'),
  ],
};
