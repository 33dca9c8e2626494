/**
 * Keeps ticks: each at once as a small piece (the tail), and a minute's as one chunk when the minute is over. What
 * a recorder that was stopped short left in the tail becomes a chunk when the file is opened to be written again.
 */
import type Database from 'better-sqlite3';
import { ActivitySums } from '../pack/activity-sums.ts';
import type { AshSample, AshTick } from '../pack/ash-chunk.ts';
import { decodeAshCore, decodeAshDetail, ticksOf } from '../pack/decode-ash.ts';
import { encodeAsh } from '../pack/encode-ash.ts';
import { decodeLocks, encodeLocks, type LockTick } from '../pack/lock-chunk.ts';
import { pack, unpack } from '../pack/packed.ts';
import type { SessionSample, Tick } from '../samples.ts';
import { type Queries, queryKey, type Words } from './dictionaries.ts';
import type { FamilyWriter } from './family-writer.ts';

const minuteMs = 60_000;

export interface StoredAsh {
  core: Uint8Array;
  core_crc: number;
  detail: Uint8Array;
  detail_crc: number;
  locks: Uint8Array | null;
  locks_crc: number | null;
}
type Row = [number, number, number, Uint8Array, number, Uint8Array, number, Uint8Array | null, number | null];

export class AshWriter {
  readonly #words: Words;
  readonly #queries: Queries;
  readonly #families: FamilyWriter;
  readonly #sums = new ActivitySums();
  readonly #insertTail: Database.Statement<Row>;
  readonly #insertChunk: Database.Statement<[number, number, number, ...Row]>;
  readonly #chunk: Database.Statement<[number], StoredAsh>;
  readonly #clearTail: Database.Statement<[]>;
  /** Of the minute that is open: all of it, and what of it is not in the file yet. */
  #minute: number | null = null;
  #ticks: AshTick[] = [];
  #locks: LockTick[] = [];
  #unwritten = { ticks: [] as AshTick[], locks: [] as LockTick[] };
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(db: Database.Database, words: Words, queries: Queries, families: FamilyWriter) {
    this.#words = words;
    this.#queries = queries;
    this.#families = families;
    const columns = 'from_ms, to_ms, covered_ms, core, core_crc, detail, detail_crc, locks, locks_crc';
    this.#insertTail = db.prepare(`INSERT INTO ash_tail (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#insertChunk = db.prepare(
      `INSERT OR REPLACE INTO ash_chunk (t0, ticks, samples, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#chunk = db.prepare('SELECT core, core_crc, detail, detail_crc, locks, locks_crc FROM ash_chunk WHERE t0 = ?');
    this.#clearTail = db.prepare('DELETE FROM ash_tail');
    this.#recover(db);
  }

  /** True when there is something that is not in the file yet. */
  get unwrittenFromMs(): number | null {
    return this.#unwritten.ticks[0]?.atMs ?? null;
  }

  /** Takes the tick; true when it begins a new minute, so that the one before has been sealed. */
  add(tick: Tick): boolean {
    // A tick twice, or one out of order within the same moment, would count its time twice.
    if (tick.atMs === this.#lastMs) return false;
    this.#lastMs = tick.atMs;
    const minute = Math.floor(tick.atMs / minuteMs) * minuteMs;
    const sealed = this.#minute !== null && this.#minute !== minute;
    if (sealed) this.seal();
    this.#minute = minute;
    const kept: AshTick = { ...tick, samples: tick.sessions.map((session) => this.#sample(session, tick.atMs)) };
    this.#ticks.push(kept);
    this.#unwritten.ticks.push(kept);
    if (tick.locks) {
      const locks = { atMs: tick.atMs, weightMs: tick.weightMs, locks: tick.locks };
      this.#locks.push(locks);
      this.#unwritten.locks.push(locks);
    }
    this.#sums.add(
      tick.atMs,
      tick.weightMs,
      tick.sessions.map((session) => ({
        ...session,
        waitType: session.waitEventType,
        query: queryKey(session.queryId, session.queryHash),
      })),
    );
    return sealed;
  }

  #sample(session: SessionSample, atMs: number): AshSample {
    const words = this.#words;
    return {
      pid: session.pid,
      leaderPid: session.leaderPid,
      database: words.id(session.database),
      user: words.id(session.user),
      application: words.id(session.application),
      client: words.id(session.client),
      backendType: words.id(session.backendType),
      state: words.id(session.state),
      waitType: words.id(session.waitEventType),
      waitEvent: words.id(session.waitEvent),
      query: this.#queries.id(queryKey(session.queryId, session.queryHash), atMs),
      backendStartMs: milliseconds(session.backendStartUs),
      xactStartMs: milliseconds(session.xactStartUs),
      queryStartMs: milliseconds(session.queryStartUs),
      stateChangeMs: milliseconds(session.stateChangeUs),
      xidAge: session.xidAge,
      xminAge: session.xminAge,
      blockedBy: session.blockedBy,
    };
  }

  /** Writes what is not in the file yet as a piece of the tail. */
  flush(): void {
    const { ticks, locks } = this.#unwritten;
    if (ticks.length === 0) return;
    this.#insertTail.run(...row(ticks, locks));
    this.#unwritten = { ticks: [], locks: [] };
  }

  /** The open minute as a chunk, its sums as polls; the tail is empty afterwards. */
  seal(): void {
    if (this.#minute === null || this.#ticks.length === 0) return;
    this.#writeChunk(this.#minute, this.#ticks, this.#locks);
    for (const poll of this.#sums.take()) this.#families.poll(poll);
    this.#clearTail.run();
    this.#ticks = [];
    this.#locks = [];
    this.#unwritten = { ticks: [], locks: [] };
    this.#minute = null;
  }

  #writeChunk(minute: number, ticks: readonly AshTick[], locks: readonly LockTick[]): void {
    const before = this.#chunk.get(minute);
    // The same minute again: the recorder was started anew in it, or the server's clock went back.
    const all = before ? [...unpackTicks(before), ...ticks] : [...ticks];
    const allLocks = before ? [...unpackLocks(before), ...locks] : [...locks];
    const once = [...new Map(all.map((tick) => [tick.atMs, tick])).values()].sort((a, b) => a.atMs - b.atMs);
    const samples = once.reduce((sum, tick) => sum + tick.samples.length, 0);
    this.#insertChunk.run(minute, once.length, samples, ...row(once, allLocks));
  }

  #recover(db: Database.Database): void {
    const tail = db.prepare<[], StoredAsh>('SELECT * FROM ash_tail ORDER BY id').all();
    if (tail.length === 0) return;
    const words = new Map(
      db
        .prepare<[], { id: number; text: string }>('SELECT id, text FROM word')
        .all()
        .map(({ id, text }) => [id, text]),
    );
    const queries = new Map(
      db
        .prepare<[], { id: number; key: string }>('SELECT id, key FROM query')
        .all()
        .map(({ id, key }) => [id, key]),
    );
    const word = (id: number): string | null => words.get(id) ?? null;
    for (const piece of tail) {
      for (const tick of unpackTicks(piece)) {
        const minute = Math.floor(tick.atMs / minuteMs) * minuteMs;
        if (this.#minute !== null && this.#minute !== minute) this.seal();
        this.#minute = minute;
        this.#ticks.push(tick);
        this.#sums.add(
          tick.atMs,
          tick.weightMs,
          tick.samples.map((sample) => ({
            backendType: word(sample.backendType),
            state: word(sample.state),
            waitType: word(sample.waitType),
            waitEvent: word(sample.waitEvent),
            query: queries.get(sample.query) ?? null,
            database: word(sample.database),
            user: word(sample.user),
            application: word(sample.application),
            client: word(sample.client),
          })),
        );
      }
      this.#locks.push(...unpackLocks(piece));
    }
    this.seal();
  }
}

const milliseconds = (us: number | null): number | null => (us === null ? null : Math.floor(us / 1000));

function row(ticks: readonly AshTick[], locks: readonly LockTick[]): Row {
  const { core, detail } = encodeAsh(ticks);
  const packedCore = pack(core);
  const packedDetail = pack(detail);
  const packedLocks = locks.length > 0 ? pack(encodeLocks(locks)) : null;
  const [first] = ticks;
  const covered = ticks.reduce((sum, tick) => sum + tick.weightMs, 0);
  return [
    Math.round((first?.atMs ?? 0) - (first?.weightMs ?? 0)),
    Math.round(ticks.at(-1)?.atMs ?? 0),
    Math.round(covered),
    packedCore.data,
    packedCore.crc,
    packedDetail.data,
    packedDetail.crc,
    packedLocks?.data ?? null,
    packedLocks?.crc ?? null,
  ];
}

/** A damaged piece is left out: what follows must not be lost with it. */
function unpackTicks(stored: StoredAsh): AshTick[] {
  try {
    const core = decodeAshCore(unpack({ data: stored.core, crc: stored.core_crc }));
    return ticksOf(core, decodeAshDetail(unpack({ data: stored.detail, crc: stored.detail_crc }), core));
  } catch {
    return [];
  }
}

function unpackLocks(stored: StoredAsh): LockTick[] {
  try {
    return stored.locks ? decodeLocks(unpack({ data: stored.locks, crc: stored.locks_crc ?? 0 })) : [];
  } catch {
    return [];
  }
}
