/** PgBouncers whose counters are recorded along with a server: named by a connection that leads to them. */
import type { NamedPooler } from '../../../shared/api/recordings.ts';
import { PoolConsole } from '../../postgres/monitor/pool-console.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import type { RecordingStore } from '../../store/recordings.ts';

export interface PoolersDeps {
  readonly store: RecordingStore;
  specOf(connectionId: string): Promise<ConnectSpec>;
  connectionName(connectionId: string): string;
}

export class Poolers {
  readonly #deps: PoolersDeps;

  constructor(deps: PoolersDeps) {
    this.#deps = deps;
  }

  /** Null: none is named. */
  specOf(connectionId: string): (() => Promise<ConnectSpec>) | null {
    const pooler = this.#deps.store.poolerOf(connectionId);
    return pooler === null ? null : () => this.#deps.specOf(pooler);
  }

  of(connectionId: string | null): NamedPooler | null {
    const pooler = connectionId === null ? null : this.#deps.store.poolerOf(connectionId);
    return pooler === null ? null : { connectionId: pooler, name: this.#nameOf(pooler) };
  }

  /** @throws why its console cannot be asked: no PgBouncer answers, or the user is none of its stats_users */
  async set(connectionId: string, pooler: string | null): Promise<void> {
    if (pooler !== null) {
      this.#deps.connectionName(pooler);
      const console = await PoolConsole.open(await this.#deps.specOf(pooler));
      await console.show('pools').finally(() => console.close());
    }
    this.#deps.store.setPooler(connectionId, pooler);
  }

  #nameOf(connectionId: string): string | null {
    try {
      return this.#deps.connectionName(connectionId);
    } catch {
      return null;
    }
  }
}
