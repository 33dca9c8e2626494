/** Moving rows: export and import of a million rows against psql on the same server, packed formats, memory at ten million. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ExportChoices } from '../../shared/api/transfer.ts';
import { scratchFolder } from '../fixtures/row-files.ts';
import { importFile } from '../postgres/import-world.ts';
import { exportQuery, openResultsWorld, outcome, type ResultsWorld } from '../postgres/results-world.ts';
import { startServer, type TestServer } from '../postgres/servers.ts';

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar?: number;
  readonly ok?: boolean;
}

const rounds = 5;
const psql = '/usr/bin/psql';
const table = 'mixed';
/** Twelve mixed columns, about 293 bytes a row as text. */
const makeTable = (rows: number) => `create table ${table} as select
  i::bigint as id, 'customer ' || md5(i::text) || ' of ' || i as name, (i::bigint * 7919 % 1000003)::numeric(12,2) / 100 as amount,
  '2024-01-01'::timestamptz + i * interval '13 seconds' as at,
  jsonb_build_object('kind', i % 7, 'tags', array['a', 'b'], 'note', 'n' || i) as data,
  md5(i::text)::uuid as guid, i % 2 = 0 as active, i / 7.0::double precision as ratio, '2020-01-01'::date + i % 3000 as day,
  array[i, i % 10, i % 100] as numbers, decode(md5((i * 3)::text), 'hex') as hash,
  case when i % 3 = 0 then null else 'a note, with "quotes" for ' || i end as note
  from generate_series(1, ${rows}) i`;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

export async function run(rowCount = 1_000_000): Promise<Row[]> {
  const rows: Row[] = [];
  const add = (name: string, value: number, unit: string, bar?: number): void =>
    void rows.push({ name, value, unit, ...(bar === undefined ? {} : { bar, ok: value <= bar }) });
  const server = await startServer(15);
  const world = await openResultsWorld(() => server.spec());
  const folder = scratchFolder();
  try {
    await server.query(makeTable(rowCount));
    await server.query(`vacuum analyze ${table}`);
    await server.query(`create table target (like ${table})`);
    await exports({ add, world, server, folder });
    await imports({ add, world, server, folder });
    await memory({ add, world, server, folder });
  } finally {
    await world.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

interface Bench {
  readonly add: (name: string, value: number, unit: string, bar?: number) => void;
  readonly world: ResultsWorld;
  readonly server: TestServer;
  readonly folder: string;
}

const hasPsql = existsSync(psql);
const asPsql = (server: TestServer, command: string) =>
  promisify(execFile)(psql, ['-qX', server.url, '-c', command], { env: { ...process.env, PGCLIENTENCODING: 'UTF8' } });

async function exports({ add, world, server, folder }: Bench): Promise<void> {
  const write = async (choices: ExportChoices, sql = `select * from ${table}`) => {
    const file = path.join(folder, `ours.${choices.format}`);
    const end = await outcome(exportQuery(world.results, server.spec(), sql, { ...choices, path: file }));
    if (end.kind !== 'done') throw new Error(JSON.stringify(end));
    return file;
  };
  const theirs = path.join(folder, 'psql.csv');
  const times = { psql: [] as number[], csv: [] as number[], sql: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    if (hasPsql) times.psql.push(await timed(() => asPsql(server, `\\copy ${table} to '${theirs}' csv header`)));
    times.csv.push(await timed(() => write({ format: 'csv' })));
    times.sql.push(await timed(() => write({ format: 'sql', sqlStyle: 'copy' })));
  }
  if (hasPsql) {
    const base = median(times.psql);
    add('psql \\copy to CSV', base, 'ms');
    add('export to CSV, x psql', median(times.csv) / base, 'x', 0.9);
    add('export to SQL (COPY), x psql', median(times.sql) / base, 'x');
    const same = readFileSync(await write({ format: 'csv' })).equals(readFileSync(theirs));
    add('the same bytes as psql (0 = yes)', same ? 0 : 1, '', 0);
  } else add('export to CSV (no psql here)', median(times.csv), 'ms');
  add(
    'export to XLSX, 100k x 12',
    await timed(() => write({ format: 'xlsx' }, `select * from ${table} limit 100000`)),
    'ms',
    10_000,
  );
  add('export to Parquet, 1M x 12', await timed(() => write({ format: 'parquet' })), 'ms', 8_000);
  add('export to CSV with gzip', await timed(() => write({ format: 'csv', compression: 'gzip' })), 'ms');
  add('export to CSV with zstd', await timed(() => write({ format: 'csv', compression: 'zstd' })), 'ms');
}

async function imports({ add, world, server, folder }: Bench): Promise<void> {
  const file = path.join(folder, 'import.csv');
  const end = await outcome(
    exportQuery(world.results, server.spec(), `select * from ${table}`, { format: 'csv', path: file }),
  );
  if (end.kind !== 'done') throw new Error(JSON.stringify(end));
  const read = async (transaction: 'one' | 'batches') => {
    const done = await importFile(server.spec(), file, { table: 'target', transaction });
    if (done.failure || done.inserted !== end.rows) throw new Error(JSON.stringify(done));
  };
  const times = { psql: [] as number[], one: [] as number[], batches: [] as number[] };
  const empty = () => server.query('truncate target; checkpoint');
  for (let round = 0; round < rounds; round++) {
    if (hasPsql) {
      await empty();
      times.psql.push(await timed(() => asPsql(server, `\\copy target from '${file}' csv header`)));
    }
    await empty();
    times.one.push(await timed(() => read('one')));
    await empty();
    times.batches.push(await timed(() => read('batches')));
  }
  const base = hasPsql ? median(times.psql) : Number.NaN;
  if (hasPsql) add('psql \\copy from CSV', base, 'ms');
  if (hasPsql) add('import of CSV, x psql', median(times.one) / base, 'x', 1.05);
  else add('import of CSV (no psql here)', median(times.one), 'ms');
  if (hasPsql) add('import in batches that can go on, x psql', median(times.batches) / base, 'x');
  const [same] = await server.query(
    `select (select md5(string_agg(md5(t::text), '' order by id)) from ${table} t) = (select md5(string_agg(md5(t::text), '' order by id)) from target t) as same`,
  );
  add('imported rows are the exported ones (0 = yes)', same?.same ? 0 : 1, '', 0);
}

const many = 10_000_000;

async function memory({ add, world, server, folder }: Bench): Promise<void> {
  const file = path.join(folder, 'many.csv');
  const grown = async (work: () => Promise<unknown>): Promise<number> => {
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    }, 50);
    await work();
    clearInterval(watch);
    return most / 1e6;
  };
  await server.query('create unlogged table many (id int, t text)');
  const sql = `select i as id, 'row ' || i as t from generate_series(1, ${many}) i`;
  add(
    'export of 10M rows, memory',
    await grown(() => outcome(exportQuery(world.results, server.spec(), sql, { format: 'csv', path: file }))),
    'MB',
    150,
  );
  add('import of 10M rows, memory', await grown(() => importFile(server.spec(), file, { table: 'many' })), 'MB', 150);
  const [count] = await server.query('select count(*)::int as n from many');
  add('rows that are missing', many - Number(count?.n), '', 0);
}
