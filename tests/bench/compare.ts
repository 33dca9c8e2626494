/** Comparing two results of a million rows: how long, and what it takes in memory. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compareResults } from '../../electron/postgres/result/diff/compare-results.ts';
import type { RowFile } from '../../electron/postgres/result/read/data-row.ts';
import { columnOf, dataRow } from '../fixtures/row-files.ts';
import type { Row } from './results.ts';

const rows = 1_000_000;
const names = ['id', ...Array.from({ length: 11 }, (_, at) => `column_${at}`)];
let folder = '';

/** Row by row: the whole does not fit into one Buffer comfortably. */
function write(name: string, cell: (row: number, column: number) => string | null): RowFile {
  const file = path.join(folder, name);
  const fd = openSync(file, 'w');
  const offsets: number[] = [];
  let [size, held, pieces] = [0, 0, [] as Buffer[]];
  for (let row = 0; row < rows; row++) {
    if (row % 256 === 0) offsets.push(size);
    const message = dataRow(names.map((_, column) => cell(row, column)));
    size += message.length;
    held += message.length;
    pieces.push(message);
    if (held < 1 << 20 && row < rows - 1) continue;
    writeSync(fd, Buffer.concat(pieces));
    [held, pieces] = [0, []];
  }
  closeSync(fd);
  return { path: file, rowCount: rows, sizeBytes: size, offsets: Float64Array.from(offsets), step: 256 };
}

const value = (row: number, column: number): string => (column === 0 ? String(row) : `value ${row * 31 + column}`);
export async function run(): Promise<Row[]> {
  folder = mkdtempSync(path.join(tmpdir(), 'howdah-bench-'));
  try {
    return measured();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measured(): Row[] {
  const columns = names.map((name) => columnOf(name, 25));
  const left = { file: write('left', value), columns };
  // The same rows in the same order, one in a hundred changed.
  const changed = (row: number, column: number) => (column === 5 && row % 100 === 0 ? 'changed' : value(row, column));
  const right = { file: write('right', changed), columns };
  globalThis.gc?.();
  const startedAt = performance.now();
  const request = { left, right, keys: [0], withSame: false, path: path.join(folder, 'diff') };
  const { counts } = compareResults(request, () => false);
  const seconds = (performance.now() - startedAt) / 1000;
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const megabytes = Math.round((heapUsed + arrayBuffers) / 1e6);
  const isRight = counts.changed === rows / 100 && counts.same === rows - counts.changed;
  return [
    {
      name: `two results of ${rows} rows x ${names.length} columns compared`,
      value: seconds,
      unit: 's',
      bar: 10,
      ok: seconds <= 10,
    },
    { name: 'memory after it', value: megabytes, unit: 'MB', bar: 250, ok: megabytes <= 250 },
    { name: 'changed rows found', value: counts.changed, unit: '', bar: rows / 100, ok: isRight },
  ];
}
