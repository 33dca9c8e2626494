/** The session engine: rows into result files against psql on the same server, memory, first rows, cancel, the host's loop. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { promisify } from 'node:util';
import type { Session } from '../../electron/postgres/source.ts';
import { startServer, type TestServer } from '../postgres/servers.ts';
import { openWorld, requestOf, type World } from '../postgres/session-world.ts';

export interface Row {
  readonly name: string;
  readonly value: number | string;
  readonly unit: string;
  readonly bar?: number;
  readonly ok?: boolean;
}

const rounds = 7;
const psql = '/usr/bin/psql';
/** Twelve mixed columns, some 290 bytes a row as text. */
const tableSql = (rows: number) => `create unlogged table mixed as select
  g::bigint as id, 'customer ' || md5(g::text) as name, (g::bigint * 7919 % 1000003)::numeric / 100 as amount,
  '2024-01-01'::timestamptz + g * interval '13 seconds' as at,
  jsonb_build_object('kind', g % 7, 'tags', array['a', 'b'], 'note', 'n' || g) as data,
  md5(g::text)::uuid as guid, g % 2 = 0 as active, g / 7.0::float8 as ratio, '2020-01-01'::date + g % 3000 as day,
  array[g, g % 10, g % 100] as numbers, decode(md5((g * 3)::text), 'hex') as hash,
  case when g % 3 = 0 then null else 'a note, with "quotes" for ' || g end as note
  from generate_series(1, ${rows}) g`;

interface Fetched {
  readonly totalMs: number;
  readonly bytes: number;
  /** From the first row's arrival to its being readable in the host. */
  readonly firstRowsMs: number;
  readonly growthMb: number;
}

/** Runs one query to its end as a tab would, without a row limit, and removes the result. */
async function fetch(world: World, session: Session, text: string): Promise<Fetched> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 10);
  const startedAt = performance.now();
  let firstAt = 0;
  let firstRowsMs = 0;
  let bytes = 0;
  let resultId = '';
  for await (const event of session.run(requestOf([text]))) {
    if (event.kind === 'failed') throw new Error(JSON.stringify(event.failure));
    if (event.kind === 'progress' && event.rows > 0) firstAt ||= performance.now() - startedAt;
    if (event.kind !== 'resultEnd') continue;
    bytes = event.bytes;
    resultId = event.resultId;
    firstRowsMs = firstAt - event.timings.serverMs;
  }
  const totalMs = performance.now() - startedAt;
  clearInterval(timer);
  await world.sources.results.closeResult(resultId);
  return { totalMs, bytes, firstRowsMs, growthMb: (most - before) / 1e6 };
}

async function psqlCopy(server: TestServer, file: string): Promise<number> {
  const startedAt = performance.now();
  const command = `\\copy (select * from mixed) to '${file}' csv`;
  await promisify(execFile)(psql, ['-X', '-q', '-d', server.url, '-c', command]);
  const tookMs = performance.now() - startedAt;
  await rm(file);
  return tookMs;
}

async function cancelMs(session: Session): Promise<number> {
  for await (const event of session.run(requestOf(["select generate_series(1, 1000000000), repeat('x', 200)"]))) {
    if (event.kind !== 'progress') continue;
    const { tookMs } = await session.cancel();
    for await (const _ of session.run(requestOf(['select 1'])));
    return tookMs;
  }
  throw new Error('no rows came');
}

export async function run(): Promise<Row[]> {
  const server = await startServer(18);
  const world = await openWorld(() => server.spec());
  try {
    await server.query(tableSql(1_000_000));
    await server.query('vacuum (analyze, freeze) mixed');
    return await measure(server, world, await world.session());
  } finally {
    await world.close();
    await server.stop();
  }
}

async function measure(server: TestServer, world: World, session: Session): Promise<Row[]> {
  const rows: Row[] = [];
  const atMost = (name: string, value: number, unit: string, bar: number) =>
    rows.push({ name, value: Math.round(value * 1000) / 1000, unit, bar, ok: value <= bar });
  // Started, warm, and with all of the program's code loaded: growth is then the rows' doing.
  await fetch(world, session, 'select * from mixed limit 50000');

  const fetched: Fetched[] = [];
  const copied: number[] = [];
  const loop = monitorEventLoopDelay({ resolution: 1 });
  for (let round = 0; round < rounds; round++) {
    loop.enable();
    fetched.push(await fetch(world, session, 'select * from mixed'));
    loop.disable();
    if (existsSync(psql)) copied.push(await psqlCopy(server, path.join(world.folder, 'copy.csv')));
  }
  const ours = median(fetched.map(({ totalMs }) => totalMs));
  rows.push({ name: '1M rows x 12 columns into a result file', value: Math.round(ours), unit: 'ms' });
  rows.push({ name: 'bytes of it', value: Math.round((fetched[0]?.bytes ?? 0) / 1e6), unit: 'MB' });
  if (copied.length > 0) {
    rows.push({ name: 'psql \\copy csv to a file', value: Math.round(median(copied)), unit: 'ms' });
    atMost('ratio to psql', ours / median(copied), 'x', 0.9);
  } else rows.push({ name: 'psql is not here: no ratio', value: '-', unit: '' });
  atMost('memory growth at 1M rows, worst round', Math.max(...fetched.map(({ growthMb }) => growthMb)), 'MB', 80);
  atMost(
    'first rows readable after the server’s first',
    median(fetched.map(({ firstRowsMs }) => firstRowsMs)),
    'ms',
    60,
  );
  // Each sample includes the timer's own millisecond.
  atMost('event loop delay of the host while rows stream, p99', loop.percentile(99) / 1e6, 'ms', 25);
  const long = await fetch(world, session, 'select m.* from generate_series(1, 10), mixed m');
  rows.push({ name: '10M rows', value: Math.round(long.totalMs), unit: 'ms' });
  atMost('memory growth at 10M rows', long.growthMb, 'MB', 120);
  const cancels: number[] = [];
  for (let round = 0; round < rounds; round++) cancels.push(await cancelMs(session));
  atMost('cancel to ready while rows stream', median(cancels), 'ms', 50);
  return rows;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
