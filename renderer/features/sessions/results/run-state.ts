/** What a tab knows of its last run, folded from the run's events; pure, so that a recorded run gives the same picture. */
import type { Failure } from '../../../../shared/api/base.ts';
import type { Column, Notice, RunEvent, TextRange, Timings } from '../../../../shared/api/sessions.ts';
import type { ParameterValue } from '../../../../shared/sql/parameters.ts';

export interface ResultInRun {
  readonly resultId: string;
  /** Position of its statement in the run, from 0. */
  readonly statement: number;
  /** Of its statement in the run's text. */
  readonly range: TextRange | null;
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly bytes: number;
  readonly ended: boolean;
  /** The row limit was reached: there is more on the server. */
  readonly cut: boolean;
  readonly timings: Timings | null;
  /** It was kept at that time, and not asked for now. */
  readonly keptAtMs?: number;
}

export type Message =
  | {
      readonly kind: 'complete';
      readonly statement: number;
      readonly command: string;
      readonly rows: number | null;
      readonly timings: Timings;
    }
  | { readonly kind: 'notice'; readonly statement: number; readonly notice: Notice }
  | { readonly kind: 'notKept'; readonly statement: number; readonly why: string; readonly partly: boolean }
  /** Rows in the undo journal, and rows that go there with COMMIT. */
  | { readonly kind: 'journaled'; readonly rows: number; readonly waiting: number }
  | { readonly kind: 'dropped'; readonly count: number }
  | {
      readonly kind: 'failed';
      readonly statement: number;
      readonly failure: Failure;
      readonly at: TextRange | null;
      /** Its whole statement, for an error that the server gives no place. */
      readonly within: TextRange | null;
    };

/** What was asked to be run. */
export interface RunSource {
  readonly text: string;
  readonly values: Readonly<Record<string, ParameterValue>>;
}

export interface RunState {
  readonly source: RunSource;
  readonly running: boolean;
  readonly startedAtMs: number;
  /** The statement now at work and how many there are. */
  readonly statement: number;
  readonly of: number;
  readonly range: TextRange | null;
  readonly results: readonly ResultInRun[];
  readonly messages: readonly Message[];
  /** Set when the run is over. */
  readonly outcome: {
    readonly ran: number;
    readonly failed: number;
    readonly skipped: number;
    readonly totalMs: number;
  } | null;
}

export const newRun = (startedAtMs: number, source: RunSource = { text: '', values: {} }): RunState => ({
  source,
  running: true,
  startedAtMs,
  statement: 0,
  of: 0,
  range: null,
  results: [],
  messages: [],
  outcome: null,
});

const changed = (run: RunState, resultId: string, change: Partial<ResultInRun>): RunState => ({
  ...run,
  results: run.results.map((result) => (result.resultId === resultId ? { ...result, ...change } : result)),
});
const said = (run: RunState, message: Message): RunState => ({ ...run, messages: [...run.messages, message] });

export function afterEvent(run: RunState, event: RunEvent): RunState {
  switch (event.kind) {
    case 'statement':
      return { ...run, statement: event.statement, of: event.of, range: event.range };
    case 'result': {
      const { resultId, statement, columns } = event;
      const fresh: ResultInRun = {
        resultId,
        statement,
        range: run.range,
        columns,
        rows: 0,
        bytes: 0,
        ended: false,
        cut: false,
        timings: null,
      };
      return { ...run, results: [...run.results, fresh] };
    }
    case 'progress':
      return changed(run, event.resultId, { rows: event.rows, bytes: event.bytes });
    case 'resultEnd':
      return changed(run, event.resultId, {
        rows: event.rows,
        bytes: event.bytes,
        ended: true,
        cut: event.cut,
        timings: event.timings,
      });
    case 'kept':
      return changed(run, event.resultId, { keptAtMs: event.atMs });
    case 'complete': {
      const { statement, command, rows, timings } = event;
      return said(run, { kind: 'complete', statement, command, rows, timings });
    }
    case 'notice':
      return said(run, { kind: 'notice', statement: event.statement, notice: event.notice });
    case 'notKept':
      return said(run, { kind: 'notKept', statement: event.statement, why: event.why, partly: event.partly === true });
    case 'journaled':
      return said(run, { kind: 'journaled', rows: event.rows, waiting: event.waiting });
    case 'noticesDropped': {
      const others = run.messages.filter((message) => message.kind !== 'dropped');
      return { ...run, messages: [...others, { kind: 'dropped', count: event.count }] };
    }
    case 'failed':
      return said(run, {
        kind: 'failed',
        statement: event.statement,
        failure: event.failure,
        at: event.at,
        within: run.range,
      });
    case 'state':
      return run;
    case 'end': {
      const { ran, failed, skipped, totalMs } = event;
      return { ...run, running: false, outcome: { ran, failed, skipped, totalMs } };
    }
  }
}

/** The first error of the run, or what kept it from beginning, for the mark in the text; null where it has no place. */
export function markedError(session: {
  readonly run: RunState | null;
  readonly failure: Failure | null;
}): { readonly range: TextRange; readonly message: string } | null {
  const { run, failure } = session;
  const refused = failure && refusedRange(failure);
  if (failure && refused) return { range: refused, message: failure.message };
  const failed = run?.messages.find((message) => message.kind === 'failed');
  return failed?.at ? { range: failed.at, message: failed.failure.message } : null;
}

/** Where in the text a script was refused; null for every other failure. */
export function refusedRange(failure: Failure): TextRange | null {
  if (failure.kind !== 'invalid' || failure.at === undefined) return null;
  return { from: failure.at, to: failure.at };
}
