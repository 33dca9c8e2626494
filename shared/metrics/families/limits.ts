/** What runs out one day: transaction ids, sequences, and who keeps vacuum from helping. */
import { gauge } from '../make.ts';
import type { MetricFamily } from '../metric.ts';

export const wraparound: MetricFamily = {
  id: 'wraparound',
  scope: 'database',
  label: 'Wraparound',
  key: ['database', 'datid'],
  everyMs: 60_000,
  metrics: [
    gauge(
      'xid_age',
      'Transaction id age',
      'xids',
      'Age of the oldest transaction id that is not frozen; the server stops near 2.1 billion.',
    ),
    gauge('mxid_age', 'Multixact age', 'xids', 'The same for multixacts.'),
    gauge('freeze_max_age', 'Forced vacuum at', 'xids', 'autovacuum_freeze_max_age.', { draw: 'step' }),
    gauge('mxid_freeze_max_age', 'Forced vacuum at (multixacts)', 'xids', 'autovacuum_multixact_freeze_max_age.', {
      draw: 'step',
    }),
  ],
};

export const relationAge: MetricFamily = {
  id: 'relation_age',
  scope: 'relation',
  label: 'Oldest tables',
  /** The fifty oldest of each database; a TOAST table stands under its owner. */
  key: ['database', 'schema', 'table', 'relid'],
  everyMs: 3_600_000,
  metrics: [
    gauge('xid_age', 'Transaction id age', 'xids', 'Age of the oldest transaction id in it that is not frozen.'),
    gauge('mxid_age', 'Multixact age', 'xids', 'The same for multixacts.'),
  ],
};

export const xminHorizon: MetricFamily = {
  id: 'xmin_horizon',
  scope: 'backend',
  label: 'Who holds back vacuum',
  /** `kind`: session, prepared, slot, slotCatalog, standby; `holder`: pid, gid, slot or application. */
  key: ['kind', 'holder', 'database', 'state'],
  everyMs: 60_000,
  privilege: 'pg_read_all_stats',
  metrics: [
    gauge('age', 'Held back', 'xids', 'Transactions since: rows that died later cannot be removed.'),
    gauge('since', 'Since', 'epochMs', 'When it began.'),
  ],
};

export const sequence: MetricFamily = {
  id: 'sequence',
  scope: 'sequence',
  label: 'Sequences',
  /** `column`: `schema.table.column` that it feeds, empty where none; `cycles`: t or f. */
  key: ['database', 'schema', 'sequence', 'seqrelid', 'column', 'cycles'],
  everyMs: 3_600_000,
  changedOnly: true,
  privilege: 'pg_read_all_data',
  metrics: [
    gauge(
      'last_value',
      'Last value',
      'count',
      'The last value written to disk; unknown where it was never used or may not be read.',
    ),
    gauge('limit_value', 'Limit', 'count', 'The last value that it, or the type of its column, can hold.', {
      draw: 'step',
    }),
    gauge('used', 'Used', 'ratio', 'How much of the way from its start to the limit is gone.'),
  ],
};
