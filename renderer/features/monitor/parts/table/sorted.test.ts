import { expect, it } from 'vitest';
import { sorted } from './sorted.ts';

it('sorts numbers as numbers, words with their numbers, and what is not known last either way', () => {
  const numbers = [{ v: 10 }, { v: null }, { v: 9 }];
  expect(sorted(numbers, (row) => row.v, false).map((row) => row.v)).toEqual([9, 10, null]);
  expect(sorted(numbers, (row) => row.v, true).map((row) => row.v)).toEqual([10, 9, null]);
  expect(sorted(['w10', 'w9'], (row) => row, false)).toEqual(['w9', 'w10']);
});
