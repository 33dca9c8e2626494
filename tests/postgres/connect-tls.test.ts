/** libpq's sslmode words against real servers: what is encrypted, what is checked, what is refused. */
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connected, connectClient } from '../../electron/postgres/connect/client.ts';
import type { ConnectSpec } from '../../electron/postgres/source.ts';
import { certificate, lockedKey } from './certificates.ts';
import { failureOfCall, reasonOf } from './failing.ts';
import { startServer, type TestServer } from './servers.ts';

const authority = certificate('Howdah test authority', { authority: true });
const stranger = certificate('Another authority', { authority: true });
const outside = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === 'IPv4' && !each.internal)?.address;
const names = ['localhost', '127.0.0.1', ...(outside ? [outside] : [])];
const good = certificate('localhost', { issuer: authority, names });
const expired = certificate('localhost', { issuer: authority, names, notAfter: new Date(Date.now() - 1000) });
const early = certificate('localhost', { issuer: authority, names, notBefore: new Date(Date.now() + 86_400_000) });
const other = certificate('elsewhere.test', { issuer: authority, names: ['elsewhere.test', '*.elsewhere.test'] });
const client = certificate('certified', { issuer: authority });
const hba = `hostssl all certified all cert
hostnossl all plain_only all trust
hostssl all plain_only all reject
hostssl all tls_only all trust
hostnossl all tls_only all reject
host all all all scram-sha-256`;
const servers: TestServer[] = [];
let server: TestServer;
const opened: Connected[] = [];

async function withCertificate(issued: { cert: string; key: string }): Promise<TestServer> {
  const ssl = { cert: issued.cert, key: issued.key, ca: authority.cert };
  const started = await startServer(18, { ssl, hba, settings: { listen_addresses: '*' } });
  servers.push(started);
  return started;
}
async function connected(spec: ConnectSpec): Promise<Connected> {
  const made = await connectClient(spec);
  opened.push(made);
  return made;
}
/** What the server itself says about the connection: the oracle. */
async function seenByServer({ client: asked }: Connected): Promise<{ ssl: boolean; version: string | null }> {
  const { rows } = await asked.query('select ssl, version from pg_stat_ssl where pid = pg_backend_pid()');
  return rows[0];
}

beforeAll(async () => {
  server = await withCertificate(good);
  await server.query('create role certified login; create role plain_only login; create role tls_only login');
});
afterAll(async () => {
  for (const { transport } of opened) transport.close();
  for (const started of servers) await started.stop();
});

describe('a server with a good certificate', () => {
  const root = { sslRootCert: authority.cert };
  it.each([
    ['disable', {}, false, false, 'not encrypted (loopback)'],
    ['auto', {}, false, false, 'not encrypted (loopback)'],
    ['allow', {}, false, false, 'not encrypted (loopback)'],
    ['prefer', {}, true, false, 'TLSv1.3, certificate not verified'],
    ['require', {}, true, false, 'TLSv1.3, certificate not verified'],
    ['require', root, true, false, 'TLSv1.3, certificate issuer verified, host name not checked'],
    ['verify-ca', root, true, false, 'TLSv1.3, certificate issuer verified, host name not checked'],
    ['verify-full', root, true, true, 'TLSv1.3, certificate and host name verified'],
  ] as const)('%s %j', async (sslMode, more, used, verified, summary) => {
    const made = await connected(server.spec({ sslMode, ...more }));
    expect(made.transport).toMatchObject({ used, verified, summary });
    expect((await seenByServer(made)).ssl).toBe(used);
  });
  it('is not trusted without its root', async () => {
    expect(await reasonOf(connectClient(server.spec({ sslMode: 'verify-full' })))).toBe('tlsUntrusted');
    expect(await reasonOf(connectClient(server.spec({ sslMode: 'verify-ca', sslRootCert: stranger.cert })))).toBe(
      'tlsUntrusted',
    );
    // libpq: a root that was given is a wish to have it checked.
    expect(await reasonOf(connectClient(server.spec({ sslMode: 'require', sslRootCert: stranger.cert })))).toBe(
      'tlsUntrusted',
    );
  });
  it.runIf(outside)('auto means verified TLS on any address that is not loopback', async () => {
    const spec = server.spec({ host: outside as string });
    expect(await reasonOf(connectClient(spec))).toBe('tlsUntrusted');
    expect((await connected({ ...spec, ...root })).transport.verified).toBe(true);
  });
  it('knows names as well as addresses', async () => {
    expect(
      (await connected(server.spec({ host: 'localhost', sslMode: 'verify-full', ...root }))).transport.verified,
    ).toBe(true);
  });
  it('binds SCRAM to the TLS channel', async () => {
    const parameters = { channel_binding: 'require' };
    expect((await connected(server.spec({ sslMode: 'require', parameters }))).transport.used).toBe(true);
    expect(await reasonOf(connectClient(server.spec({ sslMode: 'disable', parameters })))).toBe('unsupportedAuth');
  });
  it('goes the other way only where pg_hba.conf refuses this one', async () => {
    const plain = await connected(server.spec({ sslMode: 'prefer', user: 'plain_only', password: null }));
    expect(plain.transport).toMatchObject({ used: false, summary: 'not encrypted (loopback)' });
    const tls = await connected(server.spec({ sslMode: 'allow', user: 'tls_only', password: null }));
    expect(tls.transport.used).toBe(true);
    expect(await reasonOf(connectClient(server.spec({ sslMode: 'disable', user: 'tls_only' })))).toBe(
      'notAllowedByHba',
    );
    expect(await reasonOf(connectClient(server.spec({ sslMode: 'prefer', password: 'wrong' })))).toBe('passwordWrong');
  });
  it('takes a client certificate, also with a locked key', async () => {
    const spec = server.spec({ sslMode: 'require', user: 'certified', password: null, sslCert: client.cert });
    expect((await seenByServer(await connected({ ...spec, sslKey: client.key }))).ssl).toBe(true);
    const sslKey = lockedKey(client.key, 'open');
    expect((await connected({ ...spec, sslKey, sslKeyPassphrase: 'open' })).transport.used).toBe(true);
    expect(await failureOfCall(connectClient({ ...spec, sslKey }))).toMatchObject({ field: 'sslKeyPassphrase' });
    expect(await failureOfCall(connectClient({ ...spec, sslKey, sslKeyPassphrase: 'x' }))).toMatchObject({
      field: 'sslKeyPassphrase',
    });
    expect(await failureOfCall(connectClient({ ...spec, sslKey: null }))).toMatchObject({ field: 'sslKey' });
    expect(await failureOfCall(connectClient({ ...spec, sslKey: stranger.key }))).toMatchObject({ field: 'sslCert' });
  });
  it('asks for PEM where it gets something else', async () => {
    const sslRootCert = '/etc/ssl/certs/ca.pem';
    expect(await failureOfCall(connectClient(server.spec({ sslMode: 'verify-full', sslRootCert })))).toMatchObject({
      kind: 'invalid',
      field: 'sslRootCert',
    });
  });
  it('can begin with TLS at once', async () => {
    const parameters = { sslnegotiation: 'direct' };
    expect((await connected(server.spec({ sslMode: 'verify-full', ...root, parameters }))).transport.verified).toBe(
      true,
    );
  });
  it('keeps to the TLS versions that were allowed', async () => {
    const parameters = { ssl_max_protocol_version: 'TLSv1.2' };
    const made = await connected(server.spec({ sslMode: 'verify-full', ...root, parameters }));
    expect(made.transport.protocol).toBe('TLSv1.2');
    expect((await seenByServer(made)).version).toBe('TLSv1.2');
  });
  it('cancels over the same TLS', async () => {
    const made = await connected(server.spec({ sslMode: 'verify-full', ...root }));
    const sleeping = made.client.query('select pg_sleep(60)').catch((thrown) => thrown);
    await waitUntilActive(made);
    const stream = await made.transport.openCancelStream();
    expect(stream.constructor.name).toBe('TLSSocket');
    stream.end(cancelRequest(made));
    expect(await sleeping).toMatchObject({ code: '57014' });
  });
});

describe('a server with a bad certificate', () => {
  it.each([
    ['expired', expired, 'tlsExpired'],
    ['not valid yet', early, 'tlsExpired'],
    ['made for another name', other, 'tlsHostMismatch'],
  ] as const)('%s', async (_what, issued, reason) => {
    const started = await withCertificate(issued);
    const spec = started.spec({ sslMode: 'verify-full', sslRootCert: authority.cert });
    expect(await reasonOf(connectClient(spec))).toBe(reason);
    const issuerOnly = { ...spec, sslMode: 'verify-ca' as const };
    if (reason === 'tlsHostMismatch') expect((await connected(issuerOnly)).transport.used).toBe(true);
    else expect(await reasonOf(connectClient(issuerOnly))).toBe(reason);
    await started.stop();
  });
});

it('refuses to go on without TLS where it was demanded', async () => {
  const plain = await startServer(18);
  servers.push(plain);
  for (const sslMode of ['require', 'verify-ca', 'verify-full'] as const) {
    expect(await reasonOf(connectClient(plain.spec({ sslMode })))).toBe('tlsNotOffered');
  }
  expect((await connected(plain.spec({ sslMode: 'prefer' }))).transport.used).toBe(false);
});

/** pg keeps them; its types do not say so. */
const keyOf = ({ client: made }: Connected) => made as typeof made & { processID: number; secretKey: number };

function cancelRequest(made: Connected): Buffer {
  const request = Buffer.alloc(16);
  [16, 80877102, keyOf(made).processID, keyOf(made).secretKey].forEach((word, index) => {
    request.writeInt32BE(word, index * 4);
  });
  return request;
}

async function waitUntilActive(made: Connected): Promise<void> {
  const sleeping = 'select 1 from pg_stat_activity where pid = $1 and wait_event = $2';
  while ((await server.query(sleeping, [keyOf(made).processID, 'PgSleep'])).length === 0);
}
