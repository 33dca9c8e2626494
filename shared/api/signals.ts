/** What is done to a running session: its statement cancelled, or the session ended. */
import { z } from 'zod';
import { id, operator } from './base.ts';

/** A session of a live server; its start (null where it is hidden) tells it from a later one with the same pid. */
const target = z.object({ connectionId: id, pid: z.number().int(), backendStartMs: z.number().nullable() });

/** What would be lost and who would be freed, asked of the server now. */
export const signalPreview = z.object({
  /** False: the session has ended by itself. */
  there: z.boolean(),
  backendType: z.string(),
  state: z.string().nullable(),
  query: z.string(),
  /** Milliseconds since its transaction began; null outside of one. */
  xactAgeMs: z.number().nullable(),
  /** It has written: what it wrote is rolled back. */
  hasWritten: z.boolean(),
  /** Sessions that wait for it directly. */
  blocks: z.number().int(),
  /** An autovacuum that must not be put off: it keeps transaction ids from running out. */
  antiWraparound: z.boolean(),
});
export type SignalPreview = z.infer<typeof signalPreview>;

export const signalResult = z.object({
  /** `done`: the statement or the session has ended. `sent`: the server took the signal and the session goes on for now.
   * `gone`: the session had ended before. */
  outcome: z.enum(['done', 'sent', 'gone']),
  tookMs: z.number(),
});
export type SignalResult = z.infer<typeof signalResult>;

export const signals = {
  preview: operator.input(target).output(signalPreview),
  /** pg_cancel_backend or pg_terminate_backend; waits some seconds for the effect. */
  send: operator.input(target.extend({ how: z.enum(['cancel', 'terminate']) })).output(signalResult),
};
