/** "5,000,000" and "5 000 000" are the same row; null where it is none. */
export function parseRow(text: string, rowCount: number): number | null {
  const digits = text.replace(/[\s,._']/g, '');
  if (!/^\d{1,12}$/.test(digits)) return null;
  const row = Number(digits);
  return row >= 1 && row <= rowCount ? row - 1 : null;
}
