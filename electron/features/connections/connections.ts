/** Saved connections: the list, its changes, their secrets, import, and the test. */
import type { ConnectionDraft, SecretInputs } from '../../../shared/api/connections.ts';
import type { Log, Secrets } from '../../platform.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import { procedures, stream } from '../../procedures.ts';
import type { ConnectionStore } from '../../store/connections.ts';
import { ConnectionBook } from './connection-book.ts';
import { ConnectionSecrets, type SecretName } from './connection-secrets.ts';
import { findImportable, type Machine, thisMachine } from './conninfo/importable.ts';
import { parseConnectionText } from './conninfo/parse-text.ts';
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
  const book = new ConnectionBook({ store, secrets, log, onMoved });
  const offered = () => findImportable(machine ?? thisMachine());
  const test = (input: TestInput, signal: AbortSignal | undefined) => {
    const saved = async (name: SecretName) => (input.id ? await secrets.get(input.id, name) : null);
    const secret = formSecrets(input.secrets, saved);
    return testConnection(() => specOf({ draft: input.draft, dataFolder, secret }), signal);
  };
  return {
    nameOf: (id: string) => book.nameOf(id),
    /** Throws invalid where it is gone. */
    find: (id: string) => book.find(id),
    ensure: async (draft: ConnectionDraft, password: string, knownId?: string) => book.ensure(draft, password, knownId),
    used: (id: string) => book.used(id),
    /** Everything needed to connect. Throws secretsLocked; a missing password shows when the server asks for it. */
    specOf: (id: string, database?: string): Promise<ConnectSpec> =>
      specOf({ draft: book.find(id), database, dataFolder, secret: (name) => secrets.get(id, name) }),
    procedures: {
      ...listProcedures(book),
      ...secretProcedures(book, secrets, kept),
      ...importProcedures(book, offered),
      test: procedures.connections.test.handler(({ input, signal }) => stream(test(input, signal))),
      trustSshHost: procedures.connections.trustSshHost.handler(({ input, signal }) =>
        trustSshHost(knownHostsFiles(dataFolder)[0] as string, input, signal),
      ),
    },
  };
}

interface TestInput {
  readonly id?: string;
  readonly draft: ConnectionDraft;
  readonly secrets: SecretInputs;
}

const listProcedures = (book: ConnectionBook) => ({
  list: procedures.connections.list.handler(() => book.list()),
  watch: procedures.connections.watch.handler(({ signal }) => stream(book.watch(signal))),
  create: procedures.connections.create.handler(({ input }) => book.create(input.draft, input.secrets)),
  update: procedures.connections.update.handler(({ input }) => book.update(input.id, input.draft, input.secrets)),
  duplicate: procedures.connections.duplicate.handler(({ input }) => book.duplicate(input.id)),
  remove: procedures.connections.remove.handler(({ input }) => book.remove(input.id)),
});

const secretProcedures = (book: ConnectionBook, secrets: ConnectionSecrets, kept: Secrets) => ({
  provideSecrets: procedures.connections.provideSecrets.handler(({ input }) => {
    secrets.enter(book.find(input.id).id, input.secrets);
  }),
  unlockVault: procedures.connections.unlockVault.handler(({ input }) => kept.unlockVault(input.passphrase, false)),
  createVault: procedures.connections.createVault.handler(({ input }) => kept.unlockVault(input.passphrase, true)),
});

const importProcedures = (book: ConnectionBook, offered: () => ReturnType<typeof findImportable>) => ({
  parse: procedures.connections.parse.handler(({ input }) => parseConnectionText(input.text)),
  importable: procedures.connections.importable.handler(async () =>
    (await offered()).map(({ secrets: { password }, notes, ...item }) => ({
      ...item,
      hasPassword: password !== undefined,
      notes: book.has(item.draft) ? [...notes, 'Such a connection is already in the list.'] : [...notes],
    })),
  ),
  import: procedures.connections.import.handler(async ({ input }) => {
    const wanted = (await offered()).filter(({ id }) => input.ids.includes(id));
    const made = [];
    for (const { draft, secrets } of wanted) made.push(await book.create(draft, secrets));
    return made;
  }),
});
