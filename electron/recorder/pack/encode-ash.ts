/** Packs a minute of samples: see ash-chunk.ts for what lies where. */
import { type AshSample, type AshTick, type AshWait, asQuery, coreVersion, given, none, same } from './ash-chunk.ts';
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
  const base = ticks[0]?.atMs ?? 0;
  out.float(base);
  for (const { first } of sessions) {
    out.byte(first.backendStartMs === null ? 0 : 1);
    if (first.backendStartMs !== null) out.signed(Math.round(base) - first.backendStartMs);
  }
  const flags = new ByteWriter();
  const ages = new ByteWriter();
  for (const { at } of sessions) {
    let before: AshSample | null = null;
    for (const [tick, sample] of at) {
      const atMs = Math.round(ticks[tick]?.atMs ?? 0);
      const how = (time: number | null, last: number | null | undefined, query: number | null): number =>
        before && time === last ? same : time === null ? none : time === query ? asQuery : given;
      const query = how(sample.queryStartMs, before?.queryStartMs, null);
      const xact = how(sample.xactStartMs, before?.xactStartMs, sample.queryStartMs);
      const change = how(sample.stateChangeMs, before?.stateChangeMs, sample.queryStartMs);
      const hasXid = sample.xidAge === null ? 0 : 1;
      const hasXmin = sample.xminAge === null ? 0 : 1;
      flags.byte(query | (xact << 2) | (change << 4) | (hasXid << 6) | (hasXmin << 7));
      if (query === given) ages.signed(atMs - (sample.queryStartMs ?? 0));
      if (xact === given) ages.signed(atMs - (sample.xactStartMs ?? 0));
      if (change === given) ages.signed(atMs - (sample.stateChangeMs ?? 0));
      if (sample.xidAge !== null) ages.signed(sample.xidAge);
      if (sample.xminAge !== null) ages.signed(sample.xminAge);
      before = sample;
    }
  }
  out.bytes(flags.take());
  out.bytes(ages.take());
  return out.take();
}
