/**
 * Writes polls of metric families: each at once as it came; those of an hour (or of some thousand rows) then packed
 * column by column and added up to minutes and hours; those of a day joined where that stays small. Every step is
 * a transaction of its own, and none takes long.
 */
import type Database from 'better-sqlite3';
import { decodeWhole, encodeWhole, type FamilyShape } from '../pack/block-columns.ts';
import { flagBits } from '../pack/delta-flags.ts';
import { type BlockRow, blockOf, type FamilyBlock, type Poll } from '../pack/family-block.ts';
import { pack, unpack } from '../pack/packed.ts';
import { joinBlocks, rollUp } from '../pack/roll-up.ts';
import type { FamilySample } from '../samples.ts';
import { Keys } from './dictionaries.ts';
import { type PartOf, partSql, readBlock } from './read-block.ts';
import { insertBlock, spanOf, writeSealed } from './write-block.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** More are not packed at once: it is to be over soon. An hour of most families is less. */
const rowsToSeal = 16_000;
const rowsToJoin = 20_000;

interface Registered {
  readonly id: number;
  readonly shape: FamilyShape;
  /** Of the unsealed polls, by grain. */
  readonly open: Map<number, { rows: number; polls: number; fromMs: number }>;
}
interface BlockRecord {
  id: number;
  from_ms: number;
  to_ms: number;
  rows: number;
  sealed: number;
  head: Uint8Array;
  crc: number;
}

export class FamilyWriter {
  readonly #db: Database.Database;
  readonly #keys: Keys;
  readonly #families = new Map<string, Registered>();
  readonly #insert: Database.Statement<[number, number, number, number, number, number, Uint8Array, number]>;
  readonly #blocks: Database.Statement<[number, number, number, number, number], BlockRecord>;
  readonly #remove: Database.Statement<[number]>;
  readonly #removeParts: Database.Statement<[number, number]>;
  readonly #part: PartOf;

  constructor(db: Database.Database, shapes: readonly FamilyShape[]) {
    this.#db = db;
    this.#keys = new Keys(db);
    this.#insert = db.prepare(insertBlock);
    this.#blocks = db.prepare(
      'SELECT id, from_ms, to_ms, rows, sealed, head, crc FROM block WHERE family = ? AND grain = ? AND sealed = ? AND to_ms > ? AND to_ms <= ? ORDER BY to_ms',
    );
    this.#remove = db.prepare('DELETE FROM block WHERE id = ?');
    this.#removeParts = db.prepare('DELETE FROM part WHERE id BETWEEN ? AND ?');
    this.#part = db.prepare(partSql);
    for (const shape of shapes) this.#register(shape);
  }

  /** Puts the family into the file's own list; metrics that are new are appended there. */
  #register(shape: FamilyShape): void {
    const known = this.#db
      .prepare<[string], { id: number; columns: string }>('SELECT id, columns FROM family WHERE name = ?')
      .get(shape.name);
    const columns = JSON.stringify(shape.columns);
    let id = known?.id;
    if (id === undefined) {
      id = Number(
        this.#db
          .prepare('INSERT INTO family (name, key_names, columns, grain) VALUES (?, ?, ?, ?)')
          .run(shape.name, JSON.stringify(shape.keyNames), columns, shape.grain).lastInsertRowid,
      );
    } else if (known?.columns !== columns) {
      this.#db.prepare('UPDATE family SET columns = ? WHERE id = ?').run(columns, id);
    }
    const open: Registered['open'] = new Map();
    const unsealed = this.#db
      .prepare<[number], { grain: number; rows: number; polls: number; fromMs: number }>(
        'SELECT grain, sum(rows) AS rows, count(*) AS polls, min(to_ms) AS fromMs FROM block WHERE family = ? AND sealed = 0 GROUP BY grain',
      )
      .all(id);
    for (const { grain, ...rest } of unsealed) open.set(grain, rest);
    this.#families.set(shape.name, { id, shape, open });
  }

  /** A family that this program does not know is not kept: it could not be read either. */
  poll(sample: FamilySample): void {
    const family = this.#families.get(sample.family);
    if (!family) return;
    const { times, columns } = family.shape;
    const first = sample.flags.includes('first');
    const rows = sample.rows.map(
      (row): BlockRow => ({
        key: this.#keys.id(family.id, row.key, sample.atMs, first),
        poll: 0,
        flags: flagBits(row.flags),
        values: row.values.map((value, at) => (value !== null && times[at] ? Math.round(value * 1000) / 1000 : value)),
      }),
    );
    const poll: Poll = {
      atMs: Math.round(sample.atMs),
      coveredMs: Math.round(sample.coveredMs),
      flags: flagBits(sample.flags),
      complete: sample.complete,
    };
    this.#add(family, family.shape.grain, blockOf([poll], rows, columns.length));
  }

  #add(family: Registered, grain: number, block: FamilyBlock): void {
    const { data, crc } = pack(encodeWhole(block));
    const { fromMs, toMs } = spanOf(block);
    const rows = block.rowKey.length;
    this.#insert.run(family.id, grain, fromMs, toMs, 0, rows, data, crc);
    const open = family.open.get(grain) ?? { rows: 0, polls: 0, fromMs: toMs };
    family.open.set(grain, { rows: open.rows + rows, polls: open.polls + 1, fromMs: Math.min(open.fromMs, toMs) });
  }

  /** What is to be packed by now, each piece a step to be run in a transaction. */
  due(nowMs: number): (() => void)[] {
    const steps: (() => void)[] = [];
    for (const family of this.#families.values())
      for (const [grain, { rows, fromMs }] of family.open) {
        const period = grain === 2 ? dayMs : hourMs;
        if (rows < rowsToSeal && Math.floor(fromMs / period) === Math.floor(nowMs / period)) continue;
        steps.push(() => this.#seal(family, grain));
      }
    return steps;
  }

  /** Everything that is open, for a file that is put to rest. */
  sealAll(): void {
    for (const family of this.#families.values())
      for (const grain of [0, 1, 2]) if ((family.open.get(grain)?.polls ?? 0) > 1) this.#seal(family, grain);
  }

  #seal(family: Registered, grain: number): void {
    const open = this.#blocks.all(family.id, grain, 0, -1, Number.MAX_SAFE_INTEGER);
    family.open.delete(grain);
    if (open.length === 0) return;
    const { columns } = family.shape;
    const block = joinBlocks(
      open.map((one) => decodeWhole(unpack({ data: one.head, crc: one.crc }))),
      columns.length,
    );
    writeSealed(this.#db, family.id, grain, block);
    for (const { id } of open) this.#remove.run(id);
    const merges = columns.map(({ merge }) => merge);
    if (grain === family.shape.grain) {
      if (grain === 0) this.#add(family, 1, rollUp(block, minuteMs, merges));
      this.#add(family, 2, rollUp(block, hourMs, merges));
    }
  }

  /** The sealed blocks of a day that is over as one, where they are small: a long curve then reads few pieces. */
  joinDay(dayStartMs: number): (() => void)[] {
    return [...this.#families.values()].flatMap((family) =>
      [0, 1, 2].map((grain) => () => {
        const blocks = this.#blocks.all(family.id, grain, 1, dayStartMs, dayStartMs + dayMs);
        const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
        if (blocks.length < 2 || rows > rowsToJoin) return;
        const { columns } = family.shape;
        const joined = joinBlocks(
          blocks.map((one) => readBlock(this.#part, one, columns.length)),
          columns.length,
        );
        // Parts of one minute or hour that were added up apart become one.
        const step = grain > family.shape.grain ? (grain === 1 ? minuteMs : hourMs) : null;
        const merges = columns.map(({ merge }) => merge);
        writeSealed(this.#db, family.id, grain, step ? rollUp(joined, step, merges) : joined);
        for (const { id } of blocks) this.#drop(id);
      }),
    );
  }

  #drop(id: number): void {
    this.#remove.run(id);
    this.#removeParts.run(id * 1024, id * 1024 + 1023);
  }

  noteSeen(atMs: number): void {
    this.#keys.noteSeen(atMs);
  }
}
