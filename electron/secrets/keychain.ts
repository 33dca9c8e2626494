/**
 * The operating system's keychain. Two traps of the library are handled here: without a D-Bus session it quietly uses
 * the Linux kernel's key ring, which is empty again after a restart; and a locked keyring answers "no such password".
 */
import keytar from 'keytar/keytar.js';

const service = 'Howdah';
/** Windows keeps at most 2,560 bytes in one credential: a private key is longer. */
const partLength = process.platform === 'win32' ? 1_200 : Number.POSITIVE_INFINITY;
const partsMark = 'howdah:parts:';
/** Not a secret: that it can be read shows that the keychain is open. */
const sentinel = 'open';

export interface Keychain {
  /** There is a lasting keychain, locked or not. */
  readonly present: boolean;
  /** Tries to open it where it is locked (the system may ask the person). False: it stays locked. */
  open(): Promise<boolean>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
}

export async function findKeychain(): Promise<Keychain> {
  return { present: await isPresent(), open, get, set, remove };
}

/** Listing goes to the Secret Service alone, never to the kernel's key ring: it fails exactly where there is none. */
async function isPresent(): Promise<boolean> {
  try {
    await keytar.findCredentials(`${service} (is there a keychain)`);
    return true;
  } catch {
    return false;
  }
}

async function open(): Promise<boolean> {
  try {
    if ((await keytar.getPassword(service, sentinel)) !== null) return true;
    await keytar.setPassword(service, sentinel, 'yes');
    return (await keytar.getPassword(service, sentinel)) !== null;
  } catch {
    return false;
  }
}

async function get(key: string): Promise<string | null> {
  const value = await keytar.getPassword(service, key);
  if (!value?.startsWith(partsMark)) return value;
  const parts: string[] = [];
  for (let index = 1; index <= Number(value.slice(partsMark.length)); index++) {
    const part = await keytar.getPassword(service, `${key}.${index}`);
    if (part === null) return null;
    parts.push(part);
  }
  return parts.join('');
}

async function set(key: string, value: string): Promise<void> {
  await remove(key);
  if (value.length <= partLength && !value.startsWith(partsMark)) return keytar.setPassword(service, key, value);
  const length = Math.min(partLength, value.length);
  const count = Math.ceil(value.length / length);
  for (let index = 1; index <= count; index++) {
    await keytar.setPassword(service, `${key}.${index}`, value.slice((index - 1) * length, index * length));
  }
  await keytar.setPassword(service, key, `${partsMark}${count}`);
}

async function remove(key: string): Promise<void> {
  const value = await keytar.getPassword(service, key);
  if (value === null) return;
  const parts = value.startsWith(partsMark) ? Number(value.slice(partsMark.length)) : 0;
  for (let index = 1; index <= parts; index++) await keytar.deletePassword(service, `${key}.${index}`);
  await keytar.deletePassword(service, key);
}
