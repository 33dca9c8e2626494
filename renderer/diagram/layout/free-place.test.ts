import { describe, expect, test } from 'vitest';
import { freePlace } from './free-place.ts';

const size = { width: 220, height: 96 };
const grid = (columns: number, rows: number, gap: number) =>
  Array.from({ length: columns * rows }, (_, at) => ({
    x: (at % columns) * (200 + gap),
    y: Math.floor(at / columns) * (150 + gap),
    width: 200,
    height: 150,
  }));

describe('freePlace', () => {
  test('is where it was wanted, where nothing is', () => {
    expect(freePlace(size, { x: 10.4, y: 20 }, [])).toEqual({ x: 10, y: 20 });
  });

  test.each([
    ['in the gap beside one box', [{ x: 0, y: 0, width: 300, height: 200 }], 300],
    ['in a hole of a grid', grid(9, 9, 60).filter((_, at) => at !== 40 && at !== 41), 700],
    ['outside of a sheet without holes', grid(40, 50, 20), 9_000],
  ])('covers nothing: %s', (_, taken, farthest) => {
    const wanted = { x: Math.max(...taken.map(({ x }) => x)) / 2, y: Math.max(...taken.map(({ y }) => y)) / 2 };
    const { x, y } = freePlace(size, wanted, taken);
    const covered = taken.filter(
      (box) => box.x < x + size.width && x < box.x + box.width && box.y < y + size.height && y < box.y + box.height,
    );
    expect(covered).toEqual([]);
    expect(Math.hypot(x - wanted.x, y - wanted.y)).toBeLessThan(farthest);
  });
});
