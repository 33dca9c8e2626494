import { zstdDecompressSync } from 'node:zlib';
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { type Cell, dataRow } from '../../../../tests/fixtures/row-files.ts';
import type { EncodedColumn } from '../encoded-column.ts';
import { instantMicros, usualInstant } from './iso-instant.ts';
import { parquetRows } from './parquet-rows.ts';

const compressors = { ZSTD: (packed: Uint8Array) => zstdDecompressSync(packed) };

/** The file, as one reads it. */
async function written(columns: readonly EncodedColumn[], rows: Iterable<readonly Cell[]>) {
  const pieces: Buffer[] = [];
  const encoder = parquetRows(columns, { write: (bytes) => void pieces.push(Buffer.from(bytes)), end() {} });
  for (const row of rows) encoder.push(dataRow(row));
  encoder.finish();
  const file = new Uint8Array(Buffer.concat(pieces)).buffer;
  const metadata = parquetMetadata(file);
  return {
    metadata,
    rows: await parquetReadObjects({ file, metadata: withoutDecimals(metadata), compressors, utf8: false }),
  };
}

/** The reader would make doubles of decimals: it is to give what is stored. */
const withoutDecimals = (metadata: FileMetaData): FileMetaData => ({
  ...metadata,
  schema: metadata.schema.map((element) =>
    element.converted_type === 'DECIMAL' ? { ...element, converted_type: undefined, logical_type: undefined } : element,
  ),
});

const column = (name: string, typeOid: number, numeric?: EncodedColumn['numeric']): EncodedColumn => ({
  name,
  typeOid,
  numeric,
});

describe('values', () => {
  it('are the same at the ends of their types', async () => {
    const columns = [
      column('big', 20),
      column('int', 23),
      column('oid', 26),
      column('price', 1700, { precision: 18, scale: 2 }),
      column('wide', 1700, { precision: 38, scale: 3 }),
      column('bytes', 17),
    ];
    const { rows } = await written(columns, [
      ['-9223372036854775808', '-2147483648', '4294967295', '-9999999999999999.99', '-1.001', '\\x'],
      ['9223372036854775807', '2147483647', '0', '0.01', '12345678901234567890.123', '\\x00ff7f'],
      ['-4294967297', '-1', '4294967296', '-0.01', '0.000', '\\x20'],
    ]);
    expect(rows.map(({ big }) => big)).toEqual([
      -9_223_372_036_854_775_808n,
      9_223_372_036_854_775_807n,
      -4_294_967_297n,
    ]);
    expect(rows.map(({ int }) => int)).toEqual([-2_147_483_648, 2_147_483_647, -1]);
    expect(rows.map(({ oid }) => oid)).toEqual([4_294_967_295n, 0n, 4_294_967_296n]);
    expect(rows.map(({ price }) => price)).toEqual([-999_999_999_999_999_999n, 1n, -1n]);
    expect(rows.map(({ wide }) => Buffer.from(wide).toString('hex'))).toEqual([
      'fffffffffffffffffffffffffffffc17',
      '000000000000029d42b64e76714244cb',
      '0'.repeat(32),
    ]);
    expect(rows.map(({ bytes }) => bytes)).toEqual([
      new Uint8Array(),
      new Uint8Array([0, 255, 127]),
      new Uint8Array([32]),
    ]);
  });

  it('and what is missing stay in their rows over several pages and groups', async () => {
    const count = 123_001;
    const row = (at: number): Cell[] => [
      at % 3 === 0 ? null : at % 2 === 0 ? 't' : 'f',
      at % 5 === 0 ? null : `text of a row, long enough that its pages are several: ${at}`,
      null,
    ];
    const all = Array.from({ length: count }, (_, at) => row(at));
    const { rows, metadata } = await written([column('flag', 16), column('text', 25), column('none', 23)], all);
    expect(metadata.row_groups.map(({ num_rows }) => num_rows)).toEqual([122_880n, 121n]);
    expect(rows).toEqual(all.map(([flag, text]) => ({ flag: flag === null ? null : flag === 't', text, none: null })));
  });
});

describe('what is said of a group', () => {
  it('is its least and greatest, and how many are missing', async () => {
    const columns = [column('int', 23), column('at', 1114), column('f', 701), column('text', 25)];
    const { metadata } = await written(columns, [
      ['5', '2024-02-29 12:00:00', 'NaN', 'b'],
      [null, '1969-12-31 23:59:59.5', '-2.5', null],
      ['-7', '2024-03-01 00:00:00', null, 'a'],
    ]);
    const said = metadata.row_groups[0]?.columns.map(({ meta_data }) => meta_data?.statistics);
    expect(said?.[0]).toMatchObject({ null_count: 1n, min_value: -7, max_value: 5 });
    expect(said?.[1]?.null_count).toBe(0n);
    expect(said?.[2]).toMatchObject({ null_count: 1n, min_value: -2.5, max_value: -2.5 });
    expect(said?.[3]).toMatchObject({ null_count: 1n });
    expect(said?.[3]?.min_value).toBeUndefined();
  });
});

describe('an instant of the usual form', () => {
  const texts = ['1970-01-01', '0001-01-01', '9999-12-31', '1969-12-31 23:59:59.999999', '2024-02-29 23:59:59.5+00'];
  it.each([...texts, '1685-01-01 00:00:00'])('%s is read as the others are', (text) => {
    const bytes = Buffer.from(`x${text}x`);
    expect(BigInt(usualInstant(bytes, 1, 1 + text.length))).toBe(instantMicros(text));
  });

  const others = [
    'infinity',
    '-infinity',
    '0044-03-15 BC',
    '10000-01-01',
    '2024-01-01 00:00:00+05:30',
    '1600-01-01 00:00:00',
  ];
  it.each([...others, '2024-01-01 00:00:00 BC', '2024-01-01 00:00:00-03', ''])('is not %s', (text) => {
    expect(usualInstant(Buffer.from(text), 0, text.length)).toBeNaN();
  });
});
