/** Reads a minute of samples back: see ash-chunk.ts for what lies where. */
import {
  type AshCore,
  type AshDetail,
  type AshSample,
  type AshSession,
  type AshTick,
  asQuery,
  coreVersion,
  given,
  none,
  same,
  xidPace,
} from './ash-chunk.ts';
import { ByteReader } from './bytes.ts';
import { DamagedError } from './packed.ts';

/** Ticks, sessions and waits of one minute are far fewer; anything above is damage. */
const mostInAChunk = 65_535;

/** @throws DamagedError where the bytes are no such chunk */
export function decodeAshCore(bytes: Uint8Array): AshCore {
  try {
    return readCore(new ByteReader(bytes));
  } catch (thrown) {
    throw thrown instanceof DamagedError ? thrown : new DamagedError(thrown);
  }
}

function readCore(reader: ByteReader): AshCore {
  if (reader.byte() !== coreVersion) throw new DamagedError();
  const ticks = readTicks(reader);
  const sessions = readSessions(reader);
  const width = Math.ceil(ticks.length / 8);
  const present = sessions.map(() => reader.bytes(width));
  let samples = 0;
  for (const bits of present) for (const byte of bits) samples += bitsSet(byte);
  const waits = Array.from({ length: count(reader) }, () => ({
    state: reader.unsigned(),
    type: reader.unsigned(),
    event: reader.unsigned(),
  }));
  const queries = Array.from({ length: count(reader, 1_000_000) }, () => reader.unsigned());
  const tick = new Uint16Array(samples);
  const session = new Uint16Array(samples);
  const wait = new Uint16Array(samples);
  let place = 0;
  present.forEach((bits, of) => {
    for (let byte = 0; byte < width; byte++)
      for (let set = bits[byte] as number; set !== 0; set &= set - 1) {
        // The lowest bit that is set.
        tick[place] = byte * 8 + 31 - Math.clz32(set & -set);
        session[place] = of;
        place++;
      }
  });
  reader.unsignedInto(wait);
  let rest: { query: Uint32Array; blockedBy: Map<number, number> } | null = null;
  const readRest = () => {
    rest ??= readQueries(reader, samples);
    return rest;
  };
  return {
    ticks,
    sessions,
    waits,
    queries,
    tick,
    session,
    wait,
    // Half of the work, and a chart of wait classes does not ask for it.
    get query() {
      return readRest().query;
    },
    get blockedBy() {
      return readRest().blockedBy;
    },
  };
}

function readQueries(reader: ByteReader, samples: number) {
  const query = new Uint32Array(samples);
  reader.unsignedInto(query);
  let before = 0;
  for (let each = 0; each < samples; each++) {
    const code = query[each] as number;
    if (code !== 0) before = code - 1;
    query[each] = before;
  }
  const blockedBy = new Map<number, number>();
  let sample = 0;
  for (let left = reader.unsigned(); left > 0; left--) {
    sample += reader.unsigned();
    blockedBy.set(sample, reader.unsigned());
  }
  return { query, blockedBy };
}

const bitsSet = (byte: number): number => {
  let rest = byte;
  let set = 0;
  for (; rest !== 0; rest &= rest - 1) set++;
  return set;
};

function count(reader: ByteReader, most = mostInAChunk): number {
  const value = reader.unsigned();
  if (value > most) throw new DamagedError();
  return value;
}

function readTicks(reader: ByteReader): AshCore['ticks'] {
  const length = count(reader);
  const each = (read: () => number): number[] => Array.from({ length }, read);
  let at = 0;
  const atMs = each(() => {
    at += reader.unsigned();
    return at;
  });
  let planned = 0;
  const plannedMs = each(() => {
    planned += reader.signed();
    return planned;
  });
  const weightMs = plannedMs.map((value) => value + reader.signed());
  const tookMs = each(() => reader.unsigned() / 10);
  const full = each(() => reader.byte());
  return atMs.map((value, place) => ({
    atMs: value,
    plannedMs: plannedMs[place] ?? 0,
    weightMs: weightMs[place] ?? 0,
    tookMs: tookMs[place] ?? 0,
    full: full[place] === 1,
  }));
}

function readSessions(reader: ByteReader): AshSession[] {
  const contexts = Array.from({ length: count(reader) }, () => ({
    database: reader.unsigned(),
    user: reader.unsigned(),
    application: reader.unsigned(),
    client: reader.unsigned(),
    backendType: reader.unsigned(),
  }));
  const length = count(reader);
  let pid = 0;
  const pids = Array.from({ length }, () => {
    pid += reader.signed();
    return pid;
  });
  const places = Array.from({ length }, () => reader.unsigned());
  return pids.map((own, place) => {
    const leader = reader.unsigned();
    const context = contexts[places[place] ?? 0];
    if (!context) throw new DamagedError();
    const { database, user, application, client, backendType } = context;
    return { pid: own, leaderPid: leader === 0 ? null : leader - 1, database, user, application, client, backendType };
  });
}

/** @throws DamagedError where the bytes do not belong to that chunk */
export function decodeAshDetail(bytes: Uint8Array, core: AshCore): AshDetail {
  try {
    return readDetail(new ByteReader(bytes), core);
  } catch (thrown) {
    throw new DamagedError(thrown);
  }
}

function readDetail(reader: ByteReader, core: AshCore): AshDetail {
  const samples = core.tick.length;
  const unknown = (length: number) => new Float64Array(length).fill(Number.NaN);
  let start = Math.round(reader.float());
  const backendStartMs = unknown(core.sessions.length);
  for (let each = 0; each < backendStartMs.length; each++) {
    if (reader.byte() !== 1) continue;
    start += reader.signed();
    backendStartMs[each] = start;
  }
  const clock = new Float64Array(core.ticks.length);
  for (let tick = 1; tick < clock.length; tick++) clock[tick] = (clock[tick - 1] ?? 0) + reader.signed();
  const pace = xidPace(clock, (tick) => core.ticks[tick]?.atMs ?? 0);
  const part = (): ByteReader => new ByteReader(reader.bytes(reader.unsigned()));
  const [times, xids, queries, xacts, changes, xidAges, xminAges] = [
    part(),
    part(),
    part(),
    part(),
    part(),
    part(),
    part(),
  ];
  const queryStartMs = unknown(samples);
  const xactStartMs = unknown(samples);
  const stateChangeMs = unknown(samples);
  const xid = unknown(samples);
  const xmin = unknown(samples);
  for (let each = 0; each < samples; each++) {
    const atMs = core.ticks[core.tick[each] ?? 0]?.atMs ?? 0;
    const now = clock[core.tick[each] ?? 0] ?? 0;
    const value = (how: number, column: Float64Array, at: number, ages: ByteReader, usual = 0): void => {
      if (how === same) column[each] = column[each - 1] ?? Number.NaN;
      else if (how === asQuery) column[each] = queryStartMs[each] ?? Number.NaN;
      else if (how === given) column[each] = at - usual - ages.signed();
    };
    const goesOn = core.session[each] === core.session[each - 1] && core.query[each] === core.query[each - 1];
    const time = times.byte();
    const query = (time + (goesOn ? same : given)) & 3;
    value(query, queryStartMs, atMs, queries);
    value((time >> 2) & 3, xactStartMs, atMs, xacts);
    value((time >> 4) & 3, stateChangeMs, atMs, changes);
    const ids = xids.byte();
    value((ids + none) & 3, xid, now, xidAges);
    const running = atMs - (queryStartMs[each] ?? Number.NaN);
    const usual = Number.isNaN(running) ? 0 : Math.round(running * (pace[core.tick[each] ?? 0] ?? 0));
    value(((ids >> 2) + query) & 3, xmin, now, xminAges, usual);
  }
  const age = (at: number, sample: number): number => (clock[core.tick[sample] ?? 0] ?? 0) - at;
  return { backendStartMs, queryStartMs, xactStartMs, stateChangeMs, xidAge: xid.map(age), xminAge: xmin.map(age) };
}

/** The ticks again, as they were given: for what lay unsealed when a recorder was stopped short. */
export function ticksOf(core: AshCore, detail: AshDetail): AshTick[] {
  const samples: AshSample[][] = core.ticks.map(() => []);
  const known = (value: number | undefined): number | null =>
    value === undefined || Number.isNaN(value) ? null : value;
  for (let each = 0; each < core.tick.length; each++) {
    const session = core.sessions[core.session[each] ?? 0];
    const wait = core.waits[core.wait[each] ?? 0];
    if (!session || !wait) continue;
    samples[core.tick[each] ?? 0]?.push({
      ...session,
      state: wait.state,
      waitType: wait.type,
      waitEvent: wait.event,
      query: core.queries[core.query[each] ?? 0] ?? 0,
      backendStartMs: known(detail.backendStartMs[core.session[each] ?? 0]),
      queryStartMs: known(detail.queryStartMs[each]),
      xactStartMs: known(detail.xactStartMs[each]),
      stateChangeMs: known(detail.stateChangeMs[each]),
      xidAge: known(detail.xidAge[each]),
      xminAge: known(detail.xminAge[each]),
      blockedBy: core.blockedBy.get(each) ?? null,
    });
  }
  return core.ticks.map((tick, place) => ({ ...tick, samples: samples[place] ?? [] }));
}
