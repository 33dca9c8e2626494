/** Guard rails: what has to be confirmed before it is run where, and what a read-only connection refuses. */
import { z } from 'zod';
import { admin, id, viewer } from './base.ts';
import { environments } from './connections.ts';

export const guardGrades = ['silent', 'confirm', 'type'] as const;
export type GuardGrade = (typeof guardGrades)[number];

/**
 * - write: changes rows (also COPY … FROM, DO, CALL, and functions that may)
 * - writeAll: UPDATE, DELETE or MERGE that spares no row: no WHERE, or one that is always true
 * - ddl: changes what exists or who may do what
 * - destroy: DROP and TRUNCATE, also of a column
 * - admin: the server and other people's work: VACUUM, CHECKPOINT, ALTER SYSTEM, pg_terminate_backend …
 */
export const guardClasses = ['write', 'writeAll', 'ddl', 'destroy', 'admin'] as const;
export type GuardClass = (typeof guardClasses)[number];

const textRange = z.object({ from: z.number().int().min(0), to: z.number().int().min(0) });
const grade = z.enum(guardGrades);
export const guardPolicy = z.object({
  write: grade,
  writeAll: grade,
  ddl: grade,
  destroy: grade,
  admin: grade,
  /** Explains a query first and asks where its cost is above this; null: never. */
  costAbove: z.number().min(0).nullable(),
  /** Keeps the rows that statements change, so that they can be brought back. */
  journal: z.boolean(),
});
export type GuardPolicy = z.infer<typeof guardPolicy>;

/** One thing that a person should know before the statement runs. */
export const guardConcern = z.object({
  /** Position of the statement in the run, from 0. */
  statement: z.number().int(),
  range: textRange,
  /** cost: a query whose plan costs more than the connection wants run without a question. */
  class: z.enum([...guardClasses, 'cost']),
  /** "delete", "drop table" */
  command: z.string(),
  /** What it is done to, as written; null where that is not known. */
  target: z.string().nullable(),
  /** One sentence: what will happen. */
  what: z.string(),
  /** What is known about how much that is, one sentence each. */
  evidence: z.array(z.string()),
  /** The first of the rows that it would touch, as they are now. */
  sample: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string().nullable())) }).nullable(),
});
export type GuardConcern = z.infer<typeof guardConcern>;

export const guardQuestion = z.object({
  kind: z.literal('confirm'),
  /** To be presented by the run: good once, for this session and these very statements. */
  permit: id,
  connectionName: z.string(),
  environment: z.enum(environments),
  /** To be typed by the person; null: a press of the button is enough. */
  typeName: z.string().nullable(),
  concerns: z.array(guardConcern),
  /** Of a script with very many: how many more there are. */
  more: z.number().int(),
});
export type GuardQuestion = z.infer<typeof guardQuestion>;

export const guardVerdict = z.discriminatedUnion('kind', [
  /** With a permit where finding that out took the server: the run then need not ask it again. */
  z.object({ kind: z.literal('allow'), permit: id.optional() }),
  guardQuestion,
  z.object({ kind: z.literal('refuse'), why: z.string(), wayOut: z.string(), range: textRange }),
]);
export type GuardVerdict = z.infer<typeof guardVerdict>;

export const guardScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('environment'), environment: z.enum(environments) }),
  z.object({ kind: z.literal('connection'), connectionId: id }),
]);
export type GuardScope = z.infer<typeof guardScope>;

export const guard = {
  /** What holds for each environment, and for the connections that have a policy of their own. */
  policies: viewer.output(
    z.object({
      environments: z.record(z.enum(environments), guardPolicy),
      connections: z.record(id, guardPolicy),
    }),
  ),
  /** Null: as it was at first; for a connection, as its environment says. */
  savePolicy: admin.input(z.object({ scope: guardScope, policy: guardPolicy.nullable() })).output(z.void()),
};
