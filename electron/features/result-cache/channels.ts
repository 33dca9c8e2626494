/** The connections that listen for what others write: one a database of a connection that has a channel, when needed. */
import { relationNamed } from '../../../shared/sql/relation-named.ts';
import type { Log } from '../../platform.ts';
import { Listener } from '../../postgres/listener.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import type { KeptResults } from './kept-results.ts';

export interface ChannelsDeps {
  specOf(connectionId: string, database: string): Promise<ConnectSpec>;
  readonly kept: KeptResults;
  readonly log: Log;
}

/** A run waits so long for the listening connection; without one nothing is kept. */
const connectWithinMs = 3_000;
/** A run waits for it no oftener. */
const againAfterMs = 30_000;

export class Channels {
  readonly #deps: ChannelsDeps;
  readonly #listeners = new Map<string, Promise<Listener | null>>();
  readonly #failedAt = new Map<string, number>();

  constructor(deps: ChannelsDeps) {
    this.#deps = deps;
  }

  /** True once what is sent on the channel is heard. */
  async listening(connectionId: string, database: string, channel: string): Promise<boolean> {
    const key = JSON.stringify([connectionId, database, channel]);
    const before = this.#listeners.get(key);
    const now = await before;
    if (now && !now.lost) return true;
    // Somebody else who waited opens it already.
    const other = this.#listeners.get(key);
    if (other && other !== before) return (await other) !== null;
    if (Date.now() - (this.#failedAt.get(key) ?? 0) < againAfterMs) return false;
    const opening = this.#open(connectionId, database, channel);
    this.#listeners.set(key, opening);
    const opened = await opening;
    if (opened) this.#failedAt.delete(key);
    else this.#failedAt.set(key, Date.now());
    return opened !== null;
  }

  async #open(connectionId: string, database: string, channel: string): Promise<Listener | null> {
    const { kept, log, specOf } = this.#deps;
    const all = () => kept.notified(connectionId, database, null);
    let listener: Listener | null = null;
    const notified = async (payload: string): Promise<void> => {
      const named = relationNamed(payload);
      const known = named !== null && listener !== null && (await listener.knows(named).catch(() => false));
      kept.notified(connectionId, database, known ? named : null);
    };
    try {
      const signal = AbortSignal.timeout(connectWithinMs);
      const spec = await specOf(connectionId, database);
      listener = await Listener.open(
        spec,
        channel,
        { notified: (payload) => void notified(payload), lost: all },
        signal,
      );
      // What was sent before was not heard.
      all();
      return listener;
    } catch (thrown) {
      log.warn('not listening, so nothing is kept', { channel, why: String(thrown) });
      return null;
    }
  }

  /** Of one connection, or all of them. */
  async close(connectionId?: string): Promise<void> {
    const closing = [...this.#listeners].filter(
      ([key]) => connectionId === undefined || key.startsWith(`[${JSON.stringify(connectionId)},`),
    );
    for (const [key] of closing) this.#listeners.delete(key);
    await Promise.allSettled(closing.map(async ([, listener]) => (await listener)?.close()));
  }
}
