/** The sessions of one tick. */
import type { SessionAt } from '../../../shared/api/monitor.ts';
import { blockersByPid, lockLeaderOf, waitsOf } from '../../../shared/locks/blockers.ts';
import type { ServerSnapshot } from '../../../shared/metrics/snapshots.ts';
import type { AshPiece, RecordingFile } from '../file/recording-file.ts';
import type { AshCore, AshDetail } from '../pack/ash-chunk.ts';

/** A tick this much older than the instant asked for is not its answer. */
const nearMs = 60_000;

interface Found {
  readonly piece: AshPiece;
  readonly core: AshCore;
  readonly tick: number;
}

/** The last tick at or before the instant, and no further back than a minute. */
export function tickAt(file: RecordingFile, atMs: number, full = false): Found | null {
  let found: Found | null = null;
  for (const piece of file.ash({ fromMs: atMs - nearMs, toMs: atMs + 1 })) {
    const core = file.sound(piece, () => piece.core());
    core?.ticks.forEach((tick, place) => {
      if (tick.atMs > atMs || tick.atMs < atMs - nearMs || (full && !tick.full)) return;
      if (!found || tick.atMs > (found.core.ticks[found.tick]?.atMs ?? 0)) found = { piece, core, tick: place };
    });
  }
  return found;
}

/** The sessions of a tick by pid. */
export function sessionsOf(file: RecordingFile, { piece, core, tick }: Found): Map<number, SessionAt> {
  const detail = file.sound(piece, () => piece.detail());
  const sessions = new Map<number, SessionAt>();
  for (let sample = 0; sample < core.tick.length; sample++) {
    if (core.tick[sample] !== tick) continue;
    const session = sessionOf(file, core, detail, sample);
    sessions.set(session.pid, session);
  }
  return sessions;
}

function sessionOf(file: RecordingFile, core: AshCore, detail: AshDetail | null, sample: number): SessionAt {
  const place = core.session[sample] ?? 0;
  const own = core.sessions[place];
  const wait = core.waits[core.wait[sample] ?? 0];
  const key = file.queryKey(core.queries[core.query[sample] ?? 0] ?? 0);
  const known = (column: Float64Array | undefined, at: number): number | null => {
    const value = column?.[at];
    return value === undefined || Number.isNaN(value) ? null : value;
  };
  const blocker = core.blockedBy.get(sample);
  return {
    pid: own?.pid ?? 0,
    leaderPid: own?.leaderPid ?? null,
    database: file.word(own?.database ?? 0),
    user: file.word(own?.user ?? 0),
    application: file.word(own?.application ?? 0) ?? '',
    client: file.word(own?.client ?? 0),
    backendType: file.word(own?.backendType ?? 0) ?? '',
    state: file.word(wait?.state ?? 0),
    waitEventType: file.word(wait?.type ?? 0),
    waitEvent: file.word(wait?.event ?? 0),
    queryId: key?.startsWith('h:') ? null : key,
    query: file.text(key)?.text ?? null,
    backendStartMs: known(detail?.backendStartMs, place),
    xactStartMs: known(detail?.xactStartMs, sample),
    queryStartMs: known(detail?.queryStartMs, sample),
    stateChangeMs: known(detail?.stateChangeMs, sample),
    xidAge: known(detail?.xidAge, sample),
    xminAge: known(detail?.xminAge, sample),
    blockedBy: blocker === undefined ? [] : [blocker],
  };
}

export function sessions(file: RecordingFile, { atMs, idle }: { atMs: number; idle: boolean }) {
  const found = tickAt(file, atMs);
  const server = file.snapshot('server', null, atMs)?.content as Partial<ServerSnapshot> | undefined;
  const limits = {
    maxConnections: server?.maxConnections ?? null,
    reservedConnections: server?.reservedConnections ?? null,
  };
  if (!found) return { atMs: null, fullAtMs: null, sessions: [], ...limits };
  const here = sessionsOf(file, found);
  withBlockers(file, found, here);
  const whole = tickAt(file, atMs, true);
  if (idle && whole) {
    const isIdle = ({ state }: SessionAt): boolean => state === 'idle' || state === null;
    for (const [pid, session] of sessionsOf(file, whole)) if (!here.has(pid) && isIdle(session)) here.set(pid, session);
  }
  const list = [...here.values()].filter((session) => idle || session.state !== 'idle');
  return {
    atMs: found.core.ticks[found.tick]?.atMs ?? null,
    fullAtMs: whole ? (whole.core.ticks[whole.tick]?.atMs ?? null) : null,
    sessions: list.sort((a, b) => a.pid - b.pid),
    ...limits,
  };
}

/** All who stand directly before a waiting session, where the locks of the tick are known. */
function withBlockers(file: RecordingFile, found: Found, here: Map<number, SessionAt>): void {
  const atMs = found.core.ticks[found.tick]?.atMs;
  const locks = file.sound(found.piece, () => found.piece.locks())?.find((tick) => tick.atMs === atMs)?.locks;
  if (!locks || locks.length === 0) return;
  const leaderOf = (pid: number): number => {
    const session = here.get(pid);
    return session ? lockLeaderOf(session) : pid;
  };
  // Before 14 only the session tells since when it waits.
  const waits = waitsOf(locks, leaderOf, (pid) => (here.get(pid)?.stateChangeMs ?? 0) * 1000);
  const blockers = blockersByPid(waits, leaderOf);
  for (const [pid, session] of here) {
    const leader = lockLeaderOf(session);
    const blockedBy = blockers.get(leader) ?? [];
    const isBlocked = blockedBy.length > 0 && (pid === leader || session.waitEventType === 'Lock');
    if (isBlocked) here.set(pid, { ...session, blockedBy });
  }
}
