/** Results of a million rows and more: windows, orders, searching, and exports against psql on the same server. */
import { closeSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { RowFile } from '../../electron/postgres/result/read/data-row.ts';
import { readWindow } from '../../electron/postgres/result/read/read-window.ts';
import { dataRow, scratchFolder } from '../fixtures/row-files.ts';
import { exportQuery, openResultsWorld, outcome, type ResultsWorld, wantedFile } from '../postgres/results-world.ts';
import { startServer, type TestServer } from '../postgres/servers.ts';
import { dbgateFigures } from './peers/dbgate.ts';
import { hasPsql, makeTable, psqlCopy, table } from './peers/psql.ts';

export interface Row {
  readonly name: string;
  readonly value: number | string;
  readonly unit: string;
  readonly bar?: number;
  readonly ok?: boolean;
}

const rounds = 5;
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[values.length >> 1] ?? Number.NaN;
const p95 = (values: readonly number[]): number => sorted(values)[Math.floor(values.length * 0.95)] ?? Number.NaN;
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
async function medianOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await timed(work));
  return median(times);
}

class Figures {
  readonly rows: Row[] = [];
  add(name: string, value: number, unit: string, bar: number | null): void {
    const judged = bar === null ? {} : { bar, ok: value <= bar };
    this.rows.push({ name, value: Math.round(value * 100) / 100, unit, ...judged });
  }
}

export async function run(rowCount = 1_000_000): Promise<Row[]> {
  const figures = new Figures();
  await windows(figures);
  const server = await startServer(18);
  const world = await openResultsWorld(() => server.spec());
  try {
    await server.query(makeTable(rowCount));
    await server.query(`vacuum analyze ${table}`);
    const resultId = await world.fetch(`select * from ${table}`);
    await onRows(figures, world, resultId, rowCount);
    await exports(figures, world, server, resultId);
  } finally {
    await world.close();
    await server.stop();
  }
  return [...figures.rows, ...(await dbgateFigures(rowCount))];
}

/** Files made here, since only their size matters: ten million rows, and rows of megabytes (with holes, so not on the disk). */
async function windows(figures: Figures): Promise<void> {
  const cells = Array.from({ length: 12 }, (_, column) => `cell ${column}`.padEnd(7, '.'));
  const block = Buffer.concat(Array.from({ length: 256 }, () => dataRow(cells)));
  await windowsOf(figures, '10M rows x 12', repeated(block, 10_000_000));
  await windowsOf(figures, 'rows of 3 MB', withHoles(2000, 3_000_000));
}

async function windowsOf(figures: Figures, name: string, file: RowFile): Promise<void> {
  const times: number[] = [];
  for (let turn = 0; turn < 400; turn++) {
    const from = Math.floor(Math.random() * (file.rowCount - 200));
    times.push(await timed(() => readWindow(file, { from, count: 200, maxCellBytes: 1000 })));
  }
  figures.add(`window of 200, ${name}, p95`, p95(times), 'ms', 5);
}

function repeated(block: Buffer, rowCount: number): RowFile {
  const file = path.join(scratchFolder(), 'many');
  const fd = openSync(file, 'w');
  const blocks = Math.floor(rowCount / 256);
  const several = Buffer.concat(Array.from({ length: 64 }, () => block));
  for (let done = 0; done < blocks; done += 64) writeSync(fd, several, 0, Math.min(64, blocks - done) * block.length);
  closeSync(fd);
  const offsets = Float64Array.from({ length: blocks }, (_, place) => place * block.length);
  return { path: file, rowCount: blocks * 256, sizeBytes: blocks * block.length, offsets, step: 256 };
}

function withHoles(rowCount: number, valueBytes: number): RowFile {
  const file = path.join(scratchFolder(), 'long');
  const fd = openSync(file, 'w');
  const row = 7 + 4 + 3 + 4 + valueBytes;
  const head = Buffer.concat([dataRow(['abc', '']).subarray(0, 14), Buffer.alloc(4)]);
  head.writeInt32BE(row - 1, 1);
  head.writeInt32BE(valueBytes, 14);
  for (let at = 0; at < rowCount; at++) writeSync(fd, head, 0, head.length, at * row);
  ftruncateSync(fd, rowCount * row);
  closeSync(fd);
  const offsets = Float64Array.from({ length: Math.ceil(rowCount / 256) }, (_, place) => place * 256 * row);
  return { path: file, rowCount, sizeBytes: rowCount * row, offsets, step: 256 };
}

async function onRows(figures: Figures, { results }: ResultsWorld, resultId: string, rowCount: number): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const sort = (column: number) => results.view(resultId, { sort: [{ column, descending: false }], filters: [] });
  await sort(2);
  delay.enable();
  figures.add('sort 1M by a numeric', await medianOf(() => sort(2)), 'ms', 500);
  figures.add('sort 1M by a text', await medianOf(() => sort(1)), 'ms', null);
  const filters = [{ column: 11, operator: 'contains' as const, value: 'FOR 99999' }];
  figures.add('filter 1M by a text', await medianOf(() => results.view(resultId, { sort: [], filters })), 'ms', null);
  const find = { text: 'nowhere to be found', fromRow: 0, fromColumn: 0 };
  const options = { backwards: false, matchCase: false, inclusive: true };
  const search = () => results.find({ resultId }, { ...find, ...options });
  figures.add('find nothing in 1M x 12', await medianOf(search), 'ms', null);
  const range = { fromRow: 0, toRow: rowCount, columns: [2] };
  figures.add('add up 1M numerics', await medianOf(() => results.aggregate({ resultId }, [range])), 'ms', null);
  const { viewId } = await sort(2);
  const [plain, viewed]: number[][] = [[], []];
  for (let turn = 0; turn < 400; turn++) {
    const from = Math.floor(Math.random() * (rowCount - 200));
    plain?.push(await timed(() => results.rows({ resultId }, from, 200)));
    viewed?.push(await timed(() => results.rows({ resultId, viewId }, from, 200)));
  }
  delay.disable();
  figures.add('window of 200, 1M x 12, p95', p95(plain ?? []), 'ms', 5);
  figures.add('window of 200 of a sorted view, p95', p95(viewed ?? []), 'ms', 5);
  figures.add('event loop delay meanwhile, p99', delay.percentile(99) / 1e6, 'ms', 25);
}

async function exports(
  figures: Figures,
  { results }: ResultsWorld,
  server: TestServer,
  resultId: string,
): Promise<void> {
  const folder = scratchFolder();
  const ours = { format: 'csv' as const, header: true, path: path.join(folder, 'ours.csv') };
  const theirs = path.join(folder, 'psql.csv');
  const fromQuery = () => outcome(exportQuery(results, server.spec(), `select * from ${table}`, ours));
  const fromResult = () => outcome(results.export({ resultId }, wantedFile(ours)));
  const json = () =>
    outcome(exportQuery(results, server.spec(), `select * from ${table}`, { ...ours, format: 'json' }));
  if (!hasPsql()) {
    figures.add('export 1M x 12 to CSV from the server (no psql here)', await medianOf(fromQuery), 'ms', null);
    return;
  }
  const psql = () => psqlCopy(server, theirs);
  const times = { psql: [] as number[], query: [] as number[], result: [] as number[], json: [] as number[] };
  // Interleaved: the machine's other work falls on all alike.
  for (let round = 0; round < rounds; round++) {
    times.psql.push(await timed(psql));
    times.query.push(await timed(fromQuery));
    times.result.push(await timed(fromResult));
    times.json.push(await timed(json));
  }
  const base = median(times.psql);
  await fromQuery();
  figures.add(`psql \\copy to CSV (${Math.round(statSync(theirs).size / 1e6)} MB)`, base, 'ms', null);
  figures.add('export a query to CSV, x psql', median(times.query) / base, 'x', 0.9);
  figures.add('the same bytes as psql (0 = yes)', readFileSync(ours.path).equals(readFileSync(theirs)) ? 0 : 1, '', 0);
  figures.add('export fetched rows to CSV, x psql', median(times.result) / base, 'x', null);
  figures.add('export a query to JSON, x psql', median(times.json) / base, 'x', null);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.table(await run());
