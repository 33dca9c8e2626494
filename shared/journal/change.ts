/** What became of one row, so that it can be taken back. */
import { z } from 'zod';

/**
 * Cells are PostgreSQL's text form with DateStyle ISO and IntervalStyle postgres; null is NULL. Generated columns may be
 * left out or not: they are never written back.
 */
const row = z.record(z.string().min(1), z.string().nullable());

export const journalChange = z.object({
  schema: z.string().min(1),
  table: z.string().min(1),
  /** The columns that make the row the only one, with their values before the change (of a new row: after it). */
  key: row,
  /** Null: the row was added. All of its columns, or those that were changed. */
  before: row.nullable(),
  /** Null: the row was deleted. */
  after: row.nullable(),
});
export type JournalChange = z.infer<typeof journalChange>;
