/** Execution plans: made by EXPLAIN on a connection, pasted from anywhere, kept by the statement's fingerprint. */
import { z } from 'zod';
import { id, instantMs, operator, viewer } from './base.ts';
import { guardQuestion } from './guard.ts';

/** EXPLAIN's own options. What the server's version does not know is refused, not left out. */
export const explainOptions = z.object({
  analyze: z.boolean(),
  verbose: z.boolean(),
  buffers: z.boolean(),
  settings: z.boolean(),
  /** With ANALYZE only. */
  wal: z.boolean(),
  /** With ANALYZE only; off spares the clock where it is slow. */
  timing: z.boolean(),
  summary: z.boolean(),
  /** The plan for parameters ($1…) without values. Not with ANALYZE. */
  genericPlan: z.boolean(),
  /** PostgreSQL 17 and later. */
  memory: z.boolean(),
  /** PostgreSQL 17 and later, with ANALYZE only. */
  serialize: z.enum(['none', 'text', 'binary']),
});
export type ExplainOptions = z.infer<typeof explainOptions>;

/** `whatIf`: with indexes that are not there. */
export const planOrigins = ['explain', 'paste', 'whatIf'] as const;

/** A kept plan without its text. */
export const planEntry = z.object({
  id: z.number().int(),
  atMs: instantMs,
  origin: z.enum(planOrigins),
  /** PostgreSQL's fingerprint of the statement (literals left out); null where there is no statement. */
  fingerprint: z.string().nullable(),
  sql: z.string().nullable(),
  connectionId: id.nullable(),
  /** Planned from a recording, in the local PostgreSQL 18. */
  recordingId: id.nullable(),
  /** Name of the connection or recording at the time; it may be gone. */
  connectionName: z.string(),
  database: z.string(),
  serverVersion: z.string(),
  analyzed: z.boolean(),
  executionMs: z.number().nullable(),
  totalCost: z.number().nullable(),
  /** Equal for plans that differ in figures only. */
  shape: z.string(),
  /** Values of parameters, where the server's log had them. */
  parameters: z.string().nullable(),
  /** Settings other than the default, as EXPLAIN (SETTINGS) says. */
  settings: z.string(),
  options: explainOptions.nullable(),
});
export type PlanEntry = z.infer<typeof planEntry>;

export const keptPlan = planEntry.extend({ text: z.string() });
export type KeptPlan = z.infer<typeof keptPlan>;

export const explained = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('plan'),
    plan: keptPlan,
    /** What was said while it ran, and what happened to what it did. */
    notices: z.array(z.string()),
  }),
  /** ANALYZE would run what has to be asked about: nothing has been run. Ask, and call again with the answer. */
  z.object({
    kind: z.literal('confirm'),
    command: z.string(),
    /** How many rows it would touch, as far as that can be known; the guard rails' question says it itself. */
    touches: z.array(z.string()),
    /** What a rollback does not take back. */
    warnings: z.array(z.string()),
    /** The guard rails' question, whose permit the next call has to bring; null: `confirmed` is enough. */
    question: guardQuestion.nullable(),
  }),
]);
export type Explained = z.infer<typeof explained>;

export const whatIf = z.object({
  /** `hypopg`: the server itself, with hypothetical indexes. `copy`: a local server, without the rows. */
  means: z.enum(['hypopg', 'copy']),
  before: keptPlan,
  after: keptPlan,
  /** In the order asked; the size is an estimate. */
  indexes: z.array(
    z.object({
      sql: z.string(),
      change: z.enum(['create', 'drop']),
      /** By the plan with it: of one that is dropped, the plan before. */
      used: z.boolean(),
      sizeBytes: z.number().nullable(),
    }),
  ),
  notes: z.array(z.string()),
});
export type WhatIf = z.infer<typeof whatIf>;

const longestText = 20_000_000;

/** Exactly one of the two. Of a recording a statement is planned in the local PostgreSQL 18, and never run. */
const where = { connectionId: id.optional(), recordingId: id.optional(), database: z.string().max(200).optional() };

export const plans = {
  /**
   * Explains exactly one statement (of a script, that at the caret), on the tab's own session where `sessionId` is given (its SET, temporary tables and
   * open transaction count), else on a fresh one. With ANALYZE everything the statement did is rolled back: in a
   * transaction of its own, or to a savepoint of the one that is open. Aborting the call cancels on the server.
   */
  explain: operator
    .input(
      z.object({
        ...where,
        sessionId: id.optional(),
        sql: z.string().max(64_000_000),
        /** Where `sql` is a whole script: the statement at this offset (UTF-16) is meant. */
        caret: z.number().int().min(0).optional(),
        options: explainOptions,
        confirmed: z.boolean().optional(),
        permit: id.optional(),
      }),
    )
    .output(explained),
  /** Plans a statement as things are, and with indexes made and dropped; nothing is run, nothing is made on the server. */
  whatIf: operator
    .input(
      z.object({
        ...where,
        sql: z.string().max(2_000_000),
        /** CREATE INDEX and DROP INDEX statements. */
        indexes: z.array(z.string().max(10_000)).min(1).max(10),
      }),
    )
    .output(whatIf),
  /**
   * Keeps a plan from elsewhere; of a log with several all, and answers with the first and how many others were kept.
   * Fails `invalid` with the line where it cannot be read.
   */
  keep: operator
    .input(z.object({ text: z.string().max(longestText), sql: z.string().max(2_000_000).optional() }))
    .output(keptPlan.extend({ others: z.number().int() })),
  get: viewer.input(z.object({ id: z.number().int() })).output(keptPlan),
  /** Newest first; of one statement where a fingerprint is given. */
  list: viewer
    .input(
      z.object({
        fingerprint: z.string().max(100).optional(),
        beforeId: z.number().int().optional(),
        limit: z.number().int().min(1).max(500),
      }),
    )
    .output(z.object({ entries: z.array(planEntry), more: z.boolean() })),
  remove: operator.input(z.object({ ids: z.array(z.number().int()).max(1000) })).output(z.void()),
};
