/** Which of a connection's extra parameters are for the client (libpq's words) and which go to the server. */
import type { ConnectSpec } from '../source.ts';

/** Understood here and never sent. */
export const clientParameters = [
  'connect_timeout',
  'keepalives',
  'keepalives_idle',
  'channel_binding',
  'require_auth',
  'sslnegotiation',
  'ssl_min_protocol_version',
  'ssl_max_protocol_version',
  'sslsni',
] as const;
export type ClientParameter = (typeof clientParameters)[number];

/**
 * libpq's words that have no meaning here. The ones about other machines or files are never acted on: a pasted text
 * must not make this program read a file or talk to another host.
 */
export const ignoredParameters: readonly string[] = [
  'gssencmode',
  'gsslib',
  'gssdelegation',
  'krbsrvname',
  'keepalives_interval',
  'keepalives_count',
  'tcp_user_timeout',
  'target_session_attrs',
  'load_balance_hosts',
  'sslcompression',
  'sslcertmode',
  'sslcrl',
  'sslcrldir',
  'sslkeylogfile',
  'requirepeer',
  'requiressl',
  'replication',
  'min_protocol_version',
  'max_protocol_version',
  'service',
  'servicefile',
  'client_encoding',
  'scram_client_key',
  'scram_server_key',
];

const settingName = /^[A-Za-z_][A-Za-z0-9_.$]*$/;
/** Said elsewhere in a connection, or never to be said to a server. */
const notSettings = [
  ...['host', 'hostaddr', 'port', 'dbname', 'user', 'database', 'password', 'passfile'],
  ...['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword'],
];
const never: ReadonlySet<string> = new Set([...clientParameters, ...ignoredParameters, ...notSettings]);

export interface StartupSettings {
  readonly user: string;
  readonly database: string;
  readonly [name: string]: string;
}

/**
 * What the startup packet says. Nothing is sent that was not asked for: poolers refuse settings that they do not know.
 */
export function startupSettings(
  spec: Pick<ConnectSpec, 'user' | 'database' | 'parameters' | 'readOnly'>,
  applicationName: string,
): StartupSettings {
  const settings: Record<string, string> = { user: spec.user, database: spec.database || spec.user };
  const { application_name, fallback_application_name, ...others } = spec.parameters;
  settings.application_name = application_name || fallback_application_name || applicationName;
  for (const [name, value] of Object.entries(others)) {
    if (never.has(name) || !settingName.test(name) || value.includes('\0')) continue;
    settings[name] = value;
  }
  // The session's default, so that RESET and DISCARD ALL keep it. A guard rail, not a wall: SET can turn it off.
  if (spec.readOnly) settings.default_transaction_read_only = 'on';
  return settings as StartupSettings & typeof settings;
}

/** libpq: seconds, 0 or less waits without end. Ten seconds where nothing is said. */
export function connectTimeoutMs(parameters: Readonly<Record<string, string>>): number {
  const seconds = Number(parameters.connect_timeout ?? 10);
  if (!Number.isFinite(seconds)) return 10_000;
  return seconds <= 0 ? 0 : seconds * 1000;
}

/** Null: keepalive off. */
export function keepAliveMs(parameters: Readonly<Record<string, string>>, standardMs: number): number | null {
  if (parameters.keepalives === '0') return null;
  const idle = Number(parameters.keepalives_idle ?? 0);
  return idle > 0 ? idle * 1000 : standardMs;
}
