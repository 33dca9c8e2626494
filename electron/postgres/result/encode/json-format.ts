/**
 * JSON by bytes: an array of objects, or one object a line. Numbers stand as PostgreSQL wrote them (any length), booleans
 * as true and false, json and jsonb as they are; everything else, NaN and Infinity included, is a string of its text form.
 */
import type { ByteWriter } from './byte-writer.ts';
import { byteTable, type LargeValue, type RowFormat } from './row-format.ts';

const quote = 0x22;
const backslash = 0x5c;
const special = byteTable([...Array.from({ length: 0x20 }, (_, byte) => byte), quote, backslash]);
const hex = '0123456789abcdef';
const shortEscapes: Readonly<Record<number, string>> = { 8: 'b', 9: 't', 10: 'n', 12: 'f', 13: 'r', 34: '"', 92: '\\' };
/** By byte: what is written instead. */
const escapes: readonly Buffer[] = Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(
    special[byte] === 0
      ? [byte]
      : `\\${shortEscapes[byte] ?? `u00${hex[byte >> 4]}${hex[byte & 15]}`}`.split('').map((c) => c.charCodeAt(0)),
  ),
);
const [yes, no, nothing] = [Buffer.from('true'), Buffer.from('false'), Buffer.from('null')];

type Kind = 'number' | 'boolean' | 'json' | 'string';
/** int8, int2, int4, oid, float4, float8, numeric */
const numberOids: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 1700]);

/** How the values of a type stand in JSON. */
export function jsonKind(typeOid: number): Kind {
  if (numberOids.has(typeOid)) return 'number';
  if (typeOid === 16) return 'boolean';
  return typeOid === 114 || typeOid === 3802 ? 'json' : 'string';
}

/** @param names distinct; an object can hold a name once. @param lines one object a line, for NDJSON. */
export function jsonFormat(names: readonly string[], typeOids: readonly number[], lines: boolean): RowFormat {
  const keys = names.map((name, position) => Buffer.from(`${position > 0 ? ',' : ''}${JSON.stringify(name)}:`));
  const kinds = typeOids.map(jsonKind);
  const write = (out: ByteWriter, kind: Kind, bytes: Uint8Array, start: number, end: number): void => {
    if (kind === 'boolean' && end - start === 1) out.all(bytes[start] === 0x74 ? yes : no);
    else if (kind === 'json' && lines) onOneLine(out, bytes, start, end);
    else if (kind === 'json' || (kind === 'number' && isJsonNumber(bytes, start, end))) out.copy(bytes, start, end);
    else {
      out.byte(quote);
      escaped(out, bytes, start, end);
      out.byte(quote);
    }
  };
  return {
    begin(out) {
      if (!lines) out.text('[');
    },
    rowStart(out, row) {
      if (!lines) {
        if (row > 0) out.byte(0x2c);
        out.byte(0x0a);
      }
      out.byte(0x7b);
    },
    value(out, position, bytes, start, end) {
      key(out, keys[position] as Buffer);
      write(out, kinds[position] as Kind, bytes, start, end);
    },
    nothing(out, position) {
      key(out, keys[position] as Buffer);
      out.all(nothing);
    },
    rowEnd(out) {
      out.byte(0x7d);
      if (lines) out.byte(0x0a);
    },
    end(out, rows) {
      if (!lines) out.text(rows === 0 ? ']\n' : '\n]\n');
    },
    large(out, position) {
      key(out, keys[position] as Buffer);
      return largeValue(out, kinds[position] === 'json', lines);
    },
  };
}

function key(out: ByteWriter, bytes: Buffer): void {
  out.reserve(bytes.length);
  for (let from = 0; from < bytes.length; from++) out.bytes[out.at++] = bytes[from] as number;
}

/** JSON's own grammar: what is not in it (NaN, Infinity) must be a string. */
export function isJsonNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let at = bytes[start] === 0x2d ? start + 1 : start;
  const digits = (): boolean => {
    const from = at;
    while (at < end && isDigit(bytes[at] as number)) at++;
    return at > from;
  };
  const leading = bytes[at];
  const whole = at;
  if (!digits() || (leading === 0x30 && at - whole > 1)) return false;
  if (at < end && bytes[at] === 0x2e) {
    at++;
    if (!digits()) return false;
  }
  if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at++;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
    if (!digits()) return false;
  }
  return at === end;
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** In strides, so that a long value does not ask for six times its size at once. */
function escaped(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  for (let from = start; from < end; from += 65_536) {
    const stop = Math.min(from + 65_536, end);
    out.reserve(6 * (stop - from));
    const target = out.bytes;
    let at = out.at;
    for (let next = from; next < stop; next++) {
      const byte = bytes[next] as number;
      if ((byte > quote && byte !== backslash) || special[byte] === 0) target[at++] = byte;
      else for (const written of escapes[byte] as Buffer) target[at++] = written;
    }
    out.at = at;
  }
}

/** A line break in valid JSON stands between tokens only, where a space means the same. */
function onOneLine(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  for (let from = start; from < end; from += 65_536) {
    const stop = Math.min(from + 65_536, end);
    out.reserve(stop - from);
    for (let next = from; next < stop; next++) {
      const byte = bytes[next] as number;
      out.bytes[out.at++] = byte === 0x0a || byte === 0x0d ? 0x20 : byte;
    }
  }
}

function largeValue(out: ByteWriter, json: boolean, lines: boolean): LargeValue {
  if (json)
    return {
      piece: (bytes, start, end) => (lines ? onOneLine(out, bytes, start, end) : out.copy(bytes, start, end)),
      end: () => {},
    };
  out.byte(quote);
  return {
    piece: (bytes, start, end) => escaped(out, bytes, start, end),
    end: () => out.byte(quote),
  };
}
