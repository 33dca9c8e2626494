/**
 * One connection to PostgreSQL, from a spec to a pg client that is ready for queries. The stream is made here (plain,
 * TLS, or inside an SSH tunnel) and handed to pg ready, so that all ways share the checks, the times and the cancel.
 */
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { Client, type ClientConfig, Connection } from 'pg';
import { FailureError } from '../../../shared/failure.ts';
import type { ConnectSpec } from '../source.ts';
import { type Deadline, startDeadline, waitFor } from './deadline.ts';
import { connectFailure, connectionFailure, timeoutFailure, type Where } from './failures.ts';
import { LoginRules } from './login-rules.ts';
import { connectTimeoutMs, type StartupSettings, startupSettings } from './parameters.ts';
import { findPath, type Path } from './path.ts';
import { asPgStream, brokenLogin, guardParser } from './pg-stream.ts';
import { type TlsAttempt, tlsAttempts } from './ssl-mode.ts';
import { type StepEvent, Steps } from './steps.ts';
import { requestTls, startTls, tlsOptions } from './tls.ts';

export interface ConnectOptions {
  /** The session's own subclass; the stream it gets is connected, and `connect()` on it only says so. */
  readonly makeConnection?: (stream: Duplex) => Connection;
  readonly onStep?: (event: StepEvent) => void;
  readonly signal?: AbortSignal;
  readonly applicationName?: string;
}

/** How the bytes travel. */
export interface Transport {
  /** In words: "TLSv1.3, certificate and host name verified", "not encrypted (loopback)". */
  readonly summary: string;
  readonly used: boolean;
  /** The server's identity was checked: issuer and host name. */
  readonly verified: boolean;
  readonly protocol?: string;
  readonly cipher?: string;
  /** A stream to the same server, with the same TLS and tunnel, on which a CancelRequest may be written. */
  openCancelStream(signal?: AbortSignal): Promise<Duplex>;
  /** Ends the stream and the tunnel at once. `client.end()` before it says goodbye to the server. */
  close(): void;
}

export interface Connected {
  readonly client: Client;
  readonly transport: Transport;
}

/**
 * Connects, or throws a FailureError that says why not and what would help. An error after that is emitted by the
 * client (`error`, `end`); a listener that swallows it is attached here, so that it never ends the process.
 */
export async function connectClient(spec: ConnectSpec, options: ConnectOptions = {}): Promise<Connected> {
  const steps = new Steps(options.onStep);
  const timeoutMs = connectTimeoutMs(spec.parameters);
  const deadline = startDeadline(timeoutMs, () => timeoutFailure(whereOf(spec, steps)), options.signal);
  try {
    return await connectWithin(spec, options, steps, deadline);
  } catch (thrown) {
    throw connectFailure(thrown, whereOf(spec, steps));
  } finally {
    deadline.clear();
  }
}

const whereOf = (spec: ConnectSpec, steps: Steps): Where => ({
  host: spec.host,
  port: spec.port,
  database: spec.database,
  user: spec.user,
  step: steps.current,
  sshHost: spec.ssh && (steps.current === 'resolve' || steps.current === 'ssh') ? spec.ssh.host : undefined,
});

async function connectWithin(
  spec: ConnectSpec,
  options: ConnectOptions,
  steps: Steps,
  deadline: Deadline,
): Promise<Connected> {
  const { path, first } = await findPath(spec, steps, deadline.signal);
  let stream: Duplex | undefined = first;
  const attempts = path.unixSocket
    ? tlsAttempts('disable', true, false)
    : tlsAttempts(spec.sslMode, path.local, spec.sslRootCert !== '');
  try {
    for (const [index, attempt] of attempts.entries()) {
      stream ??= await path.open(deadline.signal);
      try {
        return await attemptLogin(spec, options, steps, deadline, { path, stream, attempt });
      } catch (thrown) {
        stream.destroy();
        stream = undefined;
        if (index === attempts.length - 1 || !worthOtherWay(thrown, attempt)) throw thrown;
      }
    }
    throw new RangeError('a mode without attempts');
  } catch (thrown) {
    stream?.destroy();
    path.close();
    throw thrown;
  }
}

/**
 * `allow` and `prefer` go on to their other attempt where this way was refused: TLS failed, or pg_hba.conf has no line
 * for it (28000). A wrong password is wrong both ways and is not sent twice.
 */
function worthOtherWay(thrown: unknown, attempt: TlsAttempt): boolean {
  if (thrown instanceof FailureError) {
    const { failure } = thrown;
    if (failure.kind !== 'connection') return false;
    return failure.reason === 'notAllowedByHba' || (attempt.tls && failure.reason === 'tlsFailed');
  }
  return true;
}

interface Attempt {
  readonly path: Path;
  readonly stream: Duplex;
  readonly attempt: TlsAttempt;
}

async function attemptLogin(
  spec: ConnectSpec,
  options: ConnectOptions,
  steps: Steps,
  deadline: Deadline,
  { path, stream, attempt }: Attempt,
): Promise<Connected> {
  const secured = await secureStep(spec, steps, deadline.signal, { path, stream, attempt });
  const client = await steps.run('auth', () => logIn(spec, options, deadline.signal, { path, attempt, ...secured }));
  const ready = secured.secure ?? secured.stream;
  ready.once('close', path.close);
  const transport: Transport = {
    ...transportFacts(path, attempt, secured.secure),
    openCancelStream: (signal) => openCancelStream(spec, path, attempt, secured.secure !== null, signal),
    close: () => {
      ready.destroy();
      stream.destroy();
      path.close();
    },
  };
  return { client, transport };
}

interface Secured {
  readonly stream: Duplex;
  readonly secure: TLSSocket | null;
}

async function secureStep(spec: ConnectSpec, steps: Steps, signal: AbortSignal, attempt: Attempt): Promise<Secured> {
  if (!attempt.attempt.tls) {
    steps.skip('tls', transportFacts(attempt.path, attempt.attempt, null).summary);
    return { stream: attempt.stream, secure: null };
  }
  const secure = await steps.run(
    'tls',
    () => secureStream(spec, attempt.stream, attempt.attempt, signal),
    (made) => transportFacts(attempt.path, attempt.attempt, made).summary,
  );
  return { stream: attempt.stream, secure };
}

/** Null: the server offers no TLS, and the mode allows to go on without. */
async function secureStream(
  spec: ConnectSpec,
  stream: Duplex,
  attempt: TlsAttempt,
  signal: AbortSignal,
): Promise<TLSSocket | null> {
  const options = tlsOptions(spec, attempt.check);
  const direct = spec.parameters.sslnegotiation === 'direct' && !attempt.plainIfNotOffered;
  if (!direct && !(await requestTls(stream, signal))) {
    if (attempt.plainIfNotOffered) return null;
    throw connectionFailure(
      'tlsNotOffered',
      `${spec.host}:${spec.port} does not offer TLS, and the TLS mode ${spec.sslMode} demands it. Nothing was sent.`,
      'Turn TLS on at the server; or, on a network that you trust, choose the TLS mode "disable", or use an SSH tunnel.',
    );
  }
  return await startTls(stream, options, direct, signal);
}

function transportFacts(
  path: Path,
  attempt: TlsAttempt,
  secure: TLSSocket | null,
): Pick<Transport, 'summary' | 'used' | 'verified' | 'protocol' | 'cipher'> {
  const parts: string[] = [];
  if (secure) {
    parts.push(secure.getProtocol() ?? 'TLS');
    if (attempt.check === 'chainAndName') parts.push('certificate and host name verified');
    else if (attempt.check === 'chain') parts.push('certificate issuer verified, host name not checked');
    else parts.push('certificate not verified');
  } else if (path.unixSocket) parts.push('not encrypted (Unix-domain socket)');
  else if (path.local && !path.via) parts.push('not encrypted (loopback)');
  else parts.push(path.via ? 'no TLS inside the tunnel' : 'not encrypted');
  if (path.via) parts.push(path.via);
  return {
    summary: parts.join(', '),
    used: secure !== null,
    verified: secure !== null && attempt.check === 'chainAndName',
    protocol: secure?.getProtocol() ?? undefined,
    cipher: secure?.getCipher().name,
  };
}

async function openCancelStream(
  spec: ConnectSpec,
  path: Path,
  attempt: TlsAttempt,
  encrypted: boolean,
  caller?: AbortSignal,
): Promise<Duplex> {
  const timedOut = () => connectionFailure('timeout', 'The server did not take the cancel request in time.');
  const deadline = startDeadline(connectTimeoutMs(spec.parameters), timedOut, caller);
  try {
    const stream = await path.open(deadline.signal);
    stream.on('error', () => {});
    if (!encrypted) return stream;
    // The session is encrypted: its cancel key goes encrypted too, or not at all.
    const secure = await secureStream(spec, stream, { ...attempt, plainIfNotOffered: false }, deadline.signal);
    return secure ?? stream;
  } catch (thrown) {
    throw connectFailure(thrown, { ...spec, step: 'tcp' });
  } finally {
    deadline.clear();
  }
}

/** pg's client, saying exactly our settings at startup: pg would mix in PG* variables of this machine. */
class HandedClient extends Client {
  readonly #settings: StartupSettings;
  constructor(config: ClientConfig & { connection: Connection }, settings: StartupSettings) {
    super(config);
    this.#settings = settings;
  }
  getStartupConf(): StartupSettings {
    return this.#settings;
  }
}

async function logIn(
  spec: ConnectSpec,
  options: ConnectOptions,
  signal: AbortSignal,
  { path, attempt, stream: raw, secure }: { path: Path; attempt: TlsAttempt } & Secured,
): Promise<Client> {
  const stream = asPgStream(secure ?? raw);
  const connection = options.makeConnection?.(stream) ?? handedConnection(stream);
  const rules = new LoginRules(spec.parameters, {
    encrypted: secure !== null,
    peerKnown: path.local || path.via !== '' || (secure !== null && attempt.check === 'chainAndName'),
    user: spec.user,
  });
  rules.watch(connection, (failure) => stream.destroy(failure));
  const config = {
    connection,
    host: spec.host,
    port: spec.port,
    user: spec.user,
    database: spec.database || spec.user,
    // Asked for only when the server wants one; pg would otherwise read ~/.pgpass by itself.
    password: async () => {
      const failure = rules.refusal() ?? (spec.password ? undefined : passwordNeeded(spec));
      if (failure) throw failure;
      return spec.password ?? '';
    },
    ssl: false,
    sslnegotiation: 'postgres' as const,
    enableChannelBinding: rules.offerBinding,
  };
  const client = new HandedClient(config, startupSettings(spec, options.applicationName ?? 'Howdah'));
  client.on('error', () => {});
  await waitFor<void>(signal, (resolve, reject) => {
    client.connect().then(
      () => resolve(),
      (thrown) => reject(refusedReadOnly(spec, thrown) ?? (isOwnWord(thrown, stream) ? brokenLogin(thrown) : thrown)),
    );
    guardParser(stream);
    return () => {};
  });
  return client;
}

/** An error that is neither the server's nor the socket's, while the line still stands: pg gave the log-in up. */
const isOwnWord = (thrown: unknown, stream: Duplex): thrown is Error =>
  thrown instanceof Error &&
  !(thrown instanceof FailureError) &&
  (thrown as { code?: string }).code === undefined &&
  !stream.destroyed &&
  !stream.readableEnded;

/**
 * A pooler that does not know the setting. It is not sent as a SET instead: in transaction pooling that would make
 * other people's transactions read-only.
 */
function refusedReadOnly(spec: ConnectSpec, thrown: { code?: string }): FailureError | undefined {
  if (!spec.readOnly || thrown.code !== '08P01') return undefined;
  return new FailureError({
    kind: 'unsupported',
    needs: 'default_transaction_read_only',
    message:
      'What answers is a pooler that does not allow a read-only connection. Connect to the server directly, or turn "read only" off.',
  });
}

const passwordNeeded = (spec: ConnectSpec) =>
  connectionFailure('passwordNeeded', `The server asks for the password of ${spec.user}.`, 'Enter the password.');

/** pg's types know the stream only as a function, pg itself also as the thing. */
function handedConnection(stream: Duplex): Connection {
  return new Connection({ stream: () => stream });
}
