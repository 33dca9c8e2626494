/**
 * DDL of every object of a nasty schema, applied to an empty database, gives a database that describes itself in the
 * same DDL and the same details: on every major.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detailOfObject } from '../../electron/features/objects/detail/detail.ts';
import { loadSampleSchema } from '../../electron/features/sample/load-schema.ts';
import { dropOf } from '../../electron/features/structure/drop.ts';
import { ddlOfObject } from '../../electron/postgres/ddl/ddl.ts';
import { connectPlain } from '../../electron/postgres/plain-client.ts';
import type { ObjectKind } from '../../shared/api/objects.ts';
import { viewDigest } from './catalog-digest.ts';
import { generatedRoles, generatedSchema } from './generated-schema.ts';
import { nastyRoles, nastySchema } from './nasty-schema.ts';
import { label, recreate, wholeTree } from './objects-world.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { majors, startServer, type TestServer } from './servers.ts';

/** So many made-up schemas a version, and the sample on each: `HOWDAH_SCHEMAS=20`. */
const wanted = Number(process.env.HOWDAH_SCHEMAS ?? 0);
const isFull = wanted > 0;
const seeds = (major: number): number[] =>
  Array.from({ length: Math.max(1, wanted) }, (_, at) => (at === 0 ? major : 1000 * major + at));

/** They run in no transaction; of default privileges there is no DROP. */
const notTried: ReadonlySet<ObjectKind> = new Set(['database', 'tablespace', 'subscription', 'defaultPrivileges']);

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  const opened: PgSource[] = [];
  const open = async (database: string): Promise<PgSource> => {
    const source = await pgSource(server, database);
    opened.push(source);
    return source;
  };
  beforeAll(async () => {
    server = await startServer(major, { settings: { wal_level: 'logical' } });
    await server.query(nastyRoles);
    await server.query(generatedRoles);
    await server.query('create database first');
    await server.query('create database second');
    const { host, port, user, password } = server;
    const client = new pg.Client({ host, port, user, password, database: 'first' });
    await client.connect();
    await client.query(nastySchema(major));
    await client.end();
  });
  const counts = { made: 0, sample: 0 };
  const closeLast = async (count: number) => {
    for (const source of opened.splice(-count)) await source.close();
  };
  afterAll(async () => {
    if (isFull)
      console.info(
        `PostgreSQL ${major}: ${counts.sample} objects of the sample, ${counts.made} of ${seeds(major).length} made-up schemas`,
      );
    for (const source of opened) await source.close();
    await server?.stop();
  });

  test('DDL recreates everything', async () => {
    await recreate(await open('first'), await open('second'));
  });

  test.each(seeds(major))('DDL recreates a schema made up by chance (%i)', { timeout: 600_000 }, async (seed) => {
    await server.query(`create database made_${seed}`);
    await server.query(`create database again_${seed}`);
    const first = await open(`made_${seed}`);
    const { statements, objects } = generatedSchema(seed, major);
    expect(objects).toBeGreaterThan(200);
    for (const sql of statements) await first.client.query(sql);
    const second = await open(`again_${seed}`);
    await recreate(first, second);
    expect(await viewDigest(second.client)).toEqual(await viewDigest(first.client));
    await closeLast(2);
    counts.made += objects;
    await server.query(`drop database made_${seed}`);
    await server.query(`drop database again_${seed}`);
  });

  // The oldest and the newest; all of them with HOWDAH_SCHEMAS.
  test.runIf(isFull || major === 13 || major === 18)('DDL recreates the sample', { timeout: 600_000 }, async () => {
    await server.query('create database shop');
    await server.query('create database shop_again');
    const { host, port, user, password } = server;
    const client = await connectPlain({ host, port, user, password, database: 'shop', applicationName: 'test' });
    await loadSampleSchema(client, { rows: 'few' });
    // An index that is not valid cannot be made on purpose.
    await client.query('drop index shop.newsletter_click_once');
    await client.close();
    counts.sample = await recreate(await open('shop'), await open('shop_again'), (text) =>
      text.replace(/[()]|-- Not shown: password\n/g, ''),
    );
    expect(counts.sample).toBeGreaterThan(100);
  });

  test.runIf(isFull || major === 18)('every kind of object is dropped by what its drop page says', async () => {
    const first = await open('first');
    const perKind = new Map<ObjectKind, number>();
    const refused: string[] = [];
    for (const { object, system } of await wholeTree(first)) {
      if (!object || system || notTried.has(object.kind)) continue;
      const soMany = (perKind.get(object.kind) ?? 0) + 1;
      perKind.set(object.kind, soMany);
      if (soMany > 3) continue;
      const { statement, mayCascade } = await dropOf(first, object);
      await first.client.query('begin');
      await first.client.query(`${statement}${mayCascade ? ' cascade' : ''}`).catch(({ code, message }) => {
        // What is part of something else, or still used where there is no CASCADE, is refused with the reason.
        if (code !== '2BP01' && code !== '42P16') refused.push(`${label(object)}: ${message}\n${statement}`);
      });
      await first.client.query('rollback');
    }
    expect(refused).toEqual([]);
    expect(perKind.size).toBeGreaterThan(30);
  });

  test('every object has a page, and every part DDL of its own', async () => {
    const first = await open('first');
    const seen = new Set<string>();
    const perKind = new Map<ObjectKind, number>();
    for (const node of await wholeTree(first)) {
      const { object } = node;
      if (!object) continue;
      const soMany = (perKind.get(object.kind) ?? 0) + 1;
      perKind.set(object.kind, soMany);
      // A table's parts are many and alike.
      if (soMany > 25 || seen.has(`${object.kind}${object.oid}.${object.subId}`)) continue;
      seen.add(`${object.kind}${object.oid}.${object.subId}`);
      const detail = await detailOfObject(first, object);
      expect(detail.properties.length, label(object)).toBeGreaterThan(0);
      for (const table of detail.tables) {
        expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
        if (table.objects) expect(table.objects.length).toBe(table.rows.length);
      }
      const sql = await ddlOfObject(first, object);
      expect(sql.trim(), label(object)).not.toBe('');
      expect(sql + JSON.stringify(detail)).not.toContain('secret-canary');
    }
    expect(seen.size).toBeGreaterThan(200);
    expect(perKind.size).toBeGreaterThan(38);
  });
});
