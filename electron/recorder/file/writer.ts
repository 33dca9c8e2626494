/**
 * Writes a recording: the collectors' samples go into the file at once, and are packed, added up and forgotten later,
 * one short step at a tick. A process that is killed loses what came since the last write, a second or so.
 */
import { createHash, randomUUID } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import type Database from 'better-sqlite3';
import type { Retention } from '../../../shared/api/recordings.ts';
import { families } from '../../../shared/metrics/families.ts';
import type { MetricFamily } from '../../../shared/metrics/metric.ts';
import { ownShapes, shapeOf } from '../pack/block-columns.ts';
import type {
  CollectorRun,
  FamilySample,
  Gap,
  RecordedEvent,
  RecordingSink,
  Snapshot,
  StatementText,
  Tick,
} from '../samples.ts';
import { AshWriter } from './ash-writer.ts';
import { openToWrite, told, type WritableFile } from './database.ts';
import { Queries, queryKey, Words } from './dictionaries.ts';
import { FamilyWriter } from './family-writer.ts';
import { defaultRetention, forgetOld, keepUnder, shrink } from './retention.ts';

export interface WriterOptions {
  readonly file: string;
  /** What the server is called: shown wherever the recording is. */
  readonly name: string;
  readonly connectionId?: string | null;
  /** The planned interval between ticks. */
  readonly everyMs?: number;
  /** Default: all that this program knows. */
  readonly families?: readonly MetricFamily[];
}

export interface RecordingWriter extends RecordingSink {
  readonly file: string;
  retention(): Retention;
  setRetention(retention: Retention): Retention;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** The ledger of own costs is written every minute; for the first time so soon after recording began. */
const firstLedgerMs = 10_000;
/** What comes closer together than this is written together. */
const flushMs = 950;

/** Opens the file, or makes it. @throws FailureError where it cannot be written, or is being written already */
export function openWriter(options: WriterOptions): RecordingWriter {
  return new Writer(options);
}

class Writer implements RecordingWriter {
  readonly file: string;
  readonly #opened: WritableFile;
  readonly #db: Database.Database;
  readonly #queries: Queries;
  readonly #families: FamilyWriter;
  readonly #ash: AshWriter;
  #retention: Retention;
  #runs = new Map<string, { runs: number; failures: number; totalMs: number; maxMs: number; rows: number }>();
  #runsFromMs = 0;
  #runsToldMs = 0;
  #firstLedgerAtMs = Number.POSITIVE_INFINITY;
  #minute = 0;
  #lastMs = 0;
  /** Short steps that have time: one is done at each tick. */
  #steps: (() => void)[] = [];
  /** Why nothing is written any more. */
  #stopped = false;

  constructor({ file, name, connectionId = null, everyMs = 1000, families: known = families }: WriterOptions) {
    this.file = file;
    this.#opened = openToWrite(file);
    this.#db = this.#opened.db;
    const open = this.#db.transaction(() => {
      // Nameless: opened for something else than recording.
      if (name !== '' || this.#readMeta('name') === null) this.#meta('name', name);
      if (name !== '') this.#meta('everyMs', String(everyMs));
      if (connectionId !== null) this.#meta('connectionId', connectionId);
      // What a second home knows it by, whatever the file is called and wherever it lies.
      if (this.#readMeta('uid') === null) this.#meta('uid', randomUUID());
      if (this.#readMeta('createdMs') === null) this.#meta('createdMs', String(Date.now()));
      const words = new Words(this.#db);
      const queries = new Queries(this.#db);
      const familyWriter = new FamilyWriter(this.#db, [...known.map(shapeOf), ...ownShapes]);
      return { queries, families: familyWriter, ash: new AshWriter(this.#db, words, queries, familyWriter) };
    });
    try {
      const parts = open.immediate();
      this.#queries = parts.queries;
      this.#families = parts.families;
      this.#ash = parts.ash;
      this.#retention = this.#readRetention();
    } catch (thrown) {
      this.#opened.close();
      throw told(thrown, file);
    }
  }

  /** Does the work as one transaction; after a failure, which is told once, nothing is written any more. */
  #write(work: () => void): void {
    if (this.#stopped) return;
    try {
      this.#db.transaction(work).immediate();
    } catch (thrown) {
      this.#stopped = true;
      throw told(thrown, this.file);
    }
  }

  tick(tick: Tick): void {
    if (this.#lastMs === 0) this.#firstLedgerAtMs = tick.atMs + firstLedgerMs;
    this.#lastMs = tick.atMs;
    this.#write(() => {
      this.#ash.add(tick);
      const from = this.#ash.unwrittenFromMs;
      if (from !== null && tick.atMs - from + tick.weightMs >= flushMs) this.#ash.flush();
      if (Math.floor(tick.atMs / minuteMs) !== this.#minute) this.#turnMinute(tick.atMs);
      else if (tick.atMs >= this.#firstLedgerAtMs) this.#flushRuns(tick.atMs);
      if (tick.atMs >= this.#firstLedgerAtMs) this.#firstLedgerAtMs = Number.POSITIVE_INFINITY;
    });
    const step = this.#steps.shift();
    if (step) this.#write(step);
  }

  #turnMinute(atMs: number): void {
    const before = this.#minute;
    this.#minute = Math.floor(atMs / minuteMs);
    this.#flushRuns(atMs);
    if (this.#steps.length > 0) return;
    this.#steps.push(...this.#families.due(atMs));
    const turned = (everyMs: number): boolean =>
      before !== 0 && Math.floor((before * minuteMs) / everyMs) !== Math.floor(atMs / everyMs);
    if (turned(dayMs)) this.#steps.push(...this.#families.joinDay(Math.floor(atMs / dayMs - 1) * dayMs));
    if (!turned(10 * minuteMs) && before !== 0) return;
    this.#steps.push(
      () => {
        this.#queries.noteSeen(atMs);
        this.#families.noteSeen(atMs);
      },
      () => this.#forget(atMs),
    );
  }

  #forget(atMs: number): void {
    const more = forgetOld(this.#db, this.#retention, atMs) || keepUnder(this.#db, this.#retention.maxBytes, atMs);
    shrink(this.#db);
    if (more) this.#steps.push(() => this.#forget(atMs));
  }

  gap({ fromMs, toMs, reason, message }: Gap): void {
    this.#write(() => {
      this.#db
        .prepare('INSERT INTO gap (from_ms, to_ms, reason, message) VALUES (?, ?, ?, ?)')
        .run(Math.round(fromMs), Math.round(toMs), reason, message);
    });
  }

  family(sample: FamilySample): void {
    this.#write(() => this.#families.poll(sample));
  }

  snapshot({ kind, database, atMs, content }: Snapshot): void {
    const text = JSON.stringify(content) ?? 'null';
    const hash = createHash('sha256').update(text).digest('base64');
    this.#write(() => {
      if (kind === 'server') this.#describe(content);
      const last = this.#db
        .prepare<[string, string], { hash: string }>(
          'SELECT b.hash FROM snapshot s JOIN snapshot_body b ON b.id = s.body WHERE s.kind = ? AND s.database = ? ORDER BY s.at_ms DESC LIMIT 1',
        )
        .get(kind, database ?? '');
      if (last?.hash === hash) return;
      const known = this.#db.prepare<[string], { id: number }>('SELECT id FROM snapshot_body WHERE hash = ?').get(hash);
      const body = known?.id ?? this.#addBody(hash, text);
      this.#db
        .prepare('INSERT INTO snapshot (kind, database, at_ms, body) VALUES (?, ?, ?, ?)')
        .run(kind, database ?? '', Math.round(atMs), body);
    });
  }

  #addBody(hash: string, text: string): number {
    const data = deflateRawSync(Buffer.from(text, 'utf8'));
    const added = this.#db
      .prepare('INSERT INTO snapshot_body (hash, data, crc) VALUES (?, ?, ?)')
      .run(hash, data, crc32(data));
    return Number(added.lastInsertRowid);
  }

  /** What a list of recordings shows, without opening a snapshot. */
  #describe(content: unknown): void {
    const { version, systemIdentifier } = (content ?? {}) as { version?: unknown; systemIdentifier?: unknown };
    if (typeof version === 'string') this.#meta('serverVersion', version);
    if (typeof systemIdentifier === 'string') this.#meta('systemIdentifier', systemIdentifier);
  }

  event({ atMs, kind, database, subject, before, after }: RecordedEvent): void {
    this.#write(() => {
      this.#db
        .prepare('INSERT INTO event (at_ms, kind, database, subject, before, after) VALUES (?, ?, ?, ?, ?, ?)')
        .run(Math.round(atMs), kind, database, subject, before, after);
    });
  }

  text(text: StatementText): void {
    this.#write(() => this.#queries.addText(text, this.#lastMs || Date.now()));
  }

  hasText(queryId: string): boolean {
    return this.#queries.hasText(queryKey(queryId, null) ?? '');
  }

  run({ collector, atMs, tookMs, rows, failure }: CollectorRun): void {
    const sum = this.#runs.get(collector) ?? { runs: 0, failures: 0, totalMs: 0, maxMs: 0, rows: 0 };
    if (this.#runs.size === 0) this.#runsFromMs = atMs;
    this.#runs.set(collector, {
      runs: sum.runs + 1,
      failures: sum.failures + (failure === null ? 0 : 1),
      totalMs: sum.totalMs + tookMs,
      maxMs: Math.max(sum.maxMs, tookMs),
      rows: sum.rows + rows,
    });
    if (failure === null) return;
    this.#write(() => {
      this.#db
        .prepare('INSERT OR REPLACE INTO run_failure (collector, at_ms, failure) VALUES (?, ?, ?)')
        .run(collector, Math.round(atMs), failure);
    });
  }

  #flushRuns(atMs: number): void {
    // Polls of a family are told apart by their instant: at a minute's first tick there was one already.
    if (this.#runs.size === 0 || atMs === this.#runsToldMs) return;
    this.#runsToldMs = atMs;
    this.#families.poll({
      family: 'collector',
      atMs,
      coveredMs: Math.max(0, atMs - this.#runsFromMs),
      flags: [],
      complete: false,
      rows: [...this.#runs].map(([collector, { runs, failures, totalMs, maxMs, rows }]) => ({
        key: [collector],
        values: [runs, failures, totalMs, maxMs, rows],
      })),
    });
    this.#runs = new Map();
  }

  retention(): Retention {
    return this.#retention;
  }

  setRetention(retention: Retention): Retention {
    this.#retention = retention;
    this.#write(() => this.#meta('retention', JSON.stringify(retention)));
    this.#steps.push(() => this.#forget(this.#lastMs || Date.now()));
    return retention;
  }

  #readRetention(): Retention {
    return { ...defaultRetention, ...(JSON.parse(this.#readMeta('retention') ?? '{}') as Partial<Retention>) };
  }

  #meta(name: string, value: string): void {
    this.#db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(name, value);
  }

  #readMeta(name: string): string | null {
    return (
      this.#db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?').get(name)?.value ?? null
    );
  }

  close(): void {
    if (!this.#db.open) return;
    try {
      this.#sealAndClose();
    } catch (thrown) {
      throw told(thrown, this.file);
    }
  }

  #sealAndClose(): void {
    try {
      this.#write(() => {
        this.#ash.seal();
        if (this.#lastMs > 0) this.#flushRuns(this.#lastMs);
        this.#families.sealAll();
        this.#queries.noteSeen(this.#lastMs);
        this.#families.noteSeen(this.#lastMs);
      });
      if (!this.#stopped) shrink(this.#db, true);
    } finally {
      this.#opened.close();
    }
  }
}
