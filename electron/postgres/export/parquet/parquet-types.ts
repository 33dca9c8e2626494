/** PostgreSQL's types as Parquet has them, each with the reader of its text form. What has no exact type there is a string. */
import type { SchemaElement } from 'hyparquet';
import { FailureError } from '../../../../shared/failure.ts';
import type { EncodedColumn } from '../encoded-column.ts';
import { instantMicros } from './iso-instant.ts';

type Value = string | number | bigint | boolean | Uint8Array | null;

export interface ParquetColumn {
  readonly element: SchemaElement;
  /** From the text form's bytes; they stay as they are only until it returns. */
  read(bytes: Uint8Array, start: number, end: number): Value;
}

const text = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');

/** A value that PostgreSQL has and Parquet's type has not. */
const noWord = (column: string, value: string) =>
  new FailureError({
    kind: 'invalid',
    field: 'format',
    message: `Column "${column}" holds ${value}, for which its type in Parquet has no word. Export a query that casts it to text.`,
  });

/** A Buffer's own `slice` would be a view of bytes that are used again. */
const copied = (bytes: Uint8Array, start: number, end: number): Uint8Array =>
  // Small ones share a piece of memory, where an array of its own each would keep the collector busy.
  Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start));

type Make = (name: string, column: EncodedColumn) => ParquetColumn;

const optional = (name: string, rest: Omit<SchemaElement, 'name' | 'repetition_type'>): SchemaElement => ({
  name,
  repetition_type: 'OPTIONAL',
  ...rest,
});

const string: Make = (name) => ({
  element: optional(name, { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }),
  read: copied,
});

const integer: Make = (name) => ({
  element: optional(name, { type: 'INT32' }),
  read(bytes, start, end) {
    let value = 0;
    const negative = bytes[start] === 0x2d;
    for (let at = negative ? start + 1 : start; at < end; at++) value = value * 10 + (bytes[at] as number) - 0x30;
    return negative ? -value : value;
  },
});
const long: Make = (name) => ({
  element: optional(name, { type: 'INT64' }),
  read: (bytes, start, end) => BigInt(text(bytes, start, end)),
});
/** Number() reads NaN, Infinity and -Infinity as PostgreSQL writes them. */
const double: Make = (name) => ({
  element: optional(name, { type: 'DOUBLE' }),
  read: (bytes, start, end) => Number(text(bytes, start, end)),
});
const float: Make = (name) => ({
  element: optional(name, { type: 'FLOAT' }),
  read: (bytes, start, end) => Number(text(bytes, start, end)),
});
const boolean: Make = (name) => ({
  element: optional(name, { type: 'BOOLEAN' }),
  read: (bytes, start) => bytes[start] === 0x74,
});

/** A numeric without declared digits can be of any size: it stays a text, with all of them. */
const numeric: Make = (name, column) => {
  const { precision = 0, scale = 0 } = column.numeric ?? {};
  if (precision === 0 || precision > 38 || scale < 0 || scale > precision) return string(name, column);
  const decimal = { converted_type: 'DECIMAL', logical_type: { type: 'DECIMAL', precision, scale }, precision, scale };
  const element: SchemaElement =
    precision <= 18
      ? optional(name, { type: 'INT64', ...decimal } as SchemaElement)
      : optional(name, { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, ...decimal } as SchemaElement);
  return {
    element,
    read(bytes, start, end) {
      const value = text(bytes, start, end);
      const point = value.indexOf('.');
      const digits = point < 0 ? value : value.slice(0, point) + value.slice(point + 1);
      const missing = scale - (point < 0 ? 0 : value.length - point - 1);
      if (missing < 0 || !/^-?\d+$/.test(digits)) throw noWord(name, value);
      return BigInt(digits) * 10n ** BigInt(missing);
    },
  };
};

const instant =
  (kind: 'date' | 'timestamp' | 'timestamptz'): Make =>
  (name) => ({
    element:
      kind === 'date'
        ? optional(name, { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } })
        : optional(name, {
            type: 'INT64',
            // The old word means an instant; for what has no time zone only the new one is true.
            ...(kind === 'timestamptz' ? { converted_type: 'TIMESTAMP_MICROS' } : {}),
            logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: kind === 'timestamptz', unit: 'MICROS' },
          } as SchemaElement),
    read(bytes, start, end) {
      const value = text(bytes, start, end);
      const micros = instantMicros(value);
      if (micros === null) throw noWord(name, value);
      return kind === 'date' ? Number(micros / 86_400_000_000n) : micros;
    },
  });

const uuid: Make = (name) => ({
  element: optional(name, { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } }),
  read: (bytes, start, end) => Buffer.from(text(bytes, start, end).replaceAll('-', ''), 'hex'),
});
const json: Make = (name) => ({
  element: optional(name, { type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } }),
  read: copied,
});
const bytea: Make = (name) => ({
  element: optional(name, { type: 'BYTE_ARRAY' }),
  read(bytes, start, end) {
    if (bytes[start] !== 0x5c || bytes[start + 1] !== 0x78)
      throw noWord(name, 'bytes in the escape form (set bytea_output to hex)');
    return Buffer.from(text(bytes, start + 2, end), 'hex');
  },
});

const byOid: Readonly<Record<number, Make>> = {
  16: boolean,
  17: bytea,
  20: long,
  21: integer,
  23: integer,
  26: long,
  114: json,
  700: float,
  701: double,
  1082: instant('date'),
  1114: instant('timestamp'),
  1184: instant('timestamptz'),
  1700: numeric,
  2950: uuid,
  3802: json,
};

/** @param name distinct among the columns */
export const parquetColumn = (name: string, column: EncodedColumn): ParquetColumn =>
  (byOid[column.typeOid] ?? string)(name, column);
