import { expect, it } from 'vitest';
import { rowsWords, shownBytes, shownDuration } from './amounts.ts';

it('says durations as a person reads them', () => {
  expect([0.42, 12.4, 999, 1250, 65_000, 185_000, 7_320_000].map(shownDuration)).toEqual([
    '0.4 ms',
    '12 ms',
    '999 ms',
    '1.25 s',
    '1 m 05 s',
    '3 m 05 s',
    '2 h 02 m',
  ]);
});
it('counts bytes in units of 1,024', () => {
  expect([0, 512, 1536, 307_232_768].map(shownBytes)).toEqual(['0 B', '512 B', '1.5 kB', '293 MB']);
});
it('has a singular', () => {
  expect([rowsWords(1), rowsWords(1000), rowsWords(null)]).toEqual(['1 row', '1,000 rows', '']);
});
