/**
 * Texts of statements as pg_stat_activity shows them. Their literals, which can be anybody's secrets, are taken out
 * before anything is kept. Without a query id the text so made is what a statement is known by.
 */
import { fingerprint, withoutLiterals } from '../../../../shared/sql/without-literals.ts';
import type { MonitorLink } from '../../../postgres/monitor/monitor-link.ts';
import type { StatementText } from '../../samples.ts';
import { type SessionRow, sessionTexts } from './activity.sql.ts';

/** More that are new at one tick are left nameless: a server of ever new texts must not be asked for them all. */
const mostAtOnce = 200;
/** Of the server's hashes, remembered with ours. */
const mostKnown = 20_000;

export class SessionTexts {
  readonly #onText: (text: StatementText) => void;
  /** hashtext() of the text as it is: our hash of it without its literals. */
  readonly #hashes = new Map<string, number>();
  /** Of the empty text. */
  readonly #nameless = new Set<string>();
  readonly #told = new Set<string>();

  constructor(onText: (text: StatementText) => void) {
    this.#onText = onText;
  }

  /** Asks for the texts that were not met before. */
  async learn(link: MonitorLink, rows: readonly SessionRow[]): Promise<void> {
    const hashes = new Set<string>();
    const ids = new Set<string>();
    for (const { textHash, queryId, state } of rows) {
      if (state === null) continue;
      if (queryId !== null && !this.#told.has(queryId)) ids.add(queryId);
      else if (queryId === null && textHash !== null && !this.#isKnown(textHash)) hashes.add(textHash);
    }
    if (hashes.size + ids.size === 0) return;
    const wanted = [...hashes].slice(0, mostAtOnce).map(Number);
    const found = await link.askWith(sessionTexts, [wanted, [...ids].slice(0, mostAtOnce)]);
    for (const row of found) this.#take(row);
  }

  hashOf({ queryId, textHash }: SessionRow): number | null {
    return queryId === null && textHash !== null ? (this.#hashes.get(textHash) ?? null) : null;
  }

  #isKnown(textHash: string): boolean {
    return this.#hashes.has(textHash) || this.#nameless.has(textHash);
  }

  #take({ textHash, queryId, text }: { textHash: number; queryId: string | null; text: string }): void {
    if (text === '<insufficient privilege>') return;
    // Sessions that never ran anything; asked for again at each look, they would cost as much as all others.
    if (text === '') return void this.#nameless.add(String(textHash));
    const clean = withoutLiterals(text);
    if (queryId !== null) {
      if (this.#told.has(queryId)) return;
      remember(this.#told, queryId);
      this.#onText({ queryId, queryHash: null, text: clean, normalised: false });
      return;
    }
    const hash = fingerprint(clean);
    if (this.#hashes.size >= mostKnown) this.#hashes.clear();
    this.#hashes.set(String(textHash), hash);
    const key = `#${hash}`;
    if (this.#told.has(key)) return;
    remember(this.#told, key);
    this.#onText({ queryId: null, queryHash: hash, text: clean, normalised: false });
  }
}

function remember(told: Set<string>, key: string): void {
  if (told.size >= mostKnown) told.clear();
  told.add(key);
}
