/** Dates and timestamps as PostgreSQL writes them with DateStyle ISO, as microseconds since 1970. */

const pattern =
  /^(\d{4,7})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(?:([+-])(\d{2})(?::(\d{2}))?(?::(\d{2}))?)?)?( BC)?$/;

/** Null for infinity and what is not of that form. */
export function instantMicros(text: string): bigint | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const [, year, month, day, hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  const [, , , , , , , , sign, zoneHours = '0', zoneMinutes = '0', zoneSeconds = '0', era] = match;
  // The year before 1 AD is 1 BC.
  const days = daysFromCivil(era ? 1 - Number(year) : Number(year), Number(month), Number(day));
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60 + Number(zoneSeconds);
  const time = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds) - (sign === '-' ? -zone : zone);
  return BigInt(days * 86_400 + time) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

const secondsEnd = 19;
/** So far from 1970 microseconds are exact in a double. */
const exactSeconds = 9_000_000_000;

/** As `instantMicros`, of bytes and without an object made, for years of four digits in UTC or of no zone; NaN of others. */
export function usualInstant(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const isDate = length === 10;
  if ((!isDate && length < secondsEnd) || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return Number.NaN;
  const days = daysFromCivil(number(bytes, start, 4), number(bytes, start + 5, 2), number(bytes, start + 8, 2));
  if (isDate) return days * 86_400_000_000;
  const time = (number(bytes, start + 11, 2) * 60 + number(bytes, start + 14, 2)) * 60 + number(bytes, start + 17, 2);
  const seconds = days * 86_400 + time;
  if (bytes[start + 10] !== 0x20 || !(Math.abs(seconds) < exactSeconds)) return Number.NaN;
  let at = start + secondsEnd;
  let micros = 0;
  if (bytes[at] === 0x2e) {
    let unit = 100_000;
    for (at++; at < end && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39; at++) {
      micros += ((bytes[at] as number) - 0x30) * unit;
      unit /= 10;
    }
  }
  const isUtc = at === end - 3 && bytes[at] === 0x2b && bytes[at + 1] === 0x30 && bytes[at + 2] === 0x30;
  return at === end || isUtc ? seconds * 1_000_000 + micros : Number.NaN;
}

/** NaN where one of them is no digit. */
function number(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Days since 1970 of the proleptic Gregorian calendar (H. Hinnant, chrono-compatible date algorithms). */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
  return era * 146_097 + dayOfEra - 719_468;
}
