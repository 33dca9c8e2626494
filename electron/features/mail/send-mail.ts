/** One letter to a mail server, as plain text; the server's refusal in words. */
import { createTransport } from 'nodemailer';
import type { MailServer } from '../../../shared/api/mail.ts';
import { FailureError, failureOf, invalid } from '../../../shared/failure.ts';

export interface Letter {
  readonly subject: string;
  readonly text: string;
}
const withinMs = 20_000;

/** @throws invalid, with the field that is to be looked at */
export async function sendMail(server: MailServer, password: string | null, letter: Letter): Promise<void> {
  const { host, port, encryption, user, from, to } = server;
  if (encryption === 'none' && user !== '' && !isThisMachine(host))
    throw invalid('encryption', 'A password is not sent to another machine in clear. Choose TLS or STARTTLS.');
  const transport = createTransport({
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    ...(user === '' ? {} : { auth: { user, pass: password ?? '' } }),
    tls: { minVersion: 'TLSv1.2' },
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

/** By the library's code, which says at which step it was; the server's own words behind it. */
function inWords(thrown: unknown, { host, port }: MailServer): FailureError {
  if (thrown instanceof FailureError) return thrown;
  const { code, response } = (thrown ?? {}) as { code?: string; response?: string };
  const [field, sentence] = (code === undefined ? undefined : steps[code]) ?? ['host', 'The letter was not taken.'];
  const said = response ?? failureOf(thrown).message;
  return invalid(field, `${sentence} ${host}:${port} said: ${said}`);
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
