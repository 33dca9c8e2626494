/** What lock-rules.ts says of locks and rewrites, asked of the oldest and the newest server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './servers.ts';

const facts: readonly (readonly [sql: string, lock: string, rewrites: boolean])[] = [
  ['create index on t (a)', 'ShareLock', false],
  ['drop index t_pkey_like', 'AccessExclusiveLock', false],
  ['reindex table t', 'ShareLock', false],
  ['refresh materialized view m', 'AccessExclusiveLock', false],
  ['cluster t using t_pkey_like', 'AccessExclusiveLock', true],
  ['alter table t add column u uuid default gen_random_uuid()', 'AccessExclusiveLock', true],
  ['alter table t add column s bigserial', 'AccessExclusiveLock', true],
  ['alter table t add column g int generated always as (1) stored', 'AccessExclusiveLock', true],
  ['alter table t add column c int not null default 5', 'AccessExclusiveLock', false],
  ['alter table t add column n timestamptz default now()', 'AccessExclusiveLock', false],
  ['alter table t alter a type bigint', 'AccessExclusiveLock', true],
  ['alter table t alter v type varchar(20)', 'AccessExclusiveLock', false],
  ['alter table t alter v type varchar(5)', 'AccessExclusiveLock', true],
  ['alter table t alter v type text', 'AccessExclusiveLock', false],
  ['alter table t alter x type varchar', 'AccessExclusiveLock', false],
  ['alter table t alter x type varchar(20)', 'AccessExclusiveLock', true],
  ['alter table t alter n2 type numeric(14,2)', 'AccessExclusiveLock', false],
  ['alter table t alter n2 type numeric', 'AccessExclusiveLock', false],
  ['alter table t alter n2 type numeric(14,3)', 'AccessExclusiveLock', true],
  ['alter table t set unlogged', 'AccessExclusiveLock', true],
  ['alter table t alter a set not null', 'AccessExclusiveLock', false],
  ['alter table t add foreign key (a) references r (id)', 'ShareRowExclusiveLock', false],
  ['alter table t add check (a > 0)', 'AccessExclusiveLock', false],
  ['alter table t add unique (a)', 'AccessExclusiveLock', false],
  ['alter table t validate constraint later', 'ShareUpdateExclusiveLock', false],
];

describe.each([13, 18] as const)('PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major);
    await server.query(`create table r (id int primary key);
      create table t (a int, v varchar(10), x text, n2 numeric(12,2));
      create index t_pkey_like on t (a); alter table t add constraint later check (a < 10) not valid;
      insert into t values (1, 'a', 'b', 1); insert into r values (1); create materialized view m as select 1 as one`);
  });
  afterAll(() => server?.stop());

  test.each(facts)('%s', async (sql, lock, rewrites) => {
    const nodeOf = "select coalesce(pg_relation_filenode('t'), 0)::text as node";
    const [before] = await server.query<{ node: string }>(nodeOf);
    await server.query('begin');
    try {
      await server.query(sql);
      const [after] = await server.query<{ node: string }>(nodeOf);
      const held = await server.query<{ mode: string }>(
        "select distinct mode from pg_locks where pid = pg_backend_pid() and relation in ('t'::regclass, 'm'::regclass) and locktype = 'relation'",
      );
      expect(held.map(({ mode }) => mode)).toContain(lock);
      expect(after?.node !== before?.node).toBe(rewrites);
    } finally {
      await server.query('rollback');
    }
  });
});
