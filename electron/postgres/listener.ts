/** A connection that waits for NOTIFY on one channel and does nothing else. */
import type { Client } from 'pg';
import { quoteIdentifier } from '../../shared/sql/quote.ts';
import { connectClient, type Transport } from './connect/client.ts';
import type { ConnectSpec } from './source.ts';

export interface ListenerEvents {
  notified(payload: string): void;
  /** What is sent from now on is not heard. */
  lost(): void;
}

const knownSql = `/* howdah:result-cache.table */ select exists (
  select from pg_catalog.pg_class c where c.relname = $1 and c.relkind in ('r', 'p', 'm', 'v', 'f')) as known`;

export class Listener {
  readonly #client: Client;
  readonly #transport: Transport;
  #lost = false;

  /** Listening when it resolves. Throws why there is no connection. */
  static async open(
    spec: ConnectSpec,
    channel: string,
    events: ListenerEvents,
    signal?: AbortSignal,
  ): Promise<Listener> {
    const { client, transport } = await connectClient(spec, {
      applicationName: 'howdah listen',
      ...(signal ? { signal } : {}),
    });
    const listener = new Listener(client, transport, events);
    try {
      await client.query(`listen ${quoteIdentifier(channel)}`);
    } catch (thrown) {
      transport.close();
      throw thrown;
    }
    return listener;
  }

  private constructor(client: Client, transport: Transport, events: ListenerEvents) {
    this.#client = client;
    this.#transport = transport;
    const lost = () => {
      if (this.#lost) return;
      this.#lost = true;
      events.lost();
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload }) => events.notified(payload ?? ''));
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Whether the database has a table or view of that name, in any schema. */
  async knows(relation: string): Promise<boolean> {
    const { rows } = await this.#client.query<{ known: boolean }>(knownSql, [relation]);
    return rows[0]?.known ?? false;
  }

  async close(): Promise<void> {
    this.#lost = true;
    const timer = setTimeout(() => this.#transport.close(), 1_000);
    await this.#client.end().catch(() => {});
    clearTimeout(timer);
    this.#transport.close();
  }
}
