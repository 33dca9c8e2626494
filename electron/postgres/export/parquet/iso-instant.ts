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

/** Days since 1970 of the proleptic Gregorian calendar (H. Hinnant, chrono-compatible date algorithms). */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
  return era * 146_097 + dayOfEra - 719_468;
}
