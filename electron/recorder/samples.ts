/**
 * What the collectors hand to the recording, once read from the server: the seam between asking and keeping.
 * All instants are the server's own clock_timestamp() in epoch milliseconds (or microseconds where said).
 */
import type { LockRow } from '../../shared/locks/blockers.ts';
import type { GrowthFlag } from '../../shared/metrics/rate.ts';

/** One session of one tick. Texts are given whole; the recording keeps each once, in its dictionary. */
export interface SessionSample {
  readonly pid: number;
  /** Of a parallel worker: its leader. */
  readonly leaderPid: number | null;
  readonly database: string | null;
  readonly user: string | null;
  readonly application: string;
  readonly client: string | null;
  readonly backendType: string;
  /** The server's word; null where the privilege is missing. */
  readonly state: string | null;
  readonly waitEventType: string | null;
  readonly waitEvent: string | null;
  /** pg_stat_activity.query_id (14 and later) as decimal text. */
  readonly queryId: string | null;
  /** Where there is no query_id: of the text with its literals taken out; the text itself comes through `text`. */
  readonly queryHash: number | null;
  readonly backendStartUs: number | null;
  readonly xactStartUs: number | null;
  readonly queryStartUs: number | null;
  readonly stateChangeUs: number | null;
  /** age(backend_xid), age(backend_xmin): transactions. */
  readonly xidAge: number | null;
  readonly xminAge: number | null;
  /** The pid that blocks it most directly (from our lock graph), 0 for a prepared transaction. */
  readonly blockedBy: number | null;
}

/** One pg_locks row on a contended object; `relation` is `schema.name` where it could be resolved, else the oid. */
export interface LockSample extends LockRow {
  readonly fastPath: boolean;
}

export interface Tick {
  readonly atMs: number;
  /** The interval the sampler meant to keep, and what this tick stands for: the real gap since the last good tick,
   * at most three times the planned one. */
  readonly plannedMs: number;
  readonly weightMs: number;
  /** How long the query took, as the client saw it. */
  readonly tookMs: number;
  /** True when idle sessions are included as well (every tenth second or so). */
  readonly full: boolean;
  readonly sessions: readonly SessionSample[];
  /** Null: nobody waited for a lock, so they were not read. */
  readonly locks: readonly LockSample[] | null;
}

/** Why a stretch of time has no samples. */
export type GapReason =
  | 'notRecording'
  | 'sleep'
  | 'lostLink'
  | 'restart'
  | 'failover'
  | 'clockJump'
  | 'timeout'
  | 'failed';

export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: GapReason;
  readonly message: string;
}

/** Set on a row (or a whole poll) whose deltas are not simply the difference of two readings. */
export type DeltaFlag = GrowthFlag;

/** One poll of a metric family: only rows that changed since the last poll (and all of them once an hour). */
export interface FamilySample {
  /** MetricFamily.id. */
  readonly family: string;
  readonly atMs: number;
  /** Server time since the previous poll of this family; 0 for the first, which carries no deltas. */
  readonly coveredMs: number;
  readonly flags: readonly DeltaFlag[];
  /** True when rows that are not listed do not exist any more, rather than being unchanged. */
  readonly complete: boolean;
  readonly rows: readonly FamilyRow[];
}

export interface FamilyRow {
  /** In the order of MetricFamily.key. */
  readonly key: readonly string[];
  /** In the order of MetricFamily.metrics: a counter's growth, a gauge's value; null: not known. */
  readonly values: readonly (number | null)[];
  readonly flags?: readonly DeltaFlag[];
}

/** Things kept whole whenever they change: each replaces the one before it in time. */
export type SnapshotKind =
  | 'server'
  | 'settings'
  | 'catalog'
  | 'builtins'
  | 'columnStatistics'
  | 'capabilities'
  | 'indexAdvice'
  | 'extensions'
  | 'roles';

export interface Snapshot {
  readonly kind: SnapshotKind;
  readonly database: string | null;
  readonly atMs: number;
  /** Plain JSON: see shared/metrics/snapshots.ts; of `capabilities` a list of shared/api/recordings.ts' capability. */
  readonly content: unknown;
}

/** Something that happened at an instant and is shown beside the curves. */
export interface RecordedEvent {
  readonly atMs: number;
  readonly kind:
    | 'setting'
    | 'ddl'
    | 'restart'
    | 'failover'
    | 'reset'
    | 'crash'
    | 'note'
    | 'deadlock'
    | 'vacuum'
    | 'analyze';
  readonly database: string | null;
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a statement's text is found by: the server's queryid, or the hash that its samples carry. */
export interface StatementText {
  readonly queryId: string | null;
  readonly queryHash: number | null;
  readonly text: string;
  /** pg_stat_statements' is whole; pg_stat_activity's is cut at track_activity_query_size. Literals are in neither. */
  readonly normalised: boolean;
}

/** Own cost: one run of one collector. */
export interface CollectorRun {
  readonly collector: string;
  readonly atMs: number;
  readonly tookMs: number;
  readonly rows: number;
  /** SQLSTATE or word; null: it went well. */
  readonly failure: string | null;
}

/** Where samples go. Every method is synchronous and cheap; a full disk or a damaged file throws once and stops it. */
export interface RecordingSink {
  tick(tick: Tick): void;
  gap(gap: Gap): void;
  family(sample: FamilySample): void;
  snapshot(snapshot: Snapshot): void;
  event(event: RecordedEvent): void;
  text(text: StatementText): void;
  /** Texts already kept, so that they are not asked for again. */
  hasText(queryId: string): boolean;
  run(run: CollectorRun): void;
  /** Seals what is open; the file stays readable without this, missing at most the unsealed tail. */
  close(): void;
}
