import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailureError } from '../../shared/failure.ts';
import type { Log } from '../platform.ts';
import { createSecrets } from './create-secrets.ts';
import { Vault } from './vault.ts';

let folder: string;
let logged: string[];
const log: Log = {
  info: (message) => void logged.push(message),
  warn: (message) => void logged.push(message),
  error: (message) => void logged.push(message),
};
const open = () => createSecrets({ dataFolder: folder, log });
const failing = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof FailureError ? thrown.failure : thrown),
  );
const bus = process.env.DBUS_SESSION_BUS_ADDRESS;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'howdah-secrets-'));
  logged = [];
  // No session bus: on Linux there is no keychain then, whatever machine this runs on.
  process.env.DBUS_SESSION_BUS_ADDRESS = 'unix:path=/nonexistent';
});
afterEach(async () => {
  if (bus === undefined) delete process.env.DBUS_SESSION_BUS_ADDRESS;
  else process.env.DBUS_SESSION_BUS_ADDRESS = bus;
  await rm(folder, { recursive: true });
});

describe.runIf(process.platform === 'linux')('without a keychain', () => {
  it('says so, keeps nothing, and does not fall back to the kernel’s key ring', async () => {
    const secrets = open();
    expect(await secrets.state()).toBe('none');
    expect(await failing(secrets.set('a/password', 'x'))).toMatchObject({ kind: 'unsupported', needs: 'keychain' });
    expect(await secrets.get('a/password')).toBeNull();
    expect(await secrets.savedKeys()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });
  it('a vault keeps secrets over a restart, under its passphrase', async () => {
    const secrets = open();
    await secrets.unlockVault('right phrase', true);
    expect(await secrets.state()).toBe('vault');
    await secrets.set('a/password', 'geheim ü');
    await secrets.set('a/sslKey', 'long '.repeat(2000));
    const again = open();
    expect(await again.state()).toBe('vaultLocked');
    expect(await again.savedKeys()).toEqual(['a/password', 'a/sslKey']);
    expect(await failing(again.get('a/password'))).toMatchObject({ kind: 'connection', reason: 'secretsLocked' });
    expect(await failing(again.set('b/password', 'x'))).toMatchObject({ reason: 'secretsLocked' });
    expect(await again.get('never/password')).toBeNull();
    expect(await failing(again.unlockVault('wrong phrase', false))).toMatchObject({
      kind: 'invalid',
      field: 'passphrase',
    });
    await again.unlockVault('right phrase', false);
    expect(await again.get('a/password')).toBe('geheim ü');
    expect((await again.get('a/sslKey'))?.length).toBe(10_000);
    await again.remove('a/password');
    expect(await again.get('a/password')).toBeNull();
    expect(await again.savedKeys()).toEqual(['a/sslKey']);
  });
  it('a second vault is not made over the first', async () => {
    await open().unlockVault('right phrase', true);
    expect(await failing(open().unlockVault('other phrase', true))).toMatchObject({ kind: 'invalid' });
    expect(
      await failing(createSecrets({ dataFolder: join(folder, '.'), log }).unlockVault('right phrase', false)),
    ).toBeUndefined();
  });
  it('writes nothing that can be read, and files that only this user may open', async () => {
    const secrets = open();
    await secrets.unlockVault('right phrase', true);
    await secrets.set('a/password', 'findme-secret');
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), 'utf8');
      expect(text).not.toContain('findme-secret');
      expect(text).not.toContain(Buffer.from('findme-secret').toString('base64').slice(0, 12));
      expect(text).not.toContain('right phrase');
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    }
    expect((await readdir(folder)).sort()).toEqual(['secrets.json', 'vault.json']);
  });
  it('a damaged vault is set aside, its names stay, and a new one can be made', async () => {
    const secrets = open();
    await secrets.unlockVault('right phrase', true);
    await secrets.set('a/password', 'x');
    await writeFile(join(folder, 'vault.json'), '{"howdahVault":1,');
    const again = open();
    expect(await again.state()).toBe('none');
    expect(await again.get('a/password')).toBeNull();
    expect(logged.length).toBe(1);
    expect((await readdir(folder)).some((name) => name.startsWith('vault.json.damaged-'))).toBe(true);
    await again.unlockVault('new phrase', true);
    await again.set('a/password', 'again');
    expect(await again.get('a/password')).toBe('again');
  });
  it('a damaged register costs questions, not connections', async () => {
    const secrets = open();
    await secrets.unlockVault('right phrase', true);
    await secrets.set('a/password', 'x');
    await writeFile(join(folder, 'secrets.json'), 'not json');
    const again = open();
    expect(await again.get('a/password')).toBeNull();
    await again.unlockVault('right phrase', false);
    await again.set('a/password', 'y');
    expect(await again.get('a/password')).toBe('y');
  });
});

describe('the vault', () => {
  const path = () => join(folder, 'v.json');
  const file = async () => JSON.parse(await readFile(path(), 'utf8'));
  it('does not open a secret under another name, nor a changed one', async () => {
    const vault = new Vault(path());
    await vault.create('phrase');
    await Promise.all([vault.set('a/password', 'A'), vault.set('b/password', 'B')]);
    const { secrets, ...rest } = await file();
    const swapped = { 'a/password': secrets['b/password'], 'b/password': secrets['a/password'] };
    await writeFile(path(), JSON.stringify({ ...rest, secrets: swapped }));
    expect([await vault.get('a/password'), await vault.get('b/password')]).toEqual([null, null]);
    const bytes = Buffer.from(secrets['a/password'], 'base64');
    bytes[15] = (bytes[15] ?? 0) ^ 1;
    const changed = { 'a/password': bytes.toString('base64'), 'b/password': secrets['b/password'] };
    await writeFile(path(), JSON.stringify({ ...rest, secrets: changed }));
    expect([await vault.get('a/password'), await vault.get('b/password')]).toEqual([null, 'B']);
  });
  it('seals the same secret differently each time', async () => {
    const vault = new Vault(path());
    await vault.create('phrase');
    await vault.set('a', 'same');
    const first = (await file()).secrets.a;
    await vault.set('a', 'same');
    expect((await file()).secrets.a).not.toBe(first);
  });
  it('takes no numbers from a foreign file that would use up the machine', async () => {
    const vault = new Vault(path());
    await vault.create('phrase');
    const whole = await file();
    await writeFile(path(), JSON.stringify({ ...whole, scrypt: { ...whole.scrypt, N: 2 ** 30 } }));
    const damaged: string[] = [];
    expect(await vault.exists((keptAs) => damaged.push(keptAs))).toBe(false);
    expect(damaged.length).toBe(1);
  });
  it('two windows do not undo each other’s changes', async () => {
    const one = new Vault(path());
    await one.create('phrase');
    const two = new Vault(path());
    await two.unlock('phrase');
    await one.set('a', '1');
    await two.set('b', '2');
    expect([await one.get('b'), await two.get('a')]).toEqual(['2', '1']);
  });
});
