import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fc } from '../../../../tests/fixtures/properties.ts';
import { columnOf, rowFile, scratchFolder } from '../../../../tests/fixtures/row-files.ts';
import { fieldAt, int32At, rowBytesAt } from '../read/data-row.ts';
import { type CompareRequest, compareResults } from './compare-results.ts';

type Rows = readonly (readonly (string | null)[])[];
const folder = scratchFolder();
let files = 0;

function compare(
  left: Rows,
  right: Rows,
  more: Partial<Pick<CompareRequest, 'keys' | 'withSame'>> & { leftNames?: string[]; rightNames?: string[] } = {},
) {
  const { leftNames = ['id', 'a', 'b'], rightNames = leftNames, keys = [0], withSame = false } = more;
  const target = path.join(folder, `diff ${files++}`);
  const side = (rows: Rows, names: string[]) => ({
    file: rowFile(rows),
    columns: names.map((name) => columnOf(name, 25)),
  });
  const request = { left: side(left, leftNames), right: side(right, rightNames), keys, withSame, path: target };
  const compared = compareResults(request, () => false);
  const rows = rowsOf(readFileSync(target), compared.columns.length);
  return { ...compared, written: rows };
}

function rowsOf(bytes: Buffer, columns: number): (string | null)[][] {
  const rows: (string | null)[][] = [];
  for (let at = 0; at < bytes.length; at += rowBytesAt(bytes, at)) {
    rows.push(
      Array.from({ length: columns }, (_, column) => {
        const field = fieldAt(bytes, at, column);
        const length = int32At(bytes, field);
        return length < 0 ? null : bytes.toString('utf8', field + 4, field + 4 + length);
      }),
    );
  }
  return rows;
}

describe('compareResults', () => {
  it('says what was removed, added and changed, in which columns, and where', () => {
    const left = [
      ['1', 'x', null],
      ['2', 'y', 'b'],
      ['3', 'z', ''],
      ['4', 'w', 'w'],
    ];
    const right = [
      ['1', 'x', null],
      ['3', 'z', null],
      ['5', 'n', 'n'],
      ['4', 'v', 'u'],
    ];
    const { written, counts, keys, columns } = compare(left, right);
    expect(columns.map(({ name }) => name)).toEqual(['change', 'differs in', 'id', 'a', 'b']);
    expect(written).toEqual([
      ['removed', '', '2', 'y', 'b'],
      ['before', 'b', '3', 'z', ''],
      ['after', 'b', '3', 'z', null],
      ['added', '', '5', 'n', 'n'],
      ['before', 'a, b', '4', 'w', 'w'],
      ['after', 'a, b', '4', 'v', 'u'],
    ]);
    expect(counts).toEqual({ added: 1, removed: 1, changed: 2, same: 1 });
    expect(keys).toEqual([0]);
    expect(compare(left, right, { withSame: true }).written[0]).toEqual(['same', '', '1', 'x', null]);
  });

  it('finds the key, and goes by position where there is none', () => {
    const left = [
      ['a', 'same', '7'],
      ['a', 'same', '8'],
    ];
    const right = [
      ['a', 'same', '8'],
      ['b', 'same', '9'],
    ];
    expect(compare(left, right, { keys: 'detect', leftNames: ['kind', 'text', 'order_no'] })).toMatchObject({
      keys: [2],
      counts: { added: 1, removed: 1, changed: 0, same: 1 },
    });
    const twice = [
      ['x', 'x', 'x'],
      ['x', 'x', 'x'],
    ];
    const byPlace = compare(twice, [['x', 'y', 'x']], { keys: 'detect' });
    expect(byPlace).toMatchObject({ keys: null, counts: { changed: 1, removed: 1 } });
    expect(byPlace.notes.join(' ')).toContain('by position');
  });

  it('matches columns by name, in any order, and tells of those that one side has not got', () => {
    const { written, notes } = compare([['1', 'a', 'gone']], [['new', 'a', '1']], {
      leftNames: ['id', 'x', 'old'],
      rightNames: ['fresh', 'x', 'id'],
      withSame: true,
    });
    expect(written).toEqual([['same', '', '1', 'a', null, 'new']]);
    expect(notes).toHaveLength(2);
    expect(() => compare([['1']], [['1']], { leftNames: ['a'], rightNames: ['b'] })).toThrow(/nothing to compare/);
  });

  it('compares rows of one key in their order, and says so', () => {
    const { counts, notes } = compare(
      [
        ['1', 'a', ''],
        ['1', 'b', ''],
      ],
      [
        ['1', 'a', ''],
        ['1', 'c', ''],
        ['1', 'd', ''],
      ],
    );
    expect(counts).toEqual({ added: 1, removed: 0, changed: 1, same: 1 });
    expect(notes.join(' ')).toContain('same key');
  });

  it('agrees with a comparison in memory, whatever the rows', () => {
    const cell = fc.oneof(fc.constantFrom(null, '', 'a', 'ab'), fc.string({ maxLength: 12, unit: 'grapheme' }));
    const table = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 60 }), cell, cell), {
      selector: ([id]) => id,
      maxLength: 40,
    });
    fc.assert(
      fc.property(table, table, (left, right) => {
        const texts = (rows: typeof left) => rows.map(([id, a, b]) => [String(id), a, b]);
        const { counts, written, rows } = compare(texts(left), texts(right));
        const before = new Map(left.map((row) => [row[0], row]));
        const after = new Map(right.map((row) => [row[0], row]));
        const shared = left.filter(([id]) => after.has(id));
        const changed = shared.filter(([id, a, b]) => after.get(id)?.[1] !== a || after.get(id)?.[2] !== b);
        expect(counts).toEqual({
          added: right.filter(([id]) => !before.has(id)).length,
          removed: left.length - shared.length,
          changed: changed.length,
          same: shared.length - changed.length,
        });
        expect(written).toHaveLength(rows);
      }),
      { numRuns: 150 },
    );
  });
});
