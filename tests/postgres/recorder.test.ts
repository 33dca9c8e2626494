/** The recorder against real servers of every major version: each collector works, and tells the truth. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allCollectors } from '../../electron/recorder/collect/collectors.ts';
import { capabilitiesCollector } from '../../electron/recorder/collect/snapshots/capabilities.ts';
import { statementCollector } from '../../electron/recorder/collect/statements/statements.ts';
import type { Capability } from '../../shared/api/recordings.ts';
import { database } from '../../shared/metrics/families/database.ts';
import { statement } from '../../shared/metrics/families/statement.ts';
import { added, eventually, failed, gapsBesideLate, recordInMemory } from './recorder-world.ts';
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
    expect(failed(kept)).toEqual([]);
    expect(kept.ticks[0]).toMatchObject({ full: true, plannedMs: 200 });
    expect(
      kept.ticks.flatMap(({ sessions }) => sessions).some(({ application }) => /howdah monitor/.test(application)),
    );
    expect(gapsBesideLate(kept.gaps)).toEqual([]);
    expect(kept.families.map(({ family }) => family)).toContain('statement');
    expect(added(kept, database, 'numbackends', ([name]) => name === 'postgres')).toBeGreaterThan(0);
  });

  test('statements are read in the database that has the extension, wherever it is', async () => {
    await server.query('drop extension pg_stat_statements');
    const { host, port, user, password } = server;
    const client = new pg.Client({ host, port, user, password, database: 'other' });
    await client.connect();
    await client.query('create extension pg_stat_statements');
    await client.query('select 4711 as distinctive');
    await client.query(`select 12, 13 as long /* ${'x'.repeat(1_000_000)} */`);
    const collectors = [capabilitiesCollector(), { ...statementCollector(), everyMs: 200 }];
    const world = recordInMemory(server.spec({ user: 'watcher', password: 'w' }), { collectors });
    for (const begin of ['select $1 as distinctive', 'select $1, $2 as long'])
      await world.until(({ texts }) => texts.some(({ text }) => text.startsWith(begin)));
    await world.until(({ snapshots }) => snapshots.some(({ kind }) => kind === 'capabilities'));
    await world.stop();
    await client.end();
    expect(failed(world.kept)).toEqual([]);
    const capabilities = world.kept.snapshots.find(({ kind }) => kind === 'capabilities')?.content as Capability[];
    const { reason } = capabilities.find(({ name }) => name === 'pg_stat_statements') ?? { reason: '' };
    expect(reason).toContain('read in the database other');
    // A text of a megabyte is cut, and hurts nobody.
    expect(world.kept.texts.find(({ text }) => text.startsWith('select $1, $2 as long'))?.text.length).toBe(100_000);
  });

  test.runIf(major === 13 || major === 18)(
    'an extension that was left old after an upgrade is read as it is, and said to be old',
    async () => {
      const { host, port, user, password } = server;
      const client = new pg.Client({ host, port, user, password, database: 'other' });
      await client.connect();
      await client.query(
        "drop extension if exists pg_stat_statements; create extension pg_stat_statements version '1.4'",
      );
      const collectors = [capabilitiesCollector(), { ...statementCollector(), everyMs: 100 }];
      const world = recordInMemory(server.spec({ user: 'watcher', password: 'w' }), { collectors });
      await world.until(({ families }) => families.some(({ family }) => family === 'statement'));
      for (let call = 0; call < 7; call++) await client.query('select 815, 816, 817 as old_one');
      const calls = async () => {
        const [row] = (
          await client.query("select queryid::text as id from pg_stat_statements where query like '%old_one'")
        ).rows;
        return added(world.kept, statement, 'calls', (key) => key[2] === row?.id);
      };
      await eventually(async () => (await calls()) === 7);
      await world.until(({ snapshots }) => snapshots.some(({ kind }) => kind === 'capabilities'));
      await world.stop();
      await client.end();
      expect(failed(world.kept)).toEqual([]);
      const capabilities = world.kept.snapshots.find(({ kind }) => kind === 'capabilities')?.content as Capability[];
      expect(capabilities.find(({ name }) => name === 'pg_stat_statements')).toMatchObject({
        state: 'partly',
        reason: expect.stringMatching(/^Version 1\.4 is older than the server’s/),
        sql: 'ALTER EXTENSION pg_stat_statements UPDATE;',
      });
    },
  );
});
