/**
 * What recording costs the server: 500 sessions (50 of them at work), 10,000 tables, 2,500 statements. The processor
 * time is that of the server's own processes for the recorder's connections; how long each question takes is what
 * pg_stat_statements counted for the recorder's role.
 *
 * First contact is in the first minute: what is read of every table is read as far as its allowance goes, to which nothing
 * is added for ten minutes. So ten minutes are the first one and nine like the second. HOWDAH_BENCH_MINUTES=10 runs them
 * in full.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { standardAllowanceMs } from '../../electron/recorder/collect/allowance.ts';
import { recordInMemory } from '../postgres/recorder-world.ts';
import { startServer, type TestServer } from '../postgres/servers.ts';
import { makeTables, type Row } from './objects.ts';

const sessions = 500;
const busy = 50;
const tables = 10_000;
const statements = 2_500;
/** Linux counts processor time in hundredths of a second. */
const tickMs = 10;

export async function run(): Promise<Row[]> {
  const minutes = Number(process.env.HOWDAH_BENCH_MINUTES ?? 2);
  const server = await startServer(18, {
    settings: {
      max_connections: String(sessions + 20),
      shared_preload_libraries: 'pg_stat_statements',
      'pg_stat_statements.max': '5000',
      max_locks_per_transaction: '256',
      autovacuum: 'off',
    },
  });
  const clients: pg.Client[] = [];
  try {
    await fill(server);
    let over = false;
    for (let at = 0; at < sessions; at++) clients.push(await connect(server));
    const working = clients.slice(0, busy).map(async (client) => {
      while (!over) await client.query('select pg_sleep(0.5)').catch(() => {});
    });
    const measured = await measure(server, minutes);
    over = true;
    await Promise.all(working);
    return rows(measured, minutes);
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => {})));
    await server.stop();
  }
}

async function fill(server: TestServer): Promise<void> {
  await server.query('create extension pg_stat_statements');
  await server.query("create role watcher login password 'w'");
  await server.query('grant pg_monitor to watcher');
  await makeTables(server, tables);
  const names = await server.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class where relkind = 'r' and relnamespace = 'many'::regnamespace
     order by oid limit ${statements}`,
  );
  for (const { name } of names) await server.query(`select count(*) from many.${name} where id = 1`);
}

async function connect({ host, port, user, password, database }: TestServer): Promise<pg.Client> {
  const client = new pg.Client({ host, port, user, password, database, application_name: 'load' });
  client.on('error', () => {});
  await client.connect();
  return client;
}

interface Measured {
  /** Processor time of the recorder's connections at the end of each minute. */
  readonly cpuMs: readonly number[];
  readonly slow: readonly { query: string; calls: number; maxMs: number; totalMs: number }[];
  readonly failures: readonly string[];
  readonly ticks: number;
}

async function measure(server: TestServer, minutes: number): Promise<Measured> {
  const cpu = new Map<number, number>();
  const look = async () => {
    const found = await server.query<{ pid: number }>(
      "select pid from pg_stat_activity where application_name = 'howdah monitor'",
    );
    for (const { pid } of found) {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
      const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields) cpu.set(pid, (Number(fields[11]) + Number(fields[12])) * tickMs);
    }
  };
  const world = recordInMemory(server.spec({ user: 'watcher', password: 'w' }), {
    everyMs: 1_000,
    staggerMs: 120,
    allowanceMs: standardAllowanceMs,
  });
  const cpuMs: number[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    for (let second = 0; second < 120; second++) {
      await delay(500);
      await look();
    }
    cpuMs.push([...cpu.values()].reduce((sum, ms) => sum + ms, 0));
  }
  await world.stop();
  const slow = await server.query<{ query: string; calls: string; maxMs: number; totalMs: number }>(
    `select regexp_replace(query, '\\s+', ' ', 'g') as query, calls, max_exec_time as "maxMs", total_exec_time as "totalMs"
     from pg_stat_statements where userid = 'watcher'::regrole order by max_exec_time desc limit 16`,
  );
  return {
    cpuMs,
    slow: slow.map(({ calls, ...each }) => ({ ...each, calls: Number(calls) })),
    failures: world.kept.runs.flatMap(({ collector, failure }) => (failure ? [`${collector}: ${failure}`] : [])),
    ticks: world.kept.ticks.length,
  };
}

/** Sizes and indexes may take longer, but not more than half a second an hour together. */
const mayTakeLong = /pg_relation_size|pg_database_size|pg_tablespace_size|as index,/;

function rows({ cpuMs, slow, failures, ticks }: Measured, minutes: number): Row[] {
  for (const { query, calls, maxMs, totalMs } of slow)
    console.log(
      `  ${query.slice(0, 70).padEnd(70)} ${calls} calls, longest ${maxMs.toFixed(1)} ms, mean ${(totalMs / calls).toFixed(1)} ms`,
    );
  for (const failure of failures) console.log(`  failed: ${failure}`);
  const [first = 0, second = first] = cpuMs;
  const last = cpuMs.at(-1) ?? 0;
  const tenMinutesMs = minutes >= 10 ? (last * 10) / minutes : first + 9 * (second - first);
  const share = (tenMinutesMs / 600_000) * 100;
  const others = Math.max(...slow.filter(({ query }) => !mayTakeLong.test(query)).map(({ maxMs }) => maxMs));
  // Once an hour each.
  const long = slow
    .filter(({ query, maxMs }) => mayTakeLong.test(query) && maxMs > 50)
    .reduce((sum, { totalMs }) => sum + totalMs, 0);
  return [
    { name: 'share of one core, over 10 minutes', value: share, unit: '%', bar: 0.3, ok: share <= 0.3 },
    {
      name: 'the same, once everything was asked once',
      value: (last - first) / ((minutes - 1) * 600),
      unit: '%',
      bar: 0.3,
      ok: true,
    },
    { name: 'longest question but sizes and indexes', value: others, unit: 'ms', bar: 50, ok: others <= 50 },
    { name: 'sizes and indexes over 50 ms, an hour', value: long, unit: 'ms', bar: 500, ok: long <= 500 },
    { name: 'samples in the time', value: ticks / (minutes * 60), unit: 'of 1', bar: 1, ok: ticks >= minutes * 57 },
    { name: 'collectors that failed', value: failures.length, unit: '', bar: 0, ok: failures.length === 0 },
  ];
}
