/** Saved queries in folders: kept on this machine and, where a folder is chosen, as plain .sql files as well. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { id, instantMs, operator, viewer } from './base.ts';

/** A folder of the library: '' is the top; else names divided by slashes. */
const group = z.string().max(1000);
const name = z.string().min(1).max(120);

export const savedQuery = z.object({
  id,
  group,
  name,
  /** Where it was saved from; the connection may be gone. */
  connectionId: id.nullable(),
  changedAtMs: instantMs,
  /** Tells one text from another: what a tab has opened is compared with what is there at its save. */
  digest: z.string(),
});
export type SavedQuery = z.infer<typeof savedQuery>;

export const savedQueries = z.object({
  queries: z.array(savedQuery),
  /** Where they are as files, for display; null: nowhere. */
  filesFolder: z.string().nullable(),
  /** A folder can be chosen here (a browser's host is told of it when it is started). */
  mayChooseFolder: z.boolean(),
  /** Files that are not taken in, and why; sentences. */
  notes: z.array(z.string()),
});
export type SavedQueries = z.infer<typeof savedQueries>;

export const queries = {
  /** All of them now, and after each change, from any window or from outside. */
  watch: viewer.output(eventIterator(savedQueries)),
  /** Fails `invalid` where it is gone. */
  get: viewer.input(z.object({ id })).output(savedQuery.extend({ text: z.string() })),
  /** Those whose text has all the words. */
  search: viewer.input(z.object({ text: z.string().max(1000) })).output(z.object({ ids: z.array(id) })),
  /**
   * Saves a new one (without `id`), or over one. Nothing is written over that the saver has not seen: where the text
   * there is another than `basedOn`, by another window or in its file, it answers `conflict` with what is there.
   */
  save: operator
    .input(
      z.object({
        id: id.optional(),
        group,
        name,
        text: z.string().max(2_000_000),
        connectionId: id.nullable(),
        basedOn: z.string().nullable(),
      }),
    )
    .output(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('saved'), query: savedQuery }),
        z.object({ kind: z.literal('conflict'), theirs: z.string(), digest: z.string() }),
      ]),
    ),
  /** Another name, or another folder. Fails `invalid` where one of the name is there. */
  move: operator.input(z.object({ id, group, name })).output(savedQuery),
  moveFolder: operator.input(z.object({ from: group, to: group })).output(z.void()),
  /** They can be brought back. */
  remove: operator.input(z.object({ ids: z.array(id).max(5000) })).output(z.void()),
  restore: operator.input(z.object({ ids: z.array(id).max(5000) })).output(z.void()),
  /** The host's own dialog; those there are written into the group, and what lies in it is taken in. */
  chooseFolder: operator.output(z.object({ chosen: z.boolean() })),
  /** The files stay as they are, and are no longer looked at. */
  leaveFolder: operator.output(z.void()),
};
