/**
 * Every cause of "no connection" as a failure of the closed set, with the way out. Decided from errno, SQLSTATE, the
 * server's routine field and OpenSSL's codes; never from message text, which is translated and changes.
 */
import type { ConnectionFailure } from '../../../shared/api/base.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import type { ConnectStep } from './steps.ts';

type Reason = ConnectionFailure['reason'];

/** What a message may name. No secrets. */
export interface Where {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly step: ConnectStep;
  /** Set while the SSH server, and not PostgreSQL, is being reached. */
  readonly sshHost?: string;
}

export const connectionFailure = (
  reason: Reason,
  message: string,
  wayOut?: string,
  more: Partial<ConnectionFailure> = {},
  cause?: unknown,
): FailureError => new FailureError({ kind: 'connection', reason, message, wayOut, ...more }, { cause });

const peerOf = (where: Where): string =>
  where.sshHost ? `the SSH server ${where.sshHost}` : `${where.host}:${where.port}`;

/** The failure for anything thrown while connecting. Failures pass unchanged. */
export function connectFailure(thrown: unknown, where: Where): FailureError {
  if (thrown instanceof FailureError) return thrown;
  const facts = factsOf(thrown);
  return (
    fromSqlstate(facts, where) ??
    fromErrno(facts, where) ??
    fromTlsCode(facts, where) ??
    connectionFailure(
      where.step === 'auth' ? 'unsupportedAuth' : 'lost',
      facts.closed ? `${peerOf(where)} closed the connection before it was ready.` : facts.message,
      'Check that the host and port are those of a PostgreSQL server, and look into its log.',
      facts.closed ? { reason: 'lost' } : {},
      thrown,
    )
  );
}

/** The failure for a link that had been up: the server's last words (57P01 …) or the socket's. */
export function lostFailure(thrown: unknown): FailureError {
  if (thrown instanceof FailureError) return thrown;
  const { sqlstate, message } = factsOf(thrown);
  const reconnect = 'Connect again. Temporary tables, settings, locks and an open transaction of the session are gone.';
  if (sqlstate === '57P01' || sqlstate === '57P02' || sqlstate === '57P03' || sqlstate === '57P04') {
    return connectionFailure('serverShutDown', message, reconnect, { sqlstate }, thrown);
  }
  return connectionFailure(
    'lost',
    sqlstate ? message : 'The connection to the server was lost.',
    reconnect,
    { sqlstate },
    thrown,
  );
}

/** For a link that broke while COMMIT was under way. @param xid with which the server can be asked, where there is one */
export const unknownCommit = (xid: string | undefined, cause: unknown): FailureError =>
  new FailureError(
    {
      kind: 'outcomeUnknown',
      message: 'The connection was lost during COMMIT: what was done may be there or not. Look before doing it again.',
      ...(xid ? { xid } : {}),
    },
    { cause },
  );

interface Facts {
  readonly message: string;
  readonly code: string;
  readonly sqlstate: string | undefined;
  readonly routine: string;
  readonly severity: string;
  readonly closed: boolean;
}

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 10_000) : '');

function factsOf(thrown: unknown): Facts {
  const error: Record<string, unknown> = typeof thrown === 'object' && thrown !== null ? { ...thrown } : {};
  // Several addresses were tried: the first one's answer speaks for all.
  const inner = thrown instanceof AggregateError ? thrown.errors[0] : undefined;
  const code = text(error.code) || text((inner as { code?: unknown } | undefined)?.code);
  const severity = text(error.severity);
  // Only an ErrorResponse carries a severity; a hostile server may send any length as its code.
  const sqlstate = severity ? (/^[0-9A-Z]{5}$/.test(code) ? code : 'XX000') : undefined;
  const message = text(thrown instanceof Error ? (inner instanceof Error ? inner : thrown).message : String(thrown));
  return { message, code, sqlstate, routine: text(error.routine), severity, closed: !code && !severity };
}

function fromSqlstate({ sqlstate, routine, message, severity }: Facts, where: Where): FailureError | undefined {
  if (!sqlstate) return undefined;
  const fail = (reason: Reason, wayOut: string) => connectionFailure(reason, message, wayOut, { sqlstate });
  switch (sqlstate) {
    case '28P01':
      return fail('passwordWrong', `Enter the password of the role ${where.user} again.`);
    case '28000':
      // miscinit.c's routine: the role is missing or may not log in. All else is pg_hba's answer.
      return routine === 'InitializeSessionUserId'
        ? fail('noSuchRole', 'Check the user name; the role must exist and have LOGIN.')
        : fail(
            'notAllowedByHba',
            'Ask for a line in pg_hba.conf that lets this user, database, address and TLS mode in.',
          );
    case '3D000':
    case '57P04':
      return fail('noSuchDatabase', 'Check the spelling (it is case sensitive), or connect to the database postgres.');
    case '42501':
    case '55000':
      if (routine && routine !== 'CheckMyDatabase') break;
      return fail('noConnectRight', `Ask for: GRANT CONNECT ON DATABASE … TO …, or choose another database.`);
    case '53300':
      return fail('tooManyConnections', 'Close other connections, or wait a moment and try again.');
    case '57P03':
      return fail('serverStarting', 'Wait a moment and try again.');
    case '57P01':
    case '57P02':
      return fail('serverShutDown', 'The server is stopping; try again when it is back.');
  }
  return new FailureError({ kind: 'postgres', severity, sqlstate, message });
}

type Words = (where: Where) => readonly [message: string, wayOut: string];

const noSuchHost: Words = ({ sshHost, host }) => [
  `There is no host named ${sshHost ?? host}.`,
  'Check the spelling of the host, or whether a VPN has to be up.',
];
const noNameServer: Words = ({ sshHost, host }) => [
  `The name ${sshHost ?? host} could not be resolved: the name server does not answer.`,
  'Check the network connection of this machine.',
];
const nothingListens: Words = (where) => [
  `Nothing listens at ${peerOf(where)}.`,
  'Check the port, and that the server runs and listens on this address (listen_addresses).',
];
const noSocket: Words = ({ host, port }) => [
  `There is no socket of a server with port ${port} in ${host}.`,
  'Check the folder (unix_socket_directories) and the port.',
];
const notPermitted: Words = (where) => [
  `This user may not open a connection to ${peerOf(where)}.`,
  'Check the permissions of the socket folder, or the firewall of this machine.',
];
const noWay: Words = (where) => [
  `There is no way to ${peerOf(where)} from here.`,
  'Check the network and whether a VPN has to be up.',
];
const brokenOff: Words = (where) => [
  `${peerOf(where)} broke the connection off.`,
  'Check that the port is that of a PostgreSQL server; a firewall or proxy may also do this.',
];
const byErrno = new Map<string, readonly [Reason, Words]>([
  ...['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA'].map((code) => [code, ['unknownHost', noSuchHost]] as const),
  ...['EAI_AGAIN', 'EAI_FAIL'].map((code) => [code, ['unknownHost', noNameServer]] as const),
  ['ECONNREFUSED', ['refused', nothingListens]],
  ['ENOENT', ['refused', noSocket]],
  ...['EACCES', 'EPERM'].map((code) => [code, ['refused', notPermitted]] as const),
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'EADDRNOTAVAIL'].map(
    (code) => [code, ['unreachable', noWay]] as const,
  ),
  ...['ECONNRESET', 'EPIPE', 'ECONNABORTED'].map((code) => [code, ['lost', brokenOff]] as const),
]);

function fromErrno({ code, message }: Facts, where: Where): FailureError | undefined {
  if (code === 'ETIMEDOUT') return timeoutFailure(where);
  if (code === 'ERR_SOCKET_BAD_PORT') return invalid('port', message);
  const found = byErrno.get(code);
  return found && connectionFailure(found[0], ...found[1](where));
}

/** Nothing answered in time; names the step that was waited for. */
export function timeoutFailure(where: Where): FailureError {
  const waitedFor: Record<ConnectStep, string> = {
    resolve: `The name ${where.host} was not resolved in time.`,
    ssh: `The SSH server ${where.sshHost ?? ''} did not answer in time.`,
    tcp: `${peerOf(where)} did not answer in time.`,
    tls: `${peerOf(where)} accepted the connection but did not answer the TLS request in time.`,
    auth: `${peerOf(where)} accepted the connection but did not finish the log-in in time.`,
  };
  return connectionFailure(
    'timeout',
    waitedFor[where.step],
    'Check host and port and the firewalls between; a slow network may need a longer connect_timeout.',
  );
}

/** OpenSSL's words for a certificate that comes from nobody who is trusted. */
export const untrustedCodes: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
]);

function fromTlsCode({ code, message }: Facts, where: Where): FailureError | undefined {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const when = code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet';
    return connectionFailure(
      'tlsExpired',
      `The certificate of ${where.host} ${when}.`,
      'Ask for a renewed certificate; check the clock of this machine.',
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return connectionFailure(
      'tlsHostMismatch',
      `The certificate belongs to another name than ${where.host}. ${message}`,
      'Connect by a name that the certificate lists; verify-ca checks the issuer only.',
    );
  }
  if (untrustedCodes.has(code)) {
    return connectionFailure(
      'tlsUntrusted',
      `The certificate of ${where.host} is not from an issuer that is trusted here (${code}).`,
      'Give the root certificate of your provider or server (PEM) in the TLS section.',
    );
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code.startsWith('ERR_OSSL_')) {
    return connectionFailure(
      'tlsFailed',
      `TLS with ${where.host} failed (${code}).`,
      'Check the TLS settings, the client certificate and which TLS versions the server allows.',
    );
  }
  return undefined;
}
