/** What goes wrong or changes while a server is recorded: each is told, none ends the recording, nothing is made up. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  activeSessions,
  activeSessionsBeside,
  allSessions,
  manyActiveSessions,
} from '../../electron/recorder/collect/activity/activity.sql.ts';
import { familyCollectors } from '../../electron/recorder/collect/families/server-families.ts';
import { capabilitiesCollector } from '../../electron/recorder/collect/snapshots/capabilities.ts';
import {
  builtinsCollector,
  catalogCollector,
  columnStatisticsCollector,
} from '../../electron/recorder/collect/snapshots/catalog-collector.ts';
import { settingsCollector } from '../../electron/recorder/collect/snapshots/server-snapshots.ts';
import type { Capability } from '../../shared/api/recordings.ts';
import { sequence as sequenceFamily } from '../../shared/metrics/families/limits.ts';
import { table as tableFamily } from '../../shared/metrics/families/relation.ts';
import { connections } from '../../shared/metrics/families/server.ts';
import type { CatalogSnapshot, IndexAdviceSnapshot } from '../../shared/metrics/snapshots.ts';
import {
  eventually,
  failed,
  gapsBesideLate,
  pollByHand,
  type RecorderWorld,
  recordInMemory,
} from './recorder-world.ts';
import { startServer, type TestServer } from './servers.ts';
import { startTransactionPooler } from './transaction-pooler.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer(16, { settings: { max_connections: '500' } });
  await server.query('create table parents (id int primary key)');
  await server.query('create table children (id int primary key, parent int references parents, note text)');
  await server.query("create role plain login password 'p'");
});
afterAll(() => server.stop());

const families = (...ids: string[]) => familyCollectors().filter(({ id }) => ids.includes(id));

/** So long that no sample stands for it, however slow the samples are. */
const longAway = ({ kept }: RecorderWorld) => delay(4 * Math.max(...kept.ticks.map(({ plannedMs }) => plannedMs)));

test('a restart is an event and a gap, and the recording goes on', async () => {
  let port = server.port;
  const world = recordInMemory(() => server.spec({ port }), {
    collectors: families('database').map((c) => ({ ...c, everyMs: 300 })),
  });
  await world.until(({ ticks }) => ticks.length > 3);
  port = 1;
  await server.restart('fast');
  await longAway(world);
  port = server.port;
  const before = world.kept.ticks.length;
  await world.until(({ ticks }) => ticks.length > before + 2);
  await world.until(({ families: samples }) => samples.some(({ flags }) => flags.includes('restart')));
  await world.stop();
  expect(world.kept.events.map(({ kind }) => kind)).toEqual(['restart']);
  expect(gapsBesideLate(world.kept.gaps)).toEqual(['restart']);
  const gap = world.kept.gaps.find(({ reason }) => reason === 'restart');
  expect(gap && gap.toMs - gap.fromMs).toBeGreaterThan(0);
  // No time is told twice: samples and the gap lie end to end.
  const ends = world.kept.ticks.map(({ atMs, weightMs }) => [atMs - weightMs, atMs] as const);
  for (const [at, [from]] of ends.entries()) if (at > 0) expect(from).toBeGreaterThan((ends[at - 1]?.[1] ?? 0) - 1);
  expect(world.states.some(({ trouble }) => trouble !== null)).toBe(true);
  expect(world.states.at(-1)?.trouble).toBeNull();
});

test('where the server’s clock is behind the end of the recording, time runs on from there', async () => {
  const endedMs = Date.now() + 3_600_000;
  const world = recordInMemory(server.spec(), {
    collectors: families('database').map((c) => ({ ...c, everyMs: 100 })),
    continuesMs: endedMs,
  });
  await world.until(({ ticks, families: samples }) => ticks.length > 3 && samples.length > 2);
  await world.stop();
  const { ticks, families: samples, snapshots, events } = world.kept;
  const instants = [...ticks, ...samples, ...snapshots, ...events].map(({ atMs }) => atMs);
  expect(Math.min(...instants)).toBeGreaterThan(endedMs);
  expect(Math.max(...instants)).toBeLessThan(endedMs + 600_000);
  expect(events.map(({ kind, subject }) => [kind, subject])).toEqual([
    ['note', expect.stringMatching(/^The server’s clock was set back by 3[56]\d\d s/)],
  ]);
});

test('after a lost link counters and sizes are read anew, what changes slowly when its turn comes', async () => {
  const seldom = [columnStatisticsCollector(), builtinsCollector()];
  const collectors = [...seldom, ...families('database', 'relation_size')];
  let port = server.port;
  const world = recordInMemory(() => server.spec({ port }), { collectors });
  const ranSince = (at: number) => world.kept.runs.slice(at).map(({ collector }) => collector);
  await world.until(({ ticks }) => ticks.length > 3 && collectors.every(({ id }) => ranSince(0).includes(id)));
  port = 1;
  await server.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'howdah monitor'",
  );
  await longAway(world);
  port = server.port;
  await world.until(({ gaps }) => gapsBesideLate(gaps).length > 0);
  const before = world.kept.runs.length;
  await world.until(() => ['database', 'relation_size'].every((id) => ranSince(before).includes(id)));
  await world.stop();
  for (const { id } of seldom) expect(ranSince(before)).not.toContain(id);
  expect(gapsBesideLate(world.kept.gaps)).toEqual(['lostLink']);
  expect(world.kept.events).toEqual([]);
});

test('what a connection had prepared and lost is prepared anew', async () => {
  const polls = pollByHand(server.spec());
  const link = await polls.link();
  const count = async () => (await link.ask(allSessions, { prepared: [] })).rows.length;
  expect(await count()).toBeGreaterThan(0);
  await link.ask('deallocate all; select 1');
  expect(await count()).toBeGreaterThan(0);
  await polls.close();
});

test('whichever way active sessions are found, they are the same', async () => {
  const { host, port, user, password, database } = server;
  const clients = [0, 1, 2].map(() => new pg.Client({ host, port, user, password, database }));
  const [idle, waiting, sleeping] = clients as [pg.Client, pg.Client, pg.Client];
  await Promise.all(clients.map((client) => client.connect()));
  const pidOf = (client: pg.Client) => String((client as unknown as { processID: number }).processID);
  await waiting.query('begin');
  const polls = pollByHand(server.spec());
  const link = await polls.link();
  const all = (await link.ask(allSessions)).rows;
  const isOwn = ({ backendType, databaseOid }: (typeof all)[number]) => backendType !== 'client backend' && databaseOid;
  const background = all.filter(isOwn).map(({ pid }) => Number(pid));
  const slept = sleeping.query('select pg_sleep(600)').catch(() => {});
  const isAsleep = `select from pg_stat_activity where pid = ${pidOf(sleeping)} and wait_event = 'PgSleep'`;
  await eventually(async () => (await server.query(isAsleep)).length === 1);
  const questions = [
    link.ask(activeSessions),
    link.ask(activeSessionsBeside, { prepared: [background] }),
    link.ask(manyActiveSessions),
  ];
  for (const { rows } of await Promise.all(questions)) {
    const clientsFound = rows.filter(({ backendType }) => backendType === 'client backend').map(({ pid }) => pid);
    expect(clientsFound).toEqual(expect.arrayContaining([pidOf(waiting), pidOf(sleeping)]));
    expect(clientsFound).not.toContain(pidOf(idle));
  }
  await server.query(`select pg_cancel_backend(${pidOf(sleeping)})`);
  await slept;
  await Promise.all(clients.map((client) => client.end()));
  await polls.close();
});

test.runIf(process.platform === 'linux')(
  'what a look at all sessions takes of memory is kept for the next',
  async () => {
    const polls = pollByHand(server.spec());
    const link = await polls.link();
    const [self] = (await link.ask<{ pid: string }>('select pg_backend_pid() as pid')).rows;
    /** Pages that the system had to make. */
    const made = async () => Number((await readFile(`/proc/${self?.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')[7]);
    const looks = async () => {
      for (let look = 0; look < 5; look++) await link.ask(allSessions, { prepared: [] });
      const before = await made();
      for (let look = 0; look < 10; look++) await link.ask(allSessions, { prepared: [] });
      return (await made()) - before;
    };
    const without = await looks();
    await link.keepMemory();
    expect(await looks()).toBeLessThan(without / 2);
    await polls.close();
  },
);

test('never writes, never takes a transaction id, leaves no transaction open', async () => {
  const xid = async () =>
    (await server.query<{ xid: string }>('select pg_snapshot_xmax(pg_current_snapshot()) as xid'))[0]?.xid;
  const before = await xid();
  const world = recordInMemory(server.spec());
  await world.until(({ runs }) => runs.some(({ collector }) => collector === 'columnStatistics'));
  const open = await server.query(
    "select 1 from pg_stat_activity where application_name = 'howdah monitor' and (state ~ 'in transaction' or backend_xid is not null)",
  );
  await world.stop();
  expect(open).toEqual([]);
  expect(await xid()).toBe(before);
  const left = await eventually(async () =>
    (await server.query("select 1 from pg_stat_activity where application_name = 'howdah monitor'")).length === 0
      ? 'none'
      : null,
  );
  expect(left).toBe('none');
});

test('a table behind an ACCESS EXCLUSIVE lock is passed over, the others are measured', async () => {
  const { host, port, user, password, database } = server;
  const locker = new pg.Client({ host, port, user, password, database });
  await locker.connect();
  await locker.query('begin; lock table children in access exclusive mode');
  const polls = pollByHand(server.spec());
  const [sizes] = families('relation_size');
  if (!sizes) throw new Error('no sizes');
  const sample = await polls.poll(sizes);
  const bytesOf = (name: string) => sample.rows.find(({ key }) => key[2] === name)?.values[0];
  expect(bytesOf('children')).toBeNull();
  expect(bytesOf('children_pkey')).toBeNull();
  expect(bytesOf('parents')).toBe(0);
  expect(bytesOf('parents_pkey')).toBeGreaterThan(0);
  await locker.end();
  await polls.close();
});

test('the sizes and sequences of all are read, however many there are', async () => {
  const each = (sql: string) =>
    server.query(`do $$ begin for n in 1..210 loop execute format('${sql}', n); end loop; end $$`);
  await each('create table texts_%s (id serial primary key, note text)');
  // One has long values, and a vacuum made its maps.
  await server.query('alter table texts_7 alter note set storage external');
  await server.query("insert into texts_7 (note) select repeat('x', 9000) from generate_series(1, 50)");
  await server.query('vacuum texts_7');
  // Nothing is to be spent: met first, a small database is whole all the same.
  const world = recordInMemory(server.spec(), { collectors: families('relation_size'), allowanceMs: 1e-9 });
  const met = await world.until((kept) => kept.families.find(({ family }) => family === 'relation_size'));
  expect(met.rows.filter(({ key }) => key.some((part) => part.startsWith('texts_')))).toHaveLength(630);
  await world.stop();
  const polls = pollByHand(server.spec());
  const [sizes, sequences] = families('relation_size', 'sequence');
  if (!sizes || !sequences) throw new Error('no families');
  const { rows } = await polls.poll(sizes);
  const [[, first = 0] = []] = polls.readings;
  expect(first).toBeGreaterThanOrEqual(200);
  expect(first).toBeLessThan(rows.length);
  const kinds = rows.filter(({ key }) => key.some((part) => part.startsWith('texts_'))).map(({ key }) => key[4]);
  const of = (kind: string) => kinds.filter((found) => found === kind).length;
  expect([of('table'), of('index'), of('toast')]).toEqual([210, 210, 210]);
  const filled = rows.filter(({ key }) => key[5] === 'texts_7').map(({ values }) => values[0] ?? 0);
  const [told] = await server.query<{ bytes: string }>("select pg_total_relation_size('texts_7') as bytes");
  expect(filled.reduce((sum, bytes) => sum + bytes, 0)).toBe(Number(told?.bytes));
  await server.query("select setval('texts_210_id_seq', 1073741824)");
  const used = (await polls.poll(sequences)).rows.filter(({ key }) => key[2]?.startsWith('texts_'));
  expect(used).toHaveLength(210);
  const share = sequenceFamily.metrics.findIndex(({ name }) => name === 'used');
  expect(used.find(({ key }) => key[2] === 'texts_210_id_seq')?.values[share]).toBeCloseTo(0.5);
  await polls.close();
  await each('drop table texts_%s');
});

test('of many tables only those that changed are read again, and none is missed', async () => {
  await server.query(
    `do $$ begin for n in 1..20 loop execute format('create table crowd_%s (id int primary key)', n); end loop; end $$;
    select pg_stat_force_next_flush()`,
  );
  const polls = pollByHand(server.spec());
  const [tables] = families('table');
  if (!tables) throw new Error('no tables');
  const metric = (name: string) => tableFamily.metrics.findIndex((each) => each.name === name);
  const grown = async (name: string, of: string) =>
    (await polls.poll(tables)).rows.find(({ key }) => key[2] === name)?.values[metric(of)] || null;
  const whole = await polls.poll(tables);
  expect(whole.rows.filter(({ key }) => key[2]?.startsWith('crowd_'))).toHaveLength(20);
  // Found nothing: of the table itself no block was read.
  await server.query('set enable_seqscan = off; select from crowd_7 where id = 1; select pg_stat_force_next_flush()');
  expect(await eventually(() => grown('crowd_7', 'idx_scan'))).toBe(1);
  await server.query('insert into crowd_9 values (1), (2); select pg_stat_force_next_flush()');
  expect(await eventually(() => grown('crowd_9', 'n_tup_ins'))).toBe(2);
  await server.query(`do $$ begin for n in 1..20 loop execute format('drop table crowd_%s', n); end loop; end $$`);
  const { rows } = await polls.poll(tables);
  expect(rows.filter(({ key }) => key[2]?.startsWith('crowd_'))).toEqual([]);
  await polls.close();
});

describe('what changes', () => {
  test('in the structure is an event; advice on indexes follows', async () => {
    const polls = pollByHand(server.spec());
    const { events, snapshots } = polls;
    const collector = catalogCollector();
    const contents = <T>(kind: string) =>
      snapshots.filter((each) => each.kind === kind).map(({ content }) => content as T);
    await polls.run(collector);
    const names = contents<CatalogSnapshot>('catalog')[0]?.relations.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['children', 'parents']));
    // A client that goes away hands in its statistics at once, an idle one within ten seconds.
    const { host, port, user, password, database } = server;
    const client = new pg.Client({ host, port, user, password, database });
    await client.connect();
    await client.query('alter table children add column added date not null default now()');
    await client.query('create index on children (id, note)');
    await client.query('create index children_parent on children (parent)');
    await client.query('create index children_again on children (parent)');
    await client.end();
    await eventually(async () => {
      await polls.run(collector);
      return events.length >= 4;
    });
    await polls.close();
    expect(events.map(({ kind, subject }) => `${kind}: ${subject}`).sort()).toEqual([
      'ddl: index public.children_again created',
      'ddl: index public.children_id_note_idx created',
      'ddl: index public.children_parent created',
      'ddl: table public.children: column added created',
    ]);
    const advice = contents<IndexAdviceSnapshot>('indexAdvice');
    expect(advice[0]?.foreignKeysWithoutIndex.length).toBe(1);
    expect(advice.at(-1)?.foreignKeysWithoutIndex).toEqual([]);
    expect(advice.at(-1)?.redundant).toMatchObject([{ identical: true }]);
  });

  test('in the settings is an event', async () => {
    const world = recordInMemory(server.spec(), { collectors: [{ ...settingsCollector(), everyMs: 200 }] });
    await world.until(({ snapshots }) => snapshots.some(({ kind }) => kind === 'settings'));
    await server.query("alter system set work_mem = '7MB'");
    await server.query('select pg_reload_conf()');
    await server.query("alter role plain set statement_timeout = '5s'");
    await world.until(({ events }) => events.length >= 2);
    await world.stop();
    expect(world.kept.events.map(({ subject, before, after }) => [subject, before, after])).toEqual(
      expect.arrayContaining([
        ['work_mem', '4096 kB', '7168 kB'],
        ['statement_timeout for role plain', null, '5s'],
      ]),
    );
  });
});

test('a role without rights records what it may see, and is told what it may not', async () => {
  const spec = server.spec({ user: 'plain', password: 'p' });
  const world = recordInMemory(spec, {
    collectors: [capabilitiesCollector(), ...familyCollectors()],
  });
  const ran = (id: string) => world.until(({ runs }) => runs.some(({ collector }) => collector === id));
  await Promise.all(['capabilities', 'temporary_files', 'wal_directory'].map(ran));
  await world.until(({ ticks }) => ticks.length > 2);
  await world.stop();
  const refused = failed(world.kept);
  expect([...new Set(refused.map(({ collector }) => collector))].sort()).toEqual(['temporary_files', 'wal_directory']);
  for (const { failure } of refused) expect(failure).toMatch(/^42501 /);
  const capabilities = world.kept.snapshots.find(({ kind }) => kind === 'capabilities')?.content as Capability[];
  const of = (name: string) => capabilities.find((each) => each.name === name);
  expect(of('Sessions of other roles')).toMatchObject({ state: 'partly', sql: 'GRANT pg_monitor TO plain;' });
  expect(of('pg_stat_statements')).toMatchObject({
    state: 'missing',
    needsRestart: true,
    sql: expect.stringContaining("shared_preload_libraries = 'pg_stat_statements'"),
  });
  // What another role runs is hidden, its existence is not.
  const { sessions } = world.kept.ticks[0] ?? { sessions: [] };
  const others = sessions.filter(({ user }) => user === 'postgres');
  expect(others.filter(({ state }) => state !== null)).toEqual([]);
  expect(others.length).toBeGreaterThan(0);
  const found = world.kept.families.find(({ family }) => family === 'connections')?.rows[0]?.values ?? [];
  const figure = (name: string) => found[connections.metrics.findIndex((metric) => metric.name === name)];
  expect([figure('total'), figure('active'), figure('oldest_xact_age')]).toEqual([others.length, null, null]);
});

test.each([13, 18] as const)('PostgreSQL %i: a standby is recorded, and its promotion is told', async (major) => {
  const standby = await startServer(major, { settings: { shared_preload_libraries: 'pg_stat_statements' } });
  try {
    await standby.query('create extension pg_stat_statements');
    await standby.query('create unlogged table scratch (id serial)');
    await writeFile(join(standby.dataFolder, 'standby.signal'), '');
    await standby.restart('fast');
    const world = recordInMemory(standby.spec());
    await world.until(({ runs }) => runs.some(({ collector }) => collector === 'columnStatistics'));
    await world.until(({ families: samples }) => samples.some(({ family }) => family === 'standby'));
    expect(failed(world.kept)).toEqual([]);
    expect(world.kept.families.find(({ family }) => family === 'standby')?.rows.length).toBe(1);
    await standby.query('select pg_promote()');
    await world.until(({ events }) => events.some(({ kind }) => kind === 'failover'));
    await world.stop();
  } finally {
    await standby.stop();
  }
});

test('deadlocks, vacuums and resets are events', async () => {
  const polls = pollByHand(server.spec());
  const [database, table] = families('database', 'table');
  if (!database || !table) throw new Error('no families');
  await polls.run(database);
  await polls.run(table);
  const { host, port, user, password, database: name } = server;
  const [one, other] = [0, 1].map(() => new pg.Client({ host, port, user, password, database: name }));
  if (!one || !other) throw new Error('no clients');
  await Promise.all([one.connect(), other.connect()]);
  await one.query('begin; select pg_advisory_xact_lock(1)');
  await other.query('begin; select pg_advisory_xact_lock(2)');
  const both = [one.query('select pg_advisory_xact_lock(2)'), other.query('select pg_advisory_xact_lock(1)')];
  await Promise.allSettled(both);
  await Promise.all([one.query('rollback'), other.query('rollback')]);
  await one.query('vacuum parents');
  await Promise.all([one.end(), other.end()]);
  await eventually(async () => {
    await polls.run(database);
    await polls.run(table);
    return polls.events.length >= 2;
  });
  await polls.close();
  expect(polls.events.map(({ kind, subject }) => `${kind}: ${subject}`).sort()).toEqual([
    'deadlock: A deadlock',
    'vacuum: public.parents',
  ]);
});

test('behind a pooler in transaction mode everything is asked, and nothing is left in other people’s sessions', async () => {
  const pooler = await startTransactionPooler(server);
  try {
    const world = recordInMemory(server.spec({ port: pooler.port }));
    await world.until(({ runs }) => runs.some(({ collector }) => collector === 'builtins'));
    await world.until(({ runs }) => runs.some(({ collector }) => collector === 'pool'));
    await world.until(({ snapshots }) => snapshots.some(({ kind }) => kind === 'capabilities'));
    await world.until(({ ticks }) => ticks.length > 4);
    await world.stop();
    // It has no console.
    expect([...new Set(failed(world.kept).map(({ collector }) => collector))]).toEqual(['pool']);
    expect(gapsBesideLate(world.kept.gaps)).toEqual([]);
    expect(await pooler.askEach('select count(*) from pg_prepared_statements')).toEqual(['0', '0']);
    for (const [setting, value] of [
      ['default_transaction_read_only', 'off'],
      ['statement_timeout', '0'],
      ['jit', 'on'],
    ])
      expect(await pooler.askEach(`show ${setting}`)).toEqual([value, value]);
    const capabilities = world.kept.snapshots.find(({ kind }) => kind === 'capabilities')?.content as Capability[];
    expect(capabilities.find(({ name }) => name === 'Direct connection')?.reason).toMatch(/^A pooler answers/);
  } finally {
    pooler.stop();
  }
});

/** Only where a PgBouncer is at hand; it cannot be had as a package of npm. */
const pgbouncer = process.env.HOWDAH_PGBOUNCER ?? '/usr/sbin/pgbouncer';
test.skipIf(!existsSync(pgbouncer))(
  'behind PgBouncer in transaction mode nothing is left in other people’s sessions',
  async () => {
    const { behindBouncer } = await import('./pgbouncer.ts');
    const folder = await mkdtemp(join(tmpdir(), 'howdah-bouncer-'));
    const bouncer = await behindBouncer(pgbouncer, folder, server);
    try {
      const world = recordInMemory(bouncer.spec);
      await world.until(({ families: samples }) => samples.some(({ family }) => family === 'pool'));
      await world.until(({ runs }) => runs.some(({ collector }) => collector === 'columnStatistics'));
      await world.stop();
      expect(failed(world.kept)).toEqual([]);
      expect(await bouncer.query('show default_transaction_read_only')).toBe('off');
      expect(await bouncer.query('show statement_timeout')).toBe('0');
    } finally {
      await bouncer.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
