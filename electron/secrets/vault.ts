/**
 * The encrypted file for machines without a keychain. The passphrase becomes a key by scrypt; every secret is sealed
 * with AES-256-GCM under its own nonce, with its name as associated data, so that no blob opens under another name.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { z } from 'zod';
import { invalid } from '../../shared/failure.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

const vaultFile = z.object({
  howdahVault: z.literal(1),
  /** 128 * N * r bytes of memory: 128 MiB with the standard numbers. The limits keep a foreign file from asking for all. */
  scrypt: z.object({
    N: z
      .number()
      .int()
      .min(2 ** 14)
      .max(2 ** 20),
    r: z.literal(8),
    p: z.number().int().min(1).max(4),
    salt: z.string().length(44),
  }),
  check: z.string(),
  secrets: z.record(z.string(), z.string()),
});
type VaultFile = z.infer<typeof vaultFile>;

const standard = { N: 2 ** 17, r: 8 as const, p: 1 };
const checkName = 'howdah:vault:check';
const nonceLength = 12;
const tagLength = 16;

function deriveKey(passphrase: string, { salt, N, r, p }: VaultFile['scrypt']): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N, r, p, maxmem: 128 * N * r + 32 * 1024 * 1024 };
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), 32, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function seal(key: Buffer, name: string, value: string): string {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
  return Buffer.concat([nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Null: not sealed with this key and name, or damaged. */
function unseal(key: Buffer, name: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < nonceLength + tagLength) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceLength), { authTagLength: tagLength });
    decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(-tagLength));
    const start = decipher.update(bytes.subarray(nonceLength, -tagLength));
    return Buffer.concat([start, decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

export class Vault {
  readonly #path: string;
  #key: Buffer | null = null;
  /** Changes wait for each other: each one reads the file anew, because another window may have written. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  get isOpen(): boolean {
    return this.#key !== null;
  }

  /**
   * Whether there is a vault. A file that cannot be read as one is renamed, never deleted, and `damaged` is told its
   * new name; the secrets in it have to be entered again.
   */
  async exists(damaged: (keptAs: string) => void): Promise<boolean> {
    const text = await readPrivateFile(this.#path);
    if (text === null) return false;
    if (parsed(text)) return true;
    const keptAs = `${this.#path}.damaged-${Date.now()}`;
    await rename(this.#path, keptAs);
    this.#key = null;
    damaged(keptAs);
    return false;
  }

  async create(passphrase: string): Promise<void> {
    const kdf = { ...standard, salt: randomBytes(32).toString('base64') };
    const key = await deriveKey(passphrase, kdf);
    const file: VaultFile = { howdahVault: 1, scrypt: kdf, check: seal(key, checkName, 'open'), secrets: {} };
    await writePrivateFile(this.#path, JSON.stringify(file));
    this.#key = key;
  }

  /** Throws invalid for a wrong passphrase. */
  async unlock(passphrase: string): Promise<void> {
    const file = await this.#read();
    if (!file) throw invalid('passphrase', 'There is no vault yet.');
    const key = await deriveKey(passphrase, file.scrypt);
    if (unseal(key, checkName, file.check) !== 'open')
      throw invalid('passphrase', 'The passphrase does not open the vault.');
    this.#key = key;
  }

  /** Null: not there, or its blob is damaged or was moved from another name. */
  async get(name: string): Promise<string | null> {
    const sealed = (await this.#read())?.secrets[name];
    return sealed === undefined ? null : unseal(this.#opened(), name, sealed);
  }

  set(name: string, value: string): Promise<void> {
    const sealed = seal(this.#opened(), name, value);
    return this.#change((secrets) => ({ ...secrets, [name]: sealed }));
  }

  remove(name: string): Promise<void> {
    return this.#change(({ [name]: _gone, ...others }) => others);
  }

  #change(change: (secrets: VaultFile['secrets']) => VaultFile['secrets']): Promise<void> {
    const changed = this.#changes.then(async () => {
      const file = await this.#read();
      if (file) await writePrivateFile(this.#path, JSON.stringify({ ...file, secrets: change(file.secrets) }));
    });
    this.#changes = changed.catch(() => {});
    return changed;
  }

  #opened(): Buffer {
    if (!this.#key) throw new RangeError('the vault is locked');
    return this.#key;
  }

  async #read(): Promise<VaultFile | null> {
    const text = await readPrivateFile(this.#path);
    return text === null ? null : parsed(text);
  }
}

function parsed(text: string): VaultFile | null {
  try {
    return vaultFile.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
