/** Saved connections: the list, its changes, their secrets, import, and the test. */
import { randomUUID } from 'node:crypto';
import { EventPublisher } from '@orpc/server';
import type { Connection, ConnectionDraft, ListedConnection, SecretInputs } from '../../../shared/api/connections.ts';
import { invalid } from '../../../shared/failure.ts';
import type { Log, Secrets } from '../../platform.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { procedures, stream } from '../../procedures.ts';
import type { ConnectionStore } from '../../store/connections.ts';
import { ConnectionSecrets } from './connection-secrets.ts';
import { findImportable, type Machine, thisMachine } from './importable.ts';
import { parseConnectionText } from './parse-text.ts';
import { formSecrets, knownHostsFiles, specOf } from './spec-of.ts';
import { testConnection } from './test-connection.ts';
import { trustSshHost } from './trust-ssh-host.ts';

export interface ConnectionsDeps {
  readonly store: ConnectionStore;
  readonly secrets: Secrets;
  readonly dataFolder: string;
  readonly log: Log;
  /** The connection leads elsewhere now, or is gone: what is open on it ends. */
  onMoved?(id: string): void;
  /** Whose files and variables are offered for import; this machine's where not given. */
  readonly machine?: Machine;
}

/** The procedures, and what other parts of the backend need: how to connect, and which connection it was. */
export function createConnections({ store, secrets: kept, dataFolder, log, onMoved, machine }: ConnectionsDeps) {
  const secrets = new ConnectionSecrets(kept);
  const changes = new EventPublisher<{ changed: Record<string, never> }>();

  function find(id: string): Connection {
    const found = store.list().find((connection) => connection.id === id);
    if (!found) throw invalid('id', 'This connection is no longer there.');
    return found;
  }

  async function list(): Promise<ListedConnection[]> {
    const saved = await secrets.saved();
    return store.list().map((connection) => ({ ...connection, savedSecrets: saved.get(connection.id) ?? [] }));
  }

  function put(connection: Connection): Connection {
    store.put(connection);
    changes.publish('changed', {});
    return connection;
  }

  /** The secrets first: where they are locked, nothing has been made yet and the person can try again. */
  async function create(draft: ConnectionDraft, entered: SecretInputs): Promise<Connection> {
    refuseSecretParameters(draft);
    const id = randomUUID();
    await secrets.save(id, entered, draft.password);
    try {
      return put({ ...draft, id, createdAtMs: Date.now(), usedAtMs: null });
    } catch (thrown) {
      await secrets.forget(id);
      throw thrown;
    }
  }

  async function update(id: string, draft: ConnectionDraft, entered: SecretInputs): Promise<Connection> {
    const before = find(id);
    refuseSecretParameters(draft);
    await secrets.save(id, entered, draft.password);
    const changed = put({ ...before, ...draft });
    if (Object.keys(entered).length > 0 || destination(before) !== destination(changed)) onMoved?.(id);
    return changed;
  }

  /**
   * For a server of our own: saves the connection, or brings it up to date where the person still has it (its name and
   * looks stay as they are). The password is remembered until quit, since whoever starts the server knows it.
   */
  async function ensure(draft: ConnectionDraft, password: string, knownId?: string): Promise<string> {
    const known = store.list().find(({ id }) => id === knownId);
    const { host, port, database, user } = draft;
    const connection = known
      ? put({ ...known, host, port, database, user })
      : put({ ...draft, id: randomUUID(), createdAtMs: Date.now(), usedAtMs: null });
    secrets.enter(connection.id, { password });
    if (known && destination(known) !== destination(connection)) onMoved?.(connection.id);
    return connection.id;
  }

  async function duplicate(id: string): Promise<Connection> {
    const { id: _id, createdAtMs: _created, usedAtMs: _used, ...draft } = find(id);
    const copy = await create({ ...draft, name: `${draft.name} (copy)`.slice(0, 200) }, {});
    await secrets.copy(id, copy.id, draft.password);
    changes.publish('changed', {});
    return copy;
  }

  async function remove(id: string): Promise<void> {
    store.remove(id);
    onMoved?.(id);
    await secrets.forget(id).catch((thrown) => log.warn('A secret could not be removed.', { reason: String(thrown) }));
    changes.publish('changed', {});
  }

  async function importThem(ids: readonly string[]): Promise<Connection[]> {
    const wanted = (await findImportable(machine ?? thisMachine())).filter(({ id }) => ids.includes(id));
    const made: Connection[] = [];
    for (const { draft, secrets: found } of wanted) made.push(await create(draft, found));
    return made;
  }

  return {
    find,
    ensure,
    /** Everything needed to connect. Throws secretsLocked; a missing password shows when the server asks for it. */
    specOf: (id: string, database?: string): Promise<ConnectSpec> =>
      specOf({ draft: find(id), database, dataFolder, secret: (name) => secrets.get(id, name) }),
    /** A session was opened: the list shows when. */
    used: (id: string): void => void put({ ...find(id), usedAtMs: Date.now() }),
    procedures: {
      list: procedures.connections.list.handler(list),
      watch: procedures.connections.watch.handler(({ signal }) => stream(watch(signal))),
      create: procedures.connections.create.handler(({ input }) => create(input.draft, input.secrets)),
      update: procedures.connections.update.handler(({ input }) => update(input.id, input.draft, input.secrets)),
      duplicate: procedures.connections.duplicate.handler(({ input }) => duplicate(input.id)),
      remove: procedures.connections.remove.handler(({ input }) => remove(input.id)),
      parse: procedures.connections.parse.handler(({ input }) => parseConnectionText(input.text)),
      importable: procedures.connections.importable.handler(importable),
      import: procedures.connections.import.handler(({ input }) => importThem(input.ids)),
      test: procedures.connections.test.handler(({ input, signal }) => stream(test(input, signal))),
      provideSecrets: procedures.connections.provideSecrets.handler(({ input }) => {
        secrets.enter(find(input.id).id, input.secrets);
      }),
      trustSshHost: procedures.connections.trustSshHost.handler(({ input, signal }) =>
        trustSshHost(knownHostsFiles(dataFolder)[0] as string, input, signal),
      ),
      unlockVault: procedures.connections.unlockVault.handler(({ input }) => kept.unlockVault(input.passphrase, false)),
      createVault: procedures.connections.createVault.handler(({ input }) => kept.unlockVault(input.passphrase, true)),
    },
  };

  async function* watch(signal: AbortSignal | undefined) {
    // Subscribed before the first list, so that no change falls between.
    const events = changes.subscribe('changed', { signal });
    yield await list();
    for await (const _ of events) yield await list();
  }

  async function importable() {
    const found = await findImportable(machine ?? thisMachine());
    return found.map(({ secrets: { password }, notes, ...item }) => ({
      ...item,
      hasPassword: password !== undefined,
      notes: [...notes],
    }));
  }

  function test(
    input: { id?: string; draft: ConnectionDraft; secrets: SecretInputs },
    signal: AbortSignal | undefined,
  ) {
    const { id } = input;
    const saved = async (name: Parameters<ConnectionSecrets['get']>[1]) => (id ? await secrets.get(id, name) : null);
    const spec = () => specOf({ draft: input.draft, dataFolder, secret: formSecrets(input.secrets, saved) });
    return testConnection(spec, signal);
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
}: Connection) =>
  JSON.stringify([host, port, database, user, sslMode, sslRootCert, sslCert, ssh, readOnly, onConnectSql, parameters]);

/** Parameters are kept in plain text. */
function refuseSecretParameters({ parameters }: ConnectionDraft): void {
  const secret = ['password', 'sslpassword', 'passfile'].find((name) => Object.hasOwn(parameters, name));
  if (secret)
    throw invalid('parameters', `${secret} does not belong here: the Authentication and TLS sections keep secrets.`);
}
