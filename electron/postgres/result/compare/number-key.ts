/** Numbers of any length: a key that orders almost all of them, and an exact comparison for those it leaves equal. */
import { Buffer } from 'node:buffer';
import type { Key } from './key.ts';

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** Which half of a double holds its sign depends on the machine. */
const highWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
const powersOfTen = Float64Array.from({ length: 23 }, (_, power) => 10 ** power);

/** Words whose unsigned order is the order of doubles, NaN above Infinity as in PostgreSQL. */
export function doubleKey(value: number, key: Key): void {
  // -0 and 0 are one value.
  float[0] = value + 0;
  if (value === 0) float[0] = 0;
  const high = words[highWord] as number;
  const low = words[1 - highWord] as number;
  if (high >>> 31 === 1) {
    key.high = ~high >>> 0;
    key.low = ~low >>> 0;
  } else {
    key.high = (high ^ 0x8000_0000) >>> 0;
    key.low = low;
  }
}

/** The double a key was made from. */
export function doubleOf(high: number, low: number): number {
  const positive = high >>> 31 === 1;
  words[highWord] = positive ? high ^ 0x8000_0000 : ~high;
  words[1 - highWord] = positive ? low : ~low;
  return float[0] as number;
}

/**
 * The double nearest to a decimal text. Up to 15 digits two different decimals have two different doubles, and the
 * division below is exact to the last bit; longer ones go through the language's own parser, which rounds correctly, so
 * that the order of the doubles never contradicts the order of the decimals.
 */
export function decimalKey(bytes: Uint8Array, start: number, end: number, key: Key): boolean {
  let at = start;
  const negative = bytes[at] === 0x2d;
  if (negative) at++;
  let mantissa = 0;
  let digits = 0;
  let decimals = -1;
  for (; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x2e && decimals < 0) decimals = 0;
    else if (byte >= 0x30 && byte <= 0x39) {
      mantissa = mantissa * 10 + (byte - 0x30);
      if (mantissa > 0) digits++;
      if (decimals >= 0) decimals++;
    } else return longKey(bytes, start, end, key);
  }
  if (digits > 15 || decimals > 22 || end - start - (negative ? 1 : 0) === (decimals >= 0 ? 1 : 0))
    return longKey(bytes, start, end, key);
  const value = decimals > 0 ? mantissa / (powersOfTen[decimals] as number) : mantissa;
  doubleKey(negative ? -value : value, key);
  key.exact = true;
  return true;
}

const numberPattern = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function longKey(bytes: Uint8Array, start: number, end: number, key: Key): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  const special = specials.get(text);
  if (special === undefined && !numberPattern.test(text)) return false;
  // A finite number beyond the doubles is not Infinity: it ties with the largest, and the exact comparison decides.
  doubleKey(special ?? Math.min(Math.max(Number(text), -Number.MAX_VALUE), Number.MAX_VALUE), key);
  key.exact = special !== undefined;
  return true;
}

const specials: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** Compares two decimal texts by value, exactly, whatever their length; not for NaN and Infinity. */
export function compareDecimals(left: string, right: string): number {
  const a = parts(left);
  const b = parts(right);
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.sign === 0) return 0;
  // 0.d1d2d3… x 10^point with d1 > 0: the point decides, then the digits.
  const byPoint = a.point - b.point;
  const size = byPoint !== 0 ? byPoint : a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0;
  return a.sign * size;
}

function parts(text: string): { sign: number; digits: string; point: number } {
  const match = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return { sign: 0, digits: '', point: 0 };
  const [, minus, whole = '', fraction = '', exponent = '0'] = match;
  const all = whole + fraction;
  const zeros = /^0*/.exec(all)?.[0].length ?? 0;
  const digits = all.slice(zeros).replace(/0+$/, '');
  if (digits === '') return { sign: 0, digits, point: 0 };
  return { sign: minus ? -1 : 1, digits, point: whole.length - zeros + Number(exponent) };
}
