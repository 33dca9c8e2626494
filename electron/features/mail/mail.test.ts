/** Letters to a mail server that speaks as much of SMTP as is needed to take, or to refuse, one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MailServer } from '../../../shared/api/mail.ts';
import { failureOf } from '../../../shared/failure.ts';
import { certificate } from '../../../tests/postgres/certificates.ts';
import { procedures } from '../../procedures.ts';
import { createSecrets } from '../../secrets/create-secrets.ts';
import { type OpenedStore, openStore } from '../../store/open.ts';
import { createMailStore } from '../../store/settings.ts';
import { createMail } from './mail.ts';
import { sendMail } from './send-mail.ts';

let smtp: Server;
const sockets = new Set<Socket>();
let heard: string[];
/** Of the server that is there now: in clear, encrypted from the first byte, or asked to be. */
let security: MailServer['encryption'];
const password = 'p4ss wörd';
const issued = certificate('mail.test', { names: ['127.0.0.1'] });
const elsewhere = certificate('elsewhere.test', { names: ['elsewhere.test'] });
/** What the server shows. */
let proof = issued;

/** Line by line; what stands between DATA and a lone dot is the letter. */
function speak(line: string, inLetter: boolean): string | null {
  heard.push(line);
  if (inLetter) return line === '.' ? '250 taken' : null;
  const word = line.split(' ', 1)[0]?.toUpperCase();
  if (word === 'EHLO') return `250-here\r\n${security === 'starttls' ? '250-STARTTLS\r\n' : ''}250 AUTH PLAIN`;
  if (word === 'AUTH') {
    const [, user, pass] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
      .toString('utf8')
      .split('\0');
    return user === 'me' && pass === password ? '235 welcome' : '535 5.7.8 not with that password';
  }
  if (word === 'STARTTLS') return security === 'starttls' ? '220 go' : '502 5.5.1 unknown';
  if (line.includes('nobody@')) return '550 5.1.1 no such person';
  return word === 'DATA' ? '354 go on' : word === 'QUIT' ? '221 bye' : '250 ok';
}

function talk(socket: Socket): void {
  let rest = '';
  let inLetter = false;
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    const lines = (rest + bytes.toString('utf8')).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const answer = speak(line, inLetter);
      if (answer !== null) socket.write(`${answer}\r\n`);
      if (answer?.startsWith('354')) inLetter = true;
      else if (inLetter && line === '.') inLetter = false;
      if (answer?.startsWith('221')) socket.end();
      if (answer === '220 go') return talk(encrypted(socket));
    }
  });
}
function encrypted(socket: Socket): Socket {
  socket.removeAllListeners('data');
  return new TLSSocket(socket, { isServer: true, cert: proof.cert, key: proof.key });
}

beforeEach(async () => {
  heard = [];
  security = 'none';
  proof = issued;
  smtp = createServer((plain) => {
    sockets.add(plain);
    plain.on('error', () => {});
    plain.once('close', () => sockets.delete(plain));
    const socket = security === 'tls' ? encrypted(plain) : plain;
    talk(socket);
    socket.write('220 ready\r\n');
  });
  await new Promise<void>((done) => smtp.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => smtp.close(done));
});

const server = (more: Partial<MailServer> = {}): MailServer => ({
  host: '127.0.0.1',
  port: (smtp.address() as AddressInfo).port,
  encryption: 'none',
  user: '',
  from: 'howdah@example.org',
  to: ['dba@example.org', 'other@example.org'],
  certificate: '',
  ...more,
});
const letter = { subject: 'Nightly: FAILED\r\nBcc: thief@example.org', text: 'One line\n.\nand a dot before it: ü\n' };
const refused = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown) => failureOf(thrown),
  );

describe('a letter', () => {
  it('goes to each address, and a line break in its subject makes no header', async () => {
    await sendMail(server({ user: 'me' }), password, letter);
    expect(heard.filter((line) => line.startsWith('RCPT'))).toHaveLength(2);
    expect(heard).toContain('Subject: Nightly: FAILED Bcc: thief@example.org');
    expect(heard.some((line) => line.startsWith('Bcc'))).toBe(false);
    expect(heard.join('\n')).not.toContain(password);
  });
  it('that is refused says where to look, in the server’s words', async () => {
    expect(await refused(sendMail(server({ user: 'me' }), 'wrong', letter))).toMatchObject({
      field: 'password',
      message: expect.stringContaining('not with that password'),
    });
    expect(await refused(sendMail(server({ to: ['nobody@example.org'] }), null, letter))).toMatchObject({
      field: 'to',
      message: expect.stringContaining('no such person'),
    });
    expect(await refused(sendMail(server({ encryption: 'starttls' }), null, letter))).toMatchObject({
      field: 'encryption',
    });
    expect(await refused(sendMail(server({ port: 1 }), null, letter))).toMatchObject({
      field: 'port',
      message: expect.stringContaining('Nothing listens at 127.0.0.1:1'),
    });
  });
  it.each(['tls', 'starttls'] as const)(
    'goes by %s to a server whose certificate is given, and to no other',
    async (encryption) => {
      security = encryption;
      const named = server({ encryption, user: 'me', certificate: issued.cert });
      await sendMail(named, password, letter);
      expect(heard).toContain('.');
      heard = [];
      for (const [change, field, words] of [
        [{ certificate: '' }, 'certificate', /not from an issuer that is trusted here \(DEPTH_ZERO_SELF_SIGNED_CERT\)/],
        [{ certificate: certificate('other').cert }, 'certificate', /not from an issuer that is trusted here/],
        [{ certificate: 'no certificate' }, 'certificate', /not a certificate in PEM form/],
        [{ certificate: elsewhere.cert }, 'host', /belongs to another name than 127\.0\.0\.1/],
      ] as const) {
        if (field === 'host') proof = elsewhere;
        expect(await refused(sendMail({ ...named, ...change }, password, letter))).toMatchObject({
          field,
          message: expect.stringMatching(words),
        });
      }
      // Neither who it is from nor a password was told to a server that could not prove itself.
      expect(heard.filter((line) => !/^(EHLO|STARTTLS)/.test(line))).toEqual([]);
    },
  );
  it('is not sent as TLS to a server that speaks in clear', async () => {
    expect(await refused(sendMail(server({ encryption: 'tls' }), null, letter))).toMatchObject({
      field: 'encryption',
      message: expect.stringContaining('does not speak TLS from the first byte'),
    });
  });
  it('takes no password to another machine in clear', async () => {
    const failure = await refused(sendMail(server({ host: 'mail.example.org', user: 'me' }), password, letter));
    expect(failure).toMatchObject({ field: 'encryption', message: expect.stringContaining('in clear') });
  });
});

describe('the settings', () => {
  let folder: string;
  let opened: OpenedStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'howdah-mail-'));
    opened = openStore(folder);
    // No session bus, no keychain, whatever machine this runs on.
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nonexistent');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    opened.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const made = () => {
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const secrets = createSecrets({ dataFolder: folder, log });
    const mail = createMail({ store: createMailStore(opened.db), secrets });
    const router = procedures.mail.router(mail.procedures);
    const client = createRouterClient(router, { context: { role: 'admin', clientId: 'page' } });
    return { send: mail.send, client, secrets };
  };

  it('keep the password with the secrets, and the rest without it', async () => {
    const { client, send, secrets } = made();
    await secrets.unlockVault('right phrase', true);
    expect(await refused(send(letter))).toMatchObject({ message: expect.stringContaining('No mail server') });
    await client.test({ server: server({ user: 'me' }), password });
    expect(await client.save({ server: server({ user: 'me' }), password })).toEqual({ kept: true });
    expect(await client.settings()).toMatchObject({ hasPassword: true, server: { user: 'me' } });
    expect(JSON.stringify(opened.db.prepare('select * from setting').all())).not.toContain(password);
    // Over a restart: the password is not to be had before the vault is open.
    const again = made();
    expect(await again.client.settings()).toMatchObject({ hasPassword: true });
    expect(await refused(again.send(letter))).toMatchObject({ reason: 'secretsLocked' });
    await again.secrets.unlockVault('right phrase', false);
    await again.send(letter);
    await client.save({ server: server({ user: 'me', to: ['new@example.org'] }) });
    await send(letter);
    expect(heard).toContain('RCPT TO:<new@example.org>');
    await client.save({ server: null });
    expect(await client.settings()).toEqual({ server: null, hasPassword: false });
  });
  it.runIf(process.platform === 'linux')('hold it until the end where nothing can be kept', async () => {
    const { client, send, secrets } = made();
    expect(await secrets.state()).toBe('none');
    expect(await client.save({ server: server({ user: 'me' }), password })).toEqual({ kept: false });
    await send(letter);
    expect(heard).toContain('.');
  });
});
