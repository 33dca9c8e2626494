/** A recorder over a real server, with a recording that is kept in memory. */
import { MonitorLink } from '../../electron/postgres/monitor/monitor-link.ts';
import { PoolConsole } from '../../electron/postgres/monitor/pool-console.ts';
import type { ConnectSpec } from '../../electron/postgres/source.ts';
import { BulkAllowance } from '../../electron/recorder/collect/allowance.ts';
import type { Collecting, Collector } from '../../electron/recorder/collect/collector.ts';
import { allCollectors } from '../../electron/recorder/collect/collectors.ts';
import { CrashWatch } from '../../electron/recorder/collect/families/crash-watch.ts';
import { resetInstants } from '../../electron/recorder/collect/families/server.sql.ts';
import { Recorder, type RecorderState } from '../../electron/recorder/collect/recorder.ts';
import type {
  CollectorRun,
  FamilySample,
  Gap,
  RecordedEvent,
  Snapshot,
  StatementText,
  Tick,
} from '../../electron/recorder/samples.ts';
import type { MetricFamily } from '../../shared/metrics/metric.ts';

export interface Kept {
  readonly ticks: Tick[];
  readonly gaps: Gap[];
  readonly families: FamilySample[];
  readonly snapshots: Snapshot[];
  readonly events: RecordedEvent[];
  readonly texts: StatementText[];
  readonly runs: CollectorRun[];
}

export interface RecorderWorld {
  readonly kept: Kept;
  readonly recorder: Recorder;
  readonly states: RecorderState[];
  /** Resolves once it holds, looked at after everything that is kept. */
  until<T>(holds: (kept: Kept) => T | null | undefined | false): Promise<T>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly collectors?: readonly Collector[];
  readonly everyMs?: number;
  readonly staggerMs?: number;
  readonly continuesMs?: number | null;
  /** What reading in bulk may cost; without end where not said, so that a slow machine waits for nothing. */
  readonly allowanceMs?: number;
}

export function recordInMemory(spec: ConnectSpec | (() => ConnectSpec), options: WorldOptions = {}): RecorderWorld {
  const kept: Kept = { ticks: [], gaps: [], families: [], snapshots: [], events: [], texts: [], runs: [] };
  const waiting = new Set<() => void>();
  const states: RecorderState[] = [];
  const look = () => {
    for (const each of [...waiting]) each();
  };
  const keep =
    <T>(list: T[]) =>
    (value: T) => {
      list.push(value);
      look();
    };
  const recorder = new Recorder({
    open: async (database, signal) => {
      const to = typeof spec === 'function' ? spec() : spec;
      return MonitorLink.open(database === null ? to : { ...to, database }, signal);
    },
    openConsole: async (signal) => PoolConsole.open(typeof spec === 'function' ? spec() : spec, signal),
    output: {
      tick: keep(kept.ticks),
      gap: keep(kept.gaps),
      family: keep(kept.families),
      snapshot: keep(kept.snapshots),
      event: keep(kept.events),
      text: keep(kept.texts),
      run: keep(kept.runs),
      missingTexts: async (ids) => ids,
    },
    collectors: options.collectors ?? allCollectors(),
    everyMs: options.everyMs ?? 200,
    allowance: new BulkAllowance(options.allowanceMs ?? Number.MAX_SAFE_INTEGER),
    staggerMs: options.staggerMs ?? 5,
    continuesMs: options.continuesMs ?? null,
    systemIdentifier: null,
    onState: keep(states),
  });
  recorder.start();
  return {
    kept,
    recorder,
    states,
    until: (holds) =>
      new Promise((resolve) => {
        const check = () => {
          const found = holds(kept);
          if (!found) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    stop: () => recorder.stop(),
  };
}

/** Without those that only tell of a busy machine: samples that were taken late. */
export const gapsBesideLate = (gaps: readonly { readonly reason: string }[]): string[] =>
  gaps.map(({ reason }) => reason).filter((reason) => reason !== 'timeout');

/** What was added to a counter over all samples of a family, of the row with that first part of its key. */
export function added(kept: Kept, family: MetricFamily, metric: string, matches: (key: readonly string[]) => boolean) {
  const place = family.metrics.findIndex(({ name }) => name === metric);
  return kept.families
    .filter((sample) => sample.family === family.id)
    .flatMap(({ rows }) => rows)
    .filter(({ key }) => matches(key))
    .reduce((sum, { values }) => sum + (values[place] ?? 0), 0);
}

/** A machine with other work takes a sample too late now and then: that is no fault, and no test's business. */
const tooLate = ({ collector, failure }: CollectorRun) =>
  hurried.includes(collector) && /statement timeout|user request/.test(failure ?? '');
/** These are given a second or less. */
const hurried: readonly string[] = ['activity', 'wal_directory', 'temporary_files'];
/** What failed, but samples that came too late. */
export const failed = ({ runs }: Kept): CollectorRun[] => runs.filter((run) => run.failure !== null && !tooLate(run));

/** Collectors run by hand, one after the other, over a connection that may be lost and made anew. */
export interface Polls {
  poll(collector: Collector, familyId?: string): Promise<FamilySample>;
  link(): Promise<MonitorLink>;
  readonly events: RecordedEvent[];
  readonly snapshots: Snapshot[];
  /** How far long readings had come. */
  readonly readings: Parameters<Collecting['reading']>[];
  run(collector: Collector): Promise<FamilySample[]>;
  close(): Promise<void>;
}

export function pollByHand(spec: ConnectSpec): Polls {
  let open: MonitorLink | null = null;
  const crashes = new CrashWatch();
  const link = async () => {
    if (!open || open.lost) open = await MonitorLink.open(spec);
    return open;
  };
  const events: RecordedEvent[] = [];
  const snapshots: Snapshot[] = [];
  const readings: Polls['readings'] = [];
  const polls: Polls = {
    link,
    events,
    snapshots,
    readings,
    async poll(collector, familyId = collector.id) {
      const sample = (await polls.run(collector)).find(({ family }) => family === familyId);
      if (!sample) throw new Error(`${collector.id} gave no ${familyId}`);
      return sample;
    },
    async run(collector) {
      const samples: FamilySample[] = [];
      const own = await link();
      await collector.run({
        id: collector.id,
        isFirst: true,
        link: own,
        signal: new AbortController().signal,
        allowance: new BulkAllowance(Number.MAX_SAFE_INTEGER),
        rested: () => {},
        reading: (...told) => readings.push(told),
        aside: async (_database, work) => work(own),
        near: async (_database, work) => work(own),
        databases: async () => [spec.database],
        place: (ms) => ms,
        crash: async () => crashes.next((await own.ask(resetInstants)).rows[0] ?? {}),
        console: () => PoolConsole.open(spec),
        missingTexts: async () => [],
        family: (sample) => samples.push(sample),
        snapshot: (snapshot) => snapshots.push(snapshot),
        event: (event) => events.push(event),
        text: () => {},
      });
      return samples;
    },
    close: async () => {
      await open?.close();
    },
  };
  return polls;
}

/** Asks until it holds: statistics come a moment after what they count. */
export async function eventually<T>(ask: () => Promise<T | false | null | undefined>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
