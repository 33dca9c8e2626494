/** Every run, kept on this machine and searchable. */
import { z } from 'zod';
import { admin, failure, id, instantMs, viewer } from './base.ts';

export const historyEntry = z.object({
  id: z.number().int(),
  atMs: instantMs,
  text: z.string(),
  connectionId: id.nullable(),
  /** Name at the time; the connection may be gone. */
  connectionName: z.string(),
  database: z.string(),
  user: z.string(),
  durationMs: z.number(),
  rows: z.number().int().nullable(),
  failure: failure.nullable(),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

export const history = {
  /** Newest first. `text` matches words anywhere in the statement, all of them. */
  search: viewer
    .input(
      z.object({
        text: z.string().max(1000),
        connectionId: id.optional(),
        /** Failed ones only; the others only where it is `well`. */
        outcome: z.enum(['failed', 'well']).optional(),
        /** Run at that instant or later; before that instant. */
        fromMs: instantMs.optional(),
        beforeMs: instantMs.optional(),
        beforeId: z.number().int().optional(),
        limit: z.number().int().min(1).max(500),
      }),
    )
    .output(z.object({ entries: z.array(historyEntry), more: z.boolean() })),
  remove: admin.input(z.object({ ids: z.array(z.number().int()).max(1000) })).output(z.void()),
  clear: admin.output(z.void()),
};
