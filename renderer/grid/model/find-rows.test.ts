import { expect, test } from 'vitest';
import { findInRows } from './find-rows.ts';

const rows = [
  [3, { cells: ['Alpha', null, 'beta alpha'] }],
  [1, { cells: ['x', 'ALPHA', 'x'] }],
  [9, { cells: ['x', 'x', 'x'] }],
] as const;
const find = (fromRow: number, fromColumn: number, backwards = false, text = 'alpha', matchCase = false) =>
  findInRows(rows, [2, 1, 0], { text, fromRow, fromColumn, backwards, matchCase });

test('row by row in the order of the columns that are shown, and round the end', () => {
  expect(find(0, 2)).toEqual({ row: 1, column: 1, wrapped: false, at: 1, of: 3 });
  expect(find(1, 1)).toMatchObject({ row: 3, column: 2, at: 2 });
  expect(find(3, 2)).toMatchObject({ row: 3, column: 0, at: 3 });
  expect(find(3, 0)).toMatchObject({ row: 1, column: 1, wrapped: true });
  expect(find(3, 0, true)).toMatchObject({ row: 3, column: 2 });
  expect(find(1, 1, true)).toMatchObject({ row: 3, column: 0, wrapped: true });
  expect(find(0, 2, false, 'Alpha', true)).toMatchObject({ row: 3, column: 0, of: 1 });
  expect(find(0, 2, false, 'gamma')).toBeNull();
});
