/** Dates and times in ISO style as words that order them: BC, infinity, years beyond 9999, offsets with seconds. */
import type { Key } from './key.ts';

/** Where parsing stands; one for all values, since there are millions. */
const cursor: { bytes: Uint8Array; at: number; end: number } = { bytes: new Uint8Array(0), at: 0, end: 0 };
const lowestDay = -2_500_000;
const dayMicros = 86_400_000_000;
const two32 = 4_294_967_296;

function begin(bytes: Uint8Array, start: number, end: number): void {
  cursor.bytes = bytes;
  cursor.at = start;
  cursor.end = end;
}

const peek = (): number => (cursor.at < cursor.end ? (cursor.bytes[cursor.at] as number) : 0);

function skip(byte: number): boolean {
  if (peek() !== byte) return false;
  cursor.at++;
  return true;
}

/** At least `least` digits as a number; -1 where they are not there. */
function digits(least: number, most = 9): number {
  let value = 0;
  let count = 0;
  for (; count < most; count++) {
    const digit = peek() - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    cursor.at++;
  }
  return count >= least ? value : -1;
}

/** "infinity" and "-infinity", which stand for whole texts. */
function infinite(bytes: Uint8Array, start: number, end: number, key: Key): boolean {
  const negative = bytes[start] === 0x2d;
  const from = negative ? start + 1 : start;
  if (end - from !== 8 || bytes[from] !== 0x69) return false;
  key.high = negative ? 0 : 0xffff_ffff;
  key.low = negative ? 0 : 0xffff_fffe;
  key.exact = true;
  return true;
}

/** Days since 1970-01-01 of a date of the Gregorian calendar, also before it was; year 0 is 1 BC. */
export function daysFromDate(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** YYYY-MM-DD; the year's " BC" comes at the very end of the text. NaN where it is none. */
function readDate(): number {
  const year = digits(4);
  if (year < 0 || !skip(0x2d)) return Number.NaN;
  const month = digits(2, 2);
  if (month < 1 || month > 12 || !skip(0x2d)) return Number.NaN;
  const day = digits(2, 2);
  if (day < 1) return Number.NaN;
  const { bytes, end } = cursor;
  const beforeChrist = bytes[end - 1] === 0x43 && bytes[end - 2] === 0x42 && bytes[end - 3] === 0x20;
  if (beforeChrist) cursor.end -= 3;
  return daysFromDate(beforeChrist ? 1 - year : year, month, day);
}

/** HH:MM[:SS[.ffffff]] in microseconds; NaN where it is none. 24:00:00 is a time. */
function readTime(): number {
  const hours = digits(2, 2);
  if (hours < 0 || !skip(0x3a)) return Number.NaN;
  const minutes = digits(2, 2);
  if (minutes < 0) return Number.NaN;
  let micros = (hours * 60 + minutes) * 60_000_000;
  if (!skip(0x3a)) return micros;
  const seconds = digits(2, 2);
  if (seconds < 0) return Number.NaN;
  micros += seconds * 1_000_000;
  if (!skip(0x2e)) return micros;
  const from = cursor.at;
  const fraction = digits(1, 6);
  return fraction < 0 ? Number.NaN : micros + fraction * 10 ** (6 - (cursor.at - from));
}

/** +HH[:MM[:SS]] in seconds east of Greenwich; 0 where there is none, NaN where it is not one. */
function readZone(): number {
  if (skip(0x5a)) return 0;
  const sign = peek() === 0x2d ? -1 : 1;
  if (!skip(0x2b) && !skip(0x2d)) return 0;
  const hours = digits(2, 2);
  if (hours < 0) return Number.NaN;
  const minutes = skip(0x3a) ? digits(2, 2) : 0;
  const seconds = skip(0x3a) ? digits(2, 2) : 0;
  return minutes < 0 || seconds < 0 ? Number.NaN : sign * (hours * 3600 + minutes * 60 + seconds);
}

/** False for instants that PostgreSQL cannot hold. */
const isWord = (value: number): boolean => value > 0 && value < 0xffff_ffff;

export function dateKey(bytes: Uint8Array, start: number, end: number, key: Key): boolean {
  if (infinite(bytes, start, end, key)) return true;
  begin(bytes, start, end);
  const days = readDate();
  if (Number.isNaN(days) || cursor.at !== cursor.end) return false;
  key.high = days - lowestDay + 1;
  key.low = 0;
  key.exact = true;
  return isWord(key.high);
}

/** @param zoned whether an offset shifts the instant; without it the wall clock is compared. */
export function timestampKey(bytes: Uint8Array, start: number, end: number, key: Key, zoned: boolean): boolean {
  if (infinite(bytes, start, end, key)) return true;
  begin(bytes, start, end);
  let days = readDate();
  if (Number.isNaN(days)) return false;
  let micros = 0;
  if (skip(0x20) || skip(0x54)) micros = readTime();
  const zone = readZone();
  if (Number.isNaN(micros) || Number.isNaN(zone) || cursor.at !== cursor.end) return false;
  if (zoned) micros -= zone * 1_000_000;
  const shift = Math.floor(micros / dayMicros);
  days += shift;
  micros -= shift * dayMicros;
  // 27 bits of days and 37 bits of microseconds fill the two words.
  key.high = (days - lowestDay + 1) * 32 + Math.floor(micros / two32);
  key.low = micros % two32;
  key.exact = true;
  return isWord(key.high);
}

/** time, or timetz as PostgreSQL orders it: by the instant in UTC, then by the zone, the more eastern first. */
export function timeKey(bytes: Uint8Array, start: number, end: number, key: Key, zoned: boolean): boolean {
  begin(bytes, start, end);
  const micros = readTime();
  const zone = readZone();
  if (Number.isNaN(micros) || Number.isNaN(zone) || cursor.at !== cursor.end) return false;
  // Offsets are below 16 hours; the instant may lie in the day before or after.
  const instant = zoned ? micros - zone * 1_000_000 + dayMicros : micros;
  const zoneWord = zoned ? 65_536 - zone : 0;
  // 38 bits of instant, 17 bits of zone.
  key.high = Math.floor(instant / 128);
  key.low = (instant % 128) * 131_072 + zoneWord;
  key.exact = true;
  return true;
}

/** Whether a text names an offset from Greenwich; one that does not is compared by the wall clock. */
export function namesZone(text: string): boolean {
  return /(?:[+-]\d{2}(?::\d{2}){0,2}|Z)(?: BC)?$/.test(text.replace(/^\d+-\d\d-\d\d/, ''));
}
