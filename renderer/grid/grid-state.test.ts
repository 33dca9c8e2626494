import { expect, it } from 'vitest';
import { createGridState, nextSort } from './grid-state.ts';

it('goes from no order to ascending, descending and back', () => {
  const up = nextSort([], 3, false);
  expect(up).toEqual([{ column: 3, descending: false }]);
  const down = nextSort(up, 3, false);
  expect(down).toEqual([{ column: 3, descending: true }]);
  expect(nextSort(down, 3, false)).toEqual([]);
  expect(nextSort(down, 1, false)).toEqual([{ column: 1, descending: false }]);
});

it('keeps the other columns and their rank when adding', () => {
  const two = nextSort([{ column: 3, descending: true }], 1, true);
  expect(two).toEqual([
    { column: 3, descending: true },
    { column: 1, descending: false },
  ]);
  expect(nextSort([{ column: 3, descending: false }, ...two.slice(1)], 3, true)[0]).toEqual({
    column: 3,
    descending: true,
  });
  expect(nextSort(two, 3, true)).toEqual([{ column: 1, descending: false }]);
});

it('starts at the first cell with every column shown', () => {
  const { layout, selection } = createGridState([
    { name: 'a', typeName: 'text', category: 'S' },
    { name: 'b', typeName: 'text', category: 'S' },
  ]).getState();
  expect(layout.visible).toEqual([0, 1]);
  expect(selection.active).toEqual({ row: 0, position: 0 });
});
