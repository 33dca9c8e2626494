/** Texts by number: each is kept once in the file and known by its number everywhere else. */
import { crc32, deflateRawSync } from 'node:zlib';
import type Database from 'better-sqlite3';
import type { StatementText } from '../samples.ts';

/** A statement's text is kept up to here; what is cut off is said where it is shown. */
export const mostTextCharacters = 100_000;

/** Words of sessions and waits; 0 is no word. */
export class Words {
  readonly #ids = new Map<string, number>();
  readonly #insert: Database.Statement<[string]>;

  constructor(db: Database.Database) {
    this.#insert = db.prepare('INSERT INTO word (text) VALUES (?)');
    for (const { id, text } of db.prepare<[], { id: number; text: string }>('SELECT id, text FROM word').iterate())
      this.#ids.set(text, id);
  }

  id(text: string | null): number {
    if (text === null) return 0;
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = Number(this.#insert.run(text).lastInsertRowid);
    this.#ids.set(text, id);
    return id;
  }

  /** After a transaction that was taken back. */
  forget(): void {
    this.#ids.clear();
  }
}

/** `queryid` as it is, else `h:` and the hash of the text as the server shows it; null where neither is known. */
export function queryKey(queryId: string | null, queryHash: number | null): string | null {
  if (queryId !== null && queryId !== '0') return queryId;
  return queryHash === null ? null : `h:${queryHash}`;
}

/** Statements; 0 is none. */
export class Queries {
  readonly #ids = new Map<string, number>();
  readonly #withText = new Set<string>();
  readonly #insert: Database.Statement<[string, number]>;
  readonly #insertText: Database.Statement<[number, Uint8Array, number, number, number]>;
  readonly #touch: Database.Statement<[number, number]>;
  readonly #seen = new Set<number>();

  constructor(db: Database.Database) {
    this.#insert = db.prepare('INSERT INTO query (key, seen_ms) VALUES (?, ?)');
    this.#insertText = db.prepare(
      'INSERT OR REPLACE INTO query_text (query, body, crc, characters, normalised) VALUES (?, ?, ?, ?, ?)',
    );
    this.#touch = db.prepare('UPDATE query SET seen_ms = ? WHERE id = ?');
    const all = db.prepare<[], { id: number; key: string; text: number | null }>(
      'SELECT q.id, q.key, t.query AS text FROM query q LEFT JOIN query_text t ON t.query = q.id',
    );
    for (const { id, key, text } of all.iterate()) {
      this.#ids.set(key, id);
      if (text !== null) this.#withText.add(key);
    }
  }

  id(key: string | null, atMs: number): number {
    if (key === null) return 0;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = Number(this.#insert.run(key, Math.round(atMs)).lastInsertRowid);
      this.#ids.set(key, id);
    }
    this.#seen.add(id);
    return id;
  }

  hasText(key: string): boolean {
    return this.#withText.has(key);
  }

  /** A text that the server normalised takes the place of one with literals, never the other way round. */
  addText({ queryId, queryHash, text, normalised }: StatementText, atMs: number): void {
    const key = queryKey(queryId, queryHash);
    if (key === null || (this.#withText.has(key) && !normalised)) return;
    const body = deflateRawSync(Buffer.from(text.slice(0, mostTextCharacters), 'utf8'));
    this.#insertText.run(this.id(key, atMs), body, crc32(body), text.length, normalised ? 1 : 0);
    this.#withText.add(key);
  }

  /** Notes when the statements of the time since the last call were last seen. */
  noteSeen(atMs: number): void {
    for (const id of this.#seen) this.#touch.run(Math.round(atMs), id);
    this.#seen.clear();
  }
}

/** The keys of families: which table, which statement, which database. */
export class Keys {
  readonly #ids = new Map<string, number>();
  readonly #insert: Database.Statement<[number, string, number, number, number]>;
  readonly #touch: Database.Statement<[number, number]>;
  readonly #seen = new Set<number>();

  constructor(db: Database.Database) {
    this.#insert = db.prepare('INSERT INTO family_key (family, key, first_ms, seen_ms, known) VALUES (?, ?, ?, ?, ?)');
    this.#touch = db.prepare('UPDATE family_key SET seen_ms = ? WHERE id = ?');
    const all = db.prepare<[], { id: number; family: number; key: string }>('SELECT id, family, key FROM family_key');
    for (const { id, family, key } of all.iterate()) this.#ids.set(`${family} ${key}`, id);
  }

  /** `known`: it was there when its family was first looked at, so `first_ms` is not when it began. */
  id(family: number, key: readonly string[], atMs: number, known: boolean): number {
    const text = JSON.stringify(key);
    const own = `${family} ${text}`;
    let id = this.#ids.get(own);
    if (id === undefined) {
      const at = Math.round(atMs);
      id = Number(this.#insert.run(family, text, at, at, known ? 1 : 0).lastInsertRowid);
      this.#ids.set(own, id);
    }
    this.#seen.add(id);
    return id;
  }

  noteSeen(atMs: number): void {
    for (const id of this.#seen) this.#touch.run(Math.round(atMs), id);
    this.#seen.clear();
  }
}
