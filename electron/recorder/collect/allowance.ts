/**
 * What is read of every relation there is (structure, sizes, column statistics) costs seconds on a large server. It
 * is read in steps of some milliseconds, out of an allowance that fills slowly: a small database is read at once, a
 * large one over some hours, and the server never notices either.
 */
import { setTimeout as delay } from 'node:timers/promises';

/** At hand in the beginning, and at most. */
export const standardAllowanceMs = 100;
/** What is added a millisecond: 0.02 % of one core. */
const share = 0.0002;
/** Spent in a row once there is something to spend, so that a connection is opened for more than one step. */
const inARowMs = 100;

export class BulkAllowance {
  readonly #mostMs: number;
  #leftMs: number;
  #atMs = performance.now();

  /** @param most at hand in the beginning, in milliseconds of the server's time */
  constructor(most = standardAllowanceMs) {
    this.#mostMs = most;
    this.#leftMs = most;
  }

  #left(): number {
    const now = performance.now();
    this.#leftMs = Math.min(this.#mostMs, this.#leftMs + (now - this.#atMs) * share);
    this.#atMs = now;
    return this.#leftMs;
  }

  spend(ms: number): void {
    this.#leftMs = this.#left() - ms;
  }

  get isEmpty(): boolean {
    return this.#left() <= 0;
  }

  /** Empty, and what is borrowed for steps in a row is used up as well. */
  get isSpent(): boolean {
    return this.#left() <= -inARowMs;
  }

  /** Resolves when there is something to spend. Rejects when the signal is aborted. */
  async turn(signal: AbortSignal): Promise<void> {
    for (let left = this.#left(); left <= 0; left = this.#left())
      await delay(Math.ceil(-left / share) + 1, undefined, { signal, ref: false });
  }
}
