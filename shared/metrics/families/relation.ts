/** Tables and indexes: how they are used, what vacuum did, how large they are. */
import { counter, gauge } from '../make.ts';
import type { MetricFamily } from '../metric.ts';

export const table: MetricFamily = {
  id: 'table',
  scope: 'relation',
  label: 'Tables',
  key: ['database', 'schema', 'table', 'relid'],
  everyMs: 300_000,
  changedOnly: true,
  metrics: [
    counter('seq_scan', 'Sequential scans', 'count', 'Sequential scans begun.'),
    counter('seq_tup_read', 'Rows read by sequential scans', 'count', 'Live rows read by sequential scans.'),
    counter('idx_scan', 'Index scans', 'count', 'Index scans begun on the table.', { position: true }),
    counter('idx_tup_fetch', 'Rows fetched by index scans', 'count', 'Live rows fetched by index scans.', {
      position: true,
    }),
    counter('n_tup_ins', 'Inserts', 'count', 'Rows inserted.', { draw: 'stack' }),
    counter('n_tup_upd', 'Updates', 'count', 'Rows updated, HOT updates included.', { draw: 'stack' }),
    counter('n_tup_del', 'Deletes', 'count', 'Rows deleted.', { draw: 'stack' }),
    counter('n_tup_hot_upd', 'HOT updates', 'count', 'Updates that needed no new index entries.'),
    counter('n_tup_newpage_upd', 'Updates to another page', 'count', 'Updates whose new row went to another page.', {
      since: 16,
    }),
    gauge('n_live_tup', 'Live rows', 'count', 'Estimated live rows.'),
    gauge('n_dead_tup', 'Dead rows', 'count', 'Estimated dead rows that vacuum has not removed yet.'),
    gauge(
      'n_mod_since_analyze',
      'Changed since ANALYZE',
      'count',
      'Estimated rows changed since the statistics were gathered.',
    ),
    gauge('n_ins_since_vacuum', 'Inserted since VACUUM', 'count', 'Estimated rows inserted since the last vacuum.'),
    gauge('last_vacuum', 'Last VACUUM', 'epochMs', 'When it was last vacuumed by hand.'),
    gauge('last_autovacuum', 'Last autovacuum', 'epochMs', 'When autovacuum last vacuumed it.'),
    gauge('last_analyze', 'Last ANALYZE', 'epochMs', 'When its statistics were last gathered by hand.'),
    gauge('last_autoanalyze', 'Last autoanalyze', 'epochMs', 'When autovacuum last gathered its statistics.'),
    gauge('last_seq_scan', 'Last sequential scan', 'epochMs', 'When a sequential scan last read it.', { since: 16 }),
    gauge('last_idx_scan', 'Last index scan', 'epochMs', 'When an index scan last read it.', { since: 16 }),
    counter('vacuum_count', 'VACUUMs', 'count', 'Vacuums by hand, VACUUM FULL not counted.', { draw: 'bars' }),
    counter('autovacuum_count', 'Autovacuums', 'count', 'Vacuums by autovacuum.', { draw: 'bars' }),
    counter('analyze_count', 'ANALYZEs', 'count', 'Gatherings of statistics by hand.', { draw: 'bars' }),
    counter('autoanalyze_count', 'Autoanalyzes', 'count', 'Gatherings of statistics by autovacuum.', { draw: 'bars' }),
    counter('total_vacuum_time', 'VACUUM time', 'ms', 'Time spent in vacuums by hand.', { since: 18 }),
    counter('total_autovacuum_time', 'Autovacuum time', 'ms', 'Time spent in autovacuums.', { since: 18 }),
    counter('total_analyze_time', 'ANALYZE time', 'ms', 'Time spent in ANALYZE by hand.', { since: 18 }),
    counter('total_autoanalyze_time', 'Autoanalyze time', 'ms', 'Time spent in ANALYZE by autovacuum.', { since: 18 }),
    counter('heap_blks_read', 'Blocks read', 'blocks', 'Blocks of the table itself that were not in shared buffers.'),
    counter('heap_blks_hit', 'Blocks hit', 'blocks', 'Blocks of the table itself found in shared buffers.'),
    gauge('relpages', 'Pages', 'blocks', 'Size in pages at the last VACUUM or ANALYZE.'),
    gauge(
      'reltuples',
      'Rows at last ANALYZE',
      'count',
      'Rows at the last VACUUM or ANALYZE; unknown where there was none.',
    ),
    gauge(
      'relallvisible',
      'All-visible pages',
      'blocks',
      'Pages whose rows everybody sees: index-only scans need not look there.',
    ),
    gauge('relallfrozen', 'All-frozen pages', 'blocks', 'Pages that a vacuum against wraparound may skip.', {
      since: 18,
    }),
    gauge('relfilenode', 'File', 'count', 'Number of its file: another one after TRUNCATE, VACUUM FULL or a rewrite.', {
      draw: 'step',
    }),
  ],
};

export const index: MetricFamily = {
  id: 'index',
  scope: 'index',
  label: 'Indexes',
  key: ['database', 'schema', 'index', 'indexrelid', 'table'],
  everyMs: 900_000,
  changedOnly: true,
  metrics: [
    counter('idx_scan', 'Scans', 'count', 'Index scans begun.'),
    counter('idx_tup_read', 'Entries read', 'count', 'Index entries read by scans.'),
    counter('idx_tup_fetch', 'Rows fetched', 'count', 'Live rows fetched by plain index scans.'),
    gauge('last_idx_scan', 'Last scan', 'epochMs', 'When it was last used.', { since: 16 }),
    counter('idx_blks_read', 'Blocks read', 'blocks', 'Blocks that were not in shared buffers.'),
    counter('idx_blks_hit', 'Blocks hit', 'blocks', 'Blocks found in shared buffers.'),
    gauge('relpages', 'Pages', 'blocks', 'Size in pages at the last VACUUM or ANALYZE.'),
    gauge('reltuples', 'Entries', 'count', 'Entries at the last VACUUM or ANALYZE.'),
  ],
};

export const relationSize: MetricFamily = {
  id: 'relation_size',
  scope: 'relation',
  label: 'Sizes of tables and indexes',
  /** `kind`: table, index, toast or matview; `table`: whose index or TOAST it is, itself for a table. */
  key: ['database', 'schema', 'name', 'relid', 'kind', 'table'],
  everyMs: 3_600_000,
  changedOnly: true,
  metrics: [
    gauge(
      'bytes',
      'Size',
      'bytes',
      'Size on disk of the relation itself with its maps of free and visible pages, without its indexes and TOAST; of a TOAST table with its index.',
      { draw: 'stack' },
    ),
    gauge('reltuples', 'Rows', 'count', 'Rows or entries at the last VACUUM or ANALYZE.'),
  ],
};

export const databaseSize: MetricFamily = {
  id: 'database_size',
  scope: 'database',
  label: 'Sizes of databases',
  key: ['database', 'datid'],
  everyMs: 3_600_000,
  metrics: [gauge('bytes', 'Size', 'bytes', 'Size on disk of the database.', { draw: 'stack' })],
};

export const tablespaceSize: MetricFamily = {
  id: 'tablespace_size',
  scope: 'server',
  label: 'Sizes of tablespaces',
  key: ['tablespace'],
  everyMs: 3_600_000,
  privilege: 'pg_read_all_stats',
  metrics: [gauge('bytes', 'Size', 'bytes', 'Size on disk of the tablespace.', { draw: 'stack' })],
};

export const temporaryFiles: MetricFamily = {
  id: 'temporary_files',
  scope: 'server',
  label: 'Temporary files now',
  key: ['tablespace'],
  everyMs: 60_000,
  privilege: 'pg_monitor',
  metrics: [
    gauge('files', 'Files', 'count', 'Temporary files that exist now, of statements that still run.'),
    gauge('bytes', 'Size', 'bytes', 'Their size: what counters tell only when the statement has ended.'),
  ],
};
