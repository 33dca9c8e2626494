import { expect, test } from 'vitest';
import { readOrder, writeOrder } from './order-text.ts';

const columns = [
  { number: 1, name: 'id' },
  { number: 2, name: 'Price' },
  { number: 3, name: 'a "b"' },
];

test.each([
  ['id', [[1, false, false]]],
  ['ID desc', [[1, true, true]]],
  [
    '"Price" desc nulls last, id asc nulls first',
    [
      [2, true, false],
      [1, false, true],
    ],
  ],
  [
    '"a ""b""", id',
    [
      [3, false, false],
      [1, false, false],
    ],
  ],
  ['price', null],
  ['1', null],
  ['id + 1', null],
  ['id collate "C"', null],
  ['id desc asc', null],
  ['id,', null],
  ['id /* why */ desc', null],
])('%s', (text, wanted) => {
  const sorts = wanted?.map(([column, descending, nullsFirst]) => ({ column, descending, nullsFirst })) ?? null;
  expect(readOrder(text, columns)).toEqual(sorts);
  if (sorts) expect(readOrder(writeOrder(sorts as never, columns), columns)).toEqual(sorts);
});
