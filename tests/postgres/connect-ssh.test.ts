/** Tunnels through a real SSH server: log-in, host keys, TLS and cancel inside, and what is refused. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { trustSshHost } from '../../electron/features/connections/trust-ssh-host.ts';
import { type Connected, connectClient } from '../../electron/postgres/connect/client.ts';
import { algorithmOf, fingerprintOf } from '../../electron/postgres/connect/ssh/known-hosts.ts';
import type { StepEvent } from '../../electron/postgres/connect/steps.ts';
import type { ConnectSpec, SshSpec } from '../../electron/postgres/source.ts';
import { certificate } from './certificates.ts';
import { failureOfCall, reasonOf } from './failing.ts';
import { startServer, type TestServer } from './servers.ts';
import { newKey, parsedKey, type SshServer, type SshServerOptions, startAgent, startSshServer } from './ssh-server.ts';

const host = newKey();
const authority = certificate('Howdah test authority', { authority: true });
const issued = certificate('localhost', { issuer: authority, names: ['localhost'] });
const rsaHostKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
}).privateKey;
let server: TestServer;
let folder: string;
let knownHosts: string;
const toClose: (() => unknown)[] = [];

async function ssh(options: SshServerOptions = {}): Promise<SshServer> {
  const started = await startSshServer({ hostKeys: [host.private], password: 'tunnel', ...options });
  toClose.push(() => started.close());
  return started;
}
const through = (port: number, more: Partial<SshSpec> = {}, spec: Partial<ConnectSpec> = {}): ConnectSpec =>
  server.spec({
    host: 'localhost',
    ssh: {
      host: '127.0.0.1',
      port,
      user: 'tester',
      auth: 'password',
      password: 'tunnel',
      privateKey: null,
      passphrase: null,
      knownHostsFiles: [knownHosts],
      ...more,
    },
    ...spec,
  });
const trust = (port: number, key: string) => writeFile(knownHosts, `[127.0.0.1]:${port} ${key}\n`);
async function connected(spec: ConnectSpec, onStep?: (event: StepEvent) => void): Promise<Connected> {
  const made = await connectClient(spec, { onStep });
  toClose.push(() => made.transport.close());
  return made;
}

beforeAll(async () => {
  server = await startServer(18, { ssl: { cert: issued.cert, key: issued.key } });
  folder = await mkdtemp(join(tmpdir(), 'howdah-ssh-'));
  knownHosts = join(folder, 'known_hosts');
});
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
  await rm(knownHosts, { force: true });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

describe('a tunnel', () => {
  it('carries a session, with its steps', async () => {
    const { port, tunnels } = await ssh();
    await trust(port, host.public);
    const steps: StepEvent[] = [];
    const made = await connected(through(port), (event) => steps.push(event));
    expect((await made.client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(tunnels).toEqual([`localhost:${server.port}`]);
    expect(made.transport.summary).toBe('no TLS inside the tunnel, over SSH to 127.0.0.1');
    expect(steps.filter(({ state }) => state === 'done').map(({ step }) => step)).toEqual([
      'resolve',
      'ssh',
      'tcp',
      'auth',
    ]);
    expect(steps.find(({ step, state }) => step === 'ssh' && state === 'done')?.note).toContain('ssh-ed25519 SHA256:');
  });
  it('carries verified TLS and a cancel request on a stream of its own', async () => {
    const { port, tunnels } = await ssh();
    await trust(port, host.public);
    const made = await connected(through(port, {}, { sslMode: 'verify-full', sslRootCert: authority.cert }));
    expect(made.transport).toMatchObject({ used: true, verified: true });
    const stream = await made.transport.openCancelStream();
    expect(stream.constructor.name).toBe('TLSSocket');
    stream.destroy();
    expect(tunnels.length).toBe(2);
  });
  it('moves many rows without losing one', async () => {
    const { port } = await ssh();
    await trust(port, host.public);
    const made = await connected(through(port));
    const { rows } = await made.client.query(
      "select count(*)::int as n, sum(length(t))::int as l from (select repeat('x', 1000) t from generate_series(1, 20000)) s",
    );
    expect(rows).toEqual([{ n: 20_000, l: 20_000_000 }]);
    const all = await made.client.query("select i, repeat('x', 1000) from generate_series(1, 20000) i");
    expect(all.rows.length).toBe(20_000);
  });
  it('ends with its session', async () => {
    const { port } = await ssh();
    await trust(port, host.public);
    const made = await connected(through(port));
    const ended = new Promise((resolve) => made.client.once('end', resolve));
    await made.client.end();
    await ended;
  });
});

describe('the log-in', () => {
  it('with a key, open or locked', async () => {
    const open = newKey();
    const locked = newKey('phrase');
    for (const [key, passphrase] of [
      [open, null],
      [locked, 'phrase'],
    ] as const) {
      const { port } = await ssh({ publicKey: key.public });
      await trust(port, host.public);
      const made = await connected(through(port, { auth: 'key', privateKey: key.private, passphrase }));
      expect((await made.client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    }
  });
  it('with an agent', async () => {
    const key = newKey();
    const agent = await startAgent(folder, key.private);
    toClose.push(() => agent.server.close());
    const { port } = await ssh({ publicKey: key.public });
    await trust(port, host.public);
    const before = process.env.SSH_AUTH_SOCK;
    process.env.SSH_AUTH_SOCK = agent.path;
    try {
      await connected(through(port, { auth: 'agent' }));
      delete process.env.SSH_AUTH_SOCK;
      expect(await reasonOf(connectClient(through(port, { auth: 'agent' })))).toBe('sshAuth');
    } finally {
      if (before !== undefined) process.env.SSH_AUTH_SOCK = before;
    }
  });
  it('with a password that is asked for as a question', async () => {
    const { port } = await ssh({ interactive: true });
    await trust(port, host.public);
    await connected(through(port));
  });
  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['no password', { password: null }],
    ['a foreign key', { auth: 'key', privateKey: newKey().private }],
    ['no key', { auth: 'key', privateKey: null }],
    ['a locked key without its passphrase', { auth: 'key', privateKey: newKey('phrase').private }],
    ['a locked key with a wrong passphrase', { auth: 'key', privateKey: newKey('phrase').private, passphrase: 'x' }],
  ] as const)('fails with %s', async (_what, more) => {
    const { port } = await ssh();
    await trust(port, host.public);
    expect(await reasonOf(connectClient(through(port, more)))).toBe('sshAuth');
  });
  it('says when the key is no key', async () => {
    const { port } = await ssh();
    await trust(port, host.public);
    const call = connectClient(through(port, { auth: 'key', privateKey: '~/.ssh/id_ed25519' }));
    expect(await failureOfCall(call)).toMatchObject({ kind: 'invalid', field: 'sshPrivateKey' });
  });
});

describe('the host key', () => {
  const fingerprint = fingerprintOf(parsedKey(host.public).getPublicSSH());
  it('of a new server is shown for confirmation, and nothing is sent before', async () => {
    const { port, attempts } = await ssh();
    expect(await failureOfCall(connectClient(through(port)))).toMatchObject({
      kind: 'connection',
      reason: 'sshHostUnknown',
      sshHostKey: { host: `[127.0.0.1]:${port}`, algorithm: 'ssh-ed25519', fingerprint },
    });
    expect(attempts).toEqual([]);
    await trustSshHost(knownHosts, { host: '127.0.0.1', port, algorithm: 'ssh-ed25519', fingerprint });
    await connected(through(port));
    expect((await stat(knownHosts)).mode & 0o777).toBe(0o600);
    expect(await readFile(knownHosts, 'utf8')).toBe(
      `[127.0.0.1]:${port} ${host.public.split(' ').slice(0, 2).join(' ')}\n`,
    );
  });
  it('is not trusted where it is another one by then', async () => {
    const { port } = await ssh();
    const seen = { host: '127.0.0.1', port, algorithm: 'ssh-ed25519', fingerprint: `${fingerprint.slice(0, -1)}_` };
    expect(await reasonOf(trustSshHost(knownHosts, seen))).toBe('sshHostChanged');
    await expect(stat(knownHosts)).rejects.toThrow();
  });
  it('that changed is a hard stop before any secret', async () => {
    const { port, attempts } = await ssh();
    await trust(port, newKey().public);
    expect(await reasonOf(connectClient(through(port)))).toBe('sshHostChanged');
    expect(attempts).toEqual([]);
  });
  it('of another kind than the known one counts as changed', async () => {
    const rsa = parsedKey(rsaHostKey);
    const { port, attempts } = await ssh();
    await trust(port, `${algorithmOf(rsa.getPublicSSH())} ${rsa.getPublicSSH().toString('base64')}`);
    expect(await reasonOf(connectClient(through(port)))).toBe('sshHostChanged');
    expect(attempts).toEqual([]);
  });
  it('is asked for in the kind that is known, where the server has several', async () => {
    const rsa = parsedKey(rsaHostKey);
    const { port } = await ssh({ hostKeys: [host.private, rsaHostKey] });
    await trust(port, `ssh-rsa ${rsa.getPublicSSH().toString('base64')}`);
    await connected(through(port));
  });
  it('that is revoked is a hard stop, whatever else is written', async () => {
    const { port, attempts } = await ssh();
    await writeFile(knownHosts, `[127.0.0.1]:${port} ${host.public}\n@revoked * ${host.public}\n`);
    expect(await reasonOf(connectClient(through(port)))).toBe('sshHostChanged');
    expect(attempts).toEqual([]);
  });
});

describe('what is in the way', () => {
  it.each([
    ['an SSH host that is not there', { host: 'nowhere.invalid' }, {}, 'unknownHost'],
    ['a closed SSH port', { port: 1 }, {}, 'refused'],
    ['a database port that is closed behind it', {}, { port: 1 }, 'refused'],
  ] as const)('%s', async (_what, more, spec, reason) => {
    const { port } = await ssh();
    await trust(port, host.public);
    expect(await reasonOf(connectClient(through(port, more, spec)))).toBe(reason);
  });
  it('an SSH server that forbids tunnels', async () => {
    const { port } = await ssh({ forwarding: false });
    await trust(port, host.public);
    expect(['refused', 'sshRefused']).toContain(await reasonOf(connectClient(through(port))));
  });
  it('a server that is not SSH', async () => {
    expect(['sshRefused', 'timeout', 'lost']).toContain(
      await reasonOf(connectClient(through(server.port, {}, { parameters: { connect_timeout: '2' } }))),
    );
  });
  it('the database’s own answer comes through', async () => {
    const { port } = await ssh();
    await trust(port, host.public);
    expect(await reasonOf(connectClient(through(port, {}, { password: 'wrong' })))).toBe('passwordWrong');
  });
});
