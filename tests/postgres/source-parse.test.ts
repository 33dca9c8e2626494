/** A statement that is analysed while it is typed: nothing of it runs, nothing stays, nobody waits. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Source } from '../../electron/postgres/source.ts';
import { failureOfCall } from './failing.ts';
import { startServer, type TestServer } from './servers.ts';
import { openWorld, type World } from './session-world.ts';

describe.each([13, 18] as const)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let world: World;
  let source: Source;
  beforeAll(async () => {
    server = await startServer(major);
    await server.query('create schema s; create table s.t (a int, b text)');
    world = await openWorld(() => server.spec());
    source = await world.source();
  });
  afterAll(async () => {
    await world?.close();
    await server?.stop();
  });
  const said = async (sql: string, schemas: readonly string[] = ['s']) => {
    const failure = await failureOfCall(source.parse(sql, schemas));
    return failure.kind === 'postgres' ? failure : null;
  };

  test('names and types are looked up in the schemas given, parameters are allowed', async () => {
    await source.parse('select a from t where b = $1', ['s']);
    expect((await said('select a from t', []))?.sqlstate).toBe('42P01');
    expect(await said("select a + 'x' from t")).toMatchObject({ sqlstate: '22P02', position: 12 });
    expect((await said('select a || 1 from t'))?.sqlstate).toBe('42883');
  });

  test('nothing of it runs, also where there is more than one', async () => {
    await source.parse("insert into t values (1, 'x')", ['s']);
    await source.parse('drop table t', ['s']);
    expect((await said('select 1; drop table t'))?.sqlstate).toBe('42601');
    expect((await said("select 1 where a = 'x'; commit; drop table s.t"))?.sqlstate).toMatch(/^42/);
    expect(await server.query('select * from s.t')).toEqual([]);
  });

  test('leaves no lock, no prepared statement and no open transaction; and does not wait for a lock', async () => {
    await source.parse('select * from t', ['s']);
    const held = await server.query(
      "select 1 from pg_locks l join pg_stat_activity a using (pid) where a.application_name = 'howdah' and l.relation = 's.t'::regclass",
    );
    expect(held).toEqual([]);
    await server.query('begin; lock table s.t in access exclusive mode');
    expect((await said('select * from t'))?.sqlstate).toBe('55P03');
    await server.query('rollback');
    await source.parse('select * from t', ['s']);
    const states = await server.query<{ state: string }>(
      "select state from pg_stat_activity where application_name = 'howdah'",
    );
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['idle']));
  });
});
