import { expect, test } from 'vitest';
import { tintsOf } from './compared-source.ts';

const columns = ['change', 'differs in', 'id', 'name', 'city'].map((name) => ({
  name,
  typeName: 'text',
  category: 'S',
}));
const tints = (...cells: (string | null)[]) => [...tintsOf({ cells }, columns)];

test('whole rows where they came or went, else the cells that differ', () => {
  expect(tints('added', null, '1', 'a', 'b').map(([at]) => at)).toEqual([0, 2, 3, 4]);
  expect(tints('before', 'city', '1', 'a', 'b')).toEqual([
    [0, 'removed'],
    [4, 'removed'],
  ]);
  expect(tints('after', 'name, city', '1', 'a', 'b').map(([at]) => at)).toEqual([0, 3, 4]);
  expect(tints('same', null, '1', 'a', 'b')).toEqual([]);
});
