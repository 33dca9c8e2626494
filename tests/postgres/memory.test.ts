/** What pg_stat_statements calls a statement is found again from what a person writes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fingerprints } from '../../electron/postgres/parser/fingerprints.ts';
import { type Major, startServer, type TestServer } from './servers.ts';

const written = [
  'select * from t where i = 5 and k in (1, 2, 3)',
  "select count(*) from t where now() - interval '1 day' < timestamp '2026-01-01' limit 3",
  "update t set k = k + 1 where i between 3 and 4 returning i, 'x' as word",
  'insert into t (i, k) values (1, 2), (3, 4)',
  "with a as (select i from t order by k desc limit 2) select a.i, E'\\n' || $$b$$ from a, lateral (select 1) b",
  'delete from t where i = any (array[1, 2])',
];

describe.each([13, 18] as Major[])('PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major, { settings: { shared_preload_libraries: 'pg_stat_statements' } });
    await server.query('create extension pg_stat_statements; create table t (i int, k int)');
  });
  afterAll(() => server.stop());

  test.each(written)('%s', async (sql) => {
    await server.query('select pg_stat_statements_reset()');
    await server.query(sql);
    const entries = await server.query<{ query: string }>('select query from pg_stat_statements');
    const fingerprints = new Fingerprints();
    const made = await fingerprints.ofAll(entries.map(({ query }) => query));
    expect(entries.map(({ query }) => query).join('\n')).toContain('$1');
    expect(made).toContain(await fingerprints.of(sql));
  });
});
