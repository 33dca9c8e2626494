/** Excel's dates: days since 30 December 1899, of the 1900 system. Its calendar is right from 1 March 1900 on. */

const day = 86_400_000;
const epoch = Date.UTC(1899, 11, 30);
const first = Date.UTC(1900, 2, 1);
const beyond = Date.UTC(10_000, 0, 1);

/** The number for a date or timestamp as PostgreSQL writes it in ISO; null for what Excel has no date for. */
export function excelDate(text: string): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?)?$/.exec(text);
  if (!match) return null;
  const [, year, month, date, hours, minutes, seconds, fraction = ''] = match;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(date));
  if (midnight < first || midnight >= beyond) return null;
  const days = (midnight - epoch) / day;
  if (hours === undefined) return String(days);
  const micros =
    ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000_000 + Number(fraction.padEnd(6, '0'));
  return String(days + micros / 86_400_000_000);
}

/** The text, as PostgreSQL writes it, of one of Excel's numbers. @param system1904 counts from 1 January 1904 */
export function dateOfExcel(serial: number, system1904: boolean): string {
  const days = Math.floor(serial);
  // Excel shows milliseconds at most; a double holds no more than microseconds, with noise.
  const millis = Math.round((serial - days) * day);
  const at = new Date(epoch + (days + (system1904 ? 1462 : 0)) * day + millis).toISOString();
  if (millis === 0) return at.slice(0, 10);
  return at
    .slice(0, 23)
    .replace('T', ' ')
    .replace(/\.000$/, '');
}
