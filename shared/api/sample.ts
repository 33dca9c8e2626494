/** The sample server: a PostgreSQL of our own, so that a new user has something real to look at. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { admin, failure, id, viewer } from './base.ts';

export const sampleStatus = z.object({
  state: z.enum(['absent', 'stopped', 'running']),
  port: z.number().int().optional(),
  /** The saved connection that leads to it. */
  connectionId: id.optional(),
  workloadRunning: z.boolean(),
});
export type SampleStatus = z.infer<typeof sampleStatus>;

export const sampleProgress = z.discriminatedUnion('kind', [
  /** `fraction` is of the whole, 0 to 1; `step` is a sentence for the progress bar. */
  z.object({ kind: z.literal('progress'), step: z.string(), fraction: z.number() }),
  z.object({ kind: z.literal('ready'), connectionId: id }),
  z.object({ kind: z.literal('failed'), failure }),
]);
export type SampleProgress = z.infer<typeof sampleProgress>;

export const sample = {
  status: viewer.output(sampleStatus),
  /** Creates, loads and starts it as far as needed; ends with `ready` and the connection to open. */
  open: admin.output(eventIterator(sampleProgress)),
  stop: admin.output(z.void()),
  /** A mixed load with a lock queue, a slow query, temp spills and an idle transaction, until stopped. */
  startWorkload: admin.output(z.void()),
  stopWorkload: admin.output(z.void()),
};
