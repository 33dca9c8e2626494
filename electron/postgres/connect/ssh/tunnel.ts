/**
 * A tunnel through an SSH server, as streams inside this process: no local port is opened that others could use. The
 * server's key is checked before anything secret is sent to it.
 */
import type { Duplex } from 'node:stream';
import ssh2, { type ClientChannel, type ConnectConfig, type ServerHostKeyAlgorithm } from 'ssh2';
import { FailureError, invalid } from '../../../../shared/failure.ts';
import type { SshSpec } from '../../source.ts';
import type { Address } from '../address.ts';
import { waitFor } from '../deadline.ts';
import { connectionFailure } from '../failures.ts';
import { keepAliveIdleMs, openTcp } from '../socket.ts';
import { algorithmOf, fingerprintOf, type HostKey, hostToken, KnownHosts } from './known-hosts.ts';

export interface Tunnel {
  /** "ssh-ed25519 SHA256:… (known)" */
  readonly note: string;
  openTcp(host: string, port: number, signal: AbortSignal): Promise<Duplex>;
  openSocket(path: string, signal: AbortSignal): Promise<Duplex>;
  close(): void;
}

/** Connects and logs in. Throws sshHostUnknown (to be confirmed), sshHostChanged, sshAuth or sshRefused. */
export async function openTunnel(spec: SshSpec, addresses: readonly Address[], signal: AbortSignal): Promise<Tunnel> {
  const credentials = credentialsOf(spec);
  const known = await KnownHosts.read(spec.knownHostsFiles);
  let key: HostKey | undefined;
  const verify = (shown: HostKey): FailureError | undefined => {
    key = shown;
    return hostKeyFailure(known, spec, shown);
  };
  const client = await handshake(spec, addresses, known, verify, credentials, signal);
  const open = (start: (done: (error: Error | undefined, channel: ClientChannel) => void) => void, stop: AbortSignal) =>
    openChannel(start, stop);
  return {
    note: key ? `${key.algorithm} ${fingerprintOf(key.key)}` : '',
    openTcp: (host, port, stop) =>
      open((done) => client.forwardOut('127.0.0.1', 0, host || 'localhost', port, done), stop).catch((thrown) => {
        throw channelFailure(thrown, spec, `${host}:${port}`);
      }),
    openSocket: (path, stop) =>
      open((done) => client.openssh_forwardOutStreamLocal(path, done), stop).catch((thrown) => {
        throw channelFailure(thrown, spec, path);
      }),
    close: () => client.end(),
  };
}

/** The key a server shows now, without logging in: for writing down what a person has just confirmed. */
export async function fetchHostKey(
  server: Pick<SshSpec, 'host' | 'port'>,
  addresses: readonly Address[],
  preferred: string,
  signal: AbortSignal,
): Promise<HostKey> {
  let key: HostKey | undefined;
  const seen = connectionFailure('sshHostUnknown', 'seen');
  const note = (shown: HostKey) => {
    key = shown;
    return seen;
  };
  const nobody = { username: 'nobody', authHandler: [] };
  const known = new KnownHosts([`${hostToken(server.host, server.port)} ${preferred} AAAA`]);
  try {
    (await handshake(server, addresses, known, note, nobody, signal)).end();
  } catch (thrown) {
    if (thrown !== seen) throw thrown;
  }
  if (!key) throw connectionFailure('sshRefused', `The SSH server ${server.host} showed no key.`);
  return key;
}

/** Null-ish: the key is known and may be trusted. */
function hostKeyFailure(known: KnownHosts, { host, port }: SshSpec, { algorithm, key }: HostKey) {
  const fingerprint = fingerprintOf(key);
  const sshHostKey = { host: hostToken(host, port), algorithm, fingerprint };
  switch (known.check(host, port, key)) {
    case 'known':
      return undefined;
    case 'new':
      return connectionFailure(
        'sshHostUnknown',
        `The SSH server ${host} has not been seen before. Its ${algorithm} key is ${fingerprint}.`,
        'Compare the fingerprint with what the administrator tells you, then trust it.',
        { sshHostKey },
      );
    case 'changed':
      return connectionFailure(
        'sshHostChanged',
        `The SSH server ${host} shows another key than before (${algorithm} ${fingerprint}). Someone may be in between; nothing was sent.`,
        'Ask the administrator. Only if the change is right, remove the old line from known_hosts.',
        { sshHostKey },
      );
    case 'revoked':
      return connectionFailure(
        'sshHostChanged',
        `The key of the SSH server ${host} is marked as revoked (${algorithm} ${fingerprint}). Nothing was sent.`,
        'Ask the administrator for the server’s new key.',
        { sshHostKey },
      );
  }
}

type Credentials = Pick<
  ConnectConfig,
  'username' | 'password' | 'privateKey' | 'passphrase' | 'agent' | 'authHandler' | 'tryKeyboard'
>;

function credentialsOf(spec: SshSpec): Credentials {
  const missing = (message: string, wayOut: string) => connectionFailure('sshAuth', message, wayOut);
  switch (spec.auth) {
    case 'agent': {
      const agent = process.env.SSH_AUTH_SOCK ?? (process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : '');
      if (!agent)
        throw missing(
          'No SSH agent is running for this user (SSH_AUTH_SOCK is not set).',
          'Start ssh-agent, or use a key or a password.',
        );
      return { username: spec.user, agent, authHandler: ['agent'] };
    }
    case 'key': {
      if (!spec.privateKey)
        throw missing('The private key for the SSH server is missing.', 'Paste the key in the SSH section.');
      const passphrase = spec.passphrase ?? undefined;
      if (ssh2.utils.parseKey(spec.privateKey, passphrase) instanceof Error) throw unusableKey(spec);
      return { username: spec.user, privateKey: spec.privateKey, passphrase, authHandler: ['publickey'] };
    }
    case 'password':
      if (!spec.password) throw missing('The password for the SSH server is missing.', 'Enter it in the SSH section.');
      return {
        username: spec.user,
        password: spec.password,
        tryKeyboard: true,
        authHandler: ['password', 'keyboard-interactive'],
      };
  }
}

function unusableKey(spec: SshSpec): FailureError {
  if (!isEncrypted(spec.privateKey ?? ''))
    return invalid('sshPrivateKey', 'This is not a private key that can be used (OpenSSH or PEM form).');
  return connectionFailure(
    'sshAuth',
    spec.passphrase ? 'The passphrase does not open the SSH key.' : 'The SSH key needs its passphrase.',
    'Enter the passphrase of the key in the SSH section.',
  );
}

/** PEM says so in words; OpenSSH's own form names its cipher after the magic `openssh-key-v1\0`. */
function isEncrypted(key: string): boolean {
  if (key.includes('ENCRYPTED')) return true;
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----/.exec(key)?.[1];
  return body !== undefined && Buffer.from(body, 'base64').toString('latin1', 19, 23) !== 'none';
}

const standardOrder: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** As OpenSSH does: the kinds of key this host is known by come first, so that a server with several shows that one. */
function hostKeyOrder(known: readonly string[]): ServerHostKeyAlgorithm[] {
  const kinds = known.flatMap((kind) => (kind === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [kind]));
  const first = standardOrder.filter((kind) => kinds.includes(kind));
  return [...first, ...standardOrder.filter((kind) => !first.includes(kind))];
}

async function handshake(
  server: Pick<SshSpec, 'host' | 'port'>,
  addresses: readonly Address[],
  known: KnownHosts,
  verify: (key: HostKey) => FailureError | undefined,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<ssh2.Client> {
  const sock = await openTcp(addresses, server.port, keepAliveIdleMs, signal);
  const client = new ssh2.Client();
  let refused: FailureError | undefined;
  try {
    return await waitFor<ssh2.Client>(signal, (resolve, reject) => {
      client.on('ready', () => resolve(client));
      client.on('error', (error) => reject(refused ?? loginFailure(error, server.host)));
      client.on('close', () => reject(refused ?? loginFailure(new Error('closed'), server.host)));
      client.on('keyboard-interactive', (_name, _text, _language, prompts, finish) => {
        // One hidden question is the password; anything else (a code, say) cannot be answered for the person.
        finish(prompts.length === 1 && prompts[0]?.echo !== true ? [credentials.password ?? ''] : []);
      });
      client.connect({
        ...credentials,
        sock,
        hostVerifier: (key: Buffer) => {
          refused = verify({ algorithm: algorithmOf(key), key });
          return refused === undefined;
        },
        algorithms: { serverHostKey: hostKeyOrder(known.algorithms(server.host, server.port)) },
        readyTimeout: 0,
        keepaliveInterval: 5_000,
        keepaliveCountMax: 3,
      });
      return () => {};
    });
  } catch (thrown) {
    client.destroy();
    sock.destroy();
    throw thrown;
  }
}

function loginFailure(error: Error & { level?: string; code?: unknown }, host: string): Error {
  if (error.level === 'client-authentication' || error.level === 'agent') {
    return connectionFailure(
      'sshAuth',
      `The SSH server ${host} did not accept the log-in.`,
      'Check the SSH user name, and the key, agent or password.',
      {},
      error,
    );
  }
  // errno: told apart by connectFailure, like any socket's.
  if (typeof error.code === 'string' && error.level === 'client-socket') return error;
  return connectionFailure(
    'sshRefused',
    `What answers at ${host} broke the SSH conversation off: ${error.message.slice(0, 300)}`,
    'Check that host and port are those of an SSH server.',
    {},
    error,
  );
}

function openChannel(
  start: (done: (error: Error | undefined, channel: ClientChannel) => void) => void,
  signal: AbortSignal,
): Promise<Duplex> {
  return waitFor<Duplex>(signal, (resolve, reject) => {
    start((error, channel) => {
      if (error) return reject(error);
      channel.on('error', () => {});
      if (signal.aborted) channel.destroy();
      else resolve(channel);
    });
    return () => {};
  });
}

/** RFC 4254, 5.1: 1 prohibited, 2 connect failed, 3 unknown channel type, 4 resource shortage. */
function channelFailure(thrown: unknown, spec: SshSpec, target: string): unknown {
  if (thrown instanceof FailureError) return thrown;
  const reason = (thrown as { reason?: unknown }).reason;
  if (reason === 2) {
    return connectionFailure(
      'refused',
      `The SSH server ${spec.host} cannot reach ${target}.`,
      'Check host and port as seen from the SSH server.',
      {},
      thrown,
    );
  }
  return connectionFailure(
    'sshRefused',
    `The SSH server ${spec.host} does not allow a tunnel to ${target}.`,
    'Ask for AllowTcpForwarding (or PermitOpen) in its sshd_config.',
    {},
    thrown,
  );
}
