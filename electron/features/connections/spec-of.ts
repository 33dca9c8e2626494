/** From a saved connection, or a draft under test, to everything needed to connect. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionDraft, SecretInputs } from '../../../shared/api/connections.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import type { SecretName } from './connection-secrets.ts';

/** OpenSSH's form; ours comes first and is the one that is written to. */
export const knownHostsFiles = (dataFolder: string): readonly string[] => [
  join(dataFolder, 'known_hosts'),
  join(homedir(), '.ssh', 'known_hosts'),
];

export interface SpecParts {
  readonly draft: ConnectionDraft;
  /** Another database of the same server. */
  readonly database?: string;
  readonly dataFolder: string;
  readonly secret: (name: SecretName) => Promise<string | null>;
}

/** Only the secrets that this connection can need are read: each one may make the system ask the person. */
export async function specOf({ draft, database, dataFolder, secret }: SpecParts): Promise<ConnectSpec> {
  const { ssh } = draft;
  const when = (needed: boolean, name: SecretName) => (needed ? secret(name) : Promise.resolve(null));
  return {
    host: draft.host,
    port: draft.port,
    database: database ?? draft.database,
    user: draft.user,
    password: await when(draft.password !== 'none', 'password'),
    sslMode: draft.sslMode,
    sslRootCert: draft.sslRootCert,
    sslCert: draft.sslCert,
    sslKey: await when(draft.sslCert !== '', 'sslKey'),
    sslKeyPassphrase: await when(draft.sslCert !== '', 'sslKeyPassphrase'),
    ssh: ssh && {
      ...ssh,
      password: await when(ssh.auth === 'password', 'sshPassword'),
      privateKey: await when(ssh.auth === 'key', 'sshPrivateKey'),
      passphrase: await when(ssh.auth === 'key', 'sshPassphrase'),
      knownHostsFiles: knownHostsFiles(dataFolder),
    },
    readOnly: draft.readOnly,
    onConnectSql: draft.onConnectSql,
    parameters: draft.parameters,
  };
}

/** A form's secrets before the saved ones: undefined is "as it is", an empty string is "none". */
export const formSecrets =
  (entered: SecretInputs, saved: (name: SecretName) => Promise<string | null>) =>
  async (name: SecretName): Promise<string | null> => {
    const value = entered[name];
    return value === undefined ? await saved(name) : value || null;
  };
