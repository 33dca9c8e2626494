import { expect, test } from 'vitest';
import { squarify } from './treemap-layout.ts';

const area = { x: 10, y: 20, width: 600, height: 400 };

test('areas are as the sizes, within the whole, and not slivers', () => {
  const sizes = [6, 6, 4, 3, 2, 2, 1];
  const boxes = squarify(sizes, area);
  boxes.forEach((box, at) => {
    expect(box.width * box.height).toBeCloseTo(((sizes[at] ?? 0) / 24) * 240_000, 3);
    expect(box.x).toBeGreaterThanOrEqual(area.x - 1e-6);
    expect(box.x + box.width).toBeLessThanOrEqual(610 + 1e-6);
    expect(box.y + box.height).toBeLessThanOrEqual(420 + 1e-6);
    expect(Math.max(box.width / box.height, box.height / box.width)).toBeLessThan(3);
  });
});

test('nothing takes no room', () => {
  expect(squarify([], area)).toEqual([]);
  expect(squarify([0, 0], area).every(({ width }) => width === 0)).toBe(true);
  expect(squarify([5, 0], area)[0]).toEqual(area);
});
