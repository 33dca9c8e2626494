import { createHmac, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { algorithmOf, fingerprintOf, hostToken, KnownHosts } from './known-hosts.ts';

function blob(kind: string): Buffer {
  const name = Buffer.alloc(4);
  name.writeUInt32BE(kind.length);
  return Buffer.concat([name, Buffer.from(kind), randomBytes(32)]);
}
const key = blob('ssh-ed25519');
const other = blob('ssh-ed25519');
const line = (names: string, shown = key) => `${names} ${algorithmOf(shown)} ${shown.toString('base64')}`;
const hashed = (token: string) => {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(token).digest('base64')}`;
};
const check = (text: string, host = 'db.example.com', port = 22, shown = key) =>
  new KnownHosts([text]).check(host, port, shown);

it.each([
  ['a plain name', line('db.example.com'), 'known'],
  ['a list of names', line('other,db.example.com,10.0.0.1'), 'known'],
  ['a comment behind and around', `# x\n\n${line('db.example.com')} someone@somewhere\r\n`, 'known'],
  ['a pattern', line('*.example.com'), 'known'],
  ['a question mark', line('d?.example.com'), 'known'],
  ['a pattern that is ruled out', line('*.example.com,!db.example.com'), 'new'],
  ['a dot that is no wildcard', line('dbxexample.com'), 'new'],
  ['capitals', line('DB.Example.COM'), 'known'],
  ['a hashed name', line(hashed('db.example.com')), 'known'],
  ['another hashed name', line(hashed('db2.example.com')), 'new'],
  ['another key', line('db.example.com', other), 'changed'],
  ['both keys', `${line('db.example.com', other)}\n${line('db.example.com')}`, 'known'],
  ['another kind of key only', line('db.example.com', blob('ecdsa-sha2-nistp256')), 'changed'],
  ['a revoked key', `@revoked ${line('*')}\n${line('db.example.com')}`, 'revoked'],
  ['another key revoked', `@revoked ${line('*', other)}\n${line('db.example.com')}`, 'known'],
  ['an authority, which is not used', `@cert-authority ${line('*')}`, 'new'],
  ['an unknown marker', `@sometimes ${line('*')}`, 'new'],
  ['a broken line', 'db.example.com ssh-ed25519', 'new'],
  ['nothing', '', 'new'],
])('%s', (_what, text, answer) => {
  expect(check(text)).toBe(answer);
});
it('keeps ports apart, but a host that is known by its name is known', () => {
  expect(hostToken('Db', 22)).toBe('db');
  expect(check(line('[db.example.com]:2222'), undefined, 2222)).toBe('known');
  expect(check(line('[db.example.com]:2222'), undefined, 22)).toBe('new');
  expect(check(line('[db.example.com]:2222', other), undefined, 2222)).toBe('changed');
  expect(check(line(hashed('[db.example.com]:2222')), undefined, 2222)).toBe('known');
  expect(check(line('db.example.com'), undefined, 2222)).toBe('known');
  expect(check(line('db.example.com', other), undefined, 2222)).toBe('new');
});
it('says the kinds of key a host is known by', () => {
  const known = new KnownHosts([`${line('h', blob('ssh-rsa'))}\n${line('h')}\n${line('i', blob('ssh-dss'))}`]);
  expect(known.algorithms('h', 22)).toEqual(['ssh-rsa', 'ssh-ed25519']);
});
it('writes fingerprints as ssh-keygen does', () => {
  const shown = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIJ6XFJ4RsgNxnHFvO4cbA1cCgG3TGnRyvVJ0IlLaZGvf', 'base64');
  expect(fingerprintOf(shown)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  expect(algorithmOf(Buffer.from('x'))).toBe('unknown');
});
