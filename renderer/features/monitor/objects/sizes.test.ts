import { expect, test } from 'vitest';
import type { Series } from '../../../../shared/api/monitor.ts';
import { rowsOfTable } from '../../../../shared/health/evidence.ts';
import { grown } from './growth-chart.tsx';
import { relationKey, sizedTables, sizeTree } from './size-tree.ts';

const rows = rowsOfTable({
  coveredMs: 0,
  key: relationKey,
  metrics: ['bytes', 'reltuples'],
  rows: [
    { key: ['shop', 'public', 'orders', '1', 'table', 'orders'], values: [100, 9] },
    { key: ['shop', 'public', 'orders_pkey', '2', 'index', 'orders'], values: [40, 9] },
    { key: ['shop', 'public', 'pg_toast_1', '3', 'toast', 'orders'], values: [10, null] },
    { key: ['shop', 'public', 'daily', '4', 'matview', 'daily'], values: [500, 3] },
    // The same name elsewhere is another table.
    { key: ['crm', 'public', 'orders', '1', 'table', 'orders'], values: [7, 1] },
  ],
});

test('indexes and TOAST count for their table', () => {
  expect(
    sizedTables(rows).map(({ database, name, kind, bytes, indexBytes, toastBytes, parts }) => [
      database,
      name,
      kind,
      bytes,
      indexBytes,
      toastBytes,
      parts.length,
    ]),
  ).toEqual([
    ['shop', 'orders', 'table', 150, 40, 10, 3],
    ['shop', 'daily', 'matview', 500, 0, 0, 1],
    ['crm', 'orders', 'table', 7, 0, 0, 1],
  ]);
});

test('each level of the map adds up, the largest first', () => {
  const root = sizeTree(rows);
  expect(root.bytes).toBe(657);
  expect(root.children.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['shop', 650],
    ['crm', 7],
  ]);
  const tables = root.children[0]?.children[0]?.children ?? [];
  expect(tables.map(({ name, kind }) => [name, kind])).toEqual([
    ['daily', 'matview'],
    ['orders', 'table'],
  ]);
  expect(tables[1]?.children.map(({ name }) => name)).toEqual(['rows', 'orders_pkey', 'TOAST']);
});

const hour = 3_600_000;
const series = (values: readonly (number | null)[], stepMs: number): Series => ({
  startMs: 0,
  stepMs,
  buckets: values.length,
  coveredMs: values.map(() => stepMs),
  grain: 'hour',
  series: [{ key: ['shop', '1'], metric: 'bytes', values: [...values] }],
});

test('what is to come follows what was, as long as that was, and the past is not touched', () => {
  const found = grown(series([10, 20, 30, 40, 50, 60], hour), hour);
  expect(found.buckets.buckets).toBe(11);
  const [size, , , middle] = found.series;
  expect(size?.values.slice(5)).toEqual([60, null, null, null, null, null]);
  expect(middle?.values.slice(4, 8)).toEqual([null, null, 70, 80]);
  // What is expected is drawn, too.
  expect(found.buckets.coveredMs).toEqual(Array.from({ length: 11 }, () => hour));
});

test('a size that holds until it is read anew is not read as often as it is drawn', () => {
  const found = grown(series([10, 10, 10, 10, 20, 20, 20, 20], hour / 4), hour);
  expect(found.readings).toBe(2);
  expect(found.forecast).toBeNull();
  expect(grown(series([10, null], hour), hour).buckets.coveredMs).toEqual([hour, 0]);
});
