import { describe, expect, it } from 'vitest';
import { fc } from '../../../tests/fixtures/properties.ts';
import {
  type Box,
  boxes,
  countCells,
  extendTo,
  isSelected,
  move,
  type Selection,
  selectAll,
  selectCell,
  selectColumn,
  selectRow,
  settle,
  shiftRows,
  subtract,
  toggle,
  toRanges,
  widen,
} from './selection.ts';

const ROWS = 7;
const COLUMNS = 6;
const bounds = { rows: ROWS, positions: COLUMNS };
const at = (row: number, position: number) => ({ row, position });

const box = fc.tuple(fc.nat(6), fc.nat(6), fc.nat(5), fc.nat(5)).map(
  ([a, b, c, d]): Box => ({
    top: Math.min(a, b),
    bottom: Math.max(a, b),
    left: Math.min(c, d),
    right: Math.max(c, d),
  }),
);
const inside = (b: Box, row: number, position: number) =>
  row >= b.top && row <= b.bottom && position >= b.left && position <= b.right;

const steps = fc.array(
  fc.record({
    how: fc.constantFrom('cell', 'extend', 'toggleCell', 'toggleRow', 'toggleColumn', 'row', 'column', 'widen'),
    row: fc.nat(ROWS - 1),
    position: fc.nat(COLUMNS - 1),
  }),
  { maxLength: 12 },
);
function apply(now: Selection, { how, row, position }: { how: string; row: number; position: number }): Selection {
  if (how === 'cell') return selectCell(at(row, position));
  if (how === 'extend') return extendTo(now, at(row, position));
  if (how === 'toggleCell') return toggle(now, 'cells', at(row, position));
  if (how === 'toggleRow') return toggle(now, 'rows', at(row, 0));
  if (how === 'toggleColumn') return toggle(now, 'columns', at(row, position));
  if (how === 'row') return selectRow(row);
  if (how === 'column') return selectColumn(position);
  return widen(now, 'rows');
}
const every = (visit: (row: number, position: number) => void) => {
  for (let row = 0; row < ROWS; row++) for (let position = 0; position < COLUMNS; position++) visit(row, position);
};

describe('selection', () => {
  it('takes one box out of another without losing or doubling a cell', () => {
    fc.assert(
      fc.property(box, box, (from, hole) => {
        const parts = subtract(from, hole);
        every((row, position) => {
          const times = parts.filter((part) => inside(part, row, position)).length;
          expect(times).toBe(inside(from, row, position) && !inside(hole, row, position) ? 1 : 0);
        });
      }),
    );
  });

  it('never has overlapping ranges, whatever is done, and counts what it shows as selected', () => {
    fc.assert(
      fc.property(steps, (done) => {
        const selection = done.reduce(apply, selectCell(at(0, 0)));
        const list = boxes(selection);
        let count = 0;
        every((row, position) => {
          const times = list.filter((one) => inside(one, row, position)).length;
          expect(times).toBe(isSelected(selection, row, position) ? 1 : 0);
          count += times;
        });
        expect(countCells(selection, bounds)).toBe(count);
        const ranges = toRanges(selection, [...Array(COLUMNS).keys()], ROWS);
        const inRanges = ranges.reduce((sum, one) => sum + (one.toRow - one.fromRow + 1) * one.columns.length, 0);
        expect(inRanges).toBe(count);
      }),
    );
  });

  it('selects all of 2^31 rows without listing them', () => {
    const all = selectAll(at(5, 1));
    expect(countCells(all, { rows: 2 ** 31, positions: 12 })).toBe(2 ** 31 * 12);
    expect(toRanges(all, [0, 1], 2 ** 31)).toEqual([{ fromRow: 0, toRow: 2 ** 31 - 1, columns: [0, 1] }]);
    expect(all.active).toEqual(at(5, 1));
  });

  it('gives result columns in display order and leaves hidden ones out', () => {
    const range = extendTo(selectCell(at(2, 0)), at(4, 2));
    expect(toRanges(range, [7, 3, 5, 1], 100)).toEqual([{ fromRow: 2, toRow: 4, columns: [7, 3, 5] }]);
  });

  it('lets a selected column take in rows that come later', () => {
    const column = selectColumn(1);
    expect(toRanges(column, [0, 1], 10)).toEqual([{ fromRow: 0, toRow: 9, columns: [1] }]);
    expect(toRanges(column, [0, 1], 20)).toEqual([{ fromRow: 0, toRow: 19, columns: [1] }]);
    expect(toRanges(column, [0, 1], 0)).toEqual([]);
  });

  it('adds with Ctrl and takes out again', () => {
    const two = toggle(selectCell(at(0, 0)), 'cells', at(3, 3));
    expect(countCells(two, bounds)).toBe(2);
    const extended = extendTo(two, at(4, 4));
    expect(countCells(extended, bounds)).toBe(5);
    const hole = toggle(extended, 'cells', at(3, 4));
    expect(isSelected(hole, 3, 4)).toBe(false);
    expect(countCells(hole, bounds)).toBe(4);
    expect(countCells(toggle(selectCell(at(1, 1)), 'cells', at(1, 1)), bounds)).toBe(1);
  });

  it('moves within the bounds, to the edge by an endless step', () => {
    const start = selectCell(at(3, 3));
    expect(move(start, -1, 0, bounds, false).active).toEqual(at(2, 3));
    expect(move(start, Number.POSITIVE_INFINITY, 0, bounds, false).active).toEqual(at(ROWS - 1, 3));
    expect(move(start, 0, Number.NEGATIVE_INFINITY, bounds, false).active).toEqual(at(3, 0));
    const extended = move(move(start, 1, 0, bounds, true), 0, 1, bounds, true);
    expect(extended.active).toEqual(at(3, 3));
    expect(toRanges(extended, [0, 1, 2, 3, 4, 5], ROWS)).toEqual([{ fromRow: 3, toRow: 4, columns: [3, 4] }]);
  });

  it('keeps the cursor in bounds when rows or columns go', () => {
    expect(settle(selectCell(at(6, 5)), { rows: 3, positions: 2 }).active).toEqual(at(2, 1));
    expect(settle(selectCell(at(6, 5)), { rows: 0, positions: 0 }).active).toEqual(at(0, 0));
  });
});

it('goes with its cells when rows come or go above them', () => {
  fc.assert(
    fc.property(steps, fc.nat(9), (list, by) => {
      const before = list.reduce(apply, selectCell(at(0, 0)));
      const after = shiftRows(before, by);
      expect(after.active).toEqual(at(before.active.row + by, before.active.position));
      for (let row = 0; row < ROWS; row++)
        for (let position = 0; position < COLUMNS; position++)
          expect(isSelected(after, row + by, position)).toBe(isSelected(before, row, position));
      expect(shiftRows(after, -by)).toEqual(before);
    }),
  );
});
