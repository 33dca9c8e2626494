/** Recordings: one file a server. Made by the recorder in the background, or opened from elsewhere. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { admin, failure, fileToken, id, instantMs, viewer } from './base.ts';

export const recording = z.object({
  id,
  /** What the server was called: the connection's name, or what the file says. */
  name: z.string(),
  /** Null for a file from elsewhere. */
  connectionId: id.nullable(),
  /** `recording`: being written now; `stopped`: ours, at rest; `opened`: a file from elsewhere, only read. */
  state: z.enum(['recording', 'stopped', 'opened']),
  serverVersion: z.string(),
  /** pg_control_system().system_identifier where it may be read. */
  systemIdentifier: z.string().nullable(),
  fromMs: instantMs.nullable(),
  toMs: instantMs.nullable(),
  sizeBytes: z.number(),
  /** Why the recorder is not getting on, when it is not. */
  trouble: failure.nullable(),
});
export type Recording = z.infer<typeof recording>;

/** What this server and role let us see, and how to get the rest. */
export const capability = z.object({
  name: z.string(),
  state: z.enum(['there', 'partly', 'missing']),
  /** One sentence: what is missing because of what. */
  reason: z.string(),
  /** SQL that would enable it; null where none would. */
  sql: z.string().nullable(),
  needsRestart: z.boolean(),
});
export type Capability = z.infer<typeof capability>;

/** How far a reading of very many objects has come: it is done a little at a time, over minutes. */
export const readingSoFar = z.object({
  collector: z.string(),
  database: z.string(),
  read: z.number().int(),
  /** How many are passed in all, those included that only tell of another, as indexes of tables; null: not known. */
  of: z.number().int().nullable(),
});
export type ReadingSoFar = z.infer<typeof readingSoFar>;

/** Howdah's own load on the server, by collector, over a stretch of time. */
export const collectorCost = z.object({
  collector: z.string(),
  label: z.string(),
  everyMs: z.number(),
  runs: z.number().int(),
  failures: z.number().int(),
  lastFailure: z.string().nullable(),
  totalMs: z.number(),
  meanMs: z.number(),
  maxMs: z.number(),
  rows: z.number(),
  sql: z.string(),
});
export type CollectorCost = z.infer<typeof collectorCost>;

export const retention = z.object({
  rawDays: z.number().min(0.01).max(3650),
  minuteDays: z.number().min(0.1).max(3650),
  hourDays: z.number().min(1).max(36500),
  /** The file is kept under this; the oldest and finest goes first. */
  maxBytes: z.number().min(10_000_000),
});
export type Retention = z.infer<typeof retention>;

/** Where a recording is brought to as well: a team's PostgreSQL database, by one of the connections. */
export const secondHome = z.object({
  connectionId: id,
  /** Of the connection; null where it is gone. */
  name: z.string().nullable(),
  /** What was recorded up to here is there; null: nothing yet, or not known while nothing is recorded. */
  uptoMs: instantMs.nullable(),
  trouble: failure.nullable(),
});
export type SecondHome = z.infer<typeof secondHome>;

/** The PgBouncer whose counters are recorded along, by the connection that leads to it. */
export const namedPooler = z.object({
  connectionId: id,
  /** Of the connection; null where it is gone. */
  name: z.string().nullable(),
});
export type NamedPooler = z.infer<typeof namedPooler>;

/** A recording as it lies in a second home. */
export const homeRecording = z.object({
  number: z.number().int(),
  name: z.string(),
  serverVersion: z.string(),
  systemIdentifier: z.string().nullable(),
  fromMs: instantMs.nullable(),
  toMs: instantMs.nullable(),
});
export type HomeRecording = z.infer<typeof homeRecording>;

export const recordings = {
  list: viewer.output(z.array(recording)),
  /** Each change of the list, and each new tick of what is being recorded. */
  follow: viewer.output(eventIterator(z.object({ id, toMs: instantMs.nullable(), changed: z.boolean() }))),
  /** Begins (or goes on with) the recording of a connection's server, in the background. */
  start: admin
    .input(z.object({ connectionId: id, everyMs: z.number().int().min(100).max(60_000).optional() }))
    .output(recording),
  stop: admin.input(z.object({ id })).output(recording),
  /** For some seconds, ten samples a second. */
  burst: admin.input(z.object({ id, forMs: z.number().int().min(1_000).max(60_000) })).output(z.void()),
  /** Opens a file from elsewhere, read-only. */
  open: viewer.input(z.object({ fileToken })).output(recording),
  /** Forgets an opened file; deletes one of ours when `alsoDelete`. */
  close: admin.input(z.object({ id, alsoDelete: z.boolean() })).output(z.void()),
  saveCopy: admin
    .input(
      z.object({
        id,
        fileToken,
        fromMs: instantMs.optional(),
        toMs: instantMs.optional(),
        /** Statement texts replaced by their fingerprints. */
        redactTexts: z.boolean(),
      }),
    )
    .output(z.object({ sizeBytes: z.number() })),
  capabilities: viewer.input(z.object({ id })).output(z.array(capability)),
  /** What is being read now and takes long; nothing of what is not recorded. */
  reading: viewer.input(z.object({ id })).output(z.array(readingSoFar)),
  cost: viewer
    .input(z.object({ id, fromMs: instantMs, toMs: instantMs }))
    .output(z.object({ collectors: z.array(collectorCost), shareOfCore: z.number() })),
  retention: viewer.input(z.object({ id })).output(retention),
  setRetention: admin.input(z.object({ id, retention })).output(retention),
  home: viewer.input(z.object({ id })).output(secondHome.nullable()),
  /** Makes the schema `howdah_history` in the connection's database where it is missing, and keeps it up to date. */
  setHome: admin.input(z.object({ id, connectionId: id.nullable() })).output(secondHome.nullable()),
  pooler: viewer.input(z.object({ id })).output(namedPooler.nullable()),
  /** Asks its console once, so that a wrong one is said at once. */
  setPooler: admin.input(z.object({ id, connectionId: id.nullable() })).output(namedPooler.nullable()),
  /** What lies in the second home that a connection leads to. */
  inHome: admin.input(z.object({ connectionId: id })).output(z.array(homeRecording)),
  /** A stretch of one of them as a file of ours. */
  bringBack: admin
    .input(z.object({ connectionId: id, number: z.number().int().min(1), fromMs: instantMs, toMs: instantMs }))
    .output(recording),
};
