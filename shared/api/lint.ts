/** What the editor is told about a text while it is typed: PostgreSQL's own parser, and the server's own analysis. */
import { z } from 'zod';
import { formatStyle } from '../format/style.ts';
import { id, operator, postgresFailure, viewer } from './base.ts';

/** A longer statement is not looked at: its tree would be ten times as long. */
export const longestChecked = 100_000;
/** Of one call. */
export const mostStatements = 200;

export const parsedStatement = z.discriminatedUnion('kind', [
  /** libpg_query's tree of the one statement; every `location` in it is a UTF-16 offset in the text sent. */
  z.object({ kind: z.literal('parsed'), tree: z.record(z.string(), z.unknown()) }),
  /** `at`: UTF-16 offset in the text sent; its length where the text ends too early. */
  z.object({ kind: z.literal('rejected'), message: z.string(), at: z.number().int() }),
  /** Nothing can be said: too deeply nested, or more than one statement. */
  z.object({ kind: z.literal('unknown') }),
]);
export type ParsedStatement = z.infer<typeof parsedStatement>;

export const lint = {
  /** PostgreSQL 18's parser over single statements, in their order. Needs no connection. */
  parse: viewer
    .input(z.object({ statements: z.array(z.string().max(longestChecked)).max(mostStatements) }))
    .output(z.array(parsedStatement)),
  /**
   * What the server says of a statement when it analyses it as PREPARE does: names, types, arguments. On the source's
   * own connection, never on a tab's session; nothing is run, no lock is waited for. Null where it has no objection,
   * where the statement is of a kind that is not analysed, and where it could not be asked in time.
   */
  analyse: operator
    .input(
      z.object({
        connectionId: id,
        database: z.string().max(200).nullable(),
        sql: z.string().max(longestChecked),
        schemas: z.array(z.string().min(1).max(200)).max(100),
      }),
    )
    .output(postgresFailure.nullable()),
  /**
   * A text's statements in a style; of `within` those that it touches. What is answered is the same to PostgreSQL:
   * token for token, comment for comment, and by the fingerprint of its parser. What cannot be is left as it stands.
   */
  format: viewer
    .input(
      z.object({
        text: z.string().max(4_000_000),
        style: formatStyle,
        within: z.object({ from: z.number().int().min(0), to: z.number().int().min(0) }).optional(),
      }),
    )
    .output(
      z.object({
        edits: z.array(z.object({ from: z.number().int(), to: z.number().int(), text: z.string() })),
        /** Statements that were left alone, and why. */
        refused: z.array(z.object({ from: z.number().int(), to: z.number().int(), why: z.string() })),
      }),
    ),
};
