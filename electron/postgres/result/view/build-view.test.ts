import { describe, expect, it } from 'vitest';
import type { ViewSpec } from '../../../../shared/api/results.ts';
import { fc } from '../../../../tests/fixtures/properties.ts';
import { columnOf, never, rowFile } from '../../../../tests/fixtures/row-files.ts';
import { compareDecimals } from '../compare/number-key.ts';
import { readWindow } from '../read/read-window.ts';
import { buildView } from './build-view.ts';

const columns = [columnOf('n', 1700), columnOf('t', 25), columnOf('d', 1082), columnOf('place', 23)];

const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map(String),
  fc.bigInt({ min: 10n ** 20n, max: 10n ** 20n + 3n }).map(String),
  fc.constantFrom('0.1', '0.10', '0.1000000000000000055', '0.10000000000000000551', 'NaN', '-0.0'),
);
const text = fc.oneof(
  fc.constantFrom('', 'a', 'aaaaaaaa', 'aaaaaaaab', 'aaaaaaaaa', 'é', 'Z', '😀', '\uffee'),
  fc.string({ unit: 'grapheme', maxLength: 10 }).map((value) => value.toWellFormed().replaceAll('\0', '')),
);
const date = fc.constantFrom('infinity', '-infinity', '2024-02-29', '0001-01-01 BC', '10000-01-01', '2024-02-28');
const row = fc.tuple(fc.option(number), fc.option(text), fc.option(date));
const rows = fc.array(row, { maxLength: 60 }).map((all) => all.map((cells, place) => [...cells, String(place)]));
const sort = fc.uniqueArray(fc.record({ column: fc.nat(2), descending: fc.boolean() }), {
  selector: ({ column }) => column,
  maxLength: 3,
});

const dates = ['-infinity', '0001-01-01 BC', '2024-02-28', '2024-02-29', '10000-01-01', 'infinity'];
const comparisons: ((left: string, right: string) => number)[] = [
  (left, right) =>
    Number(left === 'NaN') - Number(right === 'NaN') || (left === 'NaN' ? 0 : compareDecimals(left, right)),
  (left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)),
  (left, right) => dates.indexOf(left) - dates.indexOf(right),
];

/** As PostgreSQL does it: NULLs last ascending, first descending; stable. */
function naive(all: (string | null)[][], spec: ViewSpec['sort']): number[] {
  return all
    .map((_, place) => place)
    .sort((a, b) => {
      for (const { column, descending } of spec) {
        const [left, right] = [all[a]?.[column] ?? null, all[b]?.[column] ?? null];
        const nulls = Number(left === null) - Number(right === null);
        const order = nulls || (left === null || right === null ? 0 : (comparisons[column]?.(left, right) ?? 0));
        if (order !== 0) return descending ? -order : order;
      }
      return a - b;
    });
}
const view = (all: (string | null)[][], spec: Partial<ViewSpec>) =>
  buildView(rowFile(all, 8), columns, { sort: [], filters: [], ...spec }, never);

describe('the order of a view', () => {
  it('is exact and stable over several columns', () => {
    fc.assert(
      fc.property(rows, sort, (all, spec) => {
        expect([...view(all, { sort: spec }).rows]).toEqual(naive(all, spec));
      }),
      { numRuns: 400 },
    );
  });

  it('is exact for a hundred thousand numbers and texts', () => {
    const all = Array.from({ length: 100_000 }, (_, place) => {
      const mixed = Math.imul(place, 2_654_435_761) >>> 0;
      return [String((mixed % 20_001) - 10_000 + (mixed % 100) / 100), `text of ${mixed % 5000}`, null, String(place)];
    });
    for (const spec of [
      [{ column: 0, descending: false }],
      [
        { column: 1, descending: true },
        { column: 0, descending: false },
      ],
    ])
      expect(
        Buffer.compare(Buffer.from(view(all, { sort: spec }).rows), Buffer.from(Uint32Array.from(naive(all, spec)))),
      ).toBe(0);
  });

  it('is exact for many texts that begin alike', () => {
    const beginnings = ['', 'customer', 'customer number ', 'x'.repeat(300)];
    const all = Array.from({ length: 5000 }, (_, place) => {
      const mixed = Math.imul(place, 2_654_435_761) >>> 0;
      const ending = mixed % 3 === 0 ? '' : String(mixed % 700).repeat(1 + (mixed % 4));
      return [null, `${beginnings[mixed % 4]}${ending}`, null, String(place)];
    });
    for (const descending of [false, true])
      expect([...view(all, { sort: [{ column: 1, descending }] }).rows]).toEqual(
        naive(all, [{ column: 1, descending }]),
      );
  });

  it('can be read through the finer index it makes', async () => {
    const all = Array.from({ length: 700 }, (_, place) => [String((place * 37) % 700), null, null, String(place)]);
    const file = rowFile(all);
    const made = buildView(file, columns, { sort: [{ column: 0, descending: true }], filters: [] }, never);
    const finer = { ...file, offsets: made.offsets, step: made.step };
    const window = await readWindow(finer, { from: 3, count: 4, maxCellBytes: 100, rows: made.rows });
    expect(window.rows.map(([n]) => n)).toEqual(['696', '695', '694', '693']);
    expect((await readWindow(finer, { from: 650, count: 1, maxCellBytes: 100 })).rows[0]?.[3]).toBe('650');
  });

  it('takes dates of another style as text, and says so', () => {
    const all = [
      ['1', 'x', '31.12.2023', '0'],
      ['2', 'y', '01.01.2024', '1'],
    ];
    const made = view(all, { sort: [{ column: 2, descending: false }] });
    expect([...made.rows]).toEqual([1, 0]);
    expect(made.notes.join()).toContain('DateStyle');
  });

  it('says how text is ordered', () => {
    expect(view([], { sort: [{ column: 1, descending: false }] }).notes).toEqual([
      't: text is ordered by code point, as COLLATE "C" does.',
    ]);
    expect(view([], { sort: [{ column: 0, descending: false }] }).notes).toEqual([]);
  });
});

describe('the filter of a view', () => {
  const filtered = (all: (string | null)[][], ...filters: ViewSpec['filters']): number[] => [
    ...view(all, { filters }).rows,
  ];

  it('compares by type as the naive comparison does, and passes no NULL', () => {
    const operators = ['equals', 'notEquals', 'less', 'lessOrEqual', 'greater', 'greaterOrEqual'] as const;
    fc.assert(
      fc.property(
        rows,
        fc.nat(2),
        fc.constantFrom(...operators),
        fc.tuple(number, text, date),
        (all, column, operator, given) => {
          const value = given[column] as string;
          const wanted = all.flatMap((cells, place) => {
            const cell = cells[column];
            if (cell === null || cell === undefined) return [];
            const order = comparisons[column]?.(cell, value) ?? 0;
            const passes = {
              equals: order === 0,
              notEquals: order !== 0,
              less: order < 0,
              lessOrEqual: order <= 0,
              greater: order > 0,
              greaterOrEqual: order >= 0,
            };
            return passes[operator] ? [place] : [];
          });
          expect(filtered(all, { column, operator, value })).toEqual(wanted);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('looks into text with and without case, in any script', () => {
    const all = ['Straße', 'STRASSE', 'ÄRGER', 'ärger', null, '', 'xÄrgerx'].map((t) => [null, t, null, null]);
    const passing = (operator: ViewSpec['filters'][number]['operator'], value: string, matchCase?: boolean) =>
      filtered(all, { column: 1, operator, value, matchCase });
    expect(passing('contains', 'ärger')).toEqual([2, 3, 6]);
    expect(passing('contains', 'ärger', true)).toEqual([3]);
    expect(passing('startsWith', 'stra')).toEqual([0, 1]);
    expect(passing('startsWith', 'Stra', true)).toEqual([0]);
    expect(passing('notContains', 'r')).toEqual([5]);
    expect(passing('isNull', '')).toEqual([4]);
    expect(passing('isNotNull', '')).toEqual([0, 1, 2, 3, 5, 6]);
    expect(passing('equals', '')).toEqual([5]);
  });

  it('understands a time without a zone as the clock that is shown', () => {
    const zoned = [columnOf('at', 1184)];
    const file = rowFile([['2024-07-01 00:30:00+02'], ['2024-06-30 23:30:00+00'], ['0044-03-15 12:00:00+00 BC']]);
    const passing = (value: string) => [
      ...buildView(file, zoned, { sort: [], filters: [{ column: 0, operator: 'greaterOrEqual', value }] }, never).rows,
    ];
    expect(passing('2024-07-01')).toEqual([0]);
    expect(passing('2024-07-01 00:00:00+02')).toEqual([0, 1]);
    expect(passing('0044-03-15 12:00:00 BC')).toEqual([0, 1, 2]);
  });

  it('refuses a value that is not of the type', () => {
    for (const [column, value] of [
      [0, 'abc'],
      [2, 'yesterday'],
      [9, '1'],
    ] as const)
      expect(() => filtered([], { column, operator: 'less', value })).toThrow();
  });

  it('stops when nobody waits', () => {
    expect(() => buildView(rowFile([['1', 'a', null, '0']]), columns, { sort: [], filters: [] }, () => true)).toThrow(
      'Cancelled',
    );
  });
});
