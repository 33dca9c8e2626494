import { expect, it } from 'vitest';
import { shownAmount } from './units.ts';

it('shows amounts with three digits that count and the unit a person expects', () => {
  const shown = (value: number, unit: Parameters<typeof shownAmount>[1]['unit'], perSecond = false) =>
    shownAmount(value, { unit, perSecond });
  expect(shown(0, 'bytes')).toBe('0 B');
  expect(shown(1536, 'bytes', true)).toBe('1.5 kB/s');
  expect(shown(3, 'blocks')).toBe('24 kB');
  expect(shown(1_234_567, 'count')).toBe('1.23 M');
  expect(shown(999, 'count')).toBe('999');
  expect(shown(999_999, 'count')).toBe('1 M');
  expect(shown(2 ** 63, 'count')).toBe('9.22 E');
  expect(shown(1_048_500, 'bytes')).toBe('1 MB');
  expect(shown(0.0421, 'sessions')).toBe('0.042');
  expect(shown(12.34, 'sessions')).toBe('12.3');
  expect(shown(0.9876, 'ratio')).toBe('98.8 %');
  expect(shown(0.25, 'ms')).toBe('250 µs');
  expect(shown(1_530, 'ms')).toBe('1.53 s');
  expect(shown(200_000, 'ms')).toBe('3 min 20 s');
  expect(shown(93_600_000, 'ms')).toBe('1 d 2 h');
  expect(shown(0x16_b374d848, 'lsn')).toBe('16/B374D848');
  expect(shown(Number.NaN, 'count')).toBe('–');
});
