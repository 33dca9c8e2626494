/** Every family but statements and pools, with the question that answers it. */
import * as databaseMetrics from '../../../../shared/metrics/families/database.ts';
import * as limitMetrics from '../../../../shared/metrics/families/limits.ts';
import * as relationMetrics from '../../../../shared/metrics/families/relation.ts';
import * as replicationMetrics from '../../../../shared/metrics/families/replication.ts';
import * as serverMetrics from '../../../../shared/metrics/families/server.ts';
import type { Collector } from '../collector.ts';
import * as databaseSql from './database.sql.ts';
import { temporaryFiles, walDirectory } from './privileged.ts';
import { relationFamily, serverFamily } from './read-family.ts';
import * as relationSql from './relation.sql.ts';
import * as replicationSql from './replication.sql.ts';
import * as serverSql from './server.sql.ts';

/** Relations a question: a fraction of 50 ms each on a slow machine. */
const statisticsPage = 1_000;
const sizesPage = 200;
const sizeTimeoutMs = 120_000;
/** Samples wait meanwhile. */
const directoryTimeoutMs = 1_000;
const minuteMs = 60_000;

/** In the order in which they first run. */
export const familyCollectors = (): Collector[] => [
  serverFamily(databaseMetrics.database, databaseSql.databases, { rowMarker: 'hint', asksForCrash: true, since: 10 }),
  serverFamily(serverMetrics.transactions, serverSql.transactions),
  serverFamily(serverMetrics.wal, serverSql.wal),
  serverFamily(serverMetrics.checkpointer, serverSql.checkpointer),
  serverFamily(serverMetrics.bgwriter, serverSql.bgwriter),
  serverFamily(serverMetrics.io, serverSql.io),
  serverFamily(serverMetrics.slru, serverSql.slru, { rowMarker: 'certain' }),
  serverFamily(serverMetrics.archiver, serverSql.archiver),
  serverFamily(limitMetrics.wraparound, serverSql.wraparound, { since: 10 }),
  serverFamily(limitMetrics.xminHorizon, serverSql.xminHorizon),
  serverFamily(replicationMetrics.replication, replicationSql.replication, { idleEveryMs: minuteMs }),
  serverFamily(replicationMetrics.slot, replicationSql.slots, { rowMarker: 'certain' }),
  serverFamily(replicationMetrics.standby, replicationSql.standby, { idleEveryMs: minuteMs }),
  serverFamily(replicationMetrics.subscription, replicationSql.subscriptions, { rowMarker: 'certain' }),
  serverFamily(replicationMetrics.progress, replicationSql.progress, { gate: replicationSql.anyProgress }),
  serverFamily(databaseMetrics.databaseConflicts, databaseSql.databaseConflicts, { asksForCrash: true }),
  serverFamily(relationMetrics.databaseSize, databaseSql.databaseSizes, {
    bulk: true,
    atOnce: true,
    timeoutMs: sizeTimeoutMs,
  }),
  relationFamily(relationMetrics.table, relationSql.tables, {
    asksForCrash: true,
    pageSize: statisticsPage,
    marks: { question: relationSql.tableMarks, some: relationSql.someTables },
  }),
  relationFamily(relationMetrics.index, relationSql.indexes, {
    asksForCrash: true,
    pageSize: statisticsPage,
    marks: { question: relationSql.indexMarks, some: relationSql.someIndexes },
  }),
  relationFamily(relationMetrics.relationSize, relationSql.relationSizes, {
    pageSize: sizesPage,
    bulk: true,
    largest: relationSql.largestSizes,
  }),
  serverFamily(relationMetrics.tablespaceSize, databaseSql.tablespaceSizes, { bulk: true, timeoutMs: sizeTimeoutMs }),
  relationFamily(limitMetrics.relationAge, relationSql.relationAges, { bulk: true }),
  relationFamily(limitMetrics.sequence, relationSql.sequences, { pageSize: sizesPage, bulk: true }),
  serverFamily(serverMetrics.walDirectory, walDirectory, { timeoutMs: directoryTimeoutMs }),
  serverFamily(relationMetrics.temporaryFiles, temporaryFiles, { timeoutMs: directoryTimeoutMs }),
];
