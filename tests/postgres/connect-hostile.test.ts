/** Servers that are none, that lie, or that someone stands in front of: refused at once, with nothing secret sent. */
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createSecureContext, TLSSocket } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { connectClient } from '../../electron/postgres/connect/client.ts';
import type { ConnectSpec } from '../../electron/postgres/source.ts';
import { FailureError } from '../../shared/failure.ts';
import { fc } from '../fixtures/properties.ts';
import { certificate } from './certificates.ts';
import { failureOfCall, reasonOf } from './failing.ts';

const secret = 'the secret password';
const outside = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === 'IPv4' && !each.internal)?.address;
const running: Server[] = [];
const sockets = new Set<Socket>();

interface Fake {
  readonly port: number;
  /** Everything that any client has sent, decrypted where the fake has TLS. */
  received(): Buffer;
}
/** A server that does what `talk` says with each connection. */
async function fake(talk: (socket: Socket, heard: (bytes: Buffer) => void) => void, host = '127.0.0.1'): Promise<Fake> {
  const parts: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    talk(socket, (bytes) => parts.push(bytes));
  });
  running.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { port: (server.address() as { port: number }).port, received: () => Buffer.concat(parts) };
}
/** Answers each packet of the client with the next of these. */
const answers =
  (...lines: readonly (string | Buffer)[]) =>
  (socket: Socket, heard: (bytes: Buffer) => void) => {
    let next = 0;
    socket.on('data', (bytes) => {
      heard(bytes);
      const line = lines[next++];
      if (line !== undefined) socket.write(line);
    });
  };
const spec = (port: number, more: Partial<ConnectSpec> = {}): ConnectSpec => ({
  host: '127.0.0.1',
  port,
  database: 'd',
  user: 'u',
  password: secret,
  sslMode: 'disable',
  sslRootCert: '',
  sslCert: '',
  sslKey: null,
  sslKeyPassphrase: null,
  ssh: null,
  readOnly: false,
  onConnectSql: '',
  parameters: { connect_timeout: '20' },
  ...more,
});
const message = (kind: string, ...body: readonly (string | Buffer)[]): Buffer => {
  const bytes = Buffer.concat(body.map((part) => Buffer.from(part)));
  const head = Buffer.alloc(5, kind);
  head.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
};
const word = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const authentication = (code: number, ...body: readonly (string | Buffer)[]) => message('R', word(code), ...body);

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of running) server.close();
});

describe('in front of TLS', () => {
  it('a refusal under require ends it; only the question was sent', async () => {
    const { port, received } = await fake(answers('N'));
    expect(await reasonOf(connectClient(spec(port, { sslMode: 'require' })))).toBe('tlsNotOffered');
    expect(received()).toEqual(Buffer.from('0000000804d2162f', 'hex'));
  });
  it.each([
    ['bytes before the handshake', `S${message('E', 'injected')}`, 'tlsFailed'],
    ['an error in plain text', message('E', 'SFATAL\0C28P01\0Mfake\0\0'), 'tlsFailed'],
    ['an SSH server', 'SSH-2.0-OpenSSH_9.2\r\n', 'notPostgres'],
    ['a mail server', '220 mail ESMTP\r\n', 'notPostgres'],
    ['one foreign byte', '?', 'notPostgres'],
  ])('%s', async (_what, line, reason) => {
    const { port } = await fake(answers(line));
    for (const sslMode of ['require', 'verify-full'] as const) {
      expect(await reasonOf(connectClient(spec(port, { sslMode })))).toBe(reason);
    }
  });
  it('a closed connection is not waited out', async () => {
    const { port } = await fake((socket) => socket.end());
    // Waited out it would be called a timeout.
    expect(await reasonOf(connectClient(spec(port, { sslMode: 'require' })))).toBe('lost');
    expect(await reasonOf(connectClient(spec(port)))).toBe('lost');
  });
  it('a web server is told from PostgreSQL in every mode', async () => {
    const web = createHttpServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as { port: number };
    for (const sslMode of ['disable', 'prefer', 'require', 'verify-full'] as const) {
      const reason = await reasonOf(connectClient(spec(port, { sslMode })));
      expect(['notPostgres', 'lost']).toContain(reason);
    }
    expect(await reasonOf(connectClient(spec(port, { sslMode: 'require' })))).toBe('notPostgres');
    web.close();
  });
  it('a forged certificate gets no startup packet', async () => {
    const forged = certificate('127.0.0.1', { names: ['127.0.0.1'] });
    const { port, received } = await fake(inTls(forged, () => {}));
    expect(await reasonOf(connectClient(spec(port, { sslMode: 'verify-full' })))).toBe('tlsUntrusted');
    expect(received().length).toBe(8);
  });
});

describe('in the log-in', () => {
  it.runIf(outside)('an unverified server that asks for clear text does not get it', async () => {
    const forged = certificate('somebody');
    const ask = (stream: Socket, heard: (bytes: Buffer) => void) => answers(authentication(3))(stream, heard);
    for (const [sslMode, talk] of [
      ['require', inTls(forged, ask)],
      ['disable', answers(authentication(3))],
    ] as const) {
      const { port, received } = await fake(talk, outside);
      expect(await reasonOf(connectClient(spec(port, { host: outside, sslMode })))).toBe('unsupportedAuth');
      expect(received().includes(secret)).toBe(false);
    }
  });
  it('a thousand million rounds of SCRAM are refused in time', async () => {
    const talk = (socket: Socket) => {
      let step = 0;
      socket.on('data', (bytes) => {
        if (step++ === 0) return void socket.write(authentication(10, 'SCRAM-SHA-256\0\0'));
        const nonce = /r=([^,]+)$/.exec(bytes.toString('latin1'))?.[1] ?? '';
        socket.write(authentication(11, `r=${nonce}more,s=c2FsdHNhbHQ=,i=1000000000`));
      });
    };
    const { port } = await fake(talk);
    // Had they been begun, the time would have been up.
    expect(await reasonOf(connectClient(spec(port)))).toBe('unsupportedAuth');
  });
  it('a server that does not know the password is found out', async () => {
    const talk = (socket: Socket) => {
      let step = 0;
      socket.on('data', (bytes) => {
        if (step === 0) socket.write(authentication(10, 'SCRAM-SHA-256\0\0'));
        else if (step === 1) {
          const nonce = /r=([^,]+)$/.exec(bytes.toString('latin1'))?.[1] ?? '';
          socket.write(authentication(11, `r=${nonce}more,s=c2FsdHNhbHQ=,i=4096`));
        } else {
          const lie = authentication(12, `v=${Buffer.alloc(32, 7).toString('base64')}`);
          socket.write(Buffer.concat([lie, authentication(0), message('Z', 'I')]));
        }
        step++;
      });
    };
    expect(await reasonOf(connectClient(spec((await fake(talk)).port)))).toBe('unsupportedAuth');
  });
  it.each([
    ['GSSAPI', authentication(7), 'unsupportedAuth'],
    ['an unknown method', authentication(99), 'unsupportedAuth'],
    ['a foreign SASL mechanism', authentication(10, 'OAUTHBEARER\0\0'), 'unsupportedAuth'],
    ['a length of two gigabytes', Buffer.from('527fffffff00000000', 'hex'), 'notPostgres'],
    ['a negative length', Buffer.from('52ffffffff00000000', 'hex'), 'notPostgres'],
    ['an unknown message', message('?', 'x'), 'notPostgres'],
  ])('%s', async (_what, line, reason) => {
    const { port } = await fake(answers(line));
    expect(await reasonOf(connectClient(spec(port)))).toBe(reason);
  });
  it('an endless stream of notices ends', async () => {
    const notice = message('N', `SNOTICE\0C00000\0M${'x'.repeat(10_000)}\0\0`);
    const { port } = await fake((socket) => {
      const pour = () => {
        while (!socket.destroyed && socket.write(notice));
      };
      socket.on('data', pour).on('drain', pour);
    });
    const before = process.memoryUsage().rss;
    expect(await reasonOf(connectClient(spec(port)))).toBe('notPostgres');
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
  });
  it('an error with an absurd code is cut to size', async () => {
    const line = message('E', `SFATAL\0C${'9'.repeat(1600)}\0M${'y'.repeat(100_000)}\0\0`);
    const { port } = await fake(answers(line));
    const failure = await failureOfCall(connectClient(spec(port)));
    expect(failure).toMatchObject({ kind: 'postgres', sqlstate: 'XX000' });
    expect(failure.message.length).toBeLessThanOrEqual(10_000);
  });
  it('drips a byte at a time, and is left when the time is up', async () => {
    const { port } = await fake((socket) => {
      const drip = setInterval(() => socket.destroyed || socket.write('N'), 50);
      socket.on('close', () => clearInterval(drip));
    });
    const parameters = { connect_timeout: '1' };
    expect(['timeout', 'notPostgres']).toContain(await reasonOf(connectClient(spec(port, { parameters }))));
  });
});

it('whatever is answered, there is a failure and nothing else happens', async () => {
  const kind = fc.constantFrom(...'REZKSNTDCI12nt'.split(''));
  const framed = fc
    .tuple(kind, fc.uint8Array({ maxLength: 40 }))
    .map(([letter, body]) => message(letter, Buffer.from(body)));
  const line = fc.oneof(
    framed,
    fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  );
  let script: readonly Buffer[] = [];
  const { port } = await fake((socket) => {
    let next = 0;
    socket.on('data', () => {
      const answer = script[next++];
      if (answer) socket.write(answer);
      if (next >= script.length) socket.end();
    });
  });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 4 }), fc.boolean(), async (lines, tls) => {
      script = lines;
      const sslMode = tls ? 'prefer' : 'disable';
      const parameters = { connect_timeout: '2' };
      const outcome = await connectClient(spec(port, { sslMode, parameters })).catch((thrown: unknown) => thrown);
      if (outcome instanceof FailureError) return true;
      // By chance a proper log-in: ends like any other.
      (outcome as Awaited<ReturnType<typeof connectClient>>).transport.close();
      return !(outcome instanceof Error);
    }),
    { numRuns: 400 },
  );
});

/** Agrees to TLS, shows the certificate, and goes on inside. */
function inTls(
  issued: { cert: string; key: string },
  inside: (stream: TLSSocket, heard: (bytes: Buffer) => void) => void,
) {
  return (socket: Socket, heard: (bytes: Buffer) => void) => {
    socket.once('data', (bytes) => {
      heard(bytes);
      socket.write('S');
      const secureContext = createSecureContext({ cert: issued.cert, key: issued.key });
      const secure = new TLSSocket(socket, { isServer: true, secureContext });
      secure.on('error', () => {});
      secure.on('data', heard);
      inside(secure, heard);
    });
  };
}
