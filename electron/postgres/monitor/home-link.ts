/** A connection to the database in which recordings have their second home: ours to write, one transaction at a time. */
import { type Client, DatabaseError } from 'pg';
import { connectClient, type Transport } from '../connect/client.ts';
import { lostFailure } from '../connect/failures.ts';
import type { ConnectSpec } from '../source.ts';
import { postgresError } from '../wire/postgres-failure.ts';

/** Cells as text but for booleans, small integers, arrays, json and bytea. */
export class HomeLink {
  readonly #client: Client;
  readonly #transport: Transport;
  #lost: unknown = null;

  /** Throws why there is no connection. */
  static async open(spec: ConnectSpec, signal?: AbortSignal): Promise<HomeLink> {
    const { client, transport } = await connectClient(
      { ...spec, readOnly: false },
      { applicationName: 'howdah history', signal },
    );
    const link = new HomeLink(client, transport);
    try {
      await link.query(
        "set client_encoding = 'UTF8'; set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set lock_timeout = '10s'; set statement_timeout = '60s'; set idle_in_transaction_session_timeout = '60s'; set search_path = pg_catalog, pg_temp",
      );
      return link;
    } catch (thrown) {
      link.cut();
      throw thrown;
    }
  }

  private constructor(client: Client, transport: Transport) {
    this.#client = client;
    this.#transport = transport;
    client.on('error', (error) => {
      this.#lost ??= error;
    });
    client.on('end', () => {
      this.#lost ??= new Error('closed');
    });
  }

  get lost(): boolean {
    return this.#lost !== null;
  }

  /** Errors of the server are `postgres` failures, a connection that has gone is a `connection` failure. */
  async query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]> {
    if (this.lost) throw lostFailure(this.#lost);
    try {
      // A script of several statements gives an array of results, which pg's types do not tell.
      const result = await this.#client.query(sql, values as unknown[] | undefined);
      return (Array.isArray(result) ? [] : result.rows) as Row[];
    } catch (thrown) {
      throw thrown instanceof DatabaseError && !this.lost ? postgresError(thrown) : lostFailure(this.#lost ?? thrown);
    }
  }

  /** All of it or nothing. A connection lost at the commit leaves open which of the two: who reads it later knows. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.query('begin');
    try {
      const result = await work();
      await this.query('commit');
      return result;
    } catch (thrown) {
      if (!this.lost) await this.query('rollback').catch(() => this.cut());
      throw thrown;
    }
  }

  async close(): Promise<void> {
    const late = setTimeout(() => this.#transport.close(), 2_000);
    if (!this.lost) await this.#client.end().catch(() => {});
    clearTimeout(late);
    this.#transport.close();
  }

  /** Ends the connection without a word. */
  cut(): void {
    this.#lost ??= new Error('cut');
    this.#transport.close();
  }
}
