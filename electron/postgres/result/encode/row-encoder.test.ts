import { describe, expect, it } from 'vitest';
import { fc } from '../../../../tests/fixtures/properties.ts';
import { type Cell, dataRow } from '../../../../tests/fixtures/row-files.ts';
import { createEncoder, type TextFormat } from './export-encoder.ts';
import { isJsonNumber } from './json-format.ts';

interface Named {
  readonly name: string;
  readonly typeOid: number;
}
const text = 25;

/** @param cuts sizes of the pieces the rows come in, again and again */
function encode(format: TextFormat, columns: Named[], rows: Cell[][], cuts: number[] = [1 << 20], header = true) {
  const bytes = Buffer.concat(rows.map(dataRow));
  const written: Buffer[] = [];
  const encoder = createEncoder(format, columns, { header }, (piece) => written.push(Buffer.from(piece)));
  for (let [at, turn] = [0, 0]; at < bytes.length; turn++) {
    const size = Math.max(1, cuts[turn % cuts.length] as number);
    encoder.push(bytes.subarray(at, at + size));
    at += size;
  }
  encoder.finish();
  expect(encoder.rows).toBe(rows.length);
  return { bytes: Buffer.concat(written), notes: encoder.notes };
}

/** What PostgreSQL's documentation says of COPY, said naively. */
const csvValue = (value: string | null, single: boolean): string => {
  if (value === null) return '';
  const quoted = value === '' || /[",\r\n]/.test(value) || (single && value === '\\.');
  return quoted ? `"${value.replaceAll('"', '""')}"` : value;
};
const tsvEscapes: Record<string, string> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\\': '\\\\',
};
const tsvValue = (value: string | null): string =>
  value === null ? '\\N' : value.replace(/[\b\t\n\v\f\r\\]/g, (character) => tsvEscapes[character] as string);

/** Longer than what is put together before it is encoded: these pass in pieces. */
const long = fc.oneof(
  fc.integer({ min: 100_000, max: 400_000 }).map((size) => 'x"€,\\'.repeat(size / 6)),
  fc.integer({ min: 60_000, max: 300_000 }).map((size) => 'plain'.repeat(size / 5)),
);
const value = fc.option(
  fc.oneof(
    { arbitrary: long, weight: 1 },
    { arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }), weight: 12 },
    {
      arbitrary: fc.string({
        maxLength: 9,
        unit: fc.constantFrom('"', ',', '\n', '\r', '\t', '\\', '.', 'N', 'a', '\b', '\v', '\f', '\u0001'),
      }),
      weight: 12,
    },
    { arbitrary: fc.constantFrom('', '\\.', '\\N', 'NULL', ' '), weight: 6 },
  ),
  { freq: 5 },
);
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { maxLength: 8 }));
const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 200_000 })), {
  minLength: 1,
  maxLength: 4,
});
const columnsOf = (rows: Cell[][]): Named[] =>
  (rows[0] ?? ['']).map((_, place) => ({ name: `c ${place}`, typeOid: text }));
// Pieces of a few bytes all through a megabyte would take minutes and show nothing new.
const fair = (rows: Cell[][], sizes: number[]): number[] => {
  const bytes = rows.flat().reduce((sum, cell) => sum + (cell?.length ?? 0), 0);
  return bytes > 50_000 ? [...sizes, 65_537] : sizes;
};

describe('rows as text, by bytes and cut anywhere', () => {
  it('are CSV as COPY writes it', () => {
    fc.assert(
      fc.property(table, cuts, (rows, sizes) => {
        const columns = columnsOf(rows);
        const line = (values: (string | null)[]) =>
          `${values.map((v) => csvValue(v, columns.length === 1)).join(',')}\n`;
        const wanted = line(columns.map(({ name }) => name)) + rows.map(line).join('');
        expect(encode('csv', columns, rows, fair(rows, sizes)).bytes.equals(Buffer.from(wanted))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('are TSV as COPY writes text', () => {
    fc.assert(
      fc.property(table, cuts, (rows, sizes) => {
        const columns = columnsOf(rows);
        const line = (values: (string | null)[]) => `${values.map(tsvValue).join('\t')}\n`;
        const wanted = line(columns.map(({ name }) => name)) + rows.map(line).join('');
        expect(encode('tsv', columns, rows, fair(rows, sizes)).bytes.equals(Buffer.from(wanted))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('are JSON that reads back as they were', () => {
    fc.assert(
      fc.property(table, cuts, fc.boolean(), (rows, sizes, lines) => {
        const columns = columnsOf(rows);
        const { bytes } = encode(lines ? 'ndjson' : 'json', columns, rows, fair(rows, sizes));
        const wanted = rows.map((row) => Object.fromEntries(row.map((cell, place) => [`c ${place}`, cell])));
        const written = bytes.toString('utf8');
        const read = lines
          ? written
              .split('\n')
              .slice(0, -1)
              .map((line) => JSON.parse(line))
          : JSON.parse(written);
        expect(read).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  });

  it('keep JSON numbers, booleans and json as they are, and nothing else', () => {
    const columns = [1700, 701, 16, 114, 3802, text, 26].map((typeOid, place) => ({ name: `c${place}`, typeOid }));
    const rows = [
      ['12345678901234567890.123456789012345678900', '1e+300', 't', '{"a" :\n 1e400, "a": 2}', '{"b": 1}', '7', '42'],
      ['NaN', '-Infinity', 'f', '[1,\r\n2]', 'null', 'true', '4294967295'],
    ];
    expect(encode('ndjson', columns, rows).bytes.toString()).toBe(
      '{"c0":12345678901234567890.123456789012345678900,"c1":1e+300,"c2":true,"c3":{"a" :  1e400, "a": 2},"c4":{"b": 1},"c5":"7","c6":42}\n' +
        '{"c0":"NaN","c1":"-Infinity","c2":false,"c3":[1,  2],"c4":null,"c5":"true","c6":4294967295}\n',
    );
    expect(encode('json', columns, [rows[0] as string[]]).bytes.toString()).toContain('"c3":{"a" :\n 1e400, "a": 2}');
  });

  it('say which columns had to be renamed', () => {
    const columns = ['a', 'a', 'a_2', 'a', '__proto__'].map((name) => ({ name, typeOid: text }));
    const { bytes, notes } = encode('ndjson', columns, [['1', '2', '3', '4', '5']]);
    expect(bytes.toString()).toBe('{"a":"1","a_3":"2","a_2":"3","a_4":"4","__proto__":"5"}\n');
    expect(notes).toEqual(['Column 2, another "a", is called "a_3".', 'Column 4, another "a", is called "a_4".']);
  });

  it('may have no columns and no rows', () => {
    expect(encode('csv', [], [[], []], [3], false).bytes.toString()).toBe('\n\n');
    expect(encode('json', [{ name: 'a', typeOid: 23 }], []).bytes.toString()).toBe('[]\n');
    expect(encode('csv', [{ name: 'a,b', typeOid: 23 }], []).bytes.toString()).toBe('"a,b"\n');
  });

  it('quote a long value whose first comma comes late', () => {
    const late = `${'x'.repeat(500_000)},"end`;
    const columns = [{ name: 'a', typeOid: text }];
    const { bytes } = encode('csv', columns, [[late], ['next']], [10_000], false);
    expect(bytes.equals(Buffer.from(`"${late.replace('"', '""')}"\nnext\n`))).toBe(true);
  });

  it('take for a JSON number only what is one', () => {
    const is = (value: string) => isJsonNumber(Buffer.from(value), 0, value.length);
    expect(['0', '-0.5', '10', '1e+20', '1.5E-7'].filter((value) => !is(value))).toEqual([]);
    expect(['', '-', '007', '-01', '.5', '1.', '1e', '+1', 'NaN', '1 ', '0x1'].filter(is)).toEqual([]);
  });

  it('are refused when they end inside a row', () => {
    const encoder = createEncoder('csv', [{ name: 'a', typeOid: text }], { header: false }, () => {});
    encoder.push(dataRow(['abc']).subarray(0, 9));
    expect(() => encoder.finish()).toThrow('inside a row');
  });
});
