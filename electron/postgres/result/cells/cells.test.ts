import { describe, expect, it } from 'vitest';
import { fc } from '../../../../tests/fixtures/properties.ts';
import { columnOf, never, rowFile } from '../../../../tests/fixtures/row-files.ts';
import { aggregate, bandsOf } from './aggregate.ts';
import { findCell } from './find-cell.ts';

const cell = fc.option(fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'é', 'É'), maxLength: 4 }), { freq: 4 });
const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 });

describe('finding', () => {
  it('gives the next match in the order shown, going round once', () => {
    const request = fc.record({
      text: fc.constantFrom('a', 'ab', 'é', 'Aa'),
      fromRow: fc.nat(11),
      fromColumn: fc.nat(2),
      backwards: fc.boolean(),
      matchCase: fc.boolean(),
      inclusive: fc.boolean(),
      columns: fc.constantFrom<number[][]>([0, 1, 2], [2, 0, 1], [1], [0, 2]),
    });
    fc.assert(
      fc.property(table, request, fc.boolean(), fc.infiniteStream(fc.nat()), (rows, asked, viewed, dice) => {
        const order = rows.map((_, place) => place).sort(() => (viewed ? (dice.next().value % 3) - 1 : 0));
        const view = viewed ? Uint32Array.from(order) : null;
        const found = findCell(rowFile(rows, 4), view, asked, never);
        expect(found).toEqual(
          naive(
            order.map((row) => rows[row] as (string | null)[]),
            asked,
          ),
        );
      }),
      { numRuns: 1500 },
    );
  });

  it('finds far away through a large view', () => {
    const rows = Array.from({ length: 40_000 }, (_, row) => [row === 123 || row === 39_000 ? 'needle' : `row ${row}`]);
    const view = Uint32Array.from({ length: 40_000 }, (_, place) => 39_999 - place);
    const ask = (fromRow: number, backwards: boolean) =>
      findCell(
        rowFile(rows),
        view,
        { text: 'NEEDLE', fromRow, fromColumn: 0, backwards, matchCase: false, inclusive: false, columns: [0] },
        never,
      );
    expect(ask(0, false)).toEqual({ row: 999, column: 0, wrapped: false });
    expect(ask(999, false)).toEqual({ row: 39_876, column: 0, wrapped: false });
    expect(ask(39_876, false)).toEqual({ row: 999, column: 0, wrapped: true });
    expect(ask(39_876, true)).toEqual({ row: 999, column: 0, wrapped: false });
    expect(ask(999, true)).toEqual({ row: 39_876, column: 0, wrapped: true });
  });
});

interface Asked {
  text: string;
  fromRow: number;
  fromColumn: number;
  backwards: boolean;
  matchCase: boolean;
  inclusive: boolean;
  columns: number[];
}

function naive(rows: (string | null)[][], asked: Asked) {
  const cells = rows.flatMap((_, row) => asked.columns.map((column) => ({ row, column })));
  const row = Math.min(asked.fromRow, rows.length - 1);
  const column = asked.columns.includes(asked.fromColumn) ? asked.fromColumn : asked.columns[0];
  const start = cells.findIndex((at) => at.row === row && at.column === column);
  const step = asked.backwards ? -1 : 1;
  const folded = (text: string) => (asked.matchCase ? text : text.toLowerCase());
  for (let distance = asked.inclusive ? 0 : 1; distance < cells.length + (asked.inclusive ? 0 : 1); distance++) {
    const unwrapped = start + step * distance;
    const at = cells[(unwrapped + cells.length * 2) % cells.length] as { row: number; column: number };
    const value = rows[at.row]?.[at.column] ?? null;
    if (value !== null && folded(value).includes(folded(asked.text)))
      return { ...at, wrapped: unwrapped < 0 || unwrapped >= cells.length };
  }
  return null;
}

describe('adding up', () => {
  const columns = [columnOf('n', 1700), columnOf('i', 20), columnOf('t', 25), columnOf('d', 1082)];
  const all = (...ranges: { fromRow: number; toRow: number; columns: number[] }[]) => ranges;

  it('is exact for decimals of any length', () => {
    const digits = (most: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: most });
    const decimal = fc
      .tuple(fc.constantFrom('', '-'), digits(30), fc.option(digits(25)))
      .map(([sign, whole, fraction]) => sign + whole + (fraction === null ? '' : `.${fraction}`));
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 1, maxLength: 50 }), (values) => {
        const file = rowFile(values.map((value) => [value]));
        const scale = Math.max(...values.map((value) => value.split('.')[1]?.length ?? 0));
        const total = values.reduce((sum, value) => {
          const [whole = '', fraction = ''] = value.replace('-', '').split('.');
          const scaled = BigInt(whole + fraction.padEnd(scale, '0'));
          return value.startsWith('-') ? sum - scaled : sum + scaled;
        }, 0n);
        const sum = aggregate(file, columns, null, all({ fromRow: 0, toRow: 99, columns: [0] }), never).sum as string;
        expect(sum.split('.')[1]?.length ?? 0).toBe(scale);
        expect(BigInt(sum.replace('.', ''))).toBe(total);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its digits over many values', () => {
    const file = rowFile(Array.from({ length: 3000 }, () => ['999999999999.99', '9223372036854775807']));
    const numeric = aggregate(file, columns, null, all({ fromRow: 0, toRow: 2999, columns: [0] }), never);
    expect(numeric.sum).toBe('2999999999999970.00');
    const big = aggregate(file, columns, null, all({ fromRow: 0, toRow: 2999, columns: [1] }), never);
    expect(big).toMatchObject({ sum: '27670116110564327421000', distinct: 1, numbers: 3000 });
    expect(big.average).toBe('9223372036854775807');
  });

  it('counts a cell once however often it is selected, and only what there is', () => {
    const file = rowFile([
      ['1', '10', 'b', null],
      ['2.5', '20', 'a', null],
      [null, '30', '', null],
    ]);
    const ranges = all(
      { fromRow: 0, toRow: 1, columns: [0, 1] },
      { fromRow: 1, toRow: 5_000_000, columns: [1, 0, 1, 99] },
    );
    expect(aggregate(file, columns, null, ranges, never)).toEqual({
      cells: 6,
      nulls: 1,
      numbers: 5,
      sum: '63.5',
      average: '12.7000000000000000',
      min: '1',
      max: '30',
      distinct: 5,
    });
    const texts = aggregate(file, columns, null, all({ fromRow: 0, toRow: 2, columns: [2] }), never);
    expect(texts).toMatchObject({ cells: 3, numbers: 0, sum: null, average: null, min: '', max: 'b' });
    const mixed = aggregate(file, columns, null, all({ fromRow: 0, toRow: 0, columns: [0, 2] }), never);
    expect(mixed).toMatchObject({ sum: '1', min: null, max: null, distinct: 2 });
    const viewed = aggregate(file, columns, Uint32Array.of(2, 1), all({ fromRow: 0, toRow: 0, columns: [1] }), never);
    expect(viewed.sum).toBe('30');
  });

  it('rounds an average half away from zero', () => {
    const of = (...values: string[]) => {
      const file = rowFile(values.map((value) => [value]));
      return aggregate(file, columns, null, all({ fromRow: 0, toRow: 9, columns: [0] }), never).average;
    };
    expect(of('1', '1', '0')).toBe('0.66666666666666666667');
    expect(of('-1', '-1', '0')).toBe('-0.66666666666666666667');
  });

  it('knows NaN and Infinity as numeric does', () => {
    const of = (...values: string[]) =>
      aggregate(
        rowFile(values.map((value) => [value])),
        columns,
        null,
        all({ fromRow: 0, toRow: 9, columns: [0] }),
        never,
      );
    expect(of('1', 'NaN')).toMatchObject({ sum: 'NaN', average: 'NaN', max: 'NaN', min: '1' });
    expect(of('1', 'Infinity')).toMatchObject({ sum: 'Infinity', max: 'Infinity' });
    expect(of('-Infinity', 'Infinity').sum).toBe('NaN');
    expect(of('1e+20', '1e-5').sum).toBe('100000000000000000000.00001');
  });

  it('cuts ranges so that bands never overlap', () => {
    const range = fc.record({ fromRow: fc.nat(20), toRow: fc.nat(25), columns: fc.array(fc.nat(4), { maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(range, { maxLength: 6 }), (ranges) => {
        const wanted = new Set<string>();
        for (const { fromRow, toRow, columns } of ranges)
          for (let row = fromRow; row <= Math.min(toRow, 19); row++)
            for (const column of columns.filter((c) => c < 4)) wanted.add(`${row}/${column}`);
        const got: string[] = [];
        for (const { from, to, columns } of bandsOf(ranges, 20, 4))
          for (let row = from; row <= to; row++) for (const column of columns) got.push(`${row}/${column}`);
        expect(got.sort()).toEqual([...wanted].sort());
      }),
    );
  });
});
