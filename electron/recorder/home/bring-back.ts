/** A stretch of a recording from its second home, as a file again: what the screens read, with no home in reach. */

import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';
import type Database from 'better-sqlite3';
import { invalid } from '../../../shared/failure.ts';
import { openToWrite } from '../file/database.ts';
import { FamilyWriter } from '../file/family-writer.ts';
import type { Span } from '../file/recording-file.ts';
import type { FamilyShape } from '../pack/block-columns.ts';
import { type deltaFlags, flagNames } from '../pack/delta-flags.ts';
import type { Merge } from '../pack/roll-up.ts';
import type { FamilyRow } from '../samples.ts';
import type { Home } from './home.ts';

const mostMinutes = 240;
const mostPolls = 400;
const dayMs = 86_400_000;
type Cells = Record<string, string | number | boolean | Uint8Array | null>;
type DeltaFlag = (typeof deltaFlags)[number];

/** @throws FailureError where there is no such recording, or the file cannot be written; no file is left then */
export async function bringBack(home: Home, number: number, span: Span, target: string): Promise<void> {
  const opened = openToWrite(target);
  let done = false;
  try {
    await home.transaction(async () => {
      // All of one moment, while the recording goes on coming.
      await home.link.query('set transaction isolation level repeatable read read only');
      await new BringingBack(home, number, span, opened.db).run();
    });
    done = true;
  } finally {
    opened.close();
    if (!done) for (const end of ['', '-wal', '-shm', '-journal', '-writer']) rmSync(target + end, { force: true });
  }
}

class BringingBack {
  readonly #home: Home;
  readonly #number: number;
  readonly #span: Span;
  readonly #db: Database.Database;

  constructor(home: Home, number: number, span: Span, db: Database.Database) {
    this.#home = home;
    this.#number = number;
    this.#span = span;
    this.#db = db;
  }

  async run(): Promise<void> {
    await this.#about();
    await this.#dictionaries();
    await this.#events();
    await this.#minutes();
    await this.#polls();
  }

  #ask<Row = Cells>(sql: string, ...values: unknown[]): Promise<Row[]> {
    return this.#home.link.query<Row>(sql, [this.#number, ...values]);
  }

  get #bounds(): [string, string] {
    return [new Date(this.#span.fromMs).toISOString(), new Date(this.#span.toMs).toISOString()];
  }

  #put(table: string, rows: readonly Cells[]): void {
    const [first] = rows;
    if (!first) return;
    const names = Object.keys(first);
    const insert = this.#db.prepare(
      `INSERT OR REPLACE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    );
    this.#db.transaction(() => {
      for (const row of rows) insert.run(...names.map((name) => row[name] ?? null));
    })();
  }

  async #about(): Promise<void> {
    const [found] = await this.#ask<{
      name: string;
      serverVersion: string;
      systemIdentifier: string | null;
      everyMs: number;
    }>(
      `select name, server_version as "serverVersion", system_identifier as "systemIdentifier", every_ms as "everyMs"
       from recording where id = $1`,
    );
    if (!found) throw invalid('number', 'There is no such recording in this database any more.');
    const about = { ...found, everyMs: String(found.everyMs), createdMs: String(Date.now()) };
    this.#put(
      'meta',
      Object.entries(about).flatMap(([name, value]) => (value === null ? [] : [{ name, value }])),
    );
  }

  /** Numbers stay as they were, so that packed minutes can stay as they are. */
  async #dictionaries(): Promise<void> {
    const seen = this.#span.toMs;
    this.#put('word', await this.#ask('select id, text from word where recording = $1'));
    const statements = await this.#ask<{
      id: number;
      key: string;
      text: string | null;
      characters: number;
      normalised: boolean;
    }>('select id, key, text, characters, normalised from statement where recording = $1');
    this.#put(
      'query',
      statements.map(({ id, key }) => ({ id, key, seen_ms: seen })),
    );
    this.#put(
      'query_text',
      statements.flatMap(({ id, text, characters, normalised }) => {
        if (text === null) return [];
        const body = deflateRawSync(Buffer.from(text, 'utf8'));
        return [{ query: id, body, crc: crc32(body), characters, normalised: normalised ? 1 : 0 }];
      }),
    );
    const keys = await this.#ask<{ id: string; family: number; key: string[]; firstMs: number; known: boolean }>(
      `select id::text, family, key, (extract(epoch from first_at) * 1000)::float8 as "firstMs", known
       from family_key where recording = $1`,
    );
    this.#put(
      'family_key',
      keys.map(({ id, family, key, firstMs, known }) => ({
        id: Number(id),
        family,
        key: JSON.stringify(key),
        first_ms: Math.round(firstMs),
        seen_ms: seen,
        known: known ? 1 : 0,
      })),
    );
  }

  async #events(): Promise<void> {
    const ms = (column: string, name: string) => `(extract(epoch from ${column}) * 1000)::int8::float8 as ${name}`;
    this.#put(
      'gap',
      await this.#ask(
        `select id::int4, ${ms('from_at', 'from_ms')}, ${ms('to_at', 'to_ms')}, reason, message from gap
         where recording = $1 and to_at > $2 and from_at < $3 order by id`,
        ...this.#bounds,
      ),
    );
    this.#put(
      'event',
      await this.#ask(
        `select id::int4, ${ms('at', 'at_ms')}, kind, database, subject, before, after from event
         where recording = $1 and at >= $2 and at < $3 order by id`,
        ...this.#bounds,
      ),
    );
    // What held when the stretch began comes along.
    const snapshots = await this.#ask<{ id: number; kind: string; database: string; at_ms: number; content: string }>(
      `select id::int4, kind, database, ${ms('at', 'at_ms')}, content::text from snapshot s where recording = $1 and at < $3
       and not exists (select from snapshot l where l.recording = s.recording and l.kind = s.kind
         and l.database = s.database and l.id > s.id and l.at <= $2) order by id`,
      ...this.#bounds,
    );
    for (const { content, id, ...row } of snapshots) {
      const data = deflateRawSync(Buffer.from(content, 'utf8'));
      const hash = createHash('sha256').update(content).digest('base64');
      this.#db
        .prepare('INSERT INTO snapshot_body (hash, data, crc) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING')
        .run(hash, data, crc32(data));
      const body = this.#db.prepare<[string], { id: number }>('SELECT id FROM snapshot_body WHERE hash = ?').get(hash);
      this.#put('snapshot', [{ id, ...row, body: body?.id ?? null }]);
    }
  }

  async #minutes(): Promise<void> {
    const [fromAt, toAt] = this.#bounds;
    for (let after = '-infinity'; ; ) {
      const rows = await this.#ask<Cells & { at: string }>(
        `select at::text, (extract(epoch from at) * 1000)::int8::float8 as t0,
          (extract(epoch from from_at) * 1000)::int8::float8 as from_ms, (extract(epoch from to_at) * 1000)::int8::float8 as to_ms,
          covered_ms::float8 as covered_ms, ticks, samples, core, core_crc::float8 as core_crc, detail,
          detail_crc::float8 as detail_crc, locks, locks_crc::float8 as locks_crc
         from minute where recording = $1 and at > $2 and at > $3::timestamptz - interval '1 minute' and at <= $4 and to_at > $3 and from_at < $4 order by at limit ${mostMinutes}`,
        after,
        fromAt,
        toAt,
      );
      this.#put(
        'ash_chunk',
        rows.map(({ at: _, ...row }) => row),
      );
      if (rows.length < mostMinutes) return;
      after = rows.at(-1)?.at ?? after;
    }
  }

  async #polls(): Promise<void> {
    const families = await this.#ask<{
      id: number;
      name: string;
      keyNames: string[];
      metrics: string[];
      merges: Merge[];
      grain: 0 | 1;
    }>(
      'select id, name, key_names as "keyNames", metrics, merges, grain::int4 as grain from family where recording = $1 order by id',
    );
    for (const { id, name, keyNames, metrics, merges, grain } of families) {
      const columns = metrics.map((metric, place) => ({ name: metric, merge: merges[place] ?? 'last' }));
      this.#put('family', [{ id, name, key_names: JSON.stringify(keyNames), columns: JSON.stringify(columns), grain }]);
      const writer = new FamilyWriter(this.#db, [{ name, keyNames, columns, grain, times: [] } satisfies FamilyShape]);
      await this.#pollsOf(id, name, writer);
      this.#db.transaction(() => {
        writer.sealAll();
        for (let day = Math.floor(this.#span.fromMs / dayMs); day * dayMs < this.#span.toMs; day++)
          for (const step of writer.joinDay(day * dayMs)) step();
      })();
    }
  }

  async #pollsOf(family: number, name: string, writer: FamilyWriter): Promise<void> {
    const [fromAt, toAt] = this.#bounds;
    for (let after = fromAt; ; ) {
      const polls = await this.#ask<{ at: string; atMs: number; coveredMs: number; flags: number; complete: boolean }>(
        `select at::text, (extract(epoch from at) * 1000)::int8::float8 as "atMs", covered_ms::float8 as "coveredMs",
          flags::int4 as flags, complete from poll where recording = $1 and family = $2 and at > $3 and at <= $4
         order by at limit ${mostPolls}`,
        family,
        after,
        toAt,
      );
      const last = polls.at(-1);
      if (!last) return;
      const rows = await this.#ask<{ atMs: number; key: string[]; flags: number; values: (number | null)[] }>(
        `select (extract(epoch from s.at) * 1000)::int8::float8 as "atMs", k.key, s.flags::int4 as flags, s."values"
         from sample s join family_key k on k.recording = s.recording and k.id = s.key
         where s.recording = $1 and s.family = $2 and s.at > $3 and s.at <= $4`,
        family,
        after,
        last.at,
      );
      this.#write(name, polls, rows, writer);
      if (polls.length < mostPolls) return;
      after = last.at;
    }
  }

  #write(
    family: string,
    polls: readonly { atMs: number; coveredMs: number; flags: number; complete: boolean }[],
    rows: readonly { atMs: number; key: string[]; flags: number; values: (number | null)[] }[],
    writer: FamilyWriter,
  ): void {
    const byPoll = Map.groupBy(rows, ({ atMs }) => atMs);
    const flagsOf = (bits: number): DeltaFlag[] => flagNames(bits) as DeltaFlag[];
    for (const { flags, ...poll } of polls)
      this.#db.transaction(() => {
        const own = (byPoll.get(poll.atMs) ?? []).map(
          ({ key, values, flags: bits }): FamilyRow => ({ key, values, flags: flagsOf(bits) }),
        );
        writer.poll({ family, ...poll, flags: flagsOf(flags), rows: own });
        for (const step of writer.due(poll.atMs)) step();
      })();
  }
}
