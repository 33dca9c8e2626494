/**
 * What every procedure of the contract is made of: the least role that may call it, and the closed set of
 * failures it may answer with. A procedure that is not built from `viewer`, `operator` or `admin` has no role,
 * and tests/contract.test.ts fails.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';

/** From least to most: may look; may run, cancel and write data; may change connections, settings and schedules. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** True when `held` includes everything `needed` may do. */
export const roleCovers = (held: Role, needed: Role): boolean => roles.indexOf(held) >= roles.indexOf(needed);

/** An error reported by the server, field for field as in the protocol's ErrorResponse. */
export const postgresFailure = z.object({
  severity: z.string(),
  sqlstate: z.string(),
  message: z.string(),
  detail: z.string().optional(),
  hint: z.string().optional(),
  /** Character (code point) offset in the statement as sent, 1-based, as PostgreSQL counts. */
  position: z.number().int().optional(),
  internalPosition: z.number().int().optional(),
  internalQuery: z.string().optional(),
  where: z.string().optional(),
  schema: z.string().optional(),
  table: z.string().optional(),
  column: z.string().optional(),
  dataType: z.string().optional(),
  constraint: z.string().optional(),
});
export type PostgresFailure = z.infer<typeof postgresFailure>;

/** Why there is no connection (any more). Made where the fact is known: errno, SQLSTATE, TLS code, SSH answer. */
export const connectionReasons = [
  'unknownHost',
  'refused',
  'unreachable',
  'timeout',
  'tlsNotOffered',
  'tlsUntrusted',
  'tlsExpired',
  'tlsHostMismatch',
  'tlsFailed',
  'passwordNeeded',
  'passwordWrong',
  'noSuchRole',
  'noSuchDatabase',
  'noConnectRight',
  'notAllowedByHba',
  'tooManyConnections',
  'serverStarting',
  'serverShutDown',
  'notPostgres',
  'sshHostUnknown',
  'sshHostChanged',
  'sshRefused',
  'sshAuth',
  'secretsLocked',
  'lost',
  'unsupportedAuth',
] as const;
export const connectionFailure = z.object({
  reason: z.enum(connectionReasons),
  message: z.string(),
  /** What the person can do next, in one sentence. */
  wayOut: z.string().optional(),
  sqlstate: z.string().optional(),
  /** For sshHostUnknown and sshHostChanged: the key to be shown and, if wished, trusted. */
  sshHostKey: z.object({ host: z.string(), algorithm: z.string(), fingerprint: z.string() }).optional(),
});
export type ConnectionFailure = z.infer<typeof connectionFailure>;

export const unsupportedFailure = z.object({ needs: z.string(), message: z.string() });
export const invalidFailure = z.object({
  field: z.string(),
  message: z.string(),
  /** Of a script that was refused: what it is about (UTF-16 offset), and up to where the statements are certain. */
  at: z.number().int().optional(),
  certainTo: z.number().int().optional(),
});
export const cancelledFailure = z.object({ message: z.string() });
/** The link broke while a COMMIT was on its way: it may have happened. Never retried. */
export const outcomeUnknownFailure = z.object({
  message: z.string(),
  /** The transaction's xid8, where one had been assigned: ask `pg_xact_status` with it. */
  xid: z.string().optional(),
});
export const internalFailure = z.object({ message: z.string() });

/** The same set as one value, for streams that carry a failure as an event, and for the page. */
export const failure = z.discriminatedUnion('kind', [
  postgresFailure.extend({ kind: z.literal('postgres') }),
  connectionFailure.extend({ kind: z.literal('connection') }),
  unsupportedFailure.extend({ kind: z.literal('unsupported') }),
  invalidFailure.extend({ kind: z.literal('invalid') }),
  cancelledFailure.extend({ kind: z.literal('cancelled') }),
  outcomeUnknownFailure.extend({ kind: z.literal('outcomeUnknown') }),
  internalFailure.extend({ kind: z.literal('internal') }),
]);
export type Failure = z.infer<typeof failure>;
export type FailureKind = Failure['kind'];

const errors = {
  postgres: { status: 422, data: postgresFailure },
  connection: { status: 502, data: connectionFailure },
  unsupported: { status: 501, data: unsupportedFailure },
  invalid: { status: 400, data: invalidFailure },
  cancelled: { status: 499, data: cancelledFailure },
  outcomeUnknown: { status: 502, data: outcomeUnknownFailure },
  internal: { status: 500, data: internalFailure },
} as const;

const procedure = oc.$meta<{ role?: Role }>({}).errors(errors);

/** May look at what is there. */
export const viewer = procedure.meta({ role: 'viewer' });
/** May also run statements, cancel, write data. */
export const operator = procedure.meta({ role: 'operator' });
/** May also change connections, settings, secrets. */
export const admin = procedure.meta({ role: 'admin' });

/** A file, chosen in a dialog or uploaded; the path stays with the host. */
export const fileToken = z.string().min(8).max(128);
export const id = z.string().min(1).max(64);
/** Epoch milliseconds. */
export const instantMs = z.number();
