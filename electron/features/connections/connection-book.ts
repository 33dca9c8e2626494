/** The saved connections and their secrets: every change to them, and who is told. */
import { randomUUID } from 'node:crypto';
import { EventPublisher } from '@orpc/server';
import type { Connection, ConnectionDraft, ListedConnection, SecretInputs } from '../../../shared/api/connections.ts';
import { invalid } from '../../../shared/failure.ts';
import type { Log } from '../../platform.ts';
import type { ConnectionStore } from '../../store/connections.ts';
import type { ConnectionSecrets } from './connection-secrets.ts';

export interface ConnectionBookDeps {
  readonly store: ConnectionStore;
  readonly secrets: ConnectionSecrets;
  readonly log: Log;
  /** The connection leads elsewhere now, or is gone: what is open on it ends. */
  onMoved?(id: string): void;
}

export class ConnectionBook {
  readonly #deps: ConnectionBookDeps;
  readonly #changes = new EventPublisher<{ changed: Record<string, never> }>();

  constructor(deps: ConnectionBookDeps) {
    this.#deps = deps;
  }

  find(id: string): Connection {
    const found = this.#deps.store.list().find((connection) => connection.id === id);
    if (!found) throw invalid('id', 'This connection is no longer there.');
    return found;
  }

  /** For what outlives the connection: its name, or words where it is gone. */
  nameOf(id: string): string {
    return this.#deps.store.list().find((connection) => connection.id === id)?.name ?? '(deleted connection)';
  }

  async list(): Promise<ListedConnection[]> {
    const saved = await this.#deps.secrets.saved();
    return this.#deps.store
      .list()
      .map((connection) => ({ ...connection, savedSecrets: saved.get(connection.id) ?? [] }));
  }

  /** The list, and the list again after every change. */
  async *watch(signal: AbortSignal | undefined): AsyncGenerator<ListedConnection[], void, void> {
    // Subscribed before the first list, so that no change falls between.
    const events = this.#changes.subscribe('changed', { signal });
    yield await this.list();
    for await (const _ of events) yield await this.list();
  }

  /** The secrets first: where they are locked, nothing has been made yet and the person can try again. */
  async create(draft: ConnectionDraft, entered: SecretInputs): Promise<Connection> {
    refuseSecretParameters(draft);
    const id = randomUUID();
    await this.#deps.secrets.save(id, entered, draft.password);
    try {
      return this.#put({ ...draft, id, createdAtMs: Date.now(), usedAtMs: null });
    } catch (thrown) {
      await this.#deps.secrets.forget(id);
      throw thrown;
    }
  }

  async update(id: string, draft: ConnectionDraft, entered: SecretInputs): Promise<Connection> {
    const before = this.find(id);
    refuseSecretParameters(draft);
    await this.#deps.secrets.save(id, entered, draft.password);
    const changed = this.#put({ ...before, ...draft });
    if (Object.keys(entered).length > 0 || destination(before) !== destination(changed)) this.#deps.onMoved?.(id);
    return changed;
  }

  /**
   * For a server of our own: saves the connection, or brings it up to date where the person still has it (its name and
   * looks stay as they are). The password is remembered until quit, since whoever starts the server knows it.
   */
  ensure(draft: ConnectionDraft, password: string, knownId?: string): string {
    const known = this.#deps.store.list().find(({ id }) => id === knownId);
    const { host, port, database, user } = draft;
    const connection = known
      ? this.#put({ ...known, host, port, database, user })
      : this.#put({ ...draft, id: randomUUID(), createdAtMs: Date.now(), usedAtMs: null });
    this.#deps.secrets.enter(connection.id, { password });
    if (known && destination(known) !== destination(connection)) this.#deps.onMoved?.(connection.id);
    return connection.id;
  }

  async duplicate(id: string): Promise<Connection> {
    const { id: _id, createdAtMs: _created, usedAtMs: _used, ...draft } = this.find(id);
    const copy = await this.create({ ...draft, name: `${draft.name} (copy)`.slice(0, 200) }, {});
    await this.#deps.secrets.copy(id, copy.id, draft.password);
    this.#changes.publish('changed', {});
    return copy;
  }

  async remove(id: string): Promise<void> {
    const { store, secrets, log, onMoved } = this.#deps;
    store.remove(id);
    onMoved?.(id);
    await secrets.forget(id).catch((thrown) => log.warn('A secret could not be removed.', { reason: String(thrown) }));
    this.#changes.publish('changed', {});
  }

  /** A session was opened: the list shows when. */
  used(id: string): void {
    this.#put({ ...this.find(id), usedAtMs: Date.now() });
  }

  /** One that leads to the same place in the same way is there already. */
  has(draft: ConnectionDraft): boolean {
    return this.#deps.store.list().some((connection) => destination(connection) === destination(draft));
  }

  #put(connection: Connection): Connection {
    this.#deps.store.put(connection);
    this.#changes.publish('changed', {});
    return connection;
  }
}

/** All that decides where a connection leads and as whom; how it looks does not count. */
const destination = ({
  host,
  port,
  database,
  user,
  sslMode,
  sslRootCert,
  sslCert,
  ssh,
  readOnly,
  onConnectSql,
  parameters,
}: ConnectionDraft) =>
  JSON.stringify([host, port, database, user, sslMode, sslRootCert, sslCert, ssh, readOnly, onConnectSql, parameters]);

/** Parameters are kept in plain text. */
function refuseSecretParameters({ parameters }: ConnectionDraft): void {
  const secret = ['password', 'sslpassword', 'passfile'].find((name) => Object.hasOwn(parameters, name));
  if (secret)
    throw invalid('parameters', `${secret} does not belong here: the password field and the TLS section keep secrets.`);
}
