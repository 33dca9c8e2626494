/** A real SSH server inside the test: password, key and agent log-ins, and tunnels to this machine. */
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2';

export interface SshServerOptions {
  readonly hostKeys?: readonly string[];
  readonly password?: string;
  /** OpenSSH's one-line form of the key that may log in. */
  readonly publicKey?: string;
  /** Whether the password may only be given as an answer to a question. */
  readonly interactive?: boolean;
  readonly forwarding?: boolean;
}
export interface SshServer {
  readonly port: number;
  /** Each attempt to log in: the method, and the password where one came. */
  readonly attempts: readonly { method: string; password?: string }[];
  /** "127.0.0.1:5432" of every tunnel that was asked for. */
  readonly tunnels: readonly string[];
  close(): Promise<void>;
}

export const newKey = (passphrase?: string) =>
  ssh2.utils.generateKeyPairSync('ed25519', passphrase ? { cipher: 'aes256-ctr', passphrase, rounds: 4 } : {});
export const parsedKey = (text: string): ParsedKey => {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return Array.isArray(key) ? (key[0] as ParsedKey) : key;
};

export async function startSshServer(options: SshServerOptions = {}): Promise<SshServer> {
  const attempts: { method: string; password?: string }[] = [];
  const tunnels: string[] = [];
  const open = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [...(options.hostKeys ?? [newKey().private])] }, (client) => {
    open.add(client);
    client.on('error', () => {});
    client.on('authentication', (context) => {
      if (context.method !== 'none') attempts.push(attemptOf(context));
      decide(context, options, attempts);
    });
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      tunnels.push(`${destIP}:${destPort}`);
      if (options.forwarding === false) return reject();
      const target = connect(destPort, destIP);
      target.once('error', () => reject());
      target.once('connect', () => {
        const channel = accept();
        channel.on('error', () => {});
        target.on('error', () => channel.destroy());
        channel.pipe(target).pipe(channel);
        channel.on('close', () => target.destroy());
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    attempts,
    tunnels,
    close: () =>
      new Promise((resolve) => {
        for (const client of open) client.end();
        server.close(() => resolve());
      }),
  };
}

const attemptOf = (context: AuthContext) =>
  context.method === 'password' ? { method: context.method, password: context.password } : { method: context.method };

function decide(context: AuthContext, options: SshServerOptions, attempts: { password?: string }[]) {
  const fits =
    (context.method === 'password' && !options.interactive && context.password === options.password) ||
    (context.method === 'publickey' && options.publicKey !== undefined && keyFits(context, options.publicKey));
  if (fits) context.accept();
  else if (context.method === 'keyboard-interactive' && options.interactive) {
    context.prompt([{ prompt: 'Password: ', echo: false }], ([password]) => {
      if (password !== undefined) attempts.push({ password });
      if (password === options.password) context.accept();
      else context.reject();
    });
  } else context.reject(['password', 'publickey', 'keyboard-interactive']);
}

function keyFits(context: AuthContext & { method: 'publickey' }, allowed: string): boolean {
  const key = parsedKey(allowed);
  if (!context.key.data.equals(key.getPublicSSH())) return false;
  // Without a signature it is only the question whether the key would do.
  return !context.signature || !context.blob || key.verify(context.blob, context.signature, context.hashAlgo) === true;
}

/** An SSH agent that holds one key. */
export async function startAgent(folder: string, privateKey: string): Promise<{ path: string; server: Server }> {
  const key = parsedKey(privateKey);
  const path = join(folder, 'agent.sock');
  const server = createServer((socket) => {
    const agent = new ssh2.AgentProtocol(false);
    agent.on('identities', (request) => agent.getIdentitiesReply(request, [key]));
    agent.on('sign', (request, _publicKey, data, { hash }) => {
      const signature = key.sign(data, hash);
      if (signature instanceof Error) agent.failureReply(request);
      else agent.signReply(request, signature);
    });
    socket.on('error', () => {});
    socket.pipe(agent).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return { path, server };
}
