/** Second homes of recordings: which connection leads there, how far they are, and what can be had back from them. */
import type { HomeRecording, SecondHome } from '../../../shared/api/recordings.ts';
import { invalid } from '../../../shared/failure.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { bringBack } from '../../recorder/home/bring-back.ts';
import type { FollowState } from '../../recorder/home/follow.ts';
import { Home } from '../../recorder/home/home.ts';
import type { RecordingStore } from '../../store/recordings.ts';
import type { RecordingList } from './recording-list.ts';

export interface HomesDeps {
  readonly store: RecordingStore;
  specOf(connectionId: string): Promise<ConnectSpec>;
  connectionName(connectionId: string): string;
}

export class Homes {
  readonly #deps: HomesDeps;
  readonly #list: RecordingList;

  constructor(deps: HomesDeps, list: RecordingList) {
    this.#deps = deps;
    this.#list = list;
  }

  /** Of the second home of a connection's recording; null: it has none. */
  specOf(connectionId: string): (() => Promise<ConnectSpec>) | null {
    const home = this.#deps.store.homeOf(connectionId);
    return home === null ? null : () => this.#deps.specOf(home);
  }

  stateOf(connectionId: string | null, live: FollowState | null): SecondHome | null {
    const home = connectionId === null ? null : this.#deps.store.homeOf(connectionId);
    if (home === null) return null;
    const { uptoMs = null, trouble = null } = live ?? {};
    return { connectionId: home, name: this.#nameOf(home), uptoMs, trouble };
  }

  /** @throws why it cannot be a home: no connection, or no right to make the schema */
  async set(connectionId: string, home: string | null): Promise<void> {
    if (home !== null) await (await Home.open(await this.#specOf(home))).close();
    this.#deps.store.setHome(connectionId, home);
  }

  async recordings(connectionId: string): Promise<HomeRecording[]> {
    return this.#with(connectionId, async (home) => home?.recordings() ?? []);
  }

  /** @returns the new recording's id */
  async bringBack(connectionId: string, number: number, span: { fromMs: number; toMs: number }): Promise<string> {
    if (span.fromMs >= span.toMs) throw invalid('toMs', 'The end of the stretch must lie after its beginning.');
    return this.#with(connectionId, async (home) => {
      const found = (await home?.recordings())?.find((each) => each.number === number);
      if (!home || !found) throw invalid('number', 'There is no such recording in this database any more.');
      await this.#list.makeFolder();
      const { id, file } = this.#list.newFile(found.name);
      await bringBack(home, number, span, file);
      return id;
    });
  }

  #nameOf(connectionId: string): string | null {
    try {
      return this.#deps.connectionName(connectionId);
    } catch {
      return null;
    }
  }

  #specOf(connectionId: string): Promise<ConnectSpec> {
    this.#deps.connectionName(connectionId);
    return this.#deps.specOf(connectionId);
  }

  /** Null where the database is no home of anything. */
  async #with<T>(connectionId: string, work: (home: Home | null) => Promise<T>): Promise<T> {
    const home = await Home.look(await this.#specOf(connectionId));
    try {
      return await work(home);
    } finally {
      await home?.close();
    }
  }
}
