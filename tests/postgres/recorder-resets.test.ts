/**
 * What counters do when they are reset, and what a recording makes of it: each event of the reference's table, on
 * servers where they differ. After each, growth is exactly what was done since: no spike, nothing lost, nothing twice.
 */
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { familyCollectors } from '../../electron/recorder/collect/families/server-families.ts';
import { statementCollector } from '../../electron/recorder/collect/statements/statements.ts';
import { familyOf } from '../../shared/metrics/families.ts';
import { eventually, type Polls, pollByHand } from './recorder-world.ts';
import { majors, startServer, type TestServer } from './servers.ts';

const table = 'counted';

describe.each(majors)('PostgreSQL %i', (major) => {
  let server: TestServer;
  let polls: Polls;
  const collectors = new Map([...familyCollectors(), statementCollector()].map((each) => [each.id, each]));
  /** What pg_stat_user_tables shows of the table. */
  let shown = { scans: 0, inserts: 0 };

  beforeAll(async () => {
    server = await startServer(major, {
      settings: {
        shared_preload_libraries: 'pg_stat_statements',
        'pg_stat_statements.max': '100',
        autovacuum: 'off',
        restart_after_crash: 'on',
      },
    });
    await server.query('create extension pg_stat_statements');
    await server.query(`create table ${table} (n int)`);
    polls = pollByHand(server.spec());
    await work(9);
    for (const family of ['table', 'database', 'statement', 'bgwriter']) await growth(family);
  });
  afterAll(async () => {
    await polls.close();
    await server.stop();
  });

  /** So many scans and inserts, each a statement; waits until the server shows them. */
  async function work(count: number): Promise<void> {
    const { host, port, user, password, database } = server;
    const client = new pg.Client({ host, port, user, password, database });
    await client.connect();
    for (let at = 0; at < count; at++) {
      await client.query(`insert into ${table} values ($1)`, [at]);
      await client.query(`select count(*) from ${table}`);
    }
    await client.end();
    shown = { scans: shown.scans + count, inserts: shown.inserts + count };
    await eventually(async () => {
      const [row] = await server.query<{ scans: string; inserts: string }>(
        `select seq_scan as scans, n_tup_ins as inserts from pg_stat_user_tables where relname = '${table}'`,
      );
      return Number(row?.scans) === shown.scans && Number(row?.inserts) === shown.inserts;
    });
  }
  const zeroed = () => {
    shown = { scans: 0, inserts: 0 };
  };

  async function growth(id: string) {
    const collector = collectors.get(id);
    const family = familyOf(id);
    if (!collector || !family) throw new Error(`no ${id}`);
    const sample = await polls.poll(collector);
    const place = (metric: string) => family.metrics.findIndex(({ name }) => name === metric);
    return {
      sample,
      of(metric: string, matches: (key: readonly string[]) => boolean = () => true) {
        const row = sample.rows.find(({ key }) => matches(key));
        return { value: row ? row.values[place(metric)] : 0, flags: row?.flags ?? [] };
      },
      all: (metric: string) => sample.rows.map(({ values }) => values[place(metric)]),
    };
  }
  const tableGrowth = async () => {
    const { sample, of } = await growth('table');
    const own = (key: readonly string[]) => key[2] === table;
    return { sample, scans: of('seq_scan', own), inserts: of('n_tup_ins', own) };
  };
  const ownDatabase = async () => {
    const { of } = await growth('database');
    return of('tup_inserted', ([name]) => name === server.database);
  };
  async function insertCalls() {
    const [row] = await server.query<{ id: string }>(
      `select queryid::text as id from pg_stat_statements where query = 'insert into ${table} values ($1)'`,
    );
    const { of, sample } = await growth('statement');
    return { ...of('calls', (key) => key[2] === row?.id), sample };
  }

  test('nothing happened: the difference', async () => {
    await work(3);
    expect(await tableGrowth()).toMatchObject({ sample: { flags: [] }, scans: { value: 3 }, inserts: { value: 3 } });
    expect((await ownDatabase()).value).toBeGreaterThanOrEqual(3);
    expect(await insertCalls()).toMatchObject({ value: 3, flags: [] });
  });

  test('clean restart: everything goes on', async () => {
    await server.restart('fast');
    await work(2);
    const { sample, scans } = await tableGrowth();
    expect(sample.flags).toEqual(['restart']);
    expect(scans).toEqual({ value: 2, flags: [] });
    expect(await insertCalls()).toMatchObject({ value: 2, flags: [] });
    expect((await growth('bgwriter')).sample.flags).toEqual(['restart']);
    await ownDatabase();
  });

  test('immediate restart: counters begin at zero, statements go on', async () => {
    await server.restart('immediate');
    zeroed();
    await work(2);
    const { sample, scans } = await tableGrowth();
    expect(sample.flags).toContain('restart');
    expect(scans).toMatchObject({ value: 2, flags: ['reset', 'partial'] });
    expect((await ownDatabase()).value).toBeLessThan(1_000);
    expect((await insertCalls()).value).toBe(2);
    for (const value of (await growth('bgwriter')).all('buffers_alloc')) expect(value).toBeGreaterThanOrEqual(0);
  });

  test('crash of a backend: everything begins at zero, the start time stays', async () => {
    await work(6);
    await tableGrowth();
    await insertCalls();
    await ownDatabase();
    const [before] = await server.query('select pg_postmaster_start_time()::text as at');
    const victim = new pg.Client({ ...server, host: server.host });
    victim.on('error', () => {});
    await victim.connect();
    const { rows } = await victim.query('select pg_backend_pid() as pid');
    process.kill(rows[0].pid, 'SIGKILL');
    // The server ends all other sessions, recovers, and takes connections again.
    await eventually(async () => /all server processes terminated/.test(await readFile(server.logFile, 'utf8')));
    const [after] = await eventually(() =>
      server.query('select pg_postmaster_start_time()::text as at').catch(() => null),
    );
    expect(after?.at).toBe(before?.at);
    zeroed();
    await work(2);
    const { sample, scans, inserts } = await tableGrowth();
    expect(sample.flags).not.toContain('restart');
    expect(scans).toMatchObject({ value: 2, flags: ['reset', 'partial'] });
    expect(inserts.value).toBe(2);
    expect((await insertCalls()).value).toBe(2);
    expect((await ownDatabase()).value).toBeLessThan(1_000);
  });

  test('pg_stat_reset(): the database’s counters', async () => {
    await server.query('select pg_stat_reset()');
    zeroed();
    await work(1);
    expect((await tableGrowth()).scans).toMatchObject({ value: 1, flags: ['reset', 'partial'] });
    expect((await ownDatabase()).value).toBeLessThan(100);
    expect(await insertCalls()).toMatchObject({ value: 1, flags: [] });
  });

  test('pg_stat_reset_single_table_counters(): that table only, and the database’s own mark', async () => {
    await work(3);
    await tableGrowth();
    await ownDatabase();
    await server.query(`select pg_stat_reset_single_table_counters('${table}'::regclass)`);
    zeroed();
    await work(1);
    expect((await tableGrowth()).scans).toMatchObject({ value: 1, flags: ['reset', 'partial'] });
    const { value, flags } = await ownDatabase();
    expect(flags).toEqual(['lowerBound']);
    expect(value).toBeGreaterThanOrEqual(1);
    expect(value).toBeLessThan(100);
  });

  test('pg_stat_reset_shared(): that family only', async () => {
    await growth('bgwriter');
    const resetAt = async () =>
      (await server.query<{ at: string }>('select stats_reset::text as at from pg_stat_bgwriter'))[0]?.at;
    const before = await resetAt();
    await server.query("select pg_stat_reset_shared('bgwriter')");
    await eventually(async () => (await resetAt()) !== before);
    const { sample, of } = await growth('bgwriter');
    expect(sample.flags).toEqual(['reset']);
    expect(of('buffers_alloc').value).toBeLessThan(1_000);
    expect((await tableGrowth()).sample.flags).toEqual([]);
  });

  test('pg_stat_statements_reset() of one entry, and of all', async () => {
    await work(3);
    await insertCalls();
    const [row] = await server.query<{ u: number; d: number; q: string }>(
      `select userid as u, dbid as d, queryid::text as q from pg_stat_statements
       where query = 'insert into ${table} values ($1)'`,
    );
    await server.query(`select pg_stat_statements_reset(${row?.u}, ${row?.d}, ${row?.q})`);
    await work(1);
    expect((await insertCalls()).value).toBe(1);
    await work(4);
    await insertCalls();
    await server.query('select pg_stat_statements_reset()');
    await work(2);
    const { value, sample } = await insertCalls();
    expect(value).toBe(2);
    if (major >= 14) expect(sample.flags).toContain('reset');
  });

  test('eviction: what came back counts once', async () => {
    await work(2);
    await insertCalls();
    for (let at = 0; at < 260; at++) await server.query(`select 1${' + 1'.repeat(at)}`);
    const evicted = await insertCalls();
    if (major >= 14) expect(evicted.sample.flags).toContain('partial');
    await work(2);
    const { value } = await insertCalls();
    expect(value).toBeGreaterThanOrEqual(2);
    expect(value).toBeLessThanOrEqual(4);
  });
});
