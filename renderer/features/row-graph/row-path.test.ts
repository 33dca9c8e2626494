import { expect, it } from 'vitest';
import type { RowEdge } from './row-node.ts';
import { edgesBetween } from './row-path.ts';

const edge = (from: string, to: string): RowEdge => ({ id: `${from}>${to}`, constraint: 'c', from, to, columns: [1] });
const edges = [
  edge('line 1', 'order 1'),
  edge('line 2', 'order 2'),
  edge('order 1', 'customer'),
  edge('order 2', 'customer'),
  edge('line 1', 'product'),
];

it('finds the fewest references between two rows, whichever way they point', () => {
  expect(edgesBetween(edges, 'line 1', 'line 2')?.map(({ id }) => id)).toEqual([
    'line 1>order 1',
    'order 1>customer',
    'order 2>customer',
    'line 2>order 2',
  ]);
  expect(edgesBetween(edges, 'product', 'order 1')?.map(({ id }) => id)).toEqual(['line 1>product', 'line 1>order 1']);
  expect(edgesBetween(edges, 'customer', 'customer')).toEqual([]);
});

it('says where there is no way', () => {
  expect(edgesBetween(edges, 'product', 'elsewhere')).toBeNull();
});
