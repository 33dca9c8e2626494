/**
 * What a recording tells, at a time or over a stretch of it. A live server is read through the recording that is
 * being made of it, so every screen is the same for both.
 */
import { z } from 'zod';
import { id, instantMs, viewer } from './base.ts';

/** A stretch of time of one recording; `toMs` is not included. */
export const range = z.object({ id, fromMs: instantMs, toMs: instantMs });
const at = z.object({ id, atMs: instantMs });

/** By what activity can be split and narrowed. `class` is the wait event type, with CPU and IdleTx as classes. */
export const dimensions = [
  'class',
  'event',
  'query',
  'database',
  'user',
  'application',
  'client',
  'backendType',
  'blocker',
  'pid',
] as const;
export const dimension = z.enum(dimensions);
export type Dimension = z.infer<typeof dimension>;

export const activityFilter = z.object({ dimension, value: z.string() });
export type ActivityFilter = z.infer<typeof activityFilter>;

const activityQuestion = range.extend({
  by: dimension,
  filters: z.array(activityFilter).max(20),
  /** Also autovacuum, walsender, checkpointer and the like. */
  background: z.boolean(),
});

/** Columns of numbers on one time axis: `values[series][bucket]`; null where nothing is known. */
const bucketed = {
  startMs: instantMs,
  stepMs: z.number().int(),
  buckets: z.number().int(),
  /** Milliseconds of each bucket that samples stand for: 0 is a gap. */
  coveredMs: z.array(z.number()),
};

export const activitySeries = z.object({
  ...bucketed,
  /** `raw` samples, or `minute` / `hour` roll-ups; sessions and single samples exist in raw only. */
  grain: z.enum(['raw', 'minute', 'hour']),
  series: z.array(
    z.object({ key: z.string(), label: z.string(), totalMs: z.number(), values: z.array(z.number().nullable()) }),
  ),
  /** Highest number of sessions at one tick, a bucket. */
  peak: z.array(z.number().nullable()),
});
export type ActivitySeries = z.infer<typeof activitySeries>;

export const activityShare = z.object({
  key: z.string(),
  label: z.string(),
  /** Session-milliseconds, their share of the whole, and half the width of the 95 % interval of that share. */
  sessionMs: z.number(),
  share: z.number(),
  shareError: z.number(),
  /** Average active sessions. */
  average: z.number(),
  samples: z.number().int(),
  byClass: z.record(z.string(), z.number()),
});
export type ActivityShare = z.infer<typeof activityShare>;

/** One session at a tick. Instants are epoch ms by the server's clock; ages are to the tick. */
export const sessionAt = z.object({
  pid: z.number().int(),
  leaderPid: z.number().int().nullable(),
  database: z.string().nullable(),
  user: z.string().nullable(),
  application: z.string(),
  client: z.string().nullable(),
  backendType: z.string(),
  state: z.string().nullable(),
  waitEventType: z.string().nullable(),
  waitEvent: z.string().nullable(),
  queryId: z.string().nullable(),
  query: z.string().nullable(),
  backendStartMs: z.number().nullable(),
  xactStartMs: z.number().nullable(),
  queryStartMs: z.number().nullable(),
  stateChangeMs: z.number().nullable(),
  xidAge: z.number().nullable(),
  xminAge: z.number().nullable(),
  blockedBy: z.array(z.number().int()),
});
export type SessionAt = z.infer<typeof sessionAt>;

export const lockNode = z.object({
  /** `pid` or `object`; a forest: roots block and are not blocked. */
  kind: z.enum(['session', 'object']),
  id: z.string(),
  parentId: z.string().nullable(),
  pid: z.number().int().nullable(),
  label: z.string(),
  lockType: z.string().nullable(),
  mode: z.string().nullable(),
  granted: z.boolean().nullable(),
  waitingSinceMs: z.number().nullable(),
  /** Sessions waiting below it, and the seconds they have waited so far. */
  waiting: z.number().int(),
  blockedSeconds: z.number(),
  session: sessionAt.nullable(),
});
export type LockNode = z.infer<typeof lockNode>;

export const blame = z.object({
  rootQuery: z.string().nullable(),
  rootQueryId: z.string().nullable(),
  rootUser: z.string().nullable(),
  rootApplication: z.string().nullable(),
  rootPid: z.number().int().nullable(),
  object: z.string(),
  /** The table whose lock, or a lock of whose rows, was waited for; null where it is neither, or not known. */
  relation: z.string().nullable(),
  mode: z.string(),
  victims: z.number().int(),
  blockedSeconds: z.number(),
  firstMs: instantMs,
  lastMs: instantMs,
});
export type Blame = z.infer<typeof blame>;

/** A pg_stat_statements entry over a range: everything is what was added in it. */
export const statement = z.object({
  /** database oid, user oid, queryid, toplevel: joined with `/`. */
  key: z.string(),
  queryId: z.string().nullable(),
  database: z.string(),
  user: z.string(),
  text: z.string().nullable(),
  calls: z.number(),
  totalMs: z.number(),
  meanMs: z.number(),
  rows: z.number(),
  sharedHit: z.number(),
  sharedRead: z.number(),
  sharedDirtied: z.number(),
  tempBlocks: z.number(),
  ioMs: z.number(),
  walBytes: z.number(),
  planMs: z.number(),
  jitMs: z.number(),
  /** Share of all statements' total time in the range. */
  share: z.number(),
  /** First seen in this range. */
  isNew: z.boolean(),
  /** Mean time against the range before, of equal length; null without calls there. */
  meanChange: z.number().nullable(),
  flags: z.array(z.string()),
  /** When estimated from samples (no pg_stat_statements): half the 95 % interval of totalMs. */
  totalMsError: z.number().nullable(),
});
export type Statement = z.infer<typeof statement>;

/** Statements that differ in nothing but their values, whoever ran them and in whichever database. */
export const statementPattern = statement.extend({
  /** PostgreSQL's fingerprint of the text; the text itself, or the query id, where it has none. The same in every recording. */
  pattern: z.string(),
  /** Of its statements, the costliest first; `key` is the first of them. */
  keys: z.array(z.string()),
});
export type StatementPattern = z.infer<typeof statementPattern>;

export const statementOrders = [
  'totalMs',
  'meanMs',
  'calls',
  'rows',
  'sharedHit',
  'sharedRead',
  'tempBlocks',
  'walBytes',
  'ioMs',
] as const;

export const series = z.object({
  ...bucketed,
  grain: z.enum(['raw', 'minute', 'hour']),
  series: z.array(
    z.object({
      key: z.array(z.string()),
      metric: z.string(),
      /** A counter's rate a second, a gauge's last value in the bucket. */
      values: z.array(z.number().nullable()),
    }),
  ),
});
export type Series = z.infer<typeof series>;

export const recordedEvent = z.object({
  atMs: instantMs,
  kind: z.string(),
  database: z.string().nullable(),
  subject: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type MonitorEvent = z.infer<typeof recordedEvent>;

const statementsQuestion = range.extend({
  order: z.enum(statementOrders),
  search: z.string().max(1_000).optional(),
  database: z.string().optional(),
});
const aboutStatements = {
  coveredMs: z.number(),
  sampled: z.boolean(),
  /** Times that statements were thrown out to make room; null where the server does not say. */
  evicted: z.number().nullable(),
  /** How many there are, shown or not. */
  total: z.number().int(),
};

export const monitor = {
  /** What the file covers: its ends, its gaps, and whether more is coming. */
  span: viewer.input(z.object({ id })).output(
    z.object({
      fromMs: instantMs.nullable(),
      toMs: instantMs.nullable(),
      live: z.boolean(),
      everyMs: z.number(),
      gaps: z.array(z.object({ fromMs: instantMs, toMs: instantMs, reason: z.string(), message: z.string() })),
    }),
  ),
  activity: viewer
    .input(
      activityQuestion.extend({ buckets: z.number().int().min(1).max(2_000), top: z.number().int().min(1).max(50) }),
    )
    .output(activitySeries),
  shares: viewer
    .input(activityQuestion.extend({ limit: z.number().int().min(1).max(500) }))
    .output(z.object({ coveredMs: z.number(), totalMs: z.number(), shares: z.array(activityShare) })),
  /** The tick at that instant, or the nearest one before it within a minute; null in a gap. */
  sessions: viewer.input(at.extend({ idle: z.boolean() })).output(
    z.object({
      atMs: instantMs.nullable(),
      /** When the idle ones were last looked at. */
      fullAtMs: instantMs.nullable(),
      sessions: z.array(sessionAt),
      maxConnections: z.number().nullable(),
      reservedConnections: z.number().nullable(),
    }),
  ),
  locks: viewer.input(at).output(z.object({ atMs: instantMs.nullable(), nodes: z.array(lockNode) })),
  blocked: viewer
    .input(range.extend({ buckets: z.number().int().min(1).max(2_000) }))
    .output(z.object({ ...bucketed, waiting: z.array(z.number().nullable()) })),
  blame: viewer.input(range).output(z.array(blame)),
  statements: viewer
    .input(statementsQuestion.extend({ limit: z.number().int().min(1).max(1_000) }))
    .output(z.object({ ...aboutStatements, statements: z.array(statement) })),
  /** The same, by pattern; long texts are cut. Patterns of two recordings can be compared. */
  patterns: viewer
    .input(statementsQuestion.extend({ limit: z.number().int().min(1).max(5_000) }))
    .output(z.object({ ...aboutStatements, statements: z.array(statementPattern) })),
  /** One statement's text and curve. */
  statement: viewer.input(range.extend({ key: z.string(), buckets: z.number().int().min(1).max(2_000) })).output(
    z.object({
      ...bucketed,
      text: z.string().nullable(),
      calls: z.array(z.number().nullable()),
      meanMs: z.array(z.number().nullable()),
      totalMs: z.array(z.number().nullable()),
      rows: z.array(z.number().nullable()),
      waits: z.array(z.object({ class: z.string(), event: z.string(), sessionMs: z.number() })),
    }),
  ),
  /** Curves of any family (shared/metrics). `keys` empty: all rows added up; `together`: those of the keys, in one. */
  series: viewer
    .input(
      range.extend({
        family: z.string(),
        metrics: z.array(z.string()).min(1).max(20),
        keys: z.array(z.array(z.string())).max(5_000),
        together: z.boolean().optional(),
        buckets: z.number().int().min(1).max(2_000),
      }),
    )
    .output(series),
  /** All rows of a family: gauges as last known at `toMs`, counters as what was added in the range. */
  table: viewer.input(range.extend({ family: z.string() })).output(
    z.object({
      atMs: instantMs.nullable(),
      coveredMs: z.number(),
      key: z.array(z.string()),
      metrics: z.array(z.string()),
      rows: z.array(
        z.object({ key: z.array(z.string()), values: z.array(z.number().nullable()), flags: z.array(z.string()) }),
      ),
    }),
  ),
  events: viewer.input(range).output(z.array(recordedEvent)),
  /** How many objects there were, by pg_class.relkind (`i`: indexes), in the databases whose structure is recorded. */
  objects: viewer.input(at).output(
    z.object({
      databases: z.number().int(),
      kinds: z.array(z.object({ kind: z.string(), count: z.number().int() })),
    }),
  ),
  /** The snapshot of that kind that held at the instant: settings, catalog, capabilities, index advice, … */
  snapshot: viewer
    .input(at.extend({ kind: z.string(), database: z.string().nullable() }))
    .output(z.object({ atMs: instantMs, content: z.unknown() }).nullable()),
};
