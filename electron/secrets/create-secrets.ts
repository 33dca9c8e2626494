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
export const createSecrets = (parts: SecretsParts): Secrets => new KeptSecrets(parts);

class KeptSecrets implements Secrets {
  readonly #log: Log;
  readonly #vault: Vault;
  readonly #register: Register;
  #found: Promise<Keychain> | undefined;
  #unusable = false;

  constructor({ dataFolder, log }: SecretsParts) {
    this.#log = log;
    this.#vault = new Vault(join(dataFolder, 'vault.json'));
    this.#register = new Register(join(dataFolder, 'secrets.json'));
  }

  async state(): Promise<'keychain' | 'vault' | 'vaultLocked' | 'none'> {
    if (await this.#hasVault()) return this.#vault.isOpen ? 'vault' : 'vaultLocked';
    return !this.#unusable && (await this.#keychain()).present ? 'keychain' : 'none';
  }

  async get(key: string): Promise<string | null> {
    const place = (await this.#register.read())[key];
    if (place === 'vault') return await this.#fromVault(key);
    return place === 'keychain' ? await this.#fromKeychain(key) : null;
  }

  async set(key: string, value: string): Promise<void> {
    switch (await this.state()) {
      case 'vault':
        await this.#vault.set(key, value);
        return await this.#register.put(key, 'vault');
      case 'vaultLocked':
        throw vaultLocked();
      case 'keychain':
        await (await this.#openKeychain()).set(key, value);
        return await this.#register.put(key, 'keychain');
      case 'none':
        throw nothingKeeps();
    }
  }

  async remove(key: string): Promise<void> {
    const place = (await this.#register.read())[key];
    if (place === 'vault') await this.#vault.remove(key);
    if (place === 'keychain') await (await this.#keychain()).remove(key);
    await this.#register.put(key, null);
  }

  async savedKeys(): Promise<readonly string[]> {
    return Object.keys(await this.#register.read());
  }

  async unlockVault(passphrase: string, create: boolean): Promise<void> {
    if (create && (await this.#hasVault())) throw invalid('passphrase', 'There is a vault already; unlock it.');
    await (create ? this.#vault.create(passphrase) : this.#vault.unlock(passphrase));
  }

  #hasVault(): Promise<boolean> {
    return this.#vault.exists((keptAs) =>
      this.#log.warn('The vault is damaged and was set aside; its passwords are asked for again.', { keptAs }),
    );
  }

  #keychain(): Promise<Keychain> {
    this.#found ??= findKeychain();
    return this.#found;
  }

  /** A keychain that holds nothing of ours and cannot be opened (no desktop to ask on) is as good as none. */
  async #openKeychain(): Promise<Keychain> {
    const chain = await this.#keychain();
    if (await chain.open()) return chain;
    this.#unusable = !Object.values(await this.#register.read()).includes('keychain');
    throw this.#unusable ? nothingKeeps() : keychainLocked();
  }

  async #fromVault(key: string): Promise<string | null> {
    if (!(await this.#hasVault())) return null;
    if (!this.#vault.isOpen) throw vaultLocked();
    return await this.#vault.get(key);
  }

  async #fromKeychain(key: string): Promise<string | null> {
    const chain = await this.#keychain();
    if (!chain.present) return null;
    const value = await this.#readNow(chain, key);
    // It was put there: not to be seen, it is locked, or was removed by someone else.
    return value ?? (await this.#readNow(await this.#openKeychain(), key));
  }

  /** The other word for locked: the library fails where the person dismissed the question, or nobody can be asked. */
  #readNow(chain: Keychain, key: string): Promise<string | null> {
    return chain.get(key).catch((thrown: unknown) => {
      this.#log.warn('The keychain could not be read.', { reason: String(thrown) });
      throw keychainLocked();
    });
  }
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
