/** A script run as it lies in a file: what is in it, how it is to be run, and how that goes. */
import { z } from 'zod';
import { failure } from './base.ts';
import { textEncodings } from './text-encodings.ts';

export const sqlEncodings = [...textEncodings, 'latin1'] as const;
export type SqlEncoding = (typeof sqlEncodings)[number];

export const sqlPlan = z.object({
  /** null: as the file says, else UTF-8. */
  encoding: z.enum(sqlEncodings).nullable().default(null),
  /** one: all or nothing. each: every statement by itself, as psql runs a file. */
  transaction: z.enum(['one', 'each']),
  /** each: whether the statements behind one that fails are run. */
  onError: z.enum(['stop', 'skip']),
});
export type SqlPlan = z.infer<typeof sqlPlan>;

/** What a file has in it, found out without a server. */
export const sqlExam = z.object({
  encoding: z.enum(sqlEncodings),
  statements: z.number().int(),
  /** "create table" and how many of them, the most frequent first. */
  kinds: z.array(z.object({ command: z.string(), count: z.number().int() })),
  /** Rows behind COPY … FROM STDIN. */
  copyRows: z.number(),
  /** It says that it was made by pg_dump. */
  isDump: z.boolean(),
  /** Commands of psql that mean nothing here: \restrict. */
  passedOver: z.array(z.string()),
  /** Why it cannot be run in one transaction: the first statement that says when one begins or ends, or cannot be in one. */
  notInOne: z.object({ line: z.number().int(), command: z.string() }).nullable(),
  /** What the person should know. */
  notes: z.array(z.string()),
});
export type SqlExam = z.infer<typeof sqlExam>;

export const sqlCounts = z.object({
  /** That were run, the failed ones among them. */
  statements: z.number().int(),
  failed: z.number().int(),
  /** Inserted, updated, deleted or copied, by the server's count. */
  rows: z.number(),
});
export type SqlCounts = z.infer<typeof sqlCounts>;

export const sqlError = z.object({
  line: z.number().int(),
  reason: z.string(),
  /** The beginning of the statement. */
  statement: z.string(),
});
export type SqlError = z.infer<typeof sqlError>;

const readSoFar = { bytes: z.number(), totalBytes: z.number(), statements: z.number().int() };
export const sqlExamProgress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), ...readSoFar }),
  z.object({ kind: z.literal('done'), exam: sqlExam }),
  z.object({ kind: z.literal('failed'), failure }),
]);
export type SqlExamProgress = z.infer<typeof sqlExamProgress>;

export const sqlProgress = z.discriminatedUnion('kind', [
  /** Is being read through before anything is run. */
  z.object({ kind: z.literal('reading'), ...readSoFar }),
  sqlCounts.extend({
    kind: z.literal('progress'),
    bytes: z.number(),
    totalBytes: z.number(),
    line: z.number().int(),
    /** Since the first statement: reading it through does not count. */
    runningMs: z.number(),
  }),
  sqlCounts.extend({
    kind: z.literal('done'),
    tookMs: z.number(),
    notes: z.array(z.string()),
    /** The first of those that failed. */
    errors: z.array(sqlError),
  }),
  sqlCounts.extend({ kind: z.literal('failed'), failure, errors: z.array(sqlError) }),
]);
export type SqlProgress = z.infer<typeof sqlProgress>;
