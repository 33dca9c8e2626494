import { describe, expect, it } from 'vitest';
import { UsageError } from './command.ts';
import { readDuration } from './duration.ts';

describe('a length of time', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['10', 10_000],
  ])('%s', (text, ms) => {
    expect(readDuration('--for', text)).toBe(ms);
  });
  it.each(['', 'soon', '0s', '-3s', '10 years', '1e9'])('not "%s"', (text) => {
    expect(() => readDuration('--for', text)).toThrow(UsageError);
  });
});
