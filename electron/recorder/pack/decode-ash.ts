/** Reads a minute of samples back: see ash-chunk.ts for what lies where. */
import {
  type AshCore,
  type AshDetail,
  type AshSample,
  type AshSession,
  type AshTick,
  type AshWait,
  asQuery,
  coreVersion,
  given,
  none,
  same,
  xidPace,
} from './ash-chunk.ts';
import { ByteReader, signedOf } from './bytes.ts';
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
  const { tick, session } = readPresence(reader, sessions.length, Math.ceil(ticks.length / 8));
  const samples = tick.length;
  const waits: AshWait[] = [];
  for (let left = count(reader); left > 0; left--)
    waits.push({ state: reader.unsigned(), type: reader.unsigned(), event: reader.unsigned() });
  const queries = reader.unsignedInto(new Float64Array(count(reader, 1_000_000)));
  const wait = reader.unsignedInto(new Uint16Array(samples));
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

/** Session by session a bit a tick. */
function readPresence(reader: ByteReader, sessions: number, width: number) {
  const bits = reader.bytes(sessions * width);
  let samples = 0;
  for (let byte = 0; byte < bits.length; byte++) samples += bitsSet(bits[byte] as number);
  const tick = new Uint16Array(samples);
  const session = new Uint16Array(samples);
  let place = 0;
  for (let of = 0; of < sessions; of++)
    for (let byte = 0; byte < width; byte++)
      for (let set = bits[of * width + byte] as number; set !== 0; set &= set - 1) {
        // The lowest bit that is set.
        tick[place] = byte * 8 + 31 - Math.clz32(set & -set);
        session[place] = of;
        place++;
      }
  return { tick, session };
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

/** Of a byte. */
function bitsSet(byte: number): number {
  const pairs = byte - ((byte >> 1) & 0x55);
  const fours = (pairs & 0x33) + ((pairs >> 2) & 0x33);
  return (fours + (fours >> 4)) & 0x0f;
}

function count(reader: ByteReader, most = mostInAChunk): number {
  const value = reader.unsigned();
  if (value > most) throw new DamagedError();
  return value;
}

function readTicks(reader: ByteReader): AshCore['ticks'] {
  const length = count(reader);
  const numbers = () => reader.unsignedInto(new Float64Array(length));
  const [steps, planned, more, took] = [numbers(), numbers(), numbers(), numbers()];
  const full = reader.bytes(length);
  const ticks: Omit<AshTick, 'samples'>[] = [];
  let atMs = 0;
  let plannedMs = 0;
  for (let place = 0; place < length; place++) {
    atMs += steps[place] as number;
    plannedMs += signedOf(planned[place] as number);
    ticks.push({
      atMs,
      plannedMs,
      weightMs: plannedMs + signedOf(more[place] as number),
      tookMs: (took[place] as number) / 10,
      full: full[place] === 1,
    });
  }
  return ticks;
}

function readSessions(reader: ByteReader): AshSession[] {
  const words = reader.unsignedInto(new Float64Array(5 * count(reader)));
  const length = count(reader);
  const numbers = () => reader.unsignedInto(new Float64Array(length));
  const [pids, contexts, leaders] = [numbers(), numbers(), numbers()];
  const sessions: AshSession[] = [];
  let pid = 0;
  for (let place = 0; place < length; place++) {
    pid += signedOf(pids[place] as number);
    const leader = leaders[place] as number;
    const at = 5 * (contexts[place] as number);
    if (at >= words.length) throw new DamagedError();
    sessions.push({
      pid,
      leaderPid: leader === 0 ? null : leader - 1,
      database: words[at] as number,
      user: words[at + 1] as number,
      application: words[at + 2] as number,
      client: words[at + 3] as number,
      backendType: words[at + 4] as number,
    });
  }
  return sessions;
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
