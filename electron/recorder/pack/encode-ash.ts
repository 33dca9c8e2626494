/** Packs a minute of samples: see ash-chunk.ts for what lies where. */
import {
  type AshSample,
  type AshTick,
  type AshWait,
  asQuery,
  coreVersion,
  given,
  none,
  same,
  xidPace,
} from './ash-chunk.ts';
import { ByteWriter } from './bytes.ts';

interface Ordered {
  readonly sessions: { readonly key: string; readonly first: AshSample; readonly at: Map<number, AshSample> }[];
  readonly waits: Map<string, number>;
  readonly waitList: AshWait[];
  readonly queryList: number[];
}

export function encodeAsh(ticks: readonly AshTick[]): { core: Uint8Array; detail: Uint8Array; samples: number } {
  const ordered = order(ticks);
  const core = new ByteWriter();
  core.byte(coreVersion);
  writeTicks(core, ticks);
  writeSessions(core, ordered, ticks.length);
  core.unsigned(ordered.waitList.length);
  for (const { state, type, event } of ordered.waitList) {
    core.unsigned(state);
    core.unsigned(type);
    core.unsigned(event);
  }
  core.unsigned(ordered.queryList.length);
  for (const query of ordered.queryList) core.unsigned(query);
  const samples = writeSamples(core, ordered);
  return { core: core.take(), detail: encodeDetail(ticks, ordered), samples };
}

const sessionKey = (sample: AshSample): string =>
  `${sample.pid}/${sample.backendStartMs}/${sample.database}/${sample.user}/${sample.application}/${sample.client}/${sample.backendType}/${sample.leaderPid}`;
const waitKey = (sample: AshSample): string => `${sample.state}/${sample.waitType}/${sample.waitEvent}`;

function order(ticks: readonly AshTick[]): Ordered {
  const sessions = new Map<string, Ordered['sessions'][number]>();
  const waits = new Map<string, { wait: AshWait; count: number }>();
  const queries = new Map<number, number>();
  ticks.forEach(({ samples }, tick) => {
    for (const sample of samples) {
      const key = sessionKey(sample);
      let session = sessions.get(key);
      if (!session) {
        session = { key, first: sample, at: new Map() };
        sessions.set(key, session);
      }
      session.at.set(tick, sample);
      const wait = waits.get(waitKey(sample));
      if (wait) wait.count++;
      else {
        const { state, waitType: type, waitEvent: event } = sample;
        waits.set(waitKey(sample), { wait: { state, type, event }, count: 1 });
      }
      queries.set(sample.query, (queries.get(sample.query) ?? 0) + 1);
    }
  });
  // The frequent ones first: their places fit into one byte, and the same byte again and again deflates well.
  const byUse = [...waits].sort(([, a], [, b]) => b.count - a.count);
  return {
    sessions: [...sessions.values()].sort((a, b) => a.first.pid - b.first.pid),
    waits: new Map(byUse.map(([key], place) => [key, place])),
    waitList: byUse.map(([, { wait }]) => wait),
    queryList: [...queries].sort(([, a], [, b]) => b - a).map(([query]) => query),
  };
}

function writeTicks(core: ByteWriter, ticks: readonly AshTick[]): void {
  core.unsigned(ticks.length);
  let at = 0;
  for (const tick of ticks) {
    core.unsigned(Math.max(0, Math.round(tick.atMs) - at));
    at = Math.max(at, Math.round(tick.atMs));
  }
  let planned = 0;
  for (const tick of ticks) {
    core.signed(Math.round(tick.plannedMs) - planned);
    planned = Math.round(tick.plannedMs);
  }
  for (const tick of ticks) core.signed(Math.round(tick.weightMs) - Math.round(tick.plannedMs));
  for (const tick of ticks) core.unsigned(Math.max(0, Math.round(tick.tookMs * 10)));
  for (const tick of ticks) core.byte(tick.full ? 1 : 0);
}

function writeSessions(core: ByteWriter, { sessions }: Ordered, ticks: number): void {
  const contexts = new Map<string, number>();
  const list: AshSample[] = [];
  const places = sessions.map(({ first }) => {
    const key = `${first.database}/${first.user}/${first.application}/${first.client}/${first.backendType}`;
    let place = contexts.get(key);
    if (place === undefined) {
      place = list.push(first) - 1;
      contexts.set(key, place);
    }
    return place;
  });
  core.unsigned(list.length);
  for (const { database, user, application, client, backendType } of list)
    for (const word of [database, user, application, client, backendType]) core.unsigned(word);
  core.unsigned(sessions.length);
  let pid = 0;
  for (const { first } of sessions) {
    core.signed(first.pid - pid);
    pid = first.pid;
  }
  for (const place of places) core.unsigned(place);
  for (const { first } of sessions) core.unsigned(first.leaderPid === null ? 0 : first.leaderPid + 1);
  const bits = new Uint8Array(Math.ceil(ticks / 8));
  for (const { at } of sessions) {
    bits.fill(0);
    for (const tick of at.keys()) bits[tick >> 3] = (bits[tick >> 3] ?? 0) | (1 << (tick & 7));
    core.bytes(bits);
  }
}

function writeSamples(core: ByteWriter, { sessions, waits, queryList }: Ordered): number {
  const queries = new Map(queryList.map((query, place) => [query, place]));
  for (const { at } of sessions) for (const sample of at.values()) core.unsigned(waits.get(waitKey(sample)) ?? 0);
  let samples = 0;
  const blocked: [number, number][] = [];
  for (const { at } of sessions) {
    let before = -1;
    for (const { query, blockedBy } of at.values()) {
      // 0: the statement of the sample before.
      core.unsigned(query === before ? 0 : (queries.get(query) ?? 0) + 1);
      before = query;
      if (blockedBy !== null) blocked.push([samples, blockedBy]);
      samples++;
    }
  }
  core.unsigned(blocked.length);
  let last = 0;
  for (const [sample, pid] of blocked) {
    core.unsigned(sample - last);
    core.unsigned(pid);
    last = sample;
  }
  return samples;
}

function encodeDetail(ticks: readonly AshTick[], { sessions }: Ordered): Uint8Array {
  const out = new ByteWriter();
  let start = Math.round(ticks[0]?.atMs ?? 0);
  out.float(start);
  // By pid: sessions of a pool begin one soon after the other.
  for (const { first } of sessions) {
    out.byte(first.backendStartMs === null ? 0 : 1);
    if (first.backendStartMs === null) continue;
    out.signed(first.backendStartMs - start);
    start = first.backendStartMs;
  }
  const clock = xidClock(ticks.length, sessions);
  const pace = xidPace(clock, (tick) => Math.round(ticks[tick]?.atMs ?? 0));
  for (let tick = 1; tick < clock.length; tick++) out.signed((clock[tick] ?? 0) - (clock[tick - 1] ?? 0));
  // Each kind of number by itself: like lies beside like.
  const [times, xids, queries, xacts, changes, xidAges, xminAges] = Array.from(
    { length: 7 },
    () => new ByteWriter(),
  ) as [ByteWriter, ByteWriter, ByteWriter, ByteWriter, ByteWriter, ByteWriter, ByteWriter];
  for (const { at } of sessions) {
    let before: { readonly sample: AshSample; readonly xid: number | null; readonly xmin: number | null } | null = null;
    for (const [tick, sample] of at) {
      const atMs = Math.round(ticks[tick]?.atMs ?? 0);
      const last = before?.sample;
      const how = (time: number | null, earlier: number | null | undefined, query: number | null): number =>
        last && time === earlier ? same : time === null ? none : time === query ? asQuery : given;
      const query = how(sample.queryStartMs, last?.queryStartMs, null);
      const xact = how(sample.xactStartMs, last?.xactStartMs, sample.queryStartMs);
      const change = how(sample.stateChangeMs, last?.stateChangeMs, sample.queryStartMs);
      const age = (value: number | null): number | null => (value === null ? null : (clock[tick] ?? 0) - value);
      const [xid, xmin] = [age(sample.xidAge), age(sample.xminAge)];
      const [howXid, howXmin] = [how(xid, before?.xid, null), how(xmin, before?.xmin, null)];
      // Another statement has mostly begun since; the same one mostly has not.
      const expected = last?.query === sample.query ? same : given;
      times.byte(((query - expected) & 3) | (xact << 2) | (change << 4));
      // A snapshot mostly stays or changes with its statement: then this is 0.
      xids.byte(((howXid - none) & 3) | (((howXmin - query) & 3) << 2));
      if (query === given) queries.signed(atMs - (sample.queryStartMs ?? 0));
      if (xact === given) xacts.signed(atMs - (sample.xactStartMs ?? 0));
      if (change === given) changes.signed(atMs - (sample.stateChangeMs ?? 0));
      if (howXid === given) xidAges.signed(sample.xidAge ?? 0);
      if (howXmin === given) {
        const running = sample.queryStartMs === null ? 0 : atMs - sample.queryStartMs;
        xminAges.signed((sample.xminAge ?? 0) - Math.round(running * (pace[tick] ?? 0)));
      }
      before = { sample, xid, xmin };
    }
  }
  for (const part of [times, xids, queries, xacts, changes, xidAges, xminAges]) {
    out.unsigned(part.length);
    out.bytes(part.take());
  }
  return out.take();
}

/**
 * How many transactions had begun by each tick, as far as the ages of those that went on tell it: a transaction that
 * stays the same then has the same number at every tick, though its age grows.
 */
function xidClock(ticks: number, sessions: Ordered['sessions']): number[] {
  const grown: number[][] = Array.from({ length: ticks }, () => []);
  for (const { at } of sessions)
    for (const [tick, sample] of at) {
      const before = at.get(tick - 1);
      if (sample.xminAge === null || before?.xminAge == null) continue;
      if (sample.xactStartMs === before.xactStartMs && sample.queryStartMs === before.queryStartMs)
        grown[tick]?.push(sample.xminAge - before.xminAge);
    }
  let clock = 0;
  return grown.map((growths) => {
    clock += growths.sort((a, b) => a - b)[growths.length >> 1] ?? 0;
    return clock;
  });
}
