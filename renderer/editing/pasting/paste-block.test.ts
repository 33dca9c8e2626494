import { expect, test } from 'vitest';
import { mapBlock, readBlock } from './paste-block.ts';

test.each([
  [
    'a\tb\r\nc\td\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['"a\tb\nc"\t"say ""x"""', [['a\tb\nc', 'say "x"']]],
  ['5" pipe\t"half', [['5" pipe', '"half']]],
  ['"a"b\tc', [['"a"b', 'c']]],
  ['a\t\n\t\nx', [['a', ''], ['', ''], ['x']]],
  [' a ', [[' a ']]],
])('%j', (text, rows) => expect(readBlock(text)).toEqual(rows));

test('maps by names where the first row has them, else from the cursor on', () => {
  const names = ['id', 'Name', 'price'];
  expect(
    mapBlock(
      [
        ['PRICE', 'name', 'x'],
        ['1', 'a', '?'],
      ],
      names,
      [0, 1, 2],
      0,
    ),
  ).toEqual({ header: true, positions: [2, 1, null] });
  expect(mapBlock([['1', 'a', 'b']], names, [0, 1, 2], 1)).toEqual({ header: false, positions: [1, 2, null] });
});
