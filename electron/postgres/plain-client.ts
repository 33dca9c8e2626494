/** A connection in the simplest sense, for our own servers on this machine: no TLS, no tunnel, rows as pg reads them. */
import pg from 'pg';
import { connectFailure } from './connect/failures.ts';
import { postgresError } from './wire/postgres-failure.ts';

export interface PlainTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly applicationName: string;
}

export interface PlainClient {
  /** Of the server's process; 0 once the link is gone. */
  readonly pid: number;
  /** One statement with values, or a script without. The server's errors come as `postgres` failures. */
  query<Row = Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** True once the link is gone, whoever ended it. */
  readonly lost: boolean;
  close(): Promise<void>;
}

/** @throws connection failures, with the reason */
export async function connectPlain(target: PlainTarget): Promise<PlainClient> {
  const { applicationName, ...address } = target;
  const client = new pg.Client({ ...address, application_name: applicationName, connectionTimeoutMillis: 10_000 });
  let lost = false;
  client.on('error', () => {
    lost = true;
  });
  client.on('end', () => {
    lost = true;
  });
  try {
    await client.connect();
  } catch (thrown) {
    throw connectFailure(thrown, { ...address, step: 'auth' });
  }
  const [self] = (await client.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid')).rows;
  return {
    pid: self?.pid ?? 0,
    get lost() {
      return lost;
    },
    async query<Row>(sql: string, values?: readonly unknown[]) {
      try {
        // A script of several statements gives an array of results, which pg's types do not tell.
        const result = await client.query(sql, values as unknown[] | undefined);
        return (Array.isArray(result) ? [] : result.rows) as Row[];
      } catch (thrown) {
        throw thrown instanceof pg.DatabaseError ? postgresError(thrown) : thrown;
      }
    },
    close: () => client.end().catch(() => undefined),
  };
}
