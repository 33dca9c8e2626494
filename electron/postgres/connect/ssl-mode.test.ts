import { expect, it } from 'vitest';
import { isLoopbackAddress, isLoopbackHost, socketPath } from './address.ts';
import { connectTimeoutMs, keepAliveMs, startupSettings } from './parameters.ts';
import { tlsAttempts } from './ssl-mode.ts';

const shown = (...from: Parameters<typeof tlsAttempts>) =>
  tlsAttempts(...from).map(({ tls, check, plainIfNotOffered }) =>
    tls ? `tls:${check}${plainIfNotOffered ? ' or plain' : ''}` : 'plain',
  );

it.each([
  ['auto', true, ['plain']],
  ['auto', false, ['tls:chainAndName']],
  ['disable', false, ['plain']],
  ['allow', false, ['plain', 'tls:none']],
  ['prefer', false, ['tls:none or plain', 'plain']],
  ['require', false, ['tls:none']],
  ['verify-ca', false, ['tls:chain']],
  ['verify-full', true, ['tls:chainAndName']],
] as const)('%s, local %s', (mode, local, attempts) => {
  expect(shown(mode, local, false)).toEqual(attempts);
});
it('require with a root checks the chain, as libpq does', () => {
  expect(shown('require', false, true)).toEqual(['tls:chain']);
});
it.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['128.0.0.1', false],
  ['127.0.0.1.example.com', false],
  ['::2', false],
  ['10.0.0.1', false],
])('%s is loopback: %s', (address, expected) => {
  expect(isLoopbackAddress(address)).toBe(expected);
});
it('at the far end of a tunnel, only clear names are loopback', () => {
  expect(['localhost', '', '/run/postgresql', '127.0.0.1'].map(isLoopbackHost)).toEqual([true, true, true, true]);
  expect(['db', 'localhost.example.com'].map(isLoopbackHost)).toEqual([false, false]);
});
it('names sockets as PostgreSQL does', () => {
  expect(socketPath('/tmp', 5433)).toBe('/tmp/.s.PGSQL.5433');
  expect(socketPath('@howdah', 5432)).toBe('\0howdah/.s.PGSQL.5432');
});
it('reads times as libpq does', () => {
  const timeouts: Record<string, string>[] = [
    {},
    ...['3', '0', '-1', 'x'].map((connect_timeout) => ({ connect_timeout })),
  ];
  expect(timeouts.map(connectTimeoutMs)).toEqual([10_000, 3000, 0, 0, 10_000]);
  const probes: Record<string, string>[] = [{}, { keepalives: '0' }, { keepalives_idle: '30' }];
  expect(probes.map((each) => keepAliveMs(each, 5000))).toEqual([5000, null, 30_000]);
});
it('sends what was asked for and nothing that is not the server’s', () => {
  const parameters = {
    ...{ user: 'root', database: 'x', password: 'x', replication: 'true', sslkey: 'x', connect_timeout: '1' },
    ...{ search_path: 'a', 'bad name': 'x', nul: 'a\0b', __proto__: 'x' },
  };
  const spec = { user: 'u', database: '', readOnly: true, parameters };
  expect(startupSettings(spec, 'Howdah')).toEqual({
    user: 'u',
    database: 'u',
    application_name: 'Howdah',
    search_path: 'a',
    default_transaction_read_only: 'on',
  });
});
