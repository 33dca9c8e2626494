/** A database backed up by the program itself and restored into an empty one is the same: catalog and rows, up to newer servers. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everything } from '../../electron/postgres/backup/dump/choice.ts';
import { nothingSpecial, type RestoreChoice } from '../../electron/postgres/backup/restore/request.ts';
import { runRestore } from '../../electron/postgres/backup/restore/run-restore.ts';
import { type BackupRequest, runBackup } from '../../electron/postgres/backup/run-backup.ts';
import { catalogDigest, rowDigest, viewDigest } from './catalog-digest.ts';
import { generatedRoles, generatedSchema } from './generated-schema.ts';
import { nastyRoles, nastySchema } from './nasty-schema.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { type Major, startServer, type TestServer } from './servers.ts';

let folder: string;
const servers = new Map<Major, TestServer>();
const sources: PgSource[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'howdah-backup-'));
  for (const major of [13, 18] as const) {
    const server = await startServer(major, { settings: { wal_level: 'logical' } });
    servers.set(major, server);
    await server.query(nastyRoles);
    await server.query(generatedRoles);
  }
});
afterAll(async () => {
  for (const source of sources) await source.close();
  for (const server of servers.values()) await server.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});
const on = (major: Major): TestServer => servers.get(major) as TestServer;
const open = async (major: Major, database: string): Promise<PgSource> => {
  const source = await pgSource(on(major), database);
  sources.push(source);
  return source;
};
async function make(major: Major, database: string, statements: readonly string[]): Promise<void> {
  const { host, port, user, password } = on(major);
  await on(major).query(`create database ${database}`);
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.end();
}
const request = (major: Major, database: string, more: Partial<BackupRequest> = {}): BackupRequest => ({
  spec: on(major).spec({ database }),
  path: join(folder, `${database}-${major}.hdb`),
  choice: everything,
  jobs: 2,
  level: 1,
  lockTimeoutMs: 30_000,
  program: 'test',
  ...more,
});
const restored = (major: Major, path: string, choice: Partial<RestoreChoice>) =>
  runRestore({ spec: on(major).spec(), path, choice: { ...nothingSpecial, ...choice } as RestoreChoice });

test('large objects of several pieces, an empty one, and their rights come back', async () => {
  const largeObjects = `select m.oid, md5(lo_get(m.oid)) as md5, pg_get_userbyid(lomowner) as owner, lomacl::text as acl,
    obj_description(m.oid, 'pg_largeobject') as comment from pg_largeobject_metadata m order by 1`;
  await make(18, 'large', [
    "select lo_from_bytea(40001, convert_to(repeat('large object ', 250000), 'UTF8')); select lo_create(40002); select lo_from_bytea(40003, convert_to(repeat('x', 1048576), 'UTF8'))",
    `alter large object 40002 owner to gen_writer; grant select on large object 40001 to gen_reader; comment on large object 40003 is 'it''s'`,
  ]);
  const { manifest } = await runBackup(request(18, 'large'));
  expect(manifest.warnings).toEqual([]);
  const { path } = request(18, 'large');
  await restored(18, path, { target: { kind: 'new', database: 'large_again' } });
  const first = await open(18, 'large');
  const second = await open(18, 'large_again');
  const there = (await first.client.query(largeObjects)).rows;
  expect(there).toHaveLength(3);
  expect((await second.client.query(largeObjects)).rows).toEqual(there);
  // In one transaction too, and what it stands on is gone afterwards.
  await on(18).query('create database large_inside');
  await restored(18, path, { target: { kind: 'existing', database: 'large_inside', onExisting: 'refuse' } });
  expect((await (await open(18, 'large_inside')).client.query(largeObjects)).rows).toEqual(there);
});

describe.each([
  [18, 18],
  [13, 13],
  [13, 18],
] as const)('from %i to %i', (from, to) => {
  test.each([
    ['nasty', [nastySchema(from)]],
    // With a check that holds for the child's rows and not for all of its parent's.
    ['checked', generatedSchema(201, from).statements],
  ] as const)('%s: catalog and rows are equal', async (name, statements) => {
    if (from === 18 || to === 13) await make(from, name, statements);
    const { path } = request(from, name);
    const outcome = await runBackup(request(from, name));
    expect(await readdir(folder)).toContain(`${name}-${from}.hdb`);
    const again = `${name}_from_${from}`;
    const back = await restored(to, path, { target: { kind: 'new', database: again } });
    expect(back.rows).toBe(outcome.rows);
    const first = await open(from, name);
    const second = await open(to, again);
    if (from === to) {
      // A subscription's connection string holds a password: it is left out, and that is said.
      const whole = (await catalogDigest(first.client)).filter(({ name }) => !name.startsWith('subscription '));
      expect(await catalogDigest(second.client)).toEqual(whole);
      expect(await viewDigest(second.client)).toEqual(await viewDigest(first.client));
    }
    expect(await rowDigest(second.client)).toEqual(await rowDigest(first.client));
  });
});
