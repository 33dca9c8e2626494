/** The undo journal: rows as they were before statements that were run from here, and how to bring them back. */
import { z } from 'zod';
import { journalChange } from '../journal/change.ts';
import { admin, id, instantMs, operator, viewer } from './base.ts';

export const journalEntry = z.object({
  id: z.number().int(),
  atMs: instantMs,
  connectionId: id,
  /** Name at the time; the connection may be gone. */
  connectionName: z.string(),
  database: z.string(),
  /** The statement, or what was done in words. */
  title: z.string(),
  /** Rows that were kept. */
  rows: z.number().int(),
  /** Why the rows were not kept, or, with rows, what else was changed and is not among them; null where all is. */
  notCaptured: z.string().nullable(),
});
export type JournalEntry = z.infer<typeof journalEntry>;

export const journal = {
  /** Newest first. */
  list: viewer
    .input(
      z.object({
        connectionId: id.optional(),
        beforeId: z.number().int().optional(),
        limit: z.number().int().min(1).max(500),
      }),
    )
    .output(z.object({ entries: z.array(journalEntry), more: z.boolean() })),
  /** The first of an entry's rows, for looking at. */
  get: viewer
    .input(z.object({ id: z.number().int(), limit: z.number().int().min(1).max(1000) }))
    .output(z.object({ entry: journalEntry, changes: z.array(journalChange) })),
  /**
   * The script that takes an entry back; it is not run. It asks the server for the columns' types. Fails `invalid` where
   * nothing was kept, or a table or column is gone.
   */
  inverse: operator.input(z.object({ id: z.number().int() })).output(z.object({ script: z.string() })),
  /** How much is kept; at the most the oldest entries go. */
  size: viewer.output(
    z.object({ entries: z.number().int(), bytes: z.number(), mostEntries: z.number().int(), mostBytes: z.number() }),
  ),
  remove: admin.input(z.object({ ids: z.array(z.number().int()).max(1000) })).output(z.void()),
  clear: admin.output(z.void()),
};
