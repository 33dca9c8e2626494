/** What the recorder and the kept plans remember of the statements of a text, by PostgreSQL's fingerprint. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { id, instantMs, viewer } from './base.ts';
import { catalogEvent } from './catalog.ts';

export const rememberedWait = z.object({
  /** `class:event`, or the class alone. */
  event: z.string(),
  /** Of the statement's session time. */
  share: z.number(),
});

export const rememberedStatement = z.object({
  /** The statement in the text that was asked about, UTF-16. */
  from: z.number().int(),
  to: z.number().int(),
  fingerprint: z.string(),
  /** What `monitor.statement` knows it by; null where only plans are known. */
  key: z.string().nullable(),
  /** Without pg_stat_statements: session time from samples, no calls and no means. */
  sampled: z.boolean(),
  /** Milliseconds of the last day that the recording covers; calls and time are made up to a day. */
  coveredMs: z.number(),
  callsADay: z.number().nullable(),
  msADay: z.number().nullable(),
  meanMs: z.number().nullable(),
  /** 95th percentile of the means of single minutes, weighted by calls: single executions are counted by no server. */
  p95MinuteMs: z.number().nullable(),
  /** Mean time of a call in equal pieces of the time, oldest first; null where it was not called. */
  trend: z.array(z.number().nullable()),
  /** The most frequent first. */
  waits: z.array(rememberedWait),
  plan: z
    .object({
      lastId: z.number().int(),
      atMs: instantMs,
      /** When the plan's shape last became another one. */
      changedAtMs: instantMs.nullable(),
    })
    .nullable(),
});
export type RememberedStatement = z.infer<typeof rememberedStatement>;

const inRecording = z.object({ recordingId: id, database: z.string().max(200).nullable() });

export const memory = {
  /** The catalog as the recording has it, for completion with no server in reach; nothing where it has none. */
  catalog: viewer.input(inRecording).output(eventIterator(catalogEvent)),
  /** Texts of the statements that took the most time of the recording's last day: which joins are made is in them. */
  workload: viewer.input(inRecording).output(z.array(z.string())),
  /** Of the statements of a text, those of which something is known. Asks no server. */
  look: viewer
    .input(
      z.object({
        recordingId: id.nullable(),
        /** Only what was recorded of this database; of all where it is not given. */
        database: z.string().max(200).optional(),
        text: z.string().max(300_000),
      }),
    )
    .output(z.array(rememberedStatement)),
};
