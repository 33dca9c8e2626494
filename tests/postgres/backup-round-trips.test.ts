/**
 * What a backup brings back is the database again, its catalog and its rows: the sample and schemas made up by chance, on
 * each version and into the next one up. `HOWDAH_ROUND_TRIPS=1-200` takes all these seeds, each on one of the versions,
 * which takes half an hour; `HOWDAH_ROUND_TRIPS_ON=13,15` each on all of these.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadSampleSchema } from '../../electron/features/sample/load-schema.ts';
import { everything } from '../../electron/postgres/backup/dump/choice.ts';
import { nothingSpecial } from '../../electron/postgres/backup/restore/request.ts';
import { runRestore } from '../../electron/postgres/backup/restore/run-restore.ts';
import { runBackup } from '../../electron/postgres/backup/run-backup.ts';
import { type CatalogFact, catalogDigest, rowDigest, viewDigest } from './catalog-digest.ts';
import { generatedRows } from './generated-rows.ts';
import { generatedRoles, generatedSchema } from './generated-schema.ts';
import { type PgSource, pgSource } from './pg-source.ts';
import { type Major, majors, startServer, type TestServer } from './servers.ts';

const all = process.env.HOWDAH_ROUND_TRIPS;
const [first = 0, last = 0] = (all ?? '').split('-').map(Number);
const everywhere = process.env.HOWDAH_ROUND_TRIPS_ON !== undefined;
const sources: readonly Major[] = everywhere
  ? majors.filter((major) => process.env.HOWDAH_ROUND_TRIPS_ON?.split(',').includes(String(major)))
  : all === undefined
    ? [15, 16, 18]
    : majors;
const next = (major: Major): Major => majors[majors.indexOf(major) + 1] ?? major;

let folder: string;
const servers = new Map<Major, TestServer>();
const on = (major: Major): TestServer => servers.get(major) as TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'howdah-round-'));
  for (const major of new Set([...sources, ...sources.map(next)])) {
    const server = await startServer(major, { settings: { wal_level: 'logical' } });
    servers.set(major, server);
    await server.query(generatedRoles);
  }
});
afterAll(async () => {
  for (const server of servers.values()) await server.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

type Make = (client: PgSource['client'], made: number) => Promise<void>;
interface Digest {
  readonly catalog: readonly CatalogFact[];
  readonly views: readonly CatalogFact[];
  readonly rows: Readonly<Record<string, string>>;
}
async function inside<T>(major: Major, database: string, work: (client: PgSource['client']) => Promise<T>): Promise<T> {
  const source = await pgSource(on(major), database);
  try {
    return await work(source.client);
  } finally {
    await source.close();
  }
}
const digestOf = (major: Major, database: string): Promise<Digest> =>
  inside(major, database, async (client) => ({
    catalog: await catalogDigest(client),
    views: await viewDigest(client),
    rows: await rowDigest(client),
  }));

/** Lines that only one of the two has. */
function differences(back: Digest, direct: Digest): string[] {
  const lines = ({ catalog, views, rows }: Digest): string[] => [
    ...[...catalog, ...views].map(({ what, name, facts }) => `${what} ${name}: ${facts}`),
    ...Object.entries(rows).map(([name, sum]) => `rows of ${name}: ${sum}`),
  ];
  const [ours, theirs] = [new Set(lines(back)), new Set(lines(direct))];
  return [
    ...[...theirs].filter((line) => !ours.has(line)).map((line) => `- ${line}`),
    ...[...ours].filter((line) => !theirs.has(line)).map((line) => `+ ${line}`),
  ];
}

/** `(a or b) or c`, as a person wrote it, comes back from a server as `a or b or c`. */
const unbracketed = (digest: Digest): Digest => {
  const without = (facts: readonly CatalogFact[]) =>
    facts.map((fact) => ({ ...fact, facts: fact.facts?.replaceAll(/[()\s]/g, '') ?? null }));
  return { ...digest, catalog: without(digest.catalog), views: without(digest.views) };
};

interface Trip {
  readonly to: Major;
  readonly back: Digest;
  readonly direct: Digest;
}
/** Made on `from`, restored on each of `to`; the other digest is of the same statements run there. */
async function roundTrips(from: Major, tos: readonly Major[], make: Make): Promise<{ trips: Trip[]; rows: number }> {
  const path = join(folder, `${from}.hbk`);
  const trips: Trip[] = [];
  try {
    await on(from).query('create database made');
    await inside(from, 'made', (client) => make(client, from));
    const { rows } = await runBackup({
      spec: on(from).spec({ database: 'made' }),
      path,
      choice: everything,
      jobs: 2,
      level: 1,
      lockTimeoutMs: 10_000,
      program: 'test',
    });
    const target = { kind: 'new', database: 'back' } as const;
    for (const to of tos) {
      const restored = await runRestore({ spec: on(to).spec(), path, choice: { ...nothingSpecial, target } });
      expect(restored.rows).toBe(rows);
      const direct = from === to ? 'made' : 'direct';
      if (direct === 'direct') {
        await on(to).query('create database direct');
        await inside(to, 'direct', (client) => make(client, from));
      }
      trips.push({ to, ...comparable(from, to, await digestOf(to, 'back'), await digestOf(to, direct)) });
    }
    return { trips, rows };
  } finally {
    for (const major of new Set([from, ...tos]))
      for (const name of ['made', 'back', 'direct'])
        await on(major).query(`drop database if exists ${name} with (force)`);
    await rm(path, { force: true });
  }
}

/**
 * What the older server has no word for cannot come back: before 18 NOT NULL has no name (that a column has it stands with
 * the column), before 15 the sequence of an unlogged table is a logged one.
 */
function comparable(from: Major, to: Major, back: Digest, direct: Digest): Pick<Trip, 'back' | 'direct'> {
  const told = (digest: Digest): Digest => ({
    ...digest,
    catalog: digest.catalog
      .filter(({ what, facts }) => from >= 18 || to < 18 || what !== 'constraint' || !facts?.startsWith('NOT NULL'))
      .map((fact) => (from < 15 && to >= 15 ? { ...fact, facts: fact.facts?.replace(/^S u /, 'S p ') ?? null } : fact)),
  });
  return { back: told(back), direct: told(direct) };
}

const generated =
  (seed: number): Make =>
  async (client, made) => {
    for (const sql of generatedSchema(seed, made).statements) await client.query(sql);
    await client.query(generatedRows);
    // A restore fills them anew, from the rows as they are.
    await client.query(
      `do $$ declare v regclass; begin for v in select oid from pg_class where relkind = 'm' and relispopulated loop
        begin execute format('refresh materialized view %s', v);
        exception when others then execute format('refresh materialized view %s with no data', v); end;
      end loop; end $$`,
    );
  };
/** Its scripts choose what the server knows. */
const sample: Make = async (client) => {
  await loadSampleSchema({ query: (sql) => client.query(sql) }, { rows: 'few' });
  // What is not in a backup, which says so: an index that is not valid, and subscriptions with their passwords.
  await client.query('drop index shop.newsletter_click_once');
  const { rows } = await client.query<{ name: string }>('select quote_ident(subname) as name from pg_subscription');
  for (const { name } of rows)
    await client
      .query(`alter subscription ${name} set (slot_name = none); comment on subscription ${name} is null`)
      .then(() => client.query(`drop subscription ${name}`));
};

if (all === undefined) {
  // Where no other test makes the trip; every version has its turn in the long run.
  test.each([15, 16] as const)('a schema made up on %i comes back on the next', async (from) => {
    const { trips, rows } = await roundTrips(from, [next(from)], generated(from));
    expect(rows).toBeGreaterThan(100);
    for (const { back, direct } of trips) expect(back).toEqual(direct);
  });
  test('the sample comes back', async () => {
    const { trips, rows } = await roundTrips(18, [18], sample);
    expect(rows).toBeGreaterThan(5_000);
    for (const { back, direct } of trips) expect(unbracketed(back)).toEqual(unbracketed(direct));
  });
} else {
  test.each(sources)('the sample on %i', async (from) => {
    const { trips } = await roundTrips(from, [from], sample);
    for (const { back, direct } of trips) expect(unbracketed(back)).toEqual(unbracketed(direct));
  });
  test.each(sources)('schemas made up on %i, there and on the next', { timeout: 7_200_000 }, async (from) => {
    const different: string[] = [];
    let rows = 0;
    let trips = 0;
    for (let seed = first; seed <= last; seed++) {
      if (!everywhere && majors[seed % majors.length] !== from) continue;
      try {
        const made = await roundTrips(from, [...new Set([from, next(from)])], generated(seed));
        rows += made.rows;
        for (const { to, back, direct } of made.trips) {
          trips++;
          const lines = differences(back, direct);
          if (lines.length > 0) different.push(`${seed} into ${to}: ${lines.slice(0, 8).join('\n  ')}`);
        }
      } catch (thrown) {
        different.push(`${seed}: ${thrown instanceof Error ? thrown.message.slice(0, 300) : String(thrown)}`);
      }
    }
    console.log(`made on ${from}: ${trips} round trips, ${rows} rows, ${different.length} differ`);
    expect(different).toEqual([]);
  });
}
