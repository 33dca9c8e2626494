/** PgBouncer's admin console: a database called `pgbouncer` that understands SHOW and nothing else. */
import type { Client } from 'pg';
import { connectClient, type Transport } from '../connect/client.ts';
import { lostFailure } from '../connect/failures.ts';
import type { ConnectSpec } from '../source.ts';
import { monitorName } from './monitor-link.ts';

export type ConsoleRow = Record<string, string | null>;

const questions = { pools: 'SHOW POOLS', stats: 'SHOW STATS' } as const;

export class PoolConsole {
  readonly #client: Client;
  readonly #transport: Transport;
  lost = false;

  /** Throws where what answers is no PgBouncer, or the user is none of its admin_users or stats_users. */
  static async open(spec: ConnectSpec, signal?: AbortSignal): Promise<PoolConsole> {
    const { application_name, ...parameters } = spec.parameters;
    const { client, transport } = await connectClient(
      { ...spec, parameters, database: 'pgbouncer', readOnly: false },
      { applicationName: monitorName, signal },
    );
    return new PoolConsole(client, transport);
  }

  private constructor(client: Client, transport: Transport) {
    this.#client = client;
    this.#transport = transport;
    const gone = () => {
      this.lost = true;
    };
    client.on('error', gone);
    client.on('end', gone);
  }

  async show(what: keyof typeof questions): Promise<ConsoleRow[]> {
    try {
      return (await this.#client.query<ConsoleRow>(questions[what])).rows;
    } catch (thrown) {
      this.close();
      throw lostFailure(thrown);
    }
  }

  close(): void {
    this.lost = true;
    this.#client.end().catch(() => {});
    this.#transport.close();
  }
}
