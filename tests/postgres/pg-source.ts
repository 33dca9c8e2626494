/** A source's `ask` over one plain pg client, for testing catalog queries without the worker around them. */
import pg from 'pg';
import type { Query } from '../../electron/postgres/query.ts';
import type { AskOptions } from '../../electron/postgres/source.ts';
import { postgresError } from '../../electron/postgres/wire/postgres-failure.ts';
import type { ServerFacts } from '../../shared/api/sessions.ts';
import type { TestServer } from './servers.ts';

export interface PgSource {
  readonly facts: ServerFacts;
  readonly client: pg.Client;
  ask<Row>(query: Query<Row>, values?: readonly unknown[], options?: AskOptions): Promise<Row[]>;
  close(): Promise<void>;
}

/** Connects to `database` as `user` (the superuser where not given). */
export async function pgSource(
  server: TestServer,
  database = server.database,
  login: { user: string; password: string } = server,
): Promise<PgSource> {
  const { host, port } = server;
  const { user, password } = login;
  const client = new pg.Client({ host, port, database, user, password, application_name: 'howdah test' });
  await client.connect();
  // As the catalog connection has it: names come qualified.
  await client.query("set search_path = ''; set timezone = 'UTC'; set datestyle = 'ISO, YMD'");
  const version = await client.query<{ version: string; num: string }>(
    "select current_setting('server_version') as version, current_setting('server_version_num') as num",
  );
  const row = version.rows[0];
  const versionNum = Number(row?.num);
  const facts: ServerFacts = {
    version: row?.version ?? '',
    versionNum,
    database,
    user,
    standby: false,
    readOnly: false,
    transport: 'not encrypted (loopback)',
  };
  return {
    facts,
    client,
    async ask<Row>(query: Query<Row>, values: readonly unknown[] = []): Promise<Row[]> {
      const text = query.text(Math.floor(versionNum / 10_000));
      try {
        const result = await client.query<Row & pg.QueryResultRow>(text, [...values]);
        return result.rows;
      } catch (thrown) {
        throw thrown instanceof pg.DatabaseError ? postgresError(thrown) : thrown;
      }
    },
    close: () => client.end(),
  };
}
