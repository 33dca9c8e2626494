/** The results that are kept, least recently used first, within the room they may take. */
import type { KeptState } from '../../../shared/api/result-cache.ts';
import type { Timings } from '../../../shared/api/sessions.ts';
import type { Sources } from '../../postgres/sources.ts';
import { concerns, type Effect, type Surroundings } from './effects.ts';

/** A result that may be kept: what it was of, and what would make it untrue. */
export interface Candidate {
  readonly connectionId: string;
  readonly database: string;
  /** When it was asked for. */
  readonly atMs: number;
  /** Null while it is being found out. */
  of: { readonly key: string; readonly tables: readonly string[]; readonly around: Surroundings } | null;
  /** Something was written meanwhile that concerns it. */
  spoiled: boolean;
}

export interface Kept extends Candidate {
  readonly of: NonNullable<Candidate['of']>;
  readonly resultId: string;
  readonly bytes: number;
  readonly cut: boolean;
  readonly command: string;
  readonly timings: Timings;
}

export class KeptResults {
  readonly #results: Sources['results'];
  readonly #byKey = new Map<string, Kept>();
  /** Asked for and not there yet. */
  readonly #candidates = new Set<Candidate>();
  readonly #doubts: { readonly database: string; readonly effect: Effect }[] = [];
  #capBytes: number;
  #bytes = 0;
  readonly counts = { hits: 0, misses: 0, dropped: 0, evicted: 0 };

  constructor(results: Sources['results'], capBytes: number) {
    this.#results = results;
    this.#capBytes = capBytes;
  }

  get state(): KeptState {
    const { size: results } = this.#byKey;
    // A query's own are mostly none: they are seen to, and not worth a word.
    const doubts = this.#doubts.filter(({ effect }) => effect.anything || effect.writes.size > 0).length;
    return { results, bytes: this.#bytes, capBytes: this.#capBytes, ...this.counts, doubts };
  }
  /** Whether anything could be made untrue now. */
  get concerned(): boolean {
    return this.#byKey.size + this.#candidates.size > 0;
  }

  /** Null where there is none, or it is too old or of other tables. */
  find(key: string, tables: readonly string[], maxAgeMs: number): Kept | null {
    const kept = this.#byKey.get(key);
    if (!kept) return null;
    const same = kept.of.tables.join() === tables.join();
    if (!same || Date.now() - kept.atMs > maxAgeMs || !this.#results.has(kept.resultId)) {
      this.#remove(kept);
      return null;
    }
    // The most recently used is the last.
    this.#byKey.delete(key);
    this.#byKey.set(key, kept);
    return kept;
  }

  expect(candidate: Candidate): void {
    this.#candidates.add(candidate);
  }
  giveUp(candidate: Candidate): void {
    this.#candidates.delete(candidate);
  }

  /** Keeps a second name of the result, whatever becomes of the first. */
  async keep(candidate: Candidate, from: string, more: Pick<Kept, 'cut' | 'command' | 'timings'>): Promise<void> {
    const { sizeBytes, index } = this.#results.resultFile(from);
    const bytes = sizeBytes + index.byteLength;
    if (bytes > this.#capBytes) return this.giveUp(candidate);
    const resultId = await this.#results.second(from);
    // Until now it could be spoiled.
    this.giveUp(candidate);
    const { of } = candidate;
    if (!of || candidate.spoiled || this.#isDoubtful(candidate)) return void this.#results.closeResult(resultId);
    const before = this.#byKey.get(of.key);
    if (before) this.#remove(before);
    this.#byKey.set(of.key, { ...candidate, of, ...more, resultId, bytes });
    this.#bytes += bytes;
    this.#makeRoom();
  }

  setCap(capBytes: number): void {
    this.#capBytes = capBytes;
    this.#makeRoom();
  }

  /** Something was changed in a database of that name, on whatever connection. */
  changed(database: string, effect: Effect): void {
    this.#drop(
      (each) => effect.anything || (each.database === database && (!each.of || concerns(effect, each.of.around))),
    );
  }

  /** A change of which nobody knows when it happens, or whether: what it concerns is not kept from now on. */
  doubt(database: string, effect: Effect): void {
    this.#doubts.push({ database, effect });
    this.changed(database, effect);
  }

  /** @param relation null: all of the connection's database */
  notified(connectionId: string, database: string, relation: string | null): void {
    this.#drop(
      (each) =>
        each.connectionId === connectionId &&
        each.database === database &&
        (relation === null || !each.of || each.of.around.relations.has(relation)),
    );
  }

  forgetConnection(connectionId: string): void {
    this.#drop((each) => each.connectionId === connectionId);
  }
  clear(): void {
    this.#drop(() => true);
  }

  #isDoubtful({ database, of }: Candidate): boolean {
    return this.#doubts.some(
      ({ effect, ...doubt }) =>
        effect.anything || (doubt.database === database && (!of || concerns(effect, of.around))),
    );
  }

  #drop(which: (candidate: Candidate) => boolean): void {
    for (const candidate of this.#candidates) if (which(candidate)) candidate.spoiled = true;
    for (const kept of [...this.#byKey.values()])
      if (which(kept)) {
        this.#remove(kept);
        this.counts.dropped++;
      }
  }

  #makeRoom(): void {
    for (const kept of [...this.#byKey.values()]) {
      if (this.#bytes <= this.#capBytes) return;
      this.#remove(kept);
      this.counts.evicted++;
    }
  }

  #remove(kept: Kept): void {
    this.#byKey.delete(kept.of.key);
    this.#bytes -= kept.bytes;
    void this.#results.closeResult(kept.resultId).catch(() => {});
  }
}
