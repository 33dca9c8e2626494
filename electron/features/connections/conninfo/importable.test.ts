import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fc } from '../../../../tests/fixtures/properties.ts';
import { findImportable, type Machine } from './importable.ts';
import { parsePassfile, passwordFor } from './passfile.ts';
import { parseServiceFile } from './service-file.ts';

let home: string;
let machine: Machine;
const put = async (name: string, text: string, mode = 0o600) => {
  await writeFile(join(home, name), text);
  await chmod(join(home, name), mode);
};
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'howdah-import-'));
  machine = { environment: { PGSYSCONFDIR: join(home, 'etc') }, home, user: 'ann', platform: 'linux' };
});
afterEach(() => rm(home, { recursive: true }));

it('reads a password file with its escapes', () => {
  const text = '# c\nh:5432:d:u:p\\:a\\\\b\n*:*:*:*:any:rest\n\nbroken:line\nh2:1:d:u:';
  expect(parsePassfile(text)).toEqual([
    { host: 'h', port: '5432', database: 'd', user: 'u', password: 'p:a\\b' },
    { host: '*', port: '*', database: '*', user: '*', password: 'any' },
    { host: 'h2', port: '1', database: 'd', user: 'u', password: '' },
  ]);
});
it('a password file comes back as it was written', () => {
  const field = fc.string({ minLength: 1 }).filter((text) => !/[\r\n]/.test(text) && !text.startsWith('#'));
  const escaped = (text: string) => text.replace(/[\\:]/g, '\\$&');
  fc.assert(
    fc.property(fc.tuple(field, field, field, field, field), (all) => {
      const [host, port, database, user, password] = all;
      expect(parsePassfile(all.map(escaped).join(':'))).toEqual([{ host, port, database, user, password }]);
    }),
  );
});
it('the first line that fits counts', () => {
  const entries = parsePassfile('h:5432:d:u:exact\n*:*:*:u:wide\nlocalhost:*:*:*:local');
  const key = { host: 'h', port: 5432, database: 'd', user: 'u' };
  expect(passwordFor(entries, key)).toBe('exact');
  expect(passwordFor(entries, { ...key, port: 1 })).toBe('wide');
  expect(passwordFor(entries, { ...key, user: 'x' })).toBeUndefined();
  expect(passwordFor(entries, { ...key, host: '/tmp', user: 'x' })).toBe('local');
});
it('reads a service file', () => {
  const text = '# c\n[one]\nhost=a\n port = 1 \n#x=y\nldap://x/y\n[two]\nservice=one\nhost=b=c\n[one]\nhost=second\n';
  expect([...parseServiceFile(text)].map(([name, info]) => [name, Object.fromEntries(info)])).toEqual([
    ['one', { host: 'a', port: '1' }],
    ['two', { host: 'b=c' }],
  ]);
});
it('offers services, variables and password lines, with their passwords', async () => {
  await put('.pg_service.conf', '[shop]\nhost=db\ndbname=shop\nuser=ann\nsslmode=verify-full\n');
  await put('.pgpass', 'db:5432:shop:ann:from the file\n*:*:*:*:any\nold:*:*:bob:p\n');
  await mkdir(join(home, 'etc'));
  await writeFile(join(home, 'etc', 'pg_service.conf'), '[shop]\nhost=hidden\n[system]\nhost=sys\npassword=inline\n');
  const found = await findImportable({
    ...machine,
    environment: { ...machine.environment, PGHOST: 'env', PGUSER: 'eve', PGPASSWORD: 'x', PGOPTIONS: '-c a=b' },
  });
  const brief = found.map(({ origin, draft, secrets }) => [
    origin,
    draft.name,
    `${draft.user}@${draft.host}/${draft.database}`,
    secrets.password,
  ]);
  expect(
    brief.filter(([, name]) =>
      ['shop', 'system', 'From PG* variables', 'shop on db', 'bob on old'].includes(name ?? ''),
    ),
  ).toEqual([
    ['service', 'shop', 'ann@db/shop', 'from the file'],
    ['service', 'system', 'ann@sys/ann', 'inline'],
    ['environment', 'From PG* variables', 'eve@env/eve', 'x'],
    ['pgpass', 'shop on db', 'ann@db/shop', 'from the file'],
    ['pgpass', 'bob on old', 'bob@old/postgres', 'p'],
  ]);
  expect(found.find(({ draft }) => draft.host === 'hidden')).toBeUndefined();
  expect(found[0]?.draft.sslMode).toBe('verify-full');
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
});
it('does not take passwords from a file that others can read', async () => {
  await put('.pgpass', 'db:5432:shop:ann:secret\n', 0o644);
  const [item] = await findImportable(machine);
  expect(item?.secrets).toEqual({});
  expect(item?.notes.join()).toContain('chmod 600');
});
it('takes over PEM files that the person’s own service file names, and nothing else', async () => {
  await put('root.crt', '-----BEGIN CERTIFICATE-----\nx\n');
  await put('key.pem', '-----BEGIN PRIVATE KEY-----\nx\n');
  await put('not.pem', 'root:x:0:0');
  await put(
    '.pg_service.conf',
    `[s]\nhost=h\nsslrootcert=${home}/root.crt\nsslkey=${home}/key.pem\nsslcert=${home}/not.pem\n`,
  );
  const [item] = await findImportable(machine);
  expect(item?.draft.sslRootCert).toContain('BEGIN CERTIFICATE');
  expect(item?.secrets.sslKey).toContain('PRIVATE KEY');
  expect(item?.draft.sslCert).toBe('');
  expect(item?.notes.join()).toContain('not.pem');
});
it('finds nothing where nothing is', async () => {
  const found = await findImportable({ ...machine, environment: { ...machine.environment, PGAPPNAME: 'x' } });
  expect(found.filter(({ origin }) => origin !== 'service')).toEqual([]);
});
