/** A recording as readers see it: pieces of time, decoded when asked for, and the dictionaries that give numbers their words. */
import { crc32, inflateRawSync } from 'node:zlib';
import type Database from 'better-sqlite3';
import type { AshCore, AshDetail } from '../pack/ash-chunk.ts';
import type { BlockColumn } from '../pack/block-columns.ts';
import { decodeAshCore, decodeAshDetail } from '../pack/decode-ash.ts';
import type { FamilyBlock } from '../pack/family-block.ts';
import { decodeLocks, type LockTick } from '../pack/lock-chunk.ts';
import { DamagedError, unpack } from '../pack/packed.ts';
import { openToRead, type ReadableFile, told } from './database.ts';
import { partSql, readBlock } from './read-block.ts';
import { isCorrupt } from './salvage.ts';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}
export interface StoredGap extends Span {
  readonly reason: string;
  readonly message: string;
}
/** A minute (or, at the end of what is being recorded, a second) of samples. */
export interface AshPiece extends Span {
  readonly coveredMs: number;
  /** @throws DamagedError */
  core(): AshCore;
  detail(): AshDetail;
  locks(): readonly LockTick[];
}
export interface StoredFamily {
  readonly id: number;
  readonly name: string;
  readonly keyNames: readonly string[];
  readonly columns: readonly BlockColumn[];
  /** 0: polled more often than every minute; 1: not. */
  readonly grain: 0 | 1;
}
export interface FamilyKey {
  readonly key: readonly string[];
  /** When its first row came, and whether it had been there before. */
  readonly firstMs: number;
  readonly known: boolean;
}
export interface StatementTextOf {
  readonly text: string;
  readonly normalised: boolean;
}

interface PieceRow {
  id: number;
  from_ms: number;
  to_ms: number;
  covered_ms: number;
  core: Uint8Array;
  core_crc: number;
}
interface RestRow {
  detail: Uint8Array;
  detail_crc: number;
  locks: Uint8Array | null;
  locks_crc: number | null;
}
interface FamilyRow {
  id: number;
  name: string;
  key_names: string;
  columns: string;
  grain: number;
}
interface BlockRow {
  id: number;
  from_ms: number;
  to_ms: number;
  sealed: number;
  head: Uint8Array;
  crc: number;
}

/** Decoded minutes that are kept: scrubbing to and fro reads the same ones again and again. */
const minuteMs = 60_000;
const keptPieces = 130;
const pieceColumns = 'from_ms, to_ms, covered_ms, core, core_crc';

export class RecordingFile {
  readonly #file: string;
  #opened: ReadableFile;
  #db: Database.Database;
  /** By their numbers, which are counted from 1. */
  readonly #words: string[] = [];
  readonly #queries: string[] = [];
  readonly #keys = new Map<number, FamilyKey>();
  readonly #cores = new Map<string, AshCore>();
  readonly #statements = new Map<string, Database.Statement<unknown[], unknown>>();
  /** Stretches found to be damaged while reading; each is told as a gap. */
  readonly #damaged = new Map<string, StoredGap>();

  /** @throws FailureError where it cannot be read, with the reason */
  constructor(file: string) {
    this.#file = file;
    this.#opened = openToRead(file);
    this.#db = this.#opened.db;
  }

  get damage(): string | null {
    return this.#opened.damage;
  }

  close(): void {
    this.#opened.close();
  }

  /**
   * All that `work` reads is of one moment, whatever is written meanwhile. Where the file turns out to be damaged in
   * SQLite's own pages, what can be saved of it is read instead.
   */
  atOnce<T>(work: () => T): T {
    try {
      return this.#db.transaction(work).deferred();
    } catch (thrown) {
      if (!isCorrupt(thrown) || this.damage !== null) throw told(thrown, this.#file);
      this.#salvage();
      return this.#db.transaction(work).deferred();
    }
  }

  #salvage(): void {
    const saved = openToRead(this.#file, true);
    this.#opened.close();
    this.#opened = saved;
    this.#db = saved.db;
    this.#statements.clear();
    this.#cores.clear();
  }

  #prepare<Params extends unknown[], Row>(sql: string): Database.Statement<Params, Row> {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement as Database.Statement<Params, Row>;
  }

  meta(name: string): string | null {
    return this.#prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?').get(name)?.value ?? null;
  }

  /** From the first sample or poll to the last; null while there is none. */
  span(): Span | null {
    const ends = this.#prepare<[], { fromMs: number | null; toMs: number | null }>(
      `SELECT min(from_ms) AS fromMs, max(to_ms) AS toMs FROM (
         SELECT (SELECT from_ms FROM ash_chunk ORDER BY t0 LIMIT 1) AS from_ms, (SELECT to_ms FROM ash_chunk ORDER BY t0 DESC LIMIT 1) AS to_ms
         UNION ALL SELECT min(from_ms), max(to_ms) FROM ash_tail
         UNION ALL SELECT (SELECT min(to_ms) FROM block), (SELECT max(to_ms) FROM block WHERE grain < 2))`,
    ).get();
    return ends?.fromMs == null || ends.toMs == null ? null : { fromMs: ends.fromMs, toMs: ends.toMs };
  }

  /** The gaps the recorder noted, and what reading found damaged. */
  gaps({ fromMs, toMs }: Span): StoredGap[] {
    const noted = this.#prepare<[number, number], StoredGap>(
      'SELECT from_ms AS fromMs, to_ms AS toMs, reason, message FROM gap WHERE to_ms > ? AND from_ms < ? ORDER BY from_ms',
    ).all(fromMs, toMs);
    const damaged = [...this.#damaged.values()].filter((gap) => gap.toMs > fromMs && gap.fromMs < toMs);
    return [...noted, ...damaged];
  }

  /** What each minute covers, without reading any of it. */
  coverage({ fromMs, toMs }: Span): (Span & { coveredMs: number })[] {
    const sql = (table: string) =>
      `SELECT from_ms AS fromMs, to_ms AS toMs, covered_ms AS coveredMs FROM ${table} WHERE to_ms > ? AND from_ms < ? ORDER BY to_ms`;
    const of = (table: string) =>
      this.#prepare<[number, number], Span & { coveredMs: number }>(sql(table)).all(fromMs, toMs);
    return [...of('ash_chunk'), ...of('ash_tail')];
  }

  /** Oldest first. `withLocks`: only those in which somebody waited for a lock. */
  *ash(span: Span, withLocks = false): Generator<AshPiece> {
    const condition = withLocks ? 'AND locks IS NOT NULL' : '';
    // A tick may stand for some seconds of the minute before its own.
    const [first, last] = [span.fromMs - minuteMs, span.toMs + minuteMs];
    const chunks = this.#db.prepare<[number, number, number, number], PieceRow>(
      `SELECT t0 AS id, ${pieceColumns} FROM ash_chunk WHERE t0 BETWEEN ? AND ? AND to_ms > ? AND from_ms < ? ${condition} ORDER BY t0`,
    );
    for (const row of chunks.iterate(first, last, span.fromMs, span.toMs)) yield this.#piece('ash_chunk', 't0', row);
    const tail = this.#prepare<[number, number], PieceRow>(
      `SELECT id, ${pieceColumns} FROM ash_tail WHERE to_ms > ? AND from_ms < ? ${condition} ORDER BY id`,
    ).all(span.fromMs, span.toMs);
    for (const row of tail) yield this.#piece('ash_tail', 'id', row);
  }

  #piece(table: 'ash_chunk' | 'ash_tail', key: 't0' | 'id', row: PieceRow): AshPiece {
    const rest = once((): RestRow => {
      const found = this.#prepare<[number], RestRow>(
        `SELECT detail, detail_crc, locks, locks_crc FROM ${table} WHERE ${key} = ?`,
      ).get(row.id);
      if (!found) throw new DamagedError();
      return found;
    });
    const core = (): AshCore => {
      const name = `${table} ${row.id} ${row.core_crc}`;
      let decoded = this.#cores.get(name);
      if (!decoded) decoded = decodeAshCore(unpack({ data: row.core, crc: row.core_crc }));
      this.#cores.delete(name);
      this.#cores.set(name, decoded);
      if (this.#cores.size > keptPieces) this.#cores.delete(this.#cores.keys().next().value ?? '');
      return decoded;
    };
    return {
      fromMs: row.from_ms,
      toMs: row.to_ms,
      coveredMs: row.covered_ms,
      core,
      detail: once(() => {
        const { detail, detail_crc } = rest();
        return decodeAshDetail(unpack({ data: detail, crc: detail_crc }), core());
      }),
      locks: once(() => {
        const { locks, locks_crc } = rest();
        return locks ? decodeLocks(unpack({ data: locks, crc: locks_crc ?? 0 })) : [];
      }),
    };
  }

  /** Runs the reading of a piece; damage makes it a gap. */
  sound<T>(piece: Span, read: () => T): T | null {
    try {
      return read();
    } catch (thrown) {
      if (!(thrown instanceof DamagedError)) throw thrown;
      this.noteDamage(piece);
      return null;
    }
  }

  noteDamage({ fromMs, toMs }: Span): void {
    this.#damaged.set(`${fromMs} ${toMs}`, {
      fromMs,
      toMs,
      reason: 'damaged',
      message: 'This part of the file is damaged.',
    });
  }

  /** Null for 0 and for a number whose word is lost. */
  word(id: number): string | null {
    return id === 0 ? null : (this.#words[id] ?? this.#lookUp(this.#words, 'SELECT text FROM word WHERE id = ?', id));
  }

  /** What a sample's statement is known by: its queryid, or `h:` and a hash. */
  queryKey(id: number): string | null {
    return id === 0
      ? null
      : (this.#queries[id] ?? this.#lookUp(this.#queries, 'SELECT key AS text FROM query WHERE id = ?', id));
  }

  #lookUp(known: string[], sql: string, id: number): string | null {
    const text = this.#prepare<[number], { text: string }>(sql).get(id)?.text;
    if (text !== undefined) known[id] = text;
    return text ?? null;
  }

  text(queryKey: string | null): StatementTextOf | null {
    if (queryKey === null) return null;
    const found = this.#prepare<[string], { body: Uint8Array; crc: number; characters: number; normalised: number }>(
      'SELECT t.body, t.crc, t.characters, t.normalised FROM query q JOIN query_text t ON t.query = q.id WHERE q.key = ?',
    ).get(queryKey);
    if (!found || crc32(found.body) !== found.crc) return null;
    const text = inflateRawSync(found.body).toString('utf8');
    const cut = found.characters - text.length;
    return {
      text: cut > 0 ? `${text}\n/* ${cut.toLocaleString('en')} more characters were not kept */` : text,
      normalised: found.normalised === 1,
    };
  }

  families(): StoredFamily[] {
    return this.#prepare<[], FamilyRow>(`SELECT ${familyColumns} FROM family ORDER BY id`).all().map(storedFamily);
  }

  family(name: string): StoredFamily | null {
    const found = this.#prepare<[string], FamilyRow>(`SELECT ${familyColumns} FROM family WHERE name = ?`).get(name);
    return found ? storedFamily(found) : null;
  }

  key(id: number): FamilyKey {
    let known = this.#keys.get(id);
    if (!known) {
      const row = this.#prepare<[number], { key: string; first_ms: number; known: number }>(
        'SELECT key, first_ms, known FROM family_key WHERE id = ?',
      ).get(id);
      known = { key: row ? JSON.parse(row.key) : [], firstMs: row?.first_ms ?? 0, known: row?.known === 1 };
      this.#keys.set(id, known);
    }
    return known;
  }

  /** Blocks that have polls in (fromMs, toMs], oldest first. `wanted` are columns; damaged blocks become gaps. */
  *blocks(family: StoredFamily, grain: number, span: Span, wanted: readonly number[]): Generator<FamilyBlock> {
    const rows = this.#prepare<[number, number, number, number], BlockRow>(
      'SELECT id, from_ms, to_ms, sealed, head, crc FROM block WHERE family = ? AND grain = ? AND to_ms > ? AND from_ms <= ? ORDER BY to_ms',
    ).all(family.id, grain, span.fromMs, span.toMs);
    const part = this.#prepare<[number], { data: Uint8Array; crc: number }>(partSql);
    for (const row of rows) {
      const block = this.sound({ fromMs: row.from_ms, toMs: row.to_ms }, () =>
        readBlock(part, row, family.columns.length, wanted),
      );
      if (block) yield block;
    }
  }

  /** Of what a grain of a family holds: null where it holds nothing. */
  grainSpan(family: StoredFamily, grain: number): Span | null {
    const ends = this.#prepare<[number, number, number, number], { fromMs: number | null; toMs: number | null }>(
      'SELECT (SELECT min(from_ms) FROM block WHERE family = ? AND grain = ?) AS fromMs, (SELECT max(to_ms) FROM block WHERE family = ? AND grain = ?) AS toMs',
    ).get(family.id, grain, family.id, grain);
    // The very first poll covers nothing, and stands at the beginning itself: it belongs to what follows.
    return ends?.fromMs == null || ends.toMs == null ? null : { fromMs: ends.fromMs - 1, toMs: ends.toMs };
  }

  events({ fromMs, toMs }: Span) {
    return this.#prepare<
      [number, number],
      {
        atMs: number;
        kind: string;
        database: string | null;
        subject: string;
        before: string | null;
        after: string | null;
      }
    >(
      'SELECT at_ms AS atMs, kind, database, subject, before, after FROM event WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms, id',
    ).all(fromMs, toMs);
  }

  /** The one that held at the instant; the first one for an instant before it. */
  snapshot(kind: string, database: string | null, atMs: number): { atMs: number; content: unknown } | null {
    const of = (condition: string) =>
      this.#prepare<[string, string, number], { at_ms: number; data: Uint8Array; crc: number }>(
        `SELECT s.at_ms, b.data, b.crc FROM snapshot s JOIN snapshot_body b ON b.id = s.body WHERE s.kind = ? AND s.database = ? AND s.at_ms ${condition} LIMIT 1`,
      ).get(kind, database ?? '', atMs);
    const found = of('<= ? ORDER BY s.at_ms DESC') ?? of('> ? ORDER BY s.at_ms');
    if (!found) return null;
    const content = this.sound({ fromMs: found.at_ms, toMs: found.at_ms }, () =>
      JSON.parse(Buffer.from(unpack(found)).toString('utf8')),
    );
    return content === null ? null : { atMs: found.at_ms, content };
  }

  failures(): { collector: string; atMs: number; failure: string }[] {
    return this.#prepare<[], { collector: string; atMs: number; failure: string }>(
      'SELECT collector, at_ms AS atMs, failure FROM run_failure',
    ).all();
  }
}

const familyColumns = 'id, name, key_names, columns, grain';
const storedFamily = ({ id, name, key_names, columns, grain }: FamilyRow): StoredFamily => ({
  id,
  name,
  keyNames: JSON.parse(key_names),
  columns: JSON.parse(columns),
  grain: grain === 0 ? 0 : 1,
});

/** Works it out when it is first asked for. */
function once<T>(work: () => T): () => T {
  let known: { readonly value: T } | null = null;
  return () => {
    known ??= { value: work() };
    return known.value;
  };
}
