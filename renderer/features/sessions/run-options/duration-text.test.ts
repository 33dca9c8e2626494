import { expect, test } from 'vitest';
import { parseDuration, writtenDuration } from './duration-text.ts';

test.each([
  ['', null],
  ['5', 5000],
  ['5s', 5000],
  [' 250 ms ', 250],
  ['1.5 min', 90_000],
  ['2 h', 7_200_000],
  ['0', 0],
  ['soon', undefined],
  ['-1', undefined],
  ['999999 h', undefined],
])('%j is %j', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([null, 0, 250, 5000, 90_000, 120_000, 7_200_000])('%j is written so that it is read again', (ms) => {
  expect(parseDuration(writtenDuration(ms))).toBe(ms);
});
