import { describe, expect, it } from 'vitest';
import { fc } from '../../../tests/fixtures/properties.ts';
import {
  createLayout,
  hideColumn,
  leftOf,
  leftShowing,
  MIN_WIDTH,
  moveColumn,
  positionAt,
  positionsInSight,
  resizeColumn,
  showAllColumns,
  showColumn,
  totalWidth,
  widthAt,
} from './column-layout.ts';

const four = createLayout([100, 200, 50, 80]);

describe('column-layout', () => {
  it('adds widths up', () => {
    expect(totalWidth(four)).toBe(430);
    expect([0, 1, 2, 3].map((at) => leftOf(four, at))).toEqual([0, 100, 300, 350]);
  });

  it('bounds widths', () => {
    expect(widthAt(resizeColumn(four, 1, 3), 1)).toBe(MIN_WIDTH);
    expect(widthAt(resizeColumn(four, 1, 1e9), 1)).toBe(2000);
  });

  it('moves a column to where it was dropped, either way', () => {
    expect(moveColumn(four, 0, 2).visible).toEqual([1, 2, 0, 3]);
    expect(moveColumn(four, 3, 0).visible).toEqual([3, 0, 1, 2]);
    expect(moveColumn(four, 1, 99).visible).toEqual([0, 2, 3, 1]);
    expect(moveColumn(four, 1, 1)).toBe(four);
  });

  it('keeps hidden columns in their place and the last one in sight', () => {
    const hidden = hideColumn(four, 1);
    expect(hidden.visible).toEqual([0, 2, 3]);
    expect(showColumn(moveColumn(hidden, 2, 0), 1).visible).toEqual([3, 0, 1, 2]);
    const one = [0, 1, 2, 3].reduce(hideColumn, four);
    expect(one.visible).toEqual([3]);
    expect(showAllColumns(one).visible).toEqual([0, 1, 2, 3]);
  });

  it('finds the columns in sight as a plain look at every one would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: MIN_WIDTH, max: 400 }), { minLength: 1, maxLength: 60 }),
        fc.nat(4000),
        fc.integer({ min: 1, max: 2000 }),
        (widths, from, width) => {
          const layout = createLayout(widths);
          const left = Math.min(from, totalWidth(layout) - 1);
          const seen = [...widths.keys()].filter(
            (at) => leftOf(layout, at) < left + width && leftOf(layout, at + 1) > left,
          );
          const { first, end } = positionsInSight(layout, left, width);
          expect([first, end - 1]).toEqual([seen[0], seen.at(-1)]);
        },
      ),
    );
  });

  it('has no columns in sight where there are none', () => {
    expect(positionsInSight(createLayout([]), 0, 100)).toEqual({ first: 0, end: 0 });
    expect(positionAt(createLayout([]), 5)).toBe(-1);
  });

  it('scrolls the least that shows a column', () => {
    expect(leftShowing(four, 0, 250, 1)).toBe(50);
    expect(leftShowing(four, 300, 250, 1)).toBe(100);
    expect(leftShowing(four, 60, 250, 1)).toBe(60);
    expect(leftShowing(four, 0, 150, 1)).toBe(100);
  });
});
