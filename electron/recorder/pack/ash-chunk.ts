/**
 * A minute of session samples, packed. Samples lie session by session, because a session's next sample is mostly like
 * its last one; ticks, waits and statements are small dictionaries of the chunk whose entries are numbers of the
 * file's own dictionaries (0: nothing). What only a single second's view needs lies in a part of its own (detail).
 *
 *   core    version, ticks (at, planned, weight, took, full), contexts, sessions (pid, leader, context, which ticks),
 *           waits (state, type, event), queries, then a wait and a query a sample, then the few that are blocked
 *   detail  backend_start a session; flags a sample, and what the flags say is given: query, transaction and
 *           state-change times as ages at the tick, ages of xid and xmin
 */
/** A session of a tick with its words replaced by their numbers in the file's dictionary. Times in epoch ms. */
export interface AshSample {
  readonly pid: number;
  readonly leaderPid: number | null;
  readonly database: number;
  readonly user: number;
  readonly application: number;
  readonly client: number;
  readonly backendType: number;
  readonly state: number;
  readonly waitType: number;
  readonly waitEvent: number;
  readonly query: number;
  readonly backendStartMs: number | null;
  readonly xactStartMs: number | null;
  readonly queryStartMs: number | null;
  readonly stateChangeMs: number | null;
  readonly xidAge: number | null;
  readonly xminAge: number | null;
  readonly blockedBy: number | null;
}
export interface AshTick {
  readonly atMs: number;
  readonly plannedMs: number;
  readonly weightMs: number;
  readonly tookMs: number;
  readonly full: boolean;
  readonly samples: readonly AshSample[];
}

export interface AshSession {
  readonly pid: number;
  readonly leaderPid: number | null;
  readonly database: number;
  readonly user: number;
  readonly application: number;
  readonly client: number;
  readonly backendType: number;
}
export interface AshWait {
  readonly state: number;
  readonly type: number;
  readonly event: number;
}
export interface AshCore {
  readonly ticks: readonly Omit<AshTick, 'samples'>[];
  readonly sessions: readonly AshSession[];
  readonly waits: readonly AshWait[];
  /** Numbers of the file's dictionary of statements. */
  readonly queries: Float64Array;
  /** One entry a sample: places in `ticks`, `sessions`, `waits` and `queries`. */
  readonly tick: Uint16Array;
  readonly session: Uint16Array;
  readonly wait: Uint16Array;
  readonly query: Uint32Array;
  /** Sample to the pid that blocks it; few have one. */
  readonly blockedBy: ReadonlyMap<number, number>;
}
/** NaN: not known. */
export interface AshDetail {
  readonly backendStartMs: Float64Array;
  readonly queryStartMs: Float64Array;
  readonly xactStartMs: Float64Array;
  readonly stateChangeMs: Float64Array;
  readonly xidAge: Float64Array;
  readonly xminAge: Float64Array;
}

export const coreVersion = 1;

/** How a time is given: as in the session's sample before, not known, as the query's start, or as an age. */
export const same = 0;
export const none = 1;
export const asQuery = 2;
export const given = 3;

/**
 * Transactions a millisecond at each tick, by the clock of transactions: a snapshot taken when a statement began is
 * mostly as old in transactions as the statement has run by that pace.
 */
export function xidPace(clock: ArrayLike<number>, atMs: (tick: number) => number): Float64Array {
  const pace = new Float64Array(clock.length);
  for (let tick = 1; tick < clock.length; tick++) {
    const passed = atMs(tick) - atMs(tick - 1);
    pace[tick] = passed > 0 ? ((clock[tick] ?? 0) - (clock[tick - 1] ?? 0)) / passed : 0;
  }
  if (pace.length > 1) pace[0] = pace[1] ?? 0;
  return pace;
}
