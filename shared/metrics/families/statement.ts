/** What pg_stat_statements counts, by its newest column names; older names are read under these. */
import { counter, gauge } from '../make.ts';
import type { MetricFamily } from '../metric.ts';

export const statement: MetricFamily = {
  id: 'statement',
  scope: 'statement',
  label: 'Statements',
  key: ['dbid', 'userid', 'queryid', 'toplevel'],
  everyMs: 60_000,
  changedOnly: true,
  privilege: 'pg_read_all_stats',
  metrics: [
    counter('calls', 'Calls', 'count', 'How often it was executed.'),
    counter('total_exec_time', 'Execution time', 'ms', 'Time spent executing it.'),
    counter('rows', 'Rows', 'count', 'Rows returned or changed.'),
    counter('shared_blks_hit', 'Shared blocks hit', 'blocks', 'Blocks found in shared buffers.'),
    counter('shared_blks_read', 'Shared blocks read', 'blocks', 'Blocks that were not in shared buffers.'),
    counter('shared_blks_dirtied', 'Shared blocks dirtied', 'blocks', 'Blocks changed.'),
    counter('shared_blks_written', 'Shared blocks written', 'blocks', 'Blocks it had to write out itself.'),
    counter('local_blks_hit', 'Local blocks hit', 'blocks', 'Blocks of temporary tables found in memory.'),
    counter('local_blks_read', 'Local blocks read', 'blocks', 'Blocks of temporary tables read.'),
    counter('local_blks_dirtied', 'Local blocks dirtied', 'blocks', 'Blocks of temporary tables changed.'),
    counter('local_blks_written', 'Local blocks written', 'blocks', 'Blocks of temporary tables written.'),
    counter('temp_blks_read', 'Temporary blocks read', 'blocks', 'Blocks read back from spilled sorts and hashes.'),
    counter('temp_blks_written', 'Temporary blocks written', 'blocks', 'Blocks that sorts and hashes spilled.'),
    counter('shared_blk_read_time', 'Read time', 'ms', 'Time reading blocks; zero unless track_io_timing is on.'),
    counter('shared_blk_write_time', 'Write time', 'ms', 'Time writing blocks; zero unless track_io_timing is on.'),
    counter('local_blk_read_time', 'Local read time', 'ms', 'Time reading blocks of temporary tables.', { since: 17 }),
    counter('local_blk_write_time', 'Local write time', 'ms', 'Time writing blocks of temporary tables.', {
      since: 17,
    }),
    counter('temp_blk_read_time', 'Temporary read time', 'ms', 'Time reading spilled blocks.', { since: 15 }),
    counter('temp_blk_write_time', 'Temporary write time', 'ms', 'Time writing spilled blocks.', { since: 15 }),
    counter('wal_records', 'WAL records', 'count', 'WAL records written.'),
    counter('wal_fpi', 'Full page images', 'count', 'Whole pages written to the WAL.'),
    counter('wal_bytes', 'WAL bytes', 'bytes', 'WAL written.'),
    counter('wal_buffers_full', 'WAL buffers full', 'count', 'Times the WAL buffers were full.', { since: 18 }),
    counter('plans', 'Plannings', 'count', 'How often it was planned; zero unless track_planning is on.'),
    counter('total_plan_time', 'Planning time', 'ms', 'Time spent planning; zero unless track_planning is on.'),
    counter('jit_functions', 'JIT functions', 'count', 'Functions compiled.', { since: 15 }),
    counter('jit_generation_time', 'JIT generation', 'ms', 'Time generating code.', { since: 15 }),
    counter('jit_inlining_time', 'JIT inlining', 'ms', 'Time inlining functions.', { since: 15 }),
    counter('jit_optimization_time', 'JIT optimisation', 'ms', 'Time optimising code.', { since: 15 }),
    counter('jit_emission_time', 'JIT emission', 'ms', 'Time emitting code.', { since: 15 }),
    counter('jit_deform_time', 'JIT deforming', 'ms', 'Time compiling the reading of rows.', { since: 17 }),
    counter('parallel_workers_to_launch', 'Parallel workers planned', 'count', 'Workers it wanted.', { since: 18 }),
    counter('parallel_workers_launched', 'Parallel workers launched', 'count', 'Workers it got.', { since: 18 }),
    gauge('max_exec_time', 'Longest ever', 'ms', 'The longest execution since the entry was made or reset.'),
  ],
};

export const statementInfo: MetricFamily = {
  id: 'statement_info',
  scope: 'server',
  label: 'pg_stat_statements itself',
  key: [],
  everyMs: 60_000,
  metrics: [
    gauge('entries', 'Entries', 'count', 'Statements it holds.'),
    gauge('max', 'Room', 'count', 'pg_stat_statements.max: how many it can hold.'),
    counter('dealloc', 'Evictions', 'count', 'Times the least used entries were thrown out to make room.', {
      since: 14,
      draw: 'bars',
    }),
  ],
};
