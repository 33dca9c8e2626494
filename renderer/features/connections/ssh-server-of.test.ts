import { expect, it } from 'vitest';
import { sshServerOf } from './ssh-server-of.ts';

it.each([
  ['db.example.com', 'db.example.com', 22],
  ['[127.0.0.1]:2222', '127.0.0.1', 2222],
  ['fe80::1', 'fe80::1', 22],
  ['[fe80::1]:22022', 'fe80::1', 22022],
])('%s', (token, host, port) => {
  expect(sshServerOf(token)).toEqual({ host, port });
});
