/** The seam between the features and PostgreSQL: what a live source can do. Implemented by sources.ts over worker threads. */
import type { Failure, PostgresFailure } from '../../shared/api/base.ts';
import type { Column, RunEvent, ServerFacts, SessionState, TextRange } from '../../shared/api/sessions.ts';
import type { Affected, Pieces } from '../../shared/guard/affected.ts';
import type { Merged } from '../../shared/guard/merged.ts';
import type { JournalChange } from '../../shared/journal/change.ts';
import type { BoundStatement } from '../../shared/sql/parameters.ts';
import type { Query } from './query.ts';

/** Everything needed to connect, secrets included: lives in memory of the backend only, never logged, never stored. */
export interface ConnectSpec {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | null;
  readonly sslMode: 'auto' | 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  readonly sslRootCert: string;
  readonly sslCert: string;
  readonly sslKey: string | null;
  readonly sslKeyPassphrase: string | null;
  readonly ssh: SshSpec | null;
  readonly readOnly: boolean;
  readonly onConnectSql: string;
  readonly parameters: Readonly<Record<string, string>>;
}
export interface SshSpec {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly auth: 'agent' | 'key' | 'password';
  readonly password: string | null;
  readonly privateKey: string | null;
  readonly passphrase: string | null;
  /** Files in OpenSSH's known_hosts form; the first is ours and may be written to. */
  readonly knownHostsFiles: readonly string[];
}

export interface AskOptions {
  /** Server-side statement_timeout; 30,000 where not given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** One database of one connection. Its work runs in a worker thread; a crash there fails its calls and nothing else. */
export interface Source {
  readonly connectionId: string;
  readonly facts: ServerFacts;
  /** Runs a catalog query on a connection that no editor tab uses. int8, numeric, json and dates come as text. */
  ask<Row>(query: Query<Row>, values?: readonly unknown[], options?: AskOptions): Promise<Row[]>;
  /**
   * Has a statement analysed as PREPARE would, and never runs it: on a connection that no editor tab uses, with these
   * schemas in sight, waiting for no lock. Throws what the server says is wrong with it.
   */
  parse(text: string, searchPath: readonly string[], options?: AskOptions): Promise<void>;
  /**
   * Reads rows as texts, in a read-only transaction of its own, on connections that are for the rows of tables: what
   * the connection's own SQL sets holds there, and the forms of values are fixed. For one statement.
   */
  read(text: string, values?: readonly unknown[], options?: AskOptions): Promise<TextRows>;
  /** Changes rows in one transaction on a connection that nothing else uses: all of it, or nothing. */
  write(request: WriteRequest): Promise<WriteOutcome>;
  openSession(): Promise<Session>;
  close(): Promise<void>;
}

export interface RunStatement {
  readonly text: string;
  readonly range: TextRange;
  /** What is sent in its place, with the values of its parameters. */
  readonly bound?: BoundStatement | undefined;
  /** The rows that it changes are wanted for the journal; it runs as it is all the same. */
  readonly capture?: CapturePlan | undefined;
}

export interface TextRows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface WriteStatement {
  readonly text: string;
  readonly values: readonly (string | null)[];
  /** How many rows it has to affect; another number rolls everything back. Null: a question, or nothing to count. */
  readonly affects: number | null;
}
export interface WriteRequest {
  readonly statements: readonly WriteStatement[];
  /** Milliseconds a statement, and a lock, may take. */
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}
export type WriteOutcome =
  /** `rows`: what each statement returned. */
  | { readonly kind: 'committed'; readonly rows: readonly (readonly (readonly (string | null)[])[])[] }
  /** Nothing was changed. `at`: the statement, or null where the server refused at the end (a deferred constraint). */
  | { readonly kind: 'refused'; readonly at: number | null; readonly failure: Failure }
  /** Nothing was changed: this statement affected so many rows instead of what it had to. */
  | { readonly kind: 'miscounted'; readonly at: number; readonly affected: number };

/** Rows to be kept from before a statement: where they are, by pieces of the statement's own text. */
export type CapturePlan =
  | {
      readonly kind: 'update' | 'delete';
      readonly affected: Affected;
      /** Of the parameters in its pieces. */
      readonly values: readonly (string | null)[];
      /** Columns that an UPDATE sets. */
      readonly sets: readonly string[];
    }
  | { readonly kind: 'insert'; readonly relation: Affected['relation'] }
  | {
      readonly kind: 'truncate';
      readonly relations: readonly Affected['relation'][];
      /** The tables that refer to them, too. */
      readonly cascade: boolean;
    }
  /** INSERT … ON CONFLICT DO UPDATE of rows that are written out. */
  | {
      readonly kind: 'upsert';
      readonly relation: Affected['relation'];
      /** The columns that decide on a conflict, and their values in each row, as literals. */
      readonly target: readonly string[];
      readonly keys: readonly (readonly string[])[];
      readonly sets: readonly string[];
    }
  /** The same of rows that a query finds. */
  | {
      readonly kind: 'upsertFrom';
      readonly relation: Affected['relation'];
      /** The columns, or the name of the constraint that has them. */
      readonly target: readonly string[] | string;
      /** The columns that it fills; empty: all, as the table has them. */
      readonly columns: readonly string[];
      readonly source: Pieces;
      readonly values: readonly (string | null)[];
      readonly sets: readonly string[];
    }
  | (Omit<Merged, 'finds'> & {
      readonly kind: 'merge';
      readonly finds: readonly (Pieces & { readonly values: readonly (string | null)[] })[];
    });
export type Captured =
  /** `beside`: what else was changed and is not among them, in one sentence. */
  | { readonly kind: 'rows'; readonly changes: readonly JournalChange[]; readonly beside?: string }
  /** One sentence. */
  | { readonly kind: 'none'; readonly why: string };

export interface RunRequest {
  readonly statements: readonly RunStatement[];
  readonly rowLimit: number | null;
  readonly stopOnError: boolean;
  /** manual: a transaction is begun before the first statement that may be in one, and stays open. Auto where absent. */
  readonly commit?: CommitMode | undefined;
  /** null: as the server and the connection have it. Nothing is changed where absent. */
  readonly timeouts?: Timeouts | undefined;
}
export type CommitMode = 'auto' | 'manual';
export interface Timeouts {
  readonly statementMs: number | null;
  readonly lockMs: number | null;
}

/** What the server takes for the parameters of a statement, in their order. */
export type ParameterType = Pick<Column, 'typeOid' | 'typeName' | 'category'>;

/** A question about what a statement would do, asked within the session that is to run it. */
export interface PeekQuestion {
  readonly text: string;
  readonly values?: readonly (string | null)[] | undefined;
  /** A catalog query of ours, with qualified names: it is not looked into. */
  readonly ours?: boolean;
  /** Of its rows so many come back; 0: it is not run, only looked into for what it calls. */
  readonly mostRows: number;
}
export type PeekAnswer =
  | {
      readonly kind: 'rows';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly (string | null)[])[];
    }
  /** It does something by itself, or calls what may: one sentence. It was not run. */
  | { readonly kind: 'acts'; readonly why: string }
  /** The server refused it, or took too long. */
  | { readonly kind: 'failed'; readonly why: string };

/** @param statement its position; @param committed false: it stands only when the open transaction commits */
export type OnCaptured = (statement: number, captured: Captured, committed: boolean) => void;

/** One server connection of one editor tab. */
export interface Session {
  readonly id: string;
  readonly source: Source;
  readonly state: SessionState;
  /** As the server reports it now: how the editor's text is to be split. */
  readonly standardConformingStrings: boolean;
  /** The connection's SQL-on-connect failed; the session is usable all the same. */
  readonly onConnectError: PostgresFailure | undefined;
  /** Aborted when the session has been closed. */
  readonly closed: AbortSignal;
  onState(listener: (state: SessionState) => void): () => void;
  /** One run at a time: throws invalid while another is on. It begins at once. Leaving the iteration early does not stop the run. */
  run(request: RunRequest, onCaptured?: OnCaptured): AsyncIterable<RunEvent>;
  /**
   * Asks the server which types it takes for `$1`, `$2`… of a statement, without running it. Throws postgres where the
   * server refuses the statement; in a transaction, that would fail the transaction, so it throws invalid there.
   */
  describe(text: string): Promise<readonly ParameterType[]>;
  /**
   * Asks within the session: its search_path, its temporary tables and what its open transaction has changed count.
   * Nothing stays of it, and nothing is run that could act. In a failed transaction each answer is `failed`; throws
   * invalid while something is running.
   * @param timeoutMs for each question, on the server
   */
  peek(questions: readonly PeekQuestion[], timeoutMs: number): Promise<readonly PeekAnswer[]>;
  cancel(): Promise<{ outcome: 'notRunning' | 'cancelled' | 'finished' | 'terminated'; tookMs: number }>;
  close(): Promise<void>;
}

/** A result file as the host sees it while it grows and after. */
export interface ResultFile {
  readonly id: string;
  readonly path: string;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly sizeBytes: number;
  /** Byte offset in the file of every 256th row (0, 256, 512…); what lies beyond `rowCount` is not valid yet. */
  readonly index: Float64Array;
  /** No more rows will come: the statement has ended, well or not. */
  readonly complete: boolean;
  /** Called when rows came or the result is complete, until the answer is called. */
  onGrow(listener: () => void): () => void;
}

/** Hears of everything that this program may change in a database. */
export interface RunWatch {
  /** A run begins. */
  began(session: Session, request: RunRequest): void;
  /** A statement of the run has ended, or all of it with whatever came of it. */
  went(session: Session): void;
  /** Statements outside of the tabs have ended. @param known false: what came of them cannot be told */
  wrote(database: string, texts: readonly string[], known: boolean): void;
}
