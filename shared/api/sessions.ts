/** One editor tab owns one session: what it runs, what comes back, and the transaction it is in. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { failure, id, instantMs, operator, postgresFailure } from './base.ts';
import { column } from './column.ts';
import { guardVerdict } from './guard.ts';
import { parameterValue, parameterValues as values } from './parameter-value.ts';
import { rowsWindow } from './results.ts';

export const serverFacts = z.object({
  version: z.string(),
  versionNum: z.number().int(),
  database: z.string(),
  user: z.string(),
  standby: z.boolean(),
  readOnly: z.boolean(),
  /** What was negotiated, in words: "TLSv1.3, verified", "not encrypted (loopback)". */
  transport: z.string(),
});
export type ServerFacts = z.infer<typeof serverFacts>;

/** From ReadyForQuery: I, T, E; never from the SQL text. */
export const transactionStates = ['idle', 'open', 'failed'] as const;
export type TransactionState = (typeof transactionStates)[number];

export const sessionState = z.object({
  backendPid: z.number().int(),
  transaction: z.enum(transactionStates),
  transactionSinceMs: instantMs.nullable(),
  running: z.boolean(),
  /** Set when the link is gone: temp tables, SET values, locks and the transaction went with it. */
  lost: failure.nullable(),
});
export type SessionState = z.infer<typeof sessionState>;

export type Column = z.infer<typeof column>;

export const notice = z.object({
  severity: z.string(),
  sqlstate: z.string(),
  message: z.string(),
  detail: z.string().optional(),
  hint: z.string().optional(),
  where: z.string().optional(),
});
export type Notice = z.infer<typeof notice>;

/** Half-open range of UTF-16 code units in the editor's text. */
export const textRange = z.object({ from: z.number().int().min(0), to: z.number().int().min(0) });
export type TextRange = z.infer<typeof textRange>;

export const timings = z.object({
  /** Until the server's first answer to the statement. */
  serverMs: z.number(),
  /** From there to the last row being safe in the result file. */
  transferMs: z.number(),
  totalMs: z.number(),
});
export type Timings = z.infer<typeof timings>;

/** Everything that happens between pressing Run and being ready again, in order. */
export const runEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('statement'), statement: z.number().int(), of: z.number().int(), range: textRange }),
  /** A result set begins; its rows can be asked for as soon as `progress` counts them. */
  z.object({ kind: z.literal('result'), statement: z.number().int(), resultId: id, columns: z.array(column) }),
  z.object({
    kind: z.literal('progress'),
    resultId: id,
    rows: z.number().int(),
    bytes: z.number(),
    /** With a result's first: as many rows as a screen shows, so that nobody has to ask before there is something to see. */
    first: rowsWindow.optional(),
  }),
  z.object({
    kind: z.literal('resultEnd'),
    statement: z.number().int(),
    resultId: id,
    rows: z.number().int(),
    bytes: z.number(),
    /** Rows are missing: the row limit was reached, or the statement ended early (`failed` follows and says why). */
    cut: z.boolean(),
    timings,
  }),
  /** The result is not of now: it was kept at that time, and nothing was sent to the server but the question whether it may be shown. */
  z.object({ kind: z.literal('kept'), statement: z.number().int(), resultId: id, atMs: instantMs }),
  /** A statement ended well; `command` is the server's tag ("UPDATE 3"). */
  z.object({
    kind: z.literal('complete'),
    statement: z.number().int(),
    command: z.string(),
    rows: z.number().int().nullable(),
    timings,
  }),
  /** At most the first 1,000 of a run one by one; the rest is counted. */
  z.object({ kind: z.literal('notice'), statement: z.number().int(), notice }),
  /**
   * What the statement changes cannot be taken back with the undo journal, and why; told before the statement where it is
   * known by then. `partly`: its own rows can, others that were changed with them cannot.
   */
  z.object({
    kind: z.literal('notKept'),
    statement: z.number().int(),
    why: z.string(),
    partly: z.boolean().optional(),
  }),
  /** Before the end: so many changed rows the run has put into the undo journal, and so many wait for COMMIT. */
  z.object({ kind: z.literal('journaled'), rows: z.number().int(), waiting: z.number().int() }),
  z.object({ kind: z.literal('noticesDropped'), count: z.number().int() }),
  /** The statement failed. `at` is the error's place in the editor's text. */
  z.object({
    kind: z.literal('failed'),
    statement: z.number().int(),
    failure,
    at: textRange.nullable(),
    timings: timings.nullable(),
  }),
  z.object({ kind: z.literal('state'), state: sessionState }),
  z.object({
    kind: z.literal('end'),
    ran: z.number().int(),
    failed: z.number().int(),
    skipped: z.number().int(),
    totalMs: z.number(),
  }),
]);
export type RunEvent = z.infer<typeof runEvent>;

/** A parameter of the statements that are to be run: `:name`, or `$1` with the name "1". */
export const parameter = z.object({
  name: z.string(),
  /** As format_type shows it: what the server takes it for; null where it was not asked or could not tell. */
  typeName: z.string().nullable(),
  /** pg_type.typcategory. */
  category: z.string().nullable(),
  /** It fills an `IN (…)`, or an array: a list fits. */
  takesList: z.boolean(),
  /** Bound the last time: to this statement, else to another with a parameter of the name. */
  remembered: parameterValue.nullable(),
});
export type Parameter = z.infer<typeof parameter>;

export const commitModes = ['auto', 'manual'] as const;
/** Milliseconds; null: as the server, the role and the connection have it. 0 is none, as in PostgreSQL. */
export const timeouts = z.object({
  statementMs: z.number().int().min(0).max(2_147_483_647).nullable(),
  lockMs: z.number().int().min(0).max(2_147_483_647).nullable(),
});
export type Timeouts = z.infer<typeof timeouts>;

/** A lock that a session holds or waits for. */
export const heldLock = z.object({
  /** "relation", "transactionid", "advisory"… as pg_locks has it. */
  locktype: z.string(),
  /** The relation's name where it is one, else what identifies it. */
  object: z.string(),
  mode: z.string(),
  granted: z.boolean(),
});
export const sessionLocks = z.object({
  locks: z.array(heldLock),
  /** Strongest of those granted on relations; null where there is none. */
  strongest: z.string().nullable(),
  /** Backends that wait for this one, and what they run. */
  blocked: z.array(
    z.object({ pid: z.number().int(), user: z.string().nullable(), sinceMs: z.number().nullable(), query: z.string() }),
  ),
});
export type SessionLocks = z.infer<typeof sessionLocks>;

/** What a running statement is at. */
export const sessionProgress = z.object({
  /** From pg_stat_progress_*; null where the server counts nothing for such a statement. */
  reported: z
    .object({
      command: z.string(),
      phase: z.string(),
      object: z.string().nullable(),
      done: z.number(),
      /** Null where it is not known yet. */
      total: z.number().nullable(),
      unit: z.enum(['blocks', 'tuples', 'bytes']),
    })
    .nullable(),
  waitEventType: z.string().nullable(),
  waitEvent: z.string().nullable(),
  /** Parallel workers that help. */
  workers: z.number().int(),
  /** Backends it waits for. */
  blockedBy: z.array(z.number().int()),
});
export type SessionProgress = z.infer<typeof sessionProgress>;

export const splitStatement = textRange.extend({
  /** What the statement is, by PostgreSQL's own parser; `unknown` where it could not be parsed. */
  command: z.string(),
});
export type SplitStatement = z.infer<typeof splitStatement>;

const runWhat = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('range'), range: textRange }),
  z.object({ kind: z.literal('caret'), caret: z.number().int().min(0) }),
]);

export const sessions = {
  /** Opens the tab's own connection and runs the connection's SQL-on-connect. */
  open: operator
    .input(z.object({ connectionId: id, database: z.string().max(200).optional() }))
    .output(
      z.object({ sessionId: id, facts: serverFacts, state: sessionState, onConnectError: postgresFailure.optional() }),
    ),
  /** The state now and after every change, until the session is closed. */
  state: operator.input(z.object({ sessionId: id })).output(eventIterator(sessionState)),
  /**
   * Runs the statements that lie in `range` of `text` (all, where absent; at the caret, where `caret` is given).
   * Ends with `end`. Leaving the stream does not stop the run: `cancel` does.
   */
  run: operator
    .input(
      z.object({
        sessionId: id,
        text: z.string().max(64_000_000),
        what: runWhat,
        /** From `judge`, where it had to be confirmed: without it such a run fails `invalid` on `permit`. */
        permit: id.optional(),
        rowLimit: z.number().int().min(1).max(100_000_000).nullable(),
        stopOnError: z.boolean(),
        /** For the parameters, by name; fails `invalid` with the field `values` where one is missing. */
        values: values.optional(),
        /**
         * manual: a transaction is begun before a statement that may be in one, and is left open. A statement that
         * may not fails `unsupported` with `needs: 'autoCommit'`, and nothing is sent.
         */
        commit: z.enum(commitModes).optional(),
        timeouts: timeouts.optional(),
        /** Asks the server, even where a kept result could be shown. */
        fresh: z.boolean().optional(),
        /** Shown in the history. */
        origin: z.string().max(200).optional(),
      }),
    )
    .output(eventIterator(runEvent)),
  /**
   * What a run of the same text would meet: nothing, a question with what is known about it, or a refusal. Asked
   * before each run; the run itself judges again, and takes no word but the permit.
   */
  judge: operator
    .input(z.object({ sessionId: id, text: z.string().max(64_000_000), what: runWhat, values: values.optional() }))
    .output(guardVerdict),
  /** The parameters of what would be run; types only where the session is there, idle and outside of a transaction. */
  parameters: operator
    .input(z.object({ sessionId: id.optional(), text: z.string().max(64_000_000), what: runWhat }))
    .output(z.array(parameter)),
  /** COMMIT or ROLLBACK of the session's open transaction. Fails as the server does. */
  endTransaction: operator.input(z.object({ sessionId: id, how: z.enum(['commit', 'rollback']) })).output(z.void()),
  /** What the session has locked, and whom that keeps waiting; asked on another connection. */
  locks: operator.input(z.object({ sessionId: id })).output(sessionLocks),
  /** How far what the session runs is, or what it waits for; null where nothing runs. Asked on another connection. */
  progress: operator.input(z.object({ sessionId: id })).output(sessionProgress.nullable()),
  /** The statements the server would see, for showing what will run. Fails `invalid` where the text cannot be split safely. */
  split: operator
    .input(z.object({ sessionId: id.optional(), text: z.string().max(64_000_000) }))
    .output(z.array(splitStatement)),
  /** Asks the server to stop; answers when the session is ready again. A second call while waiting terminates the backend. */
  cancel: operator
    .input(z.object({ sessionId: id }))
    .output(z.object({ outcome: z.enum(['notRunning', 'cancelled', 'finished', 'terminated']), tookMs: z.number() })),
  close: operator.input(z.object({ sessionId: id })).output(z.void()),
};
