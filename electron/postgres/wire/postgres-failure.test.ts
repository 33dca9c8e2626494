import { expect, test } from 'vitest';
import { placeOf } from './postgres-failure.ts';

test.each([
  ['select x', 8, 'x'],
  ["select '😀', x y", 13, 'x'],
  ['select "a ""b" c', 8, '"a ""b"'],
  ['select été', 8, 'été'],
  ['select ;', 8, ';'],
])('%s at %i', (text, position, found) => {
  const { from, to } = placeOf(position, text, 100);
  expect(text.slice(from - 100, to - 100)).toBe(found);
});

test('past the end, and in bytes', () => {
  expect(placeOf(99, 'select', 5)).toEqual({ from: 11, to: 11 });
  expect(placeOf(14, "select 'é', x", 0, true)).toEqual({ from: 12, to: 13 });
});
