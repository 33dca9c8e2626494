/** The key function of each sort kind. */
import { dateKey, timeKey, timestampKey } from './instant-key.ts';
import { intervalKey } from './interval-key.ts';
import type { Key, KeyOf } from './key.ts';
import { decimalKey } from './number-key.ts';
import type { SortKind } from './sort-kind.ts';

const keyFunctions: Readonly<Record<SortKind, KeyOf>> = {
  number: decimalKey,
  money: moneyKey,
  date: dateKey,
  timestamp: (bytes, start, end, key) => timestampKey(bytes, start, end, key, false),
  timestamptz: (bytes, start, end, key) => timestampKey(bytes, start, end, key, true),
  time: (bytes, start, end, key) => timeKey(bytes, start, end, key, false),
  timetz: (bytes, start, end, key) => timeKey(bytes, start, end, key, true),
  interval: intervalKey,
  lsn: lsnKey,
  text: textKey,
};

export const keyFunction = (kind: SortKind): KeyOf => keyFunctions[kind];

/** The first eight bytes; shorter texts are filled with zeros, which no text contains, so that they tie with none. */
export function textKey(bytes: Uint8Array, start: number, end: number, key: Key): boolean {
  key.high = wordAt(bytes, start, end);
  key.low = wordAt(bytes, start + 4, end);
  key.exact = end - start < 8;
  return true;
}

const byteOrZero = (bytes: Uint8Array, at: number, end: number): number => (at < end ? (bytes[at] as number) : 0);

/** Four bytes as one unsigned number; zeros where the text has ended. */
export const wordAt = (bytes: Uint8Array, at: number, end: number): number =>
  ((byteOrZero(bytes, at, end) << 24) |
    (byteOrZero(bytes, at + 1, end) << 16) |
    (byteOrZero(bytes, at + 2, end) << 8) |
    byteOrZero(bytes, at + 3, end)) >>>
  0;

/** One server writes all amounts with the same number of decimals, so the digits alone are the amount. */
function moneyKey(bytes: Uint8Array, start: number, end: number, key: Key): boolean {
  let digits = '';
  let negative = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x30 && byte <= 0x39) digits += String.fromCharCode(byte);
    else if (byte === 0x2d || byte === 0x28) negative = true;
  }
  if (digits === '') return false;
  wholeKey(BigInt(digits) * (negative ? -1n : 1n), key);
  return true;
}

/** Any 64-bit integer, exactly. */
export function wholeKey(value: bigint, key: Key): void {
  const shifted = BigInt.asUintN(64, value + 0x8000_0000_0000_0000n);
  key.high = Number(shifted >> 32n);
  key.low = Number(shifted & 0xffff_ffffn);
  key.exact = true;
}

function lsnKey(bytes: Uint8Array, start: number, end: number, key: Key): boolean {
  const match = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
  if (!match) return false;
  key.high = Number.parseInt(match[1] as string, 16);
  key.low = Number.parseInt(match[2] as string, 16);
  key.exact = true;
  return true;
}
