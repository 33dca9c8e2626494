/** Results that are kept, so that the same query within a while shows them at once: what is chosen, and what there is. */
import { z } from 'zod';
import { admin, id, operator, viewer } from './base.ts';

/** What a person has chosen for a connection. */
export const keepChoice = z.object({
  on: z.boolean(),
  /** A result that is older is not shown again. */
  maxAgeMs: z.number().int().min(1000).max(604_800_000),
  /** Also of queries that read the clock: now(), current_date, 'today'. */
  withClock: z.boolean(),
  /** NOTIFY on it drops what reads the table that is named in the payload, and all where it names none; '': none. */
  channel: z.string().max(63),
});
export type KeepChoice = z.infer<typeof keepChoice>;

export const keptState = z.object({
  results: z.number().int(),
  bytes: z.number(),
  /** Above it the least recently used are let go. */
  capBytes: z.number(),
  /** Since the program was started. */
  hits: z.number().int(),
  misses: z.number().int(),
  /** Dropped because of a write, a NOTIFY, or because it could not be told what was written. */
  dropped: z.number().int(),
  /** Let go for room. */
  evicted: z.number().int(),
  /** Changes of which nobody knows whether they came to be: what they concern is not kept until the program is started again. */
  doubts: z.number().int(),
});
export type KeptState = z.infer<typeof keptState>;

export const resultCache = {
  choice: viewer.input(z.object({ connectionId: id })).output(keepChoice),
  save: operator.input(z.object({ connectionId: id, choice: keepChoice })).output(z.void()),
  state: viewer.output(keptState),
  setCap: admin.input(z.object({ capBytes: z.number().int().min(0).max(1_099_511_627_776) })).output(z.void()),
  clear: operator.output(z.void()),
};
