import { expect, test } from 'vitest';
import { findByPrefix, parentAt, treeMove } from './tree-keys.ts';

const rows = ['public', 'Tables', 'customer', 'orders', 'Views', 'shop'].map((label, at) => ({
  label,
  depth: [0, 1, 2, 2, 1, 0][at] ?? 0,
}));

test('typing a beginning goes on from the line and around the end', () => {
  expect(findByPrefix(rows, 'o', 0)).toBe(3);
  expect(findByPrefix(rows, 'P', 3)).toBe(0);
  expect(findByPrefix(rows, 'zz', 0)).toBe(-1);
  expect(findByPrefix([], 'a', 0)).toBe(-1);
});

test('the parent is the nearest line above that is less deep', () => {
  expect(parentAt(rows, 3)).toBe(1);
  expect(parentAt(rows, 4)).toBe(0);
  expect(parentAt(rows, 5)).toBe(5);
});

test('right opens, then goes in; left closes, then goes out', () => {
  const open = [
    { label: 'a', depth: 0, expandable: true, expanded: true },
    { label: 'b', depth: 1, expandable: true, expanded: false },
    { label: 'c', depth: 0, expandable: false, expanded: false },
  ];
  expect(treeMove('ArrowRight', open, 1, 9)).toEqual({ do: 'toggle', expand: true });
  expect(treeMove('ArrowRight', open, 0, 9)).toEqual({ do: 'go', at: 1 });
  expect(treeMove('ArrowRight', open, 2, 9)).toEqual({ do: 'go', at: 2 });
  expect(treeMove('ArrowLeft', open, 1, 9)).toEqual({ do: 'go', at: 0 });
  expect(treeMove('ArrowLeft', open, 0, 9)).toEqual({ do: 'toggle', expand: false });
  expect(treeMove('PageDown', open, 0, 9)).toEqual({ do: 'go', at: 9 });
  expect(treeMove('Tab', open, 0, 9)).toBeNull();
});
