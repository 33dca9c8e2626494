/** Where each secret is kept: the system's keychain, or our vault once there is one. No value is ever written elsewhere. */
import { join } from 'node:path';
import { z } from 'zod';
import { FailureError, invalid } from '../../shared/failure.ts';
import type { Log, Secrets } from '../platform.ts';
import { findKeychain, type Keychain } from './keychain.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';
import { Vault } from './vault.ts';

export interface SecretsParts {
  readonly dataFolder: string;
  readonly log: Log;
}

const places = z.record(z.string(), z.enum(['keychain', 'vault']));
type Places = z.infer<typeof places>;

const locked = (message: string, wayOut: string) =>
  new FailureError({ kind: 'connection', reason: 'secretsLocked', message, wayOut });

const vaultLocked = () =>
  locked(
    'The vault with the saved passwords is locked.',
    'Unlock it with its passphrase, or enter the password for now.',
  );
const keychainLocked = () =>
  locked(
    'The keychain of this computer is locked.',
    'Unlock it (or log in to the desktop again), or enter the password for now.',
  );

const nothingKeeps = () =>
  new FailureError({
    kind: 'unsupported',
    needs: 'keychain',
    message: 'This computer has no keychain. Make a vault with a passphrase, or enter the password each time.',
  });

/** Reads nothing and asks nobody before the first call. */
export function createSecrets({ dataFolder, log }: SecretsParts): Secrets {
  const vault = new Vault(join(dataFolder, 'vault.json'));
  const register = new Register(join(dataFolder, 'secrets.json'));
  let found: Promise<Keychain> | undefined;
  let unusable = false;
  const keychain = () => {
    found ??= findKeychain();
    return found;
  };
  const hasVault = () =>
    vault.exists((keptAs) =>
      log.warn('The vault is damaged and was set aside; its passwords are asked for again.', { keptAs }),
    );

  async function state(): Promise<'keychain' | 'vault' | 'vaultLocked' | 'none'> {
    if (await hasVault()) return vault.isOpen ? 'vault' : 'vaultLocked';
    return !unusable && (await keychain()).present ? 'keychain' : 'none';
  }

  /** A keychain that holds nothing of ours and cannot be opened (no desktop to ask on) is as good as none. */
  async function openKeychain(): Promise<Keychain> {
    const chain = await keychain();
    if (await chain.open()) return chain;
    unusable = !Object.values(await register.read()).includes('keychain');
    throw unusable ? nothingKeeps() : keychainLocked();
  }

  /** The other word for locked: the library fails where the person dismissed the question, or nobody can be asked. */
  const readNow = (chain: Keychain, key: string) =>
    chain.get(key).catch((thrown: unknown) => {
      log.warn('The keychain could not be read.', { reason: String(thrown) });
      throw keychainLocked();
    });

  async function fromKeychain(key: string): Promise<string | null> {
    const chain = await keychain();
    if (!chain.present) return null;
    const value = await readNow(chain, key);
    if (value !== null || (await register.read())[key] !== 'keychain') return value;
    // It was put there, and is not to be seen: locked, or removed by someone else.
    return await readNow(await openKeychain(), key);
  }

  async function fromVault(key: string): Promise<string | null> {
    if (!(await hasVault())) return null;
    if (!vault.isOpen) throw vaultLocked();
    return await vault.get(key);
  }

  async function set(key: string, value: string): Promise<void> {
    switch (await state()) {
      case 'vault':
        await vault.set(key, value);
        return await register.put(key, 'vault');
      case 'vaultLocked':
        throw vaultLocked();
      case 'keychain':
        await (await openKeychain()).set(key, value);
        return await register.put(key, 'keychain');
      case 'none':
        throw nothingKeeps();
    }
  }

  return {
    state,
    set,
    get: async (key) => {
      const place = (await register.read())[key];
      if (place === 'vault') return await fromVault(key);
      if (place === 'keychain') return await fromKeychain(key);
      return null;
    },
    remove: async (key) => {
      const place = (await register.read())[key];
      if (place === 'vault') await vault.remove(key);
      if (place === 'keychain') await (await keychain()).remove(key);
      await register.put(key, null);
    },
    savedKeys: async () => Object.keys(await register.read()),
    unlockVault: async (passphrase, create) => {
      const there = await hasVault();
      if (create && there) throw invalid('passphrase', 'There is a vault already; unlock it.');
      await (create ? vault.create(passphrase) : vault.unlock(passphrase));
    },
  };
}

/** Which secrets are kept, and where: names only. Without it a locked keychain could not be told from an empty one. */
class Register {
  readonly #path: string;
  #changes: Promise<unknown> = Promise.resolve();
  constructor(path: string) {
    this.#path = path;
  }

  /** A damaged file counts as empty: the passwords are asked for again. */
  async read(): Promise<Places> {
    const text = await readPrivateFile(this.#path);
    try {
      return text === null ? {} : places.parse(JSON.parse(text));
    } catch {
      return {};
    }
  }

  put(key: string, place: 'keychain' | 'vault' | null): Promise<void> {
    const changed = this.#changes.then(async () => {
      const { [key]: before, ...others } = await this.read();
      if (before === place || (place === null && before === undefined)) return;
      await writePrivateFile(this.#path, JSON.stringify(place === null ? others : { ...others, [key]: place }));
    });
    this.#changes = changed.catch(() => {});
    return changed;
  }
}
