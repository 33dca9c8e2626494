import { describe, expect, it } from 'vitest';
import type { CopyFormat } from '../../../../shared/rows/row-words.ts';
import { columnOf, never, rowFile } from '../../../../tests/fixtures/row-files.ts';
import { quotedTable } from '../encode/sql-format.ts';
import { copyRanges } from './copy-ranges.ts';

const columns = [
  columnOf('id', 20),
  columnOf('name', 25),
  columnOf('ok', 16),
  columnOf('data', 114),
  columnOf('id', 701),
];
const file = rowFile([
  ['1', 'plain', 't', '{"a": 1}', '1.5'],
  ['2', 'tab\tand "quote"\nline', 'f', null, 'NaN'],
  ['3', '', null, '[]', '-Infinity'],
  ['4', null, 't', '"x"', '1e+20'],
  ['5', "it's \\ | <b>", 't', '{}', '0'],
]);
const whole = { fromRow: 0, toRow: 4, columns: [0, 1, 2, 3, 4] };
const copy = (format: CopyFormat, ranges = [whole], header = true, view: Uint32Array | null = null) =>
  copyRanges(file, columns, view, { ranges, format, header, tableName: 'shop.orders', overriding: false }, never);

describe('copying', () => {
  it('gives tabs that a spreadsheet takes, and one cell as it is', () => {
    expect(copy('tsv', [{ fromRow: 0, toRow: 3, columns: [1, 0] }]).text).toBe(
      'name\tid\nplain\t1\n"tab\tand ""quote""\nline"\t2\n""\t3\n\t4',
    );
    expect(copy('tsv', [{ fromRow: 1, toRow: 1, columns: [1] }], false).text).toBe('tab\tand "quote"\nline');
    expect(copy('tsv', [{ fromRow: 3, toRow: 3, columns: [3] }], false).text).toBe('"x"');
  });

  it('gives CSV, in the order of a view and of the columns shown', () => {
    const view = Uint32Array.of(4, 2, 0);
    expect(copy('csv', [{ fromRow: 0, toRow: 9, columns: [4, 1] }], true, view)).toEqual({
      text: 'id,name\n0,it\'s \\ | <b>\n-Infinity,""\n1.5,plain\n',
      rows: 3,
      notes: [],
    });
  });

  it('gives JSON with exact numbers and distinct names', () => {
    const { text, notes } = copy('json');
    expect(JSON.parse(text)).toEqual([
      { id: 1, name: 'plain', ok: true, data: { a: 1 }, id_2: 1.5 },
      { id: 2, name: 'tab\tand "quote"\nline', ok: false, data: null, id_2: 'NaN' },
      { id: 3, name: '', ok: null, data: [], id_2: '-Infinity' },
      { id: 4, name: null, ok: true, data: 'x', id_2: 1e20 },
      { id: 5, name: "it's \\ | <b>", ok: true, data: {}, id_2: 0 },
    ]);
    expect(text).toContain('"id_2":1e+20');
    expect(notes).toEqual(['Column 5, another "id", is called "id_2".']);
  });

  it('gives INSERT statements that quote what must be quoted', () => {
    const { text } = copy('insert', [{ fromRow: 1, toRow: 4, columns: [0, 1, 2, 4] }]);
    expect(text).toBe(
      'INSERT INTO "shop"."orders" ("id", "name", "ok", "id_2") VALUES\n' +
        "  (2, 'tab\tand \"quote\"\nline', false, 'NaN'),\n" +
        "  (3, '', NULL, '-Infinity'),\n" +
        '  (4, NULL, true, 1e+20),\n' +
        "  (5, E'it''s \\\\ | <b>', true, 0);\n",
    );
  });

  it('gives an INSERT that an identity column takes', () => {
    const request = { format: 'insert', header: false, tableName: 't', overriding: true } as const;
    const ranges = [{ fromRow: 0, toRow: 0, columns: [0] }];
    expect(copyRanges(file, columns, null, { ...request, ranges }, never).text).toBe(
      'INSERT INTO "t" ("id") OVERRIDING SYSTEM VALUE VALUES\n  (1);\n',
    );
  });

  it('gives Markdown in which nothing of a value means something', () => {
    expect(copy('markdown', [{ fromRow: 3, toRow: 4, columns: [0, 1] }]).text).toBe(
      "| id | name |\n| ---: | --- |\n| 4 | NULL |\n| 5 | it's \\\\ \\| &lt;b> |\n",
    );
  });

  it('gives each row of overlapping ranges once, and other columns apart', () => {
    const ranges = [
      { fromRow: 2, toRow: 3, columns: [0] },
      { fromRow: 0, toRow: 2, columns: [0] },
      { fromRow: 0, toRow: 0, columns: [1] },
    ];
    expect(copy('csv', ranges).text).toBe('id\n1\n2\n3\n4\n\nname\nplain\n');
    expect(JSON.parse(copy('json', ranges).text)).toEqual([
      { id: 1 },
      { id: 2 },
      { id: 3 },
      { id: 4 },
      { name: 'plain' },
    ]);
  });

  it('refuses more than 50 MB', () => {
    const long = rowFile(Array.from({ length: 6 }, () => ['x'.repeat(10_000_000)]));
    const ranges = [{ ...whole, toRow: 9, columns: [0] }];
    const request = { ranges, format: 'csv' as const, header: true, tableName: '', overriding: false };
    expect(() => copyRanges(long, [columnOf('a', 25)], null, request, never)).toThrow('50 MB');
  });

  it('reads a table name as SQL does', () => {
    expect(
      ['orders', 'shop.orders', '"odd.name"', 'a."b""c"', 'two words', 'a.', ''.padEnd(1), '"'].map((name) =>
        quotedTable(name),
      ),
    ).toEqual(['"orders"', '"shop"."orders"', '"odd.name"', '"a"."b""c"', '"two words"', '"a."', '" "', '""""']);
  });
});
