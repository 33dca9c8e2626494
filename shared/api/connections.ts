/** Saved connections, how they are entered and imported, their secrets, and the step-by-step test. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { admin, failure, id, viewer } from './base.ts';

/** libpq's words and meaning; `auto` uses no TLS on loopback and sockets, verify-full elsewhere. */
export const sslModes = ['auto', 'disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export const environments = ['development', 'staging', 'production'] as const;
export const connectionColors = ['none', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'] as const;

const line = (max: number) => z.string().max(max);

export const sshTunnel = z.object({
  host: line(255),
  port: z.number().int().min(1).max(65535),
  user: line(255),
  auth: z.enum(['agent', 'key', 'password']),
});

/** Everything about a connection that is not secret. */
export const connection = z.object({
  id,
  name: line(200),
  /** Empty: not in a group. A slash nests. */
  group: line(200),
  tags: z.array(line(60)).max(20),
  color: z.enum(connectionColors),
  environment: z.enum(environments),
  region: line(100),
  provider: line(100),
  /** Host name, address, or the folder of a Unix-domain socket (starts with a slash). */
  host: line(1024),
  port: z.number().int().min(1).max(65535),
  database: line(200),
  user: line(200),
  sslMode: z.enum(sslModes),
  /** PEM text. Empty: the system's and Node's roots. */
  sslRootCert: line(1_000_000),
  /** PEM text of the client certificate; its key is a secret. */
  sslCert: line(1_000_000),
  ssh: sshTunnel.nullable(),
  readOnly: z.boolean(),
  onConnectSql: line(100_000),
  /** Where a missing password comes from. */
  password: z.enum(['keychain', 'ask', 'none']),
  /** Extra run-time settings from a URL or keyword string (options, application_name, connect_timeout, …). */
  parameters: z.record(line(64), line(4096)),
  createdAtMs: z.number(),
  usedAtMs: z.number().nullable(),
});
export type Connection = z.infer<typeof connection>;
/** What the form sends: without id and times. */
export const connectionDraft = connection.omit({ id: true, createdAtMs: true, usedAtMs: true });
export type ConnectionDraft = z.infer<typeof connectionDraft>;

/** What a new connection begins with. */
export const newConnection: ConnectionDraft = {
  name: '',
  group: '',
  tags: [],
  color: 'none',
  environment: 'development',
  region: '',
  provider: '',
  host: 'localhost',
  port: 5432,
  database: 'postgres',
  user: 'postgres',
  sslMode: 'auto',
  sslRootCert: '',
  sslCert: '',
  ssh: null,
  readOnly: false,
  onConnectSql: '',
  password: 'keychain',
  parameters: {},
};

/** Secrets go in and never come out. Undefined: leave as it is. Empty string: forget it. */
export const secretInputs = z.object({
  password: line(10_000).optional(),
  sshPassword: line(10_000).optional(),
  sshPrivateKey: line(100_000).optional(),
  sshPassphrase: line(10_000).optional(),
  sslKey: line(100_000).optional(),
  sslKeyPassphrase: line(10_000).optional(),
});
export type SecretInputs = z.infer<typeof secretInputs>;
export const secretNames = [
  'password',
  'sshPassword',
  'sshPrivateKey',
  'sshPassphrase',
  'sslKey',
  'sslKeyPassphrase',
] as const;

export const listedConnection = connection.extend({ savedSecrets: z.array(z.enum(secretNames)) });
export type ListedConnection = z.infer<typeof listedConnection>;

export const testStepNames = ['resolve', 'ssh', 'tcp', 'tls', 'auth', 'query'] as const;
export const serverCheck = z.object({
  version: z.string(),
  versionNum: z.number().int(),
  role: z.string(),
  powers: z.array(
    z.enum([
      'superuser',
      'createdb',
      'createrole',
      'replication',
      'bypassrls',
      'pg_monitor',
      'pg_read_all_data',
      'pg_write_all_data',
      'pg_signal_backend',
    ]),
  ),
  readOnly: z.boolean(),
  standby: z.boolean(),
  database: z.string(),
  roundTripsMs: z.object({ min: z.number(), median: z.number(), p95: z.number(), all: z.array(z.number()) }),
  tls: z.object({
    used: z.boolean(),
    verified: z.boolean(),
    protocol: z.string().optional(),
    cipher: z.string().optional(),
    summary: z.string(),
  }),
  pgStatStatements: z.object({
    available: z.boolean(),
    version: z.string().optional(),
    enableSql: z.string().optional(),
  }),
  /** What the person should know: an old server, a pooler in between. One sentence each. */
  notes: z.array(z.string()),
});
export type ServerCheck = z.infer<typeof serverCheck>;
export const testEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('step'),
    step: z.enum(testStepNames),
    state: z.enum(['running', 'done', 'skipped', 'failed']),
    tookMs: z.number().optional(),
    note: z.string().optional(),
  }),
  z.object({ kind: z.literal('failed'), failure }),
  z.object({ kind: z.literal('done'), check: serverCheck }),
]);
export type TestEvent = z.infer<typeof testEvent>;

export const parsedConnection = z.object({
  draft: connectionDraft.partial(),
  /** A password found in the text: it goes into the form's password field only. */
  password: z.string().optional(),
  /** What was not understood or needs the person's hand, one sentence each. */
  notes: z.array(z.string()),
});
export type ParsedConnection = z.infer<typeof parsedConnection>;

export const connections = {
  list: viewer.output(z.array(listedConnection)),
  /** The list again after every change, from any window. */
  watch: viewer.output(eventIterator(z.array(listedConnection))),
  create: admin.input(z.object({ draft: connectionDraft, secrets: secretInputs })).output(connection),
  update: admin.input(z.object({ id, draft: connectionDraft, secrets: secretInputs })).output(connection),
  duplicate: admin.input(z.object({ id })).output(connection),
  remove: admin.input(z.object({ id })).output(z.void()),
  /** A postgres:// URL or a libpq keyword string. */
  parse: admin.input(z.object({ text: line(20_000) })).output(parsedConnection),
  /** What ~/.pgpass, pg_service.conf and the PG* variables of this machine offer; passwords are counted, not sent. */
  importable: admin.output(
    z.array(
      z.object({
        id,
        origin: z.enum(['pgpass', 'service', 'environment']),
        label: z.string(),
        draft: connectionDraft,
        hasPassword: z.boolean(),
        notes: z.array(z.string()),
      }),
    ),
  ),
  import: admin.input(z.object({ ids: z.array(id).max(500) })).output(z.array(connection)),
  /** Tests a saved connection or a draft (with the secrets of `id` where the draft has none). */
  test: admin
    .input(z.object({ id: id.optional(), draft: connectionDraft, secrets: secretInputs }))
    .output(eventIterator(testEvent)),
  /** For connections that ask each time, and for a locked vault: keeps the secret in memory until quit. */
  provideSecrets: admin.input(z.object({ id, secrets: secretInputs })).output(z.void()),
  trustSshHost: admin
    .input(z.object({ host: line(255), port: z.number().int(), algorithm: line(100), fingerprint: line(200) }))
    .output(z.void()),
  unlockVault: admin.input(z.object({ passphrase: z.string().min(1).max(1000) })).output(z.void()),
  createVault: admin.input(z.object({ passphrase: z.string().min(8).max(1000) })).output(z.void()),
};
