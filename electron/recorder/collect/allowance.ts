/**
 * What is read of every relation there is (structure, sizes, column statistics) costs seconds on a large server. It
 * is read in steps of some milliseconds, out of an allowance that fills slowly: a large database is read over some hours,
 * and the server never notices. A small one needs none (`inSteps`).
 */
import { setTimeout as delay } from 'node:timers/promises';

/** At hand in the beginning, and at most: lent by the first minutes, in which nothing is added. */
export const standardAllowanceMs = 250;
/** What is added a millisecond: 0.04 % of one core. */
const share = 0.0004;
/** Spent in a row once there is something to spend, so that a connection is opened for more than one step. */
const inARowMs = 60;
/**
 * No more is owed, so that nothing waits longer than four minutes for its next step: what steps take on a machine that
 * is short of processors is mostly waiting, and no cost.
 */
const mostOwedMs = 100;
/** Sizes and structure stay until they are read; what is counted before its first reading is never known. */
const countsLess: ReadonlyMap<string, number> = new Map([
  ['table', 0.1],
  ['index', 0.1],
]);
/** Somebody else is first. */
const nextLookMs = 200;

export class BulkAllowance {
  readonly #mostMs: number;
  #leftMs: number;
  #atMs: number;
  /** By whom, so that it is the turn of who had least: what is small is not kept waiting by what is large. */
  readonly #spentMs = new Map<string, number>();
  readonly #waiting = new Map<string, number>();

  /** @param most at hand in the beginning, in milliseconds of the server's time */
  constructor(most = standardAllowanceMs) {
    this.#mostMs = most;
    this.#leftMs = most;
    this.#atMs = performance.now() + most / share;
  }

  #left(): number {
    const now = performance.now();
    if (now > this.#atMs) {
      this.#leftMs = Math.min(this.#mostMs, this.#leftMs + (now - this.#atMs) * share);
      this.#atMs = now;
    }
    return this.#leftMs;
  }

  /** How long until there is something to spend; 0: there is. */
  #restMs(): number {
    const left = this.#left();
    if (left > 0) return 0;
    return Math.ceil(-left / share + Math.max(0, this.#atMs - performance.now())) + 1;
  }

  spend(ms: number, who: string): void {
    this.#leftMs = Math.max(-mostOwedMs, this.#left() - ms);
    this.#spentMs.set(who, (this.#spentMs.get(who) ?? 0) + ms * (countsLess.get(who) ?? 1));
  }

  get isEmpty(): boolean {
    return this.#left() <= 0;
  }

  /** Empty, and what is borrowed for steps in a row is used up as well. */
  get isSpent(): boolean {
    return this.#left() <= -inARowMs;
  }

  /** Resolves when there is something to spend, and nobody waits who had less. Rejects when the signal is aborted. */
  async turn(signal: AbortSignal, who: string): Promise<void> {
    const had = (each: string) => this.#spentMs.get(each) ?? 0;
    this.#waiting.set(who, (this.#waiting.get(who) ?? 0) + 1);
    try {
      for (;;) {
        const restMs = this.#restMs();
        const isNext = [...this.#waiting.keys()].every((other) => had(other) >= had(who));
        if (restMs === 0 && isNext) return;
        await delay(Math.max(restMs, isNext ? 0 : nextLookMs), undefined, { signal, ref: false });
      }
    } finally {
      const left = (this.#waiting.get(who) ?? 1) - 1;
      if (left > 0) this.#waiting.set(who, left);
      else this.#waiting.delete(who);
    }
  }
}

/** Texts are read at each poll of statements where that takes no more than this part of the time; else so often. */
const textsShare = 1 / 5_000;
const soonestTextsMs = 50_000;
const textsEveryMs = 600_000;
/** Where it takes seconds it is rarer still. */
const mostTextsShare = 1 / 200;

/**
 * How long the texts of statements are not read after a reading that took so long, in milliseconds.
 * @param many so much is new that it is not put off
 */
export const restAfterTexts = (tookMs: number, many = false): number =>
  Math.max(soonestTextsMs, many ? 0 : Math.min(tookMs / textsShare, textsEveryMs), tookMs / mostTextsShare);
