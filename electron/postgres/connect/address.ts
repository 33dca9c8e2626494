/** From a host name to addresses, and which addresses never leave this machine. */
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { waitFor } from './deadline.ts';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** A host that is the folder of a Unix-domain socket (`@` is Linux's abstract namespace, as in libpq). */
export const isSocketFolder = (host: string): boolean => host.startsWith('/') || host.startsWith('@');

/** The socket's path as PostgreSQL names it. */
export function socketPath(folder: string, port: number): string {
  const path = `${folder}/.s.PGSQL.${port}`;
  return path.startsWith('@') ? `\0${path.slice(1)}` : path;
}

/** True for addresses (not names) that stay on this machine. */
export function isLoopbackAddress(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:/, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

/** For the far end of a tunnel, which this machine cannot resolve: the names that mean the SSH server itself. */
export const isLoopbackHost = (host: string): boolean =>
  host === '' || host.toLowerCase() === 'localhost' || isLoopbackAddress(host) || isSocketFolder(host);

/** All addresses of a host in the resolver's order. Rejects with the resolver's own error (ENOTFOUND, EAI_AGAIN). */
export async function resolveHost(host: string, signal: AbortSignal): Promise<readonly Address[]> {
  const family = isIP(host);
  if (family === 4 || family === 6) return [{ address: host, family }];
  return await waitFor<readonly Address[]>(signal, (resolve, reject) => {
    lookup(host, { all: true, order: 'verbatim' }, (error, found) => {
      if (error) reject(error);
      else resolve(found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 })));
    });
    return () => {};
  });
}
