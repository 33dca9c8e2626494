import { expect, it } from 'vitest';
import { datePattern } from './date-format.ts';

/** What JavaScript calls the same. */
const matches = (format: string, text: string): boolean =>
  new RegExp(datePattern(format).replaceAll('[:alpha:]', '\\p{L}').replaceAll('[:alnum:]', '\\p{L}\\p{N}'), 'u').test(
    text,
  );

it.each([
  ['DD.MM.YYYY', '24.12.2024', true],
  ['DD.MM.YYYY', '1.1.2025 ', true],
  ['DD.MM.YYYY', '24/12/2024', true],
  ['DD.MM.YYYY', '24.12.2024x', false],
  ['DD.MM.YYYY', '24.12.2024 10:00', false],
  ['DD.MM.YYYY', '24.12.', false],
  ['DD.MM.YYYY', '24.12', false],
  ['DD.MM.YYYY', '', false],
  ['YYYYMMDD', '20241224', true],
  ['YYYYMMDD', '20241224T', false],
  ['YYYY-MM-DD"T"HH24:MI:SS.US', '2024-12-24T10:11:12.123456', true],
  ['YYYY-MM-DD HH24:MI:SS', '2024-12-24  1:02:03', true],
  ['YYYY-MM-DD HH24:MI:SS', '2024-12-24 10:11:12+02', false],
  ['YYYY-MM-DD HH12:MI AM', '2024-12-24 10:11 p.m.', true],
  ['FMDay, DD Mon YYYY', 'Tuesday, 24 Dec 2024', true],
  ['DDth Month YYYY', '24th December 2024', true],
  ['DD/MM/YY', '24/12/24', true],
  ['DD/MM/YY', '24/12/2024', false],
])('%s takes %j: %s', (format, text, taken) => expect(matches(format, text)).toBe(taken));
