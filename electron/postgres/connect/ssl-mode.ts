/**
 * libpq's sslmode words as a plan: which attempts to make, in order, and what each demands of the certificate.
 *
 * | mode        | first | if the server will not | certificate                             |
 * | disable     | plain |                        |                                         |
 * | allow       | plain | TLS                    | not looked at                           |
 * | prefer      | TLS   | plain                  | not looked at                           |
 * | require     | TLS   |                        | chain, but only where a root was given  |
 * | verify-ca   | TLS   |                        | chain                                   |
 * | verify-full | TLS   |                        | chain and host name                     |
 */
import type { ConnectSpec } from '../source.ts';

export type SslMode = ConnectSpec['sslMode'];
export type Check = 'none' | 'chain' | 'chainAndName';

export interface TlsAttempt {
  readonly tls: boolean;
  readonly check: Check;
  /** Whether a server's 'N' to the SSLRequest may be followed by plain text on the same socket. */
  readonly plainIfNotOffered: boolean;
}

const plain: TlsAttempt = { tls: false, check: 'none', plainIfNotOffered: false };
const encrypted = (check: Check, plainIfNotOffered = false): TlsAttempt => ({ tls: true, check, plainIfNotOffered });

/**
 * @param local the server was reached without leaving this machine (or, in a tunnel, the SSH server)
 * @param hasRoot the connection brings its own root certificate
 */
export function tlsAttempts(mode: SslMode, local: boolean, hasRoot: boolean): readonly TlsAttempt[] {
  switch (mode) {
    case 'auto':
      return local ? [plain] : [encrypted('chainAndName')];
    case 'disable':
      return [plain];
    case 'allow':
      return [plain, encrypted('none')];
    case 'prefer':
      return [encrypted('none', true), plain];
    case 'require':
      return [encrypted(hasRoot ? 'chain' : 'none')];
    case 'verify-ca':
      return [encrypted('chain')];
    case 'verify-full':
      return [encrypted('chainAndName')];
  }
}
