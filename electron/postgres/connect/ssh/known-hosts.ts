/**
 * OpenSSH's known_hosts: `[@marker] names type key [comment]`, names separated by commas, with `*`, `?` and `!`, or
 * hashed (`|1|salt|HMAC-SHA1`), with `[host]:port` for ports other than 22. Certificate authorities are not used.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface HostKey {
  /** "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256" … */
  readonly algorithm: string;
  readonly key: Buffer;
}

/** new: never seen. changed: seen with another key. revoked: marked so, for this host. */
export type HostKeyAnswer = 'known' | 'new' | 'changed' | 'revoked';

interface Entry {
  readonly marker: '' | '@revoked' | '@cert-authority';
  readonly names: string;
  readonly algorithm: string;
  readonly key: Buffer;
}

/** How known_hosts names a host: lower case, with the port only where it is not 22. */
export const hostToken = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;

/** The form people compare: `SHA256:` and base64 without padding. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** The algorithm's name, which every SSH key blob begins with (length, then ASCII). */
export function algorithmOf(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return length > 0 && length <= 64 ? key.toString('latin1', 4, 4 + length) : 'unknown';
}

function parse(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const words = line.split(/\s+/);
    const marker = words[0]?.startsWith('@') ? words.shift() : '';
    const [names, algorithm, encoded] = words;
    if (!names || !algorithm || !encoded) continue;
    if (marker !== '' && marker !== '@revoked' && marker !== '@cert-authority') continue;
    entries.push({ marker, names, algorithm, key: Buffer.from(encoded, 'base64') });
  }
  return entries;
}

/** Whether an entry's list of names means this host. A negated name that fits rules the whole entry out. */
function names(list: string, token: string): boolean {
  let fits = false;
  for (const name of list.split(',')) {
    if (name.startsWith('|1|')) fits ||= hashFits(name, token);
    else if (name.startsWith('!')) {
      if (patternFits(name.slice(1), token)) return false;
    } else fits ||= patternFits(name, token);
  }
  return fits;
}

function hashFits(name: string, token: string): boolean {
  const [, , salt, hash] = name.split('|');
  if (!salt || !hash) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(token).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function patternFits(pattern: string, token: string): boolean {
  const source = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(token);
}

export class KnownHosts {
  readonly #entries: readonly Entry[];
  constructor(texts: readonly string[]) {
    this.#entries = texts.flatMap(parse).filter(({ marker }) => marker !== '@cert-authority');
  }

  /** Missing files are empty ones. */
  static async read(files: readonly string[]): Promise<KnownHosts> {
    return new KnownHosts(await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => ''))));
  }

  check(host: string, port: number, key: Buffer): HostKeyAnswer {
    const forHost = this.#for(hostToken(host, port));
    if (this.#entries.some((entry) => entry.marker === '@revoked' && entry.key.equals(key))) return 'revoked';
    if (forHost.some((entry) => entry.key.equals(key))) return 'known';
    // Any other key: this program asks for the known kinds first, so the true server would have shown one of them.
    if (forHost.length > 0) return 'changed';
    const anyPort = this.#for(hostToken(host, 22));
    return port !== 22 && anyPort.some((entry) => entry.key.equals(key)) ? 'known' : 'new';
  }

  /** Kinds of key this host is known by, to be asked for first. */
  algorithms(host: string, port: number): readonly string[] {
    return [...new Set(this.#for(hostToken(host, port)).map(({ algorithm }) => algorithm))];
  }

  #for(token: string): readonly Entry[] {
    return this.#entries.filter((entry) => entry.marker === '' && names(entry.names, token));
  }
}

/** Adds a line to our own file (made with mode 0600). */
export async function trustHostKey(file: string, host: string, port: number, key: HostKey): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const line = `${hostToken(host, port)} ${key.algorithm} ${key.key.toString('base64')}\n`;
  await appendFile(file, line, { mode: 0o600 });
}
