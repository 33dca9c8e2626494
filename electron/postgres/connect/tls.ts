/**
 * PostgreSQL's way into TLS: the client sends SSLRequest (length 8, code 80877103) and the server answers one byte,
 * 'S' (start TLS now) or 'N' (not offered). Anything more than that byte came from someone who cannot be in the
 * encrypted conversation, and ends the attempt. With sslnegotiation=direct the handshake comes at once.
 */

import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect,
  createSecureContext,
  getCACertificates,
  type PeerCertificate,
  type SecureVersion,
  type TLSSocket,
} from 'node:tls';
import { type FailureError, invalid } from '../../../shared/failure.ts';
import type { ConnectSpec } from '../source.ts';
import { waitFor } from './deadline.ts';
import { connectionFailure } from './failures.ts';
import type { Check } from './ssl-mode.ts';

const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

const notPostgres = (what: string) =>
  connectionFailure(
    'notPostgres',
    `What answers there is not a PostgreSQL server: ${what}.`,
    'Check the host and the port; 5432 is the usual one.',
  );

/** Asks for TLS. True: start the handshake now. False: the server does not offer it. */
export async function requestTls(stream: Duplex, signal: AbortSignal): Promise<boolean> {
  stream.write(sslRequest);
  const answer = await firstBytes(stream, signal);
  if (answer.length > 1 && !isErrorResponse(answer)) {
    throw answer[0] === 0x53 && !answer.toString('latin1').startsWith('SSH-')
      ? connectionFailure(
          'tlsFailed',
          'Unencrypted bytes came between the server’s agreement to TLS and the handshake. Someone may be interfering with the connection.',
          'Do not log in over this network; tell the administrator.',
        )
      : notPostgres('it answered the TLS request with more than one byte');
  }
  switch (answer[0]) {
    case 0x53:
      return true;
    case 0x4e:
      return false;
    case 0x45:
      // The text of an unauthenticated error is not shown: anyone on the way could have written it.
      throw connectionFailure(
        'tlsFailed',
        'The server answered the TLS request with an error.',
        'It may be overloaded or older than TLS support; look into its log.',
      );
    default:
      throw notPostgres('it does not know the TLS request');
  }
}

const isErrorResponse = (answer: Buffer): boolean =>
  answer[0] === 0x45 && answer.length > 5 && answer.readUInt32BE(1) === answer.length - 1;

function firstBytes(stream: Duplex, signal: AbortSignal): Promise<Buffer> {
  return waitFor<Buffer>(signal, (resolve, reject) => {
    const onReadable = () => {
      const chunk: Buffer | null = stream.read();
      if (chunk) resolve(chunk);
    };
    const onEnd = () => reject(new Error('closed'));
    stream.on('readable', onReadable);
    stream.once('error', reject);
    stream.once('end', onEnd);
    stream.once('close', onEnd);
    return () => {
      stream.off('readable', onReadable);
      stream.off('error', reject);
      stream.off('end', onEnd);
      stream.off('close', onEnd);
    };
  });
}

let roots: readonly string[] | undefined;
/** Whom this machine and Node trust, in PEM form. Read once: some 50 ms for a few hundred certificates. */
export function systemAndBundledRoots(): readonly string[] {
  roots ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return roots;
}

type TlsSpec = Pick<ConnectSpec, 'host' | 'sslRootCert' | 'sslCert' | 'sslKey' | 'sslKeyPassphrase' | 'parameters'>;

/** What to hand to node:tls. Throws invalid for text that is no certificate or key. */
export function tlsOptions(spec: TlsSpec, check: Check): ConnectionOptions {
  const verify = check !== 'none';
  assertCertificates(spec.sslRootCert, 'sslRootCert');
  const version = (name: string): SecureVersion | undefined => {
    const value = spec.parameters[name];
    if (!value) return undefined;
    if (value !== 'TLSv1' && value !== 'TLSv1.1' && value !== 'TLSv1.2' && value !== 'TLSv1.3') {
      throw invalid(`parameters.${name}`, 'One of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3.');
    }
    return value;
  };
  const context: ConnectionOptions = {
    ...(verify && { ca: spec.sslRootCert ? spec.sslRootCert : [...systemAndBundledRoots()] }),
    ...(spec.sslCert && {
      cert: spec.sslCert,
      key: spec.sslKey ?? '',
      passphrase: spec.sslKeyPassphrase ?? undefined,
    }),
    minVersion: version('ssl_min_protocol_version') ?? 'TLSv1.2',
    maxVersion: version('ssl_max_protocol_version'),
  };
  if (spec.sslCert && !spec.sslKey) throw invalid('sslKey', 'A client certificate needs its private key (PEM).');
  try {
    createSecureContext(context);
  } catch (thrown) {
    throw keyFailure(thrown, spec);
  }
  return {
    ...context,
    host: spec.host,
    // SNI must not be an address (RFC 6066); libpq's sslsni=0 turns it off.
    ...(isIP(spec.host) === 0 && spec.parameters.sslsni !== '0' && { servername: spec.host }),
    ALPNProtocols: ['postgresql'],
    rejectUnauthorized: verify,
    checkServerIdentity: (_name, certificate) =>
      check === 'chainAndName' ? identityError(spec.host, certificate) : undefined,
  };
}

/** Node's rules, and libpq's one addition: an address may stand in the common name of a certificate without names. */
function identityError(host: string, certificate: PeerCertificate): Error | undefined {
  if (isIP(host) && !certificate.subjectaltname && certificate.subject?.CN === host) return undefined;
  return checkServerIdentity(host, certificate);
}

/** Nothing, or certificates in PEM form. @throws invalid with the field they came from */
export function assertCertificates(pem: string, field: string): void {
  if (pem === '') return;
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length === 0) throw new Error('no certificate');
    for (const block of blocks) new X509Certificate(block);
  } catch {
    throw invalid(field, 'This is not a certificate in PEM form (-----BEGIN CERTIFICATE-----).');
  }
}

function keyFailure(thrown: unknown, spec: TlsSpec): FailureError {
  const code = (thrown as { code?: string }).code ?? '';
  const locked = [
    'ERR_OSSL_BAD_DECRYPT',
    'ERR_OSSL_EVP_BAD_DECRYPT',
    'ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED',
    'ERR_MISSING_PASSPHRASE',
    'ERR_OSSL_PEM_BAD_PASSWORD_READ',
    'ERR_OSSL_PEM_BAD_DECRYPT',
    'ERR_OSSL_INTERRUPTED_OR_CANCELLED',
  ];
  if (locked.includes(code)) {
    return invalid(
      'sslKeyPassphrase',
      spec.sslKeyPassphrase ? 'The passphrase does not open the private key.' : 'The private key needs its passphrase.',
    );
  }
  return invalid('sslCert', `The client certificate and key cannot be used (${code || 'not in PEM form'}).`);
}

/** The handshake over any stream. Rejects with OpenSSL's code; the certificate has been checked when it resolves. */
export function startTls(
  socket: Duplex,
  options: ConnectionOptions,
  direct: boolean,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return waitFor<TLSSocket>(signal, (resolve, reject) => {
    const secure = connect({ ...options, socket: socket as Socket });
    secure.on('error', () => {});
    const onSecure = () => {
      if (direct && secure.alpnProtocol !== 'postgresql') {
        secure.destroy();
        reject(notPostgres('it did not agree to speak PostgreSQL’s protocol over direct TLS'));
      } else resolve(secure);
    };
    const onClose = () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    secure.once('secureConnect', onSecure);
    secure.once('error', reject);
    secure.once('close', onClose);
    return () => {
      secure.off('secureConnect', onSecure);
      secure.off('error', reject);
      secure.off('close', onClose);
    };
  });
}
