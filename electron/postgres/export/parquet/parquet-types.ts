/** PostgreSQL's types as Parquet has them, each with the way from its text form. What has no exact type there is a string. */
import type { SchemaElement } from 'hyparquet';
import { FailureError } from '../../../../shared/failure.ts';
import type { EncodedColumn } from '../encoded-column.ts';
import type { ColumnPages } from './column-pages.ts';
import { instantMicros, usualInstant } from './iso-instant.ts';

export interface ParquetColumn {
  readonly element: SchemaElement;
  /** From the text form's bytes, which stay as they are only until it returns. @throws invalid where the type has no word for it */
  write(to: ColumnPages, bytes: Uint8Array, start: number, end: number): void;
}

type Make = (name: string, column: EncodedColumn) => ParquetColumn;

const text = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');

/** A value that PostgreSQL has and Parquet's type has not. */
const noWord = (column: string, value: string) =>
  new FailureError({
    kind: 'invalid',
    field: 'format',
    message: `Column "${column}" holds ${value}, for which its type in Parquet has no word. Export a query that casts it to text.`,
  });

const optional = (name: string, rest: Omit<SchemaElement, 'name' | 'repetition_type'>): SchemaElement => ({
  name,
  repetition_type: 'OPTIONAL',
  ...rest,
});

const bytesAsTheyAre = (to: ColumnPages, bytes: Uint8Array, start: number, end: number): void =>
  to.text(bytes, start, end);

const string: Make = (name) => ({
  element: optional(name, { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }),
  write: bytesAsTheyAre,
});

const json: Make = (name) => ({
  element: optional(name, { type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } }),
  write: bytesAsTheyAre,
});

/** So many digits are exact in a double, whatever they are. */
const exactDigits = 15;
const [minus, zero, nine, point] = [0x2d, 0x30, 0x39, 0x2e];

/** The whole number that the digits make, the point left out; NaN where there is anything else, or too many of them. */
function digits(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === minus;
  const first = negative ? start + 1 : start;
  if (first === end || end - first > exactDigits) return Number.NaN;
  let value = 0;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === point) continue;
    if (byte < zero || byte > nine) return Number.NaN;
    value = value * 10 + byte - zero;
  }
  return negative ? -value : value;
}

function writeInt32(to: ColumnPages, value: number): void {
  const at = to.room(4);
  to.bytes.writeInt32LE(value, at);
  to.done();
}

/** @param value a safe integer */
function writeInt64(to: ColumnPages, value: number): void {
  const at = to.room(8);
  const high = Math.floor(value / 2 ** 32);
  to.bytes.writeUInt32LE(value - high * 2 ** 32, at);
  to.bytes.writeInt32LE(high, at + 4);
  to.done();
}

function writeBigInt64(to: ColumnPages, value: bigint): void {
  const at = to.room(8);
  to.bytes.writeBigInt64LE(value, at);
  to.done();
}

const integer: Make = (name) => ({
  element: optional(name, { type: 'INT32' }),
  write: (to, bytes, start, end) => writeInt32(to, digits(bytes, start, end)),
});

const long: Make = (name) => ({
  element: optional(name, { type: 'INT64' }),
  write(to, bytes, start, end) {
    const value = digits(bytes, start, end);
    if (Number.isNaN(value)) writeBigInt64(to, BigInt(text(bytes, start, end)));
    else writeInt64(to, value);
  },
});

/** Number() reads NaN, Infinity and -Infinity as PostgreSQL writes them. */
const double: Make = (name) => ({
  element: optional(name, { type: 'DOUBLE' }),
  write(to, bytes, start, end) {
    const at = to.room(8);
    to.bytes.writeDoubleLE(Number(text(bytes, start, end)), at);
    to.done();
  },
});

const float: Make = (name) => ({
  element: optional(name, { type: 'FLOAT' }),
  write(to, bytes, start, end) {
    const at = to.room(4);
    to.bytes.writeFloatLE(Number(text(bytes, start, end)), at);
    to.done();
  },
});

const boolean: Make = (name) => ({
  element: optional(name, { type: 'BOOLEAN' }),
  write(to, bytes, start) {
    const at = to.room(1);
    to.bytes[at] = bytes[start] === 0x74 ? 1 : 0;
    to.done();
  },
});

/** A numeric without declared digits can be of any size: it stays a text, with all of them. */
const numeric: Make = (name, column) => {
  const { precision = 0, scale = 0 } = column.numeric ?? {};
  if (precision === 0 || precision > 38 || scale < 0 || scale > precision) return string(name, column);
  const short = precision <= 18;
  const element = optional(name, {
    type: short ? 'INT64' : 'FIXED_LEN_BYTE_ARRAY',
    ...(short ? {} : { type_length: 16 }),
    converted_type: 'DECIMAL',
    logical_type: { type: 'DECIMAL', precision, scale },
    precision,
    scale,
  });
  /** Its digits without the point, as many behind it as were declared. */
  const unscaled = (value: string): bigint => {
    const at = value.indexOf('.');
    const all = at < 0 ? value : value.slice(0, at) + value.slice(at + 1);
    const missing = scale - (at < 0 ? 0 : value.length - at - 1);
    if (missing < 0 || !/^-?\d+$/.test(all)) throw noWord(name, value);
    return BigInt(all) * 10n ** BigInt(missing);
  };
  // The server writes as many digits behind the point as were declared.
  const isUsual = (bytes: Uint8Array, end: number) => scale === 0 || bytes[end - scale - 1] === point;
  return {
    element,
    write(to, bytes, start, end) {
      const value = short && isUsual(bytes, end) ? digits(bytes, start, end) : Number.NaN;
      if (!Number.isNaN(value)) writeInt64(to, value);
      else if (short) writeBigInt64(to, unscaled(text(bytes, start, end)));
      else writeInt128(to, unscaled(text(bytes, start, end)));
    },
  };
};

/** Two's complement, highest byte first, as decimals of a fixed length are stored. */
function writeInt128(to: ColumnPages, value: bigint): void {
  const at = to.room(16);
  to.bytes.writeBigInt64BE(value >> 64n, at);
  to.bytes.writeBigUInt64BE(BigInt.asUintN(64, value), at + 8);
  to.done();
}

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
          }),
    write(to, bytes, start, end) {
      const usual = usualInstant(bytes, start, end);
      if (!Number.isNaN(usual)) {
        if (kind === 'date') writeInt32(to, usual / 86_400_000_000);
        else writeInt64(to, usual);
        return;
      }
      const value = text(bytes, start, end);
      const micros = instantMicros(value);
      if (micros === null) throw noWord(name, value);
      if (kind === 'date') writeInt32(to, Number(micros / 86_400_000_000n));
      else writeBigInt64(to, micros);
    },
  });

const uuid: Make = (name) => ({
  element: optional(name, { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } }),
  write(to, bytes, start, end) {
    const at = to.room(16);
    to.bytes.write(text(bytes, start, end).replaceAll('-', ''), at, 16, 'hex');
    to.done();
  },
});

const bytea: Make = (name) => ({
  element: optional(name, { type: 'BYTE_ARRAY' }),
  write(to, bytes, start, end) {
    if (bytes[start] !== 0x5c || bytes[start + 1] !== 0x78)
      throw noWord(name, 'bytes in the escape form (set bytea_output to hex)');
    const value = Buffer.from(text(bytes, start + 2, end), 'hex');
    to.text(value, 0, value.length);
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
