/** Rows from a table or a query into a table, of the same server or another. */
import { z } from 'zod';
import { failure, id } from './base.ts';
import { importColumn, importCounts, importPlan, rejectedRow, tableName } from './import-plan.ts';

export const copySource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('table'), table: tableName }),
  z.object({ kind: z.literal('query'), sql: z.string().min(1).max(64_000_000) }),
]);
export type CopySource = z.infer<typeof copySource>;

export const copyPlace = z.object({ connectionId: id, database: z.string().max(200).optional() });
export type CopyPlace = z.infer<typeof copyPlace>;

/** What can be copied from a source. */
export const copySourceFacts = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string(), computed: z.boolean() })),
  /** The columns of its primary key, or of another unique key without nulls: by it a copy goes on after a break. */
  key: z.array(z.string()).nullable(),
  /** From the statistics. */
  rows: z.number().nullable(),
});
export type CopySourceFacts = z.infer<typeof copySourceFacts>;

/** As of an import; `source` of a column is its place among `sourceColumns`. */
export const copyPlan = importPlan.omit({ dialect: true }).extend({
  source: copySource,
  columns: z.array(importColumn).min(1).max(1600),
  /** Counts and checksums of both sides are compared in the end, before the commit where it is one transaction. */
  check: z.boolean().default(true),
});
export type CopyPlan = z.infer<typeof copyPlan>;

/** How the two sides compare. */
export const copyCheck = z.object({
  sourceRows: z.number(),
  targetRows: z.number(),
  /** same: checksums of all rows too. counts: why only the counts could be compared. */
  kind: z.enum(['same', 'counts']),
  why: z.string().nullable(),
});
export type CopyCheck = z.infer<typeof copyCheck>;

const counts = importCounts.extend({ resumed: z.number().int() });
export const copyProgress = z.discriminatedUnion('kind', [
  counts.extend({
    kind: z.literal('progress'),
    phase: z.enum(['copying', 'checking']),
    bytes: z.number(),
    /** From the statistics. */
    totalRows: z.number().nullable(),
  }),
  counts.extend({
    kind: z.literal('done'),
    bytes: z.number(),
    tookMs: z.number(),
    /** How the rows went: as the servers' own bytes, as text, or each looked at. */
    how: z.enum(['binary', 'text', 'rows']),
    check: copyCheck.nullable(),
    notes: z.array(z.string()),
    rejects: z.array(rejectedRow),
    rejectsId: id.nullable(),
  }),
  z.object({ kind: z.literal('failed'), failure, rejects: z.array(rejectedRow) }),
]);
export type CopyProgress = z.infer<typeof copyProgress>;
