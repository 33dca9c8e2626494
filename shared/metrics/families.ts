/** Every family that a recording can hold. Appended to; what is here keeps its id, its key and the order of its metrics. */
import { database, databaseConflicts } from './families/database.ts';
import { relationAge, sequence, wraparound, xminHorizon } from './families/limits.ts';
import { pool, poolStats } from './families/pool.ts';
import { databaseSize, index, relationSize, table, tablespaceSize, temporaryFiles } from './families/relation.ts';
import { progress, replication, slot, standby, subscription } from './families/replication.ts';
import {
  archiver,
  bgwriter,
  checkpointer,
  connections,
  io,
  slru,
  transactions,
  wal,
  walDirectory,
} from './families/server.ts';
import { statement, statementInfo } from './families/statement.ts';
import type { MetricFamily } from './metric.ts';

export const families: readonly MetricFamily[] = [
  connections,
  transactions,
  database,
  databaseConflicts,
  table,
  index,
  statement,
  statementInfo,
  io,
  wal,
  walDirectory,
  bgwriter,
  checkpointer,
  archiver,
  slru,
  replication,
  slot,
  standby,
  subscription,
  progress,
  wraparound,
  relationAge,
  xminHorizon,
  sequence,
  relationSize,
  databaseSize,
  tablespaceSize,
  temporaryFiles,
  pool,
  poolStats,
];

const byId = new Map(families.map((family) => [family.id, family]));

/** Undefined for one that this version of the program does not know (a newer file may hold it). */
export const familyOf = (id: string): MetricFamily | undefined => byId.get(id);
