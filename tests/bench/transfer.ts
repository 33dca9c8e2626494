/**
 * Moving rows: export and import of a million rows against psql on the same server, packed formats, copies between servers
 * and scripts, memory at ten million.
 */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ExportChoices } from '../../shared/api/transfer.ts';
import { scratchFolder } from '../fixtures/row-files.ts';
import { importFile } from '../postgres/import-world.ts';
import { exportQuery, openResultsWorld, outcome } from '../postgres/results-world.ts';
import { startServer } from '../postgres/servers.ts';
import { copies } from './transfer/copies.ts';
import { imports } from './transfer/imports.ts';
import { scripts } from './transfer/scripts.ts';
import {
  asPsql,
  type Bench,
  hasPsql,
  makeTable,
  median,
  type Row,
  rounds,
  table,
  timed,
} from './transfer/side-by-side.ts';

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
    const bench = { add, world, server, folder, rowCount };
    for (const part of [exports, imports, copies, scripts, memory]) await part(bench);
  } finally {
    await world.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

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
