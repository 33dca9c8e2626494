/** The recorder against real servers of every major version: each collector works, and tells the truth. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allCollectors } from '../../electron/recorder/collect/collectors.ts';
import { database } from '../../shared/metrics/families/database.ts';
import { added, recordInMemory } from './recorder-world.ts';
import { majors, startServer, type TestServer } from './servers.ts';

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(major, { settings: { shared_preload_libraries: 'pg_stat_statements' } });
    await server.query('create extension pg_stat_statements');
    await server.query("create role watcher login password 'w'; grant pg_monitor to watcher");
    await server.query('create database other');
    await server.query('create table things (id serial primary key, name text); insert into things (name) select 1');
  });
  afterAll(() => server.stop());

  test('every collector works for a role with pg_monitor', async () => {
    const world = recordInMemory(server.spec({ user: 'watcher', password: 'w' }));
    const ids = allCollectors()
      .filter(({ since = 13, pooledOnly }) => since <= major && !pooledOnly)
      .map(({ id }) => id);
    await world.until(({ runs }) => ids.every((id) => runs.some(({ collector }) => collector === id)));
    await world.until(({ ticks }) => ticks.length > 3);
    await world.stop();
    const { kept } = world;
    expect(kept.runs.filter(({ failure }) => failure !== null)).toEqual([]);
    expect(kept.ticks[0]).toMatchObject({ full: true, plannedMs: 200 });
    expect(
      kept.ticks.flatMap(({ sessions }) => sessions).some(({ application }) => /howdah monitor/.test(application)),
    );
    expect(kept.gaps).toEqual([]);
    expect(kept.families.map(({ family }) => family)).toContain('statement');
    expect(added(kept, database, 'numbackends', ([name]) => name === 'postgres')).toBeGreaterThan(0);
  });
});
