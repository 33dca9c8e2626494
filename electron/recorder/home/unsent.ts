/** What of a recording's file has not come to its second home yet, in batches that are some megabytes at most. */
import { crc32, inflateRawSync } from 'node:zlib';
import type Database from 'better-sqlite3';
import { openToRead } from '../file/database.ts';
import { RecordingFile, type StoredFamily } from '../file/recording-file.ts';
import type { FamilyBlock, Poll } from '../pack/family-block.ts';
import { DamagedError, unpack } from '../pack/packed.ts';
import type { Marks } from './home.ts';

export type Row = Readonly<Record<string, string | number | Uint8Array | null>>;
export interface UnsentPoll extends Poll {
  readonly family: number;
  readonly rows: readonly { readonly key: number; readonly flags: number; readonly values: readonly number[] }[];
}
export interface Unsent {
  readonly marks: Marks;
  readonly about: {
    readonly name: string;
    readonly serverVersion: string;
    readonly systemIdentifier: string | null;
    readonly everyMs: number;
  };
  readonly minutes: readonly Row[];
  readonly polls: readonly UnsentPoll[];
  /** By table of the home: rows whose names are its columns'. */
  readonly words: readonly Row[];
  readonly statements: readonly Row[];
  readonly families: readonly StoredFamily[];
  readonly keys: readonly Row[];
  readonly gaps: readonly Row[];
  readonly events: readonly Row[];
  readonly snapshots: readonly Row[];
  /** Nothing of the file's is left after this. */
  readonly isLast: boolean;
}

const mostMinutes = 120;
const mostRows = 8_000;
const mostSnapshots = 8;
const mostTextCharacters = 4_000_000;

export class UnsentReader {
  readonly #file: RecordingFile;
  readonly #db: Database.Database;
  readonly #close: () => void;
  /** Statement to the checksum of the text that the home has. */
  readonly #texts: Map<number, number>;

  constructor(file: string, texts: Map<number, number>) {
    this.#file = new RecordingFile(file);
    const opened = openToRead(file);
    this.#db = opened.db;
    this.#close = opened.close;
    this.#texts = texts;
  }

  close(): void {
    this.#file.close();
    this.#close();
  }

  #all<Params extends unknown[]>(sql: string, ...params: Params): Row[] {
    return this.#db.prepare<Params, Row>(sql).all(...params);
  }

  /** @param oldestMs what is older is left out: the home would forget it at once */
  next(marks: Marks, oldestMs: number): Unsent {
    const minutes = this.#minutes(marks, oldestMs);
    const lastMinute = minutes.at(-1);
    const { polls, families, isWhole } = this.#polls(marks, oldestMs);
    const after = (table: string) => marks.ids[table] ?? 0;
    const snapshots = this.#snapshots(after('snapshot'));
    // Read after what names them, so that nothing is named that has not come.
    const words = this.#all('SELECT id, text FROM word WHERE id > ? ORDER BY id', after('word'));
    const { statements, hasAllTexts } = this.#statements(after('query'));
    const keys = this.#all(
      'SELECT id, family, key, first_ms, known FROM family_key WHERE id > ? ORDER BY id',
      after('family_key'),
    );
    const gaps = this.#all('SELECT * FROM gap WHERE id > ? ORDER BY id', after('gap'));
    const events = this.#all('SELECT * FROM event WHERE id > ? ORDER BY id', after('event'));
    const highest = (table: string, rows: readonly Row[]): [string, number] => [
      table,
      rows.reduce((most, { id }) => Math.max(most, Number(id)), after(table)),
    ];
    return {
      marks: {
        minute: lastMinute ? [Number(lastMinute.t0), Number(lastMinute.ticks)] : marks.minute,
        ids: Object.fromEntries([
          highest('word', words),
          highest('query', statements),
          highest('family_key', keys),
          highest('gap', gaps),
          highest('event', events),
          highest('snapshot', snapshots),
        ]),
        polls: { ...marks.polls, ...newest(families, polls) },
      },
      about: {
        name: this.#file.meta('name') ?? '',
        serverVersion: this.#file.meta('serverVersion') ?? '',
        systemIdentifier: this.#file.meta('systemIdentifier'),
        everyMs: Number(this.#file.meta('everyMs') ?? 1000),
      },
      minutes,
      polls,
      words,
      statements,
      families,
      keys,
      gaps,
      events,
      snapshots,
      isLast: isWhole && hasAllTexts && minutes.length < mostMinutes && snapshots.length < mostSnapshots,
    };
  }

  /** The texts of a batch are at home now. */
  sent({ statements }: Unsent): void {
    for (const { id, crc } of statements) if (crc !== null) this.#texts.set(Number(id), Number(crc));
  }

  #minutes({ minute }: Marks, oldestMs: number): Row[] {
    const [t0, ticks] = minute ?? [-1, 0];
    return this.#all(
      'SELECT * FROM ash_chunk WHERE t0 >= ? AND to_ms >= ? AND (t0 > ? OR ticks <> ?) ORDER BY t0 LIMIT ?',
      t0,
      oldestMs,
      t0,
      ticks,
      mostMinutes,
    );
  }

  /** Family by family, as much as fits. A damaged block is passed over, as everywhere. */
  #polls(marks: Marks, oldestMs: number) {
    const families = this.#file.families();
    const polls: UnsentPoll[] = [];
    let rows = 0;
    let isWhole = true;
    this.#file.atOnce(() => {
      for (const family of families) {
        const fromMs = Math.max(marks.polls[family.name] ?? 0, oldestMs);
        const columns = family.columns.map((_, place) => place);
        const span = { fromMs, toMs: Number.MAX_SAFE_INTEGER };
        for (const block of this.#file.blocks(family, family.grain, span, columns)) {
          const found = pollsOf(family, block).filter(({ atMs }) => atMs > fromMs);
          polls.push(...found);
          rows += found.reduce((sum, each) => sum + each.rows.length + 1, 0);
          if (rows >= mostRows) break;
        }
        if (rows >= mostRows) {
          isWhole = false;
          break;
        }
      }
    });
    return { families, polls, isWhole };
  }

  /** New ones, and those whose text came or became better; texts that do not fit come with the next batch. */
  #statements(after: number): { statements: Row[]; hasAllTexts: boolean } {
    const found = this.#db
      .prepare<[], { id: number; key: string; crc: number | null }>(
        'SELECT q.id, q.key, t.crc FROM query q LEFT JOIN query_text t ON t.query = q.id ORDER BY q.id',
      )
      .all();
    const text = this.#db.prepare<[number], { body: Uint8Array; crc: number; characters: number; normalised: number }>(
      'SELECT body, crc, characters, normalised FROM query_text WHERE query = ?',
    );
    let room = mostTextCharacters;
    let hasAllTexts = true;
    const statements = found.flatMap(({ id, key, crc }): Row[] => {
      const wantsText = crc !== null && this.#texts.get(id) !== crc;
      const own = wantsText && room > 0 ? text.get(id) : undefined;
      if (wantsText && room <= 0) hasAllTexts = false;
      if (!own || crc32(own.body) !== own.crc)
        return id > after ? [{ id, key, text: null, characters: null, normalised: null, crc: null }] : [];
      const { body, ...rest } = own;
      const whole = inflateRawSync(body).toString('utf8');
      room -= whole.length;
      return [{ id, key, text: whole, ...rest }];
    });
    return { statements, hasAllTexts };
  }

  #snapshots(after: number): Row[] {
    const rows = this.#all(
      'SELECT s.id, s.kind, s.database, s.at_ms, b.data, b.crc FROM snapshot s JOIN snapshot_body b ON b.id = s.body WHERE s.id > ? ORDER BY s.id LIMIT ?',
      after,
      mostSnapshots,
    );
    return rows.map(({ data, crc, ...row }) => ({ ...row, content: contentOf(data as Uint8Array, Number(crc)) }));
  }
}

function contentOf(data: Uint8Array, crc: number): string {
  try {
    return Buffer.from(unpack({ data, crc })).toString('utf8');
  } catch (thrown) {
    if (thrown instanceof DamagedError) return 'null';
    throw thrown;
  }
}

function pollsOf(family: StoredFamily, block: FamilyBlock): UnsentPoll[] {
  const rows = block.polls.map((): { key: number; flags: number; values: number[] }[] => []);
  for (let row = 0; row < block.rowKey.length; row++)
    rows[block.rowPoll[row] ?? 0]?.push({
      key: block.keys[block.rowKey[row] ?? 0] ?? 0,
      flags: block.rowFlags[row] ?? 0,
      values: block.columns.map((column) => column?.[row] ?? Number.NaN),
    });
  return block.polls.map((poll, place) => ({ ...poll, family: family.id, rows: rows[place] ?? [] }));
}

function newest(families: readonly StoredFamily[], polls: readonly UnsentPoll[]) {
  const names = new Map(families.map(({ id, name }) => [id, name]));
  const found: Record<string, number> = {};
  for (const { family, atMs } of polls) {
    const name = names.get(family) ?? '';
    found[name] = Math.max(found[name] ?? 0, atMs);
  }
  return found;
}
