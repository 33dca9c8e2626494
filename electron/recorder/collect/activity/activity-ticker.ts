/** The heart beat: a tick each second of what every session does; slower while nothing does, faster in a burst. */

import { failureOf } from '../../../../shared/failure.ts';
import { connections } from '../../../../shared/metrics/families/server.ts';
import type { ServerSnapshot } from '../../../../shared/metrics/snapshots.ts';
import type { MonitorLink } from '../../../postgres/monitor/monitor-link.ts';
import type { Gap, GapReason, RecordedEvent, RecordingSink, SessionSample } from '../../samples.ts';
import type { Task } from '../schedule.ts';
import type { Placed, Timeline } from '../timeline.ts';
import { type Sampled, SessionSampler } from './sample-sessions.ts';

export interface TickerOptions {
  readonly everyMs: number;
  readonly timeline: Timeline;
  readonly output: Pick<RecordingSink, 'tick' | 'family' | 'event' | 'text' | 'run'>;
  onGap(gap: Gap): void;
  /** A standby was promoted, or a primary became one, without ending its connections. */
  onChangedPart(): void;
}
export interface Connected {
  readonly server: ServerSnapshot;
  readonly away: { readonly reason: GapReason; readonly message: string } | null;
  /** The last instant of what was recorded before this program began. */
  readonly continuesMs: number | null;
}

const burstEveryMs = 100;
/** Idle sessions and waiting background processes are looked at so often. */
const fullEveryMs = 10_000;
/** After so long without anybody at work, ticks come slower. */
const quiet: readonly (readonly [afterMs: number, everyMs: number])[] = [
  [300_000, 5_000],
  [60_000, 2_000],
];
/** A server that answers slowly is asked less often: a tick takes no more than this part of its interval. */
const leastRest = 4;
const longestTimeoutMs = 10_000;
const shortestTimeoutMs = 500;

export class ActivityTicker {
  /** Somebody looks at it. */
  watched = false;
  readonly #options: TickerOptions;
  readonly #sampler: SessionSampler;
  #away: Connected['away'] = null;
  #continuesMs: number | null = null;
  #server: ServerSnapshot | null = null;
  #failure: string | null = null;
  #failedBy: GapReason = 'failed';
  #lastMs: number | null = null;
  #fullAt = Number.NEGATIVE_INFINITY;
  #busyAt = performance.now();
  #burstUntil = 0;
  #waitedMs = 0;
  /** How long ticks took lately. */
  #tookMs = 0;

  constructor(options: TickerOptions) {
    this.#options = options;
    this.#sampler = new SessionSampler((text) => options.output.text(text));
  }

  /** In the recording's time. */
  get lastMs(): number | null {
    return this.#lastMs;
  }

  connected({ server, away, continuesMs }: Connected): void {
    this.#server = server;
    this.#away = away;
    this.#continuesMs = continuesMs;
    this.#sampler.forgetNames();
    this.#fullAt = Number.NEGATIVE_INFINITY;
    this.#busyAt = performance.now();
  }

  burst(forMs: number): void {
    this.#burstUntil = performance.now() + forMs;
  }

  /** How long until the next tick, now. */
  get everyMs(): number {
    const now = performance.now();
    const { everyMs } = this.#options;
    const bearable = this.#tookMs * leastRest;
    if (now < this.#burstUntil) return Math.max(Math.min(burstEveryMs, everyMs), bearable);
    if (this.watched) return Math.max(everyMs, bearable);
    const slower = quiet.find(([afterMs]) => now - this.#busyAt > afterMs)?.[1] ?? 0;
    return Math.max(everyMs, slower, bearable);
  }

  task(link: MonitorLink): Task {
    const ticker = this;
    return {
      id: 'activity',
      get everyMs() {
        ticker.#waitedMs = ticker.everyMs;
        return ticker.#waitedMs;
      },
      run: () => this.#tick(link),
    };
  }

  async #tick(link: MonitorLink): Promise<void> {
    // What was planned when the wait began: it may have been shortened since.
    const plannedMs = Math.max(this.#waitedMs, this.everyMs);
    const began = performance.now();
    const full = began - this.#fullAt >= fullEveryMs - plannedMs / 2;
    try {
      const timeoutMs = Math.min(longestTimeoutMs, Math.max(shortestTimeoutMs, 0.8 * plannedMs));
      const sampled = await this.#sampler.sample(link, full, timeoutMs);
      const tookMs = performance.now() - began;
      if (full) this.#fullAt = began;
      this.#tookMs += (tookMs - this.#tookMs) / 8;
      if (this.#server && sampled.inRecovery !== this.#server.inRecovery) this.#options.onChangedPart();
      this.#deliver(sampled, { plannedMs, tookMs, full });
      this.#ledger(tookMs, sampled.sessions.length, null);
    } catch (thrown) {
      if (link.lost) return;
      const failure = failureOf(thrown);
      this.#failedBy = failure.kind === 'postgres' && failure.sqlstate === '57014' ? 'timeout' : 'failed';
      this.#failure = failure.message;
      this.#ledger(performance.now() - began, 0, failure.message);
    }
  }

  #deliver(sampled: Sampled, how: { plannedMs: number; tookMs: number; full: boolean }): void {
    const { output, timeline } = this.#options;
    const clocks = { serverMs: sampled.atMs, monotonicMs: performance.now(), wallMs: Date.now() };
    const placed = timeline.place(clocks, how.plannedMs);
    const { atMs, weightMs } = placed;
    const before = this.#lastMs ?? this.#continuesMs;
    this.#lastMs = atMs;
    if (placed.setBackMs > 0) output.event(clockSetBack(atMs, placed.setBackMs));
    this.#tellGap(placed, before);
    const sessions = timeline.shiftMs === 0 ? sampled.sessions : sampled.sessions.map((s) => shifted(s, timeline));
    output.tick({ atMs, weightMs, ...how, sessions, locks: sampled.locks });
    if (sessions.some(isBusy)) this.#busyAt = performance.now();
    if (how.full) this.#tellConnections(atMs, sessions);
    this.#away = null;
    this.#continuesMs = null;
    this.#failure = null;
  }

  #tellGap({ atMs, weightMs, gap }: Placed, beforeMs: number | null): void {
    const firstAfter = this.#continuesMs !== null && beforeMs === this.#continuesMs;
    const fromMs = gap?.fromMs ?? beforeMs;
    const toMs = gap?.toMs ?? atMs - weightMs;
    if (fromMs === null || (!gap && !firstAfter) || toMs <= fromMs) return;
    this.#options.onGap({ fromMs, toMs, ...this.#why(gap?.kind ?? 'late') });
  }

  #why(kind: 'late' | 'sleep' | 'clockJump'): { reason: GapReason; message: string } {
    if (kind === 'clockJump') return { reason: 'clockJump', message: 'The server’s clock was set forward.' };
    if (this.#away) return this.#away;
    if (kind === 'sleep') return { reason: 'sleep', message: 'The machine that records was asleep.' };
    if (this.#failure) return { reason: this.#failedBy, message: this.#failure };
    return { reason: 'timeout', message: 'No sample was taken in time.' };
  }

  #tellConnections(atMs: number, sessions: readonly SessionSample[]): void {
    const clients = sessions.filter(isConnection);
    // Without pg_read_all_stats it shows that sessions of others exist, and not what they do.
    const isKnown = clients.every(({ backendType }) => backendType !== '');
    const inState = (...states: string[]) =>
      isKnown ? clients.filter(({ state }) => states.includes(state ?? '')).length : null;
    const ages = (instantUs: (session: SessionSample) => number | null) =>
      isKnown ? Math.max(0, ...clients.map((session) => ageMs(atMs, instantUs(session)))) : null;
    const values: Record<string, number | null> = {
      total: clients.length,
      active: inState('active', 'fastpath function call'),
      idle: inState('idle'),
      idle_in_transaction: inState('idle in transaction', 'idle in transaction (aborted)'),
      waiting: isKnown ? clients.filter(({ waitEventType }) => waitEventType === 'Lock').length : null,
      background: sessions.length - clients.length,
      max_connections: this.#server?.maxConnections ?? null,
      reserved_connections: this.#server?.reservedConnections ?? null,
      oldest_xact_age: ages((session) => session.xactStartUs),
      oldest_query_age: ages((session) => (session.state === 'active' ? session.queryStartUs : null)),
    };
    const row = { key: [], values: connections.metrics.map(({ name }) => values[name] ?? null) };
    const coveredMs = fullEveryMs;
    this.#options.output.family({ family: connections.id, atMs, coveredMs, flags: [], complete: true, rows: [row] });
  }

  #ledger(tookMs: number, rows: number, failure: string | null): void {
    if (this.#lastMs === null) return;
    this.#options.output.run({ collector: 'activity', atMs: this.#lastMs, tookMs, rows, failure });
  }
}

/** For the log of what happened. */
export function clockSetBack(atMs: number, setBackMs: number): RecordedEvent {
  const subject = `The server’s clock was set back by ${Math.round(setBackMs / 1000)} s; the recording’s time runs on`;
  return { atMs, kind: 'note', database: null, subject, before: null, after: null };
}

/** One that may not be seen is told from the server's own processes by its role: these have none. */
const isConnection = ({ backendType, user }: SessionSample): boolean =>
  backendType === 'client backend' || (backendType === '' && user !== null);

const isBusy = ({ backendType, state }: SessionSample): boolean =>
  backendType === 'client backend' && state !== 'idle' && state !== null;

const ageMs = (atMs: number, instantUs: number | null): number => (instantUs === null ? 0 : atMs - instantUs / 1000);

/** The recording's time runs beside a server's clock that was set back; a session's instants move along. */
function shifted(session: SessionSample, timeline: Timeline): SessionSample {
  const move = (us: number | null) => (us === null ? null : us + timeline.shiftMs * 1000);
  return {
    ...session,
    backendStartUs: move(session.backendStartUs),
    xactStartUs: move(session.xactStartUs),
    queryStartUs: move(session.queryStartUs),
    stateChangeUs: move(session.stateChangeUs),
  };
}
