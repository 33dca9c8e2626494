/** The recorder's connections: its own, and at times a second one for what may take long or lies in another database. */
import { cancelled } from '../../postgres/monitor/cancelled.ts';
import type { MonitorLink } from '../../postgres/monitor/monitor-link.ts';

export type OpenLink = (database: string | null, signal: AbortSignal) => Promise<MonitorLink>;

/** The second one is kept for a moment, because what needs it often comes in rows. */
const keptMs = 5_000;

export class AsideLink {
  readonly #open: OpenLink;
  readonly #stop = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();
  #link: MonitorLink | null = null;
  #database: string | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(open: OpenLink) {
    this.#open = open;
  }

  /** One piece of work at a time, in the order asked. */
  run<T>(database: string | null, work: (link: MonitorLink) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => this.#runNow(database, work));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** What is under way is cut off. */
  async close(): Promise<void> {
    this.#stop.abort(cancelled());
    clearTimeout(this.#timer);
    const link = this.#link;
    this.#link = null;
    link?.cut();
    await this.#turn;
  }

  async #runNow<T>(database: string | null, work: (link: MonitorLink) => Promise<T>): Promise<T> {
    clearTimeout(this.#timer);
    this.#stop.signal.throwIfAborted();
    if (this.#link && (this.#link.lost || this.#database !== database)) await this.#giveBack();
    this.#link ??= await this.#open(database, this.#stop.signal);
    this.#database = database;
    // Closed while it was being opened.
    if (this.#stop.signal.aborted) await this.#giveBack();
    this.#stop.signal.throwIfAborted();
    try {
      return await work(this.#link);
    } finally {
      this.#timer = setTimeout(() => void this.#giveBack(), keptMs);
      this.#timer.unref();
    }
  }

  async #giveBack(): Promise<void> {
    const link = this.#link;
    this.#link = null;
    await link?.close();
  }
}
