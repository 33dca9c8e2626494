/** The sample server as the app uses it: full size, then killed, shared, half-loaded, damaged. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from '../../electron/features/sample/postgres-process.ts';
import {
  createSampleServer,
  type SampleServerDeps,
  type SampleTarget,
} from '../../electron/features/sample/sample-server.ts';
import { createWorkload } from '../../electron/features/sample/workload/workload.ts';
import { kinds } from './object-kinds.ts';

const warnings: string[] = [];
const log = { info: () => undefined, warn: (message: string) => void warnings.push(message), error: console.error };
const folders: string[] = [];
const bases = new Set<string>();

async function makeServer(more: Partial<SampleServerDeps> = {}) {
  const dataFolder = more.dataFolder ?? (await mkdtemp(path.join(tmpdir(), 'howdah-data-')));
  if (!more.dataFolder) folders.push(dataFolder);
  return { dataFolder, server: createSampleServer({ dataFolder, log, rows: 'few', ...more }) };
}
async function baseOf(dataFolder: string): Promise<string> {
  const state = JSON.parse(await readFile(path.join(dataFolder, 'sample', 'state.json'), 'utf8')) as { base: string };
  bases.add(state.base);
  return state.base;
}
const postmasterPid = async (dataFolder: string) =>
  Number((await readFile(path.join(await baseOf(dataFolder), 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);

// biome-ignore lint/suspicious/noExplicitAny: rows of an oracle are whatever the test asked for
async function ask(target: SampleTarget, sql: string, values: unknown[] = []): Promise<any[]> {
  const client = new pg.Client({ ...target });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}
async function until(condition: () => Promise<boolean> | boolean, ms = 120_000): Promise<void> {
  for (const end = Date.now() + ms; !(await condition()); ) {
    if (Date.now() > end) throw new Error('It did not happen in time.');
    await new Promise((done) => setTimeout(done, 20));
  }
}

afterAll(async () => {
  for (const folder of [...folders, ...bases]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('the whole sample', () => {
  let dataFolder: string;
  let server: ReturnType<typeof createSampleServer>;
  let target: SampleTarget;
  const steps: { step: string; fraction: number }[] = [];

  beforeAll(async () => {
    ({ server, dataFolder } = await makeServer({ rows: 'all' }));
    expect(await server.status()).toEqual({ state: 'absent' });
    target = await server.open((step, fraction) => steps.push({ step, fraction }));
    await baseOf(dataFolder);
  }, 600_000);
  afterAll(() => server?.stop());

  test('is loaded, telling how far it is', () => {
    expect(steps.length).toBeGreaterThan(30);
    const fractions = steps.map(({ fraction }) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBeGreaterThan(0.9);
  });

  test('has a million tracking events of twelve columns', async () => {
    const [found] = await ask(
      target,
      `select count(*)::int as rows, count(remark)::int as remarks, avg(length(t::text))::int as bytes,
         (select count(*)::int from pg_attribute where attrelid = 'logistics.tracking_event'::regclass and attnum > 0) as columns
       from logistics.tracking_event t`,
    );
    expect(found).toMatchObject({ rows: 1_000_000, columns: 12 });
    expect(found.bytes).toBeGreaterThan(250);
    expect(found.bytes).toBeLessThan(340);
    expect(found.remarks).toBeLessThan(1_000_000);
  });

  test('has every kind of object', async () => {
    const counts = await ask(target, kinds);
    const missing = counts.filter(({ count }) => count === 0).map(({ kind }) => kind);
    expect(missing).toEqual([]);
    expect(counts.length).toBeGreaterThan(60);
  });

  test('has the mistakes that are there to be found', async () => {
    const [found] = await ask(
      target,
      `select (select count(*)::int from pg_index where not indisvalid) as invalid,
         (select count(*)::int from pg_index a join pg_index b on a.indrelid = b.indrelid and a.indkey = b.indkey and a.indexrelid < b.indexrelid
            and a.indclass = b.indclass and a.indoption = b.indoption and a.indpred is not distinct from b.indpred) as twice,
         (select count(*)::int from pg_class c where relkind = 'r' and relnamespace = 'shop'::regnamespace
            and not exists (select from pg_index where indrelid = c.oid and indisprimary)) as keyless,
         (select n_dead_tup::int from pg_stat_all_tables where relname = 'sensor_buffer') as dead`,
    );
    expect(found.invalid).toBe(1);
    expect(found.twice).toBeGreaterThan(0);
    expect(found.keyless).toBeGreaterThan(1);
    expect(found.dead).toBeGreaterThan(1_000);
  });

  test('reads itself through the foreign server', async () => {
    const [row] = await ask(target, 'select description from logistics.remote_tracking_event where event_id = 777777');
    expect(row.description.length).toBeGreaterThan(5);
  });

  test('keeps its password to itself', async () => {
    const file = await stat(path.join(dataFolder, 'sample', 'password'));
    if (process.platform !== 'win32') expect(file.mode & 0o077).toBe(0);
    const recorded = await ask(target, 'select query from pg_stat_statements where strpos(query, $1) > 0', [
      target.password,
    ]);
    expect(recorded).toEqual([]);
    await expect(ask({ ...target, password: 'wrong' }, 'select 1')).rejects.toThrow('password');
    const serverLog = await readFile(path.join(await baseOf(dataFolder), 'server.log'), 'utf8');
    expect(serverLog).not.toContain(target.password);
    const [{ listen_addresses }] = await ask(target, 'show listen_addresses');
    expect(listen_addresses).toBe('127.0.0.1');
  });

  test('starts again on the same port, with all its rows', async () => {
    await server.stop();
    expect(await server.status()).toMatchObject({ state: 'stopped', port: target.port });
    const again = await server.open();
    expect(again.port).toBe(target.port);
    const [{ n }] = await ask(again, 'select count(*)::int as n from logistics.tracking_event');
    expect(n).toBe(1_000_000);
  });

  test('survives kill -9 of its server', async () => {
    await ask(target, "update shop.product set name = 'kept' where id = 5");
    await ask(target, 'checkpoint');
    const pid = await postmasterPid(dataFolder);
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid));
    expect(await server.status()).toMatchObject({ state: 'stopped' });
    target = await server.open();
    expect(await ask(target, 'select name from shop.product where id = 5')).toEqual([{ name: 'kept' }]);
  });

  test('under load shows queues, waits, spills and errors, and nothing of it stays', async () => {
    const workload = createWorkload(log);
    const watch = new pg.Client({ ...target, application_name: 'watch' });
    await watch.connect();
    try {
      await watch.query('select pg_stat_statements_reset()');
      const [before] = (await watch.query(`select temp_files from pg_stat_database where datname = 'sample'`)).rows;
      await workload.start(target);
      expect(workload.running).toBe(true);
      const seen = { rowQueue: false, tableQueue: false, idle: false, slow: false, spill: false };
      await until(async () => {
        const { rows } = await watch.query(look);
        seen.rowQueue ||= rows[0].row_waiters >= 2;
        seen.tableQueue ||= rows[0].table_waiters >= 2;
        seen.idle ||= rows[0].idle_in_transaction > 0;
        seen.slow ||= rows[0].slow > 0;
        seen.spill ||= rows[0].temp_files > before.temp_files;
        return Object.values(seen).every(Boolean);
      });
      await workload.stop();
      expect(workload.running).toBe(false);
      // Who asked for their end goes last, and a moment after its goodbye.
      await until(async () => (await watch.query(others)).rows.length === 0);
      const left = await watch.query(
        `select (select count(*)::int from pg_prepared_xacts) as prepared, (select count(*)::int from logistics.tracking_event) as events,
           (select count(distinct userid)::int from pg_stat_statements) as users`,
      );
      expect(left.rows[0]).toMatchObject({ prepared: 0, events: 1_000_000 });
      expect(left.rows[0].users).toBeGreaterThanOrEqual(4);
    } finally {
      await workload.stop();
      await watch.end();
    }
  });
});

const others = `select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;

const look = `
  select count(*) filter (where wait_event_type = 'Lock' and wait_event in ('transactionid', 'tuple'))::int as row_waiters,
    count(*) filter (where wait_event_type = 'Lock' and wait_event = 'relation')::int as table_waiters,
    count(*) filter (where state = 'idle in transaction')::int as idle_in_transaction,
    count(*) filter (where state = 'active' and wait_event_type is distinct from 'Lock' and now() - query_start > interval '1 second')::int as slow,
    (select temp_files from pg_stat_database where datname = 'sample') as temp_files
  from pg_stat_activity where backend_type = 'client backend' and application_name <> 'watch'`;

test('two programs share one server; the last to leave stops it', async () => {
  const { dataFolder, server } = await makeServer();
  const target = await server.open();
  await baseOf(dataFolder);
  const other = spawn(process.execPath, ['--input-type=module', '-e', otherProgram(dataFolder)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = (await once(other.stdout, 'data')) as [Buffer];
  expect(Number(port.toString())).toBe(target.port);
  await server.stop();
  expect(await ask(target, 'select 1 as one')).toEqual([{ one: 1 }]);
  const pid = await postmasterPid(dataFolder);
  // Killed, not asked: what was shared must still come to its end.
  other.kill('SIGKILL');
  await once(other, 'exit');
  if (process.platform !== 'win32') await until(() => !isAlive(pid));
  else {
    await server.open();
    await server.stop();
  }
});

const source = new URL('../../electron/features/sample/sample-server.ts', import.meta.url).href;
const otherProgram = (dataFolder: string) => `
  const { createSampleServer } = await import(${JSON.stringify(source)});
  const log = { info() {}, warn: console.error, error: console.error };
  const server = createSampleServer({ dataFolder: ${JSON.stringify(dataFolder)}, log, rows: 'few' });
  const { port } = await server.open();
  console.log(port);
  process.stdin.resume();
`;

test('two that open at once load it once', async () => {
  const { dataFolder, server } = await makeServer();
  const second = createSampleServer({ dataFolder, log, rows: 'few' });
  const told: string[] = [];
  const [one, two, three] = await Promise.all([server.open(), server.open(), second.open((step) => told.push(step))]);
  await baseOf(dataFolder);
  expect(new Set([one?.port, two?.port, three?.port]).size).toBe(1);
  await server.stop();
  await second.stop();
  expect(await server.status()).toMatchObject({ state: 'stopped' });
});

test('a half-loaded database is thrown away and loaded again', async () => {
  const { dataFolder, server } = await makeServer();
  const target = await server.open();
  await baseOf(dataFolder);
  await ask({ ...target, database: 'postgres' }, 'alter database sample rename to sample_loading');
  await ask({ ...target, database: 'sample_loading' }, 'drop schema finance cascade');
  await server.stop();
  const again = await server.open();
  expect(await ask(again, 'select count(*)::int as n from finance.account')).toEqual([{ n: 15 }]);
  expect(await ask(again, `select from pg_database where datname = 'sample_loading'`)).toEqual([]);
  await server.stop();
});

test('a damaged cluster is set aside and made anew', async () => {
  const { dataFolder, server } = await makeServer();
  await server.open();
  const base = await baseOf(dataFolder);
  await server.stop();
  await unlink(path.join(base, 'data', 'global', 'pg_control'));
  const target = await server.open();
  expect(await ask(target, 'select count(*)::int as n from finance.account')).toEqual([{ n: 15 }]);
  expect((await stat(path.join(base, 'data.damaged'))).isDirectory()).toBe(true);
  expect(warnings.join()).toContain('set aside');
  await server.stop();
});

test('a port that is asked for and taken is said so, and harms nothing', async () => {
  const { dataFolder, server } = await makeServer();
  const { port } = await server.open();
  await baseOf(dataFolder);
  const elsewhere = await makeServer({ port });
  await expect(elsewhere.server.open()).rejects.toMatchObject({ failure: { kind: 'invalid', field: 'port' } });
  await baseOf(elsewhere.dataFolder);
  await server.stop();
  expect((await elsewhere.server.open()).port).toBe(port);
  await elsewhere.server.stop();
});

test('stopped while it loads, it stops at once, and loads anew next time', async () => {
  const { dataFolder, server } = await makeServer({ rows: 'all' });
  const far = Promise.withResolvers<void>();
  const opened = server.open((_step, fraction) => {
    if (fraction > 0.2) far.resolve();
  });
  const outcome = expect(opened).rejects.toMatchObject({ failure: { kind: 'cancelled' } });
  await far.promise;
  await baseOf(dataFolder);
  await server.stop();
  await outcome;
  expect(await server.status()).toMatchObject({ state: 'stopped' });
  const again = createSampleServer({ dataFolder, log, rows: 'few' });
  const target = await again.open();
  expect(await ask(target, 'select count(*)::int as n from logistics.tracking_event')).toEqual([{ n: 1_000 }]);
  await again.stop();
});

test.skipIf(process.platform === 'win32')(
  'in the foreground it prints its address last and ends on SIGTERM',
  async () => {
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'howdah-data-'));
    folders.push(dataFolder);
    const program = `
    const { runSampleForeground } = await import(${JSON.stringify(foreground)});
    await runSampleForeground({ dataFolder: ${JSON.stringify(dataFolder)}, rows: 'few' });
  `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    await baseOf(dataFolder);
    const url = line.toString().trim().split(' ').at(-1) ?? '';
    const client = new pg.Client(url);
    await client.connect();
    expect((await client.query('select current_database() as name')).rows).toEqual([{ name: 'sample' }]);
    await client.end();
    const pid = await postmasterPid(dataFolder);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(isAlive(pid)).toBe(false);
  },
);
const foreground = new URL('../../electron/features/sample/run-foreground.ts', import.meta.url).href;
