/** A connection's secrets: what was entered for now (in memory, until quit) before what is kept for good. */
import type { Connection, SecretInputs } from '../../../shared/api/connections.ts';
import { secretNames } from '../../../shared/api/connections.ts';
import { FailureError } from '../../../shared/failure.ts';
import type { Secrets } from '../../platform.ts';

export type SecretName = (typeof secretNames)[number];

export class ConnectionSecrets {
  readonly #kept: Secrets;
  readonly #entered = new Map<string, SecretInputs>();

  constructor(kept: Secrets) {
    this.#kept = kept;
  }

  /** For this run of the program only. An empty string takes the word back. */
  enter(id: string, secrets: SecretInputs): void {
    const merged = { ...this.#entered.get(id), ...defined(secrets) };
    this.#entered.set(id, Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== '')));
  }

  /**
   * Saves what was entered in the form. With `ask` the password is not kept, only remembered until quit, as is
   * everything where there is nothing to keep it in. Throws secretsLocked before anything is changed.
   */
  async save(id: string, secrets: SecretInputs, password: Connection['password']): Promise<void> {
    for (const [name, value] of entries(secrets)) {
      const stays = value !== '' && !(name === 'password' && password !== 'keychain');
      if (stays) await this.#keepOrRemember(id, name, value);
      else {
        await this.#kept.remove(keyOf(id, name));
        this.enter(id, { [name]: value });
      }
    }
    if (password === 'none') this.enter(id, { password: '' });
    if (password !== 'keychain') await this.#kept.remove(keyOf(id, 'password'));
  }

  async #keepOrRemember(id: string, name: SecretName, value: string): Promise<void> {
    try {
      await this.#kept.set(keyOf(id, name), value);
      this.enter(id, { [name]: '' });
    } catch (thrown) {
      if (!(thrown instanceof FailureError) || thrown.failure.kind !== 'unsupported') throw thrown;
      this.enter(id, { [name]: value });
    }
  }

  /** Null where there is none. Throws secretsLocked where it is kept and cannot be read now. */
  async get(id: string, name: SecretName): Promise<string | null> {
    return this.#entered.get(id)?.[name] ?? (await this.#kept.get(keyOf(id, name)));
  }

  /** Names of what is kept for good, by connection. */
  async saved(): Promise<ReadonlyMap<string, SecretName[]>> {
    const found = new Map<string, SecretName[]>();
    for (const key of await this.#kept.savedKeys()) {
      const slash = key.lastIndexOf('/');
      const name = secretNames.find((each) => each === key.slice(slash + 1));
      if (name) found.set(key.slice(0, slash), [...(found.get(key.slice(0, slash)) ?? []), name]);
    }
    return found;
  }

  /** What can be read now goes to the copy; the rest is asked for there. */
  async copy(from: string, to: string, password: Connection['password']): Promise<void> {
    for (const name of secretNames) {
      const value = await this.get(from, name).catch(() => null);
      if (value) await this.save(to, { [name]: value }, password);
    }
  }

  async forget(id: string): Promise<void> {
    this.#entered.delete(id);
    for (const name of (await this.saved()).get(id) ?? []) await this.#kept.remove(keyOf(id, name));
  }
}

const keyOf = (id: string, name: SecretName) => `${id}/${name}`;

const entries = (secrets: SecretInputs): [SecretName, string][] =>
  secretNames.flatMap((name) => {
    const value = secrets[name];
    return value === undefined ? [] : [[name, value]];
  });

const defined = (secrets: SecretInputs): SecretInputs => Object.fromEntries(entries(secrets));
