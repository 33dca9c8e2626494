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

/** Decimals of so many digits differ as doubles whenever they differ. */
const tellingDigits = 15;

/**
 * The double of a decimal's first 15 digits; where there are more that are not zero, the key is not exact. Cutting
 * digits off, and rounding what is left correctly, never turns the order of two decimals round: at worst both have one
 * key, and the exact comparison decides. A whole number of 15 digits divided or multiplied by a power of ten up to
 * 10^22 is rounded correctly; what is longer goes through the language's own parser.
 */
export function decimalKey(bytes: Uint8Array, start: number, end: number, key: Key): boolean {
  let at = start;
  const negative = bytes[at] === 0x2d;
  if (negative) at++;
  let [mantissa, digits, zeros, seen] = [0, 0, 0, 0];
  /** The power of ten that the mantissa is to be multiplied with, and whether the point was passed. */
  let [power, inFraction, exact] = [0, false, true];
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit === -2 && !inFraction) {
      inFraction = true;
      continue;
    }
    if (digit < 0 || digit > 9) return longKey(bytes, start, end, key);
    seen++;
    if (inFraction) power--;
    // Zeros wait: at the end of the number they say nothing.
    if (digit === 0) {
      if (mantissa > 0) zeros++;
    } else if (exact && digits + zeros < tellingDigits) {
      mantissa = mantissa * (powersOfTen[zeros + 1] as number) + digit;
      digits += zeros + 1;
      zeros = 0;
    } else {
      exact = false;
      zeros++;
    }
  }
  power += zeros;
  if (mantissa === 0) power = 0;
  if (seen === 0 || power > 22 || power < -22) return longKey(bytes, start, end, key);
  const scale = powersOfTen[power < 0 ? -power : power] as number;
  const value = power < 0 ? mantissa / scale : mantissa * scale;
  doubleKey(negative ? -value : value, key);
  key.exact = exact;
  return true;
}

const numberPattern = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,7})?$/;
/** Beyond this a double may be cut off to 0, or to the largest. */
const surePower = 300;

function longKey(bytes: Uint8Array, start: number, end: number, key: Key): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  const special = specials.get(text);
  if (special !== undefined) {
    doubleKey(special, key);
    key.exact = true;
    return true;
  }
  if (!numberPattern.test(text)) return false;
  const { sign, digits, point } = parts(text);
  const value = sign === 0 ? 0 : sign * Number(`0.${digits.slice(0, tellingDigits)}e${point}`);
  // A finite number beyond the doubles is not Infinity: it ties with the largest, and the exact comparison decides.
  doubleKey(Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE), key);
  key.exact = digits.length <= tellingDigits && Math.abs(point) < surePower;
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
