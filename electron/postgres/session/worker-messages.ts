/** What the host and a source's worker thread say to each other. */
import type { Failure, PostgresFailure } from '../../../shared/api/base.ts';
import type { Column, RunEvent, ServerFacts, SessionState } from '../../../shared/api/sessions.ts';
import type {
  Captured,
  ConnectSpec,
  ParameterType,
  PeekAnswer,
  PeekQuestion,
  RunRequest,
  TextRows,
  WriteOutcome,
  WriteRequest,
} from '../source.ts';

export interface WorkerStart {
  /** Result files are `<filePrefix>-<result id>`. */
  readonly filePrefix: string;
  readonly spec: ConnectSpec;
}

export interface CancelAnswer {
  readonly outcome: 'notRunning' | 'cancelled' | 'finished' | 'terminated';
  readonly tookMs: number;
}

export interface Opened {
  readonly now: SessionNow;
  readonly onConnectError?: PostgresFailure;
}

/** Name: input and answer. */
export interface WorkerCalls {
  facts: [{ spec: ConnectSpec }, ServerFacts];
  ask: [
    { text: string; values?: readonly unknown[]; parseIn?: readonly string[]; timeoutMs?: number },
    Record<string, unknown>[],
  ];
  read: [{ text: string; values?: readonly unknown[]; timeoutMs?: number }, TextRows];
  write: [{ spec: ConnectSpec; request: WriteRequest }, WriteOutcome];
  open: [{ sessionId: string; spec: ConnectSpec }, Opened];
  /** Answers when the session is ready again; what happens meanwhile comes as events. */
  run: [{ sessionId: string; request: RunRequest }, null];
  peek: [{ sessionId: string; questions: readonly PeekQuestion[]; timeoutMs: number }, readonly PeekAnswer[]];
  describe: [{ sessionId: string; text: string }, readonly ParameterType[]];
  cancel: [{ sessionId: string }, CancelAnswer];
  close: [{ sessionId: string }, null];
}
export type CallName = keyof WorkerCalls;

export type ToWorker =
  | { readonly [Name in CallName]: { kind: 'call'; id: number; name: Name; input: WorkerCalls[Name][0] } }[CallName]
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'ping'; readonly count: number };

export interface SessionNow {
  readonly state: SessionState;
  /** The editor's text is split by it. */
  readonly standardConformingStrings: boolean;
}

/** In the order in which it happened. */
export type Happening =
  | { readonly kind: 'session'; readonly sessionId: string; readonly now: SessionNow }
  | { readonly kind: 'run'; readonly sessionId: string; readonly event: RunEvent }
  | {
      readonly kind: 'captured';
      readonly sessionId: string;
      readonly statement: number;
      readonly captured: Captured;
      readonly committed: boolean;
    }
  | { readonly kind: 'fileOpened'; readonly id: string; readonly path: string; readonly columns: readonly Column[] }
  | {
      readonly kind: 'fileGrew';
      readonly id: string;
      readonly rows: number;
      readonly bytes: number;
      readonly index: Float64Array<ArrayBuffer>;
    }
  | { readonly kind: 'fileEnded'; readonly id: string };

export type FromWorker =
  | Happening
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'pong'; readonly count: number };
