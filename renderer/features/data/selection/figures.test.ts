import { expect, it } from 'vitest';
import type { GridColumn } from '../../../grid/grid-source.ts';
import { figuresOf } from './figures.ts';

const columns: GridColumn[] = [
  { name: 'n', typeName: 'numeric', category: 'N' },
  { name: 't', typeName: 'text', category: 'S' },
];
const rows = [
  ['0.1', 'a'],
  ['0.20', 'a'],
  ['-12345678901234567890', null],
  ['NaN', '7'],
];
const row = (index: number) => (rows[index] ? { cells: rows[index] } : undefined);

it('adds up exactly, each cell once, and numbers of number columns only', () => {
  const ranges = [
    { fromRow: 0, toRow: 3, columns: [0, 1] },
    { fromRow: 0, toRow: 1, columns: [0] },
  ];
  expect(figuresOf(ranges, columns, row)).toEqual({
    ...{ cells: 8, nulls: 1, numbers: 3, distinct: 6 },
    ...{ sum: '-12345678901234567889.70', min: '-12345678901234567890.00', max: '0.20' },
    average: '-4115226300411522629.9',
  });
  expect(figuresOf([{ fromRow: 0, toRow: 1, columns: [0] }], columns, row)).toMatchObject({
    sum: '0.30',
    average: '0.15',
  });
  expect(figuresOf([{ fromRow: 0, toRow: 1, columns: [1] }], columns, row)).toMatchObject({ sum: null, min: null });
});

it('says so where a row is not here', () => {
  expect(() => figuresOf([{ fromRow: 3, toRow: 4, columns: [0] }], columns, row)).toThrow('in sight');
});
