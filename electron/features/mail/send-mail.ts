/** One letter to a mail server, as plain text; the server's refusal in words. */
import { createTransport } from 'nodemailer';
import type { MailServer } from '../../../shared/api/mail.ts';
import { FailureError, failureOf, invalid } from '../../../shared/failure.ts';
import { untrustedCodes } from '../../postgres/connect/failures.ts';
import { assertCertificates, systemAndBundledRoots } from '../../postgres/connect/tls.ts';

export interface Letter {
  readonly subject: string;
  readonly text: string;
}
const withinMs = 20_000;

/** @throws invalid, with the field that is to be looked at */
export async function sendMail(server: MailServer, password: string | null, letter: Letter): Promise<void> {
  const { host, port, encryption, user, from, to, certificate } = server;
  if (encryption === 'none' && user !== '' && !isThisMachine(host))
    throw invalid('encryption', 'A password is not sent to another machine in clear. Choose TLS or STARTTLS.');
  assertCertificates(certificate, 'certificate');
  const ca = certificate === '' ? systemAndBundledRoots() : [...systemAndBundledRoots(), certificate];
  const transport = createTransport({
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    ...(user === '' ? {} : { auth: { user, pass: password ?? '' } }),
    tls: { minVersion: 'TLSv1.2', ca: [...ca] },
    connectionTimeout: withinMs,
    greetingTimeout: withinMs,
    socketTimeout: withinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ from, to: [...to], subject: letter.subject.replaceAll(/\s+/g, ' '), text: letter.text });
  } catch (thrown) {
    throw inWords(thrown, server);
  } finally {
    transport.close();
  }
}

const isThisMachine = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host);

/** By the library's code, which says at which step it was, and the one below it; the server's own words behind it. */
function inWords(thrown: unknown, { host, port }: MailServer): FailureError {
  if (thrown instanceof FailureError) return thrown;
  const { code, response, originalCode } = (thrown ?? {}) as Partial<Record<string, string>>;
  const ofTls = originalCode === undefined ? null : tlsFailure(originalCode, host, port);
  if (ofTls) return ofTls;
  if (originalCode === 'ECONNREFUSED')
    return invalid('port', `Nothing listens at ${host}:${port} (ECONNREFUSED). Check the mail server and the port.`);
  const [field, sentence] = (code === undefined ? undefined : steps[code]) ?? ['host', 'The letter was not taken.'];
  if (response !== undefined) return invalid(field, `${sentence} ${host}:${port} said: ${response}`);
  return invalid(field, `${sentence} (${host}:${port}: ${originalCode ?? failureOf(thrown).message})`);
}

function tlsFailure(code: string, host: string, port: number): FailureError | null {
  if (untrustedCodes.has(code))
    return invalid(
      'certificate',
      `The certificate of ${host} is not from an issuer that is trusted here (${code}). If it is the right server, give its certificate, or its authority's, under Certificate.`,
    );
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return invalid(
      'certificate',
      `The certificate of ${host} ${code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}.`,
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return invalid(
      'host',
      `The certificate belongs to another name than ${host}. Write the name that it was made for.`,
    );
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO')
    return invalid(
      'encryption',
      `${host}:${port} does not speak TLS from the first byte. Choose STARTTLS, or another port.`,
    );
  return null;
}
const steps: Readonly<Record<string, readonly [field: string, sentence: string]>> = {
  EAUTH: ['password', 'The server does not take this user and password.'],
  ENOAUTH: ['password', 'The server wants a user and a password.'],
  EENVELOPE: ['to', 'The server does not take a letter from, or to, these addresses.'],
  EMESSAGE: ['host', 'The server does not take the letter.'],
  ETLS: ['encryption', 'There is no encrypted connection with this server.'],
  ECONNECTION: ['host', 'The mail server was not reached.'],
  ESOCKET: ['host', 'The mail server was not reached, or not as it was asked to be.'],
  ETIMEDOUT: ['host', 'The mail server did not answer in time.'],
  EDNS: ['host', 'There is no machine of this name.'],
};
