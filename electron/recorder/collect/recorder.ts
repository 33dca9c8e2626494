/**
 * Records one server: keeps a connection, runs the collectors on time, and says why there is nothing where there is
 * nothing. It goes on through restarts, failovers and lost links until it is stopped.
 */
import type { Failure } from '../../../shared/api/base.ts';
import type { ReadingSoFar } from '../../../shared/api/recordings.ts';
import { failureOf } from '../../../shared/failure.ts';
import { pool } from '../../../shared/metrics/families/pool.ts';
import type { ServerSnapshot } from '../../../shared/metrics/snapshots.ts';
import type { MonitorLink } from '../../postgres/monitor/monitor-link.ts';
import type { PoolConsole } from '../../postgres/monitor/pool-console.ts';
import type { GapReason, RecordingSink } from '../samples.ts';
import { ActivityTicker, clockSetBack } from './activity/activity-ticker.ts';
import { BulkAllowance } from './allowance.ts';
import type { Collecting, Collector } from './collector.ts';
import { CrashWatch } from './families/crash-watch.ts';
import { resetInstants } from './families/server.sql.ts';
import { otherServer, readServer, refuseOther, sameNode, whatChanged } from './identity.ts';
import { AsideLink, type OpenLink } from './links.ts';
import { Schedule, type Task } from './schedule.ts';
import { Timeline } from './timeline.ts';

/** Where samples go; unlike a file's sink it may be in another thread, and answers questions later. */
export type RecorderOutput = Omit<RecordingSink, 'hasText' | 'close'> & {
  missingTexts(queryIds: readonly string[]): Promise<readonly string[]>;
};

export interface RecorderOptions {
  readonly open: OpenLink;
  /** The admin console of a pooler. */
  openConsole(signal: AbortSignal): Promise<PoolConsole>;
  /** A pooler's console is named; else there is one where the server is reached through a pooler. */
  namesPooler?(): boolean;
  readonly output: RecorderOutput;
  readonly collectors: readonly Collector[];
  /** Between ticks, in milliseconds. */
  readonly everyMs: number;
  /** Between the first runs of two collectors. */
  readonly staggerMs?: number;
  /** Where the recording ended before; null: it begins now. */
  readonly continuesMs: number | null;
  /** pg_control_system().system_identifier of what was recorded before; null: not known. */
  readonly systemIdentifier: string | null;
  /** What reading in bulk may cost; for tests. */
  readonly allowance?: BulkAllowance;
  /** Each time a connection was made, and each time there is none. */
  onState(state: RecorderState): void;
  /** How far a run that takes long has come; null: it is over. */
  onReading?(collector: string, reading: ReadingSoFar | null): void;
}
export interface RecorderState {
  readonly server: ServerSnapshot | null;
  readonly trouble: Failure | null;
}

const standardStaggerMs = 120;
const firstRetryMs = 1_000;
const longestRetryMs = 30_000;
/** A wrong password is not sent again and again: it could lock the role. */
const refusedRetryMs = 300_000;
/** What takes long is asked for less often: no collector may use more than this part of the time. */
const mostShare = 1 / 200;
const leastOftenMs = 3_600_000;
const mostDatabases = 20;

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #output: RecorderOutput;
  readonly #timeline = new Timeline();
  readonly #crashes = new CrashWatch();
  readonly #allowance: BulkAllowance;
  readonly #ticker: ActivityTicker;
  readonly #stop = new AbortController();
  #server: ServerSnapshot | null = null;
  /** Why there was no connection, once there is one again. */
  #away: { reason: GapReason; message: string } | null = null;
  #continuesMs: number | null;
  #running: Promise<void> | null = null;
  #link: MonitorLink | null = null;
  #console: PoolConsole | null = null;
  #schedule: Schedule | null = null;
  #wake: (() => void) | null = null;
  #crashesTold = 0;
  #metAtMs = 0;
  /** When what outlives a connection was last read, on the monotonic clock. */
  readonly #readAtMs = new Map<string, number>();
  /** Collectors that ran to their end on this server. */
  readonly #met = new Set<string>();

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#output = options.output;
    this.#allowance = options.allowance ?? new BulkAllowance();
    this.#continuesMs = options.continuesMs;
    this.#ticker = new ActivityTicker({
      everyMs: options.everyMs,
      timeline: this.#timeline,
      output: options.output,
      onGap: (gap) => this.#output.gap(gap),
      // Met anew, as after a lost connection.
      onChangedPart: () => this.#link?.cut(),
    });
  }

  start(): void {
    this.#running ??= this.#go();
  }

  /** Resolves when nothing more will come. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake?.();
    await this.#running;
  }

  /** For so long, ten ticks a second. */
  burst(forMs: number): void {
    this.#ticker.burst(forMs);
    this.#schedule?.hurry('activity');
  }
  /** Somebody looks: no slower ticks while nothing happens. */
  watched(on: boolean): void {
    this.#ticker.watched = on;
    if (on) this.#schedule?.hurry('activity');
  }
  /** Another pooler is named, or none any more. */
  otherConsole(): void {
    this.#console?.close();
    this.#console = null;
    this.#schedule?.hurry(pool.id);
  }
  /** The machine is about to sleep. */
  suspended(): void {
    this.#away = { reason: 'sleep', message: 'The machine that records was asleep.' };
  }
  /** The machine is awake again: the connection is most likely gone and must not be waited for. */
  resumed(): void {
    this.#away = { reason: 'sleep', message: 'The machine that records was asleep.' };
    this.#link?.cut();
    this.#wake?.();
  }

  async #go(): Promise<void> {
    let retryMs = firstRetryMs;
    while (!this.#stop.signal.aborted) {
      const began = performance.now();
      try {
        await this.#connectAndRecord();
        if (this.#stop.signal.aborted) break;
        this.#away ??= { reason: 'lostLink', message: 'The connection to the server was lost.' };
        this.#options.onState({ server: this.#server, trouble: lost });
      } catch (thrown) {
        if (this.#stop.signal.aborted) break;
        const trouble = failureOf(thrown);
        this.#away ??= { reason: 'lostLink', message: trouble.message };
        this.#options.onState({ server: this.#server, trouble });
        if (trouble.kind === 'unsupported' && trouble.needs === otherServer) break;
        if (isRefusal(trouble)) retryMs = refusedRetryMs;
      }
      if (performance.now() - began > longestRetryMs) retryMs = firstRetryMs;
      await this.#pause(retryMs * (0.8 + Math.random() * 0.4));
      retryMs = Math.min(longestRetryMs, retryMs * 2);
    }
  }

  #pause(ms: number): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends when the connection has gone or the recorder is stopped; throws where there was none to be had. */
  async #connectAndRecord(): Promise<void> {
    const { signal } = this.#stop;
    const link = await this.#options.open(null, signal);
    this.#link = link;
    const aside = new AsideLink(this.#options.open);
    const schedule = new Schedule();
    this.#schedule = schedule;
    try {
      await this.#meet(link);
      // It only makes ticks cheaper.
      await link.keepMemory().catch(() => {});
      const collecting = this.#collecting(link, aside);
      schedule.add(this.#ticker.task(link), 0);
      const fitting = this.#options.collectors.filter(({ since = 13 }) => since <= link.major);
      const { staggerMs = standardStaggerMs } = this.#options;
      for (const [place, collector] of fitting.entries())
        schedule.add(this.#task(collector, collecting), Math.max(staggerMs * (place + 1), this.#restMs(collector)));
      schedule.start();
      await goneOrStopped(link, signal);
    } finally {
      this.#link = null;
      this.#schedule = null;
      this.#console?.close();
      this.#console = null;
      await Promise.all([aside.close(), link.close()]);
      await schedule.stop();
    }
  }

  /** How long what was read over an earlier connection still holds. */
  #restMs({ id, everyMs }: Collector): number {
    const readAt = this.#readAtMs.get(id);
    return readAt === undefined ? 0 : readAt + everyMs - performance.now();
  }

  /** Who is it that answers, and is it the one that answered before? */
  async #meet(link: MonitorLink): Promise<void> {
    const server = await readServer(link);
    refuseOther(this.#server?.systemIdentifier ?? this.#options.systemIdentifier, server);
    const before = this.#server;
    this.#server = server;
    const serverMs = (await link.moment()).atMs;
    const setBackMs = this.#continuesMs === null ? 0 : this.#timeline.goOnAfter(this.#continuesMs, serverMs);
    const atMs = this.#timeline.shifted(serverMs);
    this.#metAtMs = atMs;
    if (setBackMs > 0) this.#output.event(clockSetBack(atMs, setBackMs));
    if (before) this.#compare(before, server, atMs);
    else if (this.#continuesMs !== null)
      this.#away = { reason: 'notRecording', message: 'Nothing was recorded in this time.' };
    this.#ticker.connected({ server, away: this.#away, continuesMs: this.#continuesMs });
    this.#away = null;
    this.#continuesMs = null;
    this.#output.snapshot({ kind: 'server', database: null, atMs, content: server });
    this.#options.onState({ server, trouble: null });
  }

  #compare(before: ServerSnapshot, server: ServerSnapshot, atMs: number): void {
    const change = whatChanged(before, server);
    if (change === 'nothing') return;
    const subject = change === 'restart' ? 'The server was started again' : 'Another server answers';
    this.#away = this.#away?.reason === 'sleep' ? this.#away : { reason: change, message: `${subject}.` };
    const inWords = ({ address, port, timeline, startedMs }: ServerSnapshot) =>
      `${address ?? 'local'}:${port ?? ''} timeline ${timeline ?? '?'}, started ${new Date(startedMs ?? 0).toISOString()}`;
    const told = { subject, before: inWords(before), after: inWords(server) };
    this.#output.event({ atMs, kind: change, database: null, ...told });
    if (sameNode(before, server)) return;
    this.#readAtMs.clear();
    this.#met.clear();
    for (const collector of this.#options.collectors) collector.forget?.();
  }

  #collecting(link: MonitorLink, aside: AsideLink): Collecting {
    const output = this.#output;
    const crashes = this.#crashes;
    const server = this.#server;
    const own = server?.database ?? '';
    const signal = AbortSignal.any([this.#stop.signal, link.gone]);
    return {
      id: '',
      isFirst: false,
      link,
      signal,
      allowance: this.#allowance,
      rested: () => {},
      reading: () => {},
      aside: (database, work) => aside.run(database === own ? null : database, work),
      near: (database, work) => (database === null || database === own ? work(link) : aside.run(database, work)),
      databases: async () => {
        if (link.pooled) return [own];
        const others = (server?.databases ?? [])
          .filter(({ name, isTemplate, allowsConnections }) => name !== own && !isTemplate && allowsConnections)
          .map(({ name }) => name);
        return [own, ...others].slice(0, mostDatabases);
      },
      place: (serverMs) => this.#timeline.shifted(serverMs),
      crash: async () => {
        const { rows, moment } = await link.ask(resetInstants, { prepared: [], signal });
        const crash = crashes.next(rows[0] ?? {});
        if (crash.epoch > this.#crashesTold && crash.certain) this.#tellCrash(this.#timeline.shifted(moment.atMs));
        this.#crashesTold = crash.epoch;
        return crash;
      },
      console: async () => {
        if (!this.#console || this.#console.lost) this.#console = await this.#options.openConsole(signal);
        return this.#console;
      },
      missingTexts: (ids) => output.missingTexts(ids),
      family: (sample) => output.family(sample),
      snapshot: (snapshot) => output.snapshot(snapshot),
      event: (event) => output.event(event),
      text: (text) => output.text(text),
    };
  }

  #tellCrash(atMs: number): void {
    const subject = 'The server recovered from a crash of one of its processes; its counters began at zero';
    this.#output.event({ atMs, kind: 'crash', database: null, subject, before: null, after: null });
  }

  /** Fails alone, and less and less often where it fails again and again. */
  #task(collector: Collector, collecting: Collecting): Task {
    let failures = 0;
    let tookMs = 0;
    let beforeMs = 0;
    let found = true;
    return {
      id: collector.id,
      get everyMs() {
        const { everyMs, idleEveryMs = everyMs } = collector;
        // One slow run may be a busy machine's, two are the question's.
        const costMs = Math.min(tookMs, beforeMs);
        const bearable = Math.min(costMs / mostShare, leastOftenMs);
        return Math.max((found ? everyMs : idleEveryMs) * 2 ** Math.min(failures, 6), bearable);
      },
      run: async () => {
        if (collector.pooledOnly && !collecting.link.pooled && !this.#options.namesPooler?.()) return;
        const began = performance.now();
        let rows = 0;
        let restedMs = 0;
        let failure: string | null = null;
        let told = false;
        const reading: Collecting['reading'] = (database, read, of) => {
          told = true;
          this.#options.onReading?.(collector.id, { collector: collector.id, database, read, of });
        };
        const rested = (ms: number) => {
          restedMs += ms;
        };
        try {
          const { aside, near } = collecting;
          rows = await collector.run({
            ...collecting,
            id: collector.id,
            isFirst: !this.#met.has(collector.id),
            rested,
            reading,
            aside: inTurn(aside, rested),
            near: inTurn(near, rested),
          });
          failures = 0;
          this.#met.add(collector.id);
          if (collector.outlivesLink) this.#readAtMs.set(collector.id, performance.now());
          found = rows > 0;
        } catch (thrown) {
          if (collecting.signal.aborted) return;
          failures++;
          failure = inWord(failureOf(thrown));
        } finally {
          if (told) this.#options.onReading?.(collector.id, null);
        }
        beforeMs = tookMs;
        tookMs = performance.now() - began - restedMs;
        // A collector may be done before the first tick.
        const atMs = this.#ticker.lastMs ?? this.#metAtMs;
        this.#output.run({ collector: collector.id, atMs, tookMs, rows, failure });
      },
    };
  }
}

const lost: Failure = {
  kind: 'connection',
  reason: 'lost',
  message: 'The connection to the server was lost. It is being made again.',
};

/** Waiting while others use the connection, and until there is one, is not what its work costs. */
const inTurn =
  (on: Collecting['aside'], rested: (ms: number) => void): Collecting['aside'] =>
  (database, work) => {
    const asked = performance.now();
    return on(database, (link) => {
      rested(performance.now() - asked);
      return work(link);
    });
  };

const isRefusal = (failure: Failure): boolean =>
  failure.kind === 'connection' &&
  ['passwordWrong', 'passwordNeeded', 'noSuchRole', 'notAllowedByHba', 'noConnectRight', 'unsupportedAuth'].includes(
    failure.reason,
  );

/** For the ledger: the SQLSTATE where there is one, and the words. */
function inWord(failure: Failure): string {
  if (failure.kind === 'postgres') return `${failure.sqlstate} ${failure.message}`;
  return failure.message;
}

function goneOrStopped(link: MonitorLink, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (link.lost || signal.aborted) return resolve();
    link.gone.addEventListener('abort', () => resolve(), { once: true });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
