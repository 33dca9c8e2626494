/** Saves a recording elsewhere: as it is, or a stretch of it, or without the texts; the original is only read. */
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { invalid } from '../../../shared/failure.ts';
import { decodeAshCore } from '../pack/decode-ash.ts';
import { type BlockRow, blockOf, type FamilyBlock } from '../pack/family-block.ts';
import { DamagedError, unpack } from '../pack/packed.ts';
import { openToRead, told } from './database.ts';
import { RecordingFile, type Span } from './recording-file.ts';
import { fingerprint, hideInEvent, hideInSnapshot } from './redact.ts';
import { applicationId, migrateRecording } from './schema.ts';
import { writeSealed } from './write-block.ts';

export interface CopyOptions {
  /** Absent: all of it. Minutes are kept whole. */
  readonly span?: Span | undefined;
  readonly redactTexts: boolean;
}

/**
 * Writes the copy beside its place and moves it there when it is complete.
 * @returns its size
 * @throws FailureError where the original cannot be read or the copy not be written, or nothing lies in the stretch
 */
export async function copyRecording(file: string, target: string, options: CopyOptions): Promise<number> {
  const unfinished = `${target}.unfinished`;
  const clear = (): void => {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(unfinished + end, { force: true });
  };
  try {
    clear();
    if (options.span || options.redactTexts) copyParts(file, unfinished, options);
    else await copyWhole(file, unfinished);
    renameSync(unfinished, target);
    return statSync(target).size;
  } catch (thrown) {
    clear();
    throw told(thrown, existsSync(file) ? target : file);
  }
}

async function copyWhole(file: string, target: string): Promise<void> {
  const source = openToRead(file);
  try {
    await source.db.backup(target);
  } finally {
    source.close();
  }
  const copy = new Database(target);
  copy.pragma('journal_mode = DELETE');
  // A copy that goes on being recorded is another recording.
  copy.exec("DELETE FROM meta WHERE name = 'uid'");
  copy.close();
}

function copyParts(file: string, target: string, { span, redactTexts }: CopyOptions): void {
  const source = openToRead(file);
  const reader = new RecordingFile(file);
  const db = new Database(target);
  try {
    const ends = reader.span();
    if (!ends || (span && (span.toMs <= ends.fromMs || span.fromMs >= ends.toMs)))
      throw invalid('fromMs', 'The recording holds nothing of that time. Choose a stretch that overlaps it.');
    db.pragma('page_size = 2048');
    db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma(`application_id = ${applicationId}`);
    migrateRecording(db);
    const copy = new PartCopy(source.db, reader, db, span ?? ends, redactTexts);
    const once = source.db.transaction(() => db.transaction(() => copy.run())());
    once.deferred();
  } finally {
    db.close();
    reader.close();
    source.close();
  }
}

type Row = Record<string, string | number | Uint8Array | null>;

class PartCopy {
  readonly #from: Database.Database;
  readonly #reader: RecordingFile;
  readonly #to: Database.Database;
  readonly #span: Span;
  readonly #redact: boolean;
  readonly #words = new Set<number>();
  readonly #queries = new Set<number>();
  readonly #keys = new Set<number>();
  readonly #queryKeys = new Set<string>();

  constructor(from: Database.Database, reader: RecordingFile, to: Database.Database, span: Span, redact: boolean) {
    this.#from = from;
    this.#reader = reader;
    this.#to = to;
    this.#span = span;
    this.#redact = redact;
  }

  run(): void {
    this.#rows('meta', "SELECT * FROM meta WHERE name <> 'uid'");
    if (this.#redact) this.#insert('meta', { name: 'redacted', value: '1' });
    this.#samples('ash_chunk');
    this.#samples('ash_tail');
    this.#families();
    this.#dictionaries();
    this.#rows('gap', 'SELECT * FROM gap WHERE to_ms > ? AND from_ms < ?', (row) =>
      this.#redact ? { ...row, message: String(row.reason) } : row,
    );
    this.#rows('event', 'SELECT * FROM event WHERE at_ms >= ? AND at_ms < ?', (row) => this.#event(row));
    this.#snapshots();
    this.#rows('run_failure', 'SELECT * FROM run_failure');
  }

  #insert(table: string, row: Row): void {
    const names = Object.keys(row);
    this.#to
      .prepare(`INSERT OR REPLACE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
      .run(...Object.values(row));
  }

  #rows(table: string, sql: string, change: (row: Row) => Row | null = (row) => row): void {
    const bound = sql.includes('?') ? [this.#span.fromMs, this.#span.toMs] : [];
    for (const row of this.#from.prepare<number[], Row>(sql).iterate(...bound)) {
      const changed = change(row);
      if (changed) this.#insert(table, changed);
    }
  }

  /** Chunks go as they are: they hold numbers, and the words they need are noted. A damaged one stays behind. */
  #samples(table: 'ash_chunk' | 'ash_tail'): void {
    this.#rows(table, `SELECT * FROM ${table} WHERE to_ms > ? AND from_ms < ?`, (row) => {
      try {
        const core = decodeAshCore(unpack({ data: row.core as Uint8Array, crc: Number(row.core_crc) }));
        for (const { database, user, application, client, backendType } of core.sessions)
          for (const word of [database, user, application, client, backendType]) this.#words.add(word);
        for (const { state, type, event } of core.waits) for (const word of [state, type, event]) this.#words.add(word);
        for (const query of core.queries) this.#queries.add(query);
        return row;
      } catch (thrown) {
        if (thrown instanceof DamagedError) return null;
        throw thrown;
      }
    });
  }

  #families(): void {
    this.#rows('family', 'SELECT * FROM family');
    for (const family of this.#reader.families()) {
      const columns = family.columns.map((_, place) => place);
      const queryAt = family.keyNames.indexOf('queryid');
      for (const grain of [0, 1, 2])
        for (const block of this.#reader.blocks(family, grain, this.#span, columns)) {
          const part = within(block, this.#span, columns.length);
          if (!part) continue;
          writeSealed(this.#to, family.id, grain, part);
          for (const key of part.keys) {
            this.#keys.add(key);
            if (queryAt !== -1) this.#queryKeys.add(this.#reader.key(key).key[queryAt] ?? '');
          }
        }
    }
  }

  #dictionaries(): void {
    this.#rows('word', 'SELECT * FROM word', (row) => (this.#words.has(Number(row.id)) ? row : null));
    this.#rows('family_key', 'SELECT * FROM family_key', (row) => (this.#keys.has(Number(row.id)) ? row : null));
    const wanted = (row: Row): boolean => this.#queries.has(Number(row.id)) || this.#queryKeys.has(String(row.key));
    const kept = new Set<number>();
    this.#rows('query', 'SELECT * FROM query', (row) => {
      if (!wanted(row)) return null;
      kept.add(Number(row.id));
      return row;
    });
    this.#rows('query_text', 'SELECT * FROM query_text', (row) => {
      if (!kept.has(Number(row.query))) return null;
      if (!this.#redact) return row;
      const key = this.#from
        .prepare<[unknown], { key: string }>('SELECT key FROM query WHERE id = ?')
        .get(row.query)?.key;
      const text = fingerprint(this.#reader.text(key ?? null)?.text ?? '');
      const body = deflateRawSync(Buffer.from(text, 'utf8'));
      return { ...row, body, crc: crc32(body), characters: text.length };
    });
  }

  #event(row: Row): Row {
    if (!this.#redact) return row;
    const hide = (value: unknown) =>
      hideInEvent(String(row.kind), String(row.subject), typeof value === 'string' ? value : null);
    return { ...row, before: hide(row.before), after: hide(row.after) };
  }

  /** Those of the stretch, and of each kind the one that held when it began. */
  #snapshots(): void {
    const { fromMs, toMs } = this.#span;
    const all = this.#from
      .prepare<[], { kind: string; database: string; at_ms: number }>(
        'SELECT kind, database, at_ms FROM snapshot ORDER BY kind, database, at_ms',
      )
      .all();
    all.forEach(({ kind, database, at_ms }, place) => {
      const next = all[place + 1];
      const holdsLater = next?.kind === kind && next.database === database && next.at_ms <= fromMs;
      if (at_ms >= toMs || holdsLater) return;
      const found = this.#reader.snapshot(kind, database, at_ms);
      if (!found) return;
      const text = JSON.stringify(this.#redact ? hideInSnapshot(kind, found.content) : found.content);
      const hash = createHash('sha256').update(text).digest('base64');
      const data = deflateRawSync(Buffer.from(text, 'utf8'));
      const insert = this.#to.prepare('INSERT OR IGNORE INTO snapshot_body (hash, data, crc) VALUES (?, ?, ?)');
      insert.run(hash, data, crc32(data));
      const body = this.#to.prepare<[string], { id: number }>('SELECT id FROM snapshot_body WHERE hash = ?').get(hash);
      this.#insert('snapshot', { kind, database, at_ms, body: body?.id ?? 0 });
    });
  }
}

/** The polls that lie in the stretch by the middle of what they cover; null where there is none. */
function within({ polls, ...block }: FamilyBlock, { fromMs, toMs }: Span, columns: number): FamilyBlock | null {
  const places = new Map<number, number>();
  const kept = polls.filter((poll, place) => {
    const middle = poll.atMs - poll.coveredMs / 2;
    const inside = middle > fromMs && middle <= toMs;
    if (inside) places.set(place, places.size);
    return inside;
  });
  if (kept.length === 0) return null;
  const rows: BlockRow[] = [];
  for (let row = 0; row < block.rowKey.length; row++) {
    const poll = places.get(block.rowPoll[row] ?? 0);
    if (poll === undefined) continue;
    rows.push({
      key: block.keys[block.rowKey[row] ?? 0] ?? 0,
      poll,
      flags: block.rowFlags[row] ?? 0,
      values: Array.from({ length: columns }, (_, column) => block.columns[column]?.[row] ?? null),
    });
  }
  return blockOf(kept, rows, columns);
}
