import { describe, expect, it } from 'vitest';
import { fc } from '../../../tests/fixtures/properties.ts';
import {
  afterNativeScroll,
  clampTop,
  isScaled,
  MAX_NATIVE_PX,
  maxTop,
  nativeHeight,
  pageRows,
  rowsInSight,
  type ScrollGeometry,
  toNative,
  topShowing,
} from './scroll-scale.ts';

const of = (rowCount: number): ScrollGeometry => ({ rowCount, rowHeight: 26, viewportHeight: 700 });
const counts = fc.integer({ min: 0, max: 2 ** 31 });

describe('scroll-scale', () => {
  it('lets a short result scroll natively', () => {
    const g = of(1000);
    expect(isScaled(g)).toBe(false);
    expect(nativeHeight(g)).toBe(26_000);
    expect(toNative(g, 1234)).toBe(1234);
    expect(afterNativeScroll(g, 0, 0, 1234)).toBe(1234);
  });

  it('keeps the native range bounded and reaches both ends', () => {
    fc.assert(
      fc.property(counts, (rowCount) => {
        const g = of(rowCount);
        expect(nativeHeight(g)).toBeLessThanOrEqual(MAX_NATIVE_PX);
        const end = toNative(g, maxTop(g));
        expect(end).toBeCloseTo(Math.max(0, nativeHeight(g) - g.viewportHeight), 3);
        expect(afterNativeScroll(g, 0, 0, end)).toBe(maxTop(g));
        expect(afterNativeScroll(g, maxTop(g), end, 0)).toBe(0);
      }),
    );
  });

  it('shows the last row whole at the end of 2^31 rows', () => {
    const g = of(2 ** 31);
    const { end } = rowsInSight(g, maxTop(g));
    expect(end).toBe(2 ** 31);
    expect(2 ** 31 * 26 - maxTop(g)).toBe(700);
  });

  it('moves px by px for a short native movement and by proportion for a long one', () => {
    const g = of(10_000_000);
    expect(afterNativeScroll(g, 5_000_000, 100_000, 100_053)).toBe(5_000_053);
    const half = (MAX_NATIVE_PX - 700) / 2;
    expect(afterNativeScroll(g, 0, 0, half) / maxTop(g)).toBeCloseTo(0.5, 9);
  });

  it('is at the end when the bar is, even by a short movement and within a rounded pixel', () => {
    const g = of(10_000_000);
    const end = toNative(g, maxTop(g));
    expect(afterNativeScroll(g, maxTop(g) - 5000, end - 10, end - 0.6)).toBe(maxTop(g));
    expect(afterNativeScroll(g, 5000, 10, 0)).toBe(0);
  });

  it('goes to the native place and back within a row, at any size a bar can tell apart', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0, max: 1, noNaN: true }), (rowCount, part) => {
        const g = of(rowCount);
        const top = part * maxTop(g);
        const there = toNative(g, top);
        const back = afterNativeScroll(g, top, there - 10 * g.viewportHeight, there);
        if (there > 10 * g.viewportHeight + 1)
          expect(Math.abs(back - top)).toBeLessThanOrEqual(maxTop(g) / MAX_NATIVE_PX + 1);
      }),
    );
  });

  it('brings any row whole into sight, and leaves what is in sight alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: 2 ** 31 }),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom('nearest' as const, 'middle' as const),
        (rowCount, pick, part, place) => {
          const g = of(rowCount);
          const row = pick % rowCount;
          const top = topShowing(g, part * maxTop(g), row, place);
          expect(top).toBe(clampTop(g, top));
          expect(row * 26).toBeGreaterThanOrEqual(top);
          expect(row * 26 + 26).toBeLessThanOrEqual(top + 700);
          expect(topShowing(g, top, row, place)).toBe(top);
        },
      ),
    );
  });

  it('pages by what fits whole, never by nothing', () => {
    expect(pageRows(of(5))).toBe(26);
    expect(pageRows({ ...of(5), viewportHeight: 3 })).toBe(1);
  });
});
