/** Letters to a mail server that speaks as much of SMTP as is needed to take, or to refuse, one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MailServer } from '../../../shared/api/mail.ts';
import { FailureError, failureOf } from '../../../shared/failure.ts';
import type { Secrets } from '../../platform.ts';
import { procedures } from '../../procedures.ts';
import { type OpenedStore, openStore } from '../../store/open.ts';
import { createMailStore } from '../../store/settings.ts';
import { createMail } from './mail.ts';
import { sendMail } from './send-mail.ts';

let smtp: Server;
let heard: string[];
const password = 'p4ss wörd';

/** Line by line; what stands between DATA and a lone dot is the letter. */
function speak(line: string, inLetter: boolean): string | null {
  heard.push(line);
  if (inLetter) return line === '.' ? '250 taken' : null;
  const word = line.split(' ', 1)[0]?.toUpperCase();
  if (word === 'EHLO') return '250-here\r\n250 AUTH PLAIN';
  if (word === 'AUTH') {
    const [, user, pass] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
      .toString('utf8')
      .split('\0');
    return user === 'me' && pass === password ? '235 welcome' : '535 5.7.8 not with that password';
  }
  if (word === 'STARTTLS') return '502 5.5.1 unknown';
  if (line.includes('nobody@')) return '550 5.1.1 no such person';
  return word === 'DATA' ? '354 go on' : word === 'QUIT' ? '221 bye' : '250 ok';
}

beforeEach(async () => {
  heard = [];
  smtp = createServer((socket) => {
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
      }
    });
    socket.write('220 ready\r\n');
  });
  await new Promise<void>((done) => smtp.listen(0, '127.0.0.1', done));
});
afterEach(() => new Promise((done) => smtp.close(done)));

const server = (more: Partial<MailServer> = {}): MailServer => ({
  host: '127.0.0.1',
  port: (smtp.address() as AddressInfo).port,
  encryption: 'none',
  user: '',
  from: 'howdah@example.org',
  to: ['dba@example.org', 'other@example.org'],
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
    expect(await refused(sendMail(server({ port: 1 }), null, letter))).toMatchObject({ field: 'host' });
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
  });
  afterEach(() => {
    opened.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const kept = new Map<string, string>();
  const keychain = {
    get: async (key: string) => kept.get(key) ?? null,
    set: async (key: string, value: string) => void kept.set(key, value),
    remove: async (key: string) => void kept.delete(key),
    savedKeys: async () => [...kept.keys()],
  } as unknown as Secrets;
  const without = {
    ...keychain,
    set: async () => {
      throw new FailureError({ kind: 'unsupported', needs: 'keychain', message: 'none' });
    },
  } as unknown as Secrets;
  const made = (secrets: Secrets) => {
    const mail = createMail({ store: createMailStore(opened.db), secrets });
    const router = procedures.mail.router(mail.procedures);
    return { send: mail.send, client: createRouterClient(router, { context: { role: 'admin', clientId: 'page' } }) };
  };

  it('keep the password with the secrets, and the rest without it', async () => {
    const { client, send } = made(keychain);
    expect(await refused(send(letter))).toMatchObject({ message: expect.stringContaining('No mail server') });
    await client.test({ server: server({ user: 'me' }), password });
    expect(await client.save({ server: server({ user: 'me' }), password })).toEqual({ kept: true });
    expect(await client.settings()).toMatchObject({ hasPassword: true, server: { user: 'me' } });
    expect(JSON.stringify(opened.db.prepare('select * from setting').all())).not.toContain(password);
    await client.save({ server: server({ user: 'me', to: ['new@example.org'] }) });
    await send(letter);
    expect(heard).toContain('RCPT TO:<new@example.org>');
    await client.save({ server: null });
    expect(await client.settings()).toEqual({ server: null, hasPassword: false });
  });
  it('hold it until the end where nothing can be kept', async () => {
    const { client, send } = made(without);
    expect(await client.save({ server: server({ user: 'me' }), password })).toEqual({ kept: false });
    await send(letter);
    expect(heard).toContain('.');
  });
});
